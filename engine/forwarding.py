"""An agent's mail that carries a customer's: what is known for the customer's mail, and what is stored."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from cases.decision import Decision
from cases.facts import Facts, Forwarded
from cases.forwarding import is_forward
from cases.people import is_ours
from engine import gather
from engine.desk import Desk
from engine.files import InForce
from inbox.forwarded import ForwardedMail
from store.models import MailKind
from store.values import Message


def looked_into(
    desk: Desk, session: Session, facts: Facts, found: ForwardedMail | None, in_force: InForce
) -> Facts:
    """The facts with the mail that an agent's one carries; any other mail costs nothing here."""
    message = facts.message
    if found is None or message is None or facts.agent is None or facts.token:
        return facts
    mail = _without_us(found.message, facts)
    known = _with_an_id(mail, message)
    rules = in_force.rulebook
    theirs = gather.for_mail(session, known, rules, desk.policy, facts.now, None, in_force.answers)
    theirs = replace(theirs, message=mail, presence=facts.presence, before_restore=facts.before_restore)
    return replace(facts, forwarded=Forwarded(mail, theirs, found.note, found.more))


def as_recorded(facts: Facts, decision: Decision, message: Message) -> Message:
    """The mail to be stored: the customer's, where it became part of a case."""
    if decision.mail_kind is not MailKind.CUSTOMER or not is_forward(facts) or facts.forwarded is None:
        return message
    return _with_an_id(facts.forwarded.message, message) if decision.case_number is not None else message


def _with_an_id(mail: Message, outer: Message) -> Message:
    """The carried mail under the Message-ID of the one that it came in, where its own is not told.

    The same mail of the agent, sent again, is known by it.
    """
    return replace(mail, message_id=mail.message_id or outer.message_id)


def _without_us(mail: Message, facts: Facts) -> Message:
    """The carried mail without our own addresses: what it was sent to gives it no right here (promise 13)."""
    senders = mail.senders[:1]
    if any(is_ours(one, facts) for one in senders):
        senders = ()
    return replace(
        mail,
        senders=senders,
        reply_to=(),
        to=tuple(one for one in mail.to if not is_ours(one, facts)),
        cc=tuple(one for one in mail.cc if not is_ours(one, facts)),
    )
