"""What the report says of each school, measured from what the school really installed.

The demo runs every school on one machine, so it may look at all of them; a consortium's operator can't.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from client.commands.opened import opened_store
from client.records.interactions import interaction_counts
from client.records.releases import active_release
from client.records.serving import ServedBkt, ServedLadder, load_bkt, load_ladder
from client.records.store import Store
from client.records.students import student_ids
from client.settings import SchoolFolder, load_school_key
from client.training.bkt_rung import predict_local_bkt
from client.training.dataset import local_sets
from client.training.evaluation_round import chances
from client.training.rungs import as_served, logits_by_rung
from client.training.scored_answers import scored_answers
from common.arrays import Arrays
from common.errors import ErrorCode, RetryLater
from common.models.encoding import EncodedHistory
from common.models.metrics import auc
from common.models.release import ModelRelease, read_release
from common.plan import CampaignPlan
from common.privacy.ledger_rows import charges_of, read_rows
from deploy.demo.measured import RUNGS, Chances, Measured
from deploy.demo.people import DemoSchool
from deploy.demo.report import SchoolFigures
from deploy.demo.shared_models import SharedModels, shared_chances


@dataclass(frozen=True, slots=True, eq=False)
class CampaignModel:
    """A model of a campaign, as a round carries it."""

    plan: CampaignPlan
    arrays: Arrays


def measure_school(school: DemoSchool, *, start: CampaignModel, coordinator_key: str) -> Measured:
    """Held-out students under the first start, what was shared, the school's BKT, and what it serves now."""
    folder = SchoolFolder(school.folder)
    with opened_store(folder) as store:
        with store.read() as connection:
            release, bkt = active_release(connection), load_bkt(connection)
        if release is None or bkt is None:
            raise RetryLater(ErrorCode.NOT_INSTALLED, f"{school.name} has installed no release.")
        shared = read_release(release.path.read_bytes(), coordinator_key)
        test, predicted = _chances(store, folder, bkt, shared=shared, start=start)
        students, answers = _counts(store)
    correct = scored_answers(test).correct
    charges = charges_of(read_rows(folder.ledger))
    aucs = {rung: auc(correct, predicted[rung]) for rung in RUNGS}
    epsilon = max((charge.epsilon_after for charge in charges), default=0.0)
    figures = SchoolFigures(school.name, students, answers, **aucs, epsilon=epsilon, rung=release.rung)
    return Measured(figures, correct, predicted)


def _chances(
    store: Store, folder: SchoolFolder, bkt: ServedBkt, *, shared: ModelRelease, start: CampaignModel
) -> tuple[tuple[EncodedHistory, ...], dict[str, Chances]]:
    with store.read() as connection:
        test = local_sets(connection, load_school_key(folder.split_key), bkt.skill_map).test
        served = load_ladder(connection, folder.releases)
    local = predict_local_bkt(bkt.parameters, test)
    models = SharedModels(shared.logistic or {}, shared.families, shared.dkt)
    return test, {
        "auc_start": chances(start.plan.model, start.arrays, test),
        **shared_chances(models, test),
        "auc_local": local,
        "auc_served": local if served is None else _served(served, bkt, test),
    }


def _served(served: ServedLadder, bkt: ServedBkt, test: Sequence[EncodedHistory]) -> Chances:
    rungs = logits_by_rung(as_served(bkt.parameters, served.models), test)
    return rungs.chances(served.models.weights)[served.rung]


def _counts(store: Store) -> tuple[int, int]:
    with store.read() as connection:
        return len(student_ids(connection)), sum(interaction_counts(connection).values())
