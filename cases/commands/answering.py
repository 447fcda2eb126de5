"""`yes` and `no`: what a person says to a request that waits for them."""

from __future__ import annotations

from dataclasses import replace

from cases import batching
from cases.agent_mail import admin_alert, admins
from cases.authority_limits import deciders, other_eyes
from cases.commands.command import Command
from cases.commands.situation import Effect, Grant, Situation
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.requests import asks, decided, told_giver, told_others
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.wishes import in_words, wish_of
from store.models import Case, EventKind, Request, RequestKind, RequestState


def yes(situation: Situation, _: str) -> Effect:
    """The commands are carried out as their giver's, decided anew on what is known now."""
    if unseen := _unseen(situation):
        return asked_again(situation, unseen)
    request, facts = _waiting(situation), situation.facts
    giver = _giver(facts, request)
    if request.draft_version and request.draft_version != situation.version:
        return ended(situation, request, giver, Say("request-draft-changed"))
    if _says_other_words(facts, request):
        return ended(situation, request, giver, Say("request-issue-changed"))
    return Effect(
        events=((EventKind.GRANTED, f"{in_words(request.given)}, for {request.agent}"),),
        says=_granted(facts, request, giver, _by(situation)),
        data={"request": request.key},
        letters=told_others(
            facts,
            situation.case_or_none,
            request,
            _they_said(Say("granted-told"), situation, request),
            but=_by(situation),
        ),
        changes=decided(facts, request, RequestState.GRANTED, _by(situation)),
        grant=Grant(request, giver, _by(situation)),
        headline=_headline(Say("said-yes"), facts, request, _by(situation)),
    )


def _says_other_words(facts: Facts, request: Request) -> bool:
    """Whether a batch would tell of an issue otherwise than in the letters that were shown (D7)."""
    issue = facts.known.named
    if request.kind is not RequestKind.BATCH or issue is None or issue.changed_at is None:
        return False
    return issue.changed_at > request.made_at


def no(situation: Situation, reason: str) -> Effect:
    """Nothing is done, and who wanted it is told why; of commands in an agent's name the admins are told."""
    if unseen := _unseen(situation):
        return asked_again(situation, unseen)
    request, facts = _waiting(situation), situation.facts
    giver = _giver(facts, request)
    if request.kind is RequestKind.CHALLENGE:
        return _not_theirs(situation, request, reason)
    headline = _they_said(Say("denied-told"), situation, request)
    says = (Say("denied-why", {"reason": reason}),)
    again = (Say("next-answer-denied") if request.draft_version else Say("next-denied"),)
    others = told_others(facts, situation.case_or_none, request, headline, but=_by(situation))
    return Effect(
        events=((EventKind.DENIED, _logged(request, reason)),),
        says=_denied(situation, giver, reason),
        data={"request": request.key},
        letters=(*_to_giver(situation, giver, headline, says, again), *others),
        changes=decided(facts, request, RequestState.DENIED, _by(situation), reason),
        headline=_headline(Say("said-no"), facts, request, _by(situation)),
    )


def ended(situation: Situation, request: Request, giver: Agent, why: Say) -> Effect:
    """A yes that comes too late: what was wanted can't be done any more, and all are told why."""
    facts, command = situation.facts, in_words(request.given)
    headline = _they_said(Say("ended-told"), situation, request)
    again = (Say("next-ask-again"),)
    others = told_others(facts, situation.case_or_none, request, headline, but=_by(situation))
    is_own = giver.address == _by(situation)
    return Effect(
        events=((EventKind.REQUEST_EXPIRED, f"{command}, for {request.agent}: {why}"),),
        says=why,
        data={"request": request.key},
        letters=(*_to_giver(situation, giver, headline, (why,), again), *others),
        changes=decided(facts, request, RequestState.EXPIRED, _by(situation), str(why)),
        next_step=None if is_own else Say("next-ended", {"giver": giver.name}),
        # Also of what they wanted themselves: “Done” would say that it was.
        headline=_briefly(Say("said-yes-late"), facts, request),
    )


def asked_once_more(facts: Facts, agent: Agent, why: Say) -> LetterRequest | None:
    """The request again, with what was wrong with the answer to it; None where it waits no more for them."""
    request = facts.request
    giver = facts.rulebook.agent(request.agent) if request else None
    if request is None or giver is None or not _still_waits(facts, request):
        return None
    may = (giver,) if request.kind is RequestKind.CHALLENGE else _may_decide(facts, request)
    return _asks(facts, facts.case, request, giver, agent, why) if agent in may else None


def _asks(
    facts: Facts, case: Case | None, request: Request, giver: Agent, agent: Agent, again: Say
) -> LetterRequest:
    """The question once more. A batch is shown as it would leave by now."""
    batch = batching.of_request(facts, request) if request.kind is RequestKind.BATCH else None
    if batch is not None:
        return batching.letter(facts, request, giver, agent, batch, again)
    return asks(facts, case, request, giver, agent, again=again)


def asked_again(situation: Situation, unseen: tuple[Request, ...]) -> Effect:
    """Nothing is decided; all that waits for the agent is asked once more, each in a mail of its own."""
    facts, agent = situation.facts, situation.agent
    wanted = "; ".join(in_words(one.given) for one in unseen)
    each = tuple(wish_of(facts.rulebook, one) for one in unseen)
    why = Say("asked-again-one")
    return Effect(
        events=((EventKind.LOOKED, f"at what waits for a yes: {wanted}"),),
        says=Say("asked-again", {"command": each[0] if len(each) == 1 else Say("wishes", {"all": each})}),
        letters=tuple(
            _asks(facts, situation.case_or_none, one, _giver(facts, one), agent, why) for one in unseen
        ),
    )


