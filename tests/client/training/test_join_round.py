"""A round at a school: order of deeds, what is refused, what a charge pays for, and bit-identity of opt-out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection

from client.records.consent import ConsentDecision, record_consent
from client.records.inventory import Purpose
from client.records.refusals import StoredRefusal, recent_refusals
from client.records.replies import last_round
from client.records.student_groups import set_groups
from client.records.students import cohort_of, set_active
from client.training.dataset import round_pool, training_windows
from client.training.draw import check_sum
from client.training.engine import clipped_sum
from client.training.join_round import join_round
from client.training.training_school import TrainingSchool
from common.arrays import from_bytes
from common.errors import ErrorCode, RetryLater
from common.exchange import RoundReply, open_reply
from common.privacy.clipping import ClippedSum
from common.privacy.ledger import Caps, Charge, RoundState, charges_of
from common.privacy.mechanism import open_sum
from common.privacy.sampling import poisson_sample
from common.refusals import Refusal, RefusalCode
from tests.support.schools import (
    SKILLS,
    SPLIT_KEY,
    Consortium,
    consortium_of,
    school_identity,
    student_names,
    training_school,
)
from tests.support.stores import NOW, in_reader, in_writer

FINE_GRAIN = {"share_std_units": 8.0}


def consortium_for(folder: Path, **changes: Any) -> Consortium:
    """A consortium that knows the key of the school in this folder."""
    folder.mkdir(exist_ok=True)
    return consortium_of(school_identity(folder).public_key, **changes)


def opened(reply: bytes, school: TrainingSchool) -> RoundReply:
    """The reply as the coordinator reads it."""
    return open_reply(reply, school="east", school_key=school.identity.public_key, max_bytes=10_000_000)


def refusals(school: TrainingSchool) -> list[StoredRefusal]:
    """The school's own log."""
    return in_reader(school.store, lambda connection: recent_refusals(connection, count=10))


def charges(school: TrainingSchool) -> int:
    """How many rounds were paid for."""
    return len(charges_of(school.ledger.rows()))


@contextmanager
def fresh(folder: Path, **changes: Any) -> Iterator[tuple[TrainingSchool, Consortium]]:
    """A new school and its consortium."""
    consortium = consortium_for(folder)
    with training_school(folder, consortium, **changes) as school:
        yield school, consortium


@dataclass
class BrokenPen:
    """A ledger that charges and then loses power: the noise is never drawn."""

    ledger: Any

    def charge(self, charge: Charge) -> Any:
        """Charges in earnest, then raises."""
        self.ledger.charge(charge)
        raise KeyboardInterrupt


@dataclass
class FullDisk:
    """A ledger whose file can't be written."""

    def charge(self, charge: Charge) -> Any:
        """Raises as the real one does when another process holds it."""
        raise RetryLater(ErrorCode.LEDGER_UNWRITABLE, "The privacy ledger can't be written.")


