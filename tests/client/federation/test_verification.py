"""A campaign is redone from the public record alone; whatever is bent in it is found and named."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.federation.log_state import LogState
from client.federation.release_verification import verify_releases
from client.federation.verification import Verifier, verify_campaign
from client.federation.whole_log import Check, read_whole_log
from client.training.masking_store import Answered, MaskingStore
from client.training.replay_round import Witness
from common import exchange
from common.canonical import sha256_hex
from common.envelope import peek_kind
from common.errors import RetryLater
from common.exchange import open_request
from common.log_entries import Committed, Opened, Planned, Released, read_entry
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from server.campaign import run_campaign
from server.campaign_records import read_model
from tests.support.bent_record import BentRecord, record_of
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools
from tests.support.masked_campaigns import THREE, masked_world
from tests.support.memory_transport import MemoryTransport, SteppedTime
from tests.support.published_rounds import flipped, with_total
from tests.support.record_bends import BENDS, OWN
from tests.support.seeded import SeededRandomness


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BentRecord]:
    """Three schools, three rounds without masks, a release."""
    coordinator = new_coordinator(tmp_path_factory.mktemp("coordinator"))
    schools = three_schools(coordinator)
    enrol_schools(coordinator, schools)
    plan = add_test_campaign(coordinator, schools)
    run_campaign(MemoryTransport(dict(schools)), coordinator, plan.digest, pace=SteppedTime().pace())
    with coordinator.store.read() as connection:
        start = read_model(connection, plan.model.start_digest)
    yield record_of(coordinator, plan, start)
    coordinator.close()


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BentRecord]:
    """Three schools that mask, one of them silent in the second round."""
    with masked_world(tmp_path_factory.mktemp("masked"), THREE, minimum_cohort=3, metrics=None) as world:
        cedar, key = world.schools["cedar"], world.coordinator.identity.public_key

        def away(message: bytes) -> bytes | None:
            is_second = (
                peek_kind(message) == exchange.REQUEST
                and open_request(message, coordinator_key=key).plan.round == 2
            )
            return None if is_second else cedar(message)

        world.run(MemoryTransport({**world.schools, "cedar": away}, world.hidden, world.sent))
        with world.coordinator.store.read() as connection:
            start = read_model(connection, world.plan.model.start_digest)
        record = record_of(world.coordinator, world.plan, start)
        messages = [batch["ash"] for batch in world.sent if "ash" in batch]
        requests = [
            open_request(one, coordinator_key=key) for one in messages if peek_kind(one) == exchange.REQUEST
        ]
        record.deals = {request.plan.round: request.parts["deals"] for request in requests}
        yield record


def checks_of(
    record: BentRecord, truth: BentRecord, folder: Path, *, known: LogState | None = None
) -> list[Check]:
    """Every line, as the school "east" sees it, which answered what the true record says."""
    key = truth.identity.public_key

    def answered(campaign: CampaignPlan, number: int) -> Answered | None:
        opened = truth.outcome(number)
        own = dict(opened.survivors).get(OWN)
        return Answered(number, opened.plan.digest, own) if own else None

    log, check = read_whole_log(record, known or LogState(OWN), coordinator_key=key)
    found = [check]
    if check.fault:
        return found
    witness = Witness(record, MaskingStore(folder / "secagg"), SeededRandomness(OWN))
    verifier = Verifier(OWN, key, record, answered, witness)
    steps = verify_campaign(truth.campaign, log, verifier)
    while True:
        try:
            found.append(next(steps))
        except StopIteration as end:
            if end.value is not None:
                found += verify_releases(end.value, log, fetch=record.release, coordinator_key=key)
            return found


def fault_of(checks: list[Check]) -> Check:
    """The one fault, which is the last line."""
    assert [check.fault for check in checks[:-1]] == [""] * (len(checks) - 1)
    assert checks[-1].fault, checks[-1]
    return checks[-1]


def test_an_honest_record_holds(honest: BentRecord, tmp_path: Path) -> None:
    """Log, plan, start, three rounds and the release, each with what it was."""
    checks = checks_of(honest, honest, tmp_path)
    assert [(check.what, check.fault) for check in checks] == [
        (what, "") for what in ("log", "plan", "model", "round", "round", "round", "release")
    ]
    assert checks[3].said.startswith("round 1: opened, 3 schools, model ")


def test_a_campaign_that_is_under_way_is_verified_as_far_as_it_is(honest: BentRecord, tmp_path: Path) -> None:
    """Also between a round's plan and its outcome."""
    for last, rounds in ((Planned, 1), (Committed, 1), (Opened, 2)):
        record = honest.copy()
        entries = list(map(read_entry, record.log))
        place = next(n for n, one in enumerate(entries) if isinstance(one, last) and one.round == 2)
        del record.log[place + 1 :]
        record.sign()
        checks = checks_of(record, honest, tmp_path)
        assert [check.what for check in checks] == ["log", "plan", "model", *["round"] * rounds]
        assert not any(check.fault for check in checks)


def test_without_the_coordinator_nothing_is_said(honest: BentRecord, tmp_path: Path) -> None:
    """That isn't a difference."""
    record = honest.copy()
    record.reachable = False
    with pytest.raises(RetryLater):
        checks_of(record, honest, tmp_path)


@pytest.mark.parametrize(("bend", "what", "sentence"), BENDS)
def test_whatever_is_bent_is_named(
    honest: BentRecord, tmp_path: Path, bend: Callable[[BentRecord], None], what: str, sentence: str
) -> None:
    """The first fault ends it, and says which thing differs."""
    record = honest.copy()
    bend(record)
    fault = fault_of(checks_of(record, honest, tmp_path))
    assert (fault.what, sentence in fault.fault) == (what, True), fault


