"""A coordinator's Flower processes and a few schools on loopback, for the exchange measurement and its tests."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from benchmarks.exchange_apps import ORDER, RESULTS, Order
from server.bundle import BUNDLE_SOURCE, build_bundle
from server.flower_environment import flower_command, flower_environment
from server.pki import create_ca, renew_certificates
from server.settings import CoordinatorFolder
from server.superlink import HOST, FlowerProcesses
from server.tether import tethered

_ROOT = Path(__file__).resolve().parents[1]
_EDGES = {
    "server.flower_app:app": "benchmarks.exchange_apps:server_edge",
    "client.federation.flower_app:app": "benchmarks.exchange_apps:school_edge",
}


@dataclass(frozen=True, slots=True)
class NodeKey:
    """A school's node key: private in OpenSSH PEM, public as one line of OpenSSH text."""

    private: bytes = field(repr=False)
    public: str


def new_node_key() -> NodeKey:
    """EC P-384, the form that flwr accepts."""
    key = ec.generate_private_key(ec.SECP384R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return NodeKey(private, key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())


def write_certificates(folder: CoordinatorFolder) -> None:
    """A CA and the certificates of gate and SuperLink, for this machine."""
    now = datetime.now(UTC)
    create_ca(folder, "measured consortium", now=now)
    renew_certificates(folder, "localhost", now=now)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message to every school and back. outcomes: "right", "wrong" or a code, by school."""

    seconds: float
    outcomes: dict[str, str]


class World:
    """SuperLink and SuperExec with the measuring bundle, and the keys of the schools."""

    def __init__(self, folder: Path, schools: Sequence[str]) -> None:
        self.folder = folder
        self.files = CoordinatorFolder(folder)
        write_certificates(self.files)
        self.bundle = _measuring_bundle(folder / "homeroom-exchange")
        self.digest = build_bundle(self.bundle).digest
        self.keys = {school: new_node_key() for school in schools}
        self.flower = FlowerProcesses(self.files, bundle=self.bundle)
        for school, key in self.keys.items():
            self.key_file(school).write_bytes(key.private)

    def key_file(self, school: str) -> Path:
        """The school's private node key."""
        return self.folder / f"{school}.node"

    def start(self) -> None:
        """Flower's processes, with the schools registered."""
        self.flower.start()
        self.flower.register({school: key.public for school, key in self.keys.items()})

    def measure(self, order: Order, *, limit_seconds: float = 180.0) -> list[Exchange]:
        """Runs the order as one campaign and returns its exchanges."""
        results = self.folder / RESULTS
        results.unlink(missing_ok=True)
        (self.folder / ORDER).write_text(json.dumps(asdict(order)))
        run = self.flower.start_campaign("0" * 64)
        until = time.monotonic() + limit_seconds
        while not _is_over(self.flower, run):
            if time.monotonic() > until:
                raise TimeoutError(f"the run didn't end; see {self.folder / 'flower'}")
            time.sleep(0.5)
        lines = results.read_text().splitlines() if results.exists() else []
        return [Exchange(**json.loads(line)) for line in lines]

    @contextmanager
    def link(self, school: str, *arguments: str, address: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """The school's link as a process of its own; `arguments` as in `exchange_apps.main`."""
        approve = () if "--approve" in arguments else ("--approve", self.digest)
        command = [
            *(sys.executable, "-m", "benchmarks.exchange_apps", address or self.flower.address),
            *("--ca", str(self.files.ca_certificate), "--key", str(self.key_file(school)), *approve, *arguments),
        ]
        with self.process(f"link-{school}", command) as process:
            yield process

    @contextmanager
    def stock_node(self, school: str, *, port: int, address: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """Flower's own SuperNode with its own executor, unmodified."""
        command = [
            *flower_command("flower-supernode"),
            *("--superlink", address or self.flower.address),
            *("--root-certificates", str(self.files.ca_certificate)),
            *("--auth-supernode-private-key", str(self.key_file(school))),
            *("--host", HOST, "--port", str(port)),
        ]
        with self.process(f"stock-{school}", command) as process:
            yield process

    def log(self, name: str) -> str:
        """What a process printed."""
        return (self.folder / f"{name}.log").read_text()

    @contextmanager
    def process(self, name: str, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A command tied to this process, with a log of its own; ended when the block is left."""
        environment = flower_environment(self.folder / f"home-{name}", {**os.environ, "PYTHONPATH": str(_ROOT)})
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                tethered(command), env=environment, cwd=_ROOT, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes], *, number: signal.Signals = signal.SIGTERM) -> int:
    """Ends a process, its executor and their children; returns its exit status."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


@contextmanager
def world(folder: Path, schools: Sequence[str]) -> Iterator[World]:
    """A started world that leaves no process behind."""
    os.environ.setdefault("PYTHONPATH", str(_ROOT))
    with ExitStack() as stack:
        made = World(folder, schools)
        stack.callback(made.flower.stop)
        made.start()
        yield made


def _is_over(flower: FlowerProcesses, run: str) -> bool:
    return any(row.run == run and row.is_over for row in flower.runs())


def _measuring_bundle(folder: Path) -> Path:
    """The product's own bundle with the measuring edges in place of the real ones."""
    shutil.copytree(BUNDLE_SOURCE, folder)
    settings = folder / "pyproject.toml"
    text = settings.read_text()
    for real, measuring in _EDGES.items():
        text = text.replace(real, measuring)
    settings.write_text(text)
    return folder
