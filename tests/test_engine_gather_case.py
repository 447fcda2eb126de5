"""What commands about a case need to know besides."""

from __future__ import annotations

from typing import cast

import pytest
from sqlmodel import Session

from engine import gather_case
from store import queries
from store.models import Event, EventKind
from tests.facts_factory import ADMIN, AGENT, NOW, case_facts


def event(kind: EventKind, text: str, **data: str) -> Event:
    return Event(at=NOW, case_number=7, kind=kind, actor=AGENT, text=text, data=data)


def test_what_was_noted_is_what_people_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    happened = [
        event(EventKind.NOTED, "she called"),
        event(EventKind.ESCALATED, f"to {ADMIN}: a lawyer", to=ADMIN, reason="a lawyer"),
        event(EventKind.ESCALATED, f"to {ADMIN}", to=ADMIN, reason=""),
        event(EventKind.ASSIGNED, f"to {ADMIN}"),
    ]
    monkeypatch.setattr(queries, "events_of", lambda *_: happened)
    facts = gather_case.trail(cast("Session", None), case_facts(), ())
    assert [one.words for one in facts.trail] == ["she called", "a lawyer"]
