"""TrainingSchool: a school as rounds and trips need it; Party: the part of it that needs no student."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from client.records.refusals import StoredRefusal, record_refusal
from client.records.replies import StoredReply, reply_of, save_reply
from client.records.store import Store
from client.training.engine import CACHE_BYTES
from client.training.masking_store import MaskingStore
from client.training.replica import Replica
from common.clock import Clock
from common.exchange import RoundRequest
from common.permission import Permission
from common.plan import CampaignPlan
from common.privacy.ledger import Ledger
from common.privacy.randomness import Randomness
from common.refusals import Refusal
from common.signing import Identity


def _knows_no_head() -> bytes:
    return b""


def _hears_no_contradiction(heads: bytes) -> Refusal | None:
    return None


class Party(Protocol):
    """What pays for, masks, keeps and signs a reply. TrainingSchool is one; tests have one without students.

    decide_campaign: the school's policy on a campaign, before anything is set up for it. head: newest signed head
    of the public log that the school knows. hear_heads: what the others know, and a refusal if it contradicts.
    """

    @property
    def name(self) -> str: ...
    @property
    def coordinator_key(self) -> str: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def masking(self) -> MaskingStore: ...
    @property
    def randomness(self) -> Randomness: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def decide_campaign(self) -> Callable[[CampaignPlan], Refusal | None]: ...
    @property
    def head(self) -> Callable[[], bytes]: ...
    @property
    def hear_heads(self) -> Callable[[bytes], Refusal | None]: ...

    def kept_reply(self, ctx: str) -> bytes | None:
        """The sealed reply to an unmasked round's plan."""
        ...

    def keep_reply(self, reply: StoredReply) -> None:
        """Seals an unmasked reply to disk; only then may it be sent."""
        ...

    def note_refusal(self, refusal: StoredRefusal) -> None:
        """Keeps a refusal with its reason for the administrator."""
        ...


@dataclass(frozen=True, slots=True)
class TrainingSchool:
    """decide: the school's policy on a verified request. split_key: of the local train, validation and test sets.

    replica: what this school computes itself from what is published. cache_bytes alters speed only.
    """

    name: str
    coordinator_key: str
    identity: Identity = field(repr=False)
    store: Store = field(repr=False)
    ledger: Ledger = field(repr=False)
    masking: MaskingStore = field(repr=False)
    replica: Replica = field(repr=False)
    decide: Callable[[RoundRequest], Refusal | Permission] = field(repr=False)
    decide_campaign: Callable[[CampaignPlan], Refusal | None] = field(repr=False)
    randomness: Randomness = field(repr=False)
    clock: Clock = field(repr=False)
    split_key: bytes = field(repr=False)
    head: Callable[[], bytes] = field(default=_knows_no_head, repr=False)
    hear_heads: Callable[[bytes], Refusal | None] = field(default=_hears_no_contradiction, repr=False)
    cache_bytes: int = CACHE_BYTES

    def kept_reply(self, ctx: str) -> bytes | None:
        """The sealed reply to an unmasked round's plan."""
        with self.store.read() as connection:
            earlier = reply_of(connection, ctx)
        return earlier.reply if earlier else None

    def keep_reply(self, reply: StoredReply) -> None:
        """Seals an unmasked reply to disk; only then may it be sent."""
        self.store.writer.submit(lambda connection: save_reply(connection, reply)).result()

    def note_refusal(self, refusal: StoredRefusal) -> None:
        """Keeps a refusal with its reason for the administrator."""
        self.store.writer.submit(lambda connection: record_refusal(connection, refusal)).result()
