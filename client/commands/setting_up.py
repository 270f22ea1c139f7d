"""`init` and `add-staff`: a new school, and the people who run it."""

from argparse import Namespace

from client.commands.opened import folder_of, opened_store, written
from client.commands.secrets_in import read_secret
from client.records.audit_trail import record_audit
from client.records.classes import classes
from client.records.staff import NewStaff, Role, add_staff, hash_password
from client.settings import create_folder
from common.clock import SystemClock


def init(given: Namespace) -> None:
    """Makes the folder, its keys and an empty database."""
    folder = create_folder(given.folder, school=given.school)
    with opened_store(folder):
        pass  # opening applies the migrations
    print(f"{given.school} lives in {given.folder}. Keep {folder.vault_key.name} in a backup of its own.")


def add_member(given: Namespace) -> None:
    """Adds a teacher or administrator; the password comes from a file or is asked for, never from the command."""
    hashed = hash_password(read_secret("Password: ", given.password_file))
    now = SystemClock().now()
    with opened_store(folder_of(given)) as store:
        with store.read() as connection:
            groups = tuple(group.id for group in classes(connection)) if given.all_classes else ()
        new = NewStaff(given.name, Role(given.role), hashed, groups)
        added = written(store, lambda connection: add_staff(connection, new, now=now))
        written(
            store,
            lambda connection: record_audit(
                connection, actor="command line", action="staff-added", subject=added.id, now=now
            ),
        )
    print(f"{given.name} may sign in as {given.role}.")
