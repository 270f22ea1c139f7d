"""A school whose logistic model says the opposite of what happens, week after week, for tests of its monitor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from client.content.bank import built_in_bank
from client.insight.drift_watch import watch
from client.records.interactions import bulk_import
from client.records.inventory import Purpose
from client.records.releases import InstalledRelease, record_release
from client.records.serving import OWN, ServedLadder, save_ladder
from client.records.store import Store
from common.interactions import History, Interaction
from common.models.conformal import Conformal
from common.models.ladder import LOGISTIC, LadderModels
from common.models.local_logistic import LocalLogistic
from common.models.logistic import initial_arrays
from common.skills import SkillMap
from tests.support.stores import NOW, class_of_students, consent_to, in_writer

BANK = built_in_bank()
SKILL = "Q8"
SKILL_MAP = SkillMap("test/1", (SKILL,))
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Watched:
    """store: open. releases: the folder of the model files."""

    store: Store
    releases: Path
    students: tuple[str, ...]

    def look(self, now: datetime) -> str:
        """The monitor's sentence."""
        return watch(self.store, self.releases, BANK, now=now)

    def practise(self, week: int, *, answers: int = 30, students: int | None = None, right: float = 0.75) -> None:
        """Three of four answers right unless said, on the days of a week after `NOW`."""
        rng = np.random.default_rng(week)
        start = (NOW + week * WEEK).timestamp()

        def answer(number: int) -> Interaction:
            at = start + 86_400.0 * (number + 1) / (answers + 1)
            return Interaction(f"{SKILL}.procedure", (SKILL,), bool(rng.random() < right), at)

        found = [History(s, tuple(map(answer, range(answers)))) for s in self.students[:students]]
        in_writer(self.store, lambda connection: bulk_import(connection, found))


def always_says(logit: float) -> LadderModels:
    """A logistic model that says the same of everything."""
    arrays = initial_arrays(SKILL_MAP.rows, 0)
    arrays["bias"][:] = logit
    return LadderModels(LocalLogistic(arrays), certainty=Conformal(0.6, 30, "school"))


def watched_school(store: Store, releases: Path, *, logit: float = -1.0, release: str | None = None) -> Watched:
    """Twelve students and a logistic model, of a release or the school's own, that was measured at `NOW`."""
    students = class_of_students(store, [f"Student {number}" for number in range(12)])
    consent_to(store, students, Purpose.PRACTICE)
    served = ServedLadder(release or OWN, SKILL_MAP, LOGISTIC, always_says(logit), "It was better here.")

    def work(connection: Connection) -> None:
        releases.mkdir(exist_ok=True)
        save_ladder(connection, served, releases, now=NOW)
        if release is not None:
            kept = InstalledRelease(release, releases / "file", LOGISTIC, served.reason, {}, NOW, active=True)
            record_release(connection, kept)

    in_writer(store, work)
    return Watched(store, releases, tuple(students))
