"""The newest privacy statement as the administrator reads it: checked, and compared with the ledger of today."""

from dataclasses import dataclass

from client.federation.privacy_statement import Statement, read_statement
from client.federation.statement_page import StatementView, statement_view
from client.settings import SchoolFolder
from common.errors import Corrupt, FixSettings, Refused
from common.privacy.ledger_rows import charges_of, read_rows
from common.signing import load_identity

NONE_YET = "No privacy statement has been made here yet. The command “homeroom-school statement” makes one."
NOT_OWN = "The statement in this school's folder isn't one that this school signed, so it isn't shown."
OLDER = (
    "Something was charged after this statement was made, so its figures are too small by now. "
    "The command “homeroom-school statement” makes a new one."
)


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """sentence: which one it is, or why there is no `view`. warning: "" if it is of the ledger as it stands."""

    sentence: str
    view: StatementView | None = None
    warning: str = ""


def stored_statement(folder: SchoolFolder) -> StoredStatement:
    """The statement in the school's own folder, if this school's key signed it."""
    try:
        data = (folder.statement / "statement.json").read_bytes()
    except OSError:
        return StoredStatement(NONE_YET)
    try:
        statement = read_statement(data, load_identity(folder.identity_key).public_key)
    except (Corrupt, Refused, FixSettings):
        return StoredStatement(NOT_OWN)
    sentence = f"Of the campaign {statement.subject.campaign}, made on {statement.subject.made_at[:10]}."
    return StoredStatement(sentence, statement_view(statement), warning=_warning(statement, folder))


def _warning(statement: Statement, folder: SchoolFolder) -> str:
    """Whether the newest charge is the one that the statement ends with."""
    try:
        charges = charges_of(read_rows(folder.ledger))
    except Corrupt as error:
        return error.sentence
    newest = charges[-1].hash if charges else ""
    return "" if newest == statement.ledger.newest_charge_hash else OLDER
