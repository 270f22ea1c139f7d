"""A masked campaign of schools without students and their coordinator, on a temporary disk, set up and ready."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.model_terms import DktTerms
from common.plan import RoundPlan
from common.privacy.secagg.messages import Masked, Survivors
from common.privacy.secagg.relay import Opened
from common.signing import new_identity
from tests.support.masked_party import MaskedParty, PartyHome
from tests.support.masking_coordinator import MaskingCoordinator, masked_campaign
from tests.support.schools import HIDDEN, SKILLS

NAMES = ("ash", "birch", "cedar", "elm", "fir", "gum")
SMALL_MODEL = DktTerms(
    kind="dkt", hidden=HIDDEN, skill_map_version=SKILLS.version, skill_names=SKILLS.names, start_digest="c" * 64
)


@dataclass(slots=True)
class MaskedSchools:
    """homes: what outlives a process. parties: the processes that are up."""

    coordinator: MaskingCoordinator
    homes: dict[str, PartyHome]
    parties: dict[str, MaskedParty] = field(default_factory=dict)
    _stacks: dict[str, ExitStack] = field(default_factory=dict)

    def open(self, name: str) -> MaskedParty:
        """Starts a school's process, after ending the one before."""
        self.close(name)
        stack = self._stacks[name] = ExitStack()
        self.parties[name] = stack.enter_context(self.homes[name].open())
        return self.parties[name]

    def close(self, name: str) -> None:
        """Ends it, if it is up."""
        if name in self._stacks:
            self._stacks.pop(name).close()

    def set_up(self) -> None:
        """Both set-up trips, with everybody there."""
        for school, party in self.parties.items():
            self.coordinator.take_join(school, party.answer(self.coordinator.invite()))
        for school, party in self.parties.items():
            reply = self.coordinator.read(school, party.answer(self.coordinator.deal()))
            self.coordinator.take_deals(school, reply.parts["deals"])

    def mask(self, plan: RoundPlan, schools: Sequence[str] | None = None) -> dict[int, Masked]:
        """The first trip with these schools, or with the whole cohort."""
        masked = {}
        for school in plan.cohort if schools is None else schools:
            reply = self.parties[school].answer(self.coordinator.request(plan, school))
            one = self.coordinator.masked(plan, school, reply)
            masked[one.member] = one
        return masked

    def finish(self, plan: RoundPlan, masked: dict[int, Masked], survivors: Survivors | None = None) -> Opened:
        """The second trip with every survivor, and the sum."""
        survivors = survivors or self.coordinator.survivors(plan, masked)
        unmasks = {}
        for place in survivors.members:
            school = self.coordinator.schools[place]
            data = self.parties[school].answer(self.coordinator.unmask(survivors))
            unmasks[place] = self.coordinator.unmasked(plan, survivors, school, data=data)
        return self.coordinator.open(plan, masked, unmasks)


@contextmanager
def masked_schools(folder: Path, count: int = 3, **changes: Any) -> Iterator[MaskedSchools]:
    """This many schools, all up; nothing has been sent yet."""
    identity = new_identity()
    homes = {}
    for name in NAMES[:count]:
        (folder / name).mkdir(parents=True)
        homes[name] = PartyHome(name, folder / name, new_identity(), identity.public_key)
    keys = {name: home.identity.public_key for name, home in homes.items()}
    campaign = masked_campaign(keys, identity.public_key, **({"model": SMALL_MODEL} | changes))
    schools = MaskedSchools(MaskingCoordinator(identity, campaign), homes)
    try:
        for name in homes:
            schools.open(name)
        yield schools
    finally:
        for name in homes:
            schools.close(name)
