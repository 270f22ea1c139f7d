"""What is served: never the stack where a handful of students speaks for it, and the stack where many do."""

from dataclasses import replace

import numpy as np

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


def test_a_private_stack_joins_the_models_of_one_campaign() -> None:
    """The logistic model that spent the whole budget alone must not stand beside a network that spent it too."""
    schools = (school("large", 40),)
    consortium = Consortium(schools, SKILLS, federated=True)
    spent = Spent("shares", 3.0, epsilon=2.99)
    alone = replace(entry("lr", schools, 9.0), spent=spent)
    first = replace(entry("lr_first", schools, 1.0), spent=spent)
    network = replace(entry("dkt", schools, 0.5), spent=spent)
    stack = stack_entries(consortium, [alone, first, network])
    assert [one.name for one in stack] == ["stack/federated_personal/shares-3"]
    expected = stack_entries(consortium, [first, network])[0].outputs["large"][0].test
    assert (stack[0].outputs["large"][0].test == expected).all()
    served = served_entries(consortium, [alone, first, network, *stack])[0].outputs["large"][0].test
    assert (served == first.outputs["large"][0].test).all() or (served == expected).all()
