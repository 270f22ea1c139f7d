"""What every school may read of a round: its outcome, and the transcript that lets it redo the sum."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode, FixSettings
from common.opened_round import OpenedRound
from common.privacy.secagg.transcript import Transcript
from common.whole_file import write_whole
from server import tables


@dataclass(frozen=True, slots=True)
class Publication:
    """opened: what came of a round. transcript: `Transcript.to_bytes` of an opened masked round, or b""."""

    opened: OpenedRound
    transcript: bytes = field(default=b"", repr=False)


def publish(connection: Connection, folder: Path, publication: Publication) -> None:
    """Writes the transcript's file, whole or not at all, and the row in the caller's transaction.

    A file without its row (killed in between) isn't published; doing it again writes it anew.
    """
    plan, digest = publication.opened.plan, ""
    if publication.transcript:
        digest = sha256_hex(publication.transcript)
        write_whole(transcript_file(folder, plan.campaign_digest, plan.round), publication.transcript)
    values = {
        "campaign": plan.campaign_digest,
        "round": plan.round,
        "opened": publication.opened.to_bytes(),
        "transcript_digest": digest,
    }
    connection.execute(insert(tables.published).values(values))


def read_opened(connection: Connection, campaign: str, round_number: int) -> bytes:
    """`OpenedRound.to_bytes`; FixSettings (`not-found`) for a round that isn't over."""
    return bytes(_row(connection, campaign, round_number)[0])


def read_transcript(
    connection: Connection, folder: Path, campaign: str, *, round_number: int, chunk: int | None
) -> bytes:
    """The transcript, whole or with one chunk. FixSettings (`not-found`) if there is none, Corrupt if damaged."""
    digest = str(_row(connection, campaign, round_number)[1])
    path = transcript_file(folder, campaign, round_number)
    if not digest or not path.exists():
        raise FixSettings(ErrorCode.NOT_FOUND, "This round has no transcript: it wasn't masked, or not opened.")
    data = path.read_bytes()
    if sha256_hex(data) != digest:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The transcript's file was changed after it was published.")
    if chunk is None:
        return data
    try:
        return Transcript.from_bytes(data).part(chunk).to_bytes()
    except KeyError as error:
        raise FixSettings(ErrorCode.NOT_FOUND, f"The round's vectors have no chunk {chunk}.") from error


def transcript_file(folder: Path, campaign: str, round_number: int) -> Path:
    """Where a transcript lies."""
    return folder / campaign / f"{round_number}.transcript"


def _row(connection: Connection, campaign: str, round_number: int) -> tuple[bytes, str]:
    table = tables.published
    this = (table.c.campaign == campaign) & (table.c.round == round_number)
    row = connection.execute(select(table.c.opened, table.c.transcript_digest).where(this)).one_or_none()
    if row is None:
        raise FixSettings(ErrorCode.NOT_FOUND, f"Round {round_number} isn't published.")
    return row.opened, row.transcript_digest
