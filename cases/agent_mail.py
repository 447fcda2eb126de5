"""The letters to agents that decisions ask for: each one's key, recipient, template and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cases import issues
from cases.about import about
from cases.decision import LetterRequest, Preview, ReplyTo
from cases.facts import Facts, Listing
from cases.priorities import ALERT, TO_AGENT
from cases.rules.types import Agent, Role
from cases.saying import Say
from cases.told_agents import choices, told
from cases.verbs import (
    ALL,
    FOR_A_CASE,
    FOR_A_CUSTOMER_WITH_AN_ADDRESS,
    FOR_A_LEAVING_ANSWER,
    FOR_AN_ENDED_CASE,
    FOR_AN_OPEN_DRAFT,
    FOR_THE_DESK,
)
from cases.watching.waits import next_word
from language.problem import Problem
from store.models import ENDED, Case, CommitmentState, LetterKind, TokenPurpose
from store.values import Address, Alarm, Message

ONLY_LOOKED = ("looked", "helped")
"""What the transcript says of commands whose list says enough."""


def admins(facts: Facts) -> tuple[Agent, ...]:
    """The agents who look after the rule files."""
    return facts.rulebook.with_role(Role.ADMIN)


def language_of(agent: Agent) -> str:
    """The language that mails to the agent are written in."""
    return agent.languages[0] if agent.languages else "en"


def draft_to_agent(
    facts: Facts,
    case: Case,
    agent: Agent,
    *,
    headline: str,
    version: int,
    draft_is_open: bool | None = None,
    trail: tuple[Mapping[str, Any], ...] = (),
) -> LetterRequest:
    """The draft, with everything that an agent needs to decide about it (D5, D15).

    Whether it is open is left out by who has just made one. `trail` is what was noted so far.
    """
    is_open = version > 0 if draft_is_open is None else draft_is_open
    key = f"draft/{case.number}/{version}/{facts.cause}/{agent.address}"
    wanted = ("decide" if is_open else "write") if case.customer else ""
    variables = told(facts, case) | {"headline": headline, "wanted": wanted, "trail": trail}
    variables |= {"issues": issues.told(facts, case), "commitments": _open_commitments(facts)}
    variables["next_word"] = next_word(facts, case)
    letter = _to_agent(facts, agent, LetterKind.DRAFT, key, "agent_draft", variables)
    return replace(
        letter,
        priority=TO_AGENT,
        reply_to=_to_draft(agent, version),
        offers=tuple(verb for verb in FOR_A_CASE if _can_be_done(facts, verb, case, is_open)),
        choices=choices(facts, case),
        answer=preview(facts, case, agent) if is_open and case.customer else None,
        attach_original=True,
    )


def _open_commitments(facts: Facts) -> tuple[dict[str, Any], ...]:
    """What the case's customer was told that the firm will change."""
    still = (one for one in facts.known.commitments if one.state is CommitmentState.OPEN)
    return tuple({"number": one.id, "what": one.what} for one in still)


def _can_be_done(facts: Facts, verb: str, case: Case | None, draft_is_open: bool) -> bool:
    """Whether a mail can offer it, as far as the draft, the customer's address and their other cases go."""
    if verb in FOR_AN_OPEN_DRAFT and not draft_is_open:
        return False
    if case is None:
        return True
    if verb == "merge":
        return any(one.status not in ENDED for one in facts.history.others)
    return bool(case.customer) or verb not in FOR_A_CUSTOMER_WITH_AN_ADDRESS


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
    outgoing: tuple[Say, ...] = (),
    can_undo: bool = False,
    verbs: tuple[str, ...] = (ALL,),
    ended: bool = False,
    ready: str = "",
    letter: str = "",
    headline: Say | None = None,
) -> LetterRequest:
    """What became of an agent's commands, with a fresh reply address (promise 17) that allows `verbs`.

    A headline says it in the Subject, instead of “Done” or “Not done”. A list says by itself what it is:
    where nothing was done but looking, the first one is the headline.
    """
    draft_is_open = draft_is_open and case is not None and bool(case.customer)
    if lists:
        says = tuple(one for one in says if one.code not in ONLY_LOOKED)
        headline = headline or (None if says else lists[0].title)
    variables = {
        "number": case.number if case else None,
        "customer": (case.customer_name or case.customer) if case else "",
        "severity": case.severity.value if case else "",
        "wanted": _wanted(case, agent, next_steps) if draft_is_open and not headline else "",
        "refused": refused,
        "headline": headline or "",
        "lines": says,
        "next": next_steps,
        "lists": lists,
        "outgoing": outgoing,
        "draft_is_open": draft_is_open,
    }
    told = _to_agent(
        facts, agent, LetterKind.TRANSCRIPT, f"transcript/{facts.cause}", "transcript", variables
    )
    of_case = FOR_AN_ENDED_CASE if ended else FOR_A_CASE
    offers = (*(FOR_A_LEAVING_ANSWER if can_undo else ()), *(of_case if case else FOR_THE_DESK))
    return replace(
        told,
        priority=TO_AGENT,
        thread=(*facts.history.agent_thread, *_answered(facts)),
        reply_to=_to_draft(agent, version, verbs) if case else to_desk(agent),
        offers=tuple(
            verb
            for verb in (offers if ALL in verbs else verbs)
            if _can_be_done(facts, verb, case, draft_is_open)
        ),
        ready=ready,
        letter=letter,
        answer=preview(facts, case, agent) if case and draft_is_open else None,
    )


