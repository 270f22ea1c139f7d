"""Every figure of a statement follows from plan, ledger and settings: change one of them, and it changes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from client.federation.privacy_statement import Statement
from client.federation.statement_figures import statement_of
from client.settings import PolicySettings
from common.errors import Corrupt, ErrorCode, Refused
from common.plan import CampaignPlan
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import RoundState
from common.privacy.ledger_rows import read_rows
from common.privacy.terms import Event
from tests.support.stated import CALCULATOR, KEY, NEWER, OLDER, StatedSchool, sources, stated_plan, stated_school


def state_of(school: StatedSchool, plan: CampaignPlan | None = None) -> Statement:
    """What its ledger gives today."""
    return statement_of(sources(plan or school.plan, read_rows(school.folder.ledger)), CALCULATOR)


@pytest.fixture
def school(tmp_path: Path) -> StatedSchool:
    """All rounds were charged and opened: three that train, one that measures."""
    made = stated_school(tmp_path / "east")
    for number in range(1, 5):
        made.mark(made.charge(number, OLDER, NEWER), RoundState.OPENED, margin=2)
    return made


def test_the_campaigns_figures_are_those_of_its_charged_rounds(school: StatedSchool) -> None:
    """Composed here from the plan's terms, with nothing from the statement's own code."""
    stated, terms = state_of(school), school.plan.privacy
    metrics = school.plan.metrics
    assert metrics is not None
    events = [Event(terms.noise_multiplier, terms.sampling_rate, 3), Event(metrics.noise_multiplier, 1.0)]
    alone = [event.alone(3) for event in events]
    assert stated.promise.epsilon == epsilon_of(events, terms.delta)
    assert stated.promise.epsilon_alone == epsilon_of(alone, terms.delta)
    assert stated.promise.epsilon_two_schools == epsilon_of(events * 2, terms.delta)
    known = [Event(terms.noise_multiplier, 1.0, 3), events[1]]
    assert stated.promise.epsilon_known_draws == epsilon_of(known, terms.delta) > stated.promise.epsilon
    assert (stated.promise.unit, stated.promise.relation) == ("student", "add or remove one student")
    rounds = [(one.kind, one.planned, one.charged, one.clip_norm) for one in stated.mechanism.rounds]
    assert rounds == [("train", 3, 3, 1.0), ("evaluate", 1, 1, 1.0)]
    assert stated.trust.smallest_margin == 2
    assert stated.ledger.rows == 8


def test_one_more_charge_changes_the_statement(school: StatedSchool) -> None:
    """A round that was paid for twice counts twice, and its first charge was never sent."""
    before = state_of(school)
    school.clock.advance(timedelta(days=3))
    school.mark(school.charge(3, NEWER), RoundState.ABORTED)
    after = state_of(school)
    assert before.promise.epsilon is not None
    assert after.promise.epsilon is not None
    assert after.promise.epsilon > before.promise.epsilon
    assert [one.charged for one in after.mechanism.rounds] == [4, 1]
    assert after.mechanism.outcomes.aborted == 1
    assert after.mechanism.outcomes.opened == 4
    older, newer = after.lifetime
    assert (older.cohort, older.rounds, newer.rounds) == (OLDER, 4, 5)
    assert older.epsilon == before.lifetime[0].epsilon
    assert (newer.first_charge[:10], newer.last_charge[:10]) == ("2026-09-01", "2026-09-04")


def test_another_campaign_counts_for_the_lifetime_and_not_for_this_campaign(school: StatedSchool) -> None:
    """The composition goes from the first charge to the last, whatever it was for."""
    before = state_of(school)
    other = school.plan.model_copy(update={"campaign": "spring"})
    school.charge(1, NEWER, plan=other)
    after = state_of(school)
    assert after.promise == before.promise
    assert [one.campaigns for one in after.lifetime] == [1, 2]
    assert after.lifetime[0].epsilon == before.lifetime[0].epsilon
    assert after.lifetime[1].epsilon is not None
    assert before.lifetime[1].epsilon is not None
    assert after.lifetime[1].epsilon > before.lifetime[1].epsilon
    assert after.ledger.newest_charge_row == before.ledger.newest_charge_row
    assert state_of(school, other).promise.epsilon != after.promise.epsilon


@pytest.mark.parametrize(
    "changes",
    [
        {"privacy": {"honest_schools": 3, "noise_multiplier": 2.0}},
        {"privacy": {"honest_schools": 3, "sampling_rate": 0.5}},
        {"privacy": {"honest_schools": 3, "clip_norm": 2.0}},
        {"privacy": {"honest_schools": 2}},
        {"metrics": None},
    ],
    ids=["noise", "sampling", "clip", "honest", "no measuring round"],
)
def test_another_plan_gives_another_statement(tmp_path: Path, changes: dict[str, object]) -> None:
    """Each term that alters privacy shows."""
    pages = []
    for name, change in (("one", {}), ("two", changes)):
        made = stated_school(tmp_path / name, **change)
        for number in range(1, made.plan.total_rounds + 1):
            made.charge(number)
        stated = state_of(made)
        pages.append((stated.promise, stated.trust, stated.mechanism))
    assert pages[0] != pages[1]


def test_the_limits_are_the_schools_settings(school: StatedSchool) -> None:
    """What an administrator changes is printed."""
    given = sources(school.plan, read_rows(school.folder.ledger))
    stricter = replace(given, policy=PolicySettings(epsilon_lifetime=5.0))
    assert statement_of(given, CALCULATOR).limits.epsilon_lifetime == 8.0
    assert statement_of(stricter, CALCULATOR).limits.epsilon_lifetime == 5.0


def test_fewer_honest_shares_cost_more_down_to_standing_alone(school: StatedSchool) -> None:
    """From the plan's assumption to this school's own share, whose figure is epsilon_alone."""
    stated = state_of(school)
    table = [(one.honest_shares, one.epsilon) for one in stated.trust.collusion]
    assert [count for count, _ in table] == [3, 2, 1]
    figures = [epsilon or 0.0 for _, epsilon in table]
    assert figures == sorted(figures)
    assert figures[0] == pytest.approx(stated.promise.epsilon)
    assert figures[-1] == pytest.approx(stated.promise.epsilon_alone)
    assert stated.trust.needed_honest_schools == 3
    assert "At least 3 of the 5 schools" in stated.trust.in_words


@pytest.mark.parametrize(("own", "needed"), [(1, 1), (2, 3), (3, 3)])
def test_more_noise_of_its_own_needs_fewer_honest_schools(tmp_path: Path, own: int, needed: int) -> None:
    """With all the noise none; with 1/2 of the variance and 1/3 from each other, still three shares."""
    made = stated_school(tmp_path / "east")
    made.charge(1, own=own)
    stated = state_of(made)
    assert (stated.trust.own_honest_schools, stated.trust.needed_honest_schools) == ((own,), needed)
    assert ("No other school" in stated.trust.in_words) == (own == 1)
    if own == 1:
        assert stated.promise.epsilon_alone == stated.promise.epsilon


def test_without_masks_no_other_school_is_trusted(tmp_path: Path) -> None:
    """Every school adds all the noise, no margin is known, and the table has one line."""
    made = stated_school(tmp_path / "east", secagg=None, privacy={"honest_schools": 1})
    made.mark(made.charge(1), RoundState.SENT)
    stated = state_of(made)
    assert [one.honest_shares for one in stated.trust.collusion] == [1]
    assert (stated.trust.smallest_margin, stated.mechanism.outcomes.sent) == (None, 1)


def test_delta_is_its_parts(school: StatedSchool) -> None:
    """What the accountant spends, and what is set aside."""
    parts = state_of(school).mechanism.delta_parts
    assert parts.gaussian + parts.set_aside == pytest.approx(1e-5)
    assert 0 < parts.overdraws < parts.set_aside


def test_too_little_noise_to_speak_of_has_no_bound(tmp_path: Path) -> None:
    """An infinite epsilon isn't a number that JSON can carry, nor one to hide."""
    plan = stated_plan(KEY, privacy={"honest_schools": 3, "noise_multiplier": 0.06}, metrics=None)
    made = replace(stated_school(tmp_path / "east"), plan=plan)
    made.charge(1, own=1)
    rows = [replace(row, own_honest_schools=3) for row in read_rows(made.folder.ledger)]
    stated = statement_of(sources(plan, tuple(rows)), CALCULATOR)
    assert stated.promise.epsilon_alone is None
    assert stated.trust.collusion[-1].epsilon is None


