"""Operating it: several mailboxes, alerts, imports, what is kept of the erased."""

from __future__ import annotations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables and columns of this release."""
