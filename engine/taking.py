"""Taking mail in: count the attempt, parse, decide, record, and only then file it (promises 1 to 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from sqlmodel import Session

from cases.decide import on_mail
from cases.facts import Facts
from cases.own_lists import as_its_writers
from cases.saying import Say
from engine import gather
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Finisher, Original
from engine.troubles import tell_admins
from inbox.mailbox import Fetched
from inbox.parse import parse, salvage
from store import ledger, queries
from store.database import StoreDown
from store.models import ArrivalState, EventKind, Mail, MailKind
from store.values import SOFTWARE, Message, NewEvent, Recording

log = structlog.get_logger()

TRIES = 2
"""A mail that was begun this often without an end is not parsed again."""
AGAIN = 3
GIVE_UP = 5
"""A mail that can't even be recorded unparsed is set aside after so many attempts."""


@dataclass(frozen=True, slots=True)
class Box:
    """The mailbox that mails come from, as the database knows it."""

    mailbox_id: int
    uidvalidity: int


@dataclass(frozen=True, slots=True)
class _Read:
    fetched: Fetched
    message: Message


def take_in(desk: Desk, box: Box, batch: Sequence[Fetched]) -> list[int]:
    """Bring a batch of mails into the database; the UIDs that may be filed now.

    One mail's failure is its own: it stays in the mailbox and is tried again (promise 4).
    """
    now = desk.clock()
    with desk.database.write() as session:
        attempts = ledger.take(session, box.mailbox_id, box.uidvalidity, [one.uid for one in batch], now)
    in_force = desk.files.current
    read = [_read(desk, one, attempts[one.uid], in_force) for one in batch if one.uid in attempts]
    done: list[int] = []
    with desk.database.write() as session:
        for one in read:
            if _guarded(desk, session, box, one, in_force, attempts[one.fetched.uid]):
                done.append(one.fetched.uid)
    desk.letters_wait.set()
    return done


def _read(desk: Desk, fetched: Fetched, attempts: int, in_force: InForce) -> _Read:
    rulebook = in_force.rulebook
    if attempts > TRIES:
        reason = f"the worker stopped {attempts - 1} times while reading it"
        message = salvage(fetched.raw, reason, desk.limits, rulebook.words, rulebook.signs)
        return _Read(fetched, message)
    message = parse(fetched.raw, rulebook.words, desk.limits, rulebook.signs)
    message = as_its_writers(message, desk.settings.COMPLAINTS_ADDRESS, rulebook.signs)
    if fetched.cut:
        cut = f"the mail has {fetched.size:,} bytes; only its start was read"
        message = replace(message, damage=(*message.damage, cut), size=fetched.size)
    return _Read(fetched, message)


def _guarded(desk: Desk, session: Session, box: Box, one: _Read, in_force: InForce, attempts: int) -> bool:
    uid = one.fetched.uid
    try:
        _with_fresh_facts(desk, session, box, one, in_force)
    except StoreDown:
        raise  # no mail is to blame, and what the others of the batch wrote may be gone
    except Exception as trouble:
        log.exception("a mail could not be recorded; it stays in the mailbox", uid=uid, attempts=attempts)
        if attempts >= GIVE_UP:
            ledger.arrived(
                session, box.mailbox_id, box.uidvalidity, uid, mail_id=None, state=ArrivalState.SET_ASIDE
            )
            key = f"set-aside/{box.mailbox_id}/{box.uidvalidity}/{uid}"
            tell_admins(desk, session, key, Say("set-aside", {"uid": uid}), lines=(repr(trouble),))
        return False
    return True


def _with_fresh_facts(desk: Desk, session: Session, box: Box, one: _Read, in_force: InForce) -> None:
    """Handle a mail; when another worker changed its case in between, decide again."""
    for left in reversed(range(AGAIN)):
        try:
            with ledger.alone(session):
                _handle(desk, session, box, one, in_force)
            return
        except ledger.Conflict:
            if not left:
                raise


def _handle(desk: Desk, session: Session, box: Box, one: _Read, in_force: InForce) -> None:
    """One mail, in one savepoint: everything that it leads to, or nothing."""
    message, now = one.message, desk.clock()
    known = queries.mail_by_fingerprint(session, message.fingerprint)
    if known or queries.is_erased(session, message.fingerprint):
        _again(session, box, one.fetched.uid, known, desk)
        return
    facts = gather.for_mail(session, message, in_force.rulebook, desk.policy, now)
    decision = on_mail(facts, message)
    mail = ledger.store_mail(session, message, raw=one.fetched.raw, kind=decision.mail_kind, now=now)
    original = _original(session, facts, decision.mail_kind, one.fetched.raw)
    recording = Finisher(desk.settings, in_force.letters).finish(decision, facts, original)
    ledger.record(session, recording, now=now, mail=mail)
    copied = facts.said_before is not None and facts.said_before.number == decision.case_number
    if message.message_id and not copied and len(queries.mail_by_message_id(session, message.message_id)) > 1:
        _tell_of_reused_id(desk, session, mail)
    ledger.arrived(
        session, box.mailbox_id, box.uidvalidity, one.fetched.uid, mail_id=mail.id, state=ArrivalState.STORED
    )
    log.info("mail taken in", kind=str(decision.mail_kind), case=decision.case_number, uid=one.fetched.uid)


def _original(session: Session, facts: Facts, kind: MailKind, raw: bytes) -> Original:
    """The customer's own mail: an agent's command is none, and bears a reply address that is the agent's."""
    case = facts.case
    if kind is MailKind.COMMAND:
        return lambda: gather.original(session, case) if case else None
    return lambda: raw


def _again(session: Session, box: Box, uid: int, known: Mail | None, desk: Desk) -> None:
    """A mail that we have already: delivered twice, moved back, or under a new UID (promise 3)."""
    mail_id = known.id if known else None
    ledger.arrived(
        session, box.mailbox_id, box.uidvalidity, uid, mail_id=mail_id, state=ArrivalState.DUPLICATE
    )
    if known:
        event = NewEvent(EventKind.DUPLICATE, "the same mail was delivered again", SOFTWARE)
        recording = Recording(case_number=known.case_number, events=(event,))
        ledger.record(session, recording, now=desk.clock(), mail=known)


def _tell_of_reused_id(desk: Desk, session: Session, mail: Mail) -> None:
    """The same Message-ID with other content: a new mail, and one alert a Message-ID (promise 3)."""
    event = NewEvent(EventKind.ALERT, f"its Message-ID {mail.message_id} was used before", SOFTWARE)
    recording = Recording(case_number=mail.case_number, events=(event,))
    ledger.record(session, recording, now=desk.clock(), mail=mail)
    say = Say("reused-message-id", {"number": mail.case_number, "message_id": mail.message_id})
    mark = hashlib.sha256(mail.message_id.encode()).hexdigest()
    tell_admins(desk, session, f"reused/{mark}", say)
