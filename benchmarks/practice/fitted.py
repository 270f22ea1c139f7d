"""Skills of the BKT family from a real answer log instead of the built-in distributions."""

from pathlib import Path

import numpy as np

from benchmarks.practice.worlds import ALLOWED, SKILLS, shortened
from common.errors import ErrorCode, FixSettings
from common.models.bkt import BktParameters
from common.models.bkt_fit import fit_bkt
from common.models.encoding import encode
from common.models.log_file import read_log
from common.skills import SkillMap

LEAST_STUDENTS = 200


def skills_of_log(path: Path, *, worlds: int, seed: int) -> list[BktParameters]:
    """For each world, 20 different skills that at least 200 students met. FixSettings if there are fewer."""
    histories = read_log(path).histories
    met: dict[str, int] = {}
    for history in histories:
        for skill in {skill for answer in history for skill in answer.skills}:
            met[skill] = met.get(skill, 0) + 1
    skill_map = SkillMap("log", tuple(sorted(met)))
    usable = [skill_map.row(skill) for skill in skill_map.names if met.get(skill, 0) >= LEAST_STUDENTS]
    if len(usable) < SKILLS:
        raise FixSettings(ErrorCode.BAD_LOG_FILE, f"Only {len(usable)} skills have {LEAST_STUDENTS} students.")
    fitted = fit_bkt([encode(history, skill_map) for history in histories], skill_map.rows)
    rng = np.random.default_rng(seed)
    chosen = [rng.choice(usable, SKILLS, replace=False) for _ in range(worlds)]
    return [shortened({name: getattr(fitted, name)[rows] for name in ALLOWED}) for rows in chosen]
