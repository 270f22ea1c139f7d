"""What a release is compared with: the school's own computation out of the published sums, or nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.federation.installing import recompute
from client.training.training_school import TrainingSchool
from common.errors import Refused, RetryLater
from tests.support.published_rounds import PublishedRounds, flipped
from tests.support.schools import consortium_of, school_identity, training_school

OTHERS = {"north": "e" * 64, "west": "e" * 64}


@pytest.fixture
def published(tmp_path: Path) -> PublishedRounds:
    """A campaign of three rounds, of which two are published."""
    consortium = consortium_of(school_identity(tmp_path).public_key, minimum_cohort=2)
    published = PublishedRounds(consortium.campaign, consortium.model)
    for _ in range(2):
        published.publish(published.opened(vectors=OTHERS))
    return published


@pytest.fixture
def school(tmp_path: Path, published: PublishedRounds) -> Iterator[TrainingSchool]:
    """The school "east", which was in none of them."""
    consortium = consortium_of(school_identity(tmp_path).public_key, minimum_cohort=2)
    with training_school(tmp_path, consortium, students=[], published=published) as made:
        yield made


def test_it_is_the_model_after_the_last_round(school: TrainingSchool, published: PublishedRounds) -> None:
    """Kept, so that the next question asks nobody."""
    published.publish(published.opened(vectors=OTHERS))
    model = recompute(school.replica, published.campaign)
    assert model == published.known().model
    published.reachable = False
    assert recompute(school.replica, published.campaign) == model


def test_a_campaign_whose_rounds_arent_all_published_gives_no_model(
    school: TrainingSchool, published: PublishedRounds
) -> None:
    """The release waits."""
    with pytest.raises(RetryLater):
        recompute(school.replica, published.campaign)


def test_sums_that_contradict_give_no_model(school: TrainingSchool, published: PublishedRounds) -> None:
    """One bit of the first sum: the second round's plan rests on another."""
    published.publish(published.opened(vectors=OTHERS))
    published.rounds[1] = flipped(published.rounds[1])
    with pytest.raises(Refused, match="as published isn't what this school computes"):
        recompute(school.replica, published.campaign)
