"""A school that dies between two durable steps: the same bytes again, one vector per mask, everything paid for."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from common.masking import position
from common.plan import RoundPlan
from common.privacy.ledger import RoundState
from common.privacy.secagg.messages import Masked, Survivors
from tests.support.masked_party import Died
from tests.support.masked_schools import MaskedSchools, masked_schools

MASK_STEPS = (
    "before charge",
    "after charge",
    "before .deals",
    "after .deals",
    "before .state",
    "after .state",
    "before mark sent",
    "after mark sent",
    "before reply",
)
UNMASK_STEPS = ("before .state", "after .state", "before mark opened", "after mark opened", "before reply")
# From this step on the reply is on disk: a restarted school sends those very bytes.
SEALED = "after .state"


@pytest.fixture(params=[3, 5])
def schools(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MaskedSchools]:
    """Three or five schools, set up."""
    with masked_schools(tmp_path, request.param) as made:
        made.set_up()
        yield made


def die_at(schools: MaskedSchools, step: int, message: bytes) -> str:
    """ "ash" dies at this step of answering, and is started again; the step's name."""
    home = schools.homes["ash"]
    home.fuse.left, home.fuse.passed = step, []
    with pytest.raises(Died) as caught:
        schools.parties["ash"].answer(message)
    schools.open("ash")
    return str(caught.value)


def sealed_on_disk(schools: MaskedSchools, plan: RoundPlan) -> bytes | None:
    """What the record holds as the answer to a plan."""
    record = schools.parties["ash"].masking.read(schools.coordinator.campaign.digest)
    return record.answer_to(plan.digest) if record else None


def check_round(schools: MaskedSchools, plan: RoundPlan, masked: dict[int, Masked], survivors: Survivors) -> None:
    """The sum is exact, from the lives that masked."""
    opened = schools.finish(plan, masked, survivors)
    campaign = schools.coordinator.campaign
    sent = [home.sent_integers(campaign, plan.round) for home in schools.homes.values()]
    np.testing.assert_array_equal(opened.total, np.sum(sent, axis=0))


@pytest.mark.parametrize("step", range(len(MASK_STEPS)), ids=MASK_STEPS)
def test_in_the_first_trip(schools: MaskedSchools, step: int) -> None:
    """In three rounds in a row; asked again it answers, and the round goes on with an exact sum."""
    for number in (1, 2, 3):
        plan = schools.coordinator.plan(number)
        message = schools.coordinator.request(plan, "ash")
        before = len(schools.homes["ash"].charges_of(schools.parties["ash"]))
        assert die_at(schools, step, message) == MASK_STEPS[step]
        sealed = sealed_on_disk(schools, plan)
        assert (sealed is not None) == (step >= MASK_STEPS.index(SEALED))
        reply = schools.parties["ash"].answer(message)
        assert sealed in {None, reply}
        assert schools.parties["ash"].answer(message) == reply
        # Died after the charge and before the seal: that charge paid for nothing, and this one is a second.
        wasted = MASK_STEPS.index("after charge") <= step < MASK_STEPS.index(SEALED)
        charged = len(schools.homes["ash"].charges_of(schools.parties["ash"])) - before
        assert charged == 1 + wasted
        masked = schools.mask(plan)
        assert masked[0].y == schools.coordinator.masked(plan, "ash", reply).y
        check_round(schools, plan, masked, schools.coordinator.survivors(plan, masked))


@pytest.mark.parametrize("step", range(len(UNMASK_STEPS)), ids=UNMASK_STEPS)
def test_in_the_second_trip(schools: MaskedSchools, step: int) -> None:
    """In three rounds in a row; it answers the list that it was given first, and no other."""
    for number in (1, 2, 3):
        plan = schools.coordinator.plan(number)
        masked = schools.mask(plan)
        survivors = schools.coordinator.survivors(plan, masked)
        message = schools.coordinator.unmask(survivors)
        assert die_at(schools, step, message) == UNMASK_STEPS[step]
        record = schools.parties["ash"].masking.read(schools.coordinator.campaign.digest)
        assert record is not None
        kept = record.unmask_for(survivors.to_bytes())
        assert (kept is not None) == (step >= UNMASK_STEPS.index(SEALED))
        reply = schools.parties["ash"].answer(message)
        assert kept in {None, reply}
        assert len(schools.homes["ash"].charges_of(schools.parties["ash"])) == number
        check_round(schools, plan, masked, survivors)


def test_in_both_trips_and_the_set_up_at_every_step_in_turn(tmp_path: Path) -> None:
    """One school after the other, at a later step each time, until none is left to die at."""
    with masked_schools(tmp_path) as made:
        coordinator = made.coordinator
        for trip, steps in ((coordinator.invite(), 3), (b"", 3)):
            for school in coordinator.schools:
                message = trip or coordinator.deal()
                for step in range(steps):
                    _dies_or_answers(made, school, message, step)
                reply = made.parties[school].answer(message)
                if trip:
                    coordinator.take_join(school, reply)
                else:
                    coordinator.take_deals(school, coordinator.read(school, reply).parts["deals"])
        plan = coordinator.plan(1)
        masked = {}
        for school in coordinator.schools:
            message = coordinator.request(plan, school)
            for step in reversed(range(len(MASK_STEPS))):
                _dies_or_answers(made, school, message, step)
            one = coordinator.masked(plan, school, made.parties[school].answer(message))
            masked[position(coordinator.campaign, school)] = one
        check_round(made, plan, masked, coordinator.survivors(plan, masked))
        for home in made.homes.values():
            made.close(home.name)
            assert len(home.charges()) >= 1


def _dies_or_answers(schools: MaskedSchools, school: str, message: bytes, step: int) -> None:
    """A step that this answer no longer has isn't reached; then it is simply answered."""
    schools.homes[school].fuse.left = step
    try:
        schools.parties[school].answer(message)
    except Died:
        schools.open(school)
    schools.homes[school].fuse.left = None


def test_a_missing_note_that_it_was_sent_changes_nothing(tmp_path: Path) -> None:
    """Died before the mark: the next answer is the sealed one, and later rounds go on."""
    with masked_schools(tmp_path) as made:
        made.set_up()
        plan = made.coordinator.plan(1)
        message = made.coordinator.request(plan, "ash")
        die_at(made, MASK_STEPS.index("before mark sent"), message)
        masked = made.mask(plan)
        assert RoundState.SENT not in {row.state for row in made.parties["ash"].ledger.rows()}
        check_round(made, plan, masked, made.coordinator.survivors(plan, masked))
        second = made.coordinator.plan(2)
        again = made.mask(second)
        check_round(made, second, again, made.coordinator.survivors(second, again))
