"""An index for what one sender wrote lately."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("mail_of_sender", "mail", ["sender", "received_at"])
    op.drop_index(op.f("ix_mail_sender"), "mail")
