"""Private campaigns in the benchmark: both dials, within the budget, in the report beside the rest."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.quality.groups import answered
from benchmarks.quality.outputs import chances
from benchmarks.quality.private_regimes import Wishes, private_entries
from benchmarks.quality.protocol import by_school
from benchmarks.quality.simulated import pack_items, simulated_log
from benchmarks.quality.verdicts import gain_kept, questions


@pytest.mark.slow
def test_both_dials_stay_within_the_budget_and_reach_every_school() -> None:
    """Four small schools: what was spent is reported, each has its predictions, and no network is trained."""
    log = simulated_log(2, schools=4, smallest=12, largest=20)
    consortium = by_school(log, seed=0)
    families = tuple(sorted({one.item for history in log.histories for one in history}))
    wishes = Wishes(8.0, hidden=4, free_hidden=4, seed=0, families=families, items=tuple(pack_items()))
    with ThreadPoolExecutor(1) as pool:
        entries = private_entries(consortium, pool, wishes, say=lambda _: None)
    regimes = ("federated", "federated_personal")
    assert [entry.name for entry in entries] == [f"lr/{r}/{d}-8" for d in ("central", "shares") for r in regimes]
    truth = answered(consortium)
    for entry in entries:
        assert entry.spent.epsilon is not None
        assert 0 < entry.spent.epsilon <= 8.0
        counts = {name: len(found) for name, found in chances(entry.outputs).items()}
        assert counts == {one.name: len(one.correct) for one in truth}
    assert gain_kept(entries, truth, ["shares-8"]) == []  # nothing without privacy to compare with


def test_private_campaigns_are_asked_whether_they_beat_the_school_alone() -> None:
    """And whether the stack is ever below its logistic rung."""
    asked = {(one.better[0], one.than[0], one.label, one.than_label) for one in questions("shares-3")}
    assert ("stack", "lr", "shares-3", "none") in asked
    assert ("stack", "lr", "shares-3", "shares-3") in asked
    assert ("dkt", "dkt", "shares-3", "none") in asked
