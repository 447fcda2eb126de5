"""Taking mail in: count the attempt, read, decide and record; filing comes after (promises 1 to 4)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog
from sqlmodel import Session

from cases.decide import on_mail
from cases.facts import Facts
from cases.saying import Say
from engine import gather
from engine.apart import ReaderLost, ReaderProcess
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Finisher, Original
from engine.troubles import set_aside, tell_admins
from engine.understanding import Understood, understand
from inbox.mailbox import Fetched
from inbox.parse import salvage
from store import ledger, looks, queries
from store.database import StoreDown
from store.models import ArrivalState, EventKind, Mail, MailKind
from store.values import SOFTWARE, NewEvent, Recording

log = structlog.get_logger()

TRIES = 2
"""A mail that was begun alone this often, without an end, is not parsed again."""
AGAIN = 3
A_TURN = 0.25
"""Seconds for which mails are recorded in one transaction. Meanwhile no sender can record that a letter
left, and were the worker killed, that letter would leave once more."""
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
    attempts: int
    understood: Understood


@dataclass(frozen=True, slots=True)
class _Group:
    """Mails that were begun, with how often each has been."""

    box: Box
    mails: tuple[tuple[Fetched, int], ...]
    in_force: InForce

    @property
    def readable(self) -> list[bytes]:
        """The mails that have not stopped their reader too often."""
        return [one.raw for one, attempts in self.mails if attempts <= TRIES]


class Taking:
    """Brings groups of mails into the database; one is read while the one before is recorded.

    Whoever takes mails finishes, whatever happens meanwhile: a group that was begun is in hand until then.
    """

    def __init__(self, desk: Desk, reader: ReaderProcess | None = None) -> None:
        """Without a process of their own, mails are read here."""
        self._desk, self._reader = desk, reader
        self._begun: _Group | None = None
        self._survived: dict[tuple[Box, int], int] = {}
        """UIDs whose attempt ended without anybody's death, and how many attempts were counted."""

    def take(self, box: Box, mails: Sequence[Fetched]) -> int:
        """Begin with these mails, and finish those before; how many were finished."""
        before, self._begun = self._begun, None
        with self._spared(before):
            read = self._answer(before) if before else []
            self._begun = self._begin(box, mails)
        return self._record(before, read) if before else 0

    def finish(self) -> int:
        """Finish what was begun; how many mails that were."""
        before, self._begun = self._begun, None
        with self._spared(before):
            read = self._answer(before) if before else []
        return self._record(before, read) if before else 0

    @contextmanager
    def _spared(self, group: _Group | None) -> Iterator[None]:
        """Hold against no mail that was begun what the database or the system refuses us."""
        try:
            yield
        except (StoreDown, OSError):
            if group:
                self._survived.update({(group.box, one.uid): attempts for one, attempts in group.mails})
            raise

    def _begin(self, box: Box, mails: Sequence[Fetched]) -> _Group:
        again = {one.uid for one in mails if (box, one.uid) in self._survived}
        fresh = [one.uid for one in mails if one.uid not in again]
        attempts = self._count(box, fresh, counts=len(mails) == 1)
        attempts |= {uid: self._survived.pop((box, uid)) for uid in again}
        begun = tuple((one, attempts[one.uid]) for one in mails if one.uid in attempts)
        group = _Group(box, begun, self._desk.files.current)
        if self._reader and group.readable:
            with self._spared(group):
                self._reader.ask(group.in_force.rulebook.version, group.readable)
        return group

    def _count(self, box: Box, uids: Sequence[int], *, counts: bool = True) -> dict[int, int]:
        """Count an attempt before anything is done with a mail (promise 4); of many, none is suspected."""
        with self._desk.database.write() as session:
            looks.assure_owner(session, box.mailbox_id, self._desk.worker_id)
            here = (box.mailbox_id, box.uidvalidity)
            return ledger.take(session, *here, uids, self._desk.clock(), counts=counts)

    def _answer(self, group: _Group) -> list[_Read]:
        if not self._reader or not group.readable:
            return [self._here(group, *one) for one in group.mails]
        try:
            answer = self._reader.answer()
        except ReaderLost as lost:
            log.error("its mails are read again, each by itself", why=str(lost))
            alone = (self._alone(self._reader, group, one) for one, _ in group.mails)
            return [one for one in alone if one]
        if answer is None:
            return [self._here(group, *one) for one in group.mails]
        found = iter(answer)
        return [
            _Read(one, attempts, next(found)) if attempts <= TRIES else self._here(group, one, attempts)
            for one, attempts in group.mails
        ]

    def _alone(self, reader: ReaderProcess, group: _Group, one: Fetched) -> _Read | None:
        """Read a mail that may have stopped its reader, until it has done so too often.

        None when the worker is to end, which takes its reader away from it: it stays for the next start.
        """
        while not self._desk.stop.is_set():
            attempts = self._count(group.box, [one.uid]).get(one.uid, TRIES + 1)
            if attempts > TRIES:
                return self._here(group, one, attempts)
            reader.ask(group.in_force.rulebook.version, [one.raw])
            try:
                answer = reader.answer()
            except ReaderLost as lost:
                log.error("a mail stopped its reader", uid=one.uid, attempts=attempts, why=str(lost))
                continue
            return _Read(one, attempts, answer[0]) if answer else self._here(group, one, attempts)
        return None

    def _here(self, group: _Group, one: Fetched, attempts: int) -> _Read:
        """Read a mail in this process; one that stopped its reader too often is not parsed again."""
        rulebook, desk = group.in_force.rulebook, self._desk
        if attempts <= TRIES:
            ours = desk.settings.COMPLAINTS_ADDRESS
            return _Read(one, attempts, understand(one.raw, rulebook, desk.limits, ours))
        reason = f"the worker stopped {attempts - 1} times while reading it"
        message = salvage(one.raw, reason, desk.limits, rulebook.words, rulebook.signs)
        return _Read(one, attempts, Understood(message))

    def _record(self, group: _Group, read: Sequence[_Read]) -> int:
        """Decide and store each mail, as many in one transaction as others may wait for; how many were done.

        One mail's failure is its own: it stays in the mailbox and is tried again (promise 4).
        """
        done, start = 0, 0
        while start < len(read):
            try:
                some, more = self._record_some(group, read[start:])
            except StoreDown:
                left = {(group.box, one.fetched.uid): one.attempts for one in read[start:]}
                self._survived.update(left)
                raise
            self._desk.letters_wait.set()
            start, done = start + some, done + more
        return done

    def _record_some(self, group: _Group, read: Sequence[_Read]) -> tuple[int, int]:
        """One transaction: of how many mails it was, and how many of them were done."""
        desk, box = self._desk, group.box
        end, tried, done = time.monotonic() + A_TURN, 0, 0
        with desk.database.write() as session:
            looks.assure_owner(session, box.mailbox_id, desk.worker_id)
            for one in read:
                try:
                    done += _guarded(desk, session, box, _whole(one), group.in_force, first=not tried)
                except ledger.Conflict:
                    # What the mails before it hold may be what the other worker waits for: that comes first.
                    break
                tried += 1
                if time.monotonic() >= end:
                    break
        return tried, done


