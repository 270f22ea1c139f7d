"""The ledger: charged before released, capped over a lifetime, never refunded, never silently wrong."""

import math
import os
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import StoppedClock
from common.errors import Corrupt, ErrorCode, FixSettings, RetryLater
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import (
    Accountant,
    Caps,
    Charge,
    Cost,
    Entry,
    Ledger,
    RoundState,
    charges_of,
    costs_by_cohort,
    read_rows,
)
from common.privacy.ledger_rows import row_hash, row_line
from common.privacy.terms import Event, MechanismTerms
from common.refusals import Refusal, RefusalCode
from tests.support.privacy import count_rounds, mechanism_terms

WIDE = Caps(epsilon=1e6, epsilon_alone=1e6)
CAMPAIGN, CTX = "c" * 64, "d" * 64
OLDER, NEWER = "2025/26", "2026/27"


def open_ledger(folder: Path, caps: Caps = WIDE, accountant: Accountant = count_rounds) -> Ledger:
    """A ledger in `folder` whose epsilon is, unless told otherwise, the number of rounds."""
    return Ledger(folder / "ledger.jsonl", caps=caps, epsilon_of=accountant, clock=StoppedClock())


def charge(ledger: Ledger, terms: MechanismTerms | None = None, **changes: Any) -> Entry | Refusal:
    """One more round, for students of one cohort unless changed."""
    values: dict[str, Any] = {"campaign": CAMPAIGN, "round": 1, "ctx": CTX, "cohorts": frozenset({NEWER})}
    return ledger.charge(Charge(terms=terms or mechanism_terms(), **(values | changes)))


def charged(ledger: Ledger, terms: MechanismTerms | None = None, **changes: Any) -> Entry:
    """One more round, which must not be refused."""
    entry = charge(ledger, terms, **changes)
    assert isinstance(entry, Entry)
    return entry


def test_a_charge_is_on_disk_with_all_that_it_paid_for(tmp_path: Path) -> None:
    """Every term of the mechanism that decides the cost, who asked, and when."""
    with open_ledger(tmp_path) as ledger:
        entry = charged(ledger, mechanism_terms(honest_schools=3))
        assert read_rows(tmp_path / "ledger.jsonl") == (entry,) == ledger.rows()
    assert (entry.seq, entry.kind, entry.campaign, entry.round, entry.ctx) == (1, "charge", CAMPAIGN, 1, CTX)
    assert (entry.noise_multiplier, entry.sampling_rate, entry.honest_schools) == (1.5, 0.25, 3)
    assert (entry.delta, entry.state, entry.at) == (1e-5, "charged", "2026-09-01T08:00:00+00:00")
    assert (entry.own_honest_schools, entry.round_kind, entry.cohorts) == (3, "train", (NEWER,))


def test_the_cost_is_composed_over_the_lifetime_and_over_restarts(tmp_path: Path) -> None:
    """Three rounds in three lives cost what the accountant says of three rounds, not three times one."""
    for count in (1, 2, 3):
        with open_ledger(tmp_path, accountant=epsilon_of) as ledger:
            entry = charged(ledger, mechanism_terms(honest_schools=4))
        assert entry.epsilon_after == epsilon_of([Event(1.5, 0.25, count)], 1e-5)
        assert entry.epsilon_alone_after == epsilon_of([Event(0.75, 0.25, count)], 1e-5)


def test_campaigns_with_other_terms_are_composed_at_the_smallest_delta(tmp_path: Path) -> None:
    """A stricter delta, once promised, is kept."""
    with open_ledger(tmp_path, accountant=epsilon_of) as ledger:
        charged(ledger, mechanism_terms(delta=1e-7))
        entry = charged(ledger, mechanism_terms(noise_multiplier=2.0, sampling_rate=0.5))
    assert entry.epsilon_after == epsilon_of([Event(1.5, 0.25), Event(2.0, 0.5)], 1e-7)


