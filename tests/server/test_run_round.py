"""A round ends by its deadline; a bad reply drops one school by name and the rest goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.exchange import RoundReply, RoundRequest, open_request, seal_reply
from common.federated_step import dimensions, mean_update
from common.privacy.mechanism import open_sum
from common.refusals import RefusalCode
from common.signing import new_identity
from server.admission import (
    NOT_A_MEMBER,
    WRONG_LENGTH,
    WRONG_ROUND,
    AnswerState,
    admit,
    share_bytes,
)
from server.coordinator import Coordinator
from server.journal import read_journal
from server.plan import RoundPlace, next_round
from server.round_records import RoundState, read_rounds
from server.run_round import RoundOutcome, run_round
from server.transport import Lost
from tests.support.coordinators import add_test_campaign, new_coordinator, start_arrays, three_schools
from tests.support.fake_schools import FakeSchool
from tests.support.memory_transport import MemorySchool, MemoryTransport, SteppedTime

Forgery = Callable[[FakeSchool, RoundRequest], bytes | Lost | None]


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path)
    yield made
    made.close()


@pytest.fixture
def schools(coordinator: Coordinator) -> dict[str, FakeSchool]:
    """East, north and west."""
    return three_schools(coordinator)


@pytest.fixture
def request_(coordinator: Coordinator, schools: dict[str, FakeSchool]) -> RoundRequest:
    """The first round of a campaign of the three, of which two are enough."""
    plan = add_test_campaign(coordinator, schools)
    model = to_bytes(start_arrays(3, plan.model.hidden))
    first = next_round(
        plan,
        RoundPlace(1, plan.digest, plan.digest),
        model_digest=sha256_hex(model),
        cohort=sorted(schools),
    )
    return RoundRequest(plan, first, model)


def _reply(school: FakeSchool, request: RoundRequest, update: bytes | None = None, ctx: str = "") -> bytes:
    share = school.share(request) if update is None else update
    return seal_reply(school.identity, RoundReply(school.name, ctx or request.plan.digest, update=share))


def _signed_by_another(school: FakeSchool, request: RoundRequest) -> bytes:
    return seal_reply(new_identity(), RoundReply(school.name, request.plan.digest, update=school.share(request)))


def _in_another_name(school: FakeSchool, request: RoundRequest) -> bytes:
    reply = RoundReply("east", request.plan.digest, update=school.share(request))
    return seal_reply(school.identity, reply)


def _flipped(school: FakeSchool, request: RoundRequest) -> bytes:
    data = bytearray(_reply(school, request))
    data[-1] ^= 1
    return bytes(data)


FORGERIES: dict[str, tuple[Forgery, AnswerState, str]] = {
    "one number too few": (
        lambda s, r: _reply(s, r, s.share(r)[:-3]),
        AnswerState.REJECTED,
        WRONG_LENGTH,
    ),
    "one number too many": (lambda s, r: _reply(s, r, s.share(r) + b"000"), AnswerState.REJECTED, WRONG_LENGTH),
    "no number": (lambda s, r: _reply(s, r, b""), AnswerState.REJECTED, WRONG_LENGTH),
    "far too long": (lambda s, r: _reply(s, r, b"0" * 500_000), AnswerState.REJECTED, "bad-message"),
    "another round": (lambda s, r: _reply(s, r, ctx="0" * 64), AnswerState.REJECTED, WRONG_ROUND),
    "another signer": (_signed_by_another, AnswerState.REJECTED, "bad-signature"),
    "another school's name": (_in_another_name, AnswerState.REJECTED, "bad-message"),
    "a flipped bit": (_flipped, AnswerState.REJECTED, "bad-message"),
    "not a message": (lambda s, r: b"hello", AnswerState.REJECTED, "bad-message"),
    "nothing": (lambda s, r: b"", AnswerState.REJECTED, "bad-message"),
    "a refusal": (
        lambda s, r: seal_reply(s.identity, RoundReply(s.name, r.plan.digest, refusal=RefusalCode.BUDGET_YEAR)),
        AnswerState.REFUSED,
        "budget-year",
    ),
    "a lost connection": (lambda s, r: Lost("node-unavailable"), AnswerState.LOST, "node-unavailable"),
    "silence": (lambda s, r: None, AnswerState.LATE, ""),
}


def _run(
    coordinator: Coordinator, request: RoundRequest, schools: dict[str, MemorySchool]
) -> tuple[RoundOutcome, SteppedTime]:
    time = SteppedTime()
    return run_round(MemoryTransport(schools), coordinator, request, pace=time.pace()), time


@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
def test_a_bad_reply_drops_one_school_by_name(
    coordinator: Coordinator, schools: dict[str, FakeSchool], request_: RoundRequest, forgery: str
) -> None:
    """West misbehaves; east and north are summed, exactly, without it."""
    forge, state, code = FORGERIES[forgery]

    def west(message: bytes) -> bytes | Lost | None:
        return forge(schools["west"], open_request(message, coordinator_key=coordinator.identity.public_key))

    outcome, _ = _run(coordinator, request_, {**schools, "west": west})
    assert [(a.school, a.state, a.code) for a in outcome.answers] == [
        ("east", AnswerState.ANSWERED, ""),
        ("north", AnswerState.ANSWERED, ""),
        ("west", state, code),
    ]
    assert outcome.state == RoundState.APPLIED
    terms, count = request_.campaign.privacy.mechanism, dimensions(request_.campaign)
    both = [schools[name].share(request_) for name in ("east", "north")]
    # 200 public students answered: sampling_rate .25 x 200 x clip_norm 1 = 50.
    mean = mean_update(request_.campaign, outcome.opened).mean
    assert mean is not None
    np.testing.assert_array_equal(mean, open_sum(both, count=count, terms=terms) / 50.0)
    with coordinator.store.read() as connection:
        (record,) = read_rounds(connection, request_.campaign.digest)
        events = [row.entry for row in read_journal(connection, campaign=request_.campaign.digest)]
    assert [(a.state, a.code) for a in record.answers][2] == (state, code)
    assert (f"school-{state}", "west", code) in {(e.event, e.school, e.detail) for e in events}


def test_the_plan_is_durable_before_anything_is_sent(
    coordinator: Coordinator, schools: dict[str, FakeSchool], request_: RoundRequest
) -> None:
    """A school that is asked can be sure that the coordinator knows what it asked."""
    seen: list[bytes] = []

    def looking(message: bytes) -> bytes:
        with coordinator.store.read() as connection:
            seen.extend(r.plan.to_bytes() for r in read_rounds(connection, request_.campaign.digest))
        return schools["east"](message)

    _run(coordinator, request_, {**schools, "east": looking})
    assert seen == [request_.plan.to_bytes()]


def test_it_ends_as_soon_as_all_have_answered(
    coordinator: Coordinator, schools: dict[str, FakeSchool], request_: RoundRequest
) -> None:
    """No second is waited."""
    outcome, time = _run(coordinator, request_, dict(schools))
    assert outcome.state == RoundState.APPLIED
    assert time.pauses == 0


def test_it_waits_for_the_deadline_and_no_longer(
    coordinator: Coordinator, schools: dict[str, FakeSchool], request_: RoundRequest
) -> None:
    """The plan gives a round 30 seconds."""
    _, time = _run(coordinator, request_, {**schools, "west": lambda message: None})
    assert time.now_seconds == 30.0


def test_below_the_quorum_it_fails_in_words(
    coordinator: Coordinator, schools: dict[str, FakeSchool], request_: RoundRequest
) -> None:
    """One usable answer where two are needed: no sum is opened."""
    outcome, _ = _run(
        coordinator, request_, {**schools, "west": lambda m: b"junk", "east": lambda m: Lost("node-unavailable")}
    )
    assert outcome.state == RoundState.FAILED
    assert (outcome.opened.state, outcome.opened.total) == ("aborted", b"")
    assert outcome.reason == (
        "Round 1 needs 2 schools, and 1 sent an update. "
        "east lost its connection; west was left out: its reply is malformed or too long."
    )


def test_a_reply_from_outside_the_cohort_is_not_counted(
    schools: dict[str, FakeSchool], request_: RoundRequest
) -> None:
    """Neither a stranger nor a member that wasn't asked."""
    narrowed = RoundRequest(
        request_.campaign, request_.plan.model_copy(update={"cohort": ("east",)}), request_.model
    )
    for school in ("north", "stranger"):
        answer = admit(_reply(schools["north"], narrowed), school, narrowed)
        assert (answer.state, answer.code) == (AnswerState.REJECTED, NOT_A_MEMBER)


def test_the_length_of_an_update_follows_from_the_plan(request_: RoundRequest) -> None:
    """Two skills and "other", H = 8: 6 x 32 + 32 + 8 x 32 + 3 x 8 + 3 = 507 numbers of three bytes."""
    assert dimensions(request_.campaign) == 507
    assert share_bytes(request_.campaign) == 507 * 3
