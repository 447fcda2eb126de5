"""What becomes due once a case is solved: the check-in, its one reminder, the end of a silent case (D21)."""

from __future__ import annotations

from cases import asks
from cases.asking import why_not
from cases.calendar import after
from cases.decision import Decision
from cases.facts import Facts
from cases.lifecycle import transition
from cases.rules.categories import category_of
from cases.skipping import only_skipped, skipped
from store.models import Case, EventKind, Status, TimerKind
from store.values import SOFTWARE, CaseChange, NewEvent, NewTimer

KINDS = (TimerKind.CHECK_IN, TimerKind.CHECK_IN_REMINDER, TimerKind.CLOSE)


def on_check_in_timer(facts: Facts, case: Case, kind: TimerKind) -> Decision:
    """The question, the reminder, or the end: the case of who is not asked is closed in due time as well."""
    if case.status is not Status.RESOLVED:
        return only_skipped(case, kind, f"the case is {case.status}")
    if kind is TimerKind.CLOSE:
        return _closed(facts, case)
    because = why_not(facts, case, reminder=kind is TimerKind.CHECK_IN_REMINDER)
    if because:
        left_alone = skipped(kind, because.text)
        return Decision(case_number=case.number, events=(left_alone,), timers=(closing_timer(facts, case),))
    return _asked(facts, case, reminder=kind is TimerKind.CHECK_IN_REMINDER)


def closing_timer(facts: Facts, case: Case) -> NewTimer:
    """When a solved case is closed, if nobody says anything against it."""
    wait = category_of(case.category, facts.rulebook).close_after
    due = after(facts.now, wait, facts.rulebook.calendar_of(case))
    return NewTimer(TimerKind.CLOSE, f"{TimerKind.CLOSE}/{case.number}/{facts.cause}", due)


def _asked(facts: Facts, case: Case, *, reminder: bool) -> Decision:
    count = case.check_ins + 1
    status = transition(case.status, EventKind.CHECK_IN_SENT)
    values = {"status": status, "check_ins": count, "asked_at": facts.now}
    following = closing_timer(facts, case) if reminder else _reminder(facts, case, count)
    return Decision(
        case=CaseChange(case.number, case.status, values),
        case_number=case.number,
        events=(NewEvent(EventKind.CHECK_IN_SENT, "the reminder" if reminder else "the first", SOFTWARE),),
        letters=(asks.check_in(facts, case, count, reminder=reminder),),
        timers=(following,),
    )


def _reminder(facts: Facts, case: Case, count: int) -> NewTimer:
    wait = category_of(case.category, facts.rulebook).check_in_reminder_after
    due = after(facts.now, wait, facts.rulebook.calendar_of(case))
    kind = TimerKind.CHECK_IN_REMINDER
    return NewTimer(kind, f"{kind}/{case.number}/{count}", due)


def _closed(facts: Facts, case: Case) -> Decision:
    status = transition(case.status, EventKind.CLOSED)
    return Decision(
        case=CaseChange(case.number, case.status, {"status": status, "closed_at": facts.now}),
        case_number=case.number,
        events=(NewEvent(EventKind.CLOSED, "nobody said anything against it", SOFTWARE),),
    )
