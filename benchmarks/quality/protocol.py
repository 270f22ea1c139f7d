"""Who trains, who decides and who is judged: students split inside each school, and schools that join nothing.

Inside a school, students in the order of SHA-256 of "seed:student": first the test students, then validation, then
training. Every fifth school by size is new: no global fit sees it, and its own fits run by 5-fold over students.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from common.errors import ErrorCode, FixSettings
from common.interactions import History
from common.models.encoding import EncodedHistory, encode
from common.models.log_file import LogFile
from common.skills import SkillMap

Histories = tuple[EncodedHistory, ...]

TEST_SHARE, VALIDATION_SHARE = 0.2, 0.1
LEAST_TEST, LEAST_VALIDATION = 2, 1
LEAST_STUDENTS = 10  # of a school that is in the federation or new
NEW_EVERY, NEW_FIRST = 5, 3
FOLDS = 5
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Students that one fit learns from, is tuned on, and is judged by; no student is in two of them."""

    train: Histories
    validation: Histories
    test: Histories


@dataclass(frozen=True, slots=True, eq=False)
class School:
    """parts: one for a member of the federation; five for a new school, whose tests hold all its students."""

    name: str
    new: bool
    parts: tuple[Part, ...]

    @property
    def judged(self) -> Histories:
        """The students whose answers are scored, part after part."""
        return tuple(history for part in self.parts for history in part.test)

    @property
    def training_rows(self) -> int:
        """Attempts of the students that the first part trains on."""
        return sum(map(len, self.parts[0].train))


@dataclass(frozen=True, slots=True, eq=False)
class Consortium:
    """Schools, largest first. federated: False means everybody in one pot, for the regime `central`."""

    schools: tuple[School, ...]
    skill_map: SkillMap
    federated: bool
    left_out: int = field(default=0)  # students of unknown or too small schools

    @property
    def members(self) -> tuple[School, ...]:
        """Those in the federation."""
        return tuple(school for school in self.schools if not school.new)

    @property
    def new(self) -> tuple[School, ...]:
        """Those that no global fit sees."""
        return tuple(school for school in self.schools if school.new)

    @property
    def train(self) -> Histories:
        """All members' training students: what a central fit sees."""
        return tuple(history for school in self.members for history in school.parts[0].train)

    @property
    def validation(self) -> Histories:
        """All members' validation students."""
        return tuple(history for school in self.members for history in school.parts[0].validation)

    @property
    def rows(self) -> int:
        """Model rows, K + 1."""
        return self.skill_map.rows


def by_school(log: LogFile, seed: int) -> Consortium:
    """The federation of the log's own schools. FixSettings if fewer than two have enough students."""
    return _federation(log.schools, log, seed)


def by_silos(log: LogFile, silos: int, seed: int) -> Consortium:
    """Everybody cut by hash into silos that are alike by construction: personalisation can't help there."""
    named: dict[str, list[History]] = {f"silo{n:03d}": [] for n in range(silos)}
    for history in log.histories:
        named[f"silo{int(_rank(history.student, seed, salt='silo'), 16) % silos:03d}"].append(history)
    return _federation(named, log, seed)


def in_one_pot(log: LogFile, seed: int) -> Consortium:
    """Everybody, split inside each school of the log just the same; those of no known school count as one."""
    skill_map = log.skill_map("quality")
    parts = [_split(_encoded(group, skill_map), seed) for group in (*log.schools.values(), log.unknown) if group]
    whole = Part(
        tuple(h for part in parts for h in part.train),
        tuple(h for part in parts for h in part.validation),
        tuple(h for part in parts for h in part.test),
    )
    return Consortium((School(EVERYBODY, False, (whole,)),), skill_map, federated=False)


def has_schools(log: LogFile) -> bool:
    """Whether at least two schools are large enough to federate."""
    return sum(len(members) >= LEAST_STUDENTS for members in log.schools.values()) >= 2


def _federation(named: Mapping[str, Sequence[History]], log: LogFile, seed: int) -> Consortium:
    large = {name: members for name, members in named.items() if len(members) >= LEAST_STUDENTS}
    if len(large) < 2:
        sentence = f"A federation needs 2 schools of {LEAST_STUDENTS} students; this log has {len(large)}."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)
    skill_map = log.skill_map("quality")
    ordered = sorted(large, key=lambda name: (-sum(map(len, large[name])), name))
    schools = []
    for position, name in enumerate(ordered):
        encoded, new = _encoded(large[name], skill_map), position % NEW_EVERY == NEW_FIRST
        parts = _folds(encoded, seed) if new else (_split(encoded, seed),)
        schools.append(School(name, new, parts))
    left_out = len(log.histories) - sum(map(len, large.values()))
    return Consortium(tuple(schools), skill_map, federated=True, left_out=left_out)


def _split(students: Histories, seed: int) -> Part:
    ordered = _ordered(students, seed)
    test = max(LEAST_TEST, round(TEST_SHARE * len(ordered)))
    decided = test + max(LEAST_VALIDATION, round(VALIDATION_SHARE * len(ordered)))
    return Part(train=ordered[decided:], validation=ordered[test:decided], test=ordered[:test])


def _folds(students: Histories, seed: int) -> tuple[Part, ...]:
    """Each fold is judged by fits that were tuned on the next one and saw the other three."""
    ordered = _ordered(students, seed)
    folds = [ordered[k::FOLDS] for k in range(FOLDS)]
    parts = []
    for k in range(FOLDS):
        tuning = (k + 1) % FOLDS
        train = tuple(h for j, fold in enumerate(folds) if j not in (k, tuning) for h in fold)
        parts.append(Part(train, folds[tuning], folds[k]))
    return tuple(parts)


def _encoded(students: Iterable[History], skill_map: SkillMap) -> Histories:
    return tuple(encode(history, skill_map) for history in students)


def _ordered(students: Histories, seed: int) -> Histories:
    return tuple(sorted(students, key=lambda history: _rank(history.student, seed)))


def _rank(student: str, seed: int, salt: str = "") -> str:
    return hashlib.sha256(f"{salt}{seed}:{student}".encode()).hexdigest()
