"""A customer is told that something is done: one letter of a batch that was approved (D18, D22)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cases import asks
from cases.about import answered
from cases.audience import why_not
from cases.committed import DONE
from cases.committed import telling_key as key_of_commitment
from cases.decision import Decision, DraftRequest
from cases.facts import Facts, History
from cases.issues import FIXED, Said, in_words, said_in, telling_key
from cases.known import Candidate
from cases.lifecycle import transition
from cases.saying import Say
from cases.skipping import skipped
from store.models import (
    Case,
    Commitment,
    DraftState,
    EventKind,
    IssueState,
    KnownIssue,
    TimerKind,
    TimerState,
)
from store.values import SOFTWARE, CaseChange, Fact, NewEvent, NewRow, RowChange

Done = KnownIssue | Commitment


def words_of(facts: Facts, case: Case, what: Done) -> DraftRequest:
    """What a case's customer is told, in their language as far as that goes."""
    if isinstance(what, KnownIssue):
        template, by = FIXED, what.fixed_by
        more = {"known_issue": note(facts, case, what).text, "fix": fix(facts, case, what).text}
    else:
        template, by = DONE, what.ended_by
        more = {"known_issue": "", "commitment": what.what}
    variables = answered(facts, case, template) | more | {"agent_name": agent_name(facts, case, by)}
    return DraftRequest(0, case.language, case.assignee, f"{asks.ANSWERS}{template}", variables)


def note(facts: Facts, case: Case, issue: KnownIssue) -> Said:
    """What the issue was about, as far as the customer can read it."""
    return said_in(issue.notes, facts.rulebook.letters.chain(case.language))


def fix(facts: Facts, case: Case, issue: KnownIssue) -> Said:
    """What was done about it, likewise."""
    return said_in(issue.fixes, facts.rulebook.letters.chain(case.language))


def agent_name(facts: Facts, case: Case, by: str) -> str:
    """In whose name the letter leaves: whoever has the case, and else who said that it is done."""
    found = facts.rulebook.agent(case.assignee) or facts.rulebook.agent(by)
    return found.name if found else ""


def as_its_own(facts: Facts, one: Candidate) -> Facts:
    """The facts of one case of a batch, as far as its letter says anything of them."""
    case = one.case
    known = tuple(Fact(name, value) for name, values in one.facts.items() for value in values)
    return replace(
        facts,
        message=None,
        case=case,
        history=History(last_words=facts.known.samples.get(case.number, case.told)),
        promises=(),
        compensations=(),
        case_facts=known,
        mail_facts=(),
        removed_facts=(),
    )


def told(facts: Facts, case: Case) -> Decision:
    """The letter of one case of a batch, or why it does not leave any more. By its key it leaves once."""
    one, issue = next(iter(facts.known.candidates), Candidate(case)), facts.known.named
    what: Done | None = issue or one.commitment
    because = _too_late(one, issue)
    if because is not None or what is None:
        return _skipped(facts, case, one, issue, because or Say("left-not-concerned"))
    words = words_of(facts, case, what)
    letter = asks.written(facts, case, facts.cause, words, str(words.variables["agent_name"]))
    asked_again, draft = _asked_since(facts, what), facts.draft
    goes_on = asked_again or _is_in_work(facts)
    values = {
        "status": case.status if goes_on else transition(case.status, EventKind.TOLD_FIXED),
        "first_answered_at": case.first_answered_at or facts.now,
        "holdings": 0,
    }
    if not asked_again:
        values["answered_at"] = facts.now
    return Decision(
        case=CaseChange(case.number, case.status, values),
        case_number=case.number,
        events=(_said(what),),
        reject_draft=not goes_on and draft is not None and draft.state is DraftState.OPEN,
        letters=(letter,),
        changes=(_told_now(facts, case, issue),) if issue else (),
    )


def _said(what: Done) -> NewEvent:
    if isinstance(what, KnownIssue):
        return NewEvent(EventKind.TOLD_FIXED, in_words(what), what.fixed_by or SOFTWARE, {"issue": what.id})
    said = f"commitment {what.id}: {what.what}"
    return NewEvent(EventKind.TOLD_FIXED, said, what.ended_by or SOFTWARE, {"commitment": what.id})


def _asked_since(facts: Facts, what: Done) -> bool:
    """Whether the customer has asked for something since the yes: whoever gave it did not know of that."""
    said_yes = what.fixed_at if isinstance(what, KnownIssue) else what.ended_at
    asked_at = facts.contact.asked_at if facts.contact else None
    return said_yes is not None and asked_at is not None and asked_at > said_yes


def _is_in_work(facts: Facts) -> bool:
    """Whether somebody has written an answer that has not left yet: the case stays with them for it."""
    draft = facts.draft
    return draft is not None and draft.state is DraftState.OPEN and not draft.template


def _told_now(facts: Facts, case: Case, issue: KnownIssue) -> RowChange:
    key = {"issue_id": issue.id, "case_number": case.number}
    return RowChange("concerned", key, {"removed": False}, {"told_fixed_at": facts.now})


def _too_late(one: Candidate, issue: KnownIssue | None) -> Say | None:
    if issue is None and one.commitment is None:
        return Say("left-not-concerned")
    if issue is not None and issue.state is not IssueState.FIXED:
        return Say("left-not-fixed")
    return why_not(one, issue)


def _skipped(facts: Facts, case: Case, one: Candidate, issue: KnownIssue | None, because: Say) -> Decision:
    """What became of it; where the case became part of another, its customer is told there."""
    into = case.merged_into
    row: tuple[NewRow, ...] = ()
    if into is not None and issue is not None:
        row = (telling(telling_key(issue, into), into, facts.now),)
    elif into is not None and one.commitment is not None:
        row = (telling(f"{key_of_commitment(one.commitment)}/{into}", into, facts.now),)
    event = skipped(TimerKind.FIXED, str(because))
    return Decision(case_number=case.number, events=(event,), rows=row)


def telling(key: str, number: int, due: Any) -> NewRow:
    """The timer by which the customer of a case is told."""
    row = {"key": key, "kind": TimerKind.FIXED, "case_number": number, "state": TimerState.WAITING}
    return NewRow("timer", {**row, "due_at": due, "done_at": None})
