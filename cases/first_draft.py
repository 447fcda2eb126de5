"""The first draft of a new case and the mail to its agent, made right after the acknowledgement (D5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases import agent_mail, asks, issues
from cases.assigning import escalated_by_rule, heir
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.rules.types import Agent
from cases.told_agents import remarks
from store.models import ENDED, Case, EventKind, Mail, TimerKind
from store.values import SOFTWARE, CaseChange, Message, NewEvent

ATTACHMENTS, QUOTES_ONLY, FLOOD = "attachments", "quotes_only", "flood"
NOTE, NOTED_BY = "note", "noted_by"
"""What the event that a mail came says of it, for the first draft."""


def draft_key(number: int) -> str:
    """The key of the timer that a case's first draft is due by."""
    return f"{TimerKind.DRAFT}/{number}"


def beside_its_words(message: Message) -> dict[str, Any]:
    """What the agent is told of a mail and the stored mail does not say; kept with the event that it came."""
    about: dict[str, Any] = {}
    if message.attachments:
        about[ATTACHMENTS] = list(asks.attachments_of(message))
    if message.text and not message.reply_text:
        about[QUOTES_ONLY] = True
    return about


def why_none(facts: Facts, case: Case) -> str:
    """Why no first draft is wanted any more; "" when it is."""
    if case.status in ENDED:
        return f"the case is {case.status}"
    return "the case has a draft already" if facts.draft else ""


def drafted(facts: Facts, case: Case) -> Decision:
    """The first draft, from the category's template, and the mail that asks the agent about it.

    In a flood of the sender there is the draft alone. Whoever is no agent any more has an heir.
    """
    choice = heir(case, facts)
    assignee, change = choice.address, None
    events: tuple[NewEvent, ...] = (NewEvent(EventKind.DRAFTED, "version 1", SOFTWARE),)
    if assignee != case.assignee:
        change = CaseChange(case.number, case.status, {"assignee": assignee})
        events = (NewEvent(EventKind.ASSIGNED, str(choice), SOFTWARE), *events)
        case = case.model_copy(update={"assignee": assignee})
    agent = None if facts.opened_in_flood else facts.rulebook.agent(assignee)
    noticed = issues.noticed(facts, case)
    return Decision(
        case=change,
        case_number=case.number,
        events=(*noticed.events, *events),
        draft=asks.draft_for(facts, case, asks.letter_of(facts, case), 1),
        letters=(_to_agent(facts, case, agent),) if agent else (),
        timers=noticed.timers,
        rows=noticed.rows,
    )


def _to_agent(facts: Facts, case: Case, agent: Agent) -> LetterRequest:
    trail = remarks(facts, facts.trail)
    headline = "escalated" if escalated_by_rule(case) else "new"
    return agent_mail.draft_to_agent(facts, case, agent, headline=headline, version=1, trail=trail)


def enclosed(mails: Sequence[Mail]) -> Mail | None:
    """Of what the customer wrote before the first draft, the mail that goes with it: the first one, unless
    only a later one holds more than its words."""
    more = (one for one in mails if one.attachments or one.damage or one.unparsed)
    return next(more, mails[0] if mails else None)
