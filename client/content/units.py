"""Takes the unit or currency off a typed answer, when the item allows it."""


def without_unit(text: str, units: tuple[str, ...]) -> str:
    """The rest of the text: "5 km", "5km" and "$5" give "5" if the item has the unit; else the text itself."""
    stripped = text.strip()
    folded = stripped.casefold()
    for unit in sorted(units, key=len, reverse=True):
        mark = unit.casefold()
        if len(mark) != len(unit) or not mark or len(folded) != len(stripped):
            continue  # Folding changed a length, so that positions in both texts differ.
        if folded.endswith(mark) and not _is_word(folded[: -len(mark)], mark):
            return stripped[: -len(mark)]
        if not mark[-1].isalpha() and folded.startswith(mark):
            return stripped[len(mark) :]
    return text


def _is_word(before: str, mark: str) -> bool:
    """Whether the mark is only the end of a longer word."""
    return mark[0].isalpha() and before[-1:].isalpha()
