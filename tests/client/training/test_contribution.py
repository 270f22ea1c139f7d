"""What a school adds to a round before noise: drawn students' clipped gradients, or test students' scores."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from client.training.contribution import contribution_of
from client.training.dataset import recent_histories, round_pool, training_windows
from client.training.evaluation_round import histogram_sum
from client.training.logistic_engine import clipped_sum
from client.training.model_store import ModelStore
from client.training.replica import keep_up
from client.training.training_school import TrainingSchool
from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.model_terms import LogisticTerms
from common.models.logistic import logistic_shapes
from common.permission import Permission
from common.plan import MetricTerms
from common.privacy.clipping import ClippedSum
from common.refusals import Refusal, RefusalCode
from common.shared_model import CURVATURE, column_scales, trained_arrays
from tests.support.plans import NEWTON, logistic_model, round_plan
from tests.support.schools import (
    SKILLS,
    SPLIT_KEY,
    Consortium,
    consortium_of,
    permit,
    school_identity,
    start_model,
    training_school,
)
from tests.support.stores import in_reader

METRICS = MetricTerms(bins=10, noise_multiplier=4.0, modulus_bits=24)


@pytest.fixture
def consortium(tmp_path: Path) -> Consortium:
    """Three training rounds and one that measures."""
    return consortium_of(school_identity(tmp_path).public_key, metrics=METRICS)


@pytest.fixture
def school(tmp_path: Path, consortium: Consortium) -> Iterator[TrainingSchool]:
    """Forty students, and the campaign's start kept."""
    with training_school(tmp_path, consortium) as made:
        keep_up(made.replica, consortium.campaign, 0, offered_start=consortium.model)
        yield made


def measuring(consortium: Consortium, candidate: bytes) -> RoundRequest:
    """The request of the last round."""
    plan = round_plan(consortium.campaign, round=4, kind="evaluate", model_digest=sha256_hex(candidate))
    return RoundRequest(consortium.campaign, plan, candidate)


def contributed(request: RoundRequest, school: TrainingSchool) -> ClippedSum | Refusal:
    """What the school adds."""
    permission = permit(request)
    assert isinstance(permission, Permission)
    return contribution_of(request, permission, school)()


class TestMeasuring:
    """One histogram for each consenting student of the test set."""

    def test_it_is_the_sum_over_the_test_set_of_candidate_and_start(
        self, school: TrainingSchool, consortium: Consortium
    ) -> None:
        """All of them: nobody is drawn, since the rate is 1."""
        candidate = start_model(9)
        made = contributed(measuring(consortium, candidate), school)
        assert isinstance(made, ClippedSum)

        def expected(connection: Connection) -> ClippedSum:
            pool = round_pool(connection, SPLIT_KEY, "test", cohorts=permit_cohorts(consortium))
            assert 2 < len(pool) < 20
            windows = training_windows(connection, pool, skill_map=SKILLS, terms=consortium.campaign.privacy)
            arrays = {"candidate": from_bytes(candidate), "current": from_bytes(consortium.model)}
            return histogram_sum(consortium.campaign.model, windows, **arrays, bins=METRICS.bins, clip_norm=1.0)

        np.testing.assert_array_equal(made.values, in_reader(school.store, expected).values)
        assert made.clip_norm == 1.0
        assert made.values.shape == (40,)

    def test_without_the_start_nothing_can_be_compared(
        self, school: TrainingSchool, consortium: Consortium, tmp_path: Path
    ) -> None:
        """Which leaves as a bare no."""
        without = replace(school, replica=replace(school.replica, models=ModelStore(tmp_path / "none")))
        refusal = contributed(measuring(consortium, start_model(9)), without)
        assert isinstance(refusal, Refusal)
        assert refusal.code is RefusalCode.NOT_TAKING_PART
        assert "start model isn't kept" in refusal.local_reason

    def test_more_test_students_than_the_public_number(self, tmp_path: Path, consortium: Consortium) -> None:
        """The plan's cap is public; a school that has outgrown it sits out."""
        members = (
            consortium.campaign.members[0].model_copy(update={"students": 2}),
            *consortium.campaign.members[1:],
        )
        small = replace(consortium, campaign=consortium.campaign.model_copy(update={"members": members}))
        with training_school(tmp_path, small) as school:
            refusal = contributed(measuring(small, start_model(9)), school)
        assert isinstance(refusal, Refusal)
        assert refusal.code is RefusalCode.NOT_TAKING_PART


