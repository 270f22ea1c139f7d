"""The OATutor importer on invented problems: what it takes, leaves out with a reason, and mends."""

import json
from pathlib import Path
from typing import Any

import pytest

from client.content.content_format import ContentStep
from client.content.content_format_gate import item_of
from client.content.grader import grade
from client.content.importers.oatutor import Imported, import_problems
from client.content.importers.oatutor_files import read_problems, read_skill_model
from client.content.items import AnswerKind, Form, plain_text
from common.errors import FixSettings
from tests.support.invented_course import CC_BY, choice, hint, problem, step

LESSON = "1.1 Brackets"


def _import(folder: Path, *problems: dict[str, Any], local_use: bool = False) -> Imported:
    file = folder / "course.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in problems))
    return import_problems(read_problems(file), local_use=local_use)


def _only(folder: Path, *problems: dict[str, Any]) -> ContentStep:
    found = _import(folder, *problems)
    assert found.report.reasons == {}
    (made,) = found.steps
    return made


def test_a_sound_step_becomes_an_item_that_is_graded_exactly(tmp_path: Path) -> None:
    """The key counts in any equal spelling without brackets; the question typed back doesn't."""
    made = _only(tmp_path, problem())
    item = item_of(made)
    assert (made.id, made.skills) == ("oatutor.p1a", ("oatutor.open_brackets",))
    assert (item.kind, item.form) == (AnswerKind.EXPRESSION, Form.EXPANDED)
    assert grade(item, "12 + 4x").solved
    assert not grade(item, "4x + 3").correct
    copied = grade(item, "4(x+3)")
    assert (copied.correct, copied.solved) == (True, False)
    assert plain_text(item.stem) == "Multiply:\n4 open bracket x plus 3 close bracket"
    assert made.attribution.licence == CC_BY


@pytest.mark.parametrize(
    ("licence", "reason"),
    [("CC4.0", "licence needs review"), ("openstax", "licence unclear"), ("", "licence unclear")],
)
def test_only_an_explicit_licence_is_passed_on(tmp_path: Path, licence: str, reason: str) -> None:
    """The rest is taken for local use alone, and marked."""
    given = problem(license=licence)
    assert _import(tmp_path, given).report.reasons == {reason: 1}
    local = _import(tmp_path, given, local_use=True)
    assert [one.attribution.redistributable for one in local.steps] == [False]
    assert local.report.local == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stepBody": "See ##figure1.gif##"}, "figure"),
        ({"stepBody": "See ##figure1.gif"}, "figure"),
        ({"stepBody": "Add @{n}."}, "variables"),
        ({"stepBody": "<b>Now</b>"}, "html"),
        ({"stepBody": '<img src="x">'}, "html"),
        ({"stepBody": "$$x+1$$ and $$y$$ or $$z"}, "odd dollars"),
        ({"stepTitle": "$$\\frac{1}{{2$$"}, "braces"),
        ({"stepTitle": "$$x^$$"}, "latex"),
        ({"stepTitle": "$$x \\heartsuit y$$"}, "no words"),
        ({"stepAnswer": ["$$\\sin\\left(x\\right)$$"]}, "needs symbolic grading"),
        ({"stepAnswer": []}, "not exactly one answer"),
        ({"stepAnswer": ["$$4x+12$$", "$$4$$"]}, "not exactly one answer"),
        ({"stepAnswer": [" "]}, "no answer"),
        ({"problemType": "Drawing"}, "kind of problem"),
        ({"skills": []}, "no skill"),
        ({"stepTitle": "$$\\frac{x}{3}+\\frac{2}{3}$$", "stepAnswer": ["$$\\frac{x+2}{3}$$"]},
         "question typed back would count"),
    ],
)  # fmt: skip
def test_what_cannot_be_practised_is_left_out_with_its_reason(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    """Counted in its lesson."""
    found = _import(tmp_path, problem(step(**change)))
    assert found.steps == []
    assert found.report.left_out == {LESSON: {reason: 1}}


def test_a_figure_in_the_heading_belongs_to_the_question(tmp_path: Path) -> None:
    """Though the heading itself isn't shown."""
    assert _import(tmp_path, problem(title="The square ##a.gif##")).report.reasons == {"figure": 1}


def test_equal_choices_are_merged(tmp_path: Path) -> None:
    """The key is found among what is left, whatever its dollars and spaces."""
    made = _only(tmp_path, problem(choice("$$x < 1$$", "x<1", "$$x>1$$", answer="x <1")))
    assert [choice.id for choice in made.choices] == ["c1", "c2"]
    assert made.answer == "c1"
    assert grade(item_of(made), "c1").solved
    assert not grade(item_of(made), "c2").correct


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (choice("one", "one", answer="one"), "fewer than two choices"),
        (choice("one", "two", answer="three"), "key not among the choices"),
        (choice("one", "##two.gif##", answer="one"), "figure"),
    ],
)
def test_a_choice_that_is_none_is_left_out(tmp_path: Path, given: dict[str, Any], reason: str) -> None:
    """One option, no right one, or one that can't be shown."""
    assert _import(tmp_path, problem(given)).report.reasons == {reason: 1}