def _whole(one: _Read) -> _Read:
    """A mail of which only the start was fetched says so."""
    if not one.fetched.cut:
        return one
    message = one.understood.message
    cut = f"the mail has {one.fetched.size:,} bytes; only its start was read"
    message = replace(message, damage=(*message.damage, cut), size=one.fetched.size)
    return replace(one, understood=replace(one.understood, message=message))


def _guarded(desk: Desk, session: Session, box: Box, one: _Read, in_force: InForce, *, first: bool) -> bool:
    """Whether it was recorded. Raises Conflict, unless it is the first of its transaction."""
    uid, attempts = one.fetched.uid, one.attempts
    try:
        _with_fresh_facts(desk, session, box, one, in_force, AGAIN if first else 1)
    except StoreDown:
        raise  # no mail is to blame, and what the others of the batch wrote may be gone
    except Exception as trouble:
        if isinstance(trouble, ledger.Conflict) and not first:
            raise
        log.exception("a mail could not be recorded; it stays in the mailbox", uid=uid, attempts=attempts)
        if attempts >= GIVE_UP:
            place, of = (box.mailbox_id, box.uidvalidity, uid), one.understood.message
            why = f"it could not be recorded: {trouble!r}"
            set_aside(desk, session, place, why, sender=of.sender.key, subject=of.subject)
        return False
    return True


def _with_fresh_facts(
    desk: Desk, session: Session, box: Box, one: _Read, in_force: InForce, tries: int
) -> None:
    """Handle a mail; when another worker changed its case in between, decide again."""
    for left in reversed(range(tries)):
        try:
            with ledger.alone(session):
                _handle(desk, session, box, one, in_force)
            return
        except ledger.Conflict:
            if not left:
                raise


def _handle(desk: Desk, session: Session, box: Box, one: _Read, in_force: InForce) -> None:
    """One mail, in one savepoint: everything that it leads to, or nothing."""
    message, now = one.understood.message, desk.clock()
    known = queries.mail_by_fingerprint(session, message.fingerprint)
    if known or queries.is_erased(session, message.fingerprint):
        _again(session, box, one.fetched.uid, known, desk)
        return
    verdict = one.understood.verdict
    facts = gather.for_mail(session, message, in_force.rulebook, desk.policy, now, verdict)
    decision = on_mail(facts, message)
    raw, kind = one.fetched.raw, decision.mail_kind
    original = _original(session, facts, kind, raw)
    recording = Finisher(desk.settings, in_force.letters).finish(decision, facts, original)
    mail = ledger.record_mail(session, message, recording, raw=raw, kind=kind, now=now)
    copied = facts.said_before is not None and facts.said_before.number == decision.case_number
    if facts.id_used_before and not copied:
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
    return lambda: (None, raw)


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
