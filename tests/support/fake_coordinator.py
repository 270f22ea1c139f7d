"""A coordinator as schools see it, faked: a TLS server on loopback that checks signatures, answers from memory."""

import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from common.errors import Refused
from common.invitation import Invitation, write_invitation
from common.signed_head import LogHead, sign_head
from common.signed_request import read_headers, verify_request
from common.signing import Identity, new_identity
from common.transparency import frontier_of, leaf_hash
from tests.support.published_rounds import PublishedRounds

TOKEN = "0123456789abcdef" * 2


@dataclass
class FakeCoordinator:
    """What it offers, whom it enrolled and what it was asked. `status`: answer every call like this instead."""

    url: str
    ca_pem: str
    identity: Identity = field(default_factory=new_identity)
    campaigns: list[bytes] = field(default_factory=list)
    releases: dict[str, bytes] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    enrolled: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: int = 200
    now: datetime = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    log: list[bytes] = field(default_factory=list)
    published: PublishedRounds | None = None

    def invitation(self, folder: Path, *, school: str = "east", **changes: Any) -> Path:
        """An invitation file for a school."""
        values: dict[str, Any] = {
            "consortium": "Valley schools",
            "school": school,
            "url": self.url,
            "ca_pem": self.ca_pem,
            "coordinator_key": self.identity.public_key,
            "expires_at": self.now + timedelta(hours=72),
            "token": TOKEN,
        }
        path = folder / "invitation.json"
        path.write_bytes(write_invitation(Invitation(**(values | changes))))
        return path

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """Enrolment: the token counts once."""
        if path != "/api/enrol" or body["token"] != TOKEN or self.enrolled:
            return 403, b"{}"
        self.enrolled.append(body)
        answer = {"coordinator_key": self.identity.public_key, "consortium": "Valley schools"}
        return 200, json.dumps(answer).encode()

    def get(self, path: str, headers: Any) -> tuple[int, bytes]:
        """What an enrolled school asks for, if its signature and clock are right."""
        try:
            signed = read_headers(headers)
            key = str(self.enrolled[0]["identity_key"])
            verify_request(signed, key, method="GET", path=path, now=self.now)
        except (Refused, IndexError):
            return 401, b"{}"
        if path == "/api/campaigns":
            return 200, json.dumps({"campaigns": [b64encode(c).decode() for c in self.campaigns]}).encode()
        if path == "/api/releases":
            offered = [digest for digest in reversed(self.releases) if digest not in self.withdrawn]
            return 200, json.dumps({"releases": offered, "withdrawn": self.withdrawn}).encode()
        data = self._record(path) if self.published else None
        data = data or self.releases.get(path.removeprefix("/api/releases/"))
        return (404, b"{}") if data is None else (200, data)

    def log_head(self) -> LogHead:
        """Signed for the log as it is."""
        root = frontier_of([leaf_hash(entry) for entry in self.log]).root().hex()
        return sign_head(self.identity, consortium="Valley schools", size=len(self.log), root=root, at="now")

    def _record(self, path: str) -> bytes | None:
        """The public log, and what is published of the one campaign."""
        assert self.published is not None
        if path == "/api/log/head":
            return self.log_head().signed
        if path.startswith("/api/log/entries?"):
            start = int(parse_qs(urlsplit(path).query)["start"][0])
            return json.dumps({"entries": [b64encode(entry).decode() for entry in self.log[start:]]}).encode()
        campaign = f"/api/campaigns/{self.published.campaign.digest}"
        if path == f"{campaign}/start":
            return self.published.first_model
        number = path.removeprefix(f"{campaign}/rounds/")
        return self.published.rounds.get(int(number)) if number.isdecimal() else None


@contextmanager
def fake_coordinator(folder: Path) -> Iterator[FakeCoordinator]:
    """Serves until the block ends; certificates are made for this test alone."""
    certificate, key, ca_pem = _certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    coordinator = FakeCoordinator(f"https://127.0.0.1:{server.server_address[1]}", ca_pem)
    server.RequestHandlerClass = _handler(coordinator)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield coordinator
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(coordinator: FakeCoordinator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            coordinator.asked.append(self.path)
            self._answer(*coordinator.get(self.path, self.headers))

        def do_POST(self) -> None:
            coordinator.asked.append(self.path)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(*coordinator.post(self.path, body))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status if coordinator.status == 200 else coordinator.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing: the tests look at `asked`."""

    return Handler


def _certificates(folder: Path) -> tuple[Path, Path, str]:
    """(certificate file, key file, CA in PEM): a CA and a leaf for 127.0.0.1."""
    ca_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _signed("test CA", ca_key.public_key(), issuer="test CA", by=ca_key, is_ca=True)
    leaf = _signed("127.0.0.1", leaf_key.public_key(), issuer="test CA", by=ca_key, is_ca=False)
    certificate, key = folder / "server.crt", folder / "server.pem"
    certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key, ca.public_bytes(serialization.Encoding.PEM).decode()


def _signed(
    name: str, key: ec.EllipticCurvePublicKey, *, issuer: str, by: ec.EllipticCurvePrivateKey, is_ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(by, hashes.SHA256())
