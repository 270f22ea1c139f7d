"""`tls init`, `tls renew` and `tls show`, and pages that are then served over TLS."""

import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from client.cli import FAILED, main
from client.settings import SchoolFolder, create_folder
from tests.support.ports import free_port
from tests.support.waiting import must_become

HOST, LIMIT_SECONDS = "homeroom.north.example", 20.0


@pytest.fixture
def folder(tmp_path: Path) -> SchoolFolder:
    """A school, and a passphrase in a file."""
    (tmp_path / "passphrase").write_text("a long passphrase\n")
    return create_folder(tmp_path / "north", school="North School")


def _tls(folder: SchoolFolder, verb: str, *more: str) -> int:
    where = ["--folder", str(folder.path)]
    secret = [] if verb == "show" else ["--passphrase-file", str(folder.path.parent / "passphrase")]
    return main(["tls", verb, *where, *secret, *more])


def test_a_new_authority_is_explained(folder: SchoolFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """File, fingerprint, each kind of device, and where the key belongs."""
    assert _tls(folder, "init", "--host", HOST) == 0
    said = capsys.readouterr().out
    for word in (str(folder.authority_certificate), "SHA-256", "Chromebooks", "iPad", "north.example", "drawer"):
        assert word in said
    assert _tls(folder, "show") == 0
    assert HOST in capsys.readouterr().out


def test_a_renewal_keeps_the_name(folder: SchoolFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless another is given."""
    _tls(folder, "init", "--host", HOST)
    assert _tls(folder, "renew") == 0
    assert HOST in capsys.readouterr().out


def test_nothing_to_show_is_said_in_a_sentence(folder: SchoolFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that makes certificates."""
    assert _tls(folder, "show") == FAILED
    assert "tls init" in capsys.readouterr().err


@pytest.mark.slow
def test_pages_are_served_with_the_certificate(folder: SchoolFolder) -> None:
    """As soon as there is one, by the command that schools start; a peer that doesn't trust it is turned away."""
    _tls(folder, "init", "--host", HOST)
    port = free_port()
    command = [sys.executable, "-m", "client.cli", "serve", "--folder", str(folder.path), "--port", str(port)]
    trust = ssl.create_default_context(cafile=str(folder.authority_certificate))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            must_become(lambda: process.poll() is not None or _status(port, trust) == 200, LIMIT_SECONDS)
            assert process.poll() is None, "the server didn't start"
            with pytest.raises(httpx.ConnectError):
                _get(port, ssl.create_default_context())
        finally:
            process.kill()


def _status(port: int, trust: ssl.SSLContext) -> int:
    try:
        return _get(port, trust).status_code
    except httpx.TransportError:
        return 0


def _get(port: int, trust: ssl.SSLContext) -> httpx.Response:
    with httpx.Client(verify=trust, trust_env=False) as http:
        return http.get(f"https://127.0.0.1:{port}/health", extensions={"sni_hostname": HOST})
