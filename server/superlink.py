"""Flower's processes at the coordinator: SuperLink and SuperExec on loopback, tied to this process."""

import os
import secrets
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx

from common.errors import ErrorCode, FixSettings, RetryLater
from common.logs import EventLog
from server import flower_cli
from server.bundle import BUNDLE_SOURCE
from server.flower_cli import Run
from server.flower_environment import FOLDER_VARIABLE, flower_command, flower_environment
from server.flower_nodes import nodes_file, write_nodes
from server.settings import CoordinatorFolder
from server.tether import tethered

HOST = "127.0.0.1"
_READY_SECONDS, _END_SECONDS, _LOOK_EVERY_SECONDS = 60.0, 5.0, 0.1

_log = EventLog("flower")


class FlowerProcesses:
    """SuperLink and SuperExec while the coordinator runs. The state is in memory: a restart registers again.

    Each start takes a loopback port that is free, its last one if it can, so nothing that an earlier, crashed
    run left behind blocks it.
    """

    def __init__(self, folder: CoordinatorFolder, *, bundle: Path = BUNDLE_SOURCE) -> None:
        self._folder, self._bundle = folder, bundle
        # Shared by SuperLink and SuperExec, so that no other local process is handed the ServerApp's task.
        self._secret = folder.flower / "superexec.secret"
        self._port = 0
        self._children: list[subprocess.Popen[bytes]] = []
        self._nodes: dict[str, tuple[str, int]] = {}
        # A tied child dies with the *thread* that started it: this one lives as long as the children.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="flower-starter")

    @property
    def address(self) -> str:
        """Where the SuperLink listens, `host:port`; loopback only."""
        return f"{HOST}:{self._port}"

    @property
    def alive(self) -> bool:
        """Whether both processes run."""
        return bool(self._children) and all(child.poll() is None for child in self._children)

    @property
    def processes(self) -> tuple[int, ...]:
        """Process ids of SuperLink and SuperExec while they run."""
        return tuple(child.pid for child in self._children)

    def start(self) -> None:
        """Starts both and waits until the SuperLink answers.

        FixSettings with the log file's name if it ends instead, RetryLater if it takes more than a minute.
        """
        self._prepare()
        self._port = _free_port(self._port)
        flower_cli.write_connection(self._folder.flower, address=self.address, ca=self._folder.ca_certificate)
        self._launch("superlink", self._superlink_command())
        self._wait_until_ready()
        self._launch("superexec", self._superexec_command())
        _log.info("flower-started", host=HOST, port=self._port)

    def register(self, keys: Mapping[str, str]) -> dict[str, int]:
        """Registers the roster (school to OpenSSH public key) and returns the node ids it now has.

        Keys that are registered already keep their id; schools that left the roster, or changed their key,
        lose theirs. A school that Flower refuses is left out and logged: flwr takes no key again that was
        unregistered since the SuperLink started. RetryLater if it refuses them all.
        """
        for school in [s for s, (key, _) in self._nodes.items() if keys.get(s) != key]:
            self._forget(school)
        refusals = [self._remember(s, key) for s, key in sorted(keys.items()) if s not in self._nodes]
        nodes = {school: node for school, (_, node) in self._nodes.items()}
        write_nodes(nodes_file(self._folder), nodes)
        refused = next((refusal for refusal in refusals if refusal is not None), None)
        if refused is not None and not nodes:
            raise refused
        return nodes

    def start_campaign(self, plan_id: str) -> str:
        """Starts the ServerApp for one campaign plan (its digest); returns the run's id without waiting."""
        run = flower_cli.start_run(self._folder.flower, self._bundle, plan_id=plan_id)
        _log.info("flower-run-started", run=run, campaign=plan_id)
        return run

    def runs(self) -> tuple[Run, ...]:
        """Every run since the SuperLink started, newest first."""
        return flower_cli.list_runs(self._folder.flower)

    def running(self) -> tuple[Run, ...]:
        """The runs that haven't ended."""
        return tuple(run for run in self.runs() if not run.is_over)

    def stop_campaign(self, run: str) -> None:
        """Ends a run; the campaign's checkpoint stays."""
        flower_cli.stop_run(self._folder.flower, run)

    def stop(self) -> None:
        """Ends both processes, and with them the ServerApp; safe to call twice."""
        for child in reversed(self._children):
            child.terminate()
            try:
                child.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        self._nodes.clear()

    def _remember(self, school: str, key: str) -> RetryLater | None:
        try:
            self._nodes[school] = (key, flower_cli.register_node(self._folder.flower, key))
        except RetryLater as refusal:
            _log.warning("school-not-registered", school=school, reason=refusal.sentence)
            return refusal
        return None

    def _forget(self, school: str) -> None:
        """In 1.41.0 flwr reports an error for a node that never connected, although it has shut it out."""
        try:
            flower_cli.unregister_node(self._folder.flower, self._nodes.pop(school)[1])
        except RetryLater as refusal:
            _log.warning("school-not-unregistered", school=school, reason=refusal.sentence)

    def _prepare(self) -> None:
        if self._children:
            self.stop()
        self._folder.flower.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A new secret for every start: nothing that is left of an earlier one is let in.
        self._secret.unlink(missing_ok=True)
        self._secret.touch(mode=0o600)
        self._secret.write_bytes(secrets.token_bytes(32))

    def _superlink_command(self) -> list[str]:
        certificate = self._folder.superlink_certificate
        tls = ["--ssl-certfile", certificate, "--ssl-keyfile", certificate.with_suffix(".key")]
        tls += ["--ssl-ca-certfile", self._folder.ca_certificate]
        return [
            *flower_command("flower-superlink"),
            *("--host", HOST, "--port", str(self._port), *map(str, tls)),
            "--enable-supernode-auth",
            *("--isolation", "process", "--superexec-auth-secret-file", str(self._secret)),
            *("--database", ":flwr-in-memory:", "--disable-runtime-dependency-installation"),
        ]

    def _superexec_command(self) -> list[str]:
        return [
            *flower_command("flower-superexec"),
            *("--root-certificates", str(self._folder.ca_certificate), "--runtime-api-address", self.address),
            *("--superexec-auth-secret-file", str(self._secret), "--parent-pid", str(os.getpid())),
        ]

    def _launch(self, name: str, command: Sequence[str]) -> None:
        environment = flower_environment(self._folder.flower, os.environ)
        environment[FOLDER_VARIABLE] = str(self._folder.root)
        with (self._folder.flower / f"{name}.log").open("ab") as log:
            start = self._starter.submit(
                subprocess.Popen, tethered(command), env=environment, stdout=log, stderr=log
            )
            self._children.append(start.result())
        _log.info("flower-process", kind=name, pid=self._children[-1].pid)

    def _wait_until_ready(self) -> None:
        trust = ssl.create_default_context(cafile=str(self._folder.ca_certificate))
        until = time.monotonic() + _READY_SECONDS
        with httpx.Client(verify=trust, trust_env=False, base_url=f"https://{self.address}") as client:
            while time.monotonic() < until:
                if not self.alive:
                    self._children.clear()
                    log = self._folder.flower / "superlink.log"
                    raise FixSettings(ErrorCode.FLOWER_FAILED, f"Flower's SuperLink ended at once; see {log}.")
                if _answers(client):
                    return
                time.sleep(_LOOK_EVERY_SECONDS)
        self.stop()
        raise RetryLater(ErrorCode.FLOWER_FAILED, "Flower's SuperLink didn't answer within a minute.")


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").is_success
    except httpx.TransportError:
        return False


def _free_port(preferred: int) -> int:
    """`preferred` if nobody listens there, else one that the system chooses."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
    raise FixSettings(ErrorCode.PORT_IN_USE, "No port is free on the loopback interface.")