def _wanted(case: Case | None, agent: Agent, next_steps: tuple[Say, ...]) -> str:
    """What the agent is to do next with an open draft, if that is to decide about it."""
    is_theirs = case is not None and bool(case.customer) and case.assignee in ("", agent.address)
    something_else = bool(next_steps) and all(step.code != "next-approve" for step in next_steps)
    return "decide" if is_theirs and not something_else else ""


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
        "customer": case.customer_name or case.customer,
        "severity": case.severity.value,
        "recipient": recipient,
        "letter": letter,
        "reason": reason,
        "bounced": bounced,
        "when": facts.now,
    }
    told = _to_agent(facts, agent, LetterKind.ALERT, key, "agent_undelivered", variables)
    return replace(told, reply_to=_to_draft(agent, facts.draft.version if facts.draft else 0))


def alarm(facts: Facts, case: Case, message: Message, agent: Agent, alarms: Sequence[Alarm]) -> LetterRequest:
    """Tells whoever answers for the firm's name of a mail that threatens it (D4)."""
    variables = {
        "number": case.number,
        "customer": case.customer,
        "customer_name": case.customer_name,
        "severity": case.severity.value,
        "category": case.category,
        "subject": message.subject,
        "words": message.reply_text or message.text,
        "new": facts.case is None,
        "assignee": case.assignee,
        "hits": tuple({"rule": one.rule, "words": one.words} for one in alarms),
    }
    key = f"alarm/{case.number}/{facts.cause}/{agent.address}"
    told = _to_agent(facts, agent, LetterKind.ALERT, key, "agent_alert", variables)
    # The draft that this mail leads to comes right after it: an address for a draft would be stale by then.
    return replace(told, reply_to=to_desk(agent))


def admin_alert(
    facts: Facts,
    agent: Agent,
    headline: Say,
    *,
    lines: tuple[str | Say, ...] = (),
    problems: tuple[Problem, ...] = (),
    when: datetime | None = None,
) -> LetterRequest:
    """Tells an admin that something is wrong and where."""
    return LetterRequest(
        kind=LetterKind.ALERT,
        key=f"alert/{facts.cause}/{agent.address}",
        template="admin_alert",
        language=language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={"headline": headline, "lines": lines, "problems": problems, "when": when or facts.now},
        priority=ALERT,
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


def files_to_agent(facts: Facts, case: Case, agent: Agent) -> LetterRequest:
    """A customer's files, which had to be scanned before they could go along with a letter.

    It has no reply address of its own: that of the mail before it stays the good one.
    """
    variables = {
        "number": case.number,
        "customer": case.customer,
        "customer_name": case.customer_name,
        "severity": case.severity.value,
        "subject": case.subject,
    }
    letter = _to_agent(facts, agent, LetterKind.FILES, facts.cause, "agent_files", variables)
    return replace(letter, priority=TO_AGENT, attach_original=True)


def expiry(facts: Facts) -> datetime:
    """Until when a draft's reply address is good."""
    return facts.now + timedelta(days=facts.policy.token_days)


def _to_draft(agent: Agent, version: int, verbs: tuple[str, ...] = (ALL,)) -> ReplyTo:
    return ReplyTo(TokenPurpose.DRAFT, agent.address, version, verbs)


def to_desk(agent: Agent) -> ReplyTo:
    """An address for commands that need no case."""
    return ReplyTo(TokenPurpose.DESK, agent.address, verbs=(ALL,))


def _answered(facts: Facts) -> tuple[str, ...]:
    return (facts.message.message_id,) if facts.message and facts.message.message_id else ()


def preview(facts: Facts, case: Case, agent: Agent) -> Preview:
    """The answer as this agent would send it."""
    variables = {**about(facts, case), "agent_name": agent.name}
    return Preview(case.language, Address(case.customer, case.customer_name), variables, case.fault.value)
