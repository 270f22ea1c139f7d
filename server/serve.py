"""Serving: one public TLS port for schools and operators, Flower behind it, and an orderly end."""

import signal
import socket
import ssl
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from common.errors import ErrorCode, FixSettings
from common.logs import EventLog
from server.app import create_app
from server.coordinator import Coordinator
from server.flower_host import FlowerHost
from server.gate import tls_upstream
from server.pki import key_of, renew_certificates
from server.supervisor import Supervisor

LOOK_EVERY_SECONDS = 1.0

_log = EventLog("serve")


def serve(coordinator: Coordinator, host: FlowerHost, *, on_ready: Callable[[], None] | None = None) -> None:
    """Runs until SIGTERM or SIGINT, then ends Flower's processes too.

    FixSettings if the port is taken. `on_ready` is called once Flower answers and the port is open.
    """
    settings, folder = coordinator.settings, coordinator.folder
    public = open_port(settings.host, settings.port)
    renewed = renew_certificates(folder, settings.public_name, now=coordinator.clock.now())
    _log.info("certificates", count=len(renewed))
    supervisor, stopping = Supervisor(coordinator, host), threading.Event()
    upstream = tls_upstream(lambda: host.address, folder.ca_certificate)
    app = create_app(coordinator, upstream=upstream, on_enrol=supervisor.on_enrol)
    loop = threading.Thread(
        target=supervisor.run,
        kwargs={"stopping": stopping, "pause": lambda: stopping.wait(LOOK_EVERY_SECONDS)},
        name="supervisor",
    )
    # uvicorn raises the signal again once it has closed the port: an exit that unwinds what is below.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        supervisor.start()
        loop.start()
        _log.info("serving", host=settings.host, port=settings.port)
        if on_ready is not None:
            on_ready()
        uvicorn.Server(web_settings(coordinator, app)).run(sockets=[public])
    finally:
        stopping.set()
        if loop.is_alive():
            loop.join()
        supervisor.stop()
        public.close()
        _log.info("stopped")


def web_settings(coordinator: Coordinator, app: ASGIApp) -> uvicorn.Config:
    """TLS 1.3 alone, no web sockets, no access log, no server name in answers."""
    certificate = coordinator.folder.gate_certificate

    def tls(_: uvicorn.Config, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        context = make()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        return context

    return uvicorn.Config(
        app,
        ssl_certfile=certificate,
        ssl_keyfile=key_of(certificate),
        ssl_context_factory=tls,
        access_log=False,
        server_header=False,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


def open_port(host: str, port: int) -> socket.socket:
    """The listening socket; FixSettings that says who may be there if the port is taken."""
    try:
        return socket.create_server((host, port), backlog=256)
    except OSError as error:
        sentence = (
            f"Port {port} on {host} can't be opened: {error.strerror}. Is another coordinator running? "
            "Stop it, or change `port` in coordinator.toml."
        )
        raise FixSettings(ErrorCode.PORT_IN_USE, sentence) from error


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
