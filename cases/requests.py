"""What waits for somebody's yes: the request, the letters that ask for it, its end when nobody answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases import agent_mail
from cases.facts import Decision, Facts, LetterRequest, ReplyTo
from cases.priorities import TO_AGENT
from cases.ruletypes import Agent
from cases.saying import Say
from cases.told_agents import told
from cases.verbs import YES_OR_NO
from store.models import (
    Case,
    EventKind,
    LetterKind,
    Request,
    RequestKind,
    RequestState,
    TimerKind,
    TokenPurpose,
)
from store.values import SOFTWARE, Address, NewEvent, NewRow, NewTimer, RowChange

Commands = Sequence[tuple[str, str]]
"""Commands as they were given: name and argument of each."""

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


def in_words(given: Iterable[Sequence[str]]) -> str:
    """Commands as they can be shown in a line."""
    return "; ".join(" ".join(part for part in one if part) for one in given)


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
    asks = _asks(facts, case, giver, kind, key)
    about = _about(facts, case) | {"wants": tuple(in_words([one]) for one in given), "why": why or ""}
    about |= {"giver": giver.name, "giver_address": giver.address, "kind": kind.value, "until": expires_at}
    letters = tuple(_to(one, asks, about, key) for one in asked)
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
    facts: Facts, case: Case | None, giver: Agent, says: tuple[Say, ...], **more: Any
) -> LetterRequest:
    """What became of a request, for who wanted it."""
    draft = facts.draft
    given = {"version": draft.version if draft else 0, "draft_is_open": False, **more}
    letter = agent_mail.transcript(facts, case, giver, says, **given)
    return replace(letter, key=f"{letter.key}/{giver.address}")


def expired(facts: Facts, case: Case) -> Decision:
    """Nobody said yes or no in time."""
    request = facts.request
    if request is None or request.state is not RequestState.WAITING:
        event = NewEvent(EventKind.TIMER_SKIPPED, f"{TimerKind.REQUEST}: it was decided", SOFTWARE)
        return Decision(case_number=case.number, events=(event,))
    giver = facts.rulebook.agent(request.agent)
    command = in_words(request.given)
    says = (Say("request-expired-told", {"command": command}),)
    return Decision(
        case_number=case.number,
        events=(NewEvent(EventKind.REQUEST_EXPIRED, f"{command}: nobody answered", SOFTWARE),),
        letters=(told_giver(facts, case, giver, says, refused=True),) if giver else (),
        changes=decided(facts, request, RequestState.EXPIRED, SOFTWARE),
    )


def _asks(facts: Facts, case: Case | None, giver: Agent, kind: RequestKind, key: str) -> LetterRequest:
    """The letter that asks, before it is addressed; an answer is shown as the giver would send it."""
    shown = agent_mail.preview(facts, case, giver) if case and kind is RequestKind.FOUR_EYES else None
    return LetterRequest(
        kind=LetterKind.REQUEST,
        key=f"{LetterKind.REQUEST}/{key}",
        template="agent_request",
        language=agent_mail.language_of(giver),
        recipient=Address(giver.address, giver.name),
        variables={},
        priority=TO_AGENT,
        thread=facts.history.agent_thread if case else (),
        offers=YES_OR_NO,
        answer=shown,
    )


def _to(agent: Agent, asks: LetterRequest, about: Mapping[str, Any], key: str) -> LetterRequest:
    return replace(
        asks,
        key=f"{asks.key}/{agent.address}",
        language=agent_mail.language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={**about, "agent_name": agent.name},
        reply_to=ReplyTo(TokenPurpose.REQUEST, agent.address, verbs=YES_OR_NO, request_key=key),
    )


def _about(facts: Facts, case: Case | None) -> dict[str, Any]:
    """What of the case the letter shows."""
    if case is None:
        return {"number": None}
    return {name: value for name, value in told(facts, case).items() if name in SHOWN}
