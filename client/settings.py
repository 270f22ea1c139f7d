"""A school's folder and its settings: every file has a name here, and `school.toml` is read once."""

import os
import secrets
import tomllib
from dataclasses import dataclass
from datetime import UTC, tzinfo
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from common.errors import ErrorCode, FixSettings
from common.signing import write_private_file

SCHOOL_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SchoolFolder:
    """Where a school keeps everything; readable by the account that runs Homeroom and by nobody else."""

    path: Path

    @property
    def settings(self) -> Path:
        """What the administrator may edit."""
        return self.path / "school.toml"

    @property
    def database(self) -> Path:
        """The SQLite database, unless `database_url` names another."""
        return self.path / "school.db"

    @property
    def vault_key(self) -> Path:
        """Wraps the data keys that seal students' names; back it up apart from the database."""
        return self.path / "vault.key"

    @property
    def split_key(self) -> Path:
        """Decides which students train, validate and test; never leaves the school."""
        return self.path / "split.key"

    @property
    def identity_key(self) -> Path:
        """Signs what the school sends."""
        return self.path / "identity.key"

    @property
    def node_key(self) -> Path:
        """Signs the school in at the Fleet connection."""
        return self.path / "node.key"

    @property
    def enrolment(self) -> Path:
        """Which consortium the school joined, and the coordinator's key."""
        return self.path / "enrolment.json"

    @property
    def ledger(self) -> Path:
        """The privacy ledger."""
        return self.path / "ledger.jsonl"

    @property
    def public_log(self) -> Path:
        """What this school has read of the consortium's public log."""
        return self.path / "public-log"

    @property
    def masking(self) -> Path:
        """Secrets and sealed replies of masked campaigns; in no backup: an old copy would use a key twice."""
        return self.path / "secagg"

    @property
    def models(self) -> Path:
        """Campaigns' models as this school computed them itself; each can be computed again."""
        return self.path / "models"

    @property
    def releases(self) -> Path:
        """Downloaded model releases, one file each."""
        return self.path / "releases"

    @property
    def content(self) -> Path:
        """Imported content that is practised here, and where its skills belong."""
        return self.path / "content"

    @property
    def certificates(self) -> Path:
        """Of the pages, if they are served over TLS."""
        return self.path / "tls"

    @property
    def authority_certificate(self) -> Path:
        """What the school's devices trust."""
        return self.certificates / "homeroom-ca.pem"

    @property
    def authority_key(self) -> Path:
        """Sealed by a passphrase; may be kept elsewhere between renewals."""
        return self.certificates / "homeroom-ca.key"

    @property
    def server_certificate(self) -> Path:
        """What the pages show."""
        return self.certificates / "server.pem"

    @property
    def server_key(self) -> Path:
        """The key of the pages' certificate."""
        return self.certificates / "server.key"

    @property
    def statement(self) -> Path:
        """The newest privacy statement, for the administrator's page."""
        return self.path / "statement"

    @property
    def link_log(self) -> Path:
        """What the link to the coordinator did."""
        return self.path / "link.log"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


Positive = Annotated[float, Field(gt=0)]
# From and to, the second before the first for hours that pass midnight; 24:00 is the end of a day.
Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone that this machine knows") from error
    return name


def zone(name: str) -> tzinfo:
    """The time zone of this name, such as "Europe/Berlin"."""
    return UTC if name == "UTC" else ZoneInfo(name)


class PolicySettings(_Table):
    """What this school refuses, whatever a plan says; `client.federation` applies it.

    Caps on epsilon hold for each enrolment cohort and count every round that it was charged for. `_alone` figures
    assume that all other schools collude; `epsilon_round` caps the one of a single round. own_honest_schools: this
    school's share is at least one part in so many of the noise's variance; 1: all of it. minimum_cohort: None for
    5, or 3 where every school adds all the noise. training_hours: windows such as "18:00-06:00" by the clock of
    time_zone; none means always.
    """

    epsilon_lifetime: Positive = 8.0
    epsilon_alone_lifetime: Positive = 60.0
    epsilon_year: Positive = 3.0
    epsilon_alone_year: Positive = 20.0
    epsilon_round: Positive = 4.0
    delta_max: Annotated[float, Field(gt=0, le=1e-3)] = 1e-5
    own_honest_schools: Annotated[int, Field(ge=1)] | None = None
    minimum_cohort: Annotated[int, Field(ge=1)] | None = None
    minimum_consenting_students: Annotated[int, Field(ge=1)] = 20
    clip_norm_max: Positive = 10.0
    noise_multiplier_min: Positive = 0.5
    sampling_rate_max: Annotated[float, Field(gt=0, le=1)] = 1.0
    share_std_units_min: Annotated[float, Field(ge=8)] = 8.0
    batch_cap_sd_min: Annotated[float, Field(ge=4)] = 6.0
    rounds_max: Annotated[int, Field(ge=1)] = 200
    training_hours: Annotated[tuple[Hours, ...], BeforeValidator(_as_tuple)] = ()
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    clock_tolerance_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300


