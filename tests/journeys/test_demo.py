"""`make demo` as a person sees it: report, pages, Ctrl-C, kill -9, wrong settings, and no address but loopback."""

import ipaddress
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from common.models.log_file import COLUMNS
from common.models.simulated_students import SimulatedItem, simulate
from tests.support.demo_runs import LIMIT_SECONDS, DemoRun, addresses_in, demo_run, strace
from tests.support.waiting import must_become

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

OF_A_SCHOOL = {
    "name",
    "students",
    "interactions",
    "auc_start",
    "auc_logistic",
    "auc_model",
    "auc_shared",
    "auc_local",
    "auc_served",
    "epsilon",
}
OF_THE_REPORT = {
    *("schools", "rounds", "transport", "secure_aggregation", "honest_schools"),
    *("epsilon", "delta", "release", "seconds", "refusals", "comparison"),
}
SKILLS, ITEMS_OF_A_SKILL = 6, 5


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that ended by itself."""

    code: int
    printed: str
    complaints: str
    report: dict[str, Any]
    trace: str
    left: list[str]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Three simulated schools, three rounds, under strace."""
    folder = tmp_path_factory.mktemp("demo")
    trace = folder / "trace.txt"
    with demo_run(folder, *strace(trace), SCHOOLS="3", STUDENTS="45", ROUNDS="3", SERVE="0") as run:
        code = run.process.wait(LIMIT_SECONDS)
        left = run.left_running()
    text = (folder / "report.json").read_text() if (folder / "report.json").exists() else "{}"
    return Finished(code, run.printed, run.complaints, json.loads(text), trace.read_text(), left)


@pytest.fixture(scope="module")
def small_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of three schools with 45 students each, invented, on six skills."""
    items = [
        SimulatedItem(f"item {skill}.{number}", (f"skill {skill}",))
        for skill in range(SKILLS)
        for number in range(ITEMS_OF_A_SKILL)
    ]
    path = tmp_path_factory.mktemp("log") / "small.tsv"
    lines = ["\t".join(COLUMNS)]
    for number, school in enumerate(("Ash", "Birch", "Cedar")):
        lines += _rows(school, items, np.random.default_rng(number))
    path.write_text("\n".join(lines) + "\n")
    return path


def _rows(school: str, items: list[SimulatedItem], rng: np.random.Generator) -> Iterator[str]:
    for history in simulate("growth", items, students=45, rng=rng):
        for order, one in enumerate(history):
            cells = (
                history.student,
                school,
                order,
                one.item,
                ";".join(one.skills),
                int(one.correct),
                one.at_seconds,
            )
            yield "\t".join(map(str, cells))


def test_it_ends_well_and_leaves_nothing_running(finished: Finished) -> None:
    """Exit code 0, the table on the terminal, not a word on standard error."""
    assert finished.code == 0, finished.printed + finished.complaints
    assert "Held-out students, AUC" in finished.printed
    assert finished.complaints == ""
    assert finished.left == []


def test_the_report_has_its_fields(finished: Finished) -> None:
    """Those that other programs rely on; there may be more."""
    report = finished.report
    assert report.keys() >= OF_THE_REPORT
    assert report["seconds"].keys() == {"setup", "campaign", "per_round_median"}
    assert all(seconds > 0 for seconds in report["seconds"].values())
    assert (report["rounds"], report["transport"], report["refusals"]) == (3, "flower", [])
    assert (report["secure_aggregation"], report["honest_schools"]) == (True, 1)
    assert re.fullmatch("[0-9a-f]{64}", report["release"])


def test_the_report_tells_of_every_school(finished: Finished) -> None:
    """Its AUCs are shares, and its ledger was charged what the plan says, not less."""
    schools = finished.report["schools"]
    assert [school["name"] for school in schools] == ["School 1", "School 2", "School 3"]
    for school in schools:
        assert school.keys() >= OF_A_SCHOOL
        assert school["students"] == 45
        assert school["interactions"] > 45
        assert all(0.0 <= school[name] <= 1.0 for name in OF_A_SCHOOL if name.startswith("auc_"))
        assert school["epsilon"] == pytest.approx(finished.report["epsilon"], rel=1e-6)


def test_the_report_compares_masks_with_full_noise_at_the_same_epsilon(finished: Finished) -> None:
    """So few students train no network: one pair, judged on the same answers, and it is printed too."""
    (pair,) = finished.report["comparison"]["pairs"]
    assert pair["model"] == "logistic"
    assert pair["masked"]["epsilon"] == pytest.approx(pair["full_noise"]["epsilon"], rel=1e-6)
    assert pair["masked"]["epsilon"] == pytest.approx(finished.report["epsilon"], rel=1e-6)
    assert pair["masked"]["auc"] == finished.report["pooled"]["auc_logistic"]
    assert 0.0 <= pair["full_noise"]["auc"] <= 1.0
    assert finished.report["comparison"]["neighbours"] == "add or remove one student"
    assert "full noise at each school" in finished.printed


def test_no_process_contacts_anything_but_this_machine(finished: Finished) -> None:
    """Neither Homeroom nor Flower: no telemetry, no update check, no question to a name server, no open port."""
    contacted = addresses_in(finished.trace)
    assert "127.0.0.1" in contacted, "the trace is empty"
    assert _elsewhere(contacted) == []


def test_the_trace_would_show_another_address(tmp_path: Path) -> None:
    """Else the test above would prove nothing. Connecting for UDP sends nothing; the addresses are nobody's."""
    trace = tmp_path / "trace.txt"
    connect = "import socket; socket.socket(socket.{0}, socket.SOCK_DGRAM).connect_ex(('{1}', 53))"
    child = connect.format("AF_INET6", "2001:db8::1")
    program = "\n".join(
        (
            connect.format("AF_INET", "127.0.0.1"),
            connect.format("AF_INET", "192.0.2.1"),
            f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])",
        )
    )
    subprocess.run([*strace(trace), sys.executable, "-c", program], check=True, timeout=60)
    assert _elsewhere(addresses_in(trace.read_text())) == ["192.0.2.1", "2001:db8::1"]


