"""FlowerHost: what `serve` needs of Flower's processes; `server.superlink.FlowerProcesses` is the real one."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class FlowerHost(Protocol):
    """Flower's SuperLink and SuperExec, which end with this process; each start is a clean one."""

    @property
    def address(self) -> str:
        """Where the SuperLink listens, `host:port`; loopback only."""
        ...

    @property
    def alive(self) -> bool:
        """Whether its processes run."""
        ...

    def start(self) -> None:
        """Starts them and waits until the SuperLink answers."""
        ...

    def register(self, keys: Mapping[str, str]) -> Mapping[str, int]:
        """Registers the whole roster (school to OpenSSH public key); schools that left it lose their node."""
        ...

    def start_campaign(self, plan_id: str) -> str:
        """Starts the process that conducts one campaign plan (its digest); returns a run's id at once."""
        ...

    def running(self) -> Sequence[object]:
        """The runs that haven't ended."""
        ...

    def stop(self) -> None:
        """Ends everything; safe to call twice."""
        ...
