"""Operating it: several mailboxes, alerts, imports, what is kept of the erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables and columns of this release."""
    _alerts()
    _mailboxes()
    _erasing()
    _restores()


def _mailboxes() -> None:
    """A case keeps its mailbox; what leaves is found by the server that sends it, and may be copied."""
    none = sa.text("copy_at IS NOT NULL")
    op.add_column("case", sa.Column("mailbox", sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column("case", sa.Column("alias", sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("mailbox", sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("copy_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("letter", sa.Column("copy_tries", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("letter_due", "letter")
    op.create_index("letter_due", "letter", ["state", "priority", "due_at", "mailbox"])
    op.create_index("letter_copy", "letter", ["copy_at"], sqlite_where=none, postgresql_where=none)


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("key", sqltypes.AutoString(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_as", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alert")),
    )
    op.create_index("alert_state", "alert", ["state"])
    op.create_table(
        "alert_telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("mail", sa.LargeBinary(), nullable=True),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_telling")),
    )
    op.create_index(op.f("ix_alert_telling_at"), "alert_telling", ["at"])


def _restores() -> None:
    """What a backup that was put back may not know of is looked at again, and answered by persons."""
    op.create_table(
        "restore",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("knows_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_back", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore")),
    )
    for column in (
        sa.Column("rechecked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("doubtful_validity", sa.BigInteger(), nullable=True),
        sa.Column("doubtful_upto", sa.BigInteger(), nullable=True),
    ):
        op.add_column("mailbox", column)


def _erasing() -> None:
    """When what was said on a case was erased."""
    op.add_column("case", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    few = sa.text("erased_at IS NOT NULL")
    op.create_index("case_erased", "case", ["erased_at"], sqlite_where=few, postgresql_where=few)
