"""Serving models: the newest of a kind counts."""

from datetime import timedelta

import pytest

from client.records.serving_models import ServingModel, newest_serving_model, save_serving_model
from client.records.store import Store
from tests.support.stores import NOW, in_reader, in_writer

BKT = ServingModel("bkt", {"p_init": [0.2, 0.3], "skills": ["Q7", "Q8"]}, NOW)


def test_parameters_come_back_as_they_were(store: Store) -> None:
    """Numbers to the last bit."""
    model = ServingModel("bkt", {"p_learn": [0.1, 1 / 3]}, NOW)
    in_writer(store, lambda c: save_serving_model(c, model))
    assert in_reader(store, lambda c: newest_serving_model(c, "bkt")) == model


def test_the_last_one_saved_serves(store: Store) -> None:
    """By order of saving, so that a clock set back doesn't bring an old fit back."""
    later = ServingModel("bkt", {"p_init": [0.4]}, NOW - timedelta(days=1))
    in_writer(store, lambda c: save_serving_model(c, BKT))
    in_writer(store, lambda c: save_serving_model(c, later))
    assert in_reader(store, lambda c: newest_serving_model(c, "bkt")) == later


def test_kinds_are_apart(store: Store) -> None:
    """No fit of a kind yet is None."""
    in_writer(store, lambda c: save_serving_model(c, BKT))
    assert in_reader(store, lambda c: newest_serving_model(c, "item-difficulty")) is None


def test_a_parameter_that_isn_t_finite_is_refused(store: Store) -> None:
    """A fit that went wrong never serves."""
    with pytest.raises(ValueError, match="JSON"):
        in_writer(store, lambda c: save_serving_model(c, ServingModel("bkt", [float("inf")], NOW)))
    assert in_reader(store, lambda c: newest_serving_model(c, "bkt")) is None
