"""ModelRelease: one signed file with the shared model's arrays, its skill map and a card that says what it is."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import canonical_json, sha256_hex
from common.envelope import Envelope, open_envelope, seal
from common.errors import Corrupt, ErrorCode, FixSettings, Refused
from common.models.dkt_shapes import hidden_of
from common.plan import Count, Hex64, Name, Wire
from common.signing import Identity
from common.skills import SkillMap

KIND = "model-release"


class ModelCard(Wire):
    """What a school reads before it lets a model serve.

    epsilon and delta: what the training cost each student, under `unit`, `relation` and `assumption`.
    honest_schools: how many schools have to add their noise for that to hold. evaluation: named figures from
    students who took no part in training. created_at: ISO 8601, UTC. epsilon_alone: what is left of the promise
    if every other school colludes; None on a card from before it was printed. confirmed_by: schools whose own
    replay of the published sums gave this very model. sight: how far the pooled figures can see.
    """

    version: Literal["homeroom.card/1"] = "homeroom.card/1"
    name: Name
    campaign: Name
    campaign_digest: Hex64
    rounds: Annotated[int, Field(ge=0, le=1000)]
    epsilon: Annotated[float, Field(ge=0)]
    delta: Annotated[float, Field(ge=0, lt=1)]
    honest_schools: Count
    secure_aggregation: bool
    unit: str
    relation: str
    assumption: str
    trained_on: str
    package_version: str
    created_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")]
    evaluation: dict[str, float]
    epsilon_alone: Annotated[float, Field(ge=0)] | None = None
    confirmed_by: tuple[Name, ...] = ()
    sight: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ModelRelease:
    """A model that may serve. arrays: the six DKT arrays, their rows those of `skill_map`."""

    arrays: Arrays = field(repr=False)
    skill_map: SkillMap
    card: ModelCard

    @property
    def hidden(self) -> int:
        """H of the network."""
        return hidden_of(self.arrays)


def write_release(release: ModelRelease, identity: Identity) -> bytes:
    """The signed bytes. Corrupt if the arrays don't fit the skill map or hold a number that isn't finite."""
    payload = to_bytes(release.arrays)
    _checked_arrays(payload, release.skill_map)
    fields = {
        "card": canonical_json(release.card.model_dump(mode="json")).decode(),
        "skill_map": release.skill_map.to_bytes().decode(),
    }
    return seal(identity, KIND, fields, payload=payload)


def read_release(data: bytes, coordinator_key: str) -> ModelRelease:
    """Refused unless signed by this coordinator; Corrupt if damaged, misshapen or not finite."""
    try:
        envelope = open_envelope(data, kind=KIND, sender=coordinator_key)
        skill_map = SkillMap.from_bytes(envelope.text("skill_map").encode())
        return ModelRelease(_checked_arrays(envelope.payload, skill_map), skill_map, _card(envelope))
    except Refused:
        raise
    except (Corrupt, FixSettings) as error:
        sentence = f"The model release can't be used. {error.sentence}"
        raise Corrupt(ErrorCode.BAD_RELEASE, sentence) from error


def release_digest(data: bytes) -> str:
    """SHA-256 of the file: how pages, audit trail and registry name a release."""
    return sha256_hex(data)


def _checked_arrays(payload: bytes, skill_map: SkillMap) -> Arrays:
    arrays = from_bytes(payload)
    hidden_of(arrays)
    if len(arrays["b_out"]) != skill_map.rows:
        raise Corrupt(ErrorCode.BAD_RELEASE, "Its arrays don't fit its skill map.")
    return arrays


def _card(envelope: Envelope) -> ModelCard:
    try:
        return ModelCard.model_validate_json(envelope.text("card"))
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) for e in error.errors()})
        raise Corrupt(ErrorCode.BAD_RELEASE, f"Its card has wrong fields: {fields}.") from error
