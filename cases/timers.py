"""What a timer leads to: the first draft (D5), the end of a pause, the check-in, its reminder, the end of a
silent case (D21), and what has become due on a case that is watched.
"""

from __future__ import annotations

from dataclasses import replace

from cases import agent_mail, deadlines, releasing
from cases.assigning import heir
from cases.check_in_timers import on_check_in_timer
from cases.commands.situation import is_open
from cases.decision import Decision
from cases.facts import Facts
from cases.first_draft import drafted, why_none
from cases.held_files import on_files
from cases.requests import expired
from cases.skipping import only_skipped
from cases.telling import told
from cases.watching.watch import on_watch
from store.models import ENDED, Case, EventKind, TimerKind
from store.values import SOFTWARE, CaseChange, NewEvent


def on_timer(facts: Facts, case: Case, kind: TimerKind) -> Decision:
    """The decision of a timer that is due. What has become pointless is skipped and says so."""
    at_any_time = {
        TimerKind.DRAFT: _first_draft,
        TimerKind.SNOOZE: _woken,
        TimerKind.REQUEST: expired,
        TimerKind.RELEASE: _released,
        TimerKind.WATCH: on_watch,
        TimerKind.FIXED: told,
        TimerKind.FILES: on_files,
    }
    if kind in at_any_time:
        return at_any_time[kind](facts, case)
    return on_check_in_timer(facts, case, kind)


def _first_draft(facts: Facts, case: Case) -> Decision:
    because = why_none(facts, case)
    decision = only_skipped(case, TimerKind.DRAFT, because) if because else drafted(facts, case)
    return decision if case.status in ENDED else _with_deadlines(facts, case, decision)


def _with_deadlines(facts: Facts, case: Case, decision: Decision) -> Decision:
    """What is due of a new case is set here, so that no acknowledgement waits for it."""
    change = decision.case or CaseChange(case.number, case.status)
    values = deadlines.of_a_new_case(facts, case.model_copy(update=dict(change.values)))
    if not values:
        return decision
    return replace(decision, case=replace(change, values={**change.values, **values}))


def _woken(facts: Facts, case: Case) -> Decision:
    """The case stands in the queue again, and its agent is mailed."""
    because = _why_not_woken(facts, case)
    if because:
        return only_skipped(case, TimerKind.SNOOZE, because)
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
    return (
        only_skipped(case, TimerKind.RELEASE, because)
        if because
        else releasing.given_to_somebody(facts, case)
    )


def _why_not_woken(facts: Facts, case: Case) -> str:
    if case.status in ENDED:
        return f"the case is {case.status}"
    if case.snoozed_until is None:
        return "the case is not put off any more"
    return "the case was put off further" if case.snoozed_until > facts.now else ""