class TestTraining:
    """The clipped sum of gradients."""

    def test_nobody_of_another_cohort_is_in_it(self, school: TrainingSchool, consortium: Consortium) -> None:
        """A permission for other school years alone leaves nobody: zeros, and the noise is sent all the same."""
        request = RoundRequest(consortium.campaign, round_plan(consortium.campaign), consortium.model)
        some = contributed(request, school)
        nobody = contribution_of(request, Permission(frozenset({"1999/00"}), 1), school)()
        assert isinstance(some, ClippedSum)
        assert isinstance(nobody, ClippedSum)
        assert some.norm > 0
        assert nobody.norm == 0
        assert nobody.values.shape == some.values.shape

    def test_a_school_that_the_plan_doesnt_name(self, school: TrainingSchool, consortium: Consortium) -> None:
        """It has no public number to draw from."""
        request = RoundRequest(consortium.campaign, round_plan(consortium.campaign), consortium.model)
        refusal = contributed(request, replace(school, name="south"))
        assert isinstance(refusal, Refusal)
        assert refusal.code is RefusalCode.NOT_IN_ROSTER


def permit_cohorts(consortium: Consortium) -> frozenset[str]:
    """The cohorts of the tests' students."""
    permission = permit(measuring(consortium, start_model(9)))
    assert isinstance(permission, Permission)
    return permission.cohorts


def logistic_start(seed: int) -> bytes:
    """A random logistic model for SKILLS with two families."""
    rng = np.random.default_rng(seed)
    arrays = {
        name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in logistic_shapes(SKILLS.rows, 2)
    }
    return to_bytes({**arrays, CURVATURE: np.full(sum(map(np.size, arrays.values())), 0.1, np.float32)})


class TestLogistic:
    """The same round with the logistic model: another engine, the same students and the same fence."""

    @pytest.fixture
    def consortium(self, tmp_path: Path) -> Consortium:
        """Everybody takes part in each of the two training rounds; one measures."""
        start = logistic_start(1)
        model = logistic_model(
            skill_map_version=SKILLS.version,
            skill_names=SKILLS.names,
            families=("item 1", "item 4"),
            start_digest=sha256_hex(start),
        )
        changes = {"privacy": {"sampling_rate": 1.0, "clip_norm": 0.5}, "metrics": METRICS, "rounds": 3}
        made = consortium_of(school_identity(tmp_path).public_key, model=model, optimiser=NEWTON, **changes)
        return replace(made, model=start)

    def test_a_training_round_sums_whole_recent_histories(
        self, school: TrainingSchool, consortium: Consortium
    ) -> None:
        """Each consenting student's newest answers as one history, clipped to the plan's length."""
        campaign = consortium.campaign
        plan = round_plan(campaign, model_digest=sha256_hex(consortium.model))
        made = contributed(RoundRequest(campaign, plan, consortium.model), school)
        assert isinstance(made, ClippedSum)

        def expected(connection: Connection) -> ClippedSum:
            pool = round_pool(connection, SPLIT_KEY, "train", cohorts=permit_cohorts(consortium))
            students = recent_histories(connection, pool, skill_map=SKILLS, terms=campaign.privacy)
            assert isinstance(campaign.model, LogisticTerms)
            return clipped_sum(
                trained_arrays(campaign.model, from_bytes(consortium.model)),
                students,
                0.5,
                families={"item 1": 0, "item 4": 1},
                scales=column_scales(campaign.model),
            )

        np.testing.assert_array_equal(made.values, in_reader(school.store, expected).values)
        assert made.clip_norm == 0.5
        assert made.values[-2:].all()

    def test_a_candidate_is_measured_against_its_start(
        self, school: TrainingSchool, consortium: Consortium
    ) -> None:
        """Both fill histograms; the same model twice fills the same ones twice."""
        other, same = (
            contributed(measuring(consortium, candidate), school)
            for candidate in (logistic_start(2), consortium.model)
        )
        assert isinstance(other, ClippedSum)
        assert isinstance(same, ClippedSum)
        candidate, current = same.values.reshape(2, -1)
        np.testing.assert_array_equal(candidate, current)
        assert (other.values.reshape(2, -1)[0] != candidate).any()
