"""A statement is signed: it comes back as it was, and a changed one doesn't pass."""

import json
from pathlib import Path

import pytest

from client.federation.privacy_statement import Statement, claimed_school, read_statement, sign_statement
from client.federation.statement_figures import statement_of
from common.canonical import canonical_json
from common.errors import Corrupt, ErrorCode, Refused
from common.privacy.ledger_rows import read_rows
from common.signing import Identity, new_identity
from tests.support.published_rounds import flipped
from tests.support.stated import CALCULATOR, sources, stated_school


@pytest.fixture
def identity() -> Identity:
    """The school's key."""
    return new_identity()


@pytest.fixture
def statement(tmp_path: Path, identity: Identity) -> Statement:
    """One round charged."""
    made = stated_school(tmp_path / "east")
    made.charge(1)
    stated = statement_of(sources(made.plan, read_rows(made.folder.ledger)), CALCULATOR)
    subject = stated.subject.model_copy(update={"identity_key": identity.public_key})
    return stated.model_copy(update={"subject": subject})


def test_it_comes_back_as_it_was_signed(statement: Statement, identity: Identity) -> None:
    """Canonical bytes, with or without a line's end, under the school's own key."""
    data = sign_statement(statement, identity)
    assert read_statement(data, identity.public_key) == statement
    assert read_statement(data + b"\n", identity.public_key) == statement
    assert claimed_school(data) == "east"
    assert sign_statement(statement, identity) == data


def test_a_tampered_statement_is_refused(statement: Statement, identity: Identity) -> None:
    """A smaller epsilon, another school's key, a flipped bit anywhere."""
    data = sign_statement(statement, identity)
    value = json.loads(data)
    value["statement"]["promise"]["epsilon"] = 0.5
    with pytest.raises(Refused) as caught:
        read_statement(canonical_json(value), identity.public_key)
    assert caught.value.code is ErrorCode.BAD_SIGNATURE
    with pytest.raises(Refused):
        read_statement(data, new_identity().public_key)
    for at in range(0, len(data), max(1, len(data) // 60)):
        with pytest.raises((Refused, Corrupt)):
            read_statement(flipped(data, at), identity.public_key)


def test_a_school_cant_sign_in_anothers_name(statement: Statement) -> None:
    """The key is part of what is signed."""
    other = new_identity()
    with pytest.raises(Corrupt, match="isn't a privacy statement"):
        read_statement(sign_statement(statement, other), other.public_key)


def test_what_isnt_a_statement_is_said(statement: Statement, identity: Identity) -> None:
    """Other JSON, fields of another version, bytes that are nothing."""
    body = statement.model_dump(mode="json") | {"version": "homeroom.privacy-statement/2"}
    signature = identity.sign("privacy-statement", canonical_json(body)).hex()
    later = canonical_json({"signature": signature, "statement": body})
    odd = canonical_json({"signature": "zz", "statement": body})
    for data in (b"", b"{}", b"[]", later, odd):
        with pytest.raises(Corrupt):
            read_statement(data, identity.public_key)
    for data in (b"{}", b"[]", b'{"statement":1}'):
        with pytest.raises(Corrupt):
            claimed_school(data)
