"""Whether, when and with which public log this school trains, as the administrator reads it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client.federation.approvals import KnownCampaign
from client.federation.enrolment import Enrolment, save_enrolment
from client.federation.log_state import LogState, save_log_state
from client.records.approvals import Decided
from client.records.refusals import StoredRefusal
from client.records.training_pause import TrainingPause
from client.settings import PolicySettings, SchoolFolder
from client.training.masking_store import MaskingRecord, MaskingStore
from common.log_entries import Enrolled, entry_bytes
from common.privacy.secagg.state import HolderState
from common.refusals import Refusal, RefusalCode
from common.signed_head import sign_head
from common.signing import new_identity
from local_app.training_views import (
    NOT_READ,
    LogView,
    RefusalRow,
    TrainingView,
    log_view,
    refusal_rows,
    training_view,
    unproven_rounds,
)
from tests.support.stores import NOW

COORDINATOR = new_identity()
ENROLMENT = Enrolment(
    consortium="Valley schools",
    school="east",
    url="https://127.0.0.1:1",
    ca_pem="",
    coordinator_key=COORDINATOR.public_key,
    students=20,
    joined_at="2026-09-01T08:00:00+00:00",
)
PLAN = KnownCampaign("d" * 64, "autumn", Decided.APPROVED, "Mr Abe", (), "b" * 64)


@pytest.fixture
def folder(tmp_path: Path) -> SchoolFolder:
    """A school that has joined."""
    made = SchoolFolder(tmp_path)
    save_enrolment(ENROLMENT, made.enrolment)
    return made


def view(switch: TrainingPause | None = None, *, unproven: int | None = None, **policy: Any) -> TrainingView:
    """What is shown at eight in the morning, UTC."""
    settings = PolicySettings.model_validate(policy)
    return training_view(settings, switch, now=NOW, log=LogView(NOT_READ), unproven=unproven)


def read_log(folder: SchoolFolder, *, at: str = "2026-09-01T07:30:00+00:00") -> LogState:
    """One entry that was read, under a signed head."""
    entry = Enrolled(school="east", identity_key="1" * 64, students=20)
    state = LogState("east").with_entry(entry_bytes(entry))
    head = sign_head(COORDINATOR, consortium="Valley schools", size=1, root=state.root_at(1), at=at)
    state = replace(state, head=head.signed)
    save_log_state(folder.public_log, state)
    return state


class TestSwitch:
    """On, paused, by whom."""

    def test_an_untouched_switch_is_on(self) -> None:
        """Nobody has to switch anything on."""
        assert (view().paused, view().sentence) == (False, "Training is on.")

    @pytest.mark.parametrize(("paused", "word"), [(True, "paused"), (False, "on")])
    def test_the_last_word_is_shown_with_name_and_time(self, paused: bool, word: str) -> None:
        """In the words of the page."""
        seen = view(TrainingPause(paused, "Mr Abe", NOW))
        assert seen.sentence == f"Training is {word}, by Mr Abe, since 01 September 2026, 08:00 UTC."
        assert seen.paused is paused

    def test_hours_are_shown_with_whether_it_is_one_of_them(self) -> None:
        """By the school's own clock."""
        assert view().hours == "This school trains at any time."
        berlin = view(training_hours=["10:00-11:00"], time_zone="Europe/Berlin")
        assert berlin.hours == "This school trains 10:00-11:00 (Europe/Berlin): now, at 10:00."
        assert view(training_hours=["18:00-06:00"]).hours.endswith("(UTC): not now, at 08:00.")


class TestPublicLog:
    """What was read last, and what is wrong with it."""

    def test_a_school_of_no_consortium_has_no_log(self, tmp_path: Path) -> None:
        """Practice needs none."""
        assert log_view(SchoolFolder(tmp_path)).sentence == "This school hasn't joined a consortium."

    def test_a_log_that_was_not_read_yet(self, folder: SchoolFolder) -> None:
        """Before the link's first connection."""
        assert log_view(folder) == LogView(NOT_READ)

    def test_the_newest_head_is_shown_with_its_time(self, folder: SchoolFolder) -> None:
        """As the coordinator signed it."""
        read_log(folder)
        sentence = "Newest signed head that this school has read: 1 entry, signed 01 September 2026, 07:30 UTC."
        assert log_view(folder) == LogView(sentence)

    def test_a_time_that_is_none_breaks_no_page(self, folder: SchoolFolder) -> None:
        """The coordinator signs what it likes."""
        read_log(folder, at="yesterday")
        assert log_view(folder).sentence.endswith("signed at a time that can't be read.")

    def test_damage_is_shown(self, folder: SchoolFolder) -> None:
        """A changed file, and a head that somebody else signed."""
        read_log(folder)
        data = folder.public_log.read_bytes()
        folder.public_log.write_bytes(data[:-1] + b"x")
        assert "damaged" in log_view(folder).warning
        folder.enrolment.unlink()
        save_enrolment(replace(ENROLMENT, coordinator_key=new_identity().public_key), folder.enrolment)
        folder.public_log.write_bytes(data)
        assert log_view(folder).warning != ""

    def test_a_proof_of_two_histories_is_shown_with_its_name(self, folder: SchoolFolder) -> None:
        """Until somebody has looked into it and taken the file away."""
        read_log(folder)
        (folder.path / "equivocation-abc.proof").write_bytes(b"two heads")
        warning = log_view(folder).warning
        assert "two histories" in warning
        assert "equivocation-abc.proof" in warning


class TestMaskedRounds:
    """Rounds that ended without a proof."""

    @pytest.mark.parametrize(
        ("count", "words"),
        [
            (None, ""),
            (0, "Every masked round so far ended with a proof"),
            (1, "1 masked round ended"),
            (2, "2 masked"),
        ],
    )
    def test_they_are_counted_in_words(self, count: int | None, words: str) -> None:
        """And nothing is said where nothing is masked."""
        said = view(unproven=count).unproven
        assert said.startswith(words)
        assert (said == "") == (count is None)

    def test_they_are_read_from_the_records_of_approved_campaigns(self, folder: SchoolFolder) -> None:
        """A record that can't be read says nothing; the link names the damage when it needs the record."""
        store = MaskingStore(folder.masking)
        assert unproven_rounds(folder, [PLAN]) is None
        for digest, count in (("d" * 64, 1), ("e" * 64, 2)):
            holder = HolderState(member=0, box_key=b"k" * 32, unproven=count)
            store.write(digest, MaskingRecord(holder.to_bytes()))
        other = replace(PLAN, digest="e" * 64)
        assert unproven_rounds(folder, [PLAN, other]) == 3
        assert unproven_rounds(folder, [PLAN, replace(other, decided=Decided.REFUSED)]) == 1
        (folder.masking / f"{'d' * 64}.state").write_bytes(b"damaged")
        assert unproven_rounds(folder, [PLAN]) is None


def test_a_refusal_is_a_sentence_with_the_reason_that_stays_here() -> None:
    """Of a round, of a campaign's trip, or of a message that couldn't be read."""
    no = Refusal(RefusalCode.NOT_TAKING_PART, "This school doesn't take part today.", "Paused.")
    stored = [
        StoredRefusal("autumn", 3, no, NOW),
        StoredRefusal("autumn", 0, no, NOW),
        StoredRefusal("", 0, no, NOW),
    ]
    assert refusal_rows(stored) == tuple(
        RefusalRow(NOW, what, "This school doesn't take part today.", "Paused.")
        for what in ("autumn, round 3", "autumn", "a message")
    )
