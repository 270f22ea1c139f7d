"""The choices of the settings page in words, in the order in which they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from client.content.phrases import mark
from client.records.display_settings import CHOICES
from local_app.words import OWN_NAMES


@dataclass(frozen=True, slots=True)
class Group:
    """One choice out of several. options: value -> word."""

    name: str
    title: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    name: str
    title: str


_WORDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "language": (mark("Language"), OWN_NAMES),
    "size": (mark("Size"), {"100": mark("usual"), "125": mark("large"), "150": mark("very large")}),
    "font": (
        mark("Letters"),
        {"standard": mark("usual"), "hyperlegible": "Atkinson Hyperlegible", "lexend": "Lexend"},
    ),
    "spacing": (mark("Space"), {"normal": mark("usual"), "wide": mark("wide"), "wider": mark("very wide")}),
    "tint": (
        mark("Paper"),
        {
            "none": mark("white"),
            "cream": mark("cream"),
            "blue": mark("blue"),
            "green": mark("green"),
            "rose": mark("rose"),
        },
    ),
    "contrast": (mark("Contrast"), {"normal": mark("usual"), "high": mark("strong")}),
    "motion": (mark("Movement"), {"device": mark("as on this device"), "less": mark("none")}),
    "wording": (mark("Wording"), {"usual": mark("usual"), "simple": mark("simple")}),
    "break_minutes": (
        mark("A break after"),
        {
            "10": mark("10 minutes"),
            "15": mark("15 minutes"),
            "20": mark("20 minutes"),
            "30": mark("30 minutes"),
            "never": mark("never"),
        },
    ),
}
GROUPS = tuple(Group(name, title, options) for name, (title, options) in _WORDS.items())
SWITCHES = (
    Switch("speech", mark("A button that reads aloud")),
    Switch("glossary", mark("Maths words explained")),
    Switch("extended_time", mark("I need more time")),
)
# A value without a word, or a word without a value, is a slip in this file.
if {name: tuple(options) for name, (_, options) in _WORDS.items()} != {name: CHOICES[name] for name in _WORDS}:
    raise RuntimeError("The settings page doesn't show what can be chosen.")
