"""The fairness check on a school's own records: what serves, by each thing that students are compared by.

Worked out when the administrator asks, shown, and kept nowhere. It never leaves the school.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from client.content.bank import ItemBank
from client.insight.equity import GroupFigures, JudgedAnswers, compare_groups
from client.insight.replayed import kept_models, replayed_answers
from client.records.store import Store
from client.records.student_groups import groups_by_student
from common.models.ladder import Rung


@dataclass(frozen=True, slots=True)
class EquityAudit:
    """rung: what serves. by: groups by what is compared, () where fewer than two groups of ten students remain."""

    rung: Rung
    by: Mapping[str, tuple[GroupFigures, ...]]


def audit_equity(store: Store, releases: Path, bank: ItemBank) -> EquityAudit:
    """Answers of students who consent to practice, as far as they can be predicted from earlier ones."""
    with store.read() as connection:
        labels = groups_by_student(connection, store.vault)
        models = kept_models(connection, releases, bank)
        answers = replayed_answers(connection, models)
    judged = JudgedAnswers(answers.correct, answers.student, answers.chances[models.serving])
    kinds = sorted({kind for groups in labels.values() for kind in groups})
    return EquityAudit(
        models.serving,
        {
            kind: compare_groups(judged, [labels.get(one, {}).get(kind, "") for one in answers.students])
            for kind in kinds
        },
    )