def _unseen(situation: Situation) -> tuple[Request, ...]:
    """What waits for this agent's yes, where their mail does not answer the one that asks: they may have
    written it before the wish that waits now was made."""
    facts = situation.facts
    if facts.request is not None or facts.message is None:
        return ()
    known = (one for one in facts.waiting if facts.rulebook.agent(one.agent))
    return tuple(one for one in known if situation.agent in _may_decide(facts, one))


def _denied(situation: Situation, giver: Agent, reason: str) -> Say:
    if giver.address == _by(situation):
        return Say("batch-dropped")
    return Say("denied", {"giver": giver.name, "reason": reason})


def _granted(facts: Facts, request: Request, giver: Agent, by: str) -> Say:
    if request.kind is RequestKind.BATCH and giver.address == by:
        return Say("batch-confirmed")
    if request.kind is RequestKind.CHALLENGE:
        return Say("challenge-confirmed", {"command": wish_of(facts.rulebook, request)})
    return Say("granted", {"giver": giver.name})


def _not_theirs(situation: Situation, request: Request, reason: str) -> Effect:
    """Somebody else gave commands in the agent's name."""
    facts, agent = situation.facts, situation.agent
    told = tuple(one for one in admins(facts) if one.address != agent.address)
    alert = Say("challenge-denied-alert", {"agent": agent.name})
    more = (
        Say("challenge-denied-by", {"agent": agent.name, "reason": reason}),
        Say("challenge-wanted", {"at": request.made_at, "command": wish_of(facts.rulebook, request)}),
    )
    return Effect(
        events=((EventKind.DENIED, _logged(request, reason)),),
        says=Say("challenge-denied", {"told": bool(told)}),
        data={"request": request.key},
        letters=tuple(admin_alert(facts, one, alert, lines=more) for one in told),
        changes=decided(facts, request, RequestState.DENIED, agent.address, reason),
        headline=Say("said-not-mine"),
    )


def _headline(said: Say, facts: Facts, request: Request, by: str) -> Say | None:
    """What stands in the Subject of the agent's own transcript; none where they answered for themselves."""
    own = request.kind in (RequestKind.CHALLENGE, RequestKind.BATCH) and by == request.agent
    return None if own else _briefly(said, facts, request)


def _briefly(said: Say, facts: Facts, request: Request) -> Say:
    return replace(said, values={"command": wish_of(facts.rulebook, request, brief=True)})


def _they_said(said: Say, situation: Situation, request: Request) -> Say:
    """The same for everybody else."""
    command = wish_of(situation.facts.rulebook, request, brief=True)
    return replace(said, values={"who": situation.agent.name, "command": command})


def _logged(request: Request, reason: str) -> str:
    return f"{in_words(request.given)}, for {request.agent}{': ' if reason else ''}{reason}"


def _by(situation: Situation) -> str:
    return situation.agent.address


def _to_giver(
    situation: Situation, giver: Agent, headline: Say, says: tuple[Say, ...], next_steps: tuple[Say, ...]
) -> tuple[LetterRequest, ...]:
    """Nothing was done, and the giver is told; not twice where they answered themselves."""
    if giver.address == situation.agent.address:
        return ()
    facts, case = situation.facts, situation.case_or_none
    letter = told_giver(
        facts,
        case,
        giver,
        headline,
        says,
        refused=True,
        next_steps=next_steps,
        draft_is_open=situation.draft_open,
    )
    return (letter,)


def _waiting(situation: Situation) -> Request:
    """The request that is answered; raises Refusal where it can't be, any more or by this agent."""
    facts = situation.facts
    request = facts.request
    if request is None:
        for one in facts.waiting:
            _refuse_others(situation, one)
        raise Refusal("no-request")
    if request.state is RequestState.GRANTED or request.state is RequestState.DENIED:
        who = facts.rulebook.agent(request.decided_by)
        name = who.name if who else request.decided_by
        raise Refusal("request-decided", who=name, state=str(request.state), at=request.decided_at)
    if not _still_waits(facts, request):
        raise Refusal("request-expired", command=wish_of(facts.rulebook, request))
    _refuse_others(situation, request)
    return request


def _still_waits(facts: Facts, request: Request) -> bool:
    return request.state is RequestState.WAITING and request.expires_at > facts.now


def _refuse_others(situation: Situation, request: Request) -> None:
    """The giver of a challenge alone confirms it; what waits for a second person the giver never grants."""
    agent, facts = situation.agent, situation.facts
    if request.kind is RequestKind.CHALLENGE:
        if agent.address != request.agent:
            raise Refusal("not-your-role", command="yes", who=request.agent)
        return
    if agent.address == request.agent and request.kind is not RequestKind.BATCH:
        raise Refusal("own-request", command=wish_of(facts.rulebook, request))
    may = _may_decide(facts, request)
    if agent not in may:
        raise Refusal("not-your-role", command="yes", who=tuple(one.name for one in may))


def _may_decide(facts: Facts, request: Request) -> tuple[Agent, ...]:
    """Who may say yes to what waits for a second person."""
    wanted = _giver(facts, request)
    if request.kind is RequestKind.BATCH:
        return batching.who_decides(facts, wanted)
    return (other_eyes if request.kind is RequestKind.FOUR_EYES else deciders)(facts.rulebook, wanted)


def _giver(facts: Facts, request: Request) -> Agent:
    giver = facts.rulebook.agent(request.agent)
    if giver is None:
        raise Refusal("giver-gone", who=request.agent)
    return giver


COMMANDS: tuple[Command, ...] = (
    Command("yes", "yes", "Let it be done.", "nothing", yes, scope="request", not_with=("no",)),
    Command(
        "no",
        "no [REASON]",
        "Let it not be done; your reason, if you give one, is told.",
        "maybe",
        no,
        scope="request",
        flows=True,
    ),
)
