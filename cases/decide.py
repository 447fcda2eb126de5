"""From facts to a decision on a mail. Pure; nothing happens here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cases import unreached
from cases.check_in_answers import check_in_answered
from cases.commands.by_mail import on_command_mail
from cases.decision import Decision
from cases.facts import Facts
from cases.following import customer_wrote, said_again
from cases.forwarding import is_forward, on_forward
from cases.intake import what_is_it
from cases.opening import opened
from cases.spam import joined_silently, spam_of
from store.models import FROM_CUSTOMERS, EventKind, MailKind
from store.values import Fact, Message, NewEvent

Handler = Callable[[Facts, Message], Decision]


def on_mail(facts: Facts, message: Message) -> Decision:
    """What a mail leads to. None is lost: what opens no case leaves an event that says why."""
    facts = facts if facts.message is message else replace(facts, message=message)
    kind, because = what_is_it(facts, message)
    handlers: dict[MailKind, Handler] = {
        MailKind.COMMAND: on_command_mail,
        MailKind.CHECK_IN_ANSWER: check_in_answered,
        MailKind.BOUNCE: _bounced,
        MailKind.CUSTOMER: _customer,
    }
    handler = handlers.get(kind)
    decision = handler(facts, message) if handler else _set_aside(facts, message, f"{kind}: {because}")
    return replace(decision, mail_kind=kind, found=_found(facts, kind, decision))


def _found(facts: Facts, kind: MailKind, decision: Decision) -> tuple[Fact, ...]:
    """What a customer's mail tells, for the case that it is of."""
    if kind not in FROM_CUSTOMERS or decision.case_number is None:
        return ()
    carried = facts.forwarded if is_forward(facts) else None
    return carried.facts.mail_facts if carried else facts.mail_facts


def _customer(facts: Facts, message: Message) -> Decision:
    if is_forward(facts):
        return on_forward(facts, message)
    before = facts.said_before
    if before and (facts.case is None or facts.case.number == before.number):
        return said_again(facts, message, before)
    if facts.case is None and (spam := spam_of(facts)):
        return joined_silently(message, spam)
    return customer_wrote(facts, message) if facts.case else opened(facts, message)


def _set_aside(facts: Facts, message: Message, because: str) -> Decision:
    """Automatic mail: kept on its case if it has one, answered never (promise 11)."""
    kind = EventKind.AUTO_REPLY if facts.case else EventKind.IGNORED
    event = NewEvent(kind, because, message.sender.key or "nobody", {"subject": message.subject})
    return Decision(case_number=facts.case.number if facts.case else None, events=(event,))


def _bounced(facts: Facts, message: Message) -> Decision:
    """A letter came back: its case says so, and its agent is told when it was for the customer."""
    if facts.late:
        return _delayed(facts, message)
    if not facts.bounced:
        return _set_aside(facts, message, f"bounce: {message.kind_because}, of no letter of ours")
    actor = message.sender.key or "nobody"
    return Decision(
        case_number=facts.case.number if facts.case else None,
        events=tuple(
            NewEvent(EventKind.BOUNCED, f"{recipient} did not get “{subject}”", actor)
            for _, recipient, subject in facts.bounced
        ),
        letters=unreached.told(facts, facts.case, facts.bounced, reason=message.subject, bounced=True)
        if facts.case
        else (),
        undelivered=tuple(letter for letter, _, _ in facts.bounced),
    )


def _delayed(facts: Facts, message: Message) -> Decision:
    """A letter is late: its case says so, and nobody is alarmed before it comes back."""
    return Decision(
        case_number=facts.case.number if facts.case else None,
        events=tuple(
            NewEvent(
                EventKind.DELAYED,
                f"“{subject}” has not reached {recipient} yet",
                message.sender.key or "nobody",
            )
            for _, recipient, subject in facts.late
        ),
    )
