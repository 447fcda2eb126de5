"""`yes` and `no`: what a person says to a request that waits for them."""

from __future__ import annotations

from dataclasses import replace

from cases.authority_limits import deciders, other_eyes
from cases.commands.command import Command
from cases.commands.situation import Effect, Grant, Situation
from cases.facts import LetterRequest, ReplyTo
from cases.requests import decided, in_words, told_giver, waits
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from cases.verbs import YES_OR_NO
from store.models import EventKind, Request, RequestKind, RequestState, TokenPurpose


def yes(situation: Situation, _: str) -> Effect:
    """The commands are carried out as their giver's, decided anew on what is known now."""
    if unseen := _unseen(situation):
        return asked_again(situation, unseen)
    request = _waiting(situation)
    giver = _giver(situation, request)
    if request.draft_version and request.draft_version != situation.version:
        return ended(situation, request, giver, Say("request-draft-changed"))
    command = in_words(request.given)
    return Effect(
        events=((EventKind.GRANTED, f"{command}, for {request.agent}"),),
        says=Say("granted", {"command": command, "giver": giver.name}),
        data={"request": request.key},
        changes=decided(situation.facts, request, RequestState.GRANTED, situation.agent.address),
        grant=Grant(request, giver, situation.agent.address),
    )


def no(situation: Situation, reason: str) -> Effect:
    """Nothing is done, and who wanted it is told why."""
    if unseen := _unseen(situation):
        return asked_again(situation, unseen)
    request = _waiting(situation)
    giver, facts = _giver(situation, request), situation.facts
    command, who = in_words(request.given), situation.agent.name
    told = Say("denied-told", {"command": command, "who": who, "reason": reason})
    return Effect(
        events=((EventKind.DENIED, f"{command}, for {request.agent}: {reason}"),),
        says=Say("denied", {"command": command, "giver": giver.name}),
        data={"request": request.key},
        letters=_to_giver(situation, giver, (told,)),
        changes=decided(facts, request, RequestState.DENIED, situation.agent.address, reason),
    )


def ended(situation: Situation, request: Request, giver: Agent, why: Say) -> Effect:
    """A yes that comes too late: what was wanted can't be done any more, and both are told why."""
    command, who = in_words(request.given), situation.agent.name
    told = Say("ended-told", {"command": command, "who": who})
    return Effect(
        events=((EventKind.REQUEST_EXPIRED, f"{command}, for {request.agent}: {why}"),),
        says=why,
        data={"request": request.key},
        letters=_to_giver(situation, giver, (told, why)),
        changes=decided(situation.facts, request, RequestState.EXPIRED, situation.agent.address, str(why)),
        next_step=Say("next-ended", {"giver": giver.name}),
    )


def _unseen(situation: Situation) -> tuple[Request, ...]:
    """What waits for this agent's yes, where their mail does not answer the one that asks: they may have
    written it before the wish that waits now was made."""
    facts = situation.facts
    if facts.request is not None or facts.message is None:
        return ()
    known = (one for one in facts.waiting if facts.rulebook.agent(one.agent))
    return tuple(one for one in known if situation.agent in _may_decide(situation, one))


def asked_again(situation: Situation, unseen: tuple[Request, ...]) -> Effect:
    """Nothing is decided; all that waits for the agent is asked once more, each in a mail of its own."""
    wanted = "; ".join(in_words(one.given) for one in unseen)
    return Effect(
        events=((EventKind.LOOKED, f"at what waits for a yes: {wanted}"),),
        says=Say("asked-again", {"command": wanted}),
        letters=tuple(_asks(situation, one, at) for at, one in enumerate(unseen)),
    )


def _asks(situation: Situation, request: Request, at: int) -> LetterRequest:
    """The letter that asks, with a reply address for the request that waits already."""
    facts = replace(situation.facts, cause=f"{situation.facts.cause}/{at}")
    given, agent = [(name, argument) for name, argument in request.given], situation.agent
    (letter,) = waits(
        facts,
        situation.case_or_none,
        _giver(situation, request),
        given,
        request.kind,
        (agent,),
        request.expires_at,
    ).letters
    answers = ReplyTo(TokenPurpose.REQUEST, agent.address, verbs=YES_OR_NO, request_key=request.key)
    return replace(letter, reply_to=answers)


def _to_giver(situation: Situation, giver: Agent, says: tuple[Say, ...]) -> tuple[LetterRequest, ...]:
    """Nothing was done, and the giver is told; not twice where they answered themselves."""
    if giver.address == situation.agent.address:
        return ()
    facts, case = situation.facts, situation.case_or_none
    return (told_giver(facts, case, giver, says, refused=True, draft_is_open=situation.draft_open),)


def _waiting(situation: Situation) -> Request:
    """The request that is answered; raises Refusal where it can't be, any more or by this agent."""
    request = situation.facts.request
    if request is None:
        for one in situation.facts.waiting:
            _refuse_others(situation, one)
        raise Refusal("no-request")
    if request.state is RequestState.GRANTED or request.state is RequestState.DENIED:
        who = situation.facts.rulebook.agent(request.decided_by)
        name = who.name if who else request.decided_by
        raise Refusal("request-decided", who=name, state=str(request.state), at=request.decided_at)
    if request.state is RequestState.EXPIRED or request.expires_at <= situation.facts.now:
        raise Refusal("request-expired", command=in_words(request.given))
    _refuse_others(situation, request)
    return request


def _refuse_others(situation: Situation, request: Request) -> None:
    """The giver of a challenge alone confirms it; what waits for a second person the giver never grants."""
    agent, giver = situation.agent, request.agent
    if request.kind is RequestKind.CHALLENGE:
        if agent.address != giver:
            raise Refusal("not-your-role", command="yes", who=giver)
        return
    if agent.address == giver:
        raise Refusal("own-request", command=in_words(request.given))
    may = _may_decide(situation, request)
    if agent not in may:
        raise Refusal("not-your-role", command="yes", who=", ".join(one.name for one in may))


def _may_decide(situation: Situation, request: Request) -> tuple[Agent, ...]:
    """Who may say yes to what waits for a second person."""
    rulebook, wanted = situation.facts.rulebook, _giver(situation, request)
    return (other_eyes if request.kind is RequestKind.FOUR_EYES else deciders)(rulebook, wanted)


def _giver(situation: Situation, request: Request) -> Agent:
    giver = situation.facts.rulebook.agent(request.agent)
    if giver is None:
        raise Refusal("giver-gone", who=request.agent)
    return giver


COMMANDS: tuple[Command, ...] = (
    Command("yes", "yes", "Let it be done.", "nothing", yes, scope="request", not_with=("no",)),
    Command(
        "no", "no REASON", "Let it not be done; your reason is told.", "text", no, scope="request", flows=True
    ),
)