def test_a_campaign_that_was_never_charged_has_no_statement(school: StatedSchool) -> None:
    """Refused by name; nothing is made up."""
    unknown = school.plan.model_copy(update={"campaign": "spring"})
    with pytest.raises(Refused, match="knows no charge of the campaign spring") as caught:
        state_of(school, unknown)
    assert caught.value.code is ErrorCode.NOT_FOUND


def test_a_ledger_that_contradicts_the_plan_is_refused(school: StatedSchool) -> None:
    """Charges on other terms can't be this campaign's."""
    rows = read_rows(school.folder.ledger)
    for changed in ({"noise_multiplier": 9.0}, {"delta": 1e-6}, {"honest_schools": 5}):
        bent = (replace(rows[0], **changed), *rows[1:])  # type: ignore[arg-type]
        with pytest.raises(Corrupt, match=r"Line 1 .* on other terms") as caught:
            statement_of(sources(school.plan, bent), CALCULATOR)
        assert caught.value.code is ErrorCode.LEDGER_BROKEN
    unmeasured = school.plan.model_copy(update={"metrics": None})
    moved = tuple(replace(row, campaign=unmeasured.digest) for row in rows)
    with pytest.raises(Corrupt, match="Line 7"):
        statement_of(sources(unmeasured, moved), CALCULATOR)