def test_any_flipped_bit_of_an_outcome_is_found(honest: BentRecord, tmp_path: Path) -> None:
    """Plan, names, vectors and sum: two hundred places all over it."""
    good = honest.rounds[3]
    named = set()
    for at in range(0, len(good), max(1, len(good) // 200)):
        record = honest.copy()
        record.rounds[3] = flipped(good, at)
        named.add(fault_of(checks_of(record, honest, tmp_path)).what)
    assert named <= {"plan", "vectors", "sum"}
    assert "sum" in named


def test_any_flipped_bit_of_the_log_is_found(honest: BentRecord, tmp_path: Path) -> None:
    """Five places in each entry; with the head that was signed, and with one that is signed for the lie."""
    log, check = read_whole_log(honest, LogState(OWN), coordinator_key=honest.identity.public_key)
    assert not check.fault
    for place, entry in enumerate(honest.log):
        for at in range(0, len(entry), max(1, len(entry) // 5)):
            record = honest.copy()
            record.log[place] = flipped(entry, at)
            assert fault_of(checks_of(record, honest, tmp_path)).what == "log entry"
            record.sign()
            again = fault_of(checks_of(record, honest, tmp_path, known=log.state))
            assert again.what == "log entry"
            assert (
                "can't read" in again.fault
                or f"Entry {place} of the log isn't" in again.fault
                or ("JSON" in again.fault or "canonical" in again.fault)
            )


def test_a_log_that_shrank_is_found(honest: BentRecord, tmp_path: Path) -> None:
    """What was read before can't be taken back."""
    log, _ = read_whole_log(honest, LogState(OWN), coordinator_key=honest.identity.public_key)
    record = honest.copy()
    del record.log[-1]
    record.sign()
    fault = fault_of(checks_of(record, honest, tmp_path, known=log.state))
    assert (fault.what, "shorter than" in fault.fault) == ("log", True)


def test_another_coordinators_plan_is_refused(honest: BentRecord, tmp_path: Path) -> None:
    """The plan itself names who may sign rounds."""
    truth = honest.copy()
    truth.campaign = honest.campaign.model_copy(update={"coordinator_key": "b" * 64})
    fault = next(check for check in checks_of(honest, truth, tmp_path) if check.fault)
    assert (fault.what, "another coordinator" in fault.fault) == ("plan", True)


def test_a_plan_that_isn_t_in_the_log_is_refused(honest: BentRecord, tmp_path: Path) -> None:
    """Nothing can be looked up for it."""
    truth = honest.copy()
    truth.campaign = honest.campaign.model_copy(update={"rounds": 2})
    fault = next(check for check in checks_of(honest, truth, tmp_path) if check.fault)
    assert (fault.what, "doesn't hold this campaign's plan" in fault.fault) == ("plan", True)


def test_masked_sums_are_replayed_by_a_school_without_deals(masked: BentRecord, tmp_path: Path) -> None:
    """As far as that goes: where a school was missing, who signed which vector."""
    checks = checks_of(masked, masked, tmp_path)
    assert not any(check.fault for check in checks), checks
    said = [check.said for check in checks if check.what == "round"]
    assert ["replayed without deals" in one for one in said] == [True, False, True]
    assert "3 schools" in said[0]
    assert "2 schools, its vectors' signatures checked" in said[1]


def test_masked_sums_are_replayed_with_the_deals_that_were_received(masked: BentRecord, tmp_path: Path) -> None:
    """Also where a school was missing; a seed that isn't the committed one is found."""
    store = MaskingStore(tmp_path / "secagg")
    for number, deals in masked.deals.items():
        store.keep_deals(masked.campaign.digest, number, deals)
    checks = checks_of(masked, masked, tmp_path)
    assert not any(check.fault for check in checks), checks
    assert [", replayed," in check.said for check in checks if check.what == "round"] == [True] * 3
    record = masked.copy()
    record.transcripts[2] = flipped(record.transcripts[2])  # the dropped school's opened key
    fault = fault_of(checks_of(record, masked, tmp_path))
    assert (fault.what, "opened mask key of member 2" in fault.fault) == ("sum", True)


def test_a_lie_about_the_last_masked_sum_is_found_in_its_vectors(masked: BentRecord, tmp_path: Path) -> None:
    """Plan, log, outcome and signature agree; the vectors don't."""
    record = masked.copy()
    opened = record.outcome(3)
    record.publish(with_total(opened, flipped(opened.total, 40)))
    fault = fault_of(checks_of(record, masked, tmp_path))
    assert (fault.what, "isn't the sum of the masked vectors" in fault.fault) == ("sum", True)


@pytest.mark.parametrize("number", [1, 2])
def test_a_transcript_that_is_bent_or_withheld_is_named(masked: BentRecord, tmp_path: Path, number: int) -> None:
    """A vector that nobody may see could be anything."""
    for bend in ("flip", "withhold"):
        record = masked.copy()
        if bend == "flip":
            record.transcripts[number] = flipped(record.transcripts[number], len(record.transcripts[number]) // 2)
        else:
            record.withheld = {f"transcript {number}"}
        fault = fault_of(checks_of(record, masked, tmp_path))
        assert (fault.what, f"round {number}" in fault.said) == ("sum", True)


def test_the_true_model_is_what_the_release_holds(honest: BentRecord, tmp_path: Path) -> None:
    """To the bit, as the log names it."""
    (entry,) = [one for one in map(read_entry, honest.log) if isinstance(one, Released)]
    last = [check for check in checks_of(honest, honest, tmp_path) if check.what == "round"][-1]
    assert last.said.endswith(f"model {entry.model[:16]}")
    assert sha256_hex(honest.rounds[3]) == OpenedRound.from_bytes(honest.rounds[3]).digest
