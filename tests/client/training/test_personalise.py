"""A school keeps only what helps its own validation students, and the web process can serve the result."""

import numpy as np
import pytest

from client.training.personalise import PersonalModel, personalise, predict_personal
from client.training.scored_answers import scored_answers
from common.arrays import from_bytes, to_bytes
from common.models.dkt_numpy import predict_dkt
from common.models.encoding import EncodedHistory
from common.models.metrics import auc, log_loss
from tests.support.simulated_school import SimulatedSchool, simulated_school


@pytest.fixture(scope="module")
def school() -> SimulatedSchool:
    return simulated_school()


@pytest.fixture(scope="module")
def personal(school: SimulatedSchool) -> PersonalModel:
    return personalise(school.release, school.train, school.validation)


def _loss(model: PersonalModel, students: list[EncodedHistory]) -> float:
    return log_loss(scored_answers(students).correct, predict_personal(model, students))


def test_it_helps_students_that_no_stage_has_seen(school: SimulatedSchool, personal: PersonalModel) -> None:
    """Item difficulty is worth a lot in this world; the shared arrays can't hold it."""
    release = PersonalModel(school.release, {})
    assert personal.difficulty
    assert _loss(personal, school.test) < _loss(release, school.test) - 0.01
    correct = scored_answers(school.test).correct
    assert auc(correct, predict_personal(personal, school.test)) > 0.02 + auc(
        correct, predict_personal(release, school.test)
    )


def test_it_is_never_worse_on_validation(school: SimulatedSchool) -> None:
    """Trained on answers that say nothing, both stages are dropped and the release stays byte for byte."""
    rng = np.random.default_rng(1)
    noise = [type(h)(h.student, h.items, h.skill_rows, rng.random(len(h)) < 0.5, h.weight, h.at_seconds)
             for h in school.train]  # fmt: skip
    kept = personalise(school.release, noise, school.validation)
    release = PersonalModel(school.release, {})
    assert _loss(kept, school.validation) <= _loss(release, school.validation)


def test_only_the_output_layer_changes(school: SimulatedSchool, personal: PersonalModel) -> None:
    """The shared states stay those of the release, and so does the release itself."""
    for name in ("W_in", "b", "W_hh", "u"):
        assert personal.arrays[name] is school.release[name]
    assert tuple(personal.arrays) == tuple(school.release)


def test_the_web_process_predicts_the_same(school: SimulatedSchool, personal: PersonalModel) -> None:
    """The numpy network, with the arrays read back from bytes, within 1e-5."""
    arrays = from_bytes(to_bytes(personal.arrays))
    some = school.test[:8]
    want = np.concatenate([predict_dkt(arrays, history, personal.difficulty)[1:] for history in some])
    np.testing.assert_allclose(predict_personal(personal, some), want, atol=1e-5)


def test_without_students_the_release_stays_as_it_is(school: SimulatedSchool) -> None:
    """Nothing to fit on, or nothing to decide by."""
    for train, validation in (([], school.validation), (school.train, [])):
        kept = personalise(school.release, train, validation)
        assert kept.arrays is school.release
        assert not kept.difficulty


def test_the_same_students_give_the_same_model(school: SimulatedSchool, personal: PersonalModel) -> None:
    """A school can repeat what it did."""
    again = personalise(school.release, school.train, school.validation)
    assert to_bytes(again.arrays) == to_bytes(personal.arrays)
    assert again.difficulty == personal.difficulty
