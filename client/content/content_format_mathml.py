"""Which MathML a content file may hold: presentation elements, no links, no script, nothing that loads."""

from xml.etree import ElementTree

MAX_LENGTH = 20_000
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup",
    "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
}  # fmt: skip
_ATTRIBUTES = {
    "display", "stretchy", "fence", "form", "separator", "lspace", "rspace", "movablelimits", "linethickness",
    "columnalign", "rowspacing", "columnspacing", "displaystyle", "scriptlevel", "accent", "mathvariant", "width",
    "notation", "symmetric", "minsize", "maxsize", "columnlines", "rowlines",
}  # fmt: skip


def inner_of(mathml: str) -> str | None:
    """What stands inside <math>, written anew from its elements; None when it isn't well-formed or not allowed."""
    # No document type: entities could grow without end.
    if len(mathml) > MAX_LENGTH or "<!" in mathml or "<?" in mathml:
        return None
    try:
        root = ElementTree.fromstring(mathml)  # noqa: S314 - no document type and a limited length
    except ElementTree.ParseError:
        return None
    if root.tag != f"{_NAMESPACE}math" or not all(map(_allowed, root.iter())):
        return None
    for element in root.iter():
        element.tag = element.tag.removeprefix(_NAMESPACE)
    return "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in root) or None


def is_safe(inner: str) -> bool:
    """Whether a content file's MathML is allowed, in the one spelling that `inner_of` writes."""
    return inner_of(f'<math xmlns="{_NAMESPACE[1:-1]}">{inner}</math>') == inner


def _allowed(element: ElementTree.Element) -> bool:
    known = element.tag.startswith(_NAMESPACE) and element.tag.removeprefix(_NAMESPACE) in _ELEMENTS
    return known and set(element.attrib) <= _ATTRIBUTES
