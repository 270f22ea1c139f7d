"""What is served: never the stack where a handful of students speaks for it, and the stack where many do."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality.entries import Entry, Model, Spent
from benchmarks.quality.outputs import PartLogits
from benchmarks.quality.protocol import Consortium, Part, School
from benchmarks.quality.serving import gates, served_entries
from benchmarks.quality.stack_rung import stack_entries
from common.interactions import History, Interaction
from common.models.encoding import EncodedHistory, encode
from common.skills import SkillMap

SKILLS = SkillMap("test", ("k",))


def students(count: int, seed: int, length: int = 41) -> tuple[EncodedHistory, ...]:
    """Coin tossers."""
    rng = np.random.default_rng(seed)
    return tuple(
        encode(
            History(
                f"{seed}-{n}", tuple(Interaction("i", ("k",), bool(rng.random() < 0.5)) for _ in range(length))
            ),
            SKILLS,
        )
        for n in range(count)
    )


def school(name: str, validation: int) -> School:
    """One with so many validation students."""
    return School(name, False, (Part((), students(validation, 1), students(5, 2)),))


def entry(model: Model, schools: tuple[School, ...], strength: float) -> Entry:
    """A rung that knows the answers a little, or not at all."""
    outputs = {}
    for one in schools:
        part = one.parts[0]
        sides = [
            np.concatenate([strength * (2.0 * history.correct[1:] - 1) for history in side])
            for side in (part.validation, part.test)
        ]
        outputs[one.name] = (PartLogits(*sides),)
    return Entry(model, "federated_personal", outputs, 0.0)


def test_the_stack_is_served_where_enough_students_speak_for_it() -> None:
    """Forty of them do; ten of the same kind are too few, whatever they say."""
    schools = (school("large", 40), school("small", 10))
    consortium = Consortium(schools, SKILLS, federated=True)
    entries = [entry("lr", schools, 0.0), entry("stack", schools, 1.0)]
    served = served_entries(consortium, entries)
    assert [one.name for one in served] == ["served/federated_personal/none"]
    assert (served[0].outputs["large"][0].test == entries[1].outputs["large"][0].test).all()
    assert (served[0].outputs["small"][0].test == entries[0].outputs["small"][0].test).all()
    rows = gates(consortium, entries, "none")
    assert [(row["school"], row["rung"]) for row in rows] == [("large", "stack"), ("small", "lr")]
    assert "too few" in str(rows[1]["reason"])


def test_a_stack_that_is_no_better_is_not_served() -> None:
    """However many students there are."""
    schools = (school("large", 40),)
    consortium = Consortium(schools, SKILLS, federated=True)
    entries = [entry("lr", schools, 0.5), entry("stack", schools, 0.5)]
    assert [row["rung"] for row in gates(consortium, entries, "none")] == ["lr"]
    assert gates(consortium, entries, "shares-3") == []


def test_a_private_stack_joins_the_models_of_one_budget() -> None:
    """The free network stands beside the model that spent it all, the trained one beside what it builds on."""
    schools = (school("large", 40),)
    consortium = Consortium(schools, SKILLS, federated=True)
    spent = Spent("shares", 3.0, epsilon=2.99)
    models: dict[Model, float] = {"lr": 0.5, "dkt_free": 2.0, "lr_first": 1.0, "dkt": 0.1}
    entries = [replace(entry(model, schools, strength), spent=spent) for model, strength in models.items()]
    found = {one.model: one.outputs["large"][0].test for one in stack_entries(consortium, entries)}
    assert list(found) == ["stack", "stack_trained"]
    said = {one.model: np.abs(one.outputs["large"][0].test) for one in entries}
    assert (np.abs(found["stack"]) > said["lr"]).all()  # the network that knows more has its share
    assert np.abs(found["stack_trained"]) == pytest.approx(said["lr_first"], abs=0.35)
    served = served_entries(consortium, [*entries, *stack_entries(consortium, entries)])
    assert (served[0].outputs["large"][0].test == found["stack"]).all()


def test_a_private_stack_needs_a_schools_own_stages() -> None:
    """Weights from all members' validation students together would tell of them without noise."""
    schools = (school("large", 40),)
    consortium = Consortium(schools, SKILLS, federated=True)
    spent = Spent("shares", 3.0, epsilon=2.99)
    entries = [
        replace(entry(model, schools, 0.5), spent=spent, regime="federated") for model in ("lr", "dkt_free")
    ]
    assert stack_entries(consortium, entries) == []


def test_a_school_with_hardly_anyone_to_validate_on_stays_with_the_logistic_model() -> None:
    """A network that knows the answers of two students moves the stack by little."""
    schools = (School("tiny", False, (Part((), students(1, 1, 4), students(5, 2)),)),)
    consortium = Consortium(schools, SKILLS, federated=True)
    spent = Spent("shares", 3.0, epsilon=2.99)
    models: dict[Model, float] = {"lr": 1.0, "dkt_free": 5.0}
    entries = [replace(entry(model, schools, strength), spent=spent) for model, strength in models.items()]
    stack = stack_entries(consortium, entries)[0].outputs["tiny"][0].test
    assert np.abs(stack) == pytest.approx(np.ones(len(stack)), abs=0.3)
