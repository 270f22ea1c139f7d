"""CampaignPlan and RoundPlan: what a school is asked to compute, and at what privacy cost.

The campaign plan holds every constant that alters privacy. An administrator approves its digest once. A
round plan carries only what changes from round to round and names the campaign by that digest.
"""

from dataclasses import replace
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode, FixSettings
from common.model_terms import ItemFamily, ModelTerms, OptimiserTerms
from common.privacy.terms import Event, MechanismTerms
from common.wire import Count, Hex64, Name, Wire

RoundKind = Literal["train", "evaluate"]


W = TypeVar("W", bound=Wire)


class Member(Wire):
    """One enrolled school. `students` is its public, rounded number of students (the denominator)."""

    school: Name
    identity_key: Hex64
    students: Count


class PrivacyTerms(Wire):
    """Everything that alters the privacy of a round. Neighbours differ by one student's whole history.

    clip_norm: bound on one student's contribution. noise_multiplier: standard deviation of the noise that
    `honest_schools` schools add together, divided by clip_norm. batch_cap_sd: the largest draw that is used
    is q N + batch_cap_sd standard deviations. share_std_units: standard deviation of one school's share in
    integer units.
    """

    unit: Literal["student"] = "student"
    clip_norm: Annotated[float, Field(gt=0, le=100)]
    noise_multiplier: Annotated[float, Field(gt=0, le=1000)]
    sampling_rate: Annotated[float, Field(gt=0, le=1)]
    delta: Annotated[float, Field(gt=0, lt=1e-3)]
    honest_schools: Annotated[int, Field(ge=1, le=1000)]
    share_std_units: Annotated[float, Field(ge=8, le=65536)]
    modulus_bits: Literal[16, 24, 32]
    rho: Annotated[float, Field(ge=0, le=0.01)]
    batch_cap_sd: Annotated[float, Field(ge=4, le=20)]
    max_interactions: Annotated[int, Field(ge=2, le=10_000)]
    window_interactions: Annotated[int, Field(ge=2, le=2_000)]

    @property
    def mechanism(self) -> MechanismTerms:
        """The part that the noise and the accountant read, with its derived values."""
        return MechanismTerms(
            clip_norm=self.clip_norm,
            noise_multiplier=self.noise_multiplier,
            sampling_rate=self.sampling_rate,
            delta=self.delta,
            honest_schools=self.honest_schools,
            share_std_units=self.share_std_units,
            modulus_bits=self.modulus_bits,
            rho=self.rho,
            batch_cap_sd=self.batch_cap_sd,
        )


class SecaggPlan(Wire):
    """How sums are masked. corrupt: schools that may help a malicious coordinator. threshold: shares that open a
    secret. max_dropped: most schools that a holder helps to leave out of one round. min_margin: by how many
    schools an opened sum has to exceed honest_schools.
    """

    corrupt: Annotated[int, Field(ge=0, le=1000)]
    threshold: Annotated[int, Field(ge=1, le=1000)]
    max_dropped: Annotated[int, Field(ge=0, le=1000)]
    min_margin: Annotated[int, Field(ge=1, le=1000)]


class MetricTerms(Wire):
    """The one round that measures instead of training: a histogram of scores, noised and summed like an update.

    bins: score bins per model and outcome. noise_multiplier: as in PrivacyTerms, for a student's histogram of
    norm at most 1. Every student of the evaluation set takes part: the sampling rate is 1.
    """

    bins: Annotated[int, Field(ge=4, le=100)]
    noise_multiplier: Annotated[float, Field(gt=0, le=10_000)]
    modulus_bits: Literal[16, 24, 32]


