"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STRING = sqltypes.AutoString()
MOMENT = sqltypes.UTCDateTime()
FIRST_CASE = 1001


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "case",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "status", _one_of("status_known", "new", "open", "answered", "resolved", "closed"), nullable=False
        ),
        sa.Column(
            "kind", _one_of("casekind_known", "complaint", "praise", "question", "other"), nullable=False
        ),
        sa.Column("category", STRING, nullable=False),
        sa.Column("severity", _one_of("severity_known", "low", "normal", "high", "urgent"), nullable=False),
        sa.Column(
            "fault", _one_of("fault_known", "ours", "third-party", "customer", "unknown"), nullable=False
        ),
        sa.Column("language", STRING, nullable=False),
        sa.Column("channel", STRING, nullable=False),
        sa.Column("subject", STRING, nullable=False),
        sa.Column("customer", STRING, nullable=False),
        sa.Column("customer_name", STRING, nullable=False),
        sa.Column("assignee", STRING, nullable=False),
        sa.Column("reply_token", STRING, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("not_acknowledged_because", STRING, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("check_ins", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case")),
        sa.UniqueConstraint("reply_token", name=op.f("uq_case_reply_token")),
    )
    op.create_index("case_customer", "case", ["customer", "number"])
    op.create_index("case_queue", "case", ["status", "severity", "deadline_at"])
    op.create_index(op.f("ix_case_assignee"), "case", ["assignee"])
    op.create_index(op.f("ix_case_category"), "case", ["category"])
    op.create_index(op.f("ix_case_opened_at"), "case", ["opened_at"])
    op.create_table(
        "counter",
        sa.Column("name", STRING, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", STRING, nullable=False),
        sa.Column("owner", STRING, nullable=True),
        sa.Column("last_poll_at", MOMENT, nullable=True),
        sa.Column("last_error", STRING, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("name", name=op.f("uq_mailbox_name")),
    )
    op.create_table(
        "raw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw")),
    )
    op.create_table(
        "tombstone",
        sa.Column("fingerprint", STRING, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "worker",
        sa.Column("id", STRING, nullable=False),
        sa.Column("host", STRING, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("heartbeat_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state", _one_of("draftstate_known", "open", "approved", "rejected", "superseded"), nullable=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("template", STRING, nullable=False),
        sa.Column("language", STRING, nullable=False),
        sa.Column("agent", STRING, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_draft_case_number_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("case_number", "version", name=op.f("uq_draft_case_number_version")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", STRING, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("recipient", STRING, nullable=False),
        sa.Column("recipient_key", STRING, nullable=False),
        sa.Column("envelope_from", STRING, nullable=False),
        sa.Column("message_id", STRING, nullable=False),
        sa.Column("subject", STRING, nullable=False),
        sa.Column("raw_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", _one_of("letterstate_known", "queued", "sending", "sent", "failed"), nullable=False
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", STRING, nullable=True),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("undelivered", sa.Boolean(), nullable=False),
        sa.Column("last_error", STRING, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_letter_attempts_counted")),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_letter_case_number_case")),
        sa.ForeignKeyConstraint(["raw_id"], ["raw.id"], name=op.f("fk_letter_raw_id_raw")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    op.create_index(op.f("ix_letter_case_number"), "letter", ["case_number"])
    op.create_index("letter_due", "letter", ["state", "priority", "due_at"])
    op.create_index("letter_limit", "letter", ["recipient_key", "kind", "created_at"])
    op.create_index("letter_made", "letter", ["kind", "created_at"])
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", STRING, nullable=False),
        sa.Column("message_id", STRING, nullable=False),
        sa.Column("raw_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _one_of(
                "mailkind_known",
                "customer",
                "auto_reply",
                "bounce",
                "list",
                "loop",
                "command",
                "check_in_answer",
            ),
            nullable=False,
        ),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("sender", STRING, nullable=False),
        sa.Column("sender_name", STRING, nullable=False),
        sa.Column("subject", STRING, nullable=False),
        sa.Column("language", STRING, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("damage", sa.JSON(), nullable=False),
        sa.Column("unparsed", sa.Boolean(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_mail_case_number_case")),
        sa.ForeignKeyConstraint(["raw_id"], ["raw.id"], name=op.f("fk_mail_raw_id_raw")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mail_fingerprint")),
    )
    op.create_index(op.f("ix_mail_case_number"), "mail", ["case_number"])
    op.create_index(op.f("ix_mail_message_id"), "mail", ["message_id"])
    op.create_index(op.f("ix_mail_received_at"), "mail", ["received_at"])
    op.create_index(op.f("ix_mail_sender"), "mail", ["sender"])
    op.create_table(
        "participant",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("address", STRING, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name=op.f("fk_participant_case_number_case")
        ),
        sa.PrimaryKeyConstraint("case_number", "address", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_address"), "participant", ["address"])
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", STRING, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("timerstate_known", "waiting", "fired", "cancelled"), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_timer_case_number_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("key", name=op.f("uq_timer_key")),
    )
    op.create_index(op.f("ix_timer_case_number"), "timer", ["case_number"])
    op.create_index("timer_due", "timer", ["state", "due_at"])
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _one_of("arrivalstate_known", "taken", "stored", "duplicate", "set-aside"),
            nullable=False,
        ),
        sa.Column("filed", sa.Boolean(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_arrival_mail_id_mail")),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name=op.f("fk_arrival_mailbox_id_mailbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint(
            "mailbox_id", "uidvalidity", "uid", name=op.f("uq_arrival_mailbox_id_uidvalidity_uid")
        ),
    )
    op.create_index(
        "arrival_unfiled",
        "arrival",
        ["mailbox_id", "uidvalidity", "uid"],
        sqlite_where=sa.text("filed IS 0"),
        postgresql_where=sa.text("filed IS false"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("actor", STRING, nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_event_case_number_case")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_event_mail_id_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_at"), "event", ["at"])
    op.create_index(op.f("ix_event_case_number"), "event", ["case_number"])
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", STRING, nullable=False),
        sa.Column("purpose", _one_of("tokenpurpose_known", "draft", "check-in"), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=True),
        sa.Column("agent", STRING, nullable=False),
        sa.Column("verbs", sa.JSON(), nullable=False),
        sa.Column("check_in", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_token_case_number_case")),
        sa.ForeignKeyConstraint(["used_by"], ["mail.id"], name=op.f("fk_token_used_by_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_token_sha256")),
    )
    op.create_index(op.f("ix_token_case_number"), "token", ["case_number"])

    _settle()


def _settle() -> None:
    counter: Any = sa.table("counter", sa.column("name"), sa.column("value"))
    op.bulk_insert(counter, [{"name": "case", "value": FIRST_CASE}])
    if op.get_bind().dialect.name == "postgresql":
        # The bytes are compressed when they come: spare the server from trying again.
        op.execute("ALTER TABLE raw ALTER COLUMN data SET STORAGE EXTERNAL")


def downgrade() -> None:
    for table in (
        "token",
        "event",
        "arrival",
        "timer",
        "participant",
        "mail",
        "letter",
        "draft",
        "worker",
        "tombstone",
        "raw",
        "mailbox",
        "counter",
        "case",
    ):
        op.drop_table(table)
