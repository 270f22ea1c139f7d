"""First tables: people, practice, training, and the rows that may only be added.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Evidence and consent may be erased with the student, so only changes are stopped there.
APPEND_ONLY = (
    ("interaction", "UPDATE"),
    ("consent", "UPDATE"),
    ("audit_trail", "UPDATE"),
    ("audit_trail", "DELETE"),
)


def upgrade() -> None:
    """Empty database to first release."""
    _add_people()
    _add_practice()
    _add_training()
    _stop_changes()


def downgrade() -> None:
    """Back to an empty database."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION homeroom_append_only() CASCADE")
    for name in reversed(
        (
            "class_group",
            "student",
            "student_key",
            "consent",
            "staff",
            "staff_class",
            "session",
            "interaction",
            "offer",
            "mastery",
            "installed_release",
            "serving_model",
            "approved_campaign",
            "round_reply",
            "refusal_log",
            "audit_trail",
        )
    ):
        op.drop_table(name)


def _add_people() -> None:
    op.create_table(
        "class_group",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_group")),
        sa.UniqueConstraint("code", name=op.f("uq_class_group_code")),
    )
    op.create_table(
        "student",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("avatar", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["class_group.id"], name=op.f("fk_student_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
    )
    op.create_index(op.f("ix_student_class_id"), "student", ["class_id"], unique=False)
    op.create_table(
        "student_key",
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_student_key_student")),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_student_key")),
    )
    op.create_table(
        "consent",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose in ('practice', 'federated_training')", name=op.f("ck_consent_purpose")),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_consent_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_purpose_student_id"), "consent", ["purpose", "student", "id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role in ('teacher', 'administrator')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "staff_class",
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["class_group.id"], name=op.f("fk_staff_class_class_id")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_class_staff")),
        sa.PrimaryKeyConstraint("staff", "class_id", name=op.f("pk_staff_class")),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('student', 'staff')", name=op.f("ck_session_kind")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_subject"), "session", ["subject"], unique=False)


def _add_practice() -> None:
    op.create_table(
        "interaction",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("item_seed", sa.BigInteger(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("hints_used", sa.Integer(), nullable=False),
        sa.Column("assisted", sa.Boolean(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("at_seconds", sa.Double(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("reason_code", sa.String(length=80), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("client_uuid", sa.String(length=64), nullable=True),
        sa.CheckConstraint("weight >= 0 and weight <= 1", name=op.f("ck_interaction_weight")),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_interaction_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_interaction_client_uuid")),
        sa.UniqueConstraint("student", "seq", name=op.f("uq_interaction_student_seq")),
    )
    op.create_table(
        "offer",
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("item_seed", sa.BigInteger(), nullable=False),
        sa.Column("reason_code", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hints_used", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_offer_student")),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_offer")),
    )
    op.create_table(
        "mastery",
        sa.Column("student", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.Column("p_known", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("correct_unaided", sa.Integer(), nullable=False),
        sa.Column("days_correct", sa.Integer(), nullable=False),
        sa.Column("last_correct_day", sa.String(length=10), nullable=True),
        sa.Column("families_correct", sa.Text(), nullable=False),
        sa.Column("mastered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["student"], ["student.id"], name=op.f("fk_mastery_student")),
        sa.PrimaryKeyConstraint("student", "skill", name=op.f("pk_mastery")),
    )


def _add_training() -> None:
    op.create_table(
        "installed_release",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("rung", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_installed_release")),
    )
    op.create_table(
        "serving_model",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serving_model")),
    )
    op.create_table(
        "approved_campaign",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("decided", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decided in ('waiting', 'approved', 'refused')", name=op.f("ck_approved_campaign_decided")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_approved_campaign")),
    )
    op.create_table(
        "round_reply",
        sa.Column("ctx", sa.String(length=64), nullable=False),
        sa.Column("campaign_digest", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ctx", name=op.f("pk_round_reply")),
        sa.UniqueConstraint("campaign_digest", "round", name=op.f("uq_round_reply_campaign_digest_round")),
    )
    op.create_table(
        "refusal_log",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign", sa.String(length=80), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("local_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_log")),
    )
    op.create_table(
        "audit_trail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_trail")),
    )


def _stop_changes() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION homeroom_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'this table is append-only'; END $$"
        )
    for table, change in APPEND_ONLY:
        trigger = f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
        if sqlite:
            op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, 'this table is append-only'); END")
        else:
            op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION homeroom_append_only()")
