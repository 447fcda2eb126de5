"""What waits for somebody's yes: the request, the letters that ask for it, its end when nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases import agent_mail
from cases.decision import Decision, LetterRequest, ReplyTo
from cases.facts import Facts
from cases.priorities import TO_AGENT
from cases.rules.types import Agent
from cases.saying import Say
from cases.skipping import only_skipped
from cases.told_agents import told
from cases.verbs import FOR_WHO_GAVE_IT, YES_OR_NO
from cases.why_held import of_request
from cases.wishes import Commands, in_words, wish_of, wishes
from store.models import (
    Case,
    EventKind,
    LetterKind,
    Request,
    RequestKind,
    RequestState,
    TimerKind,
    TokenPurpose,
    plain,
)
from store.values import SOFTWARE, Address, NewEvent, NewRow, NewTimer, RowChange

SHOWN = (
    "number",
    "customer",
    "customer_name",
    "subject",
    "words",
    "attachments",
    "category",
    "severity",
    "given",
    "promises",
)


@dataclass(frozen=True, slots=True)
class Waits:
    """A request, and all that is recorded and sent for it."""

    key: str
    rows: tuple[NewRow, ...]
    letters: tuple[LetterRequest, ...]
    timers: tuple[NewTimer, ...]


def timer_key(key: str) -> str:
    """The key of the timer that ends the request."""
    return f"{TimerKind.REQUEST}/{key}"


def request_key(timer: str) -> str:
    """The key of the request that the timer ends."""
    return timer.removeprefix(f"{TimerKind.REQUEST}/")


def waits(
    facts: Facts,
    case: Case | None,
    giver: Agent,
    given: Commands,
    kind: RequestKind,
    asked: Sequence[Agent],
    expires_at: datetime,
    *,
    draft_version: int = 0,
    why: Say | None = None,
) -> Waits:
    """Commands that are carried out as their giver's once one of those who are asked says yes."""
    key = f"{kind}/{facts.cause}"
    row = {
        "key": key,
        "kind": kind,
        "case_number": case.number if case else None,
        "agent": giver.address,
        "given": [list(one) for one in given],
        "draft_version": draft_version,
        "state": RequestState.WAITING,
        "made_at": facts.now,
        "expires_at": expires_at,
        "decided_by": "",
        "reason": "",
        "decided_at": None,
    }
    request = plain(Request, row)
    letters = tuple(asks(facts, case, request, giver, one, why=why) for one in asked)
    timer = NewTimer(TimerKind.REQUEST, timer_key(key), expires_at)
    timers = (timer,) if case and kind is not RequestKind.CHALLENGE else ()
    return Waits(key, (NewRow("request", row),), letters, timers)


def decided(
    facts: Facts, request: Request, state: RequestState, by: str, reason: str = ""
) -> tuple[RowChange, ...]:
    """The end of a request. Whoever comes second finds it ended (compare-and-set)."""
    values = {"state": state, "decided_by": by, "reason": reason, "decided_at": facts.now}
    return (RowChange("request", {"key": request.key}, {"state": RequestState.WAITING}, values),)


def told_giver(
    facts: Facts, case: Case | None, giver: Agent, headline: Say, says: tuple[Say, ...] = (), **more: Any
) -> LetterRequest:
    """What became of a request, for who wanted it; the draft stands in it where the case is still theirs."""
    draft = facts.draft
    given = {"version": draft.version if draft else 0, "draft_is_open": False, **more}
    if case is not None and case.assignee not in ("", giver.address):
        given |= {"draft_is_open": False, "can_undo": False, "verbs": FOR_WHO_GAVE_IT, "next_steps": ()}
    letter = agent_mail.transcript(facts, case, giver, says, headline=headline, **given)
    return replace(letter, key=f"{letter.key}/{giver.address}")


def told_others(
    facts: Facts, case: Case | None, request: Request, headline: Say, *, but: str = ""
) -> tuple[LetterRequest, ...]:
    """It is settled: for everybody else who was asked, in the thread of their question."""
    others = (facts.rulebook.agent(one) for one in facts.asked if one not in (but, request.agent))
    return tuple(_settled(facts, case, request, headline, one) for one in others if one)


