"""Facts of cases: what extractors found in mails, and what agents said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("value", sqltypes.AutoString(), nullable=False),
        sa.Column("as_written", sa.Text(), nullable=False),
        sa.Column("found_in", sqltypes.AutoString(), nullable=False),
        sa.Column("said_by", sqltypes.AutoString(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name=op.f("fk_fact_case_number_case")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_fact_mail_id_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("case_number", "name", "value", name=op.f("uq_fact_case_number_name_value")),
    )
    op.create_index("fact_value", "fact", ["name", "value"])
    op.create_index(op.f("ix_fact_mail_id"), "fact", ["mail_id"])
