"""The privacy statement of a campaign: what this school says of it, signed, so that anybody can check who said it.

Every figure in it is computed from the plan, the ledger and the settings (`statement_figures`); a statement never
holds anything about one student. It names which years of enrolment paid, so handing it out is the school's choice.
"""

from typing import Annotated, Literal

from pydantic import Field, ValidationError

from common.canonical import canonical_json, parse_canonical_json
from common.errors import Corrupt, ErrorCode
from common.plan import RoundKind, SecaggPlan
from common.signing import Identity, verify
from common.wire import Count, Hex64, Name, Wire

PURPOSE = "privacy-statement"
# None where the accountant knows no bound: too little noise to speak of.
Epsilon = Annotated[float, Field(ge=0)] | None
Number = Annotated[int, Field(ge=0)]


class Subject(Wire):
    """Who says it, and of what. release: digest of the model that came out of the campaign, "" for none."""

    school: Name
    identity_key: Hex64
    consortium: Name
    campaign: Name
    campaign_digest: Hex64
    release: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
    made_at: str
    package_version: str
    plan_package_version: str


class Promise(Wire):
    """epsilon, epsilon_alone: of the rounds that were charged here, together; planned_*: as the plan prints them.

    epsilon_two_schools: for a student who was at two schools that were charged like this one. epsilon_known_draws:
    against somebody who learned who was drawn in each round.
    """

    unit: str
    relation: str
    delta: float
    epsilon: Epsilon
    epsilon_alone: Epsilon
    epsilon_two_schools: Epsilon
    epsilon_known_draws: Epsilon
    planned_epsilon: float
    planned_epsilon_alone: float


class Collusion(Wire):
    """Epsilon of this campaign if only so many schools, this one among them, really added their noise."""

    honest_shares: Count
    epsilon: Epsilon


class Trust(Wire):
    """On whom `epsilon` rests. own_honest_schools: what this school's own noise was made for, each value once.

    needed_honest_schools: how many honest shares have to be in each sum, this school's among them.
    smallest_margin: by how many schools an opened sum exceeded honest_schools at least, None if none is known.
    secagg: None if sums weren't masked.
    """

    schools: Count
    honest_schools: Count
    own_honest_schools: tuple[Count, ...]
    needed_honest_schools: Count
    secagg: SecaggPlan | None
    smallest_margin: Number | None
    in_words: str
    collusion: tuple[Collusion, ...]


class RoundsCharged(Wire):
    """The rounds of one kind: as planned, as charged here (a round that was paid for twice counts twice)."""

    kind: RoundKind
    planned: Number
    charged: Number
    clip_norm: float
    noise_multiplier: float
    sampling_rate: float


class Outcomes(Wire):
    """What became of the charges, as far as the ledger knows. aborted: paid for, and nothing came of it."""

    charged: Number
    sent: Number
    opened: Number
    aborted: Number


class DeltaParts(Wire):
    """gaussian: what the accountant spends. set_aside: for all the rest. overdraws: the most they take of that."""

    gaussian: float
    set_aside: float
    overdraws: float


class Accountant(Wire):
    """Which program computed the figures, and how."""

    name: str
    version: str
    method: str


class Mechanism(Wire):
    """What was done to the numbers before they left. share_std_units: a share's noise in integer steps."""

    rounds: tuple[RoundsCharged, ...]
    outcomes: Outcomes
    share_std_units: float
    rho: float
    delta_parts: DeltaParts
    generator: str
    accountant: Accountant


class CohortCost(Wire):
    """What the students added in one school year have paid, from the ledger's first charge to its last."""

    cohort: str
    epsilon: Epsilon
    epsilon_alone: Epsilon
    delta: float
    rounds: Count
    campaigns: Count
    first_charge: str
    last_charge: str


class Limits(Wire):
    """What a year of enrolment may cost here, whatever a plan says; from the school's settings."""

    epsilon_year: float
    epsilon_lifetime: float
    epsilon_alone_year: float
    epsilon_alone_lifetime: float


class LedgerPlace(Wire):
    """How far the ledger was. newest_charge_*: this campaign's, as the public log names it."""

    rows: Count
    newest_charge_row: Count
    newest_charge_hash: Hex64


class AuditFigures(Wire):
    """What a report of the attack suite says. same_plan: whether its attacks ran on this campaign's figures.

    bound_*: the highest lower bound among the honest runs of the product's round code. campaign_*: all sums of the
    report's plan. problems: why no model should be released on this report; empty if nothing stands against it.
    """

    report_digest: Hex64
    same_plan: bool
    claimed: float
    bound_gaussian: float
    bound_assumption_free: float
    smallest_ceiling: float
    campaign_claimed: float
    campaign_bound_gaussian: float
    campaign_bound_assumption_free: float
    problems: tuple[str, ...]


class Statement(Wire):
    """One school's account of one campaign. lifetime: of every campaign that the ledger holds, by cohort."""

    version: Literal["homeroom.privacy-statement/1"] = "homeroom.privacy-statement/1"
    subject: Subject
    promise: Promise
    trust: Trust
    mechanism: Mechanism
    lifetime: tuple[CohortCost, ...]
    limits: Limits
    ledger: LedgerPlace
    audit: AuditFigures | None
    not_covered: tuple[str, ...]
    tried: str


def sign_statement(statement: Statement, identity: Identity) -> bytes:
    """Canonical JSON with the statement and the school's signature over its canonical bytes."""
    body = statement.model_dump(mode="json")
    signature = identity.sign(PURPOSE, canonical_json(body)).hex()
    return canonical_json({"signature": signature, "statement": body})


def read_statement(data: bytes, identity_key: str) -> Statement:
    """Refused unless this school signed exactly these words; Corrupt for anything that isn't a statement."""
    value = parse_canonical_json(data.removesuffix(b"\n"))
    if not isinstance(value, dict) or set(value) != {"signature", "statement"}:
        raise _not_a_statement()
    body = canonical_json(value["statement"])
    verify(identity_key, PURPOSE, body, signature=_bytes_of(value["signature"]))
    statement = _parsed(body)
    if statement.subject.identity_key != identity_key:
        raise _not_a_statement()
    return statement


def claimed_school(data: bytes) -> str:
    """Which school a statement claims to be of; nothing is verified yet."""
    value = parse_canonical_json(data.removesuffix(b"\n"))
    try:
        school = value["statement"]["subject"]["school"]
    except (KeyError, TypeError) as error:
        raise _not_a_statement() from error
    return str(school)


def _bytes_of(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError as error:
        raise _not_a_statement() from error


def _parsed(body: bytes) -> Statement:
    try:
        return Statement.model_validate_json(body)
    except ValidationError as error:
        raise _not_a_statement() from error


def _not_a_statement() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "This isn't a privacy statement that this version of Homeroom can read.")
