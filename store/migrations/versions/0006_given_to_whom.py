"""What customers were given is found by their address without its +tag, also what was written down before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GIVEN = sa.table("compensation", sa.column("id", sa.Integer), sa.column("customer", sa.String))


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_GIVEN.c.id, _GIVEN.c.customer)).all():
        without_tag = _without_tag(row.customer)
        if without_tag != row.customer:
            changed = _GIVEN.update().where(_GIVEN.c.id == row.id).values(customer=without_tag)
            connection.execute(changed)


def _without_tag(address: str) -> str:
    """As offers are written down today; a migration keeps a copy, so that it does the same for ever."""
    local, at, domain = address.strip().lower().rpartition("@")
    return (local.split("+", 1)[0] or local) + at + domain
