"""The tables of a school's database, each column tagged with its purpose, basis, retention and category."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from client.records.column_tags import (
    AUDIT,
    CLASS,
    CONSENT,
    EVIDENCE,
    EVIDENCE_ID,
    GROUP,
    GROUP_ID,
    KEY,
    MODEL,
    OPEN_ITEM,
    ROSTER,
    ROSTER_ID,
    ROSTER_NAME,
    SESSION,
    SESSION_SECRET,
    STAFF,
    STAFF_SECRET,
    TRAINING,
    TRAINING_REPLY,
)
from client.records.utc_time import UtcDateTime

# SQLite gives a row number of its own only to a column declared INTEGER.
ROW_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
ID: Final = String(64)
CODE: Final = String(80)
DIGEST: Final = String(64)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

class_group = Table(
    "class_group",
    metadata,
    Column("id", ID, primary_key=True, info=CLASS),
    Column("name", String(80), nullable=False, info=CLASS),
    Column("code", String(20), nullable=False, unique=True, info=CLASS),
)

student = Table(
    "student",
    metadata,
    Column("id", ID, primary_key=True, info=ROSTER_ID),
    Column("class_id", ID, ForeignKey("class_group.id"), nullable=False, index=True, info=ROSTER),
    Column("sealed_name", LargeBinary, nullable=False, info=ROSTER_NAME),
    Column("avatar", String(40), nullable=False, info=ROSTER),
    Column("created_at", UtcDateTime, nullable=False, info=ROSTER),
    Column("active", Boolean, nullable=False, info=ROSTER),
    # The school year in which the student was added. It never changes: a privacy budget hangs on it.
    Column("cohort", String(20), nullable=False, server_default="", info=ROSTER),
)

# Apart from `student`, so that destroying this row makes the name unreadable, in old backups as well.
student_key = Table(
    "student_key",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=ROSTER_ID),
    Column("wrapped_key", LargeBinary, nullable=False, info=KEY),
)

# Read by the school's own fairness check and by nothing else.
student_groups = Table(
    "student_groups",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=GROUP_ID),
    Column("sealed_groups", LargeBinary, nullable=False, info=GROUP),
    Column("set_at", UtcDateTime, nullable=False, info=GROUP),
)

consent = Table(
    "consent",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=CONSENT),
    Column("student", ID, ForeignKey("student.id"), nullable=False, info=CONSENT),
    Column("purpose", CODE, nullable=False, info=CONSENT),
    Column("granted", Boolean, nullable=False, info=CONSENT),
    Column("basis", String(200), nullable=False, info=CONSENT),
    Column("by", String(80), nullable=False, info=CONSENT),
    Column("at", UtcDateTime, nullable=False, info=CONSENT),
    CheckConstraint("purpose in ('practice', 'federated_training')", name="purpose"),
    Index(None, "purpose", "student", "id"),
)

interaction = Table(
    "interaction",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=EVIDENCE_ID),
    Column("student", ID, ForeignKey("student.id"), nullable=False, info=EVIDENCE_ID),
    Column("seq", Integer, nullable=False, info=EVIDENCE),
    Column("item", String(200), nullable=False, info=EVIDENCE),
    Column("item_seed", BigInteger, nullable=False, info=EVIDENCE),
    Column("skills", Text, nullable=False, info=EVIDENCE),
    Column("correct", Boolean, nullable=False, info=EVIDENCE),
    Column("response", Text, nullable=False, info=EVIDENCE),
    Column("hints_used", Integer, nullable=False, info=EVIDENCE),
    Column("assisted", Boolean, nullable=False, info=EVIDENCE),
    Column("latency_ms", Integer, nullable=True, info=EVIDENCE),
    Column("at_seconds", Double, nullable=True, info=EVIDENCE),
    Column("weight", Double, nullable=False, info=EVIDENCE),
    Column("reason_code", CODE, nullable=False, info=EVIDENCE),
    Column("model_version", CODE, nullable=False, info=EVIDENCE),
    Column("client_uuid", String(64), nullable=True, unique=True, info=EVIDENCE_ID),
    Column("offline", Boolean, nullable=False, server_default=false(), info=EVIDENCE),
    CheckConstraint("weight >= 0 and weight <= 1", name="weight"),
    UniqueConstraint("student", "seq"),
)

offer = Table(
    "offer",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=OPEN_ITEM),
    Column("item", String(200), nullable=False, info=OPEN_ITEM),
    Column("item_seed", BigInteger, nullable=False, info=OPEN_ITEM),
    Column("reason_code", CODE, nullable=False, info=OPEN_ITEM),
    Column("facts", Text, nullable=False, info=OPEN_ITEM),
    Column("hints_used", Integer, nullable=False, info=OPEN_ITEM),
    Column("model_version", CODE, nullable=False, info=OPEN_ITEM),
    Column("offered_at", UtcDateTime, nullable=False, info=OPEN_ITEM),
    Column("quick_hints", Integer, nullable=False, server_default="0", info=OPEN_ITEM),
    Column("helped_at", UtcDateTime, nullable=True, info=OPEN_ITEM),
    Column("quick_tries", Integer, nullable=False, server_default="0", info=OPEN_ITEM),
    Column("tried_at", UtcDateTime, nullable=True, info=OPEN_ITEM),
    # What was said to the tutor; it goes with the item.
    Column("talk", Text, nullable=True, info=OPEN_ITEM),
)

practice_event = Table(
    "practice_event",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=EVIDENCE_ID),
    Column("student", ID, ForeignKey("student.id"), nullable=False, info=EVIDENCE_ID),
    Column("seq", Integer, nullable=False, info=EVIDENCE),
    Column("kind", CODE, nullable=False, info=EVIDENCE),
    Column("value", Double, nullable=False, info=EVIDENCE),
    Column("at", UtcDateTime, nullable=False, info=EVIDENCE),
    Index(None, "student", "seq"),
)

explanation_trial = Table(
    "explanation_trial",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=EVIDENCE_ID),
    Column("student", ID, ForeignKey("student.id"), nullable=False, info=EVIDENCE_ID),
    Column("seq", Integer, nullable=False, info=EVIDENCE),
    Column("skill", String(200), nullable=False, info=EVIDENCE),
    Column("family", String(200), nullable=False, info=EVIDENCE),
    Column("propensity", Double, nullable=False, info=EVIDENCE),
    Column("at", UtcDateTime, nullable=False, info=EVIDENCE),
    CheckConstraint("propensity > 0 and propensity <= 1", name="propensity"),
    Index(None, "skill", "id"),
)

diagnostic = Table(
    "diagnostic",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=EVIDENCE_ID),
    Column("started_at", UtcDateTime, nullable=False, info=EVIDENCE),
    Column("asked", Text, nullable=False, info=EVIDENCE),
    Column("known", Text, nullable=False, info=EVIDENCE),
    Column("start_grade", Double, nullable=True, info=EVIDENCE),
    Column("finished_at", UtcDateTime, nullable=True, info=EVIDENCE),
)

practice_set = Table(
    "practice_set",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=EVIDENCE_ID),
    Column("skill", String(200), nullable=False, info=EVIDENCE),
    Column("kind", CODE, nullable=False, info=EVIDENCE),
    Column("started_seq", Integer, nullable=False, info=EVIDENCE),
)

mastery = Table(
    "mastery",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=EVIDENCE_ID),
    Column("skill", String(200), primary_key=True, info=EVIDENCE),
    Column("p_known", Double, nullable=False, info=EVIDENCE),
    Column("attempts", Integer, nullable=False, info=EVIDENCE),
    Column("correct_unaided", Integer, nullable=False, info=EVIDENCE),
    Column("days_correct", Integer, nullable=False, info=EVIDENCE),
    Column("last_correct_day", String(10), nullable=True, info=EVIDENCE),
    Column("families_correct", Text, nullable=False, info=EVIDENCE),
    Column("mastered_at", UtcDateTime, nullable=True, info=EVIDENCE),
    Column("last_at", UtcDateTime, nullable=False, info=EVIDENCE),
    Column("streak", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("failures", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("tries", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("right", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("recent", String(3), nullable=False, server_default="", info=EVIDENCE),
    Column("p_peak", Double, nullable=False, server_default="0", info=EVIDENCE),
    Column("check_step", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("check_right", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("due_on", String(10), nullable=True, info=EVIDENCE),
    Column("rest_until", UtcDateTime, nullable=True, info=EVIDENCE),
    Column("run_today", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("enough_run", Integer, nullable=False, server_default="3", info=EVIDENCE),
    Column("surprise", Double, nullable=False, server_default="0", info=EVIDENCE),
    Column("thirds", Integer, nullable=False, server_default="0", info=EVIDENCE),
    Column("thirds_surprise", Double, nullable=False, server_default="0", info=EVIDENCE),
    Column("test", String(5), nullable=False, server_default="", info=EVIDENCE),
    Column("tested_at", UtcDateTime, nullable=True, info=EVIDENCE),
    Column("tested_out_at", UtcDateTime, nullable=True, info=EVIDENCE),
)

installed_release = Table(
    "installed_release",
    metadata,
    Column("digest", DIGEST, primary_key=True, info=MODEL),
    Column("path", Text, nullable=False, info=MODEL),
    Column("rung", CODE, nullable=False, info=MODEL),
    Column("reason", Text, nullable=False, info=MODEL),
    Column("figures", Text, nullable=False, info=MODEL),
    Column("installed_at", UtcDateTime, nullable=False, info=MODEL),
    Column("active", Boolean, nullable=False, info=MODEL),
)

serving_model = Table(
    "serving_model",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=MODEL),
    Column("kind", CODE, nullable=False, info=MODEL),
    Column("parameters", Text, nullable=False, info=MODEL),
    Column("fitted_at", UtcDateTime, nullable=False, info=MODEL),
)

# Figures over many students; a check that would speak of fewer than ten says so instead.
insight_check = Table(
    "insight_check",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=MODEL),
    Column("kind", CODE, nullable=False, info=MODEL),
    Column("at", UtcDateTime, nullable=False, info=MODEL),
    Column("found", Text, nullable=False, info=MODEL),
    Index(None, "kind", "id"),
)

paused_item = Table(
    "paused_item",
    metadata,
    Column("item", String(200), primary_key=True, info=CLASS),
    Column("by", String(80), nullable=False, info=CLASS),
    Column("at", UtcDateTime, nullable=False, info=CLASS),
)

approved_campaign = Table(
    "approved_campaign",
    metadata,
    Column("digest", DIGEST, primary_key=True, info=TRAINING),
    Column("plan", LargeBinary, nullable=False, info=TRAINING),
    Column("decided", CODE, nullable=False, info=TRAINING),
    Column("by", String(80), nullable=True, info=TRAINING),
    Column("at", UtcDateTime, nullable=False, info=TRAINING),
    CheckConstraint("decided in ('waiting', 'approved', 'refused')", name="decided"),
)

round_reply = Table(
    "round_reply",
    metadata,
    Column("ctx", DIGEST, primary_key=True, info=TRAINING_REPLY),
    Column("campaign_digest", DIGEST, nullable=False, info=TRAINING_REPLY),
    Column("round", Integer, nullable=False, info=TRAINING_REPLY),
    Column("reply", LargeBinary, nullable=False, info=TRAINING_REPLY),
    Column("at", UtcDateTime, nullable=False, info=TRAINING_REPLY),
    UniqueConstraint("campaign_digest", "round"),
)

refusal_log = Table(
    "refusal_log",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=TRAINING),
    Column("at", UtcDateTime, nullable=False, info=TRAINING),
    Column("campaign", CODE, nullable=False, info=TRAINING),
    Column("round", Integer, nullable=False, info=TRAINING),
    Column("code", CODE, nullable=False, info=TRAINING),
    Column("sentence", Text, nullable=False, info=TRAINING),
    Column("local_reason", Text, nullable=False, info=TRAINING),
)

training_pause = Table(
    "training_pause",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True, info=TRAINING),
    Column("paused", Boolean, nullable=False, info=TRAINING),
    Column("by", String(80), nullable=False, info=TRAINING),
    Column("at", UtcDateTime, nullable=False, info=TRAINING),
)

picture_pin = Table(
    "picture_pin",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=ROSTER_ID),
    Column("mac", LargeBinary, nullable=False, info=KEY),
    Column("set_at", UtcDateTime, nullable=False, info=ROSTER),
)

picture_try = Table(
    "picture_try",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=SESSION),
    Column("device", ID, primary_key=True, info=SESSION),
    Column("failed", Integer, nullable=False, info=SESSION),
    Column("known", Boolean, nullable=False, info=SESSION),
    Column("last_at", UtcDateTime, nullable=False, info=SESSION),
)

badge = Table(
    "badge",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=ROSTER_ID),
    Column("token_hash", DIGEST, nullable=False, unique=True, info=KEY),
    Column("made_at", UtcDateTime, nullable=False, info=ROSTER),
)

display_settings = Table(
    "display_settings",
    metadata,
    Column("student", ID, ForeignKey("student.id"), primary_key=True, info=ROSTER_ID),
    Column("chosen", Text, nullable=False, info=ROSTER),
    Column("changed_at", UtcDateTime, nullable=False, info=ROSTER),
)

staff = Table(
    "staff",
    metadata,
    Column("id", ID, primary_key=True, info=STAFF),
    Column("name", String(80), nullable=False, unique=True, info=STAFF),
    Column("role", CODE, nullable=False, info=STAFF),
    Column("password_hash", String(200), nullable=False, info=STAFF_SECRET),
    Column("created_at", UtcDateTime, nullable=False, info=STAFF),
    Column("active", Boolean, nullable=False, info=STAFF),
    CheckConstraint("role in ('teacher', 'administrator')", name="role"),
)

staff_class = Table(
    "staff_class",
    metadata,
    Column("staff", ID, ForeignKey("staff.id"), primary_key=True, info=STAFF),
    Column("class_id", ID, ForeignKey("class_group.id"), primary_key=True, info=STAFF),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", DIGEST, primary_key=True, info=SESSION_SECRET),
    Column("kind", CODE, nullable=False, info=SESSION),
    Column("subject", ID, nullable=False, index=True, info=SESSION),
    Column("created_at", UtcDateTime, nullable=False, info=SESSION),
    Column("last_seen_at", UtcDateTime, nullable=False, info=SESSION),
    CheckConstraint("kind in ('student', 'staff')", name="kind"),
)

audit_trail = Table(
    "audit_trail",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, info=AUDIT),
    Column("at", UtcDateTime, nullable=False, info=AUDIT),
    Column("actor", String(80), nullable=False, info=AUDIT),
    Column("action", CODE, nullable=False, info=AUDIT),
    Column("subject", String(200), nullable=False, info=AUDIT),
    Column("previous", DIGEST, nullable=False, info=AUDIT),
    Column("hash", DIGEST, nullable=False, info=AUDIT),
)