class WebSettings(_Table):
    """Where the pages are served, how long an idle sign-in lasts, and how students show who they are.

    student_sign_in: with three pictures that each student chooses, or by name alone.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8420
    student_idle_minutes: Annotated[int, Field(ge=1, le=600)] = 10
    staff_idle_minutes: Annotated[int, Field(ge=1, le=600)] = 15
    student_sign_in: Literal["pictures", "name"] = "pictures"


_SCHOOL_NETWORKS = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)


def _on_the_schools_network(address: str) -> str:
    """A number and no name: names are looked up elsewhere, and may lead elsewhere tomorrow."""
    if not address:
        return address
    found = urlsplit(address)
    if found.scheme not in ("http", "https") or found.username or found.query or found.fragment:
        raise ValueError(f"{address!r} is no address such as http://127.0.0.1:8080")
    host = ip_address(found.hostname or "")
    if not any(host in network for network in _SCHOOL_NETWORKS):
        raise ValueError(f"{address!r} isn't on the school's own network, and nothing is sent elsewhere")
    return address


class TutorSettings(_Table):
    """A language model at the school that may word the tutor's sentences anew; none if the address is empty.

    model_address: with a loopback or private number, where a service that speaks OpenAI's protocol listens.
    """

    model_address: Annotated[str, AfterValidator(_on_the_schools_network)] = ""
    model_name: Annotated[str, Field(min_length=1, max_length=100)] = "default"
    model_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 8.0


class Settings(_Table):
    """`school.toml`. Unknown keys are refused. `database_url` is filled in by `load_settings` when absent."""

    school: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w .\-]+$")]
    database_url: str = ""
    holidays: tuple[str, ...] = ()
    policy: PolicySettings = PolicySettings()
    web: WebSettings = WebSettings()
    tutor: TutorSettings = TutorSettings()


def create_folder(path: Path, *, school: str) -> SchoolFolder:
    """Makes a folder (0700) with settings and fresh keys (0600). FixSettings if a school lives there already."""
    settings = _validated({"school": school}, path)
    folder = SchoolFolder(path)
    if folder.settings.exists():
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path} already holds a school. Choose another folder.")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(path, 0o700)
    folder.releases.mkdir(mode=0o700, exist_ok=True)
    for key_file in (folder.vault_key, folder.split_key):
        if not key_file.exists():
            write_private_file(key_file, secrets.token_bytes(SCHOOL_KEY_BYTES))
    # Last, since its presence says that the folder is complete.
    write_private_file(folder.settings, f'school = "{settings.school}"\n\n[policy]\n\n[web]\n'.encode())
    return folder


def load_settings(folder: SchoolFolder) -> Settings:
    """FixSettings for a missing file, a key that isn't known, or a value out of range."""
    try:
        values = tomllib.loads(folder.settings.read_text("utf-8"))
    except FileNotFoundError as error:
        raise FixSettings(
            ErrorCode.FILE_MISSING, f"{folder.settings} is missing. Set the school up first."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{folder.settings} isn't valid TOML: {error}.") from error
    values["database_url"] = values.get("database_url") or f"sqlite:///{folder.database.absolute()}"
    return _validated(values, folder.settings)


def load_school_key(path: Path) -> bytes:
    """The 32 bytes of `vault.key` or `split.key`; FixSettings if the file is missing or of another length."""
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        raise FixSettings(ErrorCode.VAULT_SEALED, f"The key file {path} is missing. Restore it.") from error
    if len(key) != SCHOOL_KEY_BYTES:
        raise FixSettings(
            ErrorCode.VAULT_SEALED, f"{path} doesn't hold a {SCHOOL_KEY_BYTES}-byte key. Restore it."
        )
    return key


def _validated(values: dict[str, Any], path: Path) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{path} has settings to correct: {faults}.") from error
