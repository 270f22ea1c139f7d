"""A replay sees no answer before it was given; `test_rungs` has it agree with what the gate heard."""

import numpy as np

from client.insight.replayed import KeptModels, replay
from client.records.serving import ServedBkt, ServedLadder
from common.interactions import History, Interaction
from common.models.bkt import default_bkt
from common.models.ladder import RUNGS, STACK
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS, random_history

HISTORIES = [random_history(n, n, student=f"s{n}") for n in (9, 1, 4, 30)]
MODELS = random_ladder(SKILLS, 2)
KEPT = KeptModels(ServedBkt(SKILLS, default_bkt(SKILLS.rows)), ServedLadder("own", SKILLS, STACK, MODELS))


def test_only_bkt_speaks_where_nothing_stands_above_it() -> None:
    """A school of the first day."""
    found = replay(HISTORIES, KeptModels(KEPT.bkt, None))
    assert set(found.chances) == {"bkt"}


def test_quarantined_answers_are_not_there() -> None:
    """Neither as something to predict nor as something to predict from."""
    kept = (Interaction("a", ("add",), True, 0.0), Interaction("b", ("add",), False, 60.0))
    with_more = (kept[0], Interaction("c", ("divide",), False, 30.0, weight=0.0), kept[1])
    one, other = (replay([History("s", answers)], KEPT) for answers in (kept, with_more))
    assert one.chances["stack"].tolist() == other.chances["stack"].tolist()
    assert other.items == ("b",)
    assert other.gap_seconds.tolist() == [60.0]


def test_the_flip_of_an_answer_changes_nothing_before_it() -> None:
    """Nor at it: no prediction sees what it predicts."""
    history = HISTORIES[3]
    for place in (5, 29):
        flipped = list(history.interactions)
        old = flipped[place]
        flipped[place] = Interaction(old.item, old.skills, not old.correct, old.at_seconds, old.weight)
        one, other = (replay([History("s", tuple(each))], KEPT) for each in (history.interactions, flipped))
        for rung in RUNGS:
            assert np.array_equal(one.chances[rung][:place], other.chances[rung][:place])


def test_no_history_is_no_answer() -> None:
    """A school without students."""
    assert len(replay([], KEPT)) == 0
