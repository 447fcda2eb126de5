"""Taking mail in: count the attempt, read, decide and record; filing comes after (promises 1 to 4)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlmodel import Session

from engine.apart import ReaderLost, ReaderProcess
from engine.attempts import Attempts
from engine.desk import Desk
from engine.files import InForce
from engine.recording import Box, Read, Taken, record
from engine.troubles import set_aside
from engine.understanding import Understood, understand
from inbox.mailbox import Fetched
from inbox.parse import salvage
from store import ledger, looks
from store.database import StoreDown

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
        self._attempts = Attempts()

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
                self._attempts.spare({(group.box, one.uid): attempts for one, attempts in group.mails})
            raise

    def _begin(self, box: Box, mails: Sequence[Fetched]) -> _Group:
        again = self._attempts.spared((box, one.uid) for one in mails)
        fresh = [one.uid for one in mails if (box, one.uid) not in again]
        attempts = self._count(box, fresh, counts=len(mails) == 1)
        attempts |= {uid: counted for (_, uid), counted in again.items()}
        self._attempts.go_on(again)
        begun = tuple((one, attempts[one.uid]) for one in mails if one.uid in attempts)
        group = _Group(box, begun, self._desk.files.current)
        if self._reader and group.readable:
            with self._spared(group):
                in_force = group.in_force
                self._reader.ask(in_force.rulebook.version, group.readable, in_force.learned)
        return group

    def _count(self, box: Box, uids: Sequence[int], *, counts: bool = True) -> dict[int, int]:
        """Count an attempt before anything is done with a mail (promise 4); of many, none is suspected."""
        with self._desk.database.write() as session:
            looks.assure_owner(session, box.mailbox_id, self._desk.worker_id)
            here = (box.mailbox_id, box.uidvalidity)
            return ledger.take(session, *here, uids, self._desk.clock(), counts=counts)

    def _answer(self, group: _Group) -> list[Read]:
        if not self._reader or not group.readable:
            return [self._here(group, *one) for one in group.mails]
        try:
            answer = self._reader.answer()
        except ReaderLost as lost:
            log.error("its mails are read again, each by itself", why=str(lost))
            self._desk.counters.trouble("reader")
            if len(group.mails) == 1:
                self._attempts.reader_lost((group.box, group.mails[0][0].uid), str(lost))
            alone = (self._alone(self._reader, group, one) for one, _ in group.mails)
            return [one for one in alone if one]
        if answer is None:
            return [self._here(group, *one) for one in group.mails]
        found = iter(answer)
        return [
            Read(one, attempts, next(found)) if attempts <= TRIES else self._here(group, one, attempts)
            for one, attempts in group.mails
        ]

    def _alone(self, reader: ReaderProcess, group: _Group, one: Fetched) -> Read | None:
        """Read a mail that may have stopped its reader, until it has done so too often.

        None when the worker is to end, which takes its reader away from it: it stays for the next start.
        """
        while not self._desk.stop.is_set():
            attempts = self._count(group.box, [one.uid]).get(one.uid, TRIES + 1)
            if attempts > TRIES:
                return self._here(group, one, attempts)
            reader.ask(group.in_force.rulebook.version, [one.raw], group.in_force.learned)
            try:
                answer = reader.answer()
            except ReaderLost as lost:
                log.error("a mail stopped its reader", uid=one.uid, attempts=attempts, why=str(lost))
                self._desk.counters.trouble("reader")
                self._desk.pulse.beat()
                self._attempts.reader_lost((group.box, one.uid), str(lost))
                continue
            return Read(one, attempts, answer[0]) if answer else self._here(group, one, attempts)
        return None

    def _here(self, group: _Group, one: Fetched, attempts: int) -> Read:
        """Read a mail in this process; one that stopped its reader too often is not parsed again."""
        rulebook, desk = group.in_force.rulebook, self._desk
        if attempts <= TRIES:
            understood = understand(one.raw, rulebook, desk.limits, desk.own_addresses, desk.settings.name)
            return Read(one, attempts, understood)
        reason = self._attempts.told((group.box, one.uid), attempts - 1)
        message = salvage(one.raw, reason, desk.limits, rulebook.words, rulebook.signs)
        return Read(one, attempts, Understood(message))

    def _record(self, group: _Group, read: Sequence[Read]) -> int:
        """Decide and store each mail, as many in one transaction as others may wait for; how many were done.

        One mail's failure is its own: it stays in the mailbox and is tried again (promise 4).
        """
        done, start = 0, 0
        while start < len(read):
            try:
                some, more = self._record_some(group, read[start:])
            except StoreDown:
                left = {(group.box, one.fetched.uid): one.attempts for one in read[start:]}
                self._attempts.spare(left)
                raise
            self._desk.letters_wait.set()
            start, done = start + some, done + more
        return done

    def _record_some(self, group: _Group, read: Sequence[Read]) -> tuple[int, int]:
        """One transaction: of how many mails it was, and how many of them were done."""
        desk = self._desk
        end, tried, done = time.monotonic() + A_TURN, 0, list[Taken]()
        with desk.database.write() as session:
            looks.assure_owner(session, group.box.mailbox_id, desk.worker_id)
            for one in read:
                try:
                    taken = self._recorded(session, group, one, first=not tried)
                except ledger.Conflict:
                    # What the mails before it hold may be what the other worker waits for: that comes first.
                    break
                if taken:
                    done.append(taken)
                tried += 1
                if time.monotonic() >= end:
                    break
            where = (group.box.mailbox_id, group.box.uidvalidity)
            ledger.arrived_all(session, *where, [each.arrived for each in done])
        for each in done:
            uid = each.arrived.uid
            self._attempts.over((group.box, uid))
            desk.counters.mail(each.kind)
            log.info("mail taken in", kind=each.kind, case=each.case, uid=uid)
        return tried, len(done)

    def _recorded(self, session: Session, group: _Group, one: Read, *, first: bool) -> Taken | None:
        """What became of a mail; None where it could not be recorded.

        Raises Conflict, unless it is the first of its transaction.
        """
        uid, attempts = one.fetched.uid, one.attempts
        try:
            return record(self._desk, session, group.box, one, group.in_force, tries=AGAIN if first else 1)
        except StoreDown:
            raise  # no mail is to blame, and what the others of the batch wrote may be gone
        except Exception as trouble:
            if isinstance(trouble, ledger.Conflict) and not first:
                raise
            log.exception("a mail could not be recorded; it stays in the mailbox", uid=uid, attempts=attempts)
            self._attempts.not_recorded((group.box, uid), trouble, counted=attempts > 0)
            if attempts >= GIVE_UP:
                self._set_aside(session, group.box, one, f"it could not be recorded: {trouble!r}")
            return None

    def _set_aside(self, session: Session, box: Box, one: Read, why: str) -> None:
        """Leave a mail to a person; where even that fails it is tried again, and harms no other mail."""
        place, of = (box.mailbox_id, box.uidvalidity, one.fetched.uid), one.understood.message
        try:
            with ledger.alone(session):
                set_aside(self._desk, session, place, why, sender=of.sender.key, subject=of.subject)
        except StoreDown:
            raise
        except Exception:
            log.exception("a mail could not be set aside; it is tried again", uid=one.fetched.uid)
        else:
            self._attempts.over((box, one.fetched.uid))
