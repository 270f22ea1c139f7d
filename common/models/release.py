"""ModelRelease: one signed file with a logistic model, a network or both, their skill map, and an honest card."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.envelope import Envelope, open_envelope, seal
from common.errors import Corrupt, ErrorCode, FixSettings, Refused
from common.models import logistic
from common.models.dkt_shapes import FROZEN, SHARED, hidden_of
from common.signing import Identity
from common.skills import SkillMap
from common.wire import Count, Hex64, Name, Wire

KIND = "model-release"
POOLED_QUANTILE = "pooled_sure_quantile"  # figure of the card: when a prediction of the shared model is sure
_DKT_NAMES = (*SHARED, FROZEN)

ModelKind = Literal["logistic", "dkt"]


class ModelCard(Wire):
    """What a school reads before it lets a model serve.

    epsilon and delta: what training everything in the release cost each student, under `unit`, `relation` and
    `assumption`; builds_on: digest of the earlier campaign whose logistic model is in it, and in both figures.
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
    builds_on: Hex64 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ModelRelease:
    """A model that may serve, its rows those of `skill_map`.

    arrays: the four of a logistic model, the six of a network, or the ten of both. families: ids of the item
    families whose difficulty the logistic model holds, in its order.
    """

    arrays: Arrays = field(repr=False)
    skill_map: SkillMap
    card: ModelCard
    families: tuple[str, ...] = ()

    @property
    def logistic(self) -> Arrays | None:
        """The logistic model, if the release holds one."""
        return _part(self.arrays, logistic.NAMES)

    @property
    def dkt(self) -> Arrays | None:
        """The network, if the release holds one."""
        return _part(self.arrays, _DKT_NAMES)

    @property
    def kind(self) -> ModelKind:
        """What the release's own campaign trained: a network, wherever there is one."""
        return "logistic" if self.dkt is None else "dkt"


def write_release(release: ModelRelease, identity: Identity) -> bytes:
    """The signed bytes. Corrupt if the arrays don't fit the skill map or hold a number that isn't finite."""
    payload = to_bytes(release.arrays)
    _checked_arrays(payload, release.skill_map, release.families)
    fields = {
        "card": canonical_json(release.card.model_dump(mode="json")).decode(),
        "skill_map": release.skill_map.to_bytes().decode(),
        "families": canonical_json(list(release.families)).decode(),
    }
    return seal(identity, KIND, fields, payload=payload)


def read_release(data: bytes, coordinator_key: str) -> ModelRelease:
    """Refused unless signed by this coordinator; Corrupt if damaged, misshapen or not finite."""
    try:
        envelope = open_envelope(data, kind=KIND, sender=coordinator_key)
        skill_map = SkillMap.from_bytes(envelope.text("skill_map").encode())
        families = _families(envelope)
        arrays = _checked_arrays(envelope.payload, skill_map, families)
        return ModelRelease(arrays, skill_map, _card(envelope), families)
    except Refused:
        raise
    except (Corrupt, FixSettings) as error:
        sentence = f"The model release can't be used. {error.sentence}"
        raise Corrupt(ErrorCode.BAD_RELEASE, sentence) from error


def release_digest(data: bytes) -> str:
    """SHA-256 of the file: how pages, audit trail and registry name a release."""
    return sha256_hex(data)


def _checked_arrays(payload: bytes, skill_map: SkillMap, families: tuple[str, ...]) -> Arrays:
    arrays = from_bytes(payload)
    parts = [part for part in (logistic.NAMES, _DKT_NAMES) if _part(arrays, part) is not None]
    if not parts or tuple(arrays) != tuple(name for part in parts for name in part):
        raise Corrupt(ErrorCode.BAD_RELEASE, "Its arrays are neither a logistic model nor a network.")
    if logistic.NAMES in parts:
        rows, count = logistic.sizes_of({name: arrays[name] for name in logistic.NAMES})
        if rows != skill_map.rows or count != len(families):
            raise Corrupt(ErrorCode.BAD_RELEASE, "Its logistic model doesn't fit its skill map or its families.")
    elif families:
        raise Corrupt(ErrorCode.BAD_RELEASE, "It names item families and holds no logistic model.")
    if _DKT_NAMES in parts:
        hidden_of({name: arrays[name] for name in _DKT_NAMES})
        if len(arrays["b_out"]) != skill_map.rows:
            raise Corrupt(ErrorCode.BAD_RELEASE, "Its network doesn't fit its skill map.")
    return arrays


def _part(arrays: Arrays, names: tuple[str, ...]) -> Arrays | None:
    """The arrays of one model; None unless all of them are there."""
    return {name: arrays[name] for name in names} if all(name in arrays for name in names) else None


def _families(envelope: Envelope) -> tuple[str, ...]:
    value = parse_canonical_json(envelope.text("families").encode())
    strings = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if not isinstance(value, list) or not strings or len(set(value)) != len(value):
        raise Corrupt(ErrorCode.BAD_RELEASE, "Its item families aren't a list of different ids.")
    return tuple(value)


def _card(envelope: Envelope) -> ModelCard:
    try:
        return ModelCard.model_validate_json(envelope.text("card"))
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) for e in error.errors()})
        raise Corrupt(ErrorCode.BAD_RELEASE, f"Its card has wrong fields: {fields}.") from error
