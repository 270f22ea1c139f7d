"""A work package as JSON for the page that works without the server: everything to show, and no key to read."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from client.content.bank import ItemBank
from client.content.items import AnswerKind, Item, Line, plain_text
from client.practice.work_package import USABLE, PackedItem, WorkPackage
from local_app.answer_help import help_of
from local_app.pages import plain, render_line
from local_app.practice_views import skill_names

# Some 3 ms for a guess. Small answers can be found all the same, so the word of the server counts.
HASH_ROUNDS, SALT_BYTES = 5_000, 16
_CHECKED_BY_DEVICE = (AnswerKind.NUMBER, AnswerKind.FRACTION, AnswerKind.CHOICE)


def package_view(
    package: WorkPackage, bank: ItemBank, *, csrf: str, now: datetime, language: str = "en"
) -> dict[str, Any]:
    """What the device keeps. device times are corrected by `server_now`. language: of what is said of an item."""
    return {
        "student": package.student,
        "token": package.token,
        "csrf": csrf,
        "server_now": now.timestamp(),
        "usable_until": (package.issued_at + USABLE).timestamp(),
        "items": [_item_view(packed, bank, language) for packed in package.items],
    }


def _item_view(packed: PackedItem, bank: ItemBank, language: str) -> dict[str, Any]:
    item = packed.item
    return {
        "item": item.family,
        "seed": item.seed,
        "skill": skill_names(item, bank),
        "reason": plain(packed.why, language),
        "stem": render_line(item.stem),
        "kind": str(item.kind),
        "form": str(item.form),
        "help": plain(help_of(item), language),
        "units": list(item.units),
        "choices": [_choice_view(one.id, one.label) for one in item.choices],
        "hints": [[render_line(line) for line in rung] for rung in _without_key(item, bank)],
        "check": _check_of(item),
    }


def _without_key(item: Item, bank: ItemBank) -> tuple[tuple[Line, ...], ...]:
    """The last rung solves a twin; of an imported item it may hold the answer, which then stays at the server."""
    family = bank.family(item.family)
    return item.hints[:-1] if family is not None and family.fixed else item.hints


def _choice_view(identity: str, label: Line) -> Mapping[str, str]:
    return {"id": identity, "label": render_line(label), "words": plain_text(label)}


def _check_of(item: Item) -> Mapping[str, Any] | None:
    """A salted slow hash of the key; None where only the server can tell."""
    if item.kind not in _CHECKED_BY_DEVICE:
        return None
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha256", str(item.answer).encode(), salt, HASH_ROUNDS)
    return {"salt": salt.hex(), "rounds": HASH_ROUNDS, "hash": digest.hex()}
