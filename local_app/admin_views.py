"""What the administrator's pages show of models, decisions and consent, in words."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace

from client.federation.approvals import KnownCampaign
from client.records.classes import ClassGroup
from client.records.staff import Staff
from client.records.students import Student
from client.records.training_pause import TrainingPause


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One student on the consent page."""

    id: str
    name: str = field(repr=False)
    granted: bool


@dataclass(frozen=True, slots=True)
class ConsentGroup:
    """One class on the consent page."""

    name: str
    students: tuple[ConsentRow, ...]


def with_names(campaigns: Iterable[KnownCampaign], staff: Iterable[Staff]) -> tuple[KnownCampaign, ...]:
    """The plans with the name, for the page, of whoever decided; the records keep the staff id."""
    names = {one.id: one.name for one in staff}
    return tuple(replace(one, by=None if one.by is None else names.get(one.by, one.by)) for one in campaigns)


def named(last: TrainingPause | None, staff: Iterable[Staff]) -> TrainingPause | None:
    """The switch with the name, for the page, of whoever set it; a name from the command line stays as it is."""
    names = {one.id: one.name for one in staff}
    return None if last is None else replace(last, by=names.get(last.by, last.by))


def consent_groups(
    rows: Sequence[tuple[ClassGroup, Sequence[Student]]], granted: Set[str]
) -> tuple[ConsentGroup, ...]:
    """Classes with their students and each one's decision."""
    return tuple(
        ConsentGroup(
            group.name,
            tuple(ConsentRow(s.id, s.display_name or "name removed", s.id in granted) for s in students),
        )
        for group, students in rows
    )
