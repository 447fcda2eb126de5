"""What follows an answer: holding updates, deadlines, opt-outs, signals, known issues, commitments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KIND = sa.String(length=32)


def upgrade() -> None:
    _cases()
    _causes()
    _promises()
    _opt_out()
    _signal()
    _known_issue()
    _commitment()


def _cases() -> None:
    for column in (
        sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holdings", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("case", column)
    # What was answered before this was kept was answered then, or earlier.
    op.execute('UPDATE "case" SET first_answered_at = answered_at')
    op.execute(
        'UPDATE "case" SET asked_at = (SELECT max(event.at) FROM event'
        " WHERE event.case_number = \"case\".number AND event.kind = 'check-in-sent') WHERE check_ins > 0"
    )


def _causes() -> None:
    """Cases of a cause are looked for by when they were opened; the narrower indexes are part of these."""
    op.drop_index("ix_case_category", "case")
    op.create_index("case_cause", "case", ["category", "opened_at"])
    op.drop_index("fact_value", "fact")
    op.create_index("fact_value", "fact", ["name", "value", "case_number"])


def _promises() -> None:
    for name in ("reminded_at", "broken_at", "told_at"):
        op.add_column("promise", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def _opt_out() -> None:
    op.create_table(
        "opt_out",
        sa.Column("address", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("asked_again", sa.Boolean(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_opt_out_case_number_case")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_opt_out")),
    )
    op.create_index(op.f("ix_opt_out_case_number"), "opt_out", ["case_number"])


def _signal() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("kind", _KIND, nullable=False),
        sa.Column("category", sqltypes.AutoString(), nullable=False),
        sa.Column("fact", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("key", name=op.f("uq_signal_key")),
    )
    op.create_index("signal_of_name", "signal", ["name", "raised_at"])
    op.create_index(op.f("ix_signal_raised_at"), "signal", ["raised_at"])
    op.create_index(op.f("ix_signal_ended_at"), "signal", ["ended_at"])


def _known_issue() -> None:
    op.create_table(
        "known_issue",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=True),
        sa.Column("title", sqltypes.AutoString(), nullable=False),
        sa.Column("category", sqltypes.AutoString(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("fixes", sa.JSON(), nullable=False),
        sa.Column("state", _KIND, nullable=False),
        sa.Column("opened_by", sqltypes.AutoString(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fixed_by", sqltypes.AutoString(), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_issue")),
        sa.UniqueConstraint("name", name=op.f("uq_known_issue_name")),
    )
    op.create_index(op.f("ix_known_issue_state"), "known_issue", ["state"])
    op.create_table(
        "concerned",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sqltypes.AutoString(), nullable=False, server_default=""),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["known_issue.id"], name=op.f("fk_concerned_issue_id_known_issue")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_concerned_case_number_case")),
        sa.PrimaryKeyConstraint("issue_id", "case_number", name=op.f("pk_concerned")),
    )
    op.create_index(op.f("ix_concerned_case_number"), "concerned", ["case_number"])


def _commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("made_by", sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _KIND, nullable=False),
        sa.Column("ended_by", sqltypes.AutoString(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name=op.f("fk_commitment_case_number_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_case_number"), "commitment", ["case_number"])
    op.create_index(op.f("ix_commitment_state"), "commitment", ["state"])
