"""Backups that were put back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from store.models.base import Row


class Restore(Row, table=True):
    """A backup became the database: what it does not know of may have happened all the same."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    knows_until: datetime | None = None
    """When the last thing happened that the backup knows of."""
    kept_back: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Letters to customers that waited in it, and may have left since."""
