"""Releases: verified before they are measured, measured before they serve, and one step back at any time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from client.federation.coordinator_api import CoordinatorApi
from client.federation.join import join
from client.federation.releases import Installer, ServingChoice, SetAside, install_new, verify
from client.federation.serving import roll_back
from client.records.audit_trail import recent_audit
from client.records.releases import active_release, installed_releases
from client.records.serving import load_bkt, load_ladder, model_file
from client.records.store import Store, open_school_store
from client.settings import SchoolFolder, create_folder, load_settings
from common.arrays import from_bytes
from common.clock import StoppedClock
from common.errors import Corrupt, ErrorCode, Refused, RetryLater
from common.models.bkt import default_bkt
from common.models.ladder import LadderModels, Rung
from common.models.release import ModelRelease, release_digest, write_release
from common.plan import CampaignPlan
from common.signing import Identity, load_identity, new_identity
from common.skills import SkillMap
from tests.support.fake_coordinator import FakeCoordinator, fake_coordinator
from tests.support.ladders import random_logistic
from tests.support.releases import released
from tests.support.schools import SKILLS, approve_in, consortium_of, start_model
from tests.support.stores import in_reader, in_writer


@dataclass
class World:
    """An enrolled school with one approved campaign, and its coordinator."""

    coordinator: FakeCoordinator
    folder: SchoolFolder
    store: Store
    api: CoordinatorApi
    clock: StoppedClock
    campaign: CampaignPlan
    measured: list[ModelRelease] = field(default_factory=list)
    rung: Rung = "stack"
    recomputed: bytes = field(default_factory=start_model)
    reachable: bool = True

    def offer(self, name: str = "autumn", *, by: Identity | None = None, **changes: Any) -> str:
        """Puts a release on offer; its digest."""
        data = write_release(released(self.campaign, name, **changes), by or self.coordinator.identity)
        self.coordinator.releases[release_digest(data)] = data
        return release_digest(data)

    def installer(self) -> Installer:
        """The school's installer with a gate that says what `rung` says."""

        def measure(release: ModelRelease) -> ServingChoice:
            self.measured.append(release)
            head = {**release.arrays, "b_out": release.arrays["b_out"] + np.float32(0.5)}
            bkt = default_bkt(release.skill_map.rows)
            models = LadderModels(random_logistic(release.skill_map), head, {"item 1": -0.25})
            return ServingChoice(self.rung, "Measured.", {"auc_local": 0.7}, bkt, models)

        return Installer(self.api, self.store, self.folder, measure, self.recompute)

    def recompute(self, campaign: CampaignPlan) -> bytes:
        """What the school computes from the published sums: the start model, since no round was published."""
        if not self.reachable:
            raise RetryLater(ErrorCode.UNREACHABLE, "The coordinator doesn't answer.")
        if not self.recomputed:
            raise Refused(ErrorCode.BAD_RELEASE, "Round 1 as published isn't what this school computes.")
        return self.recomputed

    def install(self, set_aside: SetAside | None = None) -> list[str]:
        """One look at what is on offer, a minute after the last."""
        self.clock.advance(timedelta(minutes=1))
        return install_new(self.installer(), set() if set_aside is None else set_aside)

    def serving(self) -> str | None:
        """The digest of the model that practice would load."""
        served = in_reader(self.store, lambda c: load_ladder(c, self.folder.releases))
        return served.digest if served else None


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Everything on loopback and in a temporary folder."""
    clock = StoppedClock()
    folder = create_folder(tmp_path / "school", school="east")
    with fake_coordinator(tmp_path) as coordinator:
        enrolment = join(coordinator.invitation(tmp_path), folder, 40, clock=clock)
        identity = load_identity(folder.identity_key)
        campaign = consortium_of(identity.public_key, coordinator_key=coordinator.identity.public_key).campaign
        store = open_school_store(folder, load_settings(folder))
        approve_in(store, campaign)
        coordinator.now = clock.now()
        api = CoordinatorApi(enrolment, identity, clock)
        yield World(coordinator, folder, store, api, clock, campaign)
        store.close()


class TestInstalling:
    """A sound release."""

    def test_it_is_fetched_measured_kept_and_served(self, world: World) -> None:
        """With the personal layer that the gate fitted, from bytes without pickle."""
        digest = world.offer()
        assert world.install() == [digest]
        assert world.serving() == digest
        served = in_reader(world.store, lambda c: load_ladder(c, world.folder.releases))
        bkt = in_reader(world.store, load_bkt)
        assert served is not None
        assert served.models.dkt is not None
        assert bkt is not None
        assert served.skill_map == SKILLS == bkt.skill_map
        assert served.models.difficulty == {"item 1": -0.25}
        expected = from_bytes(start_model())["b_out"] + np.float32(0.5)
        np.testing.assert_array_equal(served.models.dkt["b_out"], expected)
        active = in_reader(world.store, active_release)
        assert active is not None
        assert release_digest(active.path.read_bytes()) == digest

    def test_it_is_installed_once(self, world: World) -> None:
        """The next look neither fetches nor measures it again."""
        digest = world.offer()
        world.install()
        assert world.install() == []
        assert len(world.measured) == 1
        assert world.coordinator.asked.count(f"/api/releases/{digest}") == 1

    def test_when_the_gate_prefers_the_schools_own_model_that_one_serves(self, world: World) -> None:
        """The release is kept with the reason, and practice loads BKT."""
        world.rung = "bkt"
        digest = world.offer()
        assert world.install() == [digest]
        assert world.serving() is None
        active = in_reader(world.store, active_release)
        assert active is not None
        assert (active.rung, active.reason) == ("bkt", "Measured.")

    def test_several_on_offer_are_installed_oldest_first(self, world: World) -> None:
        """So that the newest is the one that serves."""
        first, second = world.offer("first"), world.offer("second")
        assert world.install() == [first, second]
        assert world.serving() == second

    def test_nothing_is_asked_without_an_approved_campaign(self, world: World) -> None:
        """A school that approved nothing has nothing to install."""
        store = world.store
        in_writer(store, lambda c: c.exec_driver_sql("update approved_campaign set decided = 'refused'"))
        world.offer()
        assert world.install() == []
        assert "/api/releases" not in world.coordinator.asked


def bad_offers() -> dict[str, Callable[[World], str]]:
    """Ways in which a release can be wrong, each under its name."""

    def flipped(world: World) -> str:
        digest = world.offer()
        data = bytearray(world.coordinator.releases[digest])
        data[len(data) // 2] ^= 1
        world.coordinator.releases[digest] = bytes(data)
        return digest

    def cut(world: World) -> str:
        digest = world.offer()
        world.coordinator.releases[digest] = world.coordinator.releases[digest][:-9]
        return digest

    other_skills = SkillMap("test/2", ("add", "subtract", "multiply", "divide", "decimals"))
    return {
        "one bit flipped": flipped,
        "cut short": cut,
        "signed by a stranger": lambda world: world.offer(by=new_identity()),
        "another campaign": lambda world: world.offer(campaign_digest="e" * 64),
        "another skill map": lambda world: world.offer(skill_map=other_skills),
    }


class TestRefusing:
    """A release that can't be trusted leaves the last good model serving."""

    @pytest.mark.parametrize("kind", list(bad_offers()))
    def test_it_is_refused_before_it_is_measured(self, world: World, kind: str) -> None:
        """Noted in the audit trail, once, and fetched once."""
        good = world.offer("good")
        world.install()
        bad = bad_offers()[kind](world)
        set_aside: SetAside = set()
        assert world.install(set_aside) == []
        assert world.install(set_aside) == []
        assert world.serving() == good
        assert len(world.measured) == 1
        assert world.coordinator.asked.count(f"/api/releases/{bad}") == 1
        assert not (world.folder.releases / f"{bad}.release").exists()
        trail = in_reader(world.store, lambda c: recent_audit(c, count=10))
        assert [row.action for row in trail if row.subject == bad] == ["release-refused"]

    def test_every_flipped_byte_and_every_cut_is_refused(self, world: World) -> None:
        """Signature and digest cover the whole file."""
        digest = world.offer()
        data = world.coordinator.releases[digest]
        for at in range(0, len(data), 97):
            damaged = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
            for wrong in (damaged, data[:at]):
                for name in (digest, release_digest(wrong)):
                    with pytest.raises((Corrupt, Refused)):
                        verify(world.installer(), name, wrong)

    @pytest.mark.parametrize("name", ["W_in", "b", "W_hh", "W_out", "b_out", "u"])
    def test_one_bit_from_the_schools_own_model_is_refused(self, world: World, name: str) -> None:
        """In any array, however well it is signed."""
        arrays = from_bytes(start_model())
        crafted = arrays[name].copy()
        crafted.view(np.uint32).reshape(-1)[0] ^= 1
        bad = world.offer(arrays={**arrays, name: crafted})
        with pytest.raises(Refused, match="isn't the model that this school computes"):
            verify(world.installer(), bad, world.coordinator.releases[bad])
        assert world.install() == []
        assert world.serving() is None

    def test_sums_that_contradict_are_refused(self, world: World) -> None:
        """The reason is the replay's own sentence."""
        bad, world.recomputed = world.offer(), b""
        with pytest.raises(Refused, match="Round 1 as published"):
            verify(world.installer(), bad, world.coordinator.releases[bad])

    def test_without_the_public_record_nothing_is_installed_until_it_is_back(self, world: World) -> None:
        """It isn't the release's fault, so the next look tries again."""
        digest, world.reachable = world.offer(), False
        set_aside: SetAside = set()
        with pytest.raises(RetryLater):
            world.install(set_aside)
        assert world.serving() is None
        world.reachable = True
        assert world.install(set_aside) == [digest]

    def test_another_approval_is_worth_another_look(self, world: World) -> None:
        """A release of a campaign that is approved only later is installed then."""
        later = world.campaign.model_copy(update={"campaign": "winter"})
        digest = world.offer(campaign_digest=later.digest)
        set_aside: SetAside = set()
        assert world.install(set_aside) == []
        approve_in(world.store, later)
        assert world.install(set_aside) == [digest]