@pytest.mark.parametrize("caps", [Caps(3, 1e6), Caps(1e6, 3)], ids=["epsilon", "alone"])
def test_the_cap_is_never_passed_and_a_refusal_writes_nothing(tmp_path: Path, caps: Caps) -> None:
    """Three rounds fit a cap of three; the fourth is refused, today and after a restart."""
    with open_ledger(tmp_path, caps) as ledger:
        for _ in range(3):
            charged(ledger)
        before = (tmp_path / "ledger.jsonl").read_bytes()
        refusal = charge(ledger)
    assert isinstance(refusal, Refusal)
    assert refusal.code == RefusalCode.BUDGET_LIFETIME
    assert "4.000" in refusal.sentence
    assert "(limit 3.000)" in refusal.sentence
    with open_ledger(tmp_path, caps) as ledger:
        assert isinstance(charge(ledger), Refusal)
    assert (tmp_path / "ledger.jsonl").read_bytes() == before


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0.5, 4.0),
            st.integers(1, 9),
            st.sets(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3),
        ),
        max_size=6,
    ),
    st.floats(0.5, 6.0),
)
def test_no_sequence_of_plans_gets_any_cohort_past_the_cap(
    tmp_path_factory: pytest.TempPathFactory, plans: list[tuple[float, int, set[str]]], cap: float
) -> None:
    """Whatever is asked of whom, what each cohort was charged stays within both caps, by the accountant's word."""
    folder = tmp_path_factory.mktemp("ledger")
    with open_ledger(folder, Caps(cap, 2 * cap), epsilon_of) as ledger:
        for noise_multiplier, honest, cohorts in plans:
            terms = mechanism_terms(noise_multiplier=noise_multiplier, honest_schools=honest)
            charge(ledger, terms, cohorts=frozenset(cohorts))
        charges = charges_of(ledger.rows())
    for cohort in ("a", "b", "c"):
        own = [row for row in charges if cohort in row.cohorts]
        assert epsilon_of([row.event for row in own], 1e-5) <= cap
        assert epsilon_of([row.event_alone for row in own], 1e-5) <= 2 * cap


def test_each_cohort_pays_for_its_own_rounds_only(tmp_path: Path) -> None:
    """Who came to the school later hasn't spent what others spent before."""
    with open_ledger(tmp_path) as ledger:
        charged(ledger, cohorts=frozenset({OLDER}))
        charged(ledger, cohorts=frozenset({OLDER}))
        both = charged(ledger, cohorts=frozenset({OLDER, NEWER}))
        assert (both.cohorts, both.epsilon_after) == ((OLDER, NEWER), 3.0)
        assert charged(ledger, cohorts=frozenset({NEWER})).epsilon_after == 2.0
        assert costs_by_cohort(ledger.rows(), count_rounds) == {OLDER: Cost(3.0, 3.0), NEWER: Cost(2.0, 2.0)}


def test_one_spent_cohort_stops_the_charge_of_all_that_are_asked(tmp_path: Path) -> None:
    """Which cohorts sit out is the policy's to say; the ledger takes all of them or none."""
    with open_ledger(tmp_path, Caps(2, 2)) as ledger:
        charged(ledger, cohorts=frozenset({OLDER}))
        charged(ledger, cohorts=frozenset({OLDER}))
        assert isinstance(charge(ledger, cohorts=frozenset({OLDER, NEWER})), Refusal)
        assert isinstance(charge(ledger, cohorts=frozenset({NEWER})), Entry)


def test_a_school_that_adds_more_noise_than_asked_is_charged_less_for_standing_alone(tmp_path: Path) -> None:
    """With own_honest_schools = 1 its share is the full noise: both figures agree. Less is refused."""
    with open_ledger(tmp_path, accountant=epsilon_of) as ledger:
        entry = charged(ledger, mechanism_terms(honest_schools=4), own_honest_schools=1)
        assert (entry.honest_schools, entry.own_honest_schools) == (4, 1)
        assert entry.epsilon_after == entry.epsilon_alone_after == epsilon_of([Event(1.5, 0.25)], 1e-5)
        for odd in (0, 5):
            with pytest.raises(FixSettings, match="own_honest_schools"):
                charge(ledger, mechanism_terms(honest_schools=4), own_honest_schools=odd)


