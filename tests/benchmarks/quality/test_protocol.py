"""The split: inside each school, by hash, with new schools apart from everything that is common."""

import pytest

from benchmarks.quality.protocol import Consortium, Part, by_school, by_silos, has_schools, in_one_pot
from benchmarks.quality.simulated import simulated_log
from common.errors import FixSettings
from common.interactions import History, Interaction
from common.models.encoding import EncodedHistory
from common.models.log_file import LogFile, read_log
from tests.support.answer_logs import answer_log


def students(school: str, count: int, answers: int = 3) -> list[History]:
    """Histories of one answer over and over."""
    attempt = Interaction("item", ("skill",), correct=True)
    return [History(f"{school}-{n}", (attempt,) * answers) for n in range(count)]


def nine() -> LogFile:
    """Schools a to i, each smaller than the one before, and one that is too small to count."""
    schools = {name: students(name, 30, answers=20 - n) for n, name in enumerate("abcdefghi")}
    return LogFile({**schools, "tiny": students("tiny", 9)}, students("nobody", 4), 0)


def ids(histories: tuple[EncodedHistory, ...]) -> set[str]:
    """Who they are."""
    return {history.student for history in histories}


def test_every_fifth_school_by_size_is_new() -> None:
    """Positions 3 and 8 of nine; the tiny one and unknown schools are left out and counted."""
    consortium = by_school(nine(), seed=0)
    assert [school.name for school in consortium.schools] == list("abcdefghi")
    assert [school.name for school in consortium.new] == ["d", "i"]
    assert consortium.left_out == 13


def test_a_member_splits_its_students_once() -> None:
    """A fifth test, a tenth validation, the rest training, nobody twice, in the order of their hashes."""
    part = by_school(nine(), seed=0).schools[0].parts[0]
    assert (len(part.train), len(part.validation), len(part.test)) == (21, 3, 6)
    assert ids(part.train) | ids(part.validation) | ids(part.test) == {f"a-{n}" for n in range(30)}
    # By hand: printf 0:a-N | sha256sum for the thirty, sorted.
    assert [history.student for history in part.test[:2]] == ["a-18", "a-25"]


def test_a_new_school_judges_each_student_once_and_never_by_a_fit_that_saw_them() -> None:
    """Five parts, whose tests are everybody."""
    school = by_school(nine(), seed=0).new[0]
    assert sorted(history.student for history in school.judged) == sorted(f"d-{n}" for n in range(30))
    for part in school.parts:
        assert not ids(part.test) & (ids(part.train) | ids(part.validation))
        assert not ids(part.train) & ids(part.validation)


def test_no_global_fit_sees_a_new_school_or_a_test_student() -> None:
    """Train and validation of members only."""
    consortium = by_school(nine(), seed=0)
    seen = ids(consortium.train) | ids(consortium.validation)
    assert not any(name.startswith(("d-", "i-")) for name in seen)
    assert not any(ids(school.parts[0].test) & seen for school in consortium.members)


def test_another_seed_is_another_split_of_the_same_schools() -> None:
    """And the same seed the same."""
    first, again, other = (by_school(nine(), seed=seed) for seed in (0, 0, 1))
    assert ids(first.schools[0].judged) == ids(again.schools[0].judged) != ids(other.schools[0].judged)
    assert [s.name for s in first.new] == [s.name for s in other.new]


def test_one_pot_holds_everybody_split_inside_each_school() -> None:
    """Also students without a school, and of schools that are too small to federate."""
    log = nine()
    pot = in_one_pot(log, seed=0)
    part = pot.schools[0].parts[0]
    assert len(part.train) + len(part.validation) + len(part.test) == len(log.histories)
    federated = by_school(log, seed=0)
    assert ids(federated.schools[0].judged) <= ids(part.test)
    assert not pot.federated


def test_silos_are_cut_by_hash_from_everybody() -> None:
    """About equal, the same for the same seed."""
    log = LogFile({}, students("x", 400), 0)
    sizes = [sum(map(len, (part.train, part.validation, part.test))) for part in members_of(by_silos(log, 8, 1))]
    assert sum(sizes) < 400
    assert all(25 <= size <= 80 for size in sizes)


def members_of(consortium: Consortium) -> list[Part]:
    """The one part of each member."""
    return [school.parts[0] for school in consortium.members]


def test_one_school_is_no_federation() -> None:
    """Refused with the number that counts."""
    log = LogFile({"a": students("a", 30), "tiny": students("tiny", 9)}, [], 0)
    assert not has_schools(log)
    with pytest.raises(FixSettings, match="2 schools of 10 students; this log has 1"):
        by_school(log, seed=0)


def test_the_simulated_consortium_has_small_and_large_schools() -> None:
    """Of the built-in packs' items only."""
    log = simulated_log(0, schools=5, smallest=10, largest=40)
    assert sorted(map(len, log.schools.values())) == [10, 14, 20, 28, 40]
    assert log.interactions == sum(map(len, log.histories))


@pytest.mark.data
def test_the_real_log_has_nineteen_members_and_five_new_schools() -> None:
    """As MODELS section 5 counts them."""
    consortium = by_school(read_log(answer_log("assist2009_dev.tsv.gz")), seed=0)
    assert (len(consortium.members), len(consortium.new)) == (19, 5)
    assert len(consortium.train) == 1_314
    assert consortium.left_out == 77
