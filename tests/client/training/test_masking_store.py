"""The masking record on disk: replaced whole, damaged never believed, and older than the ledger refused."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from client.training.masking_store import Answered, MaskingRecord, MaskingStore, rolled_back
from common.clock import StoppedClock
from common.errors import Corrupt
from common.privacy.ledger import Caps, Charge, Entry, Ledger, RoundState
from common.refusals import RefusalCode
from common.whole_file import write_whole
from tests.support.privacy import count_rounds, mechanism_terms
from tests.support.published_rounds import flipped

CAMPAIGN = "a" * 64
NEW = MaskingRecord(b"holder")
MASKED = NEW.with_masked(b"holder after masking", Answered(3, "c" * 64, "d" * 64), b"masked reply")


class TestRecord:
    """What it remembers."""

    def test_the_newest_plan_is_answered_with_the_same_bytes(self) -> None:
        """And no other is."""
        assert NEW.answer_to("c" * 64) is None
        assert MASKED.answer_to("c" * 64) == b"masked reply"
        assert MASKED.answer_to("e" * 64) is None
        assert (NEW.last_round, MASKED.last_round) == (0, 3)

    def test_the_same_survivors_are_answered_with_the_same_bytes(self) -> None:
        """Until the next round is masked."""
        assert MASKED.unmask_for(b"") is None
        opened = MASKED.with_unmask(b"holder later", b"survivors", b"unmask reply")
        assert opened.unmask_for(b"survivors") == b"unmask reply"
        assert opened.unmask_for(b"others") is None
        later = opened.with_masked(b"h", Answered(4, "f" * 64, "d" * 64), b"next reply")
        assert later.unmask_for(b"survivors") is None
        assert [one.round for one in later.answers] == [3, 4]

    def test_its_bytes_say_what_it_holds(self) -> None:
        """Every part, with one spelling."""
        opened = MASKED.with_unmask(b"holder later", b"survivors", b"unmask reply")
        for record in (NEW, MASKED, opened):
            assert MaskingRecord.from_bytes(record.to_bytes()) == record
        assert "holder" not in repr(opened).replace("holder=", "")


class TestStore:
    """One file per campaign."""

    def test_it_holds_what_was_written_last(self, tmp_path: Path) -> None:
        """Per campaign, readable by the owner only."""
        store = MaskingStore(tmp_path / "secagg")
        assert store.read(CAMPAIGN) is None
        store.write(CAMPAIGN, NEW)
        store.write(CAMPAIGN, MASKED)
        store.write("b" * 64, NEW)
        assert store.read(CAMPAIGN) == MASKED
        assert store.read("b" * 64) == NEW
        assert stat.S_IMODE((tmp_path / "secagg").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "secagg" / f"{CAMPAIGN}.state").stat().st_mode) == 0o600

    def test_a_crash_while_writing_leaves_the_record_before(self, tmp_path: Path) -> None:
        """Cut after any number of bytes, before the new file takes the old one's place."""
        MaskingStore(tmp_path).write(CAMPAIGN, NEW)
        whole = MASKED.to_bytes()

        def cut_after(count: int) -> MaskingStore:
            def write(path: Path, data: bytes) -> None:
                path.with_suffix(".state.draft").write_bytes(data[:count])
                raise KeyboardInterrupt

            return MaskingStore(tmp_path, write=write)

        for count in range(0, len(whole) + 1, 7):
            with pytest.raises(KeyboardInterrupt):
                cut_after(count).write(CAMPAIGN, MASKED)
            assert MaskingStore(tmp_path).read(CAMPAIGN) == NEW
        MaskingStore(tmp_path).write(CAMPAIGN, MASKED)
        assert MaskingStore(tmp_path).read(CAMPAIGN) == MASKED

    def test_a_crash_after_writing_leaves_the_record_after(self, tmp_path: Path) -> None:
        """The write itself is done then, and the folder's entry is on disk."""

        def write(path: Path, data: bytes) -> None:
            write_whole(path, data)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            MaskingStore(tmp_path, write=write).write(CAMPAIGN, MASKED)
        assert MaskingStore(tmp_path).read(CAMPAIGN) == MASKED

    def test_a_damaged_file_is_never_believed(self, tmp_path: Path) -> None:
        """Any flipped bit and any cut: masking from half a record could use a key twice."""
        store = MaskingStore(tmp_path)
        store.write(CAMPAIGN, MASKED)
        [path] = tmp_path.iterdir()
        good = path.read_bytes()
        for at in range(len(good)):
            for damaged in (flipped(good, at), good[:at]):
                path.write_bytes(damaged)
                with pytest.raises(Corrupt):
                    store.read(CAMPAIGN)

    def test_each_rounds_deals_are_kept_for_replay(self, tmp_path: Path) -> None:
        """Beside the record, since they hold nothing secret."""
        store = MaskingStore(tmp_path)
        assert store.deals(CAMPAIGN, 1) is None
        store.keep_deals(CAMPAIGN, 1, b"deals of round 1")
        store.keep_deals(CAMPAIGN, 2, b"deals of round 2")
        assert (store.deals(CAMPAIGN, 1), store.deals(CAMPAIGN, 2)) == (b"deals of round 1", b"deals of round 2")


class TestRolledBack:
    """A restored disk would mask twice under one key."""

    def rows(self, folder: Path, *charged: tuple[int, RoundState | None]) -> tuple[Entry, ...]:
        """A ledger with these charges, each marked afterwards."""
        wide = Caps(epsilon=1e6, epsilon_alone=1e6)
        with Ledger(folder / "l", caps=wide, epsilon_of=count_rounds, clock=StoppedClock()) as ledger:
            for number, state in charged:
                ctx = f"{number:064x}"
                ledger.charge(Charge(CAMPAIGN, number, ctx, mechanism_terms(), frozenset({"all"})))
                if state is not None:
                    ledger.mark(ctx, state)
            return ledger.rows()

    def test_a_round_that_left_has_to_be_remembered(self, tmp_path: Path) -> None:
        """One is enough, and the refusal says which."""
        rows = self.rows(tmp_path, (3, RoundState.SENT), (4, RoundState.SENT))
        refusal = rolled_back(MASKED, CAMPAIGN, rows)
        assert refusal is not None
        assert refusal.code is RefusalCode.MASKING_REFUSED
        assert "store-rolled-back: the record ends with round 3, the ledger with 4" in refusal.local_reason
        assert rolled_back(replace(MASKED, answers=(Answered(4, "c", "d"),)), CAMPAIGN, rows) is None

    def test_a_lost_record_is_an_old_one(self, tmp_path: Path) -> None:
        """As after restoring a backup, which holds no record."""
        assert rolled_back(None, CAMPAIGN, self.rows(tmp_path, (1, RoundState.SENT))) is not None
        assert rolled_back(None, CAMPAIGN, ()) is None

    def test_a_crash_after_a_charge_is_no_rollback_but_two_rounds_are(self, tmp_path: Path) -> None:
        """A charge that paid for nothing, also one that was repeated, is what a crash leaves."""
        (tmp_path / "one").mkdir()
        assert rolled_back(MASKED, CAMPAIGN, self.rows(tmp_path / "one", (3, None), (4, None), (4, None))) is None
        (tmp_path / "two").mkdir()
        assert rolled_back(MASKED, CAMPAIGN, self.rows(tmp_path / "two", (4, None), (5, None))) is not None

    def test_other_campaigns_dont_count(self, tmp_path: Path) -> None:
        """Each has its own record."""
        assert rolled_back(None, "b" * 64, self.rows(tmp_path, (1, RoundState.SENT))) is None
