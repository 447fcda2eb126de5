"""The whole table of Status × Event."""

from __future__ import annotations

import pytest

from cases.lifecycle import MOVES, IllegalTransition, advance, transition
from store.models import EventKind, Status

N, O, A, R, C = Status  # noqa: E741
X = None
"""It can't happen."""

#                                new  open answered resolved closed
TABLE: dict[EventKind, tuple[Status | None, ...]] = {
    EventKind.OPENED:            (N, O, A, R, C),
    EventKind.ACKNOWLEDGED:      (N, O, A, R, C),
    EventKind.NOT_ACKNOWLEDGED:  (N, O, A, R, C),
    EventKind.CUSTOMER_WROTE:    (N, O, O, R, C),
    EventKind.COURTESY:          (N, O, A, R, C),
    EventKind.AUTO_REPLY:        (N, O, A, R, C),
    EventKind.BOUNCED:           (N, O, A, R, C),
    EventKind.IGNORED:           (N, O, A, R, C),
    EventKind.DUPLICATE:         (N, O, A, R, C),
    EventKind.DELAYED:           (N, O, A, R, C),
    EventKind.RELATED:           (N, O, A, R, C),
    EventKind.FLOOD:             (N, O, A, R, C),
    EventKind.UNPARSED:          (N, O, A, R, C),
    EventKind.SET_ASIDE:         (N, O, A, R, C),
    EventKind.REPLAYED:          (N, O, A, R, C),
    EventKind.DRAFTED:           (N, O, O, X, X),
    EventKind.EDITED:            (O, O, O, X, X),
    EventKind.APPROVED:          (A, A, X, X, X),
    EventKind.REJECTED:          (O, O, X, X, X),
    EventKind.ASSIGNED:          (N, O, A, R, X),
    EventKind.NOTED:             (N, O, A, R, C),
    EventKind.RESOLVED:          (R, R, R, X, X),
    EventKind.MERGED:            (C, C, C, C, X),
    EventKind.TOOK_IN:           (N, O, A, R, C),
    EventKind.RELEASED:          (N, O, A, R, X),
    EventKind.CORRECTED:         (N, O, A, R, C),
    EventKind.CHANGED:           (N, O, A, R, C),
    EventKind.FACT:              (N, O, A, R, C),
    EventKind.NO_FACT:           (N, O, A, R, C),
    EventKind.SPLIT:             (N, O, A, R, C),
    EventKind.SNOOZED:           (N, O, A, X, X),
    EventKind.WOKE:              (N, O, A, R, C),
    EventKind.ESCALATED:         (N, O, A, R, X),
    EventKind.SPAM:              (C, C, C, C, C),
    EventKind.CLOSED_BY_AGENT:   (C, C, C, C, X),
    EventKind.UNDONE:            (N, O, O, X, X),
    EventKind.PROMISED:          (N, O, A, R, X),
    EventKind.PROMISE_KEPT:      (N, O, A, R, C),
    EventKind.OFFERED:           (N, O, A, R, X),
    EventKind.PAID:              (N, O, A, R, C),
    EventKind.WITHDRAWN:         (N, O, A, R, C),
    EventKind.REQUESTED:         (N, O, A, R, C),
    EventKind.GRANTED:           (N, O, A, R, C),
    EventKind.DENIED:            (N, O, A, R, C),
    EventKind.REQUEST_EXPIRED:   (N, O, A, R, C),
    EventKind.AWAY:              (N, O, A, R, C),
    EventKind.LOOKED:            (N, O, A, R, C),
    EventKind.HELPED:            (N, O, A, R, C),
    EventKind.REFUSED:           (N, O, A, R, C),
    EventKind.SENT:              (N, O, A, R, C),
    EventKind.SEND_FAILED:       (N, O, A, R, C),
    EventKind.IN_DOUBT:          (N, O, A, R, C),
    EventKind.CHECK_IN_SENT:     (X, X, X, R, X),
    EventKind.CHECK_IN_GOOD:     (N, O, A, C, C),
    EventKind.CHECK_IN_LOW:      (N, O, O, R, C),
    EventKind.REOPENED:          (X, X, X, O, O),
    EventKind.CLOSED:            (X, X, X, C, X),
    EventKind.TIMER_SKIPPED:     (N, O, A, R, C),
    EventKind.ALERT:             (N, O, A, R, C),
    EventKind.HOLDING_SENT:      (N, O, A, R, C),
    EventKind.PROMISE_NEAR:      (N, O, A, R, C),
    EventKind.PROMISE_BROKEN:    (N, O, A, R, C),
    EventKind.DEADLINE_NEAR:     (N, O, A, R, C),
    EventKind.DEADLINE_MISSED:   (N, O, A, R, C),
    EventKind.OPTED_OUT:         (N, O, A, R, C),
    EventKind.OPTED_IN:          (N, O, A, R, C),
    EventKind.SIGNAL:            (N, O, A, R, C),
    EventKind.ISSUE_OPENED:      (N, O, A, R, C),
    EventKind.ISSUE_CHANGED:     (N, O, A, R, C),
    EventKind.ISSUE_FIXED:       (N, O, A, R, C),
    EventKind.CONCERNED:         (N, O, A, R, C),
    EventKind.NOT_CONCERNED:     (N, O, A, R, C),
    EventKind.TOLD_FIXED:        (A, A, A, R, C),
    EventKind.COMMITTED:         (N, O, A, R, C),
    EventKind.COMMITMENT_DONE:   (N, O, A, R, C),
    EventKind.KEPT_OUT:          (N, O, A, R, C),
    EventKind.KEPT_BACK:         (N, O, A, R, C),
    EventKind.IMPORTED:          (N, O, A, R, C),
    EventKind.ERASED:            (C, C, C, C, C),
    EventKind.ERASED_IN_PART:    (N, O, A, R, C),
    EventKind.ORIGINALS_DROPPED: (N, O, A, R, C),
}  # fmt: skip

CELLS = [(status, event, TABLE[event][at]) for event in TABLE for at, status in enumerate(Status)]


def test_the_table_knows_every_event_and_every_status() -> None:
    assert set(TABLE) == set(EventKind)
    assert all(len(row) == len(Status) for row in TABLE.values())


@pytest.mark.parametrize(("status", "event", "then"), CELLS)
def test_every_event_in_every_status(status: Status, event: EventKind, then: Status | None) -> None:
    if then is None:
        with pytest.raises(IllegalTransition, match=f"a case that is {status} can't be {event}"):
            transition(status, event)
    else:
        assert transition(status, event) is then


@pytest.mark.parametrize("event", [event for event in EventKind if event not in MOVES])
def test_an_event_that_moves_nothing_may_happen_to_any_case(event: EventKind) -> None:
    assert [transition(status, event) for status in Status] == list(Status)


def test_nothing_leads_back_to_new() -> None:
    reached = {then for moves in MOVES.values() for before, then in moves.items() if before is not N}
    assert N not in reached


def test_several_events_happen_in_order() -> None:
    assert advance(C, (EventKind.CHECK_IN_LOW, EventKind.REOPENED, EventKind.DRAFTED)) is O
    assert advance(N, (EventKind.EDITED, EventKind.APPROVED, EventKind.RESOLVED)) is R
    assert advance(A, ()) is A


def test_an_illegal_event_among_several_is_refused() -> None:
    with pytest.raises(IllegalTransition) as refused:
        advance(N, (EventKind.RESOLVED, EventKind.APPROVED))
    assert (refused.value.status, refused.value.event) == (R, EventKind.APPROVED)
