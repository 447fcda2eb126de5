"""Status × Event → Status: the only place that says where a case may go."""

from __future__ import annotations

from collections.abc import Iterable

from store.kinds import EventKind, Status, TimerKind

NEW, OPEN, ANSWERED, RESOLVED, CLOSED = Status
PAUSES = (TimerKind.SNOOZE, TimerKind.RELEASE)
"""The timers of a case that waits, which are cancelled when somebody has it."""
OPEN_ENDS = (TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER, TimerKind.CLOSE, *PAUSES)
"""The timers of a case that ended; they are cancelled when it goes on or ends another way. The first draft's
is none of them: it is wanted again when the case goes on before it came."""
_SAME = {status: status for status in Status}
_NOT_CLOSED = {status: status for status in Status if status is not CLOSED}

MOVES: dict[EventKind, dict[Status, Status]] = {
    EventKind.CUSTOMER_WROTE: _SAME | {ANSWERED: OPEN},
    EventKind.REOPENED: {RESOLVED: OPEN, CLOSED: OPEN},
    EventKind.DRAFTED: {NEW: NEW, OPEN: OPEN, ANSWERED: OPEN},
    EventKind.EDITED: {NEW: OPEN, OPEN: OPEN, ANSWERED: OPEN},
    EventKind.APPROVED: {NEW: ANSWERED, OPEN: ANSWERED},
    EventKind.TOLD_FIXED: _SAME | {NEW: ANSWERED, OPEN: ANSWERED},
    EventKind.REJECTED: {NEW: OPEN, OPEN: OPEN},
    EventKind.ASSIGNED: _NOT_CLOSED,
    EventKind.RESOLVED: {NEW: RESOLVED, OPEN: RESOLVED, ANSWERED: RESOLVED},
    EventKind.MERGED: dict.fromkeys((NEW, OPEN, ANSWERED, RESOLVED), CLOSED),
    EventKind.SPAM: dict.fromkeys(Status, CLOSED),
    EventKind.CLOSED_BY_AGENT: dict.fromkeys((NEW, OPEN, ANSWERED, RESOLVED), CLOSED),
    EventKind.RELEASED: _NOT_CLOSED,
    EventKind.ESCALATED: _NOT_CLOSED,
    EventKind.SNOOZED: {NEW: NEW, OPEN: OPEN, ANSWERED: ANSWERED},
    EventKind.UNDONE: {NEW: NEW, OPEN: OPEN, ANSWERED: OPEN},
    EventKind.PROMISED: _NOT_CLOSED,
    EventKind.OFFERED: _NOT_CLOSED,
    EventKind.CHECK_IN_SENT: {RESOLVED: RESOLVED},
    EventKind.CHECK_IN_GOOD: {NEW: NEW, OPEN: OPEN, ANSWERED: ANSWERED, RESOLVED: CLOSED, CLOSED: CLOSED},
    EventKind.CHECK_IN_LOW: {NEW: NEW, OPEN: OPEN, ANSWERED: OPEN, RESOLVED: RESOLVED, CLOSED: CLOSED},
    EventKind.CLOSED: {RESOLVED: CLOSED},
    EventKind.ERASED: dict.fromkeys(Status, CLOSED),
}
"""The events that move a case, or that only some cases can have. Every other event may happen to any
case and leaves its status alone. CHECK_IN_LOW on an ended case is followed by REOPENED."""


class IllegalTransition(Exception):
    """An event that can't happen to a case of this status."""

    def __init__(self, status: Status, event: EventKind) -> None:
        super().__init__(f"a case that is {status} can't be {event}")
        self.status, self.event = status, event


def transition(status: Status, event: EventKind) -> Status:
    """The status after the event; raises IllegalTransition when it can't happen."""
    moves = MOVES.get(event, _SAME)
    if status not in moves:
        raise IllegalTransition(status, event)
    return moves[status]


def advance(status: Status, events: Iterable[EventKind]) -> Status:
    """The status after several events in order."""
    for event in events:
        status = transition(status, event)
    return status
