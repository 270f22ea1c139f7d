"""An imported step's tutoring as rungs of hints and as steps of the worked solution."""

from collections.abc import Iterator, Sequence

from client.content.content_format import ContentHint, ContentLine, ContentScaffold, Maths
from client.content.importers.answers import key_of
from client.content.importers.content_lines import content_line, noted
from client.content.importers.latex_trees import BadLatex
from client.content.importers.licences import Licence, licence_of
from client.content.importers.mixed_text import LeftOut, MixedText, mixed_text
from client.content.importers.oatutor_files import RawHint
from client.content.normal_forms_plain import Plain

_SAYS_ANSWER = " Answer: "


def usable(
    hints: Sequence[RawHint], notes: list[str], *, local_use: bool
) -> tuple[tuple[RawHint, ContentHint], ...]:
    """Those that may be passed on and can be shown, as rungs; what is dropped is noted with its reason."""
    kept = []
    for hint in hints:
        if not local_use and licence_of(hint.licence) is not Licence.CC_BY:
            notes.append("hint left out: licence")
            continue
        try:
            kept.append((hint, _rung(hint)))
        except (LeftOut, BadLatex) as left:
            notes.append(f"hint left out: {getattr(left, 'reason', 'latex')}")
    return tuple(kept)


def _rung(hint: RawHint) -> ContentHint:
    """Title and text, which is the question where the hint is a scaffold; LeftOut when one can't be shown."""
    title, text = mixed_text(hint.title), mixed_text(hint.text)
    lines = [content_line(one) for one in ((title, text) if hint.text != hint.title else (text,)) if one.parts]
    if not lines:
        raise LeftOut("empty")
    return ContentHint(id=hint.id, lines=tuple(lines))


def scaffold(hint: RawHint, notes: list[str]) -> ContentScaffold:
    """Asked by itself where its answer is a normal form; else a remark that says both."""
    question = noted(hint.text or hint.title, notes)
    said = content_line(question) + tuple(_answer(hint))
    value = _value(hint, question)
    return ContentScaffold(question=() if value is None else content_line(question), answer=value, reason=said)


def _answer(hint: RawHint) -> Iterator[str | Maths]:
    if hint.answers:
        yield _SAYS_ANSWER
        yield from _shown(hint.answers[0])


def _shown(raw: str) -> ContentLine:
    try:
        return content_line(mixed_text(raw))
    except (LeftOut, BadLatex):
        return (raw.replace("$$", ""),)


def _value(hint: RawHint, question: MixedText) -> Plain | None:
    if hint.problem_type != "TextBox" or len(hint.answers) != 1:
        return None
    try:
        key = key_of(hint.answers[0], hint.answer_type, [question])
    except (LeftOut, BadLatex):
        return None
    return key.value if isinstance(key.value, dict) else None
