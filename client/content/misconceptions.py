"""The question to ask back for each misconception that an item's answers reveal, read once from its file."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_FILE = "misconceptions.txt"


def question_about(misconception: str) -> str:
    """One question that lets the rule be seen and names no number of the item; "" for one that has none."""
    questions = _questions()
    _, _, name = misconception.partition(".")
    return questions.get(misconception, questions.get(f"*.{name}", ""))


def is_question_back(text: str) -> bool:
    """Whether it is one of these questions."""
    return text in _questions().values()


@cache
def _questions() -> Mapping[str, str]:
    lines = files("client.content").joinpath(_FILE).read_text("utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {misconception: question for misconception, _, question in pairs}
