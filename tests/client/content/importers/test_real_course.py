"""The importer on OATutor's Elementary Algebra course, which isn't part of this project."""

import pytest

from client.content.importers.oatutor import import_problems
from client.content.importers.oatutor_files import read_problems, read_skill_model
from tests.support.answer_logs import answer_log


@pytest.mark.data
@pytest.mark.slow
def test_nine_tenths_of_elementary_algebra_can_be_practised() -> None:
    """Of the steps with an explicit licence and no figure; every other step has a reason."""
    course = answer_log("oatutor/oatutor_openstax_elementary_algebra.jsonl.gz")
    report = import_problems(read_problems(course)).report
    assert (report.problems, report.steps) == (2_032, 2_520)
    assert report.eligible == 2_339
    assert report.share >= 0.9


@pytest.mark.data
def test_the_pools_own_folders_are_read_like_the_packed_lines() -> None:
    """Step by step, for each problem that both hold."""
    folders = answer_log("oatutor/raw_sample")
    model = read_skill_model(answer_log("oatutor/oatutor_skillModel.json.gz"))
    course = answer_log("oatutor/oatutor_openstax_elementary_algebra.jsonl.gz")
    packed = {problem.id: problem for problem in read_problems(course)}
    both = [problem for problem in read_problems(folders, model) if problem.id in packed]
    assert len(both) > 1
    assert both == [packed[problem.id] for problem in both]
