"""What the console shows of masks: set-up, a picture per round, what the noisy sum said, who confirmed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from server.admission import AnswerState
from server.blames import read_blames
from server.campaign_records import CampaignRecord
from server.conclude import read_measurement
from server.confirmations import read_confirmations
from server.deals_store import dealt_rounds, read_joins
from server.pooled_gate import PooledVerdict
from server.round_records import RoundRecord

BAR_WIDTH = 300
_FAULTS = {
    "secret-differs-from-commitment": "dealt shares of something else than it committed to, and is left out",
    "share-differs-from-commitment": "sent a share that it wasn't dealt; the others opened the sum",
}
_FIGURES = (("auc", "AUC"), ("log_loss", "Log loss"), ("calibration_error", "Calibration error"))


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a round: `count` of `asked` schools. width: of the filled part."""

    label: str
    count: int
    asked: int
    width: int


@dataclass(frozen=True, slots=True)
class SetUpView:
    """How far the masks are set up; None of it for unmasked campaigns."""

    bars: tuple[Bar, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One pooled figure of the candidate and of the model that it started from."""

    label: str
    candidate: str
    start: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What came of a campaign beside its model. gain: with its standard deviation; empty if noise drowned it."""

    figures: tuple[FigureLine, ...]
    gain: str
    sight: str
    confirmations: tuple[tuple[str, str], ...]
    quorum: int
    blamed: tuple[str, ...]


def round_bars(record: RoundRecord, *, masked: bool) -> tuple[Bar, ...]:
    """Invited, masked, in the sum, opened; without masks only invited and answered."""
    asked = len(record.plan.cohort)
    good = sum(answer.is_good for answer in record.answers)
    if not masked:
        return (_bar("Invited", asked, asked), _bar("Sent their sum", good, asked))
    summed = {AnswerState.SURVIVED, AnswerState.HELPED}
    survived = sum(answer.state in summed for answer in record.answers)
    helped = sum(answer.state == AnswerState.HELPED for answer in record.answers)
    return (
        _bar("Invited", asked, asked),
        _bar("Sent a masked sum", good, asked),
        _bar("Are in the sum", survived, asked),
        _bar("Helped to open it", helped, asked),
    )


def set_up_view(connection: Connection, record: CampaignRecord) -> SetUpView | None:
    """Box keys and first deals of every member."""
    if not record.plan.secure_aggregation:
        return None
    members = len(record.plan.members)
    joined = len(read_joins(connection, record.digest))
    dealt = len(dealt_rounds(connection, record.digest))
    bars = (_bar("Sent a key for masks", joined, members), _bar("Dealt shares", dealt, members))
    return SetUpView(bars, done=joined == dealt == members)


def outcome_view(connection: Connection, record: CampaignRecord) -> OutcomeView:
    """Pooled figures, confirmations and blame, as far as there are any."""
    verdict = read_measurement(connection, record.digest) or PooledVerdict()
    words = read_confirmations(connection, record.digest)
    return OutcomeView(
        figures=_figures(verdict),
        gain=_gain(verdict),
        sight=verdict.sight,
        confirmations=tuple(
            (school, "gets the same model from its own replay" if matched else "gets another model")
            for school, matched in words.items()
        ),
        quorum=record.plan.quorum,
        blamed=tuple(
            f"Round {blame.round}: {blame.school} {_FAULTS.get(blame.fault, blame.fault)}"
            for blame in read_blames(connection, record.digest)
        ),
    )


def _figures(verdict: PooledVerdict) -> tuple[FigureLine, ...]:
    found = verdict.figures
    return tuple(
        FigureLine(label, _number(found, f"pooled_{name}"), _number(found, f"pooled_{name}_at_start"))
        for name, label in _FIGURES
        if f"pooled_{name}" in found
    )


def _gain(verdict: PooledVerdict) -> str:
    found = verdict.figures
    if not {"pooled_auc_gain", "pooled_auc_gain_sd"} <= found.keys():
        return ""
    return f"{found['pooled_auc_gain']:+.3f} \N{PLUS-MINUS SIGN} {found['pooled_auc_gain_sd']:.3f}"


def _number(figures: dict[str, float], name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else "not measurable"


def _bar(label: str, count: int, asked: int) -> Bar:
    return Bar(label, count, asked, round(BAR_WIDTH * count / asked) if asked else 0)
