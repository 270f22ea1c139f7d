"""A step down changes which rung serves and nothing else, and can be undone until the next measuring."""

from pathlib import Path

import numpy as np
import pytest

from client.records.audit_trail import recent_audit
from client.records.serving import OWN, ServedLadder, load_ladder, save_ladder
from client.records.serving_json import packed
from client.records.serving_steps import StepDown, can_step_back, is_held, step_back, step_down
from client.records.store import Store
from common.errors import FixSettings
from common.models.conformal import Conformal
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS
from tests.support.stores import NOW, in_reader, in_writer

STEP = StepDown("logistic", "It was worse.", Conformal(0.9, 25, "school"))
LADDER = ServedLadder(OWN, SKILLS, "stack", random_ladder(SKILLS, seed=3), "It was better.")


def loaded(store: Store, folder: Path) -> ServedLadder:
    """What practice would get."""
    found = in_reader(store, lambda connection: load_ladder(connection, folder))
    assert found is not None
    return found


def test_a_step_down_and_back(store: Store, tmp_path: Path) -> None:
    """Arrays stay to the bit; rung, reason and certainty change and come back."""
    in_writer(store, lambda connection: save_ladder(connection, LADDER, tmp_path, now=NOW))
    before = loaded(store, tmp_path)
    in_writer(store, lambda connection: step_down(connection, STEP, by="drift monitor", now=NOW))
    down = loaded(store, tmp_path)
    assert (down.rung, down.models.certainty) == ("logistic", STEP.certainty)
    for name, array in packed(before.models).items():
        np.testing.assert_array_equal(packed(down.models)[name], array)
    assert in_reader(store, can_step_back)
    assert in_writer(store, lambda connection: step_back(connection, by="abe", now=NOW)) == "stack"
    up = loaded(store, tmp_path)
    assert (up.rung, up.models.certainty) == ("stack", before.models.certainty)
    assert in_reader(store, is_held)
    trail = in_reader(store, lambda connection: recent_audit(connection, count=9))
    assert [(one.actor, one.action, one.subject) for one in trail] == [
        ("abe", "rung-restored", OWN),
        ("drift monitor", "rung-dropped", OWN),
    ]


def test_a_measuring_ends_the_step_and_the_hold(store: Store, tmp_path: Path) -> None:
    """There is nothing to undo any more, and the page says why."""
    in_writer(store, lambda connection: save_ladder(connection, LADDER, tmp_path, now=NOW))
    in_writer(store, lambda connection: step_down(connection, STEP, by="drift monitor", now=NOW))
    in_writer(store, lambda connection: save_ladder(connection, LADDER, tmp_path, now=NOW))
    assert not in_reader(store, can_step_back)
    assert not in_reader(store, is_held)
    with pytest.raises(FixSettings, match="measured again since"):
        in_writer(store, lambda connection: step_back(connection, by="abe", now=NOW))


def test_a_school_that_never_measured_has_no_step_to_take(store: Store) -> None:
    """BKT serves, with nothing below."""
    assert not in_reader(store, can_step_back)
    with pytest.raises(FixSettings, match="No model above the skill tracer"):
        in_writer(store, lambda connection: step_down(connection, STEP, by="drift monitor", now=NOW))