def _elsewhere(addresses: set[str]) -> list[str]:
    return [one for one in sorted(addresses) if not ipaddress.ip_address(one).is_loopback]


def test_a_real_log_runs_and_is_served_until_ctrl_c(small_log: Path, tmp_path: Path) -> None:
    """Schools take the log's names; afterwards the pages and the console answer."""
    with demo_run(tmp_path, DATA=str(small_log), SCHOOLS="3", ROUNDS="2", SERVE="1") as run:
        run.until(lambda: "Ctrl-C stops everything." in run.printed)
        report = json.loads((tmp_path / "report.json").read_text())
        assert {school["name"] for school in report["schools"]} == {"Ash", "Birch", "Cedar"}
        assert (report["data"], report["rounds"]) == ("small.tsv", 2)
        _assert_served(run)
        os.kill(run.process.pid, signal.SIGINT)
        assert run.process.wait(LIMIT_SECONDS) == 130
        assert run.left_running() == []
    assert "nothing is left running" in run.printed
    assert run.complaints == ""


def _assert_served(run: DemoRun) -> None:
    pages = _printed_address(run, "Ash|Birch|Cedar", "staff")
    assert httpx.get(pages, trust_env=False).status_code == 200
    trusted = ssl.create_default_context(cafile=run.folder / "demo" / "coordinator" / "pki" / "ca.crt")
    console = _printed_address(run, "Operator's console", "")
    answer = httpx.get(console, verify=trusted, trust_env=False, follow_redirects=True)
    assert answer.status_code == 200
    assert "Demo consortium" in answer.text
    assert httpx.get(f"{console}v1/health", verify=trusted, trust_env=False).status_code == 404


def _printed_address(run: DemoRun, whose: str, what: str) -> str:
    found = re.search(rf"^(?:{whose}).*{what}:\s+(https?://\S+)", run.printed, re.MULTILINE)
    assert found, run.printed
    return found.group(1)


def test_ctrl_c_while_schools_are_set_up_leaves_nothing(tmp_path: Path) -> None:
    """The terminal tells every process at once, and the person reads one sentence."""
    with demo_run(tmp_path, SCHOOLS="3", STUDENTS="45", ROUNDS="3", SERVE="0") as run:
        run.until((tmp_path / "demo" / "school-1" / "school.toml").exists)
        assert len(run.left_running()) > 3
        assert run.ctrl_c() == 130
        assert run.left_running() == []
    assert "nothing is left running" in run.printed
    assert run.complaints == ""


