"""Whatever goes silent or crashes, a round ends in the exact sum or in nothing, and no mask is used twice."""

import random
from dataclasses import dataclass, field

import pytest

from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Masked, Survivors, Unmask
from common.privacy.secagg.replay import replay
from common.privacy.secagg.state import HolderState
from common.privacy.secagg.terms import Attempt
from common.privacy.secagg.transcript import Transcript, transcript_of
from tests.support.secagg_world import SecaggWorld, secagg_world

CRASHES = ("", "before-masked", "after-masked", "before-unmask", "after-unmask")
SCHEDULES = 120


@dataclass(slots=True)
class Disk:
    """One school's durable record: a state and the replies that belong to it, replaced in one write.

    seen: every vector that ever left, by round. A crash before the write loses what was computed; one after it
    loses nothing, and the caller asks again.
    """

    state: bytes
    masked: dict[bytes, Masked] = field(default_factory=dict)
    unmask: dict[bytes, tuple[Unmask, tuple[Deal, ...]]] = field(default_factory=dict)
    seen: dict[int, set[bytes]] = field(default_factory=dict)


class Crashed(Exception):
    """The school's process ended."""


def answer_masked(world: SecaggWorld, disk: Disk, member: int, attempt: Attempt, *, crash: str = "") -> Masked:
    """Trip 1 as a school does it, with a crash on either side of its write."""
    if attempt.ctx not in disk.masked:
        world.states[member] = HolderState.from_bytes(disk.state)
        masked = world.mask(attempt, member)
        if crash == "before-masked":
            raise Crashed
        disk.state, disk.masked[attempt.ctx] = world.states[member].to_bytes(), masked
    if crash == "after-masked":
        raise Crashed
    reply = disk.masked[attempt.ctx]
    disk.seen.setdefault(attempt.number, set()).add(reply.y)
    return reply


def answer_unmask(
    world: SecaggWorld, disk: Disk, member: int, survivors: Survivors, *, crash: str = ""
) -> tuple[Unmask, tuple[Deal, ...]]:
    """Trip 2 in the same way."""
    if survivors.name not in disk.unmask:
        world.states[member] = HolderState.from_bytes(disk.state)
        reply = world.unmask(survivors, member)
        if crash == "before-unmask":
            raise Crashed
        disk.state, disk.unmask[survivors.name] = world.states[member].to_bytes(), reply
    if crash == "after-unmask":
        raise Crashed
    return disk.unmask[survivors.name]


def _replayed(world: SecaggWorld, attempt: Attempt, transcript: Transcript, *, total: object) -> None:
    deals = [world.deals[attempt.number][dealer, 0] for dealer in attempt.cohort]
    replay(world.terms, attempt, transcript, deals=deals, total=total)  # type: ignore[arg-type]


def _one_round(world: SecaggWorld, disks: list[Disk], number: int, *, chance: random.Random) -> str:
    """A round with silence and crashes drawn by `chance`: "exact", or why it was aborted."""
    quiet = chance.choice((0.0, 0.05, 0.25))
    attempt = world.attempt(number)
    masked, unmasks = {}, {}
    for member in attempt.cohort:
        crash = chance.choice(CRASHES[1:3]) if chance.random() < 0.2 else ""
        try:
            reply = answer_masked(world, disks[member], member, attempt, crash=crash)
        except Crashed:
            reply = answer_masked(world, disks[member], member, attempt)  # started again, asked again
        if chance.random() >= quiet:
            masked[member] = reply
    try:
        survivors = world.survivors(attempt, masked)
    except SecaggRefused as refusal:
        return str(refusal.fault)
    for member in masked:
        if chance.random() < quiet:
            continue
        try:
            crash = chance.choice(CRASHES[3:]) if chance.random() < 0.2 else ""
            unmasks[member], deals = answer_unmask(world, disks[member], member, survivors, crash=crash)
        except Crashed:
            unmasks[member], deals = answer_unmask(world, disks[member], member, survivors)
        world.take_deals(deals)
    try:
        opened = world.open(attempt, masked, unmasks)
    except SecaggRefused as refusal:
        return str(refusal.fault)
    assert opened.total.tolist() == world.plain_sum(number, sorted(masked)).tolist()
    transcript = transcript_of(number, masked, seeds=opened.seeds, keys=opened.keys, bits=attempt.bits)
    assert Transcript.from_bytes(transcript.to_bytes()) == transcript
    _replayed(world, attempt, transcript, total=opened.total)
    return "exact"


def _refill(world: SecaggWorld, disks: list[Disk], upto: int) -> None:
    for member, disk in enumerate(disks):
        world.states[member] = HolderState.from_bytes(disk.state)
        world.refill(member, upto)
        disk.state = world.states[member].to_bytes()


def test_random_schedules_end_exact_or_aborted() -> None:
    """3 to 7 members, three rounds each: no wrong sum, each replayed, one vector per round and school."""
    chance = random.Random(20)
    ends: dict[str, int] = {}
    for _ in range(SCHEDULES):
        world = secagg_world(chance.randint(3, 7), dimensions=9)
        disks = [Disk(state.to_bytes()) for state in world.states]
        for number in (1, 2, 3):
            end = _one_round(world, disks, number, chance=chance)
            ends[end] = ends.get(end, 0) + 1
            _refill(world, disks, number + 2)
        assert all(len(vectors) == 1 for disk in disks for vectors in disk.seen.values())
    assert set(ends) <= {"exact", "too-many-dropped", "too-few-shares"}
    assert ends["exact"] > SCHEDULES
    assert ends["too-many-dropped"] > 0
    assert ends["too-few-shares"] > 0


