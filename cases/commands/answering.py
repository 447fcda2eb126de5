"""`yes` and `no`: what a person says to a request that waits for them."""

from __future__ import annotations

from cases.authority_limits import deciders, other_eyes
from cases.commands.command import Command
from cases.commands.situation import Effect, Grant, Situation
from cases.facts import LetterRequest
from cases.requests import decided, in_words, told_giver
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from store.models import EventKind, Request, RequestKind, RequestState


def yes(situation: Situation, _: str) -> Effect:
    """The commands are carried out as their giver's, decided anew on what is known now."""
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
    rulebook = situation.facts.rulebook
    wanted = _giver(situation, request)
    may = deciders(rulebook, wanted)
    if request.kind is RequestKind.FOUR_EYES:
        may = other_eyes(rulebook, wanted)
    if agent not in may:
        raise Refusal("not-your-role", command="yes", who=", ".join(one.name for one in may))


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
