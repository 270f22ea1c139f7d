"""What a consortium shares, as a school has it before it fits anything of its own, on held-out students."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from client.commands.opened import opened_store
from client.settings import SchoolFolder, load_school_key
from client.training.dataset import local_sets
from client.training.local_fit import predict_logits
from client.training.personalise import PersonalModel, personal_logits
from client.training.scored_answers import scored_answers
from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.local_logistic import LocalLogistic
from common.models.metrics import auc
from common.models.odds import sigmoid
from common.models.stack import CONSORTIUM, stacked_logit
from common.skills import SkillMap
from deploy.demo.measured import SHARED, Chances


@dataclass(frozen=True, slots=True, eq=False)
class SharedModels:
    """families: of the logistic model, in its order. network: its six arrays; None if none was trained."""

    logistic: Arrays = field(repr=False)
    families: tuple[str, ...]
    network: Arrays | None = field(repr=False)


def shared_chances(shared: SharedModels, test: Sequence[EncodedHistory]) -> dict[str, Chances]:
    """Chances of a right answer, in the order of `scored_answers`, by the names in `SHARED`.

    `auc_shared` is what a school begins with: both models by the consortium's weights. Without a network all three
    are the logistic model's.
    """
    columns = {family: column for column, family in enumerate(shared.families)}
    logistic = predict_logits(LocalLogistic(shared.logistic, columns), test)
    if shared.network is None:
        return dict.fromkeys(SHARED, sigmoid(logistic))
    network = personal_logits(PersonalModel(shared.network, {}), test)
    both = stacked_logit(CONSORTIUM, logistic, network)
    return dict(zip(SHARED, map(sigmoid, (logistic, network, both)), strict=True))


def pooled_shared(folders: Iterable[Path], skill_map: SkillMap, shared: SharedModels) -> dict[str, float]:
    """AUC over the held-out answers of all schools together, by the names in `SHARED`."""
    correct, chances = [], []
    for path in folders:
        folder = SchoolFolder(path)
        with opened_store(folder) as store, store.read() as connection:
            test = local_sets(connection, load_school_key(folder.split_key), skill_map).test
        correct.append(scored_answers(test).correct)
        chances.append(shared_chances(shared, test))
    answers = np.concatenate(correct)
    return {name: auc(answers, np.concatenate([one[name] for one in chances])) for name in SHARED}
