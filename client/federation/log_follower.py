"""Following the public log: every entry is read and hashed here; a history that doesn't continue is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from client.federation.log_state import LogState, load_log_state, root_of, save_log_state
from client.federation.public_record import PublicLog
from common.canonical import sha256_hex
from common.errors import Corrupt, Refused
from common.logs import EventLog
from common.refusals import Refusal, RefusalCode
from common.signed_head import LogHead, conflict_proof, open_head
from common.signing import write_private_file

_log = EventLog("public-log")
_PROOF_NAME = "equivocation-{}.proof"


@dataclass(frozen=True, slots=True)
class LogView:
    """What a school knows of the log. sentence: what is wrong, if it isn't consistent.

    roster: school -> identity key of those enrolled. revoked: whose membership ended. own_ledger_rows,
    own_ledger_head: the newest that the log holds of this school's ledger. at: when the newest head was signed,
    ISO 8601. leaves: every entry's hash.
    """

    size: int
    roster: Mapping[str, str] = field(repr=False)
    revoked: frozenset[str]
    own_ledger_rows: int
    own_ledger_head: str
    consistent: bool = True
    sentence: str = ""
    at: str = ""
    leaves: tuple[bytes, ...] = field(default=(), repr=False)

    def root_at(self, size: int) -> str:
        """The root of the first `size` entries, hexadecimal: what a plan that rests on them has to name."""
        return root_of(self.leaves[:size])


@dataclass(frozen=True, slots=True)
class LogFollower:
    """One school's reading of one coordinator's log. path: its file in the school's folder."""

    path: Path
    school: str
    coordinator_key: str
    log: PublicLog = field(repr=False)

    def follow(self, *, upto: int | None = None) -> LogView:
        """Reads what is new, at least up to size `upto`, and says what is known now.

        RetryLater if the log can't be reached. A history that differs from what was read before makes an
        inconsistent view; nothing of it is kept. So does a kept proof of two histories, until a person who has
        settled the matter moves the file away.
        """
        try:
            before = load_log_state(self.path, self.school)
        except Corrupt as error:
            _log.warning("log-state-damaged", reason=error.sentence)
            before = LogState(self.school)  # everything is read and hashed again
        try:
            return self._unless_proved(self._follow(before, upto))
        except (Corrupt, Refused) as error:
            return self._contradiction(before, error.sentence)

    def known(self) -> LogView:
        """What is known without asking anybody."""
        try:
            return self._unless_proved(self._view(load_log_state(self.path, self.school)))
        except Corrupt as error:
            return self._contradiction(LogState(self.school), error.sentence)

    def newest_head(self) -> bytes:
        """The newest signed head that fits what was read; b"" before the first."""
        try:
            return load_log_state(self.path, self.school).head
        except Corrupt:
            return b""

    def hear(self, heads: Sequence[bytes]) -> Refusal | None:
        """Compares other schools' signed heads with this school's own reading.

        A head that contradicts it is refused, and where two signed heads of one size differ, the proof is kept
        beside the state as `equivocation-<digest>.proof`. Raises RetryLater if the log can't be reached.
        """
        opened = [open_head(head, coordinator_key=self.coordinator_key) for head in heads if head]
        if not opened:
            return None
        view = self.follow(upto=max(head.size for head in opened))
        if not view.consistent:
            return Refusal(RefusalCode.LOG_INCONSISTENT, view.sentence)
        state = load_log_state(self.path, self.school)
        lies = [head for head in opened if head.size > state.size or state.root_at(head.size) != head.root]
        for head in lies:
            self._keep_proof(state, head)
        if not lies:
            return None
        sentence = "Another school was shown another public log than this one. Compare both heads by telephone."
        return Refusal(RefusalCode.LOG_INCONSISTENT, sentence)

    def _follow(self, before: LogState, upto: int | None) -> LogView:
        head = open_head(self.log.signed_head(), coordinator_key=self.coordinator_key)
        if head.size < before.size or (upto is not None and head.size < upto):
            sentence = f"The public log shrank to {head.size} entries; {max(before.size, upto or 0)} are known."
            return self._contradiction(before, sentence, head)
        state = self._read(before, head.size)
        if state.size < head.size or state.root_at(head.size) != head.root:
            sentence = f"The public log's {head.size} entries aren't the ones that its head was signed for."
            return self._contradiction(before, sentence, head)
        after = replace(state, head=head.signed)
        if after != before:
            save_log_state(self.path, after)
        return self._view(after)

    def _read(self, state: LogState, size: int) -> LogState:
        while state.size < size:
            entries = self.log.entries(state.size, size)
            if not entries:
                break
            for entry in entries[: size - state.size]:
                state = state.with_entry(entry)
        return state

    def _contradiction(self, before: LogState, sentence: str, head: LogHead | None = None) -> LogView:
        _log.error("log-contradiction", reason=sentence)
        if head is not None:
            self._keep_proof(before, head)
        return replace(self._view(before), consistent=False, sentence=sentence)

    def _unless_proved(self, view: LogView) -> LogView:
        proofs = equivocation_proofs(self.path.parent)
        if not proofs or not view.consistent:
            return view
        sentence = (
            f"The coordinator signed two different public logs, as {proofs[0].name} proves. Send that file to "
            "the other schools, and move it out of this folder when the matter is settled."
        )
        return replace(view, consistent=False, sentence=sentence)

    def _keep_proof(self, state: LogState, other: LogHead) -> None:
        if not state.head:
            return
        own = open_head(state.head, coordinator_key=self.coordinator_key)
        proof = conflict_proof(own, other)
        if proof is None:
            return
        path = self.path.with_name(_PROOF_NAME.format(sha256_hex(proof)[:16]))
        if not path.exists():
            write_private_file(path, proof)
            _log.error("equivocation-proved", file=path.name)

    def _view(self, state: LogState) -> LogView:
        at = open_head(state.head, coordinator_key=self.coordinator_key).at if state.head else ""
        return LogView(
            size=state.size,
            roster=dict(state.roster),
            revoked=frozenset(state.revoked),
            own_ledger_rows=state.own_rows,
            own_ledger_head=state.own_head,
            at=at,
            leaves=state.leaves,
        )


def equivocation_proofs(folder: Path) -> list[Path]:
    """The kept proofs that the coordinator signed two histories, sorted by name."""
    return sorted(folder.glob(_PROOF_NAME.format("*")))
