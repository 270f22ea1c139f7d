"""What is published of a round has one spelling, and its digest covers every bit."""

from dataclasses import replace

import pytest

from common.canonical import canonical_json
from common.errors import Corrupt
from common.opened_round import OpenedRound, vectors_digest
from common.sections import join_sections, split_sections
from tests.support.plans import campaign_plan, round_plan

PLAN = round_plan(campaign_plan())
OPENED = OpenedRound(PLAN, "opened", (("east", "1" * 64), ("north", "2" * 64)), b"123456")


@pytest.mark.parametrize("opened", [OPENED, OpenedRound(PLAN, "aborted")])
def test_it_comes_back(opened: OpenedRound) -> None:
    """Opened or aborted."""
    assert OpenedRound.from_bytes(opened.to_bytes()) == opened


def test_a_list_of_survivors_has_a_name_of_its_own() -> None:
    """Another school or another vector is another list; the plan and the sum aren't in it."""
    lists = [(), OPENED.survivors, OPENED.survivors[:1], (("east", "1" * 64), ("north", "3" * 64))]
    assert len({vectors_digest(survivors) for survivors in lists}) == 4
    assert vectors_digest(replace(OPENED, total=b"").survivors) == vectors_digest(OPENED.survivors)


def test_every_change_changes_the_digest() -> None:
    """The next plan names exactly this outcome."""
    others = [
        replace(OPENED, total=b"123457"),
        replace(OPENED, survivors=OPENED.survivors[:1]),
        replace(OPENED, plan=PLAN.model_copy(update={"round": 2})),
        OpenedRound(PLAN, "aborted"),
    ]
    assert len({opened.digest for opened in [OPENED, *others]}) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"state": b"lost"},
        {"state": b"aborted"},
        {"survivors": b"{}"},
        {"survivors": canonical_json([["north", "2"], ["east", "1"]])},
        {"survivors": canonical_json([["east", "1"], ["east", "2"]])},
        {"survivors": canonical_json([["east"]])},
        {"plan": b"{}"},
        {"more": b""},
    ],
)
def test_other_bytes_are_corrupt(change: dict[str, bytes]) -> None:
    """Unknown states, an aborted round with a sum, schools twice or out of order."""
    with pytest.raises(Corrupt):
        OpenedRound.from_bytes(join_sections(split_sections(OPENED.to_bytes()) | change))
