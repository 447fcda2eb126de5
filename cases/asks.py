"""The letters that decisions ask for: each one's key, recipient, template and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cases.facts import DraftRequest, Facts, LetterRequest, Listing, ReplyTo
from cases.ruletypes import UNSURE, Agent, Role
from cases.saying import Say
from cases.verbs import ALL, FOR_A_CASE, FOR_AN_OPEN_DRAFT, FOR_THE_DESK
from language.problem import Problem
from store.models import Case, CaseKind, LetterKind, TokenPurpose
from store.values import Address, Message

ACK_FIRST, TO_CUSTOMER, TO_AGENT, ALERT = 0, 10, 20, 30
"""Priorities; the lowest leaves first (promise 9)."""

ACKS = {CaseKind.PRAISE: "ack_praise", CaseKind.QUESTION: "ack_question"}


def admins(facts: Facts) -> tuple[Agent, ...]:
    """The agents who look after the rule files."""
    return facts.rulebook.with_role(Role.ADMIN)


def language_of(agent: Agent) -> str:
    """The language that mails to the agent are written in."""
    return agent.languages[0] if agent.languages else "en"


def with_words(facts: Facts, message: Message) -> Facts:
    """The facts with this mail as the customer's last one."""
    history = replace(
        facts.history,
        last_words=message.reply_text or message.text,
        attachments=attachments_of(message),
        damage=message.damage,
        unparsed=message.unparsed,
    )
    return replace(facts, history=history)


def attachments_of(message: Message) -> tuple[str, ...]:
    """A mail's attachments as agents are told of them."""
    return tuple(f"{one.filename} ({one.size:,} bytes)" for one in message.attachments)


def acknowledgement(
    facts: Facts, case: Case, thread: tuple[str, ...], wait: timedelta = timedelta(0)
) -> LetterRequest:
    """The one acknowledgement of a case (D6)."""
    return LetterRequest(
        kind=LetterKind.ACK,
        key=f"{LetterKind.ACK}/{case.number}",
        template=ACKS.get(case.kind, "ack_complaint"),
        language=case.language,
        recipient=Address(case.customer, case.customer_name),
        variables=_about(facts, case),
        priority=ACK_FIRST,
        thread=thread,
        case_token=case.reply_token,
        wait=wait,
    )


def answer(facts: Facts, case: Case, version: int, body: str, agent: Agent) -> LetterRequest:
    """An approved draft, on its way to the customer."""
    letter = _to_customer(facts, case, LetterKind.ANSWER, f"{case.number}/{version}", "answer")
    variables = {**letter.variables, "body": body, "agent_name": agent.name}
    return replace(letter, variables=variables, automatic=False, case_token=case.reply_token)


def check_in(facts: Facts, case: Case, count: int, *, reminder: bool) -> LetterRequest:
    """The question whether the customer is satisfied, or its one reminder (D21)."""
    template = "check_in_reminder" if reminder else "check_in"
    letter = _to_customer(facts, case, LetterKind.CHECK_IN, f"{case.number}/{facts.cause}", template)
    return replace(letter, reply_to=ReplyTo(TokenPurpose.CHECK_IN, check_in=count))


def draft_for(facts: Facts, case: Case, template: str, version: int) -> DraftRequest:
    """A draft from a template, in the customer's language."""
    return DraftRequest(version, case.language, case.assignee, f"answer/{template}", _about(facts, case))


def draft_to_agent(facts: Facts, case: Case, agent: Agent, *, headline: str, version: int) -> LetterRequest:
    """The draft, with everything that an agent needs to decide about it (D5, D15)."""
    key = f"draft/{case.number}/{version}/{facts.cause}/{agent.address}"
    variables = _for_agent(facts, case) | {"headline": headline}
    letter = _to_agent(facts, agent, LetterKind.DRAFT, key, "agent_draft", variables)
    reply_to = _to_draft(agent, version)
    return replace(letter, priority=TO_AGENT, reply_to=reply_to, offers=FOR_A_CASE, attach_original=True)


def transcript(
    facts: Facts,
    case: Case | None,
    agent: Agent,
    says: tuple[Say, ...],
    *,
    version: int,
    draft_is_open: bool,
    next_steps: tuple[Say, ...] = (),
    refused: bool = False,
    lists: tuple[Listing, ...] = (),
) -> LetterRequest:
    """What became of an agent's commands, with a fresh reply address (promise 17)."""
    variables = {
        "number": case.number if case else None,
        "refused": refused,
        "lines": says,
        "next": next_steps,
        "lists": lists,
        "draft_is_open": draft_is_open,
    }
    letter = _to_agent(
        facts, agent, LetterKind.TRANSCRIPT, f"transcript/{facts.cause}", "transcript", variables
    )
    offers = FOR_A_CASE if case else FOR_THE_DESK
    return replace(
        letter,
        priority=TO_AGENT,
        thread=(*facts.history.agent_thread, *_answered(facts)),
        reply_to=_to_draft(agent, version) if case else _to_desk(agent),
        offers=tuple(verb for verb in offers if draft_is_open or verb not in FOR_AN_OPEN_DRAFT),
    )