@pytest.mark.parametrize("members", [3, 5])
@pytest.mark.parametrize("crash", CRASHES)
@pytest.mark.parametrize("silent", ["nobody", "before", "after"])
def test_every_crash_with_silence_in_either_trip(members: int, crash: str, silent: str) -> None:
    """Three rounds; in each one school crashes at one point and another is silent in one trip."""
    world = secagg_world(members, dimensions=9)
    disks = [Disk(state.to_bytes()) for state in world.states]
    for number in (1, 2, 3):
        attempt, victim, quiet = world.attempt(number), number % members, (number + 1) % members
        masked, unmasks = {}, {}
        for member in attempt.cohort:
            if member == quiet and silent == "before":
                continue
            try:
                at = crash if member == victim and crash in CRASHES[1:3] else ""
                masked[member] = answer_masked(world, disks[member], member, attempt, crash=at)
            except Crashed:
                masked[member] = answer_masked(world, disks[member], member, attempt)
        survivors = world.survivors(attempt, masked)
        for member in masked:
            if member == quiet and silent == "after" and members == 3:
                continue  # t = 2 of 3; of five, four have to answer
            try:
                at = crash if member == victim and crash in CRASHES[3:] else ""
                unmasks[member], deals = answer_unmask(world, disks[member], member, survivors, crash=at)
            except Crashed:
                unmasks[member], deals = answer_unmask(world, disks[member], member, survivors)
            world.take_deals(deals)
        opened = world.open(attempt, masked, unmasks)
        assert opened.total.tolist() == world.plain_sum(number, sorted(masked)).tolist()
        _refill(world, disks, number + 2)
    assert all(len(vectors) == 1 for disk in disks for vectors in disk.seen.values())


def test_without_the_write_a_crash_would_mask_twice_under_one_key() -> None:
    """The mutation that the tests above have to catch: a reply that leaves before the state is on disk."""
    world = secagg_world(3, dimensions=9)
    attempt = world.attempt(1)
    before = world.states[0]
    first = world.mask(attempt, 0)
    world.states[0] = before  # the machine lost power: nothing was written
    world.values[0, 1] = world.value(0, 1) + 1  # fresh noise
    second = world.mask(attempt, 0)
    assert first.y != second.y


def test_a_replay_finds_every_kind_of_lie() -> None:
    """A sum that is off by one, another vector, another opened secret, another round."""
    world = secagg_world(5)
    attempt, masked, opened = world.run_round(1, silent=[2])
    good = transcript_of(1, masked, seeds=opened.seeds, keys=opened.keys, bits=attempt.bits)
    _replayed(world, attempt, good, total=opened.total)
    off = opened.total.copy()
    off[3] += 1
    fewer = transcript_of(
        1, {m: v for m, v in masked.items() if m != 4}, seeds=opened.seeds, keys=opened.keys, bits=24
    )
    swapped = {**masked, 0: masked[1]}
    lies = [
        (good, off),
        (fewer, opened.total),
        (transcript_of(1, masked, seeds={**opened.seeds, 1: bytes(32)}, keys=opened.keys, bits=24), opened.total),
        (transcript_of(1, masked, seeds=opened.seeds, keys={2: bytes(32)}, bits=24), opened.total),
        (transcript_of(2, masked, seeds=opened.seeds, keys=opened.keys, bits=24), opened.total),
        (transcript_of(1, {**swapped}, seeds=opened.seeds, keys=opened.keys, bits=24), opened.total),
    ]
    for transcript, total in lies:
        with pytest.raises(SecaggRefused) as caught:
            _replayed(world, attempt, transcript, total=total)
        assert caught.value.fault is SecaggFault.REPLAY_DIFFERS


def test_a_replay_finds_the_split_view_of_a_campaigns_last_round() -> None:
    """No later evidence does: one school was told that another was gone, and the published sum holds it."""
    world = secagg_world(5)
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in attempt.cohort}
    survivors = world.survivors(attempt, masked)
    fewer = world.survivors(attempt, {m: masked[m] for m in (0, 1, 2, 3)})
    unmasks = {m: world.unmask(fewer if m == 0 else survivors, m)[0] for m in attempt.cohort}
    opened = world.open(attempt, masked, {m: unmasks[m] for m in (1, 2, 3, 4)})
    transcript = transcript_of(1, masked, seeds=opened.seeds, keys=opened.keys, bits=attempt.bits)
    deals = [world.deals[1][dealer, 0] for dealer in attempt.cohort]

    def again(member: int) -> None:
        last = world.states[member].last_round
        answered = last.survivors if last else b""
        replay(world.terms, attempt, transcript, deals=deals, total=opened.total, answered=answered)

    again(1)
    with pytest.raises(SecaggRefused) as caught:
        again(0)
    assert (caught.value.fault, caught.value.party) == (SecaggFault.TWO_SURVIVOR_SETS, COORDINATOR)
