"""`verify` over HTTPS: a line for each thing, 0 if nothing differs, 2 after naming what does; proofs offline."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import tests.support.quiet_flower  # noqa: F401 - imported for what it does
from client.cli import main
from client.federation.join import join
from client.records.store import open_school_store
from client.settings import SchoolFolder, create_folder, load_settings
from common.arrays import from_bytes
from common.campaign_message import seal_campaign
from common.canonical import sha256_hex
from common.clock import SystemClock
from common.errors import ErrorCode
from common.log_entries import (
    Committed,
    Confirmed,
    LogEntry,
    Opened,
    Planned,
    Proposed,
    Released,
    entry_bytes,
)
from common.models.release import release_digest, write_release
from common.opened_round import vectors_digest
from common.plan import CampaignPlan
from common.signed_head import conflict_proof, sign_head
from common.signing import load_identity, new_identity
from common.transparency import frontier_of, leaf_hash
from tests.support.fake_coordinator import FakeCoordinator, fake_coordinator
from tests.support.published_rounds import PublishedRounds, flipped
from tests.support.releases import released
from tests.support.schools import approve_in, consortium_of


@dataclass
class World:
    """A school that joined, and a coordinator that has run a campaign of two rounds without it."""

    folder: SchoolFolder
    coordinator: FakeCoordinator
    published: PublishedRounds
    campaign: CampaignPlan

    def verify(self, *arguments: str) -> int:
        """The exit code."""
        return main(["verify", "--folder", str(self.folder.path), *arguments])

    def log(self, entry: LogEntry) -> None:
        """One entry more."""
        self.coordinator.log.append(entry_bytes(entry))


def run_rounds(world: World) -> None:
    """Two rounds of "north" and "west", each with its plan, vectors and outcome in the log."""
    digest = world.campaign.digest
    for number in (1, 2):
        leaves = [leaf_hash(entry) for entry in world.coordinator.log]
        root = frontier_of(leaves).root().hex()
        vectors = {"north": "1" * 64, "west": "2" * 64}
        opened = world.published.opened(vectors=vectors, log_size=len(leaves), log_root=root)
        world.log(Planned(campaign=digest, round=number, plan=opened.plan.digest))
        named = vectors_digest(opened.survivors)
        world.log(Committed(campaign=digest, round=number, vectors=named, ledgers=()))
        world.published.publish(opened)
        world.log(Opened(campaign=digest, round=number, outcome=opened.digest))


def release(world: World) -> None:
    """Confirmed by both."""
    model = world.published.known().model
    for school in ("north", "west"):
        world.log(Confirmed(campaign=world.campaign.digest, school=school, model=sha256_hex(model), matched=True))
    campaign, privacy = world.campaign, world.campaign.privacy
    card = {"rounds": 2, "epsilon": campaign.epsilon, "epsilon_alone": campaign.epsilon_alone}
    card |= {"delta": privacy.delta, "honest_schools": privacy.honest_schools}
    data = write_release(
        released(campaign, "autumn", arrays=from_bytes(model), **card), world.coordinator.identity
    )
    world.coordinator.releases[release_digest(data)] = data
    world.log(Released(campaign=campaign.digest, release=release_digest(data), model=sha256_hex(model)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Everything on loopback."""
    folder = create_folder(tmp_path / "school", school="east")
    with fake_coordinator(tmp_path) as coordinator:
        coordinator.now = SystemClock().now()
        join(coordinator.invitation(tmp_path), folder, 100)
        key = load_identity(folder.identity_key).public_key
        consortium = consortium_of(key, coordinator=coordinator.identity, rounds=2, minimum_cohort=2)
        campaign = consortium.campaign
        coordinator.published = PublishedRounds(campaign, consortium.model)
        coordinator.campaigns = [seal_campaign(coordinator.identity, campaign)]
        store = open_school_store(folder, load_settings(folder))
        approve_in(store, campaign)
        store.close()
        made = World(folder, coordinator, coordinator.published, campaign)
        made.log(Proposed(campaign=campaign.digest, name=campaign.campaign))
        run_rounds(made)
        release(made)
        yield made


