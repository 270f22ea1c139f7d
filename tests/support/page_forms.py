"""Reads the forms of a page as a browser would, and answers the open item rightly or wrongly."""

from html.parser import HTMLParser

from client.content.items import Item
from tests.support.practising import BANK, right_response, wrong_response


class _Hidden(HTMLParser):
    """Hidden fields of the forms with a wanted action, or that hold a button for it."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._action = action
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("action") == self._action
        elif tag == "input" and self._inside and found.get("type") == "hidden":
            self.fields[found["name"]] = found["value"]

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def hidden_fields(html: str, action: str = "/practice/answer") -> dict[str, str]:
    """What the form with this action sends beside what is typed; {} if the page has no such form."""
    parser = _Hidden(action)
    parser.feed(html)
    return parser.fields


def item_of(offer_id: str) -> Item:
    """The item behind a form's `offer`."""
    family, _, seed = offer_id.partition("~")
    return BANK.generate(family, int(seed))


def answer_form(html: str, *, right: bool = True) -> dict[str, str]:
    """The whole form of a practice page, filled in."""
    fields = hidden_fields(html)
    item = item_of(fields["offer"])
    return {**fields, "response": right_response(item) if right else wrong_response(item)}