class TestARound:
    """What leaves, and what stays."""

    def test_the_share_is_the_clipped_sum_of_the_drawn_students_plus_noise(self, tmp_path: Path) -> None:
        """Rebuilt by hand from the same secrets, the difference is noise of the plan's size."""
        with fresh(tmp_path) as (school, consortium):
            reply = opened(join_round(consortium.request(), school), school)
            terms, campaign = consortium.campaign.privacy, consortium.campaign
            key = school.randomness.draw(f"draw/{campaign.digest}/1", 32)

            def drawn(connection: Connection) -> ClippedSum:
                pool = round_pool(connection, SPLIT_KEY, "train", cohorts=frozenset({cohort_of(NOW)}))
                chosen = poisson_sample(pool, terms.sampling_rate, key, cap=100)
                assert 0 < len(chosen) < len(pool) < 40
                windows = training_windows(connection, chosen, skill_map=SKILLS, terms=terms)
                return clipped_sum(from_bytes(consortium.model), windows, terms.clip_norm)

            expected = in_reader(school.store, drawn)
            assert reply.update is not None
            total = open_sum([reply.update], count=len(expected.values), terms=terms.mechanism)
            noise = (total - expected.values) * terms.mechanism.scale
            assert abs(float(np.std(noise)) - terms.share_std_units) < 2.5
            assert abs(float(np.mean(noise))) < 4

    def test_the_charge_is_on_disk_and_marked_as_sent(self, tmp_path: Path) -> None:
        """One charge, then the note that its reply was sealed."""
        with fresh(tmp_path) as (school, consortium):
            join_round(consortium.request(), school)
            rows = school.ledger.rows()
        assert [(row.kind, row.state) for row in rows] == [
            ("charge", RoundState.CHARGED),
            ("state", RoundState.SENT),
        ]
        assert rows[0].campaign == consortium.campaign.digest

    def test_the_same_plan_again_gives_the_same_bytes_and_one_charge(self, tmp_path: Path) -> None:
        """Also after a restart of the school."""
        consortium = consortium_for(tmp_path)
        request = consortium.request()
        with training_school(tmp_path, consortium) as school:
            first = join_round(request, school)
        with training_school(tmp_path, consortium) as school:
            assert join_round(request, school) == first
            assert charges(school) == 1

    def test_a_later_round_is_another_charge_with_other_noise(self, tmp_path: Path) -> None:
        """A school that was away for a round takes part in the next."""
        with fresh(tmp_path) as (school, consortium):
            first = opened(join_round(consortium.request(), school), school)
            third = opened(join_round(consortium.request(round=3), school), school)
            assert first.update != third.update
            assert charges(school) == 2
            assert in_reader(school.store, lambda c: last_round(c, consortium.campaign.digest)) == 3

    @pytest.mark.parametrize("students", [[], student_names(40)], ids=["no students", "all opted out"])
    def test_nobody_eligible_still_sends_noise_of_the_same_size(self, tmp_path: Path, students: list[str]) -> None:
        """Silence would tell that nobody consents."""
        (tmp_path / "full").mkdir()
        with fresh(tmp_path / "full") as (school, consortium):
            usual = opened(join_round(consortium.request(), school), school)
        (tmp_path / "empty").mkdir()
        with fresh(tmp_path / "empty", students=students) as (school, consortium):
            for student in students:
                opt_out(school, student)
            reply = opened(join_round(consortium.request(), school), school)
            assert charges(school) == 1
        assert usual.update is not None
        assert reply.update is not None
        assert len(reply.update) == len(usual.update)


def opt_out(school: TrainingSchool, student: str) -> None:
    """The student's newest word on training is no."""
    no = ConsentDecision(student, Purpose.FEDERATED_TRAINING, False, "form", "office")
    in_writer(school.store, lambda connection: record_consent(connection, no, now=NOW))


