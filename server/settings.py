"""Where a coordinator keeps its files, and the settings that it reads once."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from common.errors import ErrorCode, FixSettings
from common.wire import Name


@dataclass(frozen=True, slots=True)
class CoordinatorFolder:
    """Names every file of a coordinator; nothing is created by naming it."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """What the operator may edit."""
        return self.root / "coordinator.toml"

    @property
    def database(self) -> Path:
        """Schools, campaigns, rounds and the journal (SQLite)."""
        return self.root / "coordinator.db"

    @property
    def identity_key(self) -> Path:
        """The Ed25519 key that signs plans and releases."""
        return self.root / "identity.key"

    @property
    def pki(self) -> Path:
        """Certificates and their keys."""
        return self.root / "pki"

    @property
    def ca_certificate(self) -> Path:
        """What schools trust."""
        return self.pki / "ca.crt"

    @property
    def gate_certificate(self) -> Path:
        """The public port's certificate; its key has the suffix .key."""
        return self.pki / "gate.crt"

    @property
    def superlink_certificate(self) -> Path:
        """The SuperLink's certificate on loopback; its key has the suffix .key."""
        return self.pki / "superlink.crt"

    @property
    def flower(self) -> Path:
        """Flower's own home."""
        return self.root / "flower"

    @property
    def campaign_lock(self) -> Path:
        """Held by the one process that conducts a campaign."""
        return self.root / "campaign.lock"

    @property
    def releases(self) -> Path:
        """One signed file per release, named by its digest."""
        return self.root / "releases"

    @property
    def attack_report(self) -> Path:
        """What the attack suite found, if the operator put it here."""
        return self.root / "attack-report.json"

    @property
    def transcripts(self) -> Path:
        """What each masked round's sum was made of."""
        return self.root / "transcripts"


class Settings(BaseModel):
    """What `coordinator.toml` holds; a key that isn't listed here is refused.

    public_url: the address that schools reach, https. host and port: where this machine listens.
    start_deadline_seconds: how long a campaign waits for schools to show up. poll_seconds: between two looks
    for replies. idle_seconds: a console session without a request ends after this. require_attack_report: no
    release without the attack suite's report in the folder; a report that is there counts in any case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    consortium: Name
    public_url: str
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8443
    start_deadline_seconds: Annotated[float, Field(gt=0, le=604_800)] = 120.0
    poll_seconds: Annotated[float, Field(gt=0, le=10)] = 0.1
    idle_seconds: Annotated[float, Field(ge=60, le=86_400)] = 900.0
    max_body_bytes: Annotated[int, Field(ge=1_000_000, le=512_000_000)] = 64_000_000
    require_attack_report: bool = False

    @field_validator("public_url")
    @classmethod
    def _https(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must look like https://coordinator.example:8443")
        return url.rstrip("/")

    @property
    def public_name(self) -> str:
        """The host name or address in `public_url`."""
        return urlsplit(self.public_url).hostname or ""


def read_settings(folder: CoordinatorFolder) -> Settings:
    """Reads `coordinator.toml`; FixSettings with the file and the key that are wrong."""
    path = folder.settings_file
    try:
        return Settings.model_validate(tomllib.loads(path.read_text()))
    except FileNotFoundError as error:
        sentence = f"There is no coordinator in {folder.root}; run `homeroom-coordinator init` first."
        raise FixSettings(ErrorCode.FILE_MISSING, sentence) from error
    except tomllib.TOMLDecodeError as error:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path} isn't valid TOML: {error}.") from error
    except ValidationError as error:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path}: {_first_problem(error)}.") from error


def write_settings(folder: CoordinatorFolder, settings: Settings) -> None:
    """Writes `coordinator.toml`; FixSettings if there is one already."""
    try:
        with folder.settings_file.open("x") as file:
            for name, value in settings.model_dump().items():
                file.write(f"{name} = {_toml(value)}\n")
    except FileExistsError as error:
        sentence = f"{folder.settings_file} exists already; choose another folder or edit that file."
        raise FixSettings(ErrorCode.BAD_SETTINGS, sentence) from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc']))} {problem['msg'][:1].lower()}{problem['msg'][1:]}"


def _toml(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
