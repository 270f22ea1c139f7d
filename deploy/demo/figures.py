"""What the report says of each school, measured from what the school really installed.

The demo runs every school on one machine, so it may look at all of them; a consortium's operator can't.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from client.commands.opened import opened_store
from client.records.interactions import interaction_counts
from client.records.releases import active_release
from client.records.serving import ServedBkt, ServedLadder, load_bkt, load_ladder
from client.records.store import Store
from client.records.students import student_ids
from client.settings import SchoolFolder, load_school_key
from client.training.bkt_rung import predict_local_bkt
from client.training.dataset import local_sets
from client.training.personalise import PersonalModel, predict_personal
from client.training.rungs import as_served, logits_by_rung
from client.training.scored_answers import scored_answers
from common.arrays import Arrays, from_bytes
from common.errors import ErrorCode, RetryLater
from common.models.encoding import EncodedHistory
from common.models.metrics import auc
from common.models.release import read_release
from common.plan import CampaignPlan
from common.privacy.ledger_rows import charges_of, read_rows
from common.skills import SkillMap
from deploy.demo.measured import RUNGS, Chances, Measured
from deploy.demo.people import DemoSchool
from deploy.demo.report import SchoolFigures


def measure_school(school: DemoSchool, *, start_model: bytes, coordinator_key: str) -> Measured:
    """Held-out students under the start, the release, the school's BKT, and what it serves now."""
    folder = SchoolFolder(school.folder)
    with opened_store(folder) as store:
        with store.read() as connection:
            release, bkt = active_release(connection), load_bkt(connection)
        if release is None or bkt is None:
            raise RetryLater(ErrorCode.NOT_INSTALLED, f"{school.name} has installed no release.")
        shared = read_release(release.path.read_bytes(), coordinator_key).arrays
        test, chances = _chances(store, folder, bkt, shared=shared, start=from_bytes(start_model))
        students, answers = _counts(store)
    correct = scored_answers(test).correct
    charges = charges_of(read_rows(folder.ledger))
    aucs = {rung: auc(correct, chances[rung]) for rung in RUNGS}
    epsilon = max((charge.epsilon_after for charge in charges), default=0.0)
    figures = SchoolFigures(school.name, students, answers, **aucs, epsilon=epsilon, rung=release.rung)
    return Measured(figures, correct, chances)


def pooled_auc(folders: Iterable[Path], arrays: Arrays, plan: CampaignPlan) -> float:
    """AUC of a shared model over the held-out answers of all schools together."""
    skill_map = SkillMap(plan.model.skill_map_version, plan.model.skill_names)
    correct, chances = [], []
    for path in folders:
        folder = SchoolFolder(path)
        with opened_store(folder) as store, store.read() as connection:
            test = local_sets(connection, load_school_key(folder.split_key), skill_map).test
        correct.append(scored_answers(test).correct)
        chances.append(predict_personal(PersonalModel(arrays, {}), test))
    return auc(np.concatenate(correct), np.concatenate(chances))


def _chances(
    store: Store, folder: SchoolFolder, bkt: ServedBkt, *, shared: Arrays, start: Arrays
) -> tuple[tuple[EncodedHistory, ...], dict[str, Chances]]:
    with store.read() as connection:
        test = local_sets(connection, load_school_key(folder.split_key), bkt.skill_map).test
        served = load_ladder(connection, folder.releases)
    local = predict_local_bkt(bkt.parameters, test)
    return test, {
        "auc_start": predict_personal(PersonalModel(start, {}), test),
        "auc_model": predict_personal(PersonalModel(shared, {}), test),
        "auc_local": local,
        "auc_served": local if served is None else _served(served, bkt, test),
    }


def _served(served: ServedLadder, bkt: ServedBkt, test: Sequence[EncodedHistory]) -> Chances:
    rungs = logits_by_rung(as_served(bkt.parameters, served.models), test)
    return rungs.chances(served.models.weights)[served.rung]


def _counts(store: Store) -> tuple[int, int]:
    with store.read() as connection:
        return len(student_ids(connection)), sum(interaction_counts(connection).values())
