"""The tables of coordinator.db; only modules of `server` read or write them.

Times are UTC in ISO 8601. Plans, envelopes and arrays are kept as the bytes that were signed or hashed.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

# Raised by one whenever a table changes; `server.store` refuses a database from a later version.
SCHEMA_VERSION = 2

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as text that sorts by time."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To UTC, with microseconds always written."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Back to an aware time."""
        return None if value is None else datetime.fromisoformat(value)


schools = Table(
    "schools",
    metadata,
    Column("school", String(80), primary_key=True),
    Column("identity_key", String(64), nullable=False, unique=True),
    Column("node_key", String, nullable=False, unique=True),
    Column("students", Integer, nullable=False),
    Column("enrolled_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("school", String(80), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

operators = Table(
    "operators",
    metadata,
    Column("operator", String(80), primary_key=True),
    Column("password_hash", String, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", UtcTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("operator", ForeignKey("operators.operator"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("campaign", String(80), nullable=False, unique=True),
    Column("plan", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String, nullable=False, default=""),
    Column("wanted", Boolean, nullable=False, default=False),
    Column("drafted_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("arrays", LargeBinary, nullable=False),
)

rounds = Table(
    "rounds",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("plan", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String, nullable=False, default=""),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
)

answers = Table(
    "answers",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("school", String(80), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("code", String(40), nullable=False, default=""),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("plan_digest", String(64), nullable=False),
    Column("outcome_digest", String(64), nullable=False),
    Column("model", LargeBinary, nullable=False),
    Column("memory", LargeBinary, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
)

# What a masked campaign needs beside its rounds. Members are named by school; rows of `joins`, `deals` and
# `survivors` are written before they are sent, and never change afterwards.
joins = Table(
    "joins",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("school", String(80), primary_key=True),
    Column("join", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False, default=b""),
)

deals = Table(
    "deals",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("dealer", String(80), primary_key=True),
    Column("deals", LargeBinary, nullable=False),
)

survivors = Table(
    "survivors",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("survivors", LargeBinary, nullable=False),
    Column("evidence", LargeBinary, nullable=False, default=b""),
)

masked_vectors = Table(
    "masked_vectors",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("school", String(80), primary_key=True),
    Column("masked", LargeBinary, nullable=False),
)

blames = Table(
    "blames",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("school", String(80), primary_key=True),
    Column("fault", String(40), primary_key=True),
    Column("is_dealer", Boolean, nullable=False),
    Column("proof", LargeBinary, nullable=False),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("candidate", String(64), primary_key=True),
    Column("school", String(80), primary_key=True),
    Column("matched", Boolean, nullable=False),
)

measurements = Table(
    "measurements",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("figures", LargeBinary, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("campaign", ForeignKey("campaigns.digest"), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("released_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("event", String(40), nullable=False),
    Column("campaign", String(64), nullable=False, default=""),
    Column("round", Integer),
    Column("school", String(80), nullable=False, default=""),
    Column("detail", String, nullable=False, default=""),
)

# The public log: place counts from 0. leaf: the entry's hash in the tree.
log_entries = Table(
    "log_entries",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

# What schools may read of a round that is over. transcript_digest: of the file beside the database, or empty.
published = Table(
    "published",
    metadata,
    Column("campaign", ForeignKey("campaigns.digest"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("opened", LargeBinary, nullable=False),
    Column("transcript_digest", String(64), nullable=False, default=""),
)

# Journal and log only grow: the database itself refuses anything else. Run once, after the tables are made.
GROWING_TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the {word} only grows'); END"
    for table, word in (("journal", "journal"), ("log_entries", "public log"))
    for verb in ("UPDATE", "DELETE")
)
