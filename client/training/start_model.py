"""The model that a campaign starts from, kept by a school so that its release can be compared with it later."""

from pathlib import Path

from sqlalchemy import Connection

from client.records.approvals import decision_of
from client.records.serving import write_durably
from common.arrays import Arrays, from_bytes
from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.plan import CampaignPlan


def keep_start(request: RoundRequest, folder: Path) -> None:
    """Keeps the model of an accepted request if it is the campaign's start."""
    digest = request.campaign.model.start_digest
    path = _file(folder, digest)
    if request.plan.model_digest == digest and not path.exists():
        write_durably(path, request.model)


def kept_start(connection: Connection, campaign_digest: str, folder: Path) -> Arrays | None:
    """The campaign's first model; None for a school that wasn't there in the first round."""
    decision = decision_of(connection, campaign_digest)
    if decision is None:
        return None
    digest = CampaignPlan.from_bytes(decision.plan).model.start_digest
    path = _file(folder, digest)
    data = path.read_bytes() if path.exists() else b""
    return from_bytes(data) if sha256_hex(data) == digest else None


def _file(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.start"
