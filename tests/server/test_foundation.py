"""A network's campaign builds on a released logistic one: its model, its cost, and one release for both."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import FixSettings
from common.models.logistic import initial_arrays
from common.models.release import ModelRelease, read_release
from common.plan import CampaignPlan
from common.shared_model import CURVATURE
from server.campaign import run_campaign
from server.campaign_records import CampaignState, find_campaign, read_model, want_campaign
from server.cli import main
from server.coordinator import Coordinator
from server.foundation import earlier_campaign
from server.plan import CampaignDraft
from server.propose_campaign import propose_campaign
from server.registry import list_releases, read_release_file
from tests.support.coordinators import enrol_schools, new_coordinator, start_arrays
from tests.support.fake_schools import FakeSchool, fake_schools
from tests.support.memory_transport import MemoryTransport, SteppedTime
from tests.support.models import SKILLS

NAMES = ("ash", "birch", "cedar")
FAMILIES = ("halves", "thirds")
LOGISTIC = CampaignDraft("first", 1.0, 2, "logistic", FAMILIES, secure_aggregation=False, measured=False)


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path / "hub")
    yield made
    made.close()


@pytest.fixture
def schools(coordinator: Coordinator) -> dict[str, FakeSchool]:
    """Three of 300 students: enough for a network."""
    made = fake_schools(coordinator.identity.public_key, NAMES)
    for school in made.values():
        school.students = 300
    enrol_schools(coordinator, made)
    return made


def logistic_start() -> bytes:
    """Who was right before will be right again; next to no curvature, so that noise moves little of it."""
    arrays = initial_arrays(SKILLS.rows, len(FAMILIES))
    arrays["slopes"][4] = 2.0  # running share right
    count = sum(array.size for array in arrays.values())
    return to_bytes({**arrays, CURVATURE: np.full(count, 1e-4, np.float32)})


def propose(coordinator: Coordinator, draft: CampaignDraft, start: bytes) -> CampaignPlan:
    """Drafted for the three schools."""
    return propose_campaign(coordinator, draft, skill_map=SKILLS, start_model=start, bundle_digest="b" * 64)


def run(coordinator: Coordinator, schools: dict[str, FakeSchool], plan: CampaignPlan) -> CampaignState:
    """From the operator's word to the end."""
    with coordinator.store.write() as connection:
        want_campaign(connection, plan.digest, wanted=True, at=coordinator.clock.now())
    transport = MemoryTransport(dict(schools))
    return run_campaign(transport, coordinator, plan.digest, pace=SteppedTime().pace()).state


def release_of(coordinator: Coordinator, plan: CampaignPlan) -> ModelRelease:
    """As schools read it."""
    with coordinator.store.read() as connection:
        (found,) = [one for one in list_releases(connection) if one.campaign == plan.digest]
    return read_release(read_release_file(coordinator, found.digest), coordinator.identity.public_key)


def same(one: Arrays | None, other: Arrays | None) -> bool:
    """To the bit."""
    return one is not None and other is not None and to_bytes(one) == to_bytes(other)


def test_it_is_the_released_model_with_what_its_rounds_cost(
    coordinator: Coordinator, schools: dict[str, FakeSchool]
) -> None:
    """The model is kept under the digest that the next plan will name."""
    plan = propose(coordinator, LOGISTIC, logistic_start())
    assert run(coordinator, schools, plan) is CampaignState.RELEASED
    earlier = earlier_campaign(coordinator, "first")
    assert earlier.plan == plan
    assert same(earlier.arrays, release_of(coordinator, plan).logistic)
    foundation = earlier.foundation
    assert (foundation.campaign, foundation.families) == (plan.digest, FAMILIES)
    (spent,) = foundation.spent
    assert (spent.event, spent.honest_schools) == (plan.events(2)[0], 1)
    with coordinator.store.read() as connection:
        kept = read_model(connection, foundation.model_digest)
    assert sha256_hex(kept) == foundation.model_digest
    assert same(from_bytes(kept), earlier.arrays)


def test_what_has_not_released_a_logistic_model_is_no_foundation(
    coordinator: Coordinator, schools: dict[str, FakeSchool]
) -> None:
    """Neither a plan that was only drafted, nor a network."""
    propose(coordinator, LOGISTIC, logistic_start())
    network = CampaignDraft("alone", 2.0, 2, hidden=8, secure_aggregation=False, measured=False)
    plan = propose(coordinator, network, to_bytes(start_arrays(SKILLS.rows, 8)))
    run(coordinator, schools, plan)
    for name in ("first", "alone"):
        with pytest.raises(FixSettings, match=f"{name} hasn't released a logistic model"):
            earlier_campaign(coordinator, name)
    with pytest.raises(FixSettings, match="no campaign nowhere"):
        earlier_campaign(coordinator, "nowhere")


def test_a_network_after_it_is_released_with_both_models_and_one_price(
    coordinator: Coordinator, schools: dict[str, FakeSchool], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the operator's own command; the logistic model goes on to the bit."""
    logistic = propose(coordinator, LOGISTIC, logistic_start())
    assert run(coordinator, schools, logistic) is CampaignState.RELEASED
    first = release_of(coordinator, logistic)
    skills, start = tmp_path / "skills.json", tmp_path / "start.model"
    skills.write_bytes(SKILLS.to_bytes())
    start.write_bytes(to_bytes(start_arrays(SKILLS.rows, 8)))
    draft = ["plan", "draft", "second", "--after", "first", "--rounds", "2"]
    line = ["--folder", str(coordinator.folder.root), *draft]
    line += ["--skills", str(skills), "--start-model", str(start), "--hidden", "8", "--bundle-digest", "b" * 64]
    line += ["--epsilon", "2", "--learning-rate", "0.01", "--no-secure-aggregation", "--no-measuring"]
    assert main(line) == 0
    assert "earlier" in capsys.readouterr().out
    with coordinator.store.read() as connection:
        plan = find_campaign(connection, "second").plan
    assert run(coordinator, schools, plan) is CampaignState.RELEASED
    both = release_of(coordinator, plan)
    assert same(both.logistic, first.logistic)
    assert both.dkt is not None
    assert both.families == FAMILIES
    assert both.card.builds_on == first.card.campaign_digest
    assert plan.epsilon < 1.95 < both.card.epsilon <= 2.0