@pytest.mark.parametrize(
    "odd", [{"cohorts": frozenset()}, {"cohorts": frozenset({""})}, {"round_kind": ""}], ids=str
)
def test_a_charge_that_nobody_pays_for_cant_be_made(tmp_path: Path, odd: dict[str, Any]) -> None:
    """It would be on no cohort's account."""
    with open_ledger(tmp_path) as ledger, pytest.raises(FixSettings, match="cohorts"):
        charge(ledger, **odd)


def test_the_head_tells_how_far_the_ledger_has_come_and_nothing_else(tmp_path: Path) -> None:
    """It goes to the public log. Each row holds a random salt, so that nobody can try out what it says."""
    with open_ledger(tmp_path) as ledger:
        assert ledger.head() == (0, "0" * 64)
        first, second = charged(ledger), charged(ledger)
        assert ledger.head() == (2, second.hash)
        assert len(bytes.fromhex(first.salt)) == 16
        assert first.salt != second.salt
    with open_ledger(tmp_path) as ledger:
        assert ledger.head() == (2, second.hash)


def test_a_ledger_of_the_first_format_goes_on(tmp_path: Path) -> None:
    """Its charges count for every cohort, and what becomes of its last round can still be noted."""
    path = tmp_path / "ledger.jsonl"
    with open_ledger(tmp_path) as ledger:
        entry = charged(ledger)
    old = replace(entry, own_honest_schools=1, round_kind="", cohorts=(), salt="", margin=-1)
    path.write_bytes(row_line(replace(old, hash=row_hash(old))))
    with open_ledger(tmp_path) as ledger:
        assert costs_by_cohort(ledger.rows(), count_rounds) == {"all students": Cost(1.0, 1.0)}
        assert ledger.mark(CTX, RoundState.OPENED, margin=1).margin == 1
        assert charged(ledger, cohorts=frozenset({OLDER})).epsilon_after == 2.0
        assert charged(ledger, cohorts=frozenset({NEWER})).epsilon_after == 2.0
        assert costs_by_cohort(ledger.rows(), count_rounds) == {OLDER: Cost(2.0, 2.0), NEWER: Cost(2.0, 2.0)}
    assert len(read_rows(path)) == 4


@pytest.mark.parametrize("epsilon", [math.inf, math.nan])
def test_an_infinite_or_meaningless_cost_is_refused(tmp_path: Path, epsilon: float) -> None:
    """NaN compares as false with everything, so the comparison has to be the safe way round."""
    with open_ledger(tmp_path, accountant=lambda events, delta: epsilon) as ledger:
        assert isinstance(charge(ledger), Refusal)
    assert read_rows(tmp_path / "ledger.jsonl") == ()


def test_the_cost_can_be_asked_before_anything_is_charged(tmp_path: Path) -> None:
    """The policy compares it with the plan's figures."""
    with open_ledger(tmp_path) as ledger:
        charged(ledger)
        assert ledger.cost_after(mechanism_terms(), cohorts=[NEWER]) == Cost(2.0, 2.0)
        assert ledger.cost_after(mechanism_terms(), cohorts=[OLDER]) == Cost(1.0, 1.0)
        assert ledger.cost_after(mechanism_terms(), cohorts=[OLDER, NEWER]) == Cost(2.0, 2.0)
        assert len(ledger.rows()) == 1


def test_the_same_round_again_is_a_new_charge(tmp_path: Path) -> None:
    """Fresh noise for the same data costs again; only the same bytes are free, and they don't come here."""
    with open_ledger(tmp_path) as ledger:
        assert [charged(ledger).epsilon_after for _ in range(2)] == [1.0, 2.0]


