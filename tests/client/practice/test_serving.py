"""What serves: BKT's defaults, the school's fit, the shared model; a failing one never stops practice."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Connection

from client.content.items import Family
from client.practice.logistic_predictor import LogisticPredictor
from client.practice.predictor import Floats
from client.practice.serving import ModelsInUse
from client.practice.stack_predictor import StackPredictor
from client.records.releases import InstalledRelease, deactivate_releases, record_release
from client.records.serving import OWN, ServedBkt, ServedLadder, model_file, save_bkt, save_ladder
from client.records.serving_models import ServingModel, save_serving_model
from common.interactions import History
from common.models.bkt import BktParameters, default_bkt
from common.models.ladder import BKT, Rung
from common.skills import SkillMap
from tests.support.ladders import random_ladder
from tests.support.practising import BANK, School, right_response
from tests.support.stores import in_reader, in_writer

_MAP = SkillMap("consortium", ("Q1", "Q2"))
_DIGEST = "ab" * 32


class _Broken:
    """A model that raises, or answers with nonsense."""

    version = "broken"

    def __init__(self, answer: float | None) -> None:
        self._answer = answer

    def predict(self, history: History, families: Sequence[Family]) -> Floats:
        if self._answer is None:
            raise ZeroDivisionError(history.student)
        return np.full(len(families), self._answer)


def _models(school: School) -> ModelsInUse:
    school.clock.advance(timedelta(seconds=11))
    return in_reader(school.store, lambda c: school.desk.serving.models(c, school.clock.now()))


def _install(school: School, *, rung: Rung = "stack") -> None:
    folder = school.desk.serving._releases
    folder.mkdir(exist_ok=True)
    now = school.clock.now()
    served = ServedLadder(_DIGEST, _MAP, rung, random_ladder(_MAP))
    release = InstalledRelease(_DIGEST, folder / "file", rung, "better here", {}, now, active=True)

    def work(connection: Connection) -> None:
        save_ladder(connection, served, folder, now=now)
        record_release(connection, release)

    in_writer(school.store, work)


def test_defaults_serve_from_the_first_minute(school: School) -> None:
    """No release, no fit."""
    models = _models(school)
    assert models.predictor is models.knowledge
    assert models.predictor.version == "bkt"
    assert models.knowledge.p_start("Q1") == 0.5


def test_the_schools_own_fit_takes_over_within_seconds(school: School) -> None:
    """And the defaults until then."""
    _models(school)
    plain = default_bkt(3)
    fitted = BktParameters(np.full(3, 0.25), plain.p_learn, plain.p_guess, plain.p_slip, plain.p_forget)
    in_writer(school.store, lambda c: save_bkt(c, ServedBkt(_MAP, fitted), now=school.clock.now()))
    before = in_reader(school.store, lambda c: school.desk.serving.models(c, school.clock.now()))
    assert before.knowledge.p_start("Q1") == 0.5
    assert _models(school).knowledge.p_start("Q1") == 0.25


def test_an_active_release_predicts_and_bkt_still_decides_mastery(school: School) -> None:
    """Until it is rolled back."""
    _install(school)
    models = _models(school)
    assert models.predictor.version == _DIGEST
    assert models.knowledge.version == "bkt"
    offer = school.offer()
    school.submit(right_response(offer.item))
    in_writer(school.store, deactivate_releases)
    assert _models(school).predictor.version == "bkt"


@pytest.mark.parametrize(("rung", "kind"), [("logistic", LogisticPredictor), ("stack", StackPredictor)])
def test_the_rung_that_the_gate_let_in_predicts(school: School, rung: Rung, kind: type) -> None:
    """With the certainty that was calibrated for it."""
    _install(school, rung=rung)
    models = _models(school)
    assert isinstance(models.predictor, kind)
    assert models.certainty.source == "school"
    version, predicted = school.desk.serving.predict(models, History("s", ()), BANK.families())
    assert version == _DIGEST
    assert np.isfinite(predicted).all()


def test_a_school_alone_serves_what_it_measured(school: School) -> None:
    """Without any release, within seconds of the measurement."""
    assert _models(school).predictor.version == "bkt"
    folder = school.desk.serving._releases
    folder.mkdir(exist_ok=True)
    own = ServedLadder(OWN, _MAP, "logistic", random_ladder(_MAP, network=False))
    in_writer(school.store, lambda c: save_ladder(c, own, folder, now=school.clock.now()))
    assert _models(school).predictor.version == "logistic"


def test_a_release_that_the_gate_kept_out_does_not_predict(school: School) -> None:
    """Its rung is BKT's."""
    _install(school, rung="bkt")
    assert _models(school).predictor.version == "bkt"


def test_a_damaged_model_file_leaves_bkt(school: School) -> None:
    """Noticed by its hash."""
    _install(school)
    model_file(school.desk.serving._releases, _DIGEST).write_bytes(b"HRA1 damaged")
    assert _models(school).predictor.version == "bkt"


def test_damaged_parameters_leave_the_defaults(school: School) -> None:
    """A row that nobody could have written."""
    bad = ServingModel(BKT, {"strange": 1}, school.clock.now())
    in_writer(school.store, lambda c: save_serving_model(c, bad))
    assert _models(school).knowledge.p_start("Q1") == 0.5


@pytest.mark.parametrize("answer", [None, float("nan"), float("inf")])
def test_a_failing_model_is_replaced_by_bkt_and_logged_by_code_only(
    school: School, answer: float | None, caplog: pytest.LogCaptureFixture
) -> None:
    """The log never holds a student, not even out of the error's own text."""
    models = _models(school)
    broken = ModelsInUse(models.knowledge, _Broken(answer))
    with caplog.at_level(logging.ERROR, logger="homeroom.practice"):
        version, predicted = school.desk.serving.predict(broken, History("ada-1", ()), BANK.families())
    assert version == "bkt"
    assert predicted == pytest.approx(np.full(len(BANK.families()), 0.55))
    assert "bad-release" in caplog.text
    assert "ada-1" not in caplog.text
