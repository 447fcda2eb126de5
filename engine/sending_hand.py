"""What one sender holds: letters it has claimed, and outcomes that are not in the database yet."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlmodel import Session

from engine import sending_records as records
from engine.desk import Desk
from engine.sending_records import Tried
from outbox.smtp import Outcome
from store import queue
from store.models import LetterKind
from store.queue import Claimed

log = structlog.get_logger()

UNRECORDED = 8
"""A kill makes duplicates of letters whose 250 is not recorded: never more than these, nor for longer."""
UNRECORDED_FOR = 0.04
SHORT = 2
"""In hand are the letter that is being sent and the next one, and no other."""
_BIG = 2**16


class Hand:
    """Of one thread. Whatever is in it stands as `sending` in the database, so none may be forgotten."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.letters: deque[Claimed] = deque()
        """Claimed and not begun, the next one first."""
        self.tried: list[Tried] = []
        """Ended and not recorded."""
        self.freed: tuple[int, ...] = ()
        """Letters that need not wait any longer, since the server is back."""
        self.broken: Exception | None = None
        """What went wrong while the server let us wait."""
        self._oldest = 0.0
        self._limit = 0
        self._more = False
        """Whether the last claim left some that are due."""
        self._term = desk.lease.term

    @property
    def is_ours(self) -> bool:
        """Whether what is in hand is no other worker's: one that was stopped for long is taken for dead."""
        return self._desk.lease.holds(self._term, self._desk.clock())

    def done(self, outcome: Outcome) -> None:
        """The first letter was tried. Its outcome is kept until it is recorded, but not its bytes."""
        letter = self.letters.popleft()
        if not self.tried:
            self._oldest = time.monotonic()
        slim = replace(letter, data=b"") if len(letter.data) > _BIG else letter
        self.tried.append(Tried(slim, outcome, self._desk.clock()))

    def refill(self, limit: int) -> None:
        """In one transaction record what was tried, give back what was not, and take what is next.

        Takes nothing while this worker may be taken for dead.
        """
        # Before the claim: one that is written after this worker was buried is not its own.
        self._term = self._desk.lease.term
        if not self.is_ours:
            self.settle()
            return
        found = self._take(limit, unbegun=self.letters)
        self.letters = deque(found)
        self._limit, self._more = limit, 1 < limit == len(found)

    def let_pass(self, limit: int) -> None:
        """Take new acknowledgements before the other letters (promise 9).

        They go behind the first, whose envelope may be with the server already.
        """
        found = self._take(limit, only_acks=True)
        first = self.letters.popleft()
        self.letters.extendleft(reversed(found))
        self.letters.appendleft(first)

    def settle(self) -> None:
        """Leave nothing in hand: else a letter would stay `sending` as long as this worker lives."""
        if self.tried or self.letters or self.freed:
            self._record(self.letters)
            self.letters.clear()

    def record_in_time(self) -> None:
        """Record what was tried, if it has waited for long enough."""
        if len(self.tried) >= UNRECORDED or time.monotonic() - self._oldest >= UNRECORDED_FOR:
            self.record_meanwhile()

    def record_meanwhile(self) -> None:
        """Record what was tried, while there is time for it; what goes wrong is raised later.

        If there is more to send it is claimed early, so that the next envelope can go ahead.
        """
        short = self._more and len(self.letters) <= SHORT and not self._desk.stop.is_set() and self.is_ours
        if self.broken is not None or not (self.tried or short):
            return
        try:
            if short:
                found = self._take(self._limit)
                self.letters.extend(found)
                self._more = len(found) == self._limit
            else:
                self._record(())
        except Exception as trouble:  # noqa: BLE001 - raised when the letter's own outcome is safe
            self.broken = trouble

    def raise_what_broke(self) -> None:
        """Raise what went wrong meanwhile, once."""
        broken, self.broken = self.broken, None
        if broken is not None:
            raise broken

    def _record(self, unbegun: Sequence[Claimed]) -> None:
        with self._desk.database.write() as session:
            self._write(session, unbegun)
        self._written()

    def _take(self, limit: int, *, unbegun: Sequence[Claimed] = (), only_acks: bool = False) -> list[Claimed]:
        """As `_record`, and in the same transaction claim what is next."""
        desk, claims = self._desk, self._desk.claims
        found: list[Claimed] = []
        with claims.lock:
            try:
                with desk.database.write() as session:
                    self._write(session, unbegun)
                    now, worker = desk.clock(), desk.worker_id
                    queue.release(session, claims.unsure, worker, now)
                    found = queue.claim(
                        session,
                        worker_id=worker,
                        now=now,
                        limit=limit,
                        only_acks=only_acks,
                        lane=desk.lane,
                    )
            except Exception:
                claims.lost(found)
                raise
            claims.settled()
        self._written()
        return found

    def _write(self, session: Session, unbegun: Sequence[Claimed]) -> None:
        now = self._desk.clock()
        if self.tried:
            records.record(self._desk, session, self.tried)
        if self.freed:
            queue.hasten(session, self.freed, now)
        if unbegun:
            queue.release(session, unbegun, self._desk.worker_id, now)

    def _written(self) -> None:
        """Forget what the transaction that has just ended wrote."""
        for one in self.tried:
            letter, result = one.letter, one.result
            log.info(
                "letter",
                result=result,
                kind=str(letter.kind),
                case=letter.case_number,
                attempt=letter.attempt,
            )
            took = (one.at - letter.created_at).total_seconds()
            is_ack = letter.kind is LetterKind.ACK and result == "sent"
            self._desk.counters.letter(str(letter.kind), result, took if is_ack else None)
        self.tried.clear()
        self.freed = ()