class TestServing:
    """What practice loads, and the way back."""

    def test_a_damaged_model_file_leaves_the_schools_own_model_serving(self, world: World) -> None:
        """Cut, flipped or gone: noticed by its hash."""
        digest = world.offer()
        world.install()
        path = model_file(world.folder.releases, digest)
        data = path.read_bytes()
        for damaged in (data[:-1], data[:40] + bytes([data[40] ^ 1]) + data[41:], b""):
            path.write_bytes(damaged)
            assert world.serving() is None
        path.unlink()
        assert world.serving() is None
        path.write_bytes(data)
        assert world.serving() == digest

    def test_one_step_back_and_then_to_the_schools_own_model(self, world: World) -> None:
        """And what was rolled back isn't installed again by itself."""
        first, second = world.offer("first"), None
        world.install()
        second = world.offer("second")
        world.install()
        assert world.serving() == second
        steps = []
        for _ in range(3):
            steps.append(in_writer(world.store, lambda c: roll_back(c, by="Mr Abe", now=world.clock.now())))
            steps.append(str(world.serving()))
        assert steps == [first, first, "bkt", "None", "bkt", "None"]
        assert world.install() == []
        assert len(in_reader(world.store, installed_releases)) == 2

    def test_withdrawn_releases_stop_serving(self, world: World) -> None:
        """All of them in one look, however many were installed after one another."""
        first = world.offer("first")
        world.install()
        withdrawn = [world.offer("second"), world.offer("third")]
        world.install()
        world.coordinator.withdrawn = withdrawn
        assert world.install() == []
        assert world.serving() == first

    def test_a_school_without_any_release_has_nothing_to_load(self, world: World) -> None:
        """Practice then uses the built-in values."""
        assert world.serving() is None
        assert in_reader(world.store, load_bkt) is None

    def test_a_killed_install_leaves_the_old_model(self, world: World) -> None:
        """The gate dies in the middle: nothing of the new release serves, and the next look installs it."""
        good = world.offer("good")
        world.install()
        newer = world.offer("newer")

        def dies(release: ModelRelease) -> ServingChoice:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            install_new(replace(world.installer(), measure=dies), set())
        assert world.serving() == good
        assert world.install() == [newer]
