"""Copies of the consortium's folders, taken before the first round: what the control run works on."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from client.federation.enrolment import load_enrolment
from client.settings import SchoolFolder
from deploy.demo.people import Cast
from deploy.demo.set_up import coordinator_folder
from deploy.demo.settings import DemoSettings
from server.settings import CoordinatorFolder

COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Twin:
    """Copies of the consortium's folders. schools: name -> folder."""

    coordinator: CoordinatorFolder
    schools: Mapping[str, Path]


def twin_folder(settings: DemoSettings) -> Path:
    """Where the copies lie."""
    return settings.folder / "full-noise"


def copy_consortium(settings: DemoSettings, cast: Cast) -> None:
    """Copies everything as it is now; no link may run yet, the coordinator may."""
    twin, original = twin_folder(settings), CoordinatorFolder(coordinator_folder(settings))
    for school in cast.schools:
        shutil.copytree(school.folder, twin / school.folder.name)
    copy = CoordinatorFolder(twin / COORDINATOR)
    shutil.copytree(original.root, copy.root, ignore=shutil.ignore_patterns("flower", "*.db", "*.db-*"))
    with closing(sqlite3.connect(original.database)) as source, closing(sqlite3.connect(copy.database)) as target:
        source.backup(target)


def read_twin(folder: Path) -> Twin:
    """The copies in this folder; each school's name is the one that it enrolled with."""
    schools = sorted(path for path in folder.iterdir() if path.is_dir() and path.name != COORDINATOR)
    named = {load_enrolment(SchoolFolder(path).enrolment).school: path for path in schools}
    return Twin(CoordinatorFolder(folder / COORDINATOR), named)
