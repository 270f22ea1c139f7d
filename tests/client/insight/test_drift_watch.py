"""The monitor steps down after two worse weeks running, once, with a record, and the administrator may undo it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.insight.drift_watch import EVERY, KIND, is_due
from client.records.audit_trail import recent_audit
from client.records.insight_checks import InsightCheck, recent_checks
from client.records.releases import active_release
from client.records.serving import load_ladder
from client.records.serving_now import serving_now
from client.records.serving_steps import can_step_back, is_held, step_back
from client.records.store import Store
from tests.support.stores import NOW, in_reader, in_writer, sqlite_store
from tests.support.watched import WEEK, Watched, watched_school


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Empty."""
    opened = sqlite_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def school(store: Store, tmp_path: Path) -> Watched:
    """Its own logistic model thinks that most is wrong, while three of four are right."""
    return watched_school(store, tmp_path / "releases")


def looks(school: Watched) -> list[InsightCheck]:
    """Newest first."""
    return in_reader(school.store, lambda connection: recent_checks(connection, KIND, count=50))


def deeds(school: Watched) -> list[tuple[str, str]]:
    """Who did what, newest first."""
    return [(one.actor, one.action) for one in in_reader(school.store, lambda c: recent_audit(c, count=50))]


def serves(school: Watched) -> str:
    """The rung that practice would get."""
    found = in_reader(school.store, lambda connection: load_ladder(connection, school.releases))
    return "bkt" if found is None else found.rung


def weeks(school: Watched, *numbers: int) -> str:
    """Practises and looks in each of these weeks; the last sentence."""
    said = ""
    for week in numbers:
        school.practise(week)
        said = school.look(NOW + (week + 1) * WEEK)
    return said


def test_one_worse_week_changes_nothing(school: Watched) -> None:
    """It is told, with what would follow."""
    said = weeks(school, 0)
    assert "predicted worse than the skill tracer" in said
    assert "If the next look finds the same" in said
    assert serves(school) == "logistic"
    assert deeds(school) == []


def test_two_worse_weeks_running_lead_one_rung_down(school: Watched) -> None:
    """With the reason where the administrator reads what serves, and a line in the audit trail."""
    said = weeks(school, 0, 1)
    assert "worse than the skill tracer (BKT) in two looks running" in said
    assert "so the skill tracer (BKT) serves now" in said
    assert serves(school) == "bkt"
    assert deeds(school) == [("drift monitor", "rung-dropped")]
    found = in_reader(school.store, serving_now)
    assert found is not None
    assert (found.rung, found.reason) == ("bkt", said)
    assert looks(school)[0].found["dropped_to"] == "bkt"


def test_a_releases_row_goes_along(store: Store, tmp_path: Path) -> None:
    """The release stays active, and says that BKT serves and why."""
    school = watched_school(store, tmp_path / "releases", release="d" * 64)
    said = weeks(school, 0, 1)
    release = in_reader(store, active_release)
    assert release is not None
    assert (release.rung, release.reason) == ("bkt", said)
    assert serves(school) == "bkt"
    in_writer(store, lambda connection: step_back(connection, by="abe", now=NOW + 3 * WEEK))
    release = in_reader(store, active_release)
    assert release is not None
    assert release.rung == "logistic"


def test_a_good_week_between_two_bad_ones_breaks_the_run(school: Watched) -> None:
    """Two running means two running: in the week between, nearly all is wrong, as the gloomy model says."""
    weeks(school, 0)
    school.practise(1, right=0.1)
    school.look(NOW + 2 * WEEK)
    weeks(school, 2)
    assert [one.found["verdict"] == "worse" for one in looks(school)] == [True, False, True]
    assert serves(school) == "logistic"


def test_after_a_step_nothing_goes_to_and_fro(school: Watched) -> None:
    """A year of weeks: one step, since the skill tracer has nothing below."""
    weeks(school, *range(12))
    assert serves(school) == "bkt"
    assert deeds(school).count(("drift monitor", "rung-dropped")) == 1


def test_the_administrators_word_holds(school: Watched) -> None:
    """Undone, the model serves with its old reason, and the monitor only warns."""
    weeks(school, 0, 1)
    assert in_reader(school.store, can_step_back)
    after = NOW + 2 * WEEK + EVERY / 7
    assert in_writer(school.store, lambda connection: step_back(connection, by="abe", now=after)) == "logistic"
    assert serves(school) == "logistic"
    found = in_reader(school.store, lambda connection: load_ladder(connection, school.releases))
    assert found is not None
    assert found.models.certainty.quantile == 0.6
    assert deeds(school)[0] == ("abe", "rung-restored")
    assert in_reader(school.store, is_held)
    assert not in_reader(school.store, can_step_back)
    weeks(school, 3, 4, 5)
    assert looks(school)[0].found["verdict"] == "worse"
    assert serves(school) == "logistic"


def test_looks_between_the_weekly_ones_only_tell(school: Watched) -> None:
    """However often somebody presses the button."""
    school.practise(0)
    for hours in range(5):
        school.look(NOW + WEEK + hours * EVERY / 100)
    assert [one.found["counts"] for one in looks(school)] == [False] * 4 + [True]
    assert serves(school) == "logistic"
    assert not in_reader(school.store, lambda c: is_due(c, NOW + WEEK + EVERY / 2))
    assert in_reader(school.store, lambda c: is_due(c, NOW + 2 * WEEK))


def test_nine_students_are_not_enough_and_their_answers_wait(school: Watched) -> None:
    """The next look takes them along, and says nothing of a group this small meanwhile."""
    school.practise(0, students=9, answers=60)
    assert school.look(NOW + WEEK).startswith("Not enough yet: 531 answers of 9 students since the last look")
    assert "against_bkt" not in looks(school)[0].found
    school.practise(1)
    school.look(NOW + 2 * WEEK)
    assert (
        looks(school)[0].found["answers"] == 531 + 9 * 30 + 3 * 29
    )  # the first of a history is predicted by nobody