def test_words_are_compared_without_case_and_spaces(tmp_path: Path) -> None:
    """An answer of words is typed."""
    made = _only(tmp_path, problem(step(answerType="string", stepAnswer=["No solution"])))
    item = item_of(made)
    assert item.kind is AnswerKind.TEXT
    assert grade(item, " no  SOLUTION").solved
    assert not grade(item, "one solution").correct
    assert not grade(item, " ").readable


@pytest.mark.parametrize(
    ("answer", "kind", "right", "wrong"),
    [
        ("$$\\frac{-3}{8}$$", AnswerKind.FRACTION, "-0.375", "3/8"),
        ("$$2\\frac{1}{2}$$", AnswerKind.FRACTION, "5/2", "1"),
        ("$$x=-4$$", AnswerKind.FRACTION, "-4", "4"),
        ("$1.79", AnswerKind.FRACTION, "$1.79", "1.8"),
        ("$$y=3x-1$$", AnswerKind.EQUATION, "y = -1 + 3x", "y = 3x"),
        ("$$x\\leq 4$$", AnswerKind.INEQUALITY, "4 >= x", "x < 4"),
        ("(2,-3)", AnswerKind.POINT, "(2; -3)", "(-3; 2)"),
        ("q=6, q=1", AnswerKind.SET, "1, 6", "1, 5"),
        ("615,195", AnswerKind.LIST, "615, 195", "615195"),
        ("4,-3", AnswerKind.LIST, "4; -3", "-3; 4"),
        ("$$x^{10}-\\frac{4}{3} x$$", AnswerKind.EXPRESSION, "-4/3x + x^10", "x^10"),
        ("$$\\frac{x^3}{8y}$$", AnswerKind.ALGEBRAIC, "x^3/(8y)", "x^3/8"),
        ("$$y=\\frac{160}{x}$$", AnswerKind.ALGEBRAIC, "y = 320/(2x)", "y = x/160"),
        ("$$144x^3 \\sqrt{10}$$", AnswerKind.ALGEBRAIC, "x^3*144*sqrt(10)", "144x^3"),
        ("42a105c", AnswerKind.TEXT, "42a 105c", "105c42a"),
    ],
)
def test_the_kind_follows_from_the_answer(
    tmp_path: Path, answer: str, kind: AnswerKind, right: str, wrong: str
) -> None:
    """An equal answer is right, another is wrong."""
    made = _only(tmp_path, problem(step(stepTitle="What is it?", stepAnswer=[answer])))
    item = item_of(made)
    assert item.kind is kind
    assert grade(item, right).correct
    assert not grade(item, wrong).correct


def test_a_value_that_is_given_and_happens_to_be_the_answer_is_no_copy(tmp_path: Path) -> None:
    """ "when y = 2" doesn't make 2 an answer that is only copied."""
    asked = step(stepTitle="$$4-y$$ when $$y=2$$", stepAnswer=["$$2$$"])
    assert _only(tmp_path, problem(asked)).answer == {"form": "number", "value": "2"}


def test_a_fraction_to_simplify_has_to_be_simplified(tmp_path: Path) -> None:
    """The form is the mildest one in which the question typed back doesn't count."""
    made = _only(tmp_path, problem(step(stepTitle="$$\\frac{6}{8}$$", stepAnswer=["$$\\frac{3}{4}$$"])))
    assert made.form is Form.SIMPLEST


def test_factors_that_stand_side_by_side_are_multiplied(tmp_path: Path) -> None:
    """So that the question typed back is known when it is typed."""
    asked = step(stepTitle="$$4a^3 b 9a^2$$", stepAnswer=["$$36a^5 b$$"])
    item = item_of(_only(tmp_path, problem(asked)))
    assert grade(item, "36a^5b").solved
    assert not grade(item, "4a^3b*9a^2").solved


def test_numbers_that_are_only_to_be_found_come_in_any_order(tmp_path: Path) -> None:
    """Nobody said which one is first."""
    asked = step(stepTitle="The sum is $$-31$$. Find the numbers.", stepAnswer=["-16,-15"], answerType="string")
    item = item_of(_only(tmp_path, problem(asked)))
    assert item.kind is AnswerKind.SET
    assert grade(item, "-15, -16").solved


