"""PracticeDesk: the bank, the model in use and the clock, opened once and handed to every practice call."""

from dataclasses import dataclass, field

from client.content.bank import ItemBank
from client.practice.bank_tables import BankTables, tables_of
from client.practice.calendar import SchoolCalendar
from client.practice.serving import Serving
from client.records.store import Store
from client.settings import SchoolFolder
from common.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class PracticeDesk:
    """What practice needs beside a connection. Its calls run inside `store.writer`."""

    bank: ItemBank
    serving: Serving = field(repr=False)
    clock: Clock
    tables: BankTables = field(repr=False)
    calendar: SchoolCalendar = field(default=SchoolCalendar(), repr=False)


def open_desk(
    store: Store,
    folder: SchoolFolder,
    *,
    bank: ItemBank,
    clock: Clock | None = None,
    calendar: SchoolCalendar | None = None,
) -> PracticeDesk:
    """A desk with the models of the school's database already loaded."""
    desk = make_desk(bank, folder, clock=clock, calendar=calendar)
    with store.read() as connection:
        desk.serving.models(connection, desk.clock.now())
    return desk


def make_desk(
    bank: ItemBank, folder: SchoolFolder, *, clock: Clock | None = None, calendar: SchoolCalendar | None = None
) -> PracticeDesk:
    """A desk that looks for models at its first call."""
    clock = clock or SystemClock()
    serving = Serving([skill.id for skill in bank.skills()], releases=folder.releases, clock=clock)
    return PracticeDesk(bank, serving, clock, tables_of(bank), calendar or SchoolCalendar())
