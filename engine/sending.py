"""The loop of one sender: claim, send, complete. What each outcome means stands in outbox/smtp.py."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlmodel import Session

from cases import unreached
from cases.facts import Decision
from engine import gather
from engine.desk import Desk
from engine.finish import Finisher
from outbox.smtp import Outcome
from store import ledger, queries, queue
from store.database import StoreDown
from store.models import Case, LetterKind
from store.queue import Claimed

log = structlog.get_logger()

AT_ONCE = 10
IDLE_WAIT, SHORT_WAIT = 5.0, 0.1
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Transport(Protocol):
    """What sends letters, one after another."""

    def send(self, *, envelope_from: str, recipient: str, data: bytes) -> Outcome: ...

    def close(self) -> None: ...


class Sender:
    """Sends what is due until the desk stops."""

    def __init__(self, desk: Desk, transport: Transport) -> None:
        self._desk, self._transport = desk, transport
        self._down = ""
        self._pause = FIRST_PAUSE
        self._in_hand: list[Claimed] = []
        self._outcome: Outcome | None = None
        """What became of the first letter in hand, until that is recorded."""

    def run(self) -> None:
        """Loop until the desk stops."""
        while not self._desk.stop.is_set():
            self._desk.letters_wait.clear()
            try:
                sent = self.once()
            except StoreDown as down:
                log.error("nothing is sent; trying again", why=str(down))
                self._desk.stop.wait(self._longer())
            except Exception:
                log.exception("sending failed; trying again")
                self._desk.stop.wait(self._longer())
            else:
                self._rest(sent)
        self._transport.close()

    def _rest(self, sent: int) -> None:
        if self._down:
            self._desk.stop.wait(self._longer())
        elif not sent:
            self._desk.letters_wait.wait(IDLE_WAIT)

    def drain(self, all_is_queued: threading.Event) -> None:
        """Send until nothing more will come and nothing is due, or the server is away."""
        try:
            while not self._desk.stop.is_set():
                last_look = all_is_queued.is_set()
                sent = self.once()
                if last_look and (not sent or self._down):
                    return
                if self._down:
                    all_is_queued.wait(self._longer())
                elif not sent:
                    self._desk.letters_wait.wait(SHORT_WAIT)
                    self._desk.letters_wait.clear()
        except Exception:
            log.exception("sending failed; what is not sent waits in the queue")
        finally:
            self._transport.close()

    def once(self) -> int:
        """Send one group of what is due; how many letters were tried."""
        self._settle()
        if self._desk.stop.is_set():
            return 0
        with self._desk.database.write() as session:
            self._in_hand = queue.claim(
                session,
                worker_id=self._desk.worker_id,
                now=self._desk.clock(),
                limit=1 if self._down else AT_ONCE,
            )
        claimed = len(self._in_hand)
        while self._in_hand and not self._desk.stop.is_set() and self._send(self._in_hand[0]):
            del self._in_hand[0]
        self._settle()
        return claimed

    def _send(self, letter: Claimed) -> bool:
        """Try one letter; False when the server could not be reached at all."""
        self._outcome = outcome = self._outcome_of(letter)
        self._say("" if outcome.reached else outcome.text)
        if outcome.reached:
            self._complete(letter, outcome)
        self._outcome = None
        return outcome.reached

    def _outcome_of(self, letter: Claimed) -> Outcome:
        try:
            return self._transport.send(
                envelope_from=letter.envelope_from, recipient=letter.recipient, data=letter.data
            )
        except Exception as trouble:
            log.exception("sending a letter failed in an unknown way", kind=str(letter.kind))
            return Outcome("in-doubt", None, f"sending failed: {type(trouble).__name__}")

    def _settle(self) -> None:
        """Leave no letter in hand: what could not be recorded before is recorded, the rest is given back.

        Without it a letter would stay `sending` as long as this worker lives.
        """
        if self._in_hand and self._outcome is not None:
            self._complete(self._in_hand[0], self._outcome)
            del self._in_hand[0]
        self._outcome = None
        if self._in_hand:
            self._give_back(self._in_hand)
            self._in_hand = []

    def _give_back(self, letters: list[Claimed]) -> None:
        """Letters that were claimed and never begun are due again at once."""
        now = self._desk.clock()
        with self._desk.database.write() as session:
            for letter in letters:
                queue.complete(
                    session, letter.id, letter.attempt, self._desk.worker_id, "later", now=now, due_at=now
                )

    def _complete(self, letter: Claimed, outcome: Outcome) -> None:
        now = self._desk.clock()
        result = outcome.result
        if result in ("later", "in-doubt") and queue.given_up(letter.created_at, now):
            result = "refused"
        due = self._next_attempt(letter, now)
        error = "" if result == "sent" else f"{outcome.code or ''} {outcome.text}".strip()
        with self._desk.database.write() as session:
            mine = queue.complete(
                session,
                letter.id,
                letter.attempt,
                self._desk.worker_id,
                result,
                now=now,
                due_at=due,
                error=error,
            )
            if mine and result == "refused":
                self._tell(session, letter, error, now)
        log.info(
            "letter", result=result, kind=str(letter.kind), case=letter.case_number, attempt=letter.attempt
        )

    def _next_attempt(self, letter: Claimed, now: datetime) -> datetime:
        first = timedelta(seconds=self._desk.settings.RETRY_SECONDS)
        return now + queue.back_off(letter.attempt, first)

    def _tell(self, session: Session, letter: Claimed, error: str, now: datetime) -> None:
        """Somebody was not reached, and a person learns of it; if that fails, the case still says so."""
        case = queries.case(session, letter.case_number) if letter.case_number is not None else None
        if case is None or letter.kind is LetterKind.ALERT:
            return
        try:
            with ledger.alone(session):
                self._alert(session, letter, case, error, now)
        except StoreDown:
            raise
        except Exception:
            log.exception("nobody could be told of a refused letter", case=case.number)

    def _alert(self, session: Session, letter: Claimed, case: Case, error: str, now: datetime) -> None:
        in_force = self._desk.files.current
        cause = f"refused/{letter.id}"
        facts = gather.for_case(session, case, in_force.rulebook, self._desk.policy, now, cause)
        of = [(letter.id, letter.recipient, letter.subject)]
        letters = unreached.told(facts, case, of, reason=error, bounced=False)
        decision = Decision(case_number=case.number, letters=letters)
        recording = Finisher(self._desk.settings, in_force.letters).finish(decision, facts)
        ledger.record(session, recording, now=now)

    def _longer(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause

    def _say(self, trouble: str) -> None:
        if trouble and not self._down:
            log.error("mail can't be sent", why=trouble)
        elif self._down and not trouble:
            log.info("mail is sent again")
        self._down = trouble
        if not trouble:
            self._pause = FIRST_PAUSE