def expired(facts: Facts, case: Case) -> Decision:
    """Nobody said yes or no in time."""
    request = facts.request
    if request is None or request.state is not RequestState.WAITING:
        return only_skipped(case, TimerKind.REQUEST, "it was decided")
    giver = facts.rulebook.agent(request.agent)
    headline = Say("request-expired-told", {"command": wish_of(facts.rulebook, request, brief=True)})
    said = f"{in_words(request.given)}: nobody answered"
    again = (Say("next-ask-again"),)
    to_giver = (told_giver(facts, case, giver, headline, refused=True, next_steps=again),) if giver else ()
    return Decision(
        case_number=case.number,
        events=(NewEvent(EventKind.REQUEST_EXPIRED, said, SOFTWARE),),
        letters=(*to_giver, *told_others(facts, case, request, headline)),
        changes=decided(facts, request, RequestState.EXPIRED, SOFTWARE),
    )


def asks(
    facts: Facts,
    case: Case | None,
    request: Request,
    giver: Agent,
    agent: Agent,
    *,
    why: Say | None = None,
    again: Say | None = None,
) -> LetterRequest:
    """The letter that asks one agent for a yes or no; `again` says why it comes once more."""
    is_challenge = request.kind is RequestKind.CHALLENGE
    reason = why or of_request(facts, giver, request)
    variables = {
        **_about(facts, case),
        "wants": wishes(facts.rulebook, giver, request.given, request.draft_version),
        "why": reason or "",
        "again": again or "",
        "giver": giver.name,
        "giver_address": giver.address,
        "kind": request.kind.value,
        "until": request.expires_at,
        "agent_name": agent.name,
    }
    return LetterRequest(
        kind=LetterKind.REQUEST,
        key=_again_key(facts, request, agent) if again else asking_key(request.key, agent.address),
        template="agent_request",
        language=agent_mail.language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables=variables,
        priority=TO_AGENT,
        thread=_thread(facts, agent) if case else (),
        reply_to=ReplyTo(TokenPurpose.REQUEST, agent.address, verbs=YES_OR_NO, request_key=request.key),
        offers=YES_OR_NO,
        answer=agent_mail.preview(facts, case, giver) if case and _shows_answer(facts, request) else None,
        attach_original=case is not None and not is_challenge,
    )


def asking_key(request: str, agent: str) -> str:
    """The key of the letter that first asks an agent about the request of that key."""
    return f"{LetterKind.REQUEST}/{request}/{agent}"


def _again_key(facts: Facts, request: Request, agent: Agent) -> str:
    return f"{LetterKind.REQUEST}-again/{facts.cause}/{request.id}/{agent.address}"


def _shows_answer(facts: Facts, request: Request) -> bool:
    """An answer is shown as the giver would send it, while it is the one that the request is about."""
    is_known = request.id is not None
    newest = facts.draft.version if facts.draft else 0
    return request.kind is RequestKind.FOUR_EYES and (not is_known or request.draft_version == newest)


def _thread(facts: Facts, agent: Agent) -> tuple[str, ...]:
    """The mails about the case, then the agent's own question, then what they answered."""
    message, question = facts.message, facts.asked.get(agent.address, "")
    answered = message.message_id if message and message.sender.key == agent.address else ""
    return (*facts.history.agent_thread, *(one for one in (question, answered) if one))


def _settled(facts: Facts, case: Case | None, request: Request, headline: Say, agent: Agent) -> LetterRequest:
    """A short letter to who was asked and need not answer any more."""
    giver = facts.rulebook.agent(request.agent)
    return LetterRequest(
        kind=LetterKind.REQUEST,
        key=f"{LetterKind.REQUEST}-settled/{facts.cause}/{agent.address}",
        template="agent_settled",
        language=agent_mail.language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={
            "number": case.number if case else None,
            "customer": (case.customer_name or case.customer) if case else "",
            "headline": headline,
            "giver": giver.name if giver else request.agent,
            "agent_name": agent.name,
        },
        priority=TO_AGENT,
        thread=_thread(facts, agent),
    )


def _about(facts: Facts, case: Case | None) -> dict[str, Any]:
    """What of the case the letter shows."""
    if case is None:
        return {"number": None}
    return {name: value for name, value in told(facts, case).items() if name in SHOWN}
