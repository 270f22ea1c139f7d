"""What a school adds to a round before noise: the clipped sum over the students who take part."""

from collections.abc import Callable, Sequence

from client.training import engine, logistic_engine
from client.training.dataset import recent_histories, training_windows
from client.training.draw import check_sum, draw_students, not_today
from client.training.engine import CACHE_BYTES
from client.training.evaluation_round import histogram_sum
from client.training.training_school import TrainingSchool
from client.training.windows_plan import Windows
from common.arrays import Arrays, from_bytes
from common.exchange import RoundRequest
from common.model_terms import DktTerms, ModelTerms
from common.permission import Permission
from common.privacy.clipping import ClippedSum
from common.refusals import Refusal
from common.shared_model import column_scales, family_columns, trained_arrays

# Called once, after every check that costs nothing and before the charge.
Contribution = Callable[[], ClippedSum | Refusal]


def contribution_of(request: RoundRequest, permission: Permission, school: TrainingSchool) -> Contribution:
    """The sum over this school's students; what is named raw_* tells of students and stays in here."""

    def contribution() -> ClippedSum | Refusal:
        raw_students = _students(request, permission, school)
        if isinstance(raw_students, Refusal):
            return raw_students
        raw_sum = _sum(request, raw_students, school)
        if isinstance(raw_sum, Refusal):
            return raw_sum
        return check_sum(raw_sum, students=len(raw_students), rho=request.campaign.privacy.rho) or raw_sum

    return contribution


def _students(request: RoundRequest, permission: Permission, school: TrainingSchool) -> list[Windows] | Refusal:
    """The drawn students' answers, as the model reads them: in windows, or as one history."""
    model, terms = request.campaign.model, request.campaign.privacy
    with school.store.read() as connection:
        drawn = draw_students(connection, request, permission, school=school)
        if isinstance(drawn, Refusal):
            return drawn
        if isinstance(model, DktTerms):
            return [*training_windows(connection, drawn, skill_map=model.skill_map, terms=terms)]
        recent = recent_histories(connection, drawn, skill_map=model.skill_map, terms=terms)
        return [(history,) for history in recent]


def _sum(request: RoundRequest, raw_students: list[Windows], school: TrainingSchool) -> ClippedSum | Refusal:
    campaign, model = request.campaign, from_bytes(request.model)
    clip_norm = campaign.mechanism(request.plan.kind).clip_norm
    if campaign.metrics is None or request.plan.kind == "train":
        return update_sum(campaign.model, model, raw_students, clip_norm=clip_norm, cache_bytes=school.cache_bytes)
    start = school.replica.models.start(campaign)
    if start is None:
        return not_today("The campaign's start model isn't kept here, so nothing can be compared with it.")
    return histogram_sum(
        campaign.model,
        raw_students,
        candidate=model,
        current=from_bytes(start),
        bins=campaign.metrics.bins,
        clip_norm=clip_norm,
    )


def update_sum(
    terms: ModelTerms,
    arrays: Arrays,
    students: Sequence[Windows],
    *,
    clip_norm: float,
    cache_bytes: int = CACHE_BYTES,
) -> ClippedSum:
    """(d,) the clipped sum of a training round, by the engine of the plan's kind of model.

    arrays: as the round carries them. students: windows for a network, one history each for a logistic model.
    """
    if isinstance(terms, DktTerms):
        return engine.clipped_sum(arrays, students, clip_norm, cache_bytes=cache_bytes)
    return logistic_engine.clipped_sum(
        trained_arrays(terms, arrays),
        [history for (history,) in students],
        clip_norm,
        families=family_columns(terms),
        scales=column_scales(terms),
    )
