"""A command mail, whole: authority first, then every command or none (promise 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cases import agent_mail
from cases.commands.answering import asked_once_more
from cases.commands.authority import (
    is_authenticated,
    is_proved_without_token,
    is_the_same_draft,
    is_unspent,
    is_vouched_for,
    who_wrote,
    why_not,
)
from cases.commands.challenging import challenged
from cases.commands.grammar import Given
from cases.commands.meaning import as_meant, in_full
from cases.commands.obey import carry_out, obeyed
from cases.commands.reading import of_a_case, read_mail
from cases.commands.situation import is_open
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.outgoing import can_be_undone, goes_out
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.verbs import ALL, FOR_WHO_GAVE_IT
from store.models import ENDED, EventKind, MailKind, Token, TokenPurpose
from store.values import Message, NewEvent

SENT_BACK, SLIP = "sent-back", "slip"
"""What the keys of answers begin with, to a spent reply address and to any other; the first are counted."""


def on_command_mail(facts: Facts, message: Message) -> Decision:
    """What an agent's command mail leads to."""
    if facts.before_restore:
        return _before_restore(facts, message)
    if facts.token is None:
        return _without_token(facts, message)
    refusal = why_not(facts, message)
    of_no_case = facts.case is None and facts.token.purpose is TokenPurpose.DRAFT
    if facts.agent is None or of_no_case:
        return _not_obeyed(facts, message, refusal or Say("no-case"))
    if refusal and not is_authenticated(facts, message):
        return _not_obeyed(facts, message, refusal)
    if refusal:
        return _old(facts, message, facts.agent, refusal)
    return _tried(facts, message, facts.agent)


def _before_restore(facts: Facts, message: Message) -> Decision:
    """What may have been obeyed before: it is not obeyed again, and who surely wrote it is told so."""
    why, agent = Say("before-restore"), facts.agent
    proved = is_authenticated(facts, message) or (
        facts.token is None and who_wrote(facts, message) is None and is_vouched_for(facts, message)
    )
    if agent is None or not proved:
        return _not_obeyed(facts, message, why)
    return _sent_back(facts, agent, why)


def _old(facts: Facts, message: Message, agent: Agent, why: Say) -> Decision:
    """A reply to an address that is no good any more: where the draft is still the one that its writer saw,
    the answer has it again, and the commands ready to be sent once more.

    An agent has one good address a case, so that what leaks of an older mail is worth nothing.
    """
    if not is_the_same_draft(facts):
        return _sent_back(facts, agent, why)
    try:
        ready = in_full(read_mail(message, facts.rulebook, facts.token))
    except Refusal:
        ready = ""
    return _sent_back(facts, agent, why, ready=ready, next_steps=(Say("next-same-draft"),))


def _without_token(facts: Facts, message: Message) -> Decision:
    """Our border's word is enough for a new mail; else the registered address is asked."""
    refusal = who_wrote(facts, message)
    if refusal or facts.agent is None:
        return _not_obeyed(facts, message, refusal or Say("no-token"))
    if is_proved_without_token(facts, message):
        return _tried(facts, message, facts.agent)
    try:
        return challenged(facts, message, facts.agent, _read(facts, message))
    except Refusal as why:
        return _not_obeyed(facts, message, why.say)


def _tried(facts: Facts, message: Message, agent: Agent) -> Decision:
    """The commands, every one or none."""
    given: tuple[Given, ...] = ()
    try:
        given = read_mail(message, facts.rulebook, facts.token)
        _refuse_beyond(given, facts)
        situation = carry_out(facts, facts.case, agent, given)
    except Refusal as why:
        return _sent_back(facts, agent, why.say, ready=as_meant(why.say, given))
    return obeyed(situation, use_token=facts.token.id if facts.token else None)


def _read(facts: Facts, message: Message) -> tuple[Given, ...]:
    """The commands, as far as the mail's own address allows them; raises Refusal."""
    given = read_mail(message, facts.rulebook, facts.token)
    _refuse_beyond(given, facts)
    return given


