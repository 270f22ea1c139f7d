"""Where a school keeps the models that it computed: a shortcut, since all can be computed again."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from client.training.recomputed_model import Recomputed
from common.canonical import sha256_hex
from common.errors import Corrupt
from common.optimizer import Weights
from common.plan import CampaignPlan
from common.sections import join_sections, split_sections
from common.whole_file import write_whole

_PARTS = {"round", "plan", "outcome", "start", "model", "memory"}


class ModelStore:
    """Where a school keeps what it computed, one file per campaign."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, campaign: CampaignPlan) -> Recomputed | None:
        """What was kept last; None if nothing was, or if it was damaged."""
        path = self._path(campaign.digest)
        try:
            return _from_bytes(campaign, path.read_bytes()) if path.exists() else None
        except (Corrupt, ValueError, KeyError):
            return None

    def keep(self, known: Recomputed) -> None:
        """Replaces what was kept of this campaign."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        write_whole(self._path(known.campaign.digest), _to_bytes(known))

    def start(self, campaign: CampaignPlan) -> bytes | None:
        """The campaign's start model, once a round has been computed or begun here."""
        known = self.read(campaign)
        return known.start if known else None

    def _path(self, campaign: str) -> Path:
        return self._folder / f"{campaign}.weights"


def _to_bytes(known: Recomputed) -> bytes:
    parts = {
        "round": known.round.to_bytes(8, "big"),
        "plan": known.plan.encode(),
        "outcome": known.outcome.encode(),
        "start": known.start,
        "model": known.weights.model.astype("<f8").tobytes(),
        "memory": known.weights.memory.astype("<f8").tobytes(),
    }
    body = join_sections(parts)
    return bytes.fromhex(sha256_hex(body)) + body


def _from_bytes(campaign: CampaignPlan, data: bytes) -> Recomputed | None:
    digest, parts = data[:32], split_sections(data[32:])
    if digest.hex() != sha256_hex(data[32:]) or set(parts) != _PARTS:
        return None
    weights = Weights(_floats(parts["model"]), _floats(parts["memory"]))
    return Recomputed(
        campaign,
        int.from_bytes(parts["round"], "big"),
        parts["plan"].decode(),
        parts["outcome"].decode(),
        weights,
        parts["start"],
    )


def _floats(data: bytes) -> NDArray[np.float64]:
    return np.frombuffer(data, "<f8").astype(np.float64)
