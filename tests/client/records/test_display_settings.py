"""How a student likes the pages: kept whole, checked, and readable by other versions."""

import json
from dataclasses import asdict

import pytest

from client.records.display_settings import CHOICES, DisplaySettings, display_of, read_display, save_display
from client.records.store import Store
from common.errors import FixSettings
from tests.support.stores import NOW, class_of_students, in_reader, in_writer


def test_what_is_chosen_is_kept_with_the_student(store: Store) -> None:
    """Twice, and another student's stays as it was."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    for chosen in (DisplaySettings(font="lexend", speech=True), DisplaySettings(language="ar", tint="rose")):
        in_writer(store, lambda c, one=chosen: save_display(c, ada, one, now=NOW))  # type: ignore[misc]
        assert in_reader(store, lambda c: display_of(c, ada)) == chosen
    assert in_reader(store, lambda c: display_of(c, ben)) == DisplaySettings()


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_a_value_that_isn_t_offered_is_refused(name: str) -> None:
    """By its name in words."""
    with pytest.raises(FixSettings, match=name.replace("_", " ")):
        DisplaySettings(**{name: "purple"})  # type: ignore[arg-type]


def test_settings_of_another_version_still_give_a_page() -> None:
    """What isn't known is left out, the rest holds."""
    newer = {**asdict(DisplaySettings(size="125")), "hologram": "yes", "tint": "ultraviolet"}
    assert read_display(json.dumps(newer)) == DisplaySettings(size="125")
    assert read_display(json.dumps({"motion": "less"})) == DisplaySettings(motion="less")
    assert read_display(None) == DisplaySettings()


def test_only_arabic_is_written_from_the_right() -> None:
    """Of the languages that there are."""
    assert [one for one in CHOICES["language"] if DisplaySettings(language=one).right_to_left] == ["ar"]
