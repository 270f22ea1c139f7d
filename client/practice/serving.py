"""Which model predicts now: the rung that the gate let in, if it behaves; else the school's BKT, then defaults."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from client.content.items import Family
from client.practice.dkt_predictor import DktPredictor
from client.practice.logistic_predictor import LogisticPredictor
from client.practice.predictor import BktPredictor, Floats, Predictor, default_predictor
from client.practice.stack_predictor import StackPredictor
from client.records.releases import active_release
from client.records.serving import OWN, ServedLadder, ladder_kind, load_bkt, load_ladder
from client.records.serving_models import newest_serving_model
from common.clock import Clock
from common.errors import ErrorCode, HomeroomError
from common.interactions import History
from common.logs import EventLog
from common.models.conformal import NEVER_SURE, Conformal
from common.models.ladder import BKT, LOGISTIC

REFRESH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ModelsInUse:
    """`knowledge` decides what counts as known; `predictor` ranks items and may be the same.

    certainty: when a prediction of `predictor` is sure enough to be said.
    """

    knowledge: BktPredictor
    predictor: Predictor
    certainty: Conformal = NEVER_SURE


class Serving:
    """Looks at the database for newer models every few seconds; a model that fails is left out, practice goes on.

    skills: those of the item bank. releases: the folder of the school's model files.
    """

    def __init__(self, skills: Sequence[str], *, releases: Path, clock: Clock) -> None:
        self._defaults = default_predictor(skills)
        self._releases = releases
        self._clock = clock
        self._log = EventLog("practice")
        self._lock = threading.Lock()
        self._models = ModelsInUse(self._defaults, self._defaults)
        self._marks: tuple[object, ...] | None = None
        self._checked_at: datetime | None = None

    def models(self, connection: Connection, now: datetime) -> ModelsInUse:
        """The models to use for this answer."""
        with self._lock:
            if self._checked_at is None or abs(now - self._checked_at) >= timedelta(seconds=REFRESH_SECONDS):
                self._checked_at = now
                self._refresh(connection)
            return self._models

    def predict(self, models: ModelsInUse, history: History, families: Sequence[Family]) -> tuple[str, Floats]:
        """(version, (N,) probabilities); BKT's when the shared model's don't come or aren't finite."""
        try:
            predicted = models.predictor.predict(history, families)
            if np.isfinite(predicted).all():
                return models.predictor.version, predicted
            self._log.error("model-failed", code=ErrorCode.BAD_RELEASE, reason="not finite")
        except Exception as error:  # noqa: BLE001 - practice goes on whatever a shared model does
            self._log.error("model-failed", code=ErrorCode.BAD_RELEASE, error=type(error).__name__)
        return models.knowledge.version, models.knowledge.predict(history, families)

    def _refresh(self, connection: Connection) -> None:
        release = active_release(connection)
        ladder = ladder_kind(OWN if release is None else release.digest)
        kept = [newest_serving_model(connection, kind) for kind in (BKT, ladder)]
        marks = (
            *(None if one is None else one.fitted_at for one in kept),
            None if release is None else (release.digest, release.rung, release.installed_at),
        )
        if marks == self._marks:
            return
        self._marks = marks
        knowledge = self._knowledge(connection)
        self._models = self._above(connection, knowledge) or ModelsInUse(knowledge, knowledge)

    def _knowledge(self, connection: Connection) -> BktPredictor:
        try:
            served = load_bkt(connection)
        except (HomeroomError, KeyError, TypeError) as error:
            self._log.error("own-bkt-unusable", error=type(error).__name__)
            return self._defaults
        if served is None or served.parameters.rows != served.skill_map.rows:
            return self._defaults
        return BktPredictor(served.parameters, served.skill_map)

    def _above(self, connection: Connection, knowledge: BktPredictor) -> ModelsInUse | None:
        """The rung above BKT that serves, or None."""
        try:
            served = load_ladder(connection, self._releases)
        except (HomeroomError, KeyError, TypeError, ValueError, AttributeError) as error:
            self._log.error("model-unusable", code=ErrorCode.BAD_RELEASE, error=type(error).__name__)
            return None
        if served is None:
            return None
        return ModelsInUse(knowledge, _predictor(served, self._clock), served.models.certainty)


def _predictor(served: ServedLadder, clock: Clock) -> Predictor:
    models, version = served.models, served.rung if served.digest == OWN else served.digest
    logistic = LogisticPredictor(models.logistic, served.skill_map, clock=clock, version=version)
    if served.rung == LOGISTIC or models.dkt is None:
        return logistic
    network = DktPredictor(models.dkt, served.skill_map, difficulty=models.difficulty, version=version)
    return StackPredictor(logistic, network, models.weights, version=version)
