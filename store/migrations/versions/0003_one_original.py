"""Letters that carry a stored mail without a copy of it; letters given back unsent; letters made a minute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite copies the table, and a copy keeps no check that is not named here.
    checks = (
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_letter_attempts_counted")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_letter_letterstate_known")
        ),
    )
    with op.batch_alter_table("letter", table_args=checks) as letter:
        letter.add_column(sa.Column("encloses_at", sa.Integer(), nullable=True))
        letter.add_column(sa.Column("encloses_how", sqltypes.AutoString(), nullable=False, server_default=""))
        letter.add_column(sa.Column("encloses_raw_id", sa.Integer(), nullable=True))
        letter.create_foreign_key(op.f("fk_letter_encloses_raw_id_raw"), "raw", ["encloses_raw_id"], ["id"])
        letter.add_column(sa.Column("unsent", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "tally",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("minute", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "minute", name=op.f("pk_tally")),
    )
    minute = (
        "substr(created_at, 1, 16) || ':00.000000'"
        if op.get_bind().dialect.name == "sqlite"
        else "date_trunc('minute', created_at)"
    )
    op.get_bind().exec_driver_sql(
        "INSERT INTO tally (kind, minute, made) "  # noqa: S608
        f"SELECT kind, {minute}, count(*) FROM letter WHERE kind = 'ack' GROUP BY 1, 2"
    )
