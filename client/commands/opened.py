"""A school's folder opened for one command, and closed again."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from client.records.store import Store, open_school_store
from client.settings import SchoolFolder, load_settings

T = TypeVar("T")


def folder_of(given: Namespace) -> SchoolFolder:
    """The folder that the command was told of."""
    return SchoolFolder(given.folder)


@contextmanager
def opened_store(folder: SchoolFolder) -> Iterator[Store]:
    """The school's database; FixSettings if there is no school in the folder."""
    store = open_school_store(folder, load_settings(folder))
    try:
        yield store
    finally:
        store.close()


def written(store: Store, work: Callable[[Connection], T]) -> T:
    """The result of a change, once it is durable."""
    return store.writer.submit(work).result()
