"""What a timer leads to: the first draft (D5), the check-in, its reminder, the end of a silent case (D21)."""

from __future__ import annotations

from cases import asks
from cases.calendar import after
from cases.categories import category_of
from cases.facts import Decision, Facts
from cases.first_draft import drafted, why_none
from cases.lifecycle import transition
from cases.ruletypes import Duration
from store.models import Case, EventKind, Status, TimerKind
from store.values import SOFTWARE, CaseChange, NewEvent, NewTimer


def on_timer(facts: Facts, case: Case, kind: TimerKind) -> Decision:
    """The decision of a timer that is due. What has become pointless is skipped and says so."""
    if kind is TimerKind.DRAFT:
        because = why_none(facts, case)
        return _skipped(case, kind, because) if because else drafted(facts, case)
    if case.status is not Status.RESOLVED:
        return _skipped(case, kind, f"the case is {case.status}")
    if kind is TimerKind.CLOSE:
        return _closed(facts, case)
    category = category_of(case.category, facts.rulebook)
    if kind is TimerKind.CHECK_IN:
        return _asked(facts, case, TimerKind.CHECK_IN_REMINDER, category.check_in_reminder_after)
    return _asked(facts, case, TimerKind.CLOSE, category.close_after)


def _asked(facts: Facts, case: Case, following: TimerKind, wait: Duration) -> Decision:
    count = case.check_ins + 1
    status = transition(case.status, EventKind.CHECK_IN_SENT)
    due = after(facts.now, wait, facts.rulebook.calendar)
    reminder = following is TimerKind.CLOSE
    return Decision(
        case=CaseChange(case.number, case.status, {"status": status, "check_ins": count}),
        case_number=case.number,
        events=(NewEvent(EventKind.CHECK_IN_SENT, "the reminder" if reminder else "the first", SOFTWARE),),
        letters=(asks.check_in(facts, case, count, reminder=reminder),),
        timers=(NewTimer(following, f"{following}/{case.number}/{count}", due),),
    )


def _closed(facts: Facts, case: Case) -> Decision:
    status = transition(case.status, EventKind.CLOSED)
    return Decision(
        case=CaseChange(case.number, case.status, {"status": status, "closed_at": facts.now}),
        case_number=case.number,
        events=(NewEvent(EventKind.CLOSED, "nobody said anything against it", SOFTWARE),),
    )


def _skipped(case: Case, kind: TimerKind, because: str) -> Decision:
    event = NewEvent(EventKind.TIMER_SKIPPED, f"{kind}: {because}", SOFTWARE)
    return Decision(case_number=case.number, events=(event,))
