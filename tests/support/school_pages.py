"""A school folder with a class, staff and some answers, for tests of its pages."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from client.content.bank import built_in_bank
from client.practice.desk import make_desk
from client.practice.replay_mastery import replay_mastery
from client.records.classes import add_class
from client.records.diagnostics import StoredDiagnostic, save_diagnostic
from client.records.interactions import NewInteraction, append
from client.records.staff import NewStaff, Role, add_staff, hash_password
from client.records.store import Store, open_school_store
from client.records.students import NewStudent, add_students
from client.settings import SchoolFolder, create_folder, load_settings
from tests.support.stores import NOW, in_writer

PASSWORD = "a long enough password"
CODE = "OWLS42"
NAMES = ("Ada", "Ben", "Chidi", "Dana", "Eli", "Fatima", "Goran", "Hana", "Ines", "Jo", "Kofi", "Lena")


@dataclass(frozen=True, slots=True)
class SchoolForPages:
    """Where it lives, and the ids that tests ask for."""

    folder: SchoolFolder
    class_id: str
    students: tuple[str, ...]


def make_school(
    path: Path, *, names: tuple[str, ...] = NAMES, sign_in: str = "name", first_day: bool = False
) -> SchoolForPages:
    """One class, a teacher "Ms Reed", an administrator "Mr Abe", and thirty answers of the first student.

    sign_in: by name alone, or with "pictures" as schools have it unless they say otherwise. first_day: the other
    students have never been here; else they have skipped the diagnostic.
    """
    folder = create_folder(path, school="Hill School")
    with folder.settings.open("a") as file:  # which ends with the table [web]
        file.write(f'student_sign_in = "{sign_in}"\n')
    store = open_school_store(folder, load_settings(folder))
    try:
        made = _fill(store, folder, names)
        if not first_day:
            in_writer(store, lambda connection: _skip_diagnostics(connection, made.students))
        return made
    finally:
        store.close()


def _fill(store: Store, folder: SchoolFolder, names: tuple[str, ...]) -> SchoolForPages:
    hashed = hash_password(PASSWORD)
    desk = make_desk(built_in_bank(), folder)

    def work(connection: Connection) -> SchoolForPages:
        group = add_class(connection, name="Class 5", code=CODE)
        new = [NewStudent(name, group.id, avatar="🦉") for name in names]
        ids = add_students(connection, store.vault, new, now=NOW)
        add_staff(connection, NewStaff("Ms Reed", Role.TEACHER, hashed, (group.id,)), now=NOW)
        add_staff(connection, NewStaff("Mr Abe", Role.ADMINISTRATOR, hashed), now=NOW)
        for number, family in enumerate(built_in_bank().families()[:30]):
            append(connection, _answer(ids[0], family.id, family.skills, number=number))
        replay_mastery(connection, desk, ids)
        return SchoolForPages(folder, group.id, tuple(ids))

    return in_writer(store, work)


def _skip_diagnostics(connection: Connection, students: tuple[str, ...]) -> None:
    for student in students:
        save_diagnostic(connection, StoredDiagnostic(student, NOW, finished_at=NOW))


def _answer(student: str, item: str, skills: tuple[str, ...], *, number: int) -> NewInteraction:
    return NewInteraction(
        student=student,
        item=item,
        item_seed=number,
        skills=skills,
        correct=number % 3 != 0,
        at=NOW + timedelta(minutes=number),
        response="12",
    )
