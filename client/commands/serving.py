"""`serve`: the pages for students and staff, on this machine."""

import importlib
import socket
from argparse import Namespace
from pathlib import Path

import uvicorn

from client.commands.checking import checks_beside
from client.commands.opened import folder_of
from client.school_certificates import served_host
from client.settings import SchoolFolder, load_settings
from common.errors import ErrorCode, FixSettings
from common.logs import log_to_stderr

# A student thinks for a while: without this the connection would be made anew for each answer.
KEEP_ALIVE_SECONDS = 75
WAITING_CONNECTIONS = 2048  # a school's devices, all at once after a power cut


def serve(given: Namespace) -> None:
    """Serves until it is told to stop."""
    folder = folder_of(given)
    web = load_settings(folder).web
    host, port = given.host or web.host, web.port if given.port is None else given.port
    log_to_stderr()
    with listening(host, port) as ear, checks_beside(folder):
        # The pages sit a layer above the engine, so they are looked up by name.
        app = importlib.import_module("local_app.main").create_app(folder)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            ssl_certfile=_if_there(folder.server_certificate),
            ssl_keyfile=_if_there(folder.server_key),
        )
        print(f"Homeroom is at {_address(folder, host, port)}", flush=True)
        uvicorn.Server(config).run(sockets=[ear])


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None


def _address(folder: SchoolFolder, host: str, port: int) -> str:
    if not folder.server_certificate.exists():
        return f"http://{host}:{port}/"
    return f"https://{served_host(folder)}:{port}/ (listening on {host})"


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens from now on, so that whoever reads the address gets in; close it.

    FixSettings if somebody listens there, or the address isn't this machine's.
    """
    ear = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        ear.bind((host, port))
        ear.listen(WAITING_CONNECTIONS)
    except OSError as error:
        ear.close()
        raise FixSettings(
            ErrorCode.PORT_IN_USE,
            f"Nothing can listen on {host} port {port}: it is in use, or it isn't an address of this machine. "
            "Choose another with --port.",
        ) from error
    return ear
