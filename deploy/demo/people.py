"""Who is in the demo: school names with where their students come from, and the sign-ins it prints."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from client.content.simulated_course import course_skill_map, simulated_course
from common.errors import ErrorCode, FixSettings
from common.models.log_file import LogFile, read_log
from common.skills import SkillMap
from deploy.demo.settings import MIN_SCHOOLS, DemoSettings

# Same content, different schools: how their students learn, how many there are, and how much they practised.
# docs/decisions/0010 says what other populations give.
FAMILIES = ("growth", "bkt", "growth", "rules", "growth")
SIMULATED_STUDENTS = (300, 200, 360, 220, 320)
SIMULATED_ANSWERS = (60, 45, 70, 50, 80)


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """One school of the demo. fill: the arguments of `homeroom-school` that give it students."""

    name: str
    folder: Path
    fill: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Schools in order, the skills of the shared model, and one password for the demo's staff and operator.

    items: id, skills and difficulty of the item families that all schools practise, if they are known beforehand.
    """

    schools: tuple[DemoSchool, ...]
    skill_map: SkillMap
    password: str
    description: str
    items: tuple[tuple[str, tuple[str, ...], float], ...] = ()


def make_cast(settings: DemoSettings) -> Cast:
    """From the answer log if one was given, else simulated. FixSettings names what is wrong with the log."""
    password = secrets.token_urlsafe(9)
    if settings.data is None:
        skill_map = course_skill_map()
        items = simulated_course().simulated_items()
        return Cast(_simulated(settings), skill_map, password, "simulated students", items)
    log = read_log(settings.data)
    schools = _from_log(settings, log, settings.data)
    return Cast(schools, log.skill_map(settings.data.name), password, settings.data.name)


def _simulated(settings: DemoSettings) -> tuple[DemoSchool, ...]:
    def fill(number: int) -> tuple[str, ...]:
        size = settings.students or SIMULATED_STUDENTS[number % len(SIMULATED_STUDENTS)]
        answers = SIMULATED_ANSWERS[number % len(SIMULATED_ANSWERS)]
        family = FAMILIES[number % len(FAMILIES)]
        return (
            *("simulate", "--students", str(size), "--answers", str(answers)),
            *("--model", family, "--seed", str(100 + number)),
        )

    numbers = range(1, settings.schools + 1)
    return tuple(DemoSchool(f"School {n}", settings.folder / f"school-{n}", fill(n - 1)) for n in numbers)


def _from_log(settings: DemoSettings, log: LogFile, path: Path) -> tuple[DemoSchool, ...]:
    """The schools with the most answers, largest first; ties by name."""
    sizes = {name: sum(map(len, histories)) for name, histories in log.schools.items()}
    largest: Sequence[str] = sorted(sizes, key=lambda name: (-sizes[name], name))[: settings.schools]
    if len(largest) < settings.schools:
        few = len(largest)
        remedy = (
            f"Give SCHOOLS={few}, or a log with more."
            if few >= MIN_SCHOOLS
            else f"Give a log whose school column names at least {MIN_SCHOOLS}."
        )
        sentence = (
            f"{path.name} names {few or 'no'} schools, and SCHOOLS={settings.schools} were asked for. {remedy}"
        )
        raise FixSettings(ErrorCode.BAD_LOG_FILE, sentence)
    return tuple(
        DemoSchool(
            name,
            settings.folder / f"school-{number}",
            ("import-log", str(path), "--school", name, "--training-consent"),
        )
        for number, name in enumerate(largest, start=1)
    )