def test_states_are_noted_at_no_cost_and_with_the_time(tmp_path: Path) -> None:
    """A mark repeats the newest charge of its round, and what it had come to."""
    clock = StoppedClock()
    with Ledger(tmp_path / "ledger.jsonl", caps=WIDE, epsilon_of=count_rounds, clock=clock) as ledger:
        charged(ledger, mechanism_terms(noise_multiplier=2.0))
        charged(ledger, ctx="e" * 64)
        clock.advance(timedelta(minutes=1))
        entry = ledger.mark(CTX, RoundState.SENT)
        assert (entry.seq, entry.kind, entry.state, entry.noise_multiplier) == (3, "state", "sent", 2.0)
        assert (entry.epsilon_after, entry.at, entry.margin) == (1.0, "2026-09-01T08:01:00+00:00", -1)
        assert ledger.mark(CTX, RoundState.OPENED, margin=2).margin == 2
        assert charged(ledger).epsilon_after == 3.0
        with pytest.raises(FixSettings, match="no charge"):
            ledger.mark("f" * 64, RoundState.SENT)
    assert len(read_rows(tmp_path / "ledger.jsonl")) == 5


def test_a_failed_flush_refuses_and_may_have_charged_but_never_the_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is in the file but not known to be on the disk: nothing may be released for it."""
    with open_ledger(tmp_path) as ledger:
        charged(ledger)
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", fail)
            refusal = charge(ledger)
            with pytest.raises(RetryLater, match="can't be written"):
                ledger.mark(CTX, RoundState.SENT)
        assert isinstance(refusal, Refusal)
        assert refusal.code == RefusalCode.LEDGER_UNWRITABLE
        assert charged(ledger).epsilon_after == 3.0
    assert len(charges_of(read_rows(tmp_path / "ledger.jsonl"))) == 3


def fail(descriptor: int) -> None:
    """A disk that doesn't flush."""
    raise OSError("input/output error")


def test_rows_lost_under_a_running_ledger_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even lines cut so neatly that the chain still fits."""
    path = tmp_path / "ledger.jsonl"
    with open_ledger(tmp_path) as ledger:
        charged(ledger)
        charged(ledger)
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
        for _ in range(2):
            with pytest.raises(Corrupt) as broken:
                charge(ledger)
            assert broken.value.code == ErrorCode.LEDGER_BROKEN


def test_a_damaged_ledger_doesnt_open_and_isnt_touched(tmp_path: Path) -> None:
    """And the lock is free afterwards, for whoever repairs it."""
    path = tmp_path / "ledger.jsonl"
    with open_ledger(tmp_path) as ledger:
        charged(ledger)
    damaged = path.read_bytes().replace(b'"charge"', b'"refund"')
    path.write_bytes(damaged)
    for _ in range(2):
        with pytest.raises(Corrupt, match="Line 1"):
            open_ledger(tmp_path)
    assert path.read_bytes() == damaged


def test_a_ledger_that_cant_be_read_says_so(tmp_path: Path) -> None:
    """A folder where the file should be."""
    (tmp_path / "ledger.jsonl").mkdir()
    with pytest.raises(RetryLater, match="can't be read"):
        open_ledger(tmp_path)


def test_one_process_at_a_time(tmp_path: Path) -> None:
    """Two counts of one budget would spend it twice."""
    with open_ledger(tmp_path), pytest.raises(RetryLater, match="Another process"):
        open_ledger(tmp_path)
    open_ledger(tmp_path).close()


def test_threads_take_turns(tmp_path: Path) -> None:
    """Twenty charges from four threads against a cap of ten: ten rows, in one chain."""
    outcomes: list[Entry | Refusal] = []
    with open_ledger(tmp_path, Caps(10, 10)) as ledger:
        threads = [
            threading.Thread(target=lambda: outcomes.extend(charge(ledger) for _ in range(5))) for _ in "abcd"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 10
    assert [row.epsilon_after for row in read_rows(tmp_path / "ledger.jsonl")] == [float(n) for n in range(1, 11)]


@pytest.mark.parametrize("cap", [-1.0, math.inf, math.nan])
def test_a_cap_that_caps_nothing_is_refused(cap: float) -> None:
    """Infinity and NaN would let an infinite cost pass."""
    with pytest.raises(FixSettings, match="limit"):
        Caps(cap, 1.0)