class EarlierRounds(Wire):
    """Rounds of an earlier campaign, as the accountant sees them."""

    noise_multiplier: Annotated[float, Field(gt=0, le=10_000)]
    sampling_rate: Annotated[float, Field(gt=0, le=1)]
    rounds: Annotated[int, Field(ge=1, le=1000)]
    honest_schools: Annotated[int, Field(ge=1, le=1000)]

    @property
    def event(self) -> Event:
        """What they cost together with honest schools."""
        return Event(self.noise_multiplier, self.sampling_rate, self.rounds)

    @property
    def event_alone(self) -> Event:
        """What they cost if every other school colludes."""
        return self.event.alone(self.honest_schools)


class Foundation(Wire):
    """The earlier campaign that this one builds on, and what both cost a student who was in both.

    campaign: digest of its plan. model_digest: SHA-256 of its logistic model as `common.arrays` bytes; the release
    of this campaign carries that model on. families: of that model, in its order. spent: its rounds. epsilon,
    epsilon_alone: of both together, at this campaign's delta.
    """

    campaign: Hex64
    model_digest: Hex64
    families: Annotated[tuple[ItemFamily, ...], Field(max_length=50_000)]
    spent: Annotated[tuple[EarlierRounds, ...], Field(min_length=1, max_length=10)]
    epsilon: Annotated[float, Field(gt=0)]
    epsilon_alone: Annotated[float, Field(gt=0)]


class CampaignPlan(Wire):
    """What an administrator approves: who, what, how often, and what it costs.

    secagg: None when each school's noised sum is sent unmasked. metrics: None when no round measures; with it,
    the round after the last training round does. epsilon, epsilon_alone: of all rounds together, without those of
    an earlier campaign. foundation: the campaign whose model this one starts from; None if it starts from nothing
    but simulated students.
    """

    version: Literal["homeroom.campaign/1"] = "homeroom.campaign/1"
    consortium: Name
    campaign: Name
    purpose: Literal["federated_training"]
    coordinator_key: Hex64
    bundle_digest: Hex64
    package_version: str
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=1000)]
    model: ModelTerms
    privacy: PrivacyTerms
    secagg: SecaggPlan | None
    metrics: MetricTerms | None
    optimiser: OptimiserTerms
    rounds: Annotated[int, Field(ge=1, le=1000)]
    minimum_cohort: Annotated[int, Field(ge=1, le=1000)]
    round_deadline_seconds: Annotated[float, Field(gt=0, le=86_400)]
    epsilon: Annotated[float, Field(gt=0)]
    epsilon_alone: Annotated[float, Field(gt=0)]
    foundation: Foundation | None = None

    @model_validator(mode="after")
    def _optimiser_fits(self) -> Self:
        """Each kind of model is moved by its own optimiser, and only a network builds on an earlier model."""
        logistic = self.model.kind == "logistic"
        if logistic != (self.optimiser.kind == "newton"):
            raise ValueError(f"a {self.model.kind} model can't be moved by {self.optimiser.kind} steps")
        if logistic and self.foundation is not None:
            raise ValueError("a logistic model starts from simulated students only")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes: what the administrator approves."""
        return sha256_hex(self.to_bytes())

    @property
    def secure_aggregation(self) -> bool:
        """Whether sums are masked."""
        return self.secagg is not None

    @property
    def total_rounds(self) -> int:
        """Training rounds, and the one that measures if there is one."""
        return self.rounds + (self.metrics is not None)

    @property
    def epsilon_in_all(self) -> float:
        """Of this campaign and the one it builds on."""
        return self.foundation.epsilon if self.foundation else self.epsilon

    @property
    def epsilon_alone_in_all(self) -> float:
        """The same if every other school colludes."""
        return self.foundation.epsilon_alone if self.foundation else self.epsilon_alone

    @property
    def quorum(self) -> int:
        """How many schools' own replays have to give a candidate before it is released."""
        return self.secagg.threshold if self.secagg else self.minimum_cohort

    def kind_of(self, round_number: int) -> RoundKind:
        """What a round does."""
        return "train" if round_number <= self.rounds else "evaluate"

    def mechanism(self, kind: RoundKind) -> MechanismTerms:
        """The constants of a round of this kind; FixSettings for a measuring round that the plan hasn't."""
        training = self.privacy.mechanism
        if kind == "train":
            return training
        if self.metrics is None:
            raise FixSettings(ErrorCode.BAD_PARAMETER, "This campaign has no round that measures.")
        return replace(
            training,
            clip_norm=1.0,
            noise_multiplier=self.metrics.noise_multiplier,
            sampling_rate=1.0,
            modulus_bits=self.metrics.modulus_bits,
        )

    def events(self, rounds: int) -> list[Event]:
        """What the first `rounds` rounds cost together; at most `total_rounds` of them."""
        events = [self.privacy.mechanism.event(min(rounds, self.rounds))] if rounds else []
        return [*events, self.mechanism("evaluate").event()] if rounds > self.rounds else events

    @property
    def spent(self) -> tuple[EarlierRounds, ...]:
        """All its rounds, as the plan of a campaign that builds on it has to name them."""
        return tuple(
            EarlierRounds(
                noise_multiplier=event.noise_multiplier,
                sampling_rate=event.sampling_rate,
                rounds=event.count,
                honest_schools=self.privacy.honest_schools,
            )
            for event in self.events(self.total_rounds)
        )

    def events_with_foundation(self) -> list[Event]:
        """What this campaign and the one it builds on cost together."""
        earlier = self.foundation.spent if self.foundation else ()
        return [*(rounds.event for rounds in earlier), *self.events(self.total_rounds)]

    def events_alone_with_foundation(self) -> list[Event]:
        """The same if every other school colludes, in both."""
        earlier = self.foundation.spent if self.foundation else ()
        own = [event.alone(self.privacy.honest_schools) for event in self.events(self.total_rounds)]
        return [*(rounds.event_alone for rounds in earlier), *own]

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(self.model_dump(mode="json"))

    @staticmethod
    def from_bytes(data: bytes) -> "CampaignPlan":
        """Corrupt unless `data` is exactly one valid plan in canonical form."""
        return _parse(CampaignPlan, data)

    def member(self, school: str) -> Member | None:
        """The roster's entry of a school, or None."""
        return next((m for m in self.members if m.school == school), None)


