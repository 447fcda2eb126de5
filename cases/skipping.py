"""What had become pointless by the time it was due: it is left, and the case says why."""

from __future__ import annotations

from cases.decision import Decision
from store.models import Case, EventKind, TimerKind
from store.values import SOFTWARE, NewEvent


def skipped(kind: TimerKind, because: str) -> NewEvent:
    """The word of it."""
    return NewEvent(EventKind.TIMER_SKIPPED, f"{kind}: {because}", SOFTWARE)


def only_skipped(case: Case, kind: TimerKind, because: str) -> Decision:
    """Nothing is done but to say so."""
    return Decision(case_number=case.number, events=(skipped(kind, because),))
