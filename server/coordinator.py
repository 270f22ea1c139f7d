"""Coordinator: everything that the coordinator's verbs need, opened once per process."""

from dataclasses import dataclass

from common.clock import Clock, SystemClock
from common.signing import Identity, load_identity
from server.settings import CoordinatorFolder, Settings, read_settings
from server.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Coordinator:
    """One coordinator on this machine. `serve` and each campaign's process open their own."""

    folder: CoordinatorFolder
    settings: Settings
    store: Store
    identity: Identity
    clock: Clock

    def close(self) -> None:
        """Closes the database."""
        self.store.close()


def open_coordinator(folder: CoordinatorFolder) -> Coordinator:
    """Reads settings and key, opens the database. FixSettings when `init` hasn't been run there."""
    settings = read_settings(folder)
    identity = load_identity(folder.identity_key)
    return Coordinator(folder, settings, open_store(folder.database), identity, SystemClock())
