"""An agent forwards a customer's mail: a case of that customer, never one of the agent (D3)."""

from __future__ import annotations

from dataclasses import replace

from cases import why_unanswered
from cases.agent_mail import transcript
from cases.commands.authority import is_proved_without_token, who_wrote
from cases.decision import Decision, LetterRequest
from cases.facts import Facts, Forwarded, Remark
from cases.first_draft import NOTE, NOTED_BY
from cases.following import customer_wrote, said_again
from cases.opening import opened
from cases.people import floods
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from cases.saying import Say
from cases.told_agents import remarks
from store.models import EventKind, LetterKind, MailKind
from store.values import Message, NewEvent

CAME = (EventKind.OPENED, EventKind.CUSTOMER_WROTE)
"""The events of a mail that came."""
UNPROVED = "it was forwarded in an agent's name, and our mail server did not vouch for the agent"


def is_forward(facts: Facts) -> bool:
    """Whether an agent's mail is to be taken as the mail that it carries."""
    return facts.forwarded is not None and facts.agent is not None and facts.token is None


def on_forward(facts: Facts, message: Message) -> Decision:
    """The customer's mail is taken as if they had sent it to us, and the agent is told what became of it.

    Whoever only claims to be an agent can open a case in this way as by any mail; nobody is mailed for it.
    """
    forwarded, agent = facts.forwarded, facts.agent
    if forwarded is None or agent is None:
        raise ValueError("this mail carries none of a customer's")
    proved = _is_proved(facts, message)
    mail = forwarded.message
    told = proved and not floods(facts)
    if not mail.sender.key or facts.rulebook.agent(mail.sender.key):
        if told:
            return _unclear(facts, agent)
        mail = replace(mail, senders=(), reply_to=())
    if not proved:
        mail = replace(mail, no_auto_reply=(*mail.no_auto_reply, UNPROVED))
    decision = _with_note(_as_theirs(forwarded.facts, mail), facts, forwarded, agent)
    letters = decision.letters
    if told:
        letters += (_told_of(facts, agent, decision, forwarded),)
    return replace(
        decision,
        mail_kind=MailKind.CUSTOMER,
        letters=letters,
        events=(*decision.events, *_notes(forwarded, agent)),
    )


def _with_note(decision: Decision, facts: Facts, forwarded: Forwarded, agent: Agent) -> Decision:
    """The decision with what the agent wrote above the mail, for whoever gets the case."""
    if not forwarded.note:
        return decision
    about = {NOTE: forwarded.note, NOTED_BY: agent.address}
    trail = remarks(facts, (Remark(facts.now, agent.address, forwarded.note),))
    return replace(
        decision,
        events=tuple(
            replace(one, data={**one.data, **about}) if one.kind in CAME else one for one in decision.events
        ),
        letters=tuple(
            replace(one, variables={**one.variables, "trail": trail}) if "trail" in one.variables else one
            for one in decision.letters
        ),
    )


def _is_proved(facts: Facts, message: Message) -> bool:
    return who_wrote(facts, message) is None and is_proved_without_token(facts, message)


def _as_theirs(facts: Facts, mail: Message) -> Decision:
    """As cases/decide.py decides about a mail of the customer's own."""
    facts = replace(facts, message=mail)
    before = facts.said_before
    if before and (facts.case is None or facts.case.number == before.number):
        return said_again(facts, mail, before)
    return customer_wrote(facts, mail) if facts.case else opened(facts, mail)


def _notes(forwarded: Forwarded, agent: Agent) -> tuple[NewEvent, ...]:
    """Who forwarded it, and what they wrote above it, for colleagues."""
    text = f"forwarded: {forwarded.note}" if forwarded.note else "forwarded"
    return (NewEvent(EventKind.NOTED, text, agent.address),)


def _what(decision: Decision, forwarded: Forwarded, rulebook: Rulebook) -> tuple[Say, ...]:
    """What became of the forwarded mail."""
    number, customer = decision.case_number, str(forwarded.message.sender)
    change = decision.case
    if any(event.kind is EventKind.DUPLICATE for event in decision.events):
        said = Say("forwarded-known", {"number": number, "customer": customer})
    elif change is not None and change.expected is None:
        because = change.values.get("not_acknowledged_because", "")
        acked = any(letter.kind is LetterKind.ACK for letter in decision.letters)
        said = Say(
            "forwarded-opened",
            {
                "number": number,
                "customer": customer,
                "acknowledged": acked,
                "because": why_unanswered.said(because, rulebook),
            },
        )
    else:
        said = Say("forwarded-joined", {"number": number, "customer": customer})
    more = (Say("forwarded-more", {"count": forwarded.more}),) if forwarded.more else ()
    return (said, *more)


def _unclear(facts: Facts, agent: Agent) -> Decision:
    """Nobody can tell whose mail it is: nothing is done, and the agent hears how to open the case by hand.

    An agent who can't be told gets a case without a customer instead: no mail is lost.
    """
    event = NewEvent(EventKind.REFUSED, "a forwarded mail that does not say who wrote it", agent.address)
    letter = _told(facts, agent, (Say("forwarded-unclear"),), refused=True)
    return Decision(mail_kind=MailKind.CUSTOMER, events=(event,), letters=(letter,))


def _told_of(facts: Facts, agent: Agent, decision: Decision, forwarded: Forwarded) -> LetterRequest:
    """The answer to the agent, under the number of the case."""
    case, change = forwarded.facts.case, decision.case
    severity = change.values.get("severity") if change else None
    severity = severity or (case.severity if case and case.number == decision.case_number else None)
    sender = forwarded.message.sender
    letter = _told(facts, agent, _what(decision, forwarded, facts.rulebook))
    about = {
        "number": decision.case_number,
        "customer": (sender.name or sender.address) if severity else "",
        "severity": str(severity or ""),
    }
    return replace(letter, variables={**letter.variables, **about})


def _told(facts: Facts, agent: Agent, says: tuple[Say, ...], *, refused: bool = False) -> LetterRequest:
    return transcript(facts, None, agent, says, version=0, draft_is_open=False, refused=refused)
