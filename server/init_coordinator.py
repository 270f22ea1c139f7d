"""Setting up a new coordinator: settings, identity, certificates and database in an empty folder."""

from common.clock import Clock
from common.signing import new_identity, save_identity
from server.coordinator import Coordinator
from server.pki import create_ca, renew_certificates
from server.settings import CoordinatorFolder, Settings, write_settings
from server.store import open_store


def init_coordinator(folder: CoordinatorFolder, settings: Settings, clock: Clock) -> Coordinator:
    """Creates everything that `open_coordinator` opens; FixSettings if a coordinator lives there already."""
    folder.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_settings(folder, settings)
    identity = new_identity()
    save_identity(identity, folder.identity_key)
    create_ca(folder, settings.consortium, now=clock.now())
    renew_certificates(folder, settings.public_name, now=clock.now())
    folder.releases.mkdir(exist_ok=True)
    return Coordinator(folder, settings, open_store(folder.database), identity, clock)
