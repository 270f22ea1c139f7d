"""What a school adds to a round before noise: the clipped sum over the students who take part."""

from collections.abc import Callable

from client.training.dataset import training_windows
from client.training.draw import check_sum, draw_students, not_today
from client.training.engine import clipped_sum
from client.training.evaluation_round import histogram_sum
from client.training.training_school import TrainingSchool
from common.arrays import from_bytes
from common.exchange import RoundRequest
from common.models.encoding import EncodedHistory
from common.permission import Permission
from common.privacy.clipping import ClippedSum
from common.refusals import Refusal
from common.skills import SkillMap

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


def _students(
    request: RoundRequest, permission: Permission, school: TrainingSchool
) -> list[tuple[EncodedHistory, ...]] | Refusal:
    """The drawn students' windows."""
    model = request.campaign.model
    skill_map = SkillMap(model.skill_map_version, model.skill_names)
    with school.store.read() as connection:
        drawn = draw_students(connection, request, permission, school=school)
        if isinstance(drawn, Refusal):
            return drawn
        return training_windows(connection, drawn, skill_map=skill_map, terms=request.campaign.privacy)


def _sum(
    request: RoundRequest, raw_students: list[tuple[EncodedHistory, ...]], school: TrainingSchool
) -> ClippedSum | Refusal:
    campaign, model = request.campaign, from_bytes(request.model)
    clip_norm = campaign.mechanism(request.plan.kind).clip_norm
    if campaign.metrics is None or request.plan.kind == "train":
        return clipped_sum(model, raw_students, clip_norm, cache_bytes=school.cache_bytes)
    start = school.replica.models.start(campaign)
    if start is None:
        return not_today("The campaign's start model isn't kept here, so nothing can be compared with it.")
    return histogram_sum(
        raw_students,
        candidate=model,
        current=from_bytes(start),
        bins=campaign.metrics.bins,
        clip_norm=clip_norm,
    )
