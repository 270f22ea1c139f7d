"""Enrolment: which consortium a school belongs to and whose word it takes, kept in one file of its folder."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from common.canonical import canonical_json, parse_canonical_json
from common.errors import Corrupt, ErrorCode, FixSettings
from common.signing import write_private_file

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Enrolment:
    """students: the public number that the school enrolled with, rounded up to tens. joined_at: ISO 8601, UTC."""

    consortium: str
    school: str
    url: str
    ca_pem: str = field(repr=False)
    coordinator_key: str
    students: int
    joined_at: str

    @property
    def address(self) -> str:
        """Host and port of the coordinator's gate."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or HTTPS_PORT}"


def save_enrolment(enrolment: Enrolment, path: Path) -> None:
    """Written once, readable by the owner only."""
    write_private_file(path, canonical_json(asdict(enrolment)))


def load_enrolment(path: Path) -> Enrolment:
    """FixSettings if the school hasn't joined a consortium; Corrupt if the file is damaged."""
    try:
        value = parse_canonical_json(path.read_bytes())
        enrolment = Enrolment(**value)
        datetime.fromisoformat(enrolment.joined_at)
    except FileNotFoundError as error:
        raise FixSettings(
            ErrorCode.NOT_ENROLLED, "This school hasn't joined a consortium yet. Use its invitation file."
        ) from error
    except (Corrupt, TypeError, ValueError) as error:
        raise Corrupt(
            ErrorCode.NOT_ENROLLED, f"{path.name} is damaged. Restore it from the backup or ask for an invitation."
        ) from error
    if type(enrolment.students) is not int or enrolment.students < 1:
        raise Corrupt(ErrorCode.NOT_ENROLLED, f"{path.name} holds an impossible number of students.")
    return enrolment
