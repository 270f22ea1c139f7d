"""A masked campaign of one real school, "east", and two without students, with everything published in memory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client.training.answer_message import answer_message
from client.training.replica import keep_up
from client.training.training_school import TrainingSchool
from common.canonical import sha256_hex
from common.opened_round import OpenedRound
from common.plan import CampaignPlan, Member, RoundPlan, SecaggPlan
from common.privacy.secagg.messages import Masked, Survivors, Unmask
from common.privacy.secagg.relay import Opened
from common.privacy.secagg.transcript import transcript_of
from common.signing import Identity, new_identity
from common.trips import Trip
from tests.support.masked_party import MaskedParty, PartyHome
from tests.support.masking_coordinator import MaskingCoordinator
from tests.support.published_rounds import PublishedRounds
from tests.support.schools import Consortium, consortium_of, school_identity, student_names, training_school

OTHERS = ("north", "west")
SECAGG = SecaggPlan(corrupt=0, threshold=2, max_dropped=1, min_margin=1)


@dataclass(slots=True)
class MaskedTraining:
    """A campaign that is set up. answers: each school, as a function from message to reply."""

    school: TrainingSchool
    coordinator: MaskingCoordinator
    published: PublishedRounds
    others: dict[str, MaskedParty] = field(repr=False)
    answers: dict[str, Callable[[bytes], bytes]] = field(repr=False)

    @property
    def campaign(self) -> CampaignPlan:
        """The plan."""
        return self.coordinator.campaign

    def next_plan(self, **changes: Any) -> RoundPlan:
        """The plan that follows from what is published."""
        self.coordinator.model = self.published.known().model
        return self.published.plan(**changes)

    def run_round(self, plan: RoundPlan | None = None, *, silent: str = "") -> OpenedRound:
        """Both trips with everybody, or without a silent school, and the outcome on record."""
        plan = plan or self.next_plan()
        masked = self.mask(plan, silent=silent)
        survivors = self.coordinator.survivors(plan, masked)
        return self.publish(plan, masked, survivors, opened=self.unmask(plan, masked, survivors))

    def mask(self, plan: RoundPlan, *, silent: str = "") -> dict[int, Masked]:
        """The first trip; the real school has computed the model by then, as its judgement requires."""
        keep_up(self.school.replica, self.campaign, plan.round - 1, offered_start=self.published.first_model)
        masked = {}
        for name in plan.cohort:
            if name != silent:
                one = self.coordinator.masked(plan, name, self.answers[name](self.coordinator.request(plan, name)))
                masked[one.member] = one
        return masked

    def unmask(self, plan: RoundPlan, masked: dict[int, Masked], survivors: Survivors) -> Opened:
        """The second trip."""
        unmasks: dict[int, Unmask] = {}
        for place in survivors.members:
            name = self.coordinator.schools[place]
            data = self.answers[name](self.coordinator.unmask(survivors))
            unmasks[place] = self.coordinator.unmasked(plan, survivors, name, data=data)
        return self.coordinator.open(plan, masked, unmasks)

    def publish(
        self, plan: RoundPlan, masked: dict[int, Masked], survivors: Survivors, *, opened: Opened
    ) -> OpenedRound:
        """The outcome and the transcript."""
        vectors = tuple((self.coordinator.schools[place], digest.hex()) for place, digest in survivors.entries)
        outcome = OpenedRound(plan, "opened", vectors, opened.residues)
        transcript = transcript_of(
            plan.round, masked, seeds=opened.seeds, keys=opened.keys, bits=self.coordinator.attempt(plan).bits
        )
        self.published.transcripts[plan.round] = transcript.to_bytes()
        return self.published.publish(outcome)

    def confirm(self, candidate: bytes | None = None) -> bytes:
        """The question whether this is the model; the true one unless given."""
        digest = sha256_hex(self.published.known().model) if candidate is None else candidate.hex()
        return self.coordinator.trip(Trip.CONFIRM, candidate=bytes.fromhex(digest))


def masked_consortium(keys: dict[str, str], coordinator: Identity, **changes: Any) -> Consortium:
    """The campaign of these schools, by name."""
    members = tuple(Member(school=name, identity_key=keys[name], students=200) for name in sorted(keys))
    return consortium_of(
        keys["east"], coordinator=coordinator, **({"members": members, "secagg": SECAGG} | changes)
    )


@contextmanager
def masked_training(folder: Path, *, students: int = 40, **changes: Any) -> Iterator[MaskedTraining]:
    """The campaign after its set-up, with a fresh school; `changes` are to the plan."""
    home = folder / "east"
    home.mkdir()
    boss, identities = new_identity(), {name: new_identity() for name in OTHERS}
    keys = {"east": school_identity(home).public_key} | {name: one.public_key for name, one in identities.items()}
    consortium = masked_consortium(keys, boss, **changes)
    published = PublishedRounds(consortium.campaign, consortium.model)
    with ExitStack() as stack:
        school = stack.enter_context(
            training_school(home, consortium, students=student_names(students), published=published)
        )
        others = {}
        for name, identity in identities.items():
            (folder / name).mkdir()
            party = PartyHome(name, folder / name, identity, boss.public_key)
            others[name] = stack.enter_context(party.open())
        answers: dict[str, Callable[[bytes], bytes]] = {name: party.answer for name, party in others.items()}
        answers["east"] = lambda message: answer_message(message, school)
        coordinator = MaskingCoordinator(boss, consortium.campaign, consortium.model)
        made = MaskedTraining(school, coordinator, published, others, answers)
        set_up(coordinator, answers)
        yield made


def set_up(coordinator: MaskingCoordinator, answers: dict[str, Callable[[bytes], bytes]]) -> None:
    """Both set-up trips."""
    for name, answer in answers.items():
        coordinator.take_join(name, answer(coordinator.invite()))
    for name, answer in answers.items():
        coordinator.take_deals(name, coordinator.read(name, answer(coordinator.deal())).parts["deals"])
