"""Holding updates: a customer who has waited for their category's time hears that the case is not forgotten
(D12).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import asks
from cases.calendar import after
from cases.contact import Contact
from cases.facts import Facts
from cases.rules.types import HoldingUpdates
from cases.skipping import skipped
from cases.watching.reachable import why_no_letter
from cases.watching.step import NOTHING, Step
from cases.watching.waits import (
    COUNTED,
    TOO_LATE,
    due_at,
    hears_again,
    is_too_late,
    leaves_at,
    next_at,
    open_from,
    updates_of,
)
from store.models import Case, EventKind, TimerKind
from store.values import SOFTWARE, NewEvent

__all__ = ["due", "next_at"]
FIRST, LATER = "holding_first", "holding_later"


def due(facts: Facts, case: Case) -> Step:
    """One update, however many the time would have been for; nothing while it is too early."""
    updates = updates_of(facts, case)
    if updates is None or why_no_letter(facts, case):
        return NOTHING
    if is_too_late(facts, case):
        return _given_up(case, updates)
    since = due_at(facts, case, updates)
    if leaves_at(facts, case, since) > facts.now:
        return _mended(facts, case)
    return _sent(facts, case, updates, since)


def _given_up(case: Case, updates: HoldingUpdates) -> Step:
    """No update until a person has answered."""
    because = f"no holding update after {TOO_LATE.days} days without a word; a person has to write"
    return Step(events=(skipped(TimerKind.WATCH, because),), values={"holdings": updates.at_most})


def _mended(facts: Facts, case: Case) -> Step:
    """A clock that was ahead when the last update was made would keep the next one waiting for as long."""
    if case.held_at is None or case.held_at <= facts.now:
        return NOTHING
    return Step(values={"held_at": facts.now})


def _sent(facts: Facts, case: Case, updates: HoldingUpdates, since: datetime) -> Step:
    count = _made_before(facts.contact or Contact()) + 1
    held = case.model_copy(update={"holdings": case.holdings + 1, "held_at": facts.now})
    following = _following(facts, held)
    more = {"turn": count, "next_update": following, "opened": case.opened_at}
    letter = asks.holding(facts, case, str(count), FIRST if count == 1 else LATER, more)
    missed = _missed(facts, held, updates, since)
    return Step(
        events=(_told(count, following), *((_skipped(missed),) if missed else ())),
        letters=(letter,),
        values={"holdings": held.holdings, "held_at": held.held_at},
    )


def _made_before(contact: Contact) -> int:
    """The number of the last update of the case; they are counted on, so that no words are said twice in a
    row, whoever wrote in between."""
    numbers = (found[1] for one in contact.letters if (found := COUNTED.fullmatch(one.key)))
    return max(map(int, numbers), default=0)


def _following(facts: Facts, held: Case) -> datetime | None:
    """By when the customer hears again: the update after this one, or else the deadline that still holds."""
    updates = updates_of(facts, held)
    if updates and updates.every:
        calendar = facts.rulebook.calendar_of(held)
        return open_from(after(facts.now, updates.every, calendar), calendar)
    return held.deadline_at if held.deadline_at and held.deadline_at > facts.now else None


def _told(count: int, following: datetime | None) -> NewEvent:
    data: Mapping[str, Any] = {"count": count} | ({"until": following.isoformat()} if following else {})
    return NewEvent(EventKind.HOLDING_SENT, f"number {count}{hears_again(following)}", SOFTWARE, data)


def _missed(facts: Facts, held: Case, updates: HoldingUpdates, since: datetime) -> int:
    """How many more updates were due before now, had there been no stop."""
    if updates.every is None:
        return 0
    missed, at = 0, since
    while held.holdings + missed < updates.at_most:
        at = after(at, updates.every, facts.rulebook.calendar_of(held))
        if at > facts.now:
            break
        missed += 1
    return missed


def _skipped(missed: int) -> NewEvent:
    what = "one more holding update was" if missed == 1 else f"{missed} more holding updates were"
    return skipped(TimerKind.WATCH, f"{what} due in the meantime; the customer gets one for all of them")
