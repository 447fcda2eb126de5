"""What it means for a case that its words are erased: it ends, and nothing happens to it any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.decision import Decision
from cases.lifecycle import transition
from store.models import Case, EventKind, TimerKind
from store.values import CaseChange, NewEvent


def erased(case: Case, now: datetime, actor: str, about: Mapping[str, Any]) -> Decision:
    """The case is closed, its timers are cancelled, and nobody's reply address is good for it any more."""
    values = {
        "status": transition(case.status, EventKind.ERASED),
        "closed_at": case.closed_at or now,
        "snoozed_until": None,
        "erased_at": now,
    }
    return Decision(
        case=CaseChange(case.number, case.status, values),
        case_number=case.number,
        events=(NewEvent(EventKind.ERASED, _said(about), actor, about),),
        cancel_timers=tuple(TimerKind),
        revoke_tokens=True,
    )


def erased_in_part(number: int, actor: str, about: Mapping[str, Any]) -> Decision:
    """What one of several people said on a case is gone; the case goes on."""
    return Decision(
        case_number=number, events=(NewEvent(EventKind.ERASED_IN_PART, _said(about), actor, about),)
    )


def originals_dropped(number: int | None, actor: str, mails: int) -> Decision:
    """The whole mails of a case as they came are no longer kept."""
    event = NewEvent(EventKind.ORIGINALS_DROPPED, f"{mails} mails", actor, {"mails": mails})
    return Decision(case_number=number, events=(event,))


def _said(about: Mapping[str, Any]) -> str:
    """For the log: who asked for it, or why it is time."""
    return ", ".join(f"{name} {value}" for name, value in about.items() if value)
