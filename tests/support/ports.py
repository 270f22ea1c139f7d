"""A free port for a server that a test starts."""

import socket

HOST = "127.0.0.1"


def free_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
