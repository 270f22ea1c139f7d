"""The item check reads first answers only, keeps what it found, and is due once a week."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from client.insight.item_watch import KIND, check_items, first_answers, is_due
from client.insight.replayed import KeptModels
from client.records.insight_checks import recent_checks
from client.records.serving import ServedBkt, ServedLadder
from client.records.store import Store
from common.interactions import History, Interaction
from common.models.bkt import default_bkt
from common.models.ladder import LOGISTIC
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS
from tests.support.stores import NOW, in_reader, sqlite_store
from tests.support.watched import BANK, watched_school

KEPT = KeptModels(
    ServedBkt(SKILLS, default_bkt(SKILLS.rows)), ServedLadder("own", SKILLS, LOGISTIC, random_ladder(SKILLS))
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Empty."""
    opened = sqlite_store(tmp_path)
    yield opened
    opened.close()


def test_a_student_speaks_once_for_an_item() -> None:
    """With the first answer to it; the first of a history has nothing to be expected from."""
    tried = (("z", True), ("b", False), ("a", True), ("b", True), ("z", False))
    history = History("s", tuple(Interaction(item, ("add",), right) for item, right in tried))
    items, found = first_answers([history], KEPT)
    assert items == ("a", "b", "z")
    assert dict(zip(found.item.tolist(), found.correct.tolist(), strict=True)) == {0: True, 1: False, 2: False}


def test_what_is_expected_knows_nothing_of_the_item() -> None:
    """The model's offset of "item 1" and its family are left out, or a wrong key would pass for hard."""

    def after_one(item: str) -> float:
        history = History("s", (Interaction("x", ("add",), True), Interaction(item, ("add",), True)))
        return float(first_answers([history], KEPT)[1].expected[0])

    assert after_one("item 1") == after_one("unknown")


@pytest.mark.parametrize(("ladder", "words"), [(True, "Of 1 item with answers"), (False, "Of 1 item")])
def test_a_check_is_kept(store: Store, tmp_path: Path, ladder: bool, words: str) -> None:
    """Also where only the skill tracer serves; a group under ten is counted and not described."""
    school = watched_school(store, tmp_path / "releases")
    folder = school.releases if ladder else tmp_path
    school.practise(0, students=9)
    assert check_items(store, folder, BANK, now=NOW).startswith("Not enough yet: no item")
    school.practise(1)
    later = NOW + timedelta(days=7)
    assert check_items(store, folder, BANK, now=later).startswith(words)
    newest = in_reader(store, lambda connection: recent_checks(connection, KIND, count=1))[0]
    assert newest.found["too_few"] == 0
    assert newest.found["items"][0]["students"] == 12
    assert not in_reader(store, lambda c: is_due(c, later + timedelta(days=6)))
    assert in_reader(store, lambda c: is_due(c, later + timedelta(days=7)))