def test_a_root_to_simplify_has_to_be_simplified(tmp_path: Path) -> None:
    """The root typed back is equal, and still to be simplified."""
    asked = step(stepTitle="$$\\sqrt{50}$$", stepAnswer=["$$5\\sqrt{2}$$"])
    item = item_of(_only(tmp_path, problem(asked)))
    assert grade(item, "5√2").solved
    copied = grade(item, "√(50)")
    assert (copied.correct, copied.solved) == (True, False)


def test_hints_are_mended(tmp_path: Path) -> None:
    """Links to nothing are dropped, equal ids told apart, a first hint with the answer comes last."""
    hints = [
        hint("h1", "It is $$4x+12$$.", dependencies=["gone"]),
        hint("h1", "Multiply."),
        hint("h2", "See ##a.gif##"),
    ]
    found = _import(tmp_path, problem(step(hints=hints)))
    (made,) = found.steps
    assert [rung.id for rung in made.hints] == ["h1-2", "h1"]
    assert found.report.notes == {
        "dangling hint link": 1, "repeated hint id": 1, "first hint held the answer": 1, "hint left out: figure": 1
    }  # fmt: skip


def test_hints_without_a_licence_are_not_passed_on(tmp_path: Path) -> None:
    """Each hint has its own."""
    found = _import(tmp_path, problem(step(hints=[hint("h1", "Multiply.", license="")])))
    assert found.steps[0].hints == ()
    assert found.report.notes == {"hint left out: licence": 1}


def test_scaffolds_are_steps_and_their_sub_hints_follow_them(tmp_path: Path) -> None:
    """A scaffold with an exact answer can be asked by itself; one with a choice is only said."""
    asked = hint("s1", "What is $$4$$ times 3?", type="scaffold", problemType="TextBox", hintAnswer=["$$12$$"],
                 subHints=[hint("s1-1", "Three fours.")])  # fmt: skip
    said = hint("s2", "Is it?", type="scaffold", problemType="MultipleChoice", hintAnswer=["yes"], choices=["yes"])
    made = _only(tmp_path, problem(step(hints=[asked, said])))
    assert [rung.id for rung in made.hints] == ["s1", "s1-1", "s2"]
    first, second = item_of(made).steps
    assert (plain_text(first.question), first.value) == ("What is 4 times 3?", 12)
    assert plain_text(first.reason) == "What is 4 times 3? Answer: 12"
    assert (second.question, second.value, plain_text(second.reason)) == ((), None, "Is it? Answer: yes")


def test_lines_and_folders_give_the_same(tmp_path: Path) -> None:
    """The pool's own folders keep skills in a file of their own."""
    record = problem()
    pool = tmp_path / "content-pool" / "p1"
    tutoring = pool / "steps" / "p1a" / "tutoring"
    tutoring.mkdir(parents=True)
    only = dict(record["steps"][0])
    hints, skills = only.pop("hints"), only.pop("skills")
    (pool / "p1.json").write_text(json.dumps({name: text for name, text in record.items() if name != "steps"}))
    (pool / "steps" / "p1a" / "p1a.json").write_text(json.dumps(only))
    (tutoring / "p1aDefaultPathway.json").write_text(json.dumps(hints))
    (tmp_path / "skillModel.json").write_text(json.dumps({"p1a": skills}))
    model = read_skill_model(tmp_path / "skillModel.json")
    folders = import_problems(read_problems(tmp_path, model))
    assert folders.steps == _import(tmp_path, record).steps


@pytest.mark.parametrize("text", ["no json", "[]", '{"id": "p1"}'])
def test_a_file_that_is_none_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    """Nothing is guessed."""
    file = tmp_path / "course.jsonl"
    file.write_text(text)
    with pytest.raises(FixSettings, match="Line 1"):
        import_problems(read_problems(file))


def test_counts_add_up(tmp_path: Path) -> None:
    """Taken and left out are all that was read, in all and in each lesson; a repeated id counts once."""
    others = problem(step(id="b", skills=[]), step(id="c", stepBody="##a.gif##"))
    report = _import(tmp_path, problem(), problem(), others).report
    assert (report.steps, report.taken.total(), report.eligible) == (4, 1, 3)
    assert report.share == pytest.approx(1 / 3)
    assert report.plain()["lessons"] == {
        LESSON: {"taken": 1, "left_out": {"id repeated": 1, "no skill": 1, "figure": 1}}
    }
    assert "4 steps: 1 taken, 3 left out" in next(report.lines())
