"""What one sender wrote lately, and cases that became part of another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("mail_of_sender", "mail", ["sender", "received_at"])
    op.drop_index(op.f("ix_mail_sender"), "mail")
    op.add_column("mail", sa.Column("signature", sa.Text(), nullable=False, server_default=""))
    op.add_column("case", sa.Column("merged_into", sa.Integer(), nullable=True))