def _refuse_beyond(given: Sequence[Given], facts: Facts) -> None:
    """Refuses what the mail's own address does not allow, or says too little for."""
    token, number = facts.token, given[0].number
    if token and token.purpose in (TokenPurpose.DRAFT, TokenPurpose.REQUEST):
        _refuse_forbidden(given, token)
        if number is not None and (facts.case is None or number != facts.case.number):
            raise Refusal("another-case", number=number)
        return
    if number is not None and facts.case is None:
        raise Refusal("unknown-case", number=number)
    if number is None and facts.case is not None and of_a_case(given):
        raise Refusal("case-in-subject", command=of_a_case(given), number=facts.case.number)
    _refuse_unseen(given, facts)


def _refuse_forbidden(given: Sequence[Given], token: Token) -> None:
    forbidden = next((one.name for one in given if not {ALL, one.name} & set(token.verbs)), None)
    if forbidden:
        raise Refusal("not-allowed", command=forbidden)


def _refuse_unseen(given: Sequence[Given], facts: Facts) -> None:
    """A reply to a draft says which version its agent saw; another mail does not, whoever vouches for it."""
    if any(one.name == "approve" for one in given):
        raise Refusal("approve-unseen") if facts.case else Refusal("which-case", command="approve")


def _sent_back(
    facts: Facts, agent: Agent, why: Say, *, ready: str = "", next_steps: tuple[Say, ...] = ()
) -> Decision:
    """An agent's slip: nothing is done, and the answer says why, with a fresh reply address.

    An unspent address is used up by this, and a new mail is proved to be none that came before: both are
    always answered. A spent address is answered only a few times an hour, since old mails of the agent could
    be sent again by anybody (promise 17).
    """
    case, token = facts.case, facts.token
    spent = token is not None and not is_unspent(token)
    told = not spent or facts.counts.sent_back_last_hour < facts.policy.alerts_per_hour
    steps = next_steps or ((Say("next-ready"),) if ready else _without_address(facts))
    slip = asked_once_more(facts, agent, why) or _slip(facts, agent, why, ready, steps)
    slip = replace(slip, key=f"{SENT_BACK if spent else SLIP}/{facts.cause}")
    return Decision(
        mail_kind=MailKind.COMMAND,
        case_number=case.number if case else None,
        events=(NewEvent(EventKind.REFUSED, str(why), agent.address),),
        letters=(slip,) if told else (),
        use_token=token.id if token and not spent else None,
    )


def _slip(facts: Facts, agent: Agent, why: Say, ready: str, next_steps: tuple[Say, ...]) -> LetterRequest:
    case, theirs = facts.case, not _answers_anothers_wish(facts, agent)
    return agent_mail.transcript(
        facts,
        case,
        agent,
        (why,),
        version=facts.draft.version if facts.draft else 0,
        draft_is_open=theirs and is_open(facts.draft) and not (case and case.status in ENDED),
        refused=True,
        outgoing=goes_out(facts) if theirs else (),
        can_undo=theirs and case is not None and can_be_undone(facts, case.status),
        verbs=(ALL,) if theirs else FOR_WHO_GAVE_IT,
        ended=case is not None and case.status in ENDED,
        next_steps=next_steps,
        ready=ready,
    )


def _without_address(facts: Facts) -> tuple[Say, ...]:
    """What to do about a case whose customer can't be mailed."""
    case = facts.case
    lacks = case is not None and not case.customer and case.status not in ENDED
    return (Say("next-no-address"),) if lacks else ()


def _answers_anothers_wish(facts: Facts, agent: Agent) -> bool:
    """Whether the mail says yes or no about a case that is not the agent's: nothing of it is theirs to do."""
    asked = facts.token is not None and facts.token.purpose is TokenPurpose.REQUEST
    return asked and facts.case is not None and facts.case.assignee != agent.address


def _not_obeyed(facts: Facts, message: Message, why: Say) -> Decision:
    """Somebody without authority: an event, and an alert to the agent in whose name it was tried."""
    return Decision(
        mail_kind=MailKind.COMMAND,
        case_number=facts.case.number if facts.case and facts.token else None,
        events=(NewEvent(EventKind.REFUSED, str(why), message.sender.key or "nobody"),),
        letters=_alert(facts, why),
    )


def _alert(facts: Facts, why: Say) -> tuple[LetterRequest, ...]:
    bound = facts.rulebook.agent(facts.token.agent) if facts.token else facts.agent
    if bound is None or facts.counts.alerts_last_hour >= facts.policy.alerts_per_hour:
        return ()
    return (agent_mail.refused(facts, facts.case, bound, why),)