class TestOptOut:
    """A student who opted out leaves no trace."""

    @pytest.mark.parametrize("gone", ["student-003", "student-017", "student-038"])
    def test_opted_out_equals_deleted_byte_for_byte(
        self, tmp_path: Path, gone: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The same secrets, the student opted out, left the school, or never there: one and the same reply."""
        monkeypatch.setattr("common.privacy.ledger.secrets.token_hex", lambda count: "5" * 2 * count)
        updates = []
        identity = school_identity(tmp_path)
        consortium = consortium_of(identity.public_key)
        for way in ("opted out", "inactive", "never there"):
            folder = tmp_path / way
            folder.mkdir()
            (folder / "identity.key").write_bytes((tmp_path / "identity.key").read_bytes())
            students = [s for s in student_names(40) if s != gone or way != "never there"]
            with training_school(folder, consortium, students=students) as school:
                if way == "opted out":
                    opt_out(school, gone)
                if way == "inactive":
                    in_writer(school.store, lambda connection: set_active(connection, gone, active=False))
                updates.append(join_round(consortium.request(), school))
        assert updates[0] == updates[1] == updates[2]

    def test_a_drawn_student_does_change_the_update(self, tmp_path: Path) -> None:
        """The negative control: without it, equality above would show nothing."""
        with fresh(tmp_path) as (school, consortium):
            key = school.randomness.draw(f"draw/{consortium.campaign.digest}/1", 32)
            pool = in_reader(
                school.store,
                lambda connection: round_pool(connection, SPLIT_KEY, "train", cohorts=frozenset({cohort_of(NOW)})),
            )
            drawn = poisson_sample(pool, 0.25, key, cap=100)[0]
            first = join_round(consortium.request(), school)
        other = tmp_path / "other"
        other.mkdir()
        (other / "identity.key").write_bytes((tmp_path / "identity.key").read_bytes())
        with training_school(other, consortium) as school:
            opt_out(school, drawn)
            assert join_round(consortium.request(), school) != first


class TestRefusals:
    """Whatever is refused leaves the ledger as it was."""

    def test_a_request_by_another_coordinator(self, tmp_path: Path) -> None:
        """A correct message under a stranger's key is refused by name."""
        with fresh(tmp_path) as (school, _):
            stranger = consortium_of(school.identity.public_key)
            reply = opened(join_round(stranger.request(), school), school)
            assert reply.refusal is RefusalCode.BAD_PLAN_SIGNATURE
            assert charges(school) == 0

    def test_a_flipped_bit_anywhere_in_the_request(self, tmp_path: Path) -> None:
        """Header, signature or model: nothing is charged and nothing but a code leaves."""
        with fresh(tmp_path) as (school, consortium):
            request = consortium.request()
            for at in (2, 60, len(request) // 3, len(request) - 5):
                damaged = bytearray(request)
                damaged[at] ^= 1
                reply = opened(join_round(bytes(damaged), school), school)
                assert reply.refusal in {RefusalCode.BAD_MESSAGE, RefusalCode.BAD_PLAN_SIGNATURE}
            assert charges(school) == 0

    def test_the_policys_refusal_leaves_as_its_code_and_stays_as_its_sentence(self, tmp_path: Path) -> None:
        """The reason that depends on students is in the local log only."""
        no = Refusal(RefusalCode.NOT_TAKING_PART, "Not today.", local_reason="only 3 students consent")
        with fresh(tmp_path, decide=lambda request: no) as (school, consortium):
            sent = join_round(consortium.request(), school)
            assert opened(sent, school).refusal is RefusalCode.NOT_TAKING_PART
            assert b"students consent" not in sent
            assert b"Not today" not in sent
            assert refusals(school)[0].refusal == no
            assert charges(school) == 0

    def test_the_ledgers_own_cap_is_the_last_word(self, tmp_path: Path) -> None:
        """A policy that forgets the budget doesn't get past the ledger."""
        with fresh(tmp_path, caps=Caps(epsilon=0.01, epsilon_alone=0.01)) as (school, consortium):
            reply = opened(join_round(consortium.request(), school), school)
            assert reply.refusal is RefusalCode.BUDGET_LIFETIME
            assert charges(school) == 0

    def test_a_ledger_that_cannot_be_written(self, tmp_path: Path) -> None:
        """No charge, no release."""
        with fresh(tmp_path) as (school, consortium):
            full: Any = FullDisk()
            reply = opened(join_round(consortium.request(), replace(school, ledger=full)), school)
            assert reply.refusal is RefusalCode.LEDGER_UNWRITABLE
            assert reply.update is None

    def test_more_students_than_the_public_number_allows_for(self, tmp_path: Path) -> None:
        """With 40 students against a public number of 10, a draw would often exceed its cap."""
        consortium = consortium_for(tmp_path)
        member = consortium.campaign.members[0].model_copy(update={"students": 10})
        campaign = consortium.campaign.model_copy(
            update={
                "members": (member, *consortium.campaign.members[1:]),
                "privacy": consortium.campaign.privacy.model_copy(update={"batch_cap_sd": 4.0}),
            }
        )
        consortium = replace(consortium, campaign=campaign)
        with training_school(tmp_path, consortium) as school:
            reply = opened(join_round(consortium.request(), school), school)
            assert reply.refusal is RefusalCode.NOT_TAKING_PART
            assert charges(school) == 0

    @pytest.mark.parametrize("raw", [[np.nan, 0.0], [np.inf, 0.0], [3.0, 0.1]])
    def test_a_sum_that_cannot_be_right_never_meets_the_noise(self, raw: list[float]) -> None:
        """Three students clipped to norm 1 can't add up to more than 3."""
        refusal = check_sum(ClippedSum(np.array(raw), 1.0), students=3, rho=0.0)
        assert refusal is not None
        assert refusal.code is RefusalCode.NOT_TAKING_PART

    def test_a_sum_at_the_bound_passes(self) -> None:
        """And so does the empty draw's zero."""
        assert check_sum(ClippedSum(np.array([3.0, 0.0]), 1.0), students=3, rho=0.0) is None
        assert check_sum(ClippedSum(np.zeros(2), 1.0), students=0, rho=0.0) is None


class TestCrashes:
    """Recorded epsilon is at least released epsilon at every instant."""

    def test_killed_between_charge_and_noise(self, tmp_path: Path) -> None:
        """The charge stands, nothing left, and the same plan later is charged a second time."""
        consortium = consortium_for(tmp_path)
        with training_school(tmp_path, consortium) as school:
            pen: Any = BrokenPen(school.ledger)
            with pytest.raises(KeyboardInterrupt):
                join_round(consortium.request(), replace(school, ledger=pen))
            assert charges(school) == 1
            assert in_reader(school.store, lambda c: last_round(c, consortium.campaign.digest)) == 0
        with training_school(tmp_path, consortium) as school:
            assert opened(join_round(consortium.request(), school), school).update is not None
            assert charges(school) == 2

    def test_killed_after_sealing_and_before_sending(self, tmp_path: Path) -> None:
        """The sealed bytes are what is sent after the restart, and nothing more is charged."""

        @dataclass
        class PowerCut:
            ledger: Any

            def charge(self, charge: Charge) -> Any:
                return self.ledger.charge(charge)

            def mark(self, ctx: str, state: RoundState) -> None:
                raise KeyboardInterrupt

        consortium = consortium_for(tmp_path)
        with training_school(tmp_path, consortium) as school:
            cut: Any = PowerCut(school.ledger)
            with pytest.raises(KeyboardInterrupt):
                join_round(consortium.request(), replace(school, ledger=cut))
        with training_school(tmp_path, consortium) as school:
            assert opened(join_round(consortium.request(), school), school).update is not None
            assert charges(school) == 1


class TestGroups:
    """What a school compares its students by plays no part in training."""

    def test_a_reply_is_the_same_byte_for_byte_whatever_groups_a_school_entered(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No message holds a label, or anything that depends on one."""
        monkeypatch.setattr("common.privacy.ledger.secrets.token_hex", lambda count: "5" * 2 * count)
        consortium = consortium_for(tmp_path)
        replies = []
        for way, label in (("none", ""), ("some", "Sami at home"), ("others", "meals for free")):
            folder = tmp_path / way
            folder.mkdir()
            (folder / "identity.key").write_bytes((tmp_path / "identity.key").read_bytes())
            with training_school(folder, consortium) as school:
                labels = {one: {"group": label} for one in student_names(40)} if label else {}
                store = school.store
                in_writer(store, lambda c, s=store, g=labels: set_groups(c, s.vault, g, by="abe", now=NOW))  # type: ignore[misc]
                replies.append(join_round(consortium.request(), school))
        assert replies[0] == replies[1] == replies[2]
        assert b"Sami" not in replies[1]
