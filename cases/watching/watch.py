"""The one timer of a case that is not ended: all that is due on it is done in one look, and the next look is
armed for the earliest time that any watcher names.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from cases.contact import Contact, Sent
from cases.decision import Decision
from cases.facts import Facts
from cases.skipping import only_skipped
from cases.watching import deadlines, holding, promises, telling
from cases.watching.step import NOTHING, Step, Watcher
from store.models import ENDED, TO_CUSTOMERS, Case, TimerKind
from store.values import CaseChange, NewTimer

WATCHERS: tuple[Watcher, ...] = (promises, deadlines, holding)
"""In the order in which they look. Holding updates are last: who has just been written to needs none."""
A_WHILE = timedelta(minutes=5)
"""Between two looks, the least: a watcher that were never content would otherwise keep the worker busy."""


def on_watch(facts: Facts, case: Case) -> Decision:
    """Everything that is due on the case now, in one decision; mostly nothing."""
    if case.status in ENDED:
        return only_skipped(case, TimerKind.WATCH, f"the case is {case.status}")
    whole, looked_at = NOTHING, case
    for watcher in WATCHERS:
        step = watcher.due(facts, looked_at)
        whole, facts = _both(whole, step), _told(facts, step)
        looked_at = looked_at.model_copy(update=dict(step.values))
    return Decision(
        case=CaseChange(case.number, case.status, whole.values) if whole.values else None,
        case_number=case.number,
        events=whole.events,
        letters=whole.letters + telling.told(facts, looked_at, whole.notices),
        rows=whole.rows,
        changes=whole.changes,
    )


def armed(facts: Facts, case: Case) -> NewTimer | None:
    """The next look at the case as it is now; None where nothing is waited for."""
    if case.status in ENDED:
        return None
    times = [at for watcher in WATCHERS if (at := watcher.next_at(facts, case)) is not None]
    if not times:
        return None
    has_looked = facts.cause.startswith(f"{TimerKind.WATCH}/")
    soonest = facts.now + (A_WHILE if has_looked else timedelta(0))
    return NewTimer(TimerKind.WATCH, _key(facts, case), max(min(times), soonest))


def _key(facts: Facts, case: Case) -> str:
    """Unique for ever: what asks for it, and when."""
    cause = hashlib.sha256(f"{facts.cause} {facts.now.isoformat()}".encode()).hexdigest()[:32]
    return f"{TimerKind.WATCH}/{case.number}/{cause}"


def _both(one: Step, other: Step) -> Step:
    """What two watchers do; nobody gets the same mail twice in one look."""
    got = {(letter.template, letter.recipient.key) for letter in one.letters}
    more = (letter for letter in other.letters if (letter.template, letter.recipient.key) not in got)
    return Step(
        one.events + other.events,
        (*one.letters, *more),
        {**one.values, **other.values},
        one.rows + other.rows,
        one.changes + other.changes,
        one.notices + other.notices,
    )


def _told(facts: Facts, step: Step) -> Facts:
    """The facts once the customer has what this step sends them."""
    new = tuple(Sent(one.kind, one.key, facts.now) for one in step.letters if one.kind in TO_CUSTOMERS)
    contact = facts.contact or Contact()
    return replace(facts, contact=replace(contact, letters=new + contact.letters)) if new else facts
