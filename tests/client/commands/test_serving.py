"""The pages' socket listens before their address is said."""

import socket

import pytest

from client.commands.serving import listening
from common.errors import ErrorCode, FixSettings


def test_whoever_reads_the_address_gets_in() -> None:
    """A connection waits in line, even before anybody accepts it."""
    with listening("127.0.0.1", 0) as ear, socket.create_connection(ear.getsockname(), timeout=5) as caller:
        assert caller.getpeername() == ear.getsockname()


def test_a_port_in_use_is_named() -> None:
    """In a sentence that says what to do."""
    with listening("127.0.0.1", 0) as ear:
        with pytest.raises(FixSettings, match="--port") as caught:
            listening("127.0.0.1", ear.getsockname()[1])
    assert caught.value.code is ErrorCode.PORT_IN_USE
