"""One tree of errors: every error has a code with a docs page, a sentence, and a class that names the remedy.

A refusal (budget spent, cohort too small, plan not approved) is a value, not an exception:
see `common.refusals.Refusal`.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable codes; `docs/errors/<code>.md` explains each one and `tests/house` checks that it does."""

    BAD_ARRAY = "bad-array"
    BAD_CONTENT = "bad-content"
    BAD_GROUP_FILE = "bad-group-file"
    BAD_INVITATION = "bad-invitation"
    BAD_MESSAGE = "bad-message"
    BAD_LOG_FILE = "bad-log-file"
    BAD_PARAMETER = "bad-parameter"
    BAD_RELEASE = "bad-release"
    BAD_SETTINGS = "bad-settings"
    BAD_SIGNATURE = "bad-signature"
    BAD_SKILL_MAP = "bad-skill-map"
    BUDGET_SPENT = "budget-spent"
    CAMPAIGN_STOPPED = "campaign-stopped"
    DATABASE_BUSY = "database-busy"
    FILE_MISSING = "file-missing"
    FLOWER_FAILED = "flower-failed"
    FLOWER_VERSION = "flower-version"
    LEDGER_BROKEN = "ledger-broken"
    LEDGER_UNWRITABLE = "ledger-unwritable"
    NODE_BUSY = "node-busy"
    NOT_ENROLLED = "not-enrolled"
    NOT_FOUND = "not-found"
    NOT_INSTALLED = "not-installed"
    NOT_SIGNED_IN = "not-signed-in"
    PORT_IN_USE = "port-in-use"
    SECAGG_REFUSED = "secagg-refused"
    TOO_FEW_SCHOOLS = "too-few-schools"
    UNREACHABLE = "unreachable"
    VAULT_SEALED = "vault-sealed"


class HomeroomError(Exception):
    """Base of the tree.

    `sentence` is written for a teacher or operator and never holds anything about a student.
    """

    remedy = "Ask the person who runs this server."

    def __init__(self, code: ErrorCode, sentence: str) -> None:
        super().__init__(f"{sentence} [{code}]")
        self.code = code
        self.sentence = sentence


class RetryLater(HomeroomError):
    """Nothing is wrong with the input; the same call may work in a while."""

    remedy = "Wait a little and try again."


class FixSettings(HomeroomError):
    """A setting, file, path or argument has to change before this can work."""

    remedy = "Change the setting or file that the sentence names, then try again."


class Refused(HomeroomError):
    """A promise would be broken, so nothing was done."""

    remedy = "Nothing was sent and nothing was charged. Read the sentence before you allow it."


class Corrupt(HomeroomError):
    """Bytes are damaged or forged; the last good state is kept."""

    remedy = "Keep the file for inspection and restore the last good copy."
