"""How long a customer waits for a holding update (D12): the times, for who sends one and who tells of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from cases.calendar import after, closed_until
from cases.contact import Contact
from cases.facts import Facts
from cases.rules.categories import category_of
from cases.rules.types import HoldingUpdates
from cases.rules.working_time import Calendar
from cases.watching.answered import is_answered
from cases.watching.reachable import why_no_letter
from store.models import FOR_A_PERSON, FROM_CUSTOMERS, Case, CaseKind, LetterKind, Status

OF_KIND = (CaseKind.COMPLAINT, CaseKind.QUESTION)
LATE = timedelta(hours=1)
"""An update that is later than this leaves when the firm is open; after a stop that may be another day."""
TOO_LATE = timedelta(days=60)
"""Who has heard nothing for so long is not told that all goes its way: a person has to write."""
COUNTED = re.compile(rf"{LetterKind.HOLDING}/\d+/(\d+)")
"""The keys of holding updates; what else customers are told while they wait has names in their place."""


def next_at(facts: Facts, case: Case) -> datetime | None:
    """When the customer hears from us next if nobody writes before; None where they get no updates."""
    updates = updates_of(facts, case)
    if updates is None or why_no_letter(facts, case) or is_too_late(facts, case):
        return None
    return leaves_at(facts, case, due_at(facts, case, updates))


def next_word(facts: Facts, case: Case) -> datetime | None:
    """The same, as the case's agent is told of it; None also where nobody has asked what went to and fro."""
    if facts.contact is not None:
        return next_at(facts, case)
    if facts.message is not None and facts.message.kind in FROM_CUSTOMERS:
        goes_on = case if case.status in FOR_A_PERSON else case.model_copy(update={"status": Status.OPEN})
        return next_at(replace(facts, contact=Contact(wrote_at=facts.now, asked_at=facts.now)), goes_on)
    is_new = facts.draft is None and case.status is Status.NEW and case.seen_at is None
    return next_at(replace(facts, contact=Contact()), case) if is_new else None


def updates_of(facts: Facts, case: Case) -> HoldingUpdates | None:
    """What the category says, while the customer waits for us and may hear more."""
    updates = category_of(case.category, facts.rulebook).holding_updates
    if updates is None or case.status not in FOR_A_PERSON or case.kind not in OF_KIND:
        return None
    if is_answered(facts, case):
        return None
    is_more = case.holdings < updates.at_most and (case.holdings == 0 or updates.every is not None)
    return updates if is_more else None


def due_at(facts: Facts, case: Case, updates: HoldingUpdates) -> datetime:
    """When the next update is due: so long after the last word of either side, as the calendar counts."""
    calendar = facts.rulebook.calendar_of(case)
    wait = updates.every if case.holdings and updates.every else updates.after
    at = after(_last_word(facts, case), wait, calendar)
    if case.held_at and updates.every:
        at = max(at, after(min(case.held_at, facts.now), updates.every, calendar))
    return at


def leaves_at(facts: Facts, case: Case, at: datetime) -> datetime:
    """The same moment, or the next one at which those work who have the case."""
    calendar = facts.rulebook.calendar_of(case)
    at = open_from(at, calendar)
    return max(at, open_from(facts.now, calendar)) if facts.now - at > LATE else at


def is_too_late(facts: Facts, case: Case) -> bool:
    return facts.now - _last_word(facts, case) > TOO_LATE


def _last_word(facts: Facts, case: Case) -> datetime:
    """When the customer last wrote, or was written to.

    A clock that was ahead made what is much later than now; for a holding update, the case itself is mended.
    """
    contact = facts.contact or Contact()
    letters = (one.at for one in contact.letters if not one.failed and not COUNTED.fullmatch(one.key))
    words = (case.opened_at, case.acknowledged_at, case.answered_at, case.held_at, contact.wrote_at, *letters)
    known = (at for at in words if at is not None and at <= facts.now + LATE)
    return min(max(known, default=facts.now), facts.now)


def hears_again(at: datetime | None) -> str:
    """By when the customer was told to hear again, as the end of what an event says of the letter."""
    return f"; the customer hears again by {at.isoformat(timespec='minutes')}" if at else ""


def open_from(at: datetime, calendar: Calendar) -> datetime:
    """Closing time itself is still part of the day."""
    return closed_until(at - timedelta.resolution, calendar) or at
