"""The loop of one sender: claim, send, complete. What each outcome means stands in outbox/smtp.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlmodel import Session

from cases import asks
from cases.facts import Decision
from engine import gather
from engine.desk import Desk
from engine.finish import Finisher
from outbox.smtp import Outcome
from store import ledger, queries, queue
from store.models import LetterKind
from store.queue import Claimed

log = structlog.get_logger()

AT_ONCE = 10
IDLE_WAIT = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
TO_CUSTOMERS = frozenset({LetterKind.ACK, LetterKind.ANSWER, LetterKind.CHECK_IN})


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

    def run(self) -> None:
        """Loop until the desk stops."""
        while not self._desk.stop.is_set():
            self._desk.letters_wait.clear()
            try:
                sent = self.once()
            except Exception:
                log.exception("sending failed; trying again")
                sent = 0
                self._desk.stop.wait(self._longer())
            if self._down:
                self._desk.stop.wait(self._longer())
            elif not sent:
                self._desk.letters_wait.wait(IDLE_WAIT)
        self._transport.close()

    def once(self) -> int:
        """Send one group of what is due; how many letters were tried."""
        with self._desk.database.write() as session:
            claimed = queue.claim(
                session,
                worker_id=self._desk.worker_id,
                now=self._desk.clock(),
                limit=1 if self._down else AT_ONCE,
            )
        for count, letter in enumerate(claimed):
            if self._desk.stop.is_set() or not self._send(letter):
                self._give_back(claimed[count:])
                break
        return len(claimed)

    @property
    def is_down(self) -> bool:
        """Whether the server could not be reached at the last attempt."""
        return bool(self._down)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _send(self, letter: Claimed) -> bool:
        """Try one letter; False when the server could not be reached at all."""
        outcome = self._transport.send(
            envelope_from=letter.envelope_from, recipient=letter.recipient, data=letter.data
        )
        self._say("" if outcome.reached else outcome.text)
        if outcome.reached:
            self._complete(letter, outcome)
        return outcome.reached

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
        if result == "later" and queue.given_up(letter.created_at, now):
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
                self._tell_agent(session, letter, error, now)
        log.info(
            "letter", result=result, kind=str(letter.kind), case=letter.case_number, attempt=letter.attempt
        )

    def _next_attempt(self, letter: Claimed, now: datetime) -> datetime:
        first = timedelta(seconds=self._desk.settings.RETRY_SECONDS)
        return now + queue.back_off(letter.attempt, first)

    def _tell_agent(self, session: Session, letter: Claimed, error: str, now: datetime) -> None:
        """The customer was not reached: the agent learns of it (promise 7)."""
        case = queries.case(session, letter.case_number) if letter.case_number is not None else None
        if case is None or letter.kind not in TO_CUSTOMERS:
            return
        in_force = self._desk.files.current
        cause = f"refused/{letter.id}"
        facts = gather.for_case(session, case, in_force.rulebook, self._desk.policy, now, cause)
        agent = facts.rulebook.agent(case.assignee)
        if agent is None:
            return
        told = asks.undelivered(
            facts,
            case,
            agent,
            recipient=letter.recipient,
            letter=letter.subject,
            reason=error,
            bounced=False,
        )
        decision = Decision(case_number=case.number, letters=(told,))
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
