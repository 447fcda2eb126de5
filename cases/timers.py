"""What a timer leads to: the first draft (D5), the end of a pause, the check-in, its reminder, the end of a
silent case (D21).
"""

from __future__ import annotations

from cases import agent_mail, asks, releasing
from cases.assigning import heir
from cases.calendar import after
from cases.commands.situation import is_open
from cases.facts import Decision, Facts
from cases.first_draft import drafted, why_none
from cases.lifecycle import ENDED, transition
from cases.requests import expired
from cases.rules.categories import category_of
from cases.rules.durations import Duration
from store.models import Case, EventKind, Status, TimerKind
from store.values import SOFTWARE, CaseChange, NewEvent, NewTimer


def on_timer(facts: Facts, case: Case, kind: TimerKind) -> Decision:
    """The decision of a timer that is due. What has become pointless is skipped and says so."""
    at_any_time = {
        TimerKind.DRAFT: _first_draft,
        TimerKind.SNOOZE: _woken,
        TimerKind.REQUEST: expired,
        TimerKind.RELEASE: _released,
    }
    if kind in at_any_time:
        return at_any_time[kind](facts, case)
    if case.status is not Status.RESOLVED:
        return _skipped(case, kind, f"the case is {case.status}")
    if kind is TimerKind.CLOSE:
        return _closed(facts, case)
    category = category_of(case.category, facts.rulebook)
    if kind is TimerKind.CHECK_IN:
        return _asked(facts, case, TimerKind.CHECK_IN_REMINDER, category.check_in_reminder_after)
    return _asked(facts, case, TimerKind.CLOSE, category.close_after)


def _first_draft(facts: Facts, case: Case) -> Decision:
    because = why_none(facts, case)
    return _skipped(case, TimerKind.DRAFT, because) if because else drafted(facts, case)


def _woken(facts: Facts, case: Case) -> Decision:
    """The case stands in the queue again, and its agent is mailed."""
    because = _why_not_woken(facts, case)
    if because:
        return _skipped(case, TimerKind.SNOOZE, because)
    assignee = heir(case, facts)
    values = {"snoozed_until": None, "seen_at": None, "assignee": assignee.address}
    events = [NewEvent(EventKind.WOKE, "it was put off until now", SOFTWARE)]
    if assignee.address != case.assignee:
        events.append(NewEvent(EventKind.ASSIGNED, str(assignee), SOFTWARE))
    agent = facts.rulebook.agent(assignee.address)
    woken = case.model_copy(update=values)
    version = facts.draft.version if facts.draft else 0
    letter = agent and agent_mail.draft_to_agent(
        facts, woken, agent, headline="woke", version=version, draft_is_open=is_open(facts.draft)
    )
    return Decision(
        case=CaseChange(case.number, case.status, values),
        case_number=case.number,
        events=tuple(events),
        letters=(letter,) if letter else (),
    )


def _released(facts: Facts, case: Case) -> Decision:
    because = releasing.why_not(facts, case)
    return _skipped(case, TimerKind.RELEASE, because) if because else releasing.given_to_somebody(facts, case)


def _why_not_woken(facts: Facts, case: Case) -> str:
    if case.status in ENDED:
        return f"the case is {case.status}"
    if case.snoozed_until is None:
        return "the case is not put off any more"
    return "the case was put off further" if case.snoozed_until > facts.now else ""


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
