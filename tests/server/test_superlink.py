"""Real Flower processes on loopback: TLS, node authentication, links of schools, and what happens when they end.

All tests share one SuperLink. Its logs are kept under pytest's temporary folder when a test fails.
"""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from benchmarks.exchange_apps import Order
from benchmarks.exchange_gate import free_port, gate
from benchmarks.exchange_world import World, end, new_node_key, world, write_certificates
from common.errors import ErrorCode, FixSettings, RetryLater
from server.settings import CoordinatorFolder
from server.superlink import FlowerProcesses
from tests.support.waiting import must_become

# One worker: its SuperLink is started once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("superlink")]

NORTH, SOUTH = "north", "south"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A SuperLink and a SuperExec with two registered schools."""
    with world(tmp_path_factory.mktemp("coordinator"), (NORTH, SOUTH)) as made:
        yield made


def _events(real: World, school: str, event: str) -> int:
    return real.log(f"link-{school}").count(f" {event} ")


def _count_if_logged(real: World, school: str, event: str) -> int:
    return _events(real, school, event) if (real.folder / f"link-{school}.log").exists() else 0


def _trust(real: World) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(real.files.ca_certificate))


def _flower_logs(real: World) -> str:
    return "".join(path.read_text() for path in real.files.flower.glob("*.log"))


def test_schools_answer_over_tls(real: World) -> None:
    """Random bytes there and back, to each school alone, several times."""
    with real.link(NORTH), real.link(SOUTH):
        exchanges = real.measure(Order(schools=2, exchanges=3, size_bytes=300_000))
    assert [e.outcomes for e in exchanges] == [{NORTH: "right", SOUTH: "right"}] * 3


def test_schools_answer_through_the_gate(real: World) -> None:
    """The public way in: TLS ends at the gate and begins again behind it, and signatures stay valid."""
    with gate(real) as address, real.link(NORTH, address=address), real.link(SOUTH, address=address):
        (exchange,) = real.measure(Order(schools=2, exchanges=1, size_bytes=3_000_000))
    assert exchange.outcomes == {NORTH: "right", SOUTH: "right"}


def test_another_bundle_and_a_failing_school_are_codes(real: World) -> None:
    """Neither stops the round, and no word of the exception reaches the coordinator."""
    with real.link(NORTH, "--approve", "0" * 64), real.link(SOUTH, "--fail"):
        (exchange,) = real.measure(Order(schools=2, exchanges=1, size_bytes=1000))
    assert exchange.outcomes == {NORTH: "bundle-not-approved", SOUTH: "failed-at-school"}
    assert "Maria" not in _flower_logs(real)
    assert "Maria" not in real.log(f"link-{SOUTH}")
    assert 'kind="ValueError"' in real.log(f"link-{SOUTH}")


def test_a_stock_supernode_runs_the_same_client_app(real: World) -> None:
    """The ClientApp is an ordinary one: Flower's own node unpacks the bundle and calls it."""
    with ExitStack() as stack:
        stack.enter_context(real.stock_node(NORTH, port=free_port()))
        (exchange,) = real.measure(Order(schools=1, exchanges=1, size_bytes=1000))
    assert exchange.outcomes == {NORTH: "right"}


def test_after_sigterm_the_next_link_gets_in_at_once(real: World) -> None:
    """The link leaves through its connection, which deactivates the node."""
    before = _count_if_logged(real, SOUTH, "link-waits")
    ups = _count_if_logged(real, SOUTH, "link-up")
    with real.link(SOUTH) as first:
        must_become(lambda: _events(real, SOUTH, "link-up") == ups + 1)
        assert end(first) == 0
        with real.link(SOUTH):
            must_become(lambda: _events(real, SOUTH, "link-up") == ups + 2)
    assert _events(real, SOUTH, "link-waits") == before


def test_an_unregistered_school_waits_outside(real: World, tmp_path: Path) -> None:
    """It gets no connection, says why, and keeps trying."""
    real.key_file("stranger").write_bytes(new_node_key().private)
    with real.link("stranger") as process:
        must_become(lambda: _events(real, "stranger", "link-waits") >= 2)
        assert process.poll() is None
    assert 'code="node-busy"' in real.log("link-stranger")
    assert _events(real, "stranger", "link-up") == 0


def test_a_school_that_left_the_roster_is_shut_out(real: World) -> None:
    """Unregistering takes effect on a link that is connected, and the key stays out until a restart."""
    keys = {school: key.public for school, key in real.keys.items()}
    ups = _count_if_logged(real, NORTH, "link-up")
    with real.link(NORTH):
        must_become(lambda: _events(real, NORTH, "link-up") == ups + 1)
        assert set(real.flower.register({SOUTH: keys[SOUTH]})) == {SOUTH}
        must_become(lambda: 'code="not-enrolled"' in real.log(f"link-{NORTH}"))
    assert set(real.flower.register(keys)) == {SOUTH}
    real.keys[NORTH] = new_node_key()
    real.key_file(NORTH).write_bytes(real.keys[NORTH].private)
    assert set(real.flower.register({s: k.public for s, k in real.keys.items()})) == {NORTH, SOUTH}


