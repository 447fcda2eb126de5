"""Who said to be away, and how many cases everybody has: what assigning goes by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from store.models import FOR_A_PERSON
from store.statements import Statement
from store.writing import TABLES

_ABSENCE, _CASE = TABLES["absence"], TABLES["case"]
_AWAY = Statement(select(_ABSENCE.c.agent, _ABSENCE.c.until))
# Sorted by an expression, or SQLite would walk through every case there ever was by the index of assignees.
_WHOSE = func.coalesce(_CASE.c.assignee, "")
_OPEN = Statement(select(_WHOSE, func.count()).where(_CASE.c.status == bindparam("status")).group_by(_WHOSE))


def absences(session: Session) -> dict[str, datetime]:
    """Until when agents said to be away, those included who are back."""
    return dict(_AWAY.rows(session))


def open_cases(session: Session) -> dict[str, int]:
    """How many cases wait for each agent; under "" those that are nobody's."""
    found: dict[str, int] = {}
    for status in FOR_A_PERSON:
        for agent, count in _OPEN.rows(session, status=status):
            found[agent] = found.get(agent, 0) + count
    return found