def test_ctrl_c_in_mid_campaign_leaves_nothing(small_log: Path, tmp_path: Path) -> None:
    """While links, SuperLink and ServerApp exchange rounds."""
    with demo_run(tmp_path, DATA=str(small_log), SCHOOLS="3", ROUNDS="150", SERVE="0") as run:
        run.until(lambda: _rounds_closed(tmp_path) >= 1)
        assert any("flwr-serverapp" in command for command in run.left_running())
        assert run.ctrl_c() == 130
        assert run.left_running() == []
    assert "nothing is left running" in run.printed
    assert run.complaints == ""


def _rounds_closed(folder: Path) -> int:
    database = folder / "demo" / "coordinator" / "coordinator.db"
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        try:
            row = connection.execute("select count(*) from rounds where closed_at is not null").fetchone()
        except sqlite3.OperationalError:  # its tables aren't there yet
            return 0
    return int(row[0])


def test_kill_9_of_the_demo_takes_everything_with_it(tmp_path: Path) -> None:
    """The kernel ends what hangs on it, Flower's processes included: no handler of ours gets to run."""
    with demo_run(tmp_path, SCHOOLS="3", STUDENTS="45", ROUNDS="3", SERVE="0") as run:
        run.until((tmp_path / "demo" / "school-2" / "school.toml").exists)
        assert any("flower-superlink" in command for command in run.left_running())
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.wait(LIMIT_SECONDS)
        must_become(lambda: run.left_running() == [])


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """And the folder of the demo before stays as it was."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        _assert_refused(tmp_path, f"Port {port} for the coordinator is in use", "PORT=number", PORT=port)
    assert not (tmp_path / "demo").exists()


def test_a_missing_log_is_named(tmp_path: Path) -> None:
    """With its path."""
    _assert_refused(tmp_path, "DATA=nowhere.tsv.gz: there is no such file", DATA="nowhere.tsv.gz")


def test_a_malformed_row_is_named_by_its_line(tmp_path: Path) -> None:
    """And the cell isn't printed, since it may be about a student."""
    log = tmp_path / "log.tsv"
    log.write_text("\t".join(COLUMNS) + "\ns\tAsh\t0\ti\tk\t1\t\ns\tAsh\t1\ti\tk\tperhaps\t\n")
    complaint = _assert_refused(tmp_path, "line 3: correct is neither 0 nor 1", DATA=str(log))
    assert "perhaps" not in complaint


def test_a_log_without_schools_is_refused(tmp_path: Path) -> None:
    """There is nobody to form a consortium."""
    log = tmp_path / "log.tsv"
    log.write_text("\t".join(COLUMNS) + "\ns\t\t0\ti\tk\t1\t\nt\tmisc\t0\ti\tk\t1\t\n")
    _assert_refused(tmp_path, "log.tsv names no schools", "a log whose school column", DATA=str(log))


def test_more_schools_than_the_log_has_are_refused(small_log: Path, tmp_path: Path) -> None:
    """With the number that would do."""
    _assert_refused(tmp_path, "names 3 schools", "Give SCHOOLS=3", DATA=str(small_log), SCHOOLS="4")


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    """The demo removes only what a demo made."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("years of work")
    _assert_refused(tmp_path, "demo holds something else", "DEMO_FOLDER=path")
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "years of work"


def test_a_file_where_the_folder_should_be_is_left_alone(tmp_path: Path) -> None:
    """As a folder would be."""
    (tmp_path / "demo").write_text("years of work")
    _assert_refused(tmp_path, "demo holds something else", "DEMO_FOLDER=path")


def _assert_refused(folder: Path, *sentences: str, **settings: str) -> str:
    with demo_run(folder, **{"SERVE": "0", **settings}) as run:
        assert run.process.wait(LIMIT_SECONDS) == 2
        assert run.left_running() == []
    for sentence in sentences:
        assert sentence in run.complaints
    assert "Traceback" not in run.printed + run.complaints
    return run.complaints
