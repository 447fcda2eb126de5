"""One mail on its way into the database: decided and recorded, whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sqlmodel import Session

from cases.decide import on_mail
from cases.facts import Facts
from cases.saying import Say
from engine import forwarding, gather, whose
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Finisher, Original
from engine.learned import with_learned
from engine.troubles import tell_admins
from engine.understanding import Understood
from engine.watching import look_ahead
from inbox.mailbox import Fetched
from store import ledger, queries
from store.models import ArrivalState, EventKind, Mail, MailKind
from store.values import SOFTWARE, Message, NewEvent, Recording


@dataclass(frozen=True, slots=True)
class Box:
    """The mailbox that mails come from, as the database knows it."""

    mailbox_id: int
    uidvalidity: int
    doubtful_upto: int = 0
    """Up to this UID a mail may have been answered before a backup was put back."""


@dataclass(frozen=True, slots=True)
class Read:
    """A mail that was read, and how many attempts at it were counted."""

    fetched: Fetched
    attempts: int
    understood: Understood


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail: for its mailbox, which is told with those of the others, and for the log."""

    arrived: ledger.Arrived
    kind: str
    case: int | None


def record(desk: Desk, session: Session, box: Box, one: Read, in_force: InForce, *, tries: int) -> Taken:
    """Decide and record, in a savepoint; when another worker changed the mail's case in between, again.

    Whoever calls says what arrived before the transaction ends. Raises Conflict when that happened each time.
    """
    try:
        with ledger.alone(session):
            return _handle(desk, session, box, one, in_force)
    except ledger.Conflict:
        if tries <= 1:
            raise
    return record(desk, session, box, one, in_force, tries=tries - 1)


def _handle(desk: Desk, session: Session, box: Box, one: Read, in_force: InForce) -> Taken:
    """Everything that a mail leads to."""
    message, now = _message(one), desk.clock()
    if not queries.is_new(session, message.fingerprint):
        return _again(session, one.fetched.uid, message, desk)
    read = one.understood
    desk, in_force, facts = whose.gathered(desk, session, message, read, in_force, now)
    raw = one.fetched.raw
    before = one.fetched.uid <= box.doubtful_upto
    facts = replace(
        facts,
        presence=desk.attendance.look(session),
        languages=in_force.languages,
        before_restore=before,
    )
    facts = forwarding.looked_into(desk, session, facts, read.carried, in_force)
    # Where only this process knows the language or the customer's history, it was not asked yet.
    facts = with_learned(facts, message, in_force.learned)
    decision = on_mail(facts, message)
    kind, said = decision.mail_kind, forwarding.as_recorded(facts, decision, message)
    original = _original(session, facts, kind, raw)
    recording = Finisher(desk.settings, in_force.letters, desk.scans).finish(decision, facts, original)
    mail = ledger.record_mail(session, said, recording, raw=raw, kind=kind, now=now)
    look_ahead(session, recording, facts)
    desk.attendance.note(recording)
    copied = facts.said_before is not None and facts.said_before.number == decision.case_number
    if facts.id_used_before and not copied:
        _tell_of_reused_id(desk, session, mail)
    arrived = ledger.Arrived(one.fetched.uid, mail.id, ArrivalState.STORED)
    return Taken(arrived, str(kind), decision.case_number)


def _message(one: Read) -> Message:
    """What the mail says; one of which only the start was fetched says so."""
    message = one.understood.message
    if not one.fetched.cut:
        return message
    cut = f"the mail has {one.fetched.size:,} bytes; only its start was read"
    return replace(message, damage=(*message.damage, cut), size=one.fetched.size)


def _original(session: Session, facts: Facts, kind: MailKind, raw: bytes) -> Original:
    """The customer's own mail: an agent's command is none, and bears a reply address that is the agent's."""
    case = facts.case
    if kind is MailKind.COMMAND:
        return lambda: gather.original(session, case) if case else None
    return lambda: (None, raw)


def _again(session: Session, uid: int, message: Message, desk: Desk) -> Taken:
    """A mail that we have or had already: delivered twice, moved back, or under a new UID (promise 3)."""
    known = queries.mail_by_fingerprint(session, message.fingerprint)
    arrived = ledger.Arrived(uid, known.id if known else None, ArrivalState.DUPLICATE)
    if known:
        event = NewEvent(EventKind.DUPLICATE, "the same mail was delivered again", SOFTWARE)
        recording = Recording(case_number=known.case_number, events=(event,))
        ledger.record(session, recording, now=desk.clock(), mail=known)
    return Taken(arrived, str(ArrivalState.DUPLICATE), known.case_number if known else None)


def _tell_of_reused_id(desk: Desk, session: Session, mail: Mail) -> None:
    """The same Message-ID with other content: a new mail, and one alert a Message-ID (promise 3)."""
    event = NewEvent(EventKind.ALERT, f"its Message-ID {mail.message_id} was used before", SOFTWARE)
    recording = Recording(case_number=mail.case_number, events=(event,))
    ledger.record(session, recording, now=desk.clock(), mail=mail)
    say = Say("reused-message-id", {"number": mail.case_number, "message_id": mail.message_id})
    mark = hashlib.sha256(mail.message_id.encode()).hexdigest()
    tell_admins(desk, session, f"reused/{mark}", say)