def test_an_honest_campaign(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for log, plan on offer, plan, start, each round and the release."""
    assert world.verify() == 0
    lines = capsys.readouterr().out.splitlines()
    whats = [line.removeprefix("ok").split(":")[0].strip() for line in lines[:-1]]
    assert whats == ["log", "signature", "plan", "model", "round", "round", "release"]
    assert lines[-1] == "Nothing differs."


def test_only_one_campaign(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name or digest; an unknown one is said."""
    assert world.verify("--campaign", world.campaign.campaign) == 0
    assert world.verify("--campaign", world.campaign.digest) == 0
    assert world.verify("--campaign", "winter") == 2
    assert "No campaign called winter has reached this school" in capsys.readouterr().err


def test_a_flipped_bit_in_a_sum(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Named on the line, with the sentence beside the errors."""
    world.published.rounds[2] = flipped(world.published.rounds[2])
    assert world.verify() == 2
    found = capsys.readouterr()
    assert "DIFFERS sum: round 2" in found.out
    assert "sum isn't the one that the log holds" in found.err
    assert "Keep this school's folder" in found.out


def test_a_flipped_bit_in_a_log_entry(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The outcome that the log names isn't the one that is published."""
    opened = world.published.rounds[1]
    world.coordinator.log[3] = world.coordinator.log[3].replace(sha256_hex(opened).encode(), b"f" * 64)
    assert world.verify() == 2
    assert "DIFFERS sum: round 1" in capsys.readouterr().out
    world.coordinator.log[3] = b"{}"
    assert world.verify() == 2
    assert "DIFFERS log entry: entry 3" in capsys.readouterr().out


def test_a_flipped_bit_in_a_plan_on_offer(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Its signature is wrong; the rest is looked at all the same."""
    world.coordinator.campaigns = [flipped(world.coordinator.campaigns[0])]
    assert world.verify() == 2
    out = capsys.readouterr().out
    assert "DIFFERS signature: plan on offer" in out
    assert "ok      release" in out


def test_a_release_that_isn_t_in_the_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Offered to schools, and nowhere to be found."""
    data = write_release(released(world.campaign, "secret"), world.coordinator.identity)
    world.coordinator.releases[release_digest(data)] = data
    assert world.verify() == 2
    assert f"DIFFERS log entry: release {release_digest(data)[:16]}" in capsys.readouterr().out


def test_what_this_school_kept_is_damaged(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said, and everything else is still looked at."""
    world.folder.public_log.write_bytes(b"x" * 40)
    assert world.verify() == 2
    out = capsys.readouterr().out
    assert "DIFFERS log: what this school kept" in out
    assert "ok      release" in out


def test_without_the_coordinator(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence, and nothing that sounds like a difference."""
    world.coordinator.status = 503
    assert world.verify() == 2
    found = capsys.readouterr()
    assert "DIFFERS" not in found.out
    assert str(ErrorCode.UNREACHABLE) in found.err


def test_a_proof_is_checked_without_a_network(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both roots are shown; what another key signed proves nothing."""
    world.coordinator.status = 503
    path = tmp_path / "equivocation.proof"
    for signer, sentence in ((world.coordinator.identity, "two histories"), (new_identity(), "unexpected key")):
        one, other = (
            sign_head(signer, consortium="Valley", size=3, root=letter * 64, at="now") for letter in "ab"
        )
        proof = conflict_proof(one, other)
        assert proof is not None
        path.write_bytes(proof)
        assert world.verify("--proof", str(path)) == 2
        found = capsys.readouterr()
        assert sentence in found.out + found.err
    assert world.verify("--proof", str(tmp_path / "nothing")) == 2
    assert "can't be read" in capsys.readouterr().err
