"""A plan's differences: none is left out, and whatever weakens privacy stands first."""

from collections.abc import Iterator
from typing import Any

import pytest

from client.federation.plan_diff import Difference, Weight, differences
from common.plan import CampaignPlan, EarlierRounds, Foundation, Member, MetricTerms
from common.wire import Wire
from tests.support.judging import masked_campaign, member
from tests.support.plans import NEWTON, logistic_model, privacy_terms

METRICS = MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=24)
SPENT = EarlierRounds(noise_multiplier=9.0, sampling_rate=1.0, rounds=10, honest_schools=3)
FOUNDATION = Foundation(
    campaign="a" * 64, model_digest="b" * 64, families=("halves",), spent=(SPENT,), epsilon=1.5, epsilon_alone=3.0
)
PLAN = masked_campaign(metrics=METRICS, foundation=FOUNDATION)
LOGISTIC = PLAN.model_copy(update={"model": logistic_model(), "optimiser": NEWTON})


def fields_of(value: Wire, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every single value of a plan; members are looked at apart."""
    for name in type(value).model_fields:
        inner = getattr(value, name)
        if isinstance(inner, Wire):
            yield from fields_of(inner, (*path, name))
        elif name != "members":
            yield (*path, name)


def changed(value: Wire, path: tuple[str, ...]) -> Any:
    """The same with another value at this path; types are kept, rules of the wire aren't."""
    name, *rest = path
    old = getattr(value, name)
    if rest:
        new = changed(old, tuple(rest))
    elif isinstance(old, str):
        new = old[::-1] + "x"
    elif isinstance(old, tuple):
        new = (*old, SPENT if name == "spent" else "fractions")
    else:
        new = old + 1
    return value.model_copy(update={name: new})


def found(**changes: Any) -> dict[str, Difference]:
    """What a changed plan differs in, by field."""
    new = masked_campaign(**({"metrics": METRICS, "foundation": FOUNDATION} | changes))
    return {one.field: one for one in differences(PLAN, new)}


def test_the_first_plan_and_the_same_plan_differ_from_nothing() -> None:
    """The first plan's summary is the whole of it."""
    assert differences(None, PLAN) == ()
    assert differences(PLAN, PLAN) == ()


def paths() -> list[tuple[CampaignPlan, tuple[str, ...]]]:
    """Every value of a plan for a network, and those that only a logistic model's has."""
    logistic = [(LOGISTIC, path) for path in fields_of(LOGISTIC) if path[0] in ("model", "optimiser")]
    return [*((PLAN, path) for path in fields_of(PLAN)), *logistic]


@pytest.mark.parametrize(("plan", "path"), paths())
def test_no_value_of_a_plan_can_change_unseen(plan: CampaignPlan, path: tuple[str, ...]) -> None:
    """A field that is added to the plan has to be added to the comparison, or this fails."""
    new = changed(plan, path)
    assert new != plan
    if path == ("campaign",):
        assert differences(plan, new) == ()  # the page shows both names anyway
    else:
        assert differences(plan, new) != ()


def test_schools_that_joined_left_or_changed_are_named() -> None:
    """Each by itself, a new key and a new number of students as well."""
    members = (*PLAN.members[1:], member("pine", "6"))
    changed_west = Member(school="west", identity_key="e" * 64, students=500)
    members = tuple(changed_west if one.school == "west" else one for one in members)
    seen = found(members=members)
    assert seen["School pine"].after == "joined"
    assert seen["School central"].after == "left"
    assert (seen["Key of west"].before, seen["Key of west"].after) == ("3" * 16, "e" * 16)
    assert (seen["Students of west"].before, seen["Students of west"].after) == ("100", "500")
    assert {one.weight for one in seen.values()} == {Weight.PRIVACY}
    assert set(Member.model_fields) == {"school", "identity_key", "students"}, "compare what was added"


@pytest.mark.parametrize(
    ("privacy", "field", "weight"),
    [
        ({"noise_multiplier": 1.0}, "Noise, in clip lengths", Weight.WEAKER),
        ({"noise_multiplier": 2.0}, "Noise, in clip lengths", Weight.STRONGER),
        ({"sampling_rate": 0.5}, "Chance that a student is drawn", Weight.WEAKER),
        ({"honest_schools": 2}, "Honest schools that the noise relies on", Weight.STRONGER),
        ({"clip_norm": 2.0}, "Length that a student's part is clipped to", Weight.PRIVACY),
    ],
)
def test_a_change_says_which_way_it_goes(privacy: dict[str, Any], field: str, weight: Weight) -> None:
    """Less noise is less privacy; a longer clip brings more noise with it and is neither."""
    assert found(privacy=privacy)[field].weight is weight


def test_masking_and_the_measuring_round_come_and_go_in_words() -> None:
    """On, off and none instead of a blank."""
    plain = found(secagg=None, metrics=None, privacy={"honest_schools": 1})
    masking = plain["Masking of the sums"]
    assert (masking.before, masking.after, masking.weight) == ("on", "off", Weight.WEAKER)
    assert plain["Shares that open a secret"].after == "none"
    assert plain["Round that measures, noise"].after == "none"


def test_what_weakens_privacy_stands_first_and_time_last() -> None:
    """The administrator reads from the top."""
    new = PLAN.model_copy(
        update={"round_deadline_seconds": 60.0, "epsilon": PLAN.epsilon * 2, "privacy": privacy_terms()}
    )
    seen = differences(PLAN, new)
    assert [one.weight for one in seen] == sorted((one.weight for one in seen), key=list(Weight).index)
    assert seen[0] == Difference("Epsilon of all rounds", "0.6111", "1.222", Weight.WEAKER)
    assert seen[-1].sentence == "Time for a round: 60 seconds, was 30 seconds (not about privacy)."


def test_a_plan_is_compared_as_it_came_over_the_wire() -> None:
    """Canonical bytes and back change nothing."""
    again = CampaignPlan.from_bytes(PLAN.to_bytes())
    assert differences(PLAN, again) == ()
