"""Promises, compensations, requests and absences; cases that are put off, told by agents, split or spam."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STRING = sqltypes.AutoString()
MOMENT = sqltypes.UTCDateTime()


def _some(kind: str) -> sa.Column[str]:
    return sa.Column(kind, sa.String(32), nullable=False)


def upgrade() -> None:
    for column in (
        sa.Column("spam", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("snoozed_until", MOMENT, nullable=True),
        sa.Column("told", sa.Text(), nullable=False, server_default=""),
        sa.Column("split_from", sa.Integer(), nullable=True),
    ):
        op.add_column("case", column)
    _tokens()
    _promises_and_money()
    _waiting_and_away()


def _tokens() -> None:
    known = op.f("ck_token_tokenpurpose_known")
    with op.batch_alter_table("token", recreate="auto") as token:
        token.drop_constraint(known, type_="check")
        token.add_column(sa.Column("request_key", STRING, nullable=False, server_default=""))
        token.create_check_constraint(known, "purpose IN ('draft', 'desk', 'request', 'check-in')")


def _promises_and_money() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("made_by", STRING, nullable=False),
        _some("state"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_promise_case_number_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index("promise_due", "promise", ["state", "due_at"])
    op.create_index(op.f("ix_promise_case_number"), "promise", ["case_number"])
    op.create_table(
        "compensation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("customer", STRING, nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("amount", STRING, nullable=False),
        sa.Column("currency", STRING, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("offered_by", STRING, nullable=False),
        sa.Column("granted_by", STRING, nullable=False),
        _some("state"),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name=op.f("fk_compensation_case_number_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensation")),
    )
    op.create_index("compensation_of_customer", "compensation", ["customer", "offered_at"])
    op.create_index(op.f("ix_compensation_case_number"), "compensation", ["case_number"])


def _waiting_and_away() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", STRING, nullable=False),
        _some("kind"),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("agent", STRING, nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        _some("state"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("decided_by", STRING, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_request_case_number_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("key", name=op.f("uq_request_key")),
    )
    op.create_index(op.f("ix_request_case_number"), "request", ["case_number"])
    op.create_table(
        "absence",
        sa.Column("agent", STRING, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_absence")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before this version")
