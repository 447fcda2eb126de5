"""Whether everybody has come to an end who was at work in the database at a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select, text
from sqlmodel import Session

# Also those who have only read so far: they may write what they read.
_STILL = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start <= :moment"
).bindparams(bindparam("moment"))


def moment_of(session: Session) -> datetime | None:
    """This moment by the database's clock; None on SQLite, where nobody decides beside a writer."""
    if session.connection().dialect.name != "postgresql":
        return None
    found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return found


def is_over(session: Session, moment: datetime) -> bool:
    """Whether all transactions that were open at that moment have ended."""
    return not session.execute(_STILL, {"moment": moment}).scalar_one()
