"""Whether everybody has come to an end who was at work in the database at a moment."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session


def begun_now(session: Session) -> int | None:
    """A mark of this moment; None on SQLite, where nobody is at work beside a writer."""
    if session.connection().dialect.name != "postgresql":
        return None
    return int(session.execute(select(func.txid_current())).scalar_one())


def is_over(session: Session, mark: int) -> bool:
    """Whether all transactions that were open at that moment have ended."""
    oldest = session.execute(select(func.txid_snapshot_xmin(func.txid_current_snapshot()))).scalar_one()
    return int(oldest) > mark