class RoundPlan(Wire):
    """One round. `previous_digest` chains round plans; `cohort` holds the invited schools' names, sorted.

    model_digest: of the model that every school computes from the sums so far. epsilon_after: the campaign's
    epsilon after this round, as the coordinator computes it; a school compares it with its own figure.
    outcome_digest: of the OpenedRound before this one (of the campaign's plan before the first). log_size,
    log_root: head of the public log: schools that are shown different logs hold different masks.
    """

    version: Literal["homeroom.round/1"] = "homeroom.round/1"
    campaign_digest: Hex64
    round: Count
    kind: RoundKind
    model_digest: Hex64
    cohort: tuple[Name, ...]
    epsilon_after: Annotated[float, Field(ge=0)]
    previous_digest: Hex64
    outcome_digest: Hex64
    log_size: Annotated[int, Field(ge=0, le=2**53)]
    log_root: Hex64

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes; the round's `ctx`."""
        return sha256_hex(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(self.model_dump(mode="json"))

    @staticmethod
    def from_bytes(data: bytes) -> "RoundPlan":
        """Corrupt unless `data` is exactly one valid plan in canonical form."""
        return _parse(RoundPlan, data)


def _parse(kind: type[W], data: bytes) -> W:
    value = parse_canonical_json(data)
    try:
        # JSON has no tuples: lists become tuples here and nothing else is converted.
        return kind.model_validate_json(data) if isinstance(value, dict) else kind.model_validate(value)
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) for e in error.errors()})
        raise Corrupt(ErrorCode.BAD_MESSAGE, f"A {kind.__name__} has wrong fields: {fields}.") from error
