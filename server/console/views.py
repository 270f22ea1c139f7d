"""What the console's pages show, as plain values: words for states, numbers for bars, nothing to compute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from common.plan import CampaignPlan
from server.admission import Answer
from server.answer_words import in_words
from server.campaign_records import CampaignRecord, CampaignState
from server.console.masked_views import Bar, round_bars
from server.journal import read_journal
from server.plan_words import masks_in_words, model_in_words, noise_in_words
from server.registry import ReleaseRecord, campaign_name
from server.round_records import RoundRecord, RoundState, read_rounds

_CAMPAIGN_WORDS = {
    CampaignState.DRAFTED: "Drafted: schools can read and approve the plan",
    CampaignState.RUNNING: "Running",
    CampaignState.STOPPED: "Stopped",
    CampaignState.RELEASED: "Finished: the model is released",
    CampaignState.REJECTED: "Finished: the model was rejected",
}
_ROUND_WORDS = {
    RoundState.OPEN: "Waiting for schools",
    RoundState.APPLIED: "Done",
    RoundState.MEASURED: "Done: the candidate was measured",
    RoundState.VOID: "Void",
    RoundState.FAILED: "Too few schools",
}


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school in one round."""

    school: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round's bar: `answered` of `asked` schools."""

    number: int
    words: str
    answered: int
    asked: int
    is_open: bool
    schools: tuple[SchoolLine, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One campaign. done: rounds that are over. may_start, may_stop: which button makes sense."""

    digest: str
    name: str
    state: str
    words: str
    reason: str
    rounds: int
    done: int
    schools: tuple[str, ...]
    may_start: bool
    may_stop: bool
    is_live: bool
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One release."""

    digest: str
    campaign: str
    state: str
    kilobytes: int
    released: str


def campaign_view(connection: Connection, record: CampaignRecord) -> CampaignView:
    """A campaign as its page and the overview show it."""
    rounds = read_rounds(connection, record.digest)
    words = "Waiting to be started by this server" if _is_waiting(record) else _CAMPAIGN_WORDS[record.state]
    return CampaignView(
        digest=record.digest,
        name=record.plan.campaign,
        state=str(record.state),
        words=words,
        reason=record.reason,
        rounds=record.plan.total_rounds,
        done=sum(r.state.is_over for r in rounds),
        schools=tuple(member.school for member in record.plan.members),
        may_start=not record.wanted and not record.state.is_final,
        may_stop=record.wanted,
        is_live=record.wanted,
        terms=_terms(record.plan),
    )


def round_views(connection: Connection, campaign: CampaignRecord) -> list[RoundView]:
    """Every round of a campaign, newest first."""
    masked = campaign.plan.secure_aggregation
    return [_round_view(record, masked=masked) for record in reversed(read_rounds(connection, campaign.digest))]


def release_view(connection: Connection, record: ReleaseRecord) -> ReleaseView:
    """A release as its page shows it."""
    return ReleaseView(
        digest=record.digest,
        campaign=campaign_name(connection, record),
        state=str(record.state),
        kilobytes=-(-record.size_bytes // 1000),
        released=in_minutes(record.released_at),
    )


def journal_lines(connection: Connection, digest: str, *, limit: int = 50) -> list[tuple[str, str]]:
    """(time, what happened) for the newest events of a campaign, newest first."""
    lines = []
    for row in reversed(read_journal(connection, campaign=digest, limit=limit)):
        entry = row.entry
        parts = [entry.event.replace("-", " "), f"round {entry.round}" if entry.round else "", entry.school]
        lines.append((in_minutes(row.at), ", ".join(p for p in (*parts, entry.detail) if p)))
    return lines


def in_minutes(at: datetime) -> str:
    """A time as people read it, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _round_view(record: RoundRecord, *, masked: bool) -> RoundView:
    words = _ROUND_WORDS[record.state]
    return RoundView(
        number=record.plan.round,
        words=f"{words}. {record.reason}" if record.reason else words,
        answered=_count(record.answers),
        asked=len(record.plan.cohort),
        is_open=record.state == RoundState.OPEN,
        schools=tuple(SchoolLine(a.school, str(a.state), in_words(a)) for a in record.answers),
        bars=round_bars(record, masked=masked),
    )


def _count(answers: Sequence[Answer]) -> int:
    return sum(answer.is_good for answer in answers)


def _is_waiting(record: CampaignRecord) -> bool:
    return record.wanted and record.state != CampaignState.RUNNING


def _terms(plan: CampaignPlan) -> tuple[tuple[str, str], ...]:
    privacy = plan.privacy
    return (
        ("Model", model_in_words(plan)),
        ("Privacy cost of the whole campaign (epsilon)", f"{plan.epsilon:.2f} at delta {privacy.delta:.2g}"),
        ("If every other school colluded", f"{plan.epsilon_alone:.2f}"),
        ("Masks (secure aggregation)", masks_in_words(plan)),
        ("Who adds the noise (honest_schools)", noise_in_words(plan)),
        ("Is the candidate measured on real students?", _measuring_words(plan)),
        ("Noise (noise_multiplier)", f"{privacy.noise_multiplier:g}"),
        ("Students drawn per round (sampling_rate)", f"{privacy.sampling_rate:.0%}"),
        ("Bound on one student (clip_norm)", f"{privacy.clip_norm:g}"),
        ("Schools that a round needs", str(plan.minimum_cohort)),
        ("Time for a round", f"{plan.round_deadline_seconds:.0f} seconds"),
        ("Plan's digest, which schools approve", plan.digest),
    )


def _measuring_words(plan: CampaignPlan) -> str:
    if plan.metrics is None:
        return "No: only each school tests the model, on its own students."
    return f"Yes, by one noisy sum in round {plan.total_rounds}; its cost is part of both epsilons."