def test_a_school_that_never_connected_can_leave_too(real: World) -> None:
    """flwr 1.41.0 answers with an error, and shuts it out all the same."""
    keys, extra = {s: k.public for s, k in real.keys.items()}, new_node_key()
    real.flower.register({**keys, "late": extra.public})
    assert "late" not in real.flower.register(keys)
    real.key_file("late").write_bytes(extra.private)
    with real.link("late"):
        must_become(lambda: _events(real, "late", "link-waits") >= 1)
    assert _events(real, "late", "link-up") == 0


def test_a_school_that_was_cut_off_waits_and_says_so(real: World) -> None:
    """After kill -9 the coordinator takes the node for alive until its heartbeat runs out, up to a minute."""
    extra = new_node_key()
    real.key_file("west").write_bytes(extra.private)
    real.flower.register({**{s: k.public for s, k in real.keys.items()}, "west": extra.public})
    with real.link("west") as first:
        must_become(lambda: _events(real, "west", "link-up") == 1)
        end(first, number=signal.SIGKILL)
    with real.link("west") as second:
        must_become(lambda: 'code="node-busy"' in real.log("link-west"))
        assert second.poll() is None


def test_a_restarted_superlink_is_found_again(real: World) -> None:
    """Its memory is gone: schools are registered anew, connect by themselves, and answer."""
    port = real.flower.address
    ups = _count_if_logged(real, NORTH, "link-up")
    with real.link(NORTH):
        must_become(lambda: _events(real, NORTH, "link-up") == ups + 1)
        real.flower.stop()
        assert not real.flower.alive
        real.start()
        must_become(lambda: _events(real, NORTH, "link-up") == ups + 2, 60)
        (exchange,) = real.measure(Order(schools=1, exchanges=1, size_bytes=1000))
    assert exchange.outcomes == {NORTH: "right"}
    assert real.flower.address == port


def test_runs_are_reported_until_they_end(real: World) -> None:
    """A run that waits for schools can be stopped."""
    (real.folder / "exchange.json").write_text('{"schools": 99, "exchanges": 1, "size_bytes": 1}')
    run = real.flower.start_campaign("0" * 64)
    assert run in [row.run for row in real.flower.running()]
    real.flower.stop_campaign(run)
    assert [row.status for row in real.flower.runs() if row.run == run] == ["finished:stopped"]
    assert run not in [row.run for row in real.flower.running()]


def test_the_console_alone_starts_runs(real: World) -> None:
    """flwr's complaint about a folder that isn't an app becomes one sentence."""
    wrong = FlowerProcesses(real.files, bundle=real.folder / "nothing")
    with pytest.raises(RetryLater) as caught:
        wrong.start_campaign("0" * 64)
    assert caught.value.code is ErrorCode.FLOWER_FAILED


def test_a_task_is_not_given_away_without_the_secret(real: World) -> None:
    """In flwr's default isolation a local stranger could take the ServerApp's task and its token."""
    answer = httpx.post(
        f"https://{real.flower.address}/v1/runtime/acquire-task",
        content=b"",
        headers={"content-type": "application/protobuf", "accept": "application/protobuf"},
        verify=_trust(real),
        trust_env=False,
    )
    assert answer.status_code == 401


def test_a_superlink_that_can_not_start_names_its_log(tmp_path: Path) -> None:
    """Here its key doesn't fit; nothing is left running."""
    folder = CoordinatorFolder(tmp_path)
    write_certificates(folder)
    folder.superlink_certificate.with_suffix(".key").write_text("no key")
    flower = FlowerProcesses(folder)
    with pytest.raises(FixSettings, match=r"superlink\.log"):
        flower.start()
    assert not flower.alive


def test_nothing_outlives_a_killed_coordinator(tmp_path: Path) -> None:
    """SuperLink and SuperExec hang on the process that started them, even through kill -9."""
    write_certificates(CoordinatorFolder(tmp_path))
    code = (
        "import sys, time; from pathlib import Path; from server.settings import CoordinatorFolder;"
        "from server.superlink import FlowerProcesses;"
        "flower = FlowerProcesses(CoordinatorFolder(Path(sys.argv[1]))); flower.start();"
        "print(*flower.processes, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    coordinator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with coordinator:
        assert coordinator.stdout is not None
        children = [int(word) for word in coordinator.stdout.readline().split()]
        os.kill(coordinator.pid, signal.SIGKILL)
    assert len(children) == 2
    must_become(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