def refused(facts: Facts, case: Case | None, agent: Agent, why: Say) -> LetterRequest:
    """An alert to the agent in whose name somebody tried a command; nothing goes to the sender."""
    message = facts.message
    variables = {
        "number": case.number if case else None,
        "reason": why,
        "sender": str(message.sender) if message else "",
        "words": message.reply_text if message else "",
        "when": facts.now,
    }
    return _to_agent(facts, agent, LetterKind.ALERT, f"refused/{facts.cause}", "agent_refused", variables)


def undelivered(
    facts: Facts, case: Case, agent: Agent, *, recipient: str, letter: str, reason: str, bounced: bool
) -> LetterRequest:
    """Tells the agent that the customer was not reached (promise 7)."""
    key = f"undelivered/{case.number}/{facts.cause}/{agent.address}"
    variables = {
        "number": case.number,
        "recipient": recipient,
        "letter": letter,
        "reason": reason,
        "bounced": bounced,
        "when": facts.now,
    }
    told = _to_agent(facts, agent, LetterKind.ALERT, key, "agent_undelivered", variables)
    return replace(told, reply_to=_to_draft(agent, facts.draft.version if facts.draft else 0))


def admin_alert(
    facts: Facts,
    agent: Agent,
    headline: Say,
    *,
    lines: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> LetterRequest:
    """Tells an admin that something is wrong and where."""
    return LetterRequest(
        kind=LetterKind.ALERT,
        key=f"alert/{facts.cause}/{agent.address}",
        template="admin_alert",
        language=language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={"headline": headline, "lines": lines, "problems": problems, "when": facts.now},
        priority=ALERT,
    )


def _to_customer(facts: Facts, case: Case, kind: LetterKind, key: str, template: str) -> LetterRequest:
    return LetterRequest(
        kind=kind,
        key=f"{kind}/{key}",
        template=template,
        language=case.language,
        recipient=Address(case.customer, case.customer_name),
        variables=_about(facts, case),
        priority=TO_CUSTOMER,
        thread=facts.history.customer_thread,
    )


def _to_agent(
    facts: Facts, agent: Agent, kind: LetterKind, key: str, template: str, variables: Mapping[str, Any]
) -> LetterRequest:
    return LetterRequest(
        kind=kind,
        key=key,
        template=template,
        language=language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={**variables, "agent_name": agent.name},
        priority=ALERT,
        thread=facts.history.agent_thread,
    )


def expiry(facts: Facts) -> datetime:
    """Until when a draft's reply address is good."""
    return facts.now + timedelta(days=facts.policy.token_days)


def _to_draft(agent: Agent, version: int) -> ReplyTo:
    return ReplyTo(TokenPurpose.DRAFT, agent.address, version, (ALL,))


def _to_desk(agent: Agent) -> ReplyTo:
    return ReplyTo(TokenPurpose.DESK, agent.address, verbs=(ALL,))


def _answered(facts: Facts) -> tuple[str, ...]:
    return (facts.message.message_id,) if facts.message and facts.message.message_id else ()


def _about(facts: Facts, case: Case) -> dict[str, Any]:
    """The values that every letter to a customer may use."""
    agent = facts.rulebook.agent(case.assignee)
    return {
        "name": case.customer_name,
        "number": case.number,
        "subject": case.subject,
        "agent_name": agent.name if agent else "",
        "contact": facts.policy.complaints_address,
        "deadline": _still_to_come(case.deadline_at, facts),
        "words": facts.history.last_words,
    }


def _still_to_come(deadline: datetime | None, facts: Facts) -> datetime | None:
    """A deadline that a customer can be told; one that has passed is no promise."""
    return deadline if deadline is not None and deadline > facts.now else None


def _for_agent(facts: Facts, case: Case) -> dict[str, Any]:
    known = {other.number for other in facts.history.others}
    return {
        "number": case.number,
        "customer": case.customer,
        "customer_name": case.customer_name,
        "subject": case.subject,
        "words": facts.history.last_words,
        "attachments": facts.history.attachments,
        "kind": case.kind.value,
        "category": case.category,
        "severity": case.severity.value,
        "language": case.language,
        "confidence": case.confidence,
        "unsure": case.category == UNSURE,
        "hits": case.why,
        "deadline": case.deadline_at,
        "score": case.score,
        "earlier": tuple(
            {
                "number": other.number,
                "subject": other.subject,
                "status": other.status.value,
                "same": other.number in case.mentions,
            }
            for other in facts.history.others
        ),
        "mentions": tuple(number for number in case.mentions if number not in known),
        "damage": facts.history.damage,
        "unparsed": facts.history.unparsed,
        "not_acknowledged": case.not_acknowledged_because,
    }
