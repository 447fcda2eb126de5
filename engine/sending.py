"""The loop of one sender: claim, send, record. What each outcome means stands in outbox/smtp.py."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from engine.desk import Desk
from engine.pulse import A_LETTER
from engine.sending_hand import Hand
from engine.sending_way import FIRST_PAUSE, LONGEST_PAUSE, Turn
from outbox.smtp import Outcome, Sendable
from store import queue
from store.database import StoreDown
from store.models import LetterKind
from store.queue import Claimed

log = structlog.get_logger()

FEWEST, MOST = 2, 20
"""Letters that are claimed at once: as many as leave in about half a second."""
A_CLAIM_LASTS = 0.5
IDLE_WAIT, SHORT_WAIT = 5.0, 0.1


class Transport(Protocol):
    """What sends letters, one after another."""

    login_refused: bool
    """The server would not let us in, and won't until somebody changes something."""

    def send(
        self,
        letter: Sendable,
        *,
        following: Sendable | None = None,
        meanwhile: Callable[[], None] | None = None,
        may_end: Callable[[], bool] | None = None,
    ) -> Outcome: ...

    def reach(self) -> str: ...

    def close(self) -> None: ...


class Sender:
    """Sends what is due until the desk stops."""

    def __init__(self, desk: Desk, transport: Transport) -> None:
        self._desk, self._transport = desk, transport
        self._way = desk.way_out
        self._pause = FIRST_PAUSE
        self._hand = Hand(desk)
        where = f"{desk.settings.SMTP_HOST}:{desk.settings.SMTP_PORT}"
        self._alert = f"sending/{desk.settings.SENDMAIL or where}"
        self._a_letter_takes = A_CLAIM_LASTS / 10

    def run(self) -> None:
        """Loop until the desk stops."""
        due = True
        while not self._desk.stop.is_set():
            self._desk.pulse.beat(allowed=A_LETTER)
            try:
                if due:
                    self._desk.letters_wait.clear()
                    self.once()
                due = self._rest()
                self._pause = FIRST_PAUSE
                self._desk.outage.over(self)
            except StoreDown as down:
                self._desk.outage.met(self, down)
                self._desk.stop.wait(self._longer())
                due = True
            except Exception:
                log.exception("sending failed; trying again")
                self._desk.stop.wait(self._longer())
                due = True
        self._end()

    def _rest(self) -> bool:
        """Wait until a letter may be due; False when it was only time to look around."""
        if self._way.trouble:
            wait = self._way.wait() or SHORT_WAIT
            self._desk.pulse.beat(wait)
            self._desk.letters_wait.wait(wait)
            return True
        with self._desk.database.read() as session:
            due = queue.next_due(session, self._desk.lane)
        wait = (due - self._desk.clock()).total_seconds() if due else math.inf
        woken = self._desk.letters_wait.wait(min(max(wait, SHORT_WAIT), IDLE_WAIT))
        return woken or wait <= IDLE_WAIT

    def drain(self, all_is_queued: threading.Event) -> None:
        """Send until nothing more will come and nothing is due, or the server is away."""
        try:
            while not self._desk.stop.is_set():
                last_look = all_is_queued.is_set()
                sent = self.once()
                if last_look and (not sent or self._way.trouble):
                    return
                if self._way.trouble:
                    all_is_queued.wait(self._way.wait() or SHORT_WAIT)
                elif not sent:
                    self._desk.letters_wait.wait(SHORT_WAIT)
                    self._desk.letters_wait.clear()
        except StoreDown as down:
            log.error("nothing more is sent; what is not sent waits in the queue", why=str(down))
        except Exception:
            log.exception("sending failed; what is not sent waits in the queue")
        finally:
            self._end()

    def once(self) -> int:
        """Send what is due; how many letters were tried."""
        tried = 0
        turn = self._turn()
        try:
            while self._claim(turn):
                tried += self._send_all(turn)
                # One that this server can never be given proves nothing, and may not be the last look.
                self._looked(turn)
                turn = self._turn()
        finally:
            self._looked(turn)
        return tried

    def _looked(self, turn: Turn) -> None:
        if turn is Turn.TRY:
            self._way.left()

    def _turn(self) -> Turn:
        turn = self._way.turn()
        try:
            if turn is Turn.TRY and (why := self._transport.reach()):
                self._closed(self._unreachable(why, looked=True))
                return Turn.WAIT
        except Exception:
            self._looked(turn)
            raise
        return turn

    def _claim(self, turn: Turn) -> bool:
        """Settle what is in hand, and take what is next; False when there is nothing to send now."""
        if self._desk.stop.is_set() or turn is Turn.WAIT:
            self._hand.settle()
            return False
        many = int(A_CLAIM_LASTS / max(self._a_letter_takes, 0.001))
        self._hand.refill(1 if turn is Turn.TRY else min(max(many, FEWEST), MOST))
        if turn is Turn.TRY and not self._hand.letters and self._way.nothing_to_try():
            self._works()
        return bool(self._hand.letters)

    def _send_all(self, turn: Turn) -> int:
        """Send what is in hand, as long as the server takes letters; how many were tried."""
        tried, begun = 0, time.monotonic()
        hand = self._hand
        while hand.letters and hand.is_ours and not self._desk.stop.is_set():
            letter = hand.letters[0]
            self._desk.pulse.beat(allowed=A_LETTER)
            outcome = self._outcome_of(letter)
            if not outcome.reached:
                self._closed(self._unreachable(outcome.text, looked=turn is Turn.TRY))
                break
            hand.done(outcome)
            tried += 1
            if not self._goes_on(letter, outcome, turn):
                break
            self._let_acknowledgements_pass()
        if tried:
            self._a_letter_takes = (time.monotonic() - begun) / tried
        hand.raise_what_broke()
        return tried

    def _outcome_of(self, letter: Claimed) -> Outcome:
        letters = self._hand.letters
        following = letters[1] if len(letters) > 1 else None
        try:
            return self._transport.send(
                letter,
                following=following,
                meanwhile=self._hand.record_meanwhile,
                may_end=lambda: self._hand.is_ours,
            )
        except Exception as trouble:
            log.exception("sending a letter failed in an unknown way", kind=str(letter.kind))
            self._transport.close()
            return Outcome("in-doubt", None, f"sending failed: {type(trouble).__name__}", of_server=True)

    def _goes_on(self, letter: Claimed, outcome: Outcome, turn: Turn) -> bool:
        """Record what has waited for long enough, and say whether the next letter is worth trying."""
        if outcome.of_server:
            looked = turn is Turn.TRY
            self._closed(self._way.suffered(letter.id, letter.attempt, outcome.text, looked=looked))
        elif outcome.code is not None:
            self._works()
        self._hand.record_in_time()
        return self._hand.broken is None and not self._way.trouble

    def _let_acknowledgements_pass(self) -> None:
        waits, letters = self._desk.letters_wait, self._hand.letters
        passing = len(letters) > 1 and letters[1].kind is not LetterKind.ACK
        if waits.is_set() and passing and self._hand.is_ours:
            waits.clear()
            self._hand.let_pass(MOST)

    def _end(self) -> None:
        """Leave nothing unrecorded if that can be helped, and close the connection."""
        try:
            self._hand.settle()
        except StoreDown as down:
            log.error("what was sent last could not be recorded; it counts as in doubt", why=str(down))
        finally:
            self._transport.close()

    # -- the way out

    def _unreachable(self, why: str, *, looked: bool) -> bool:
        return self._way.unreachable(why, looked=looked, refused=self._transport.login_refused)

    def _closed(self, news: bool) -> None:
        if news:
            log.error("mail can't be sent", why=self._way.trouble)
        if self._way.trouble:
            self._desk.alerts.trouble(self._alert, self._way.trouble, self._desk.clock())

    def _works(self) -> None:
        self._desk.alerts.recovered(self._alert, self._desk.clock())
        news, freed = self._way.works()
        if news:
            log.info("mail is sent again")
            self._hand.freed += freed
            self._desk.letters_wait.set()

    def _longer(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause
