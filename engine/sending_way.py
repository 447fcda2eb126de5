"""Whether mail can leave at all, as all senders of one worker see it."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field
from enum import Enum

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
REFUSED_PAUSE, LONGEST_REFUSED = 30.0, 900.0
"""Between logins that are refused: many in a short time would lock the account."""
IN_A_ROW = 3
"""So many letters that fail alike, one after another, are no letter's fault."""
LONG = 60.0
FEW_ATTEMPTS = 3


class Turn(Enum):
    """What a sender may do now."""

    SEND = "send"
    TRY = "try"
    """The way was closed; this one sender looks whether it still is."""
    WAIT = "wait"


@dataclass(slots=True)
class WayOut:
    """Open, or closed since something that no letter is to blame for. Safe to share between threads.

    While it is closed one sender at a time looks, after pauses that double from a second to a minute, and
    from half a minute to 15 where the login is refused.
    """

    trouble: str = ""
    """Why nothing leaves; "" while mail leaves."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pause: float = FIRST_PAUSE
    _look_at: float = 0.0
    _closed_at: float = 0.0
    _unreachable: bool = False
    _refused: bool = False
    _somebody_looks: bool = False
    _in_a_row: int = 0
    _suffered: dict[int, int] = field(default_factory=dict)
    """Letters that failed meanwhile, and which attempt that was."""

    def turn(self) -> Turn:
        """What the asking sender may do.

        While the way is closed one sender gets TRY when the pause is over, and all others WAIT. It must say
        what it found: `works`, `unreachable`, `suffered`, `nothing_to_try`, or `left` when it found nothing
        out; until then nobody else may look.
        """
        with self._lock:
            if not self.trouble:
                return Turn.SEND
            if self._somebody_looks or time.monotonic() < self._look_at:
                return Turn.WAIT
            self._somebody_looks = True
            return Turn.TRY

    def wait(self) -> float:
        """Seconds until there is reason to ask for a turn again."""
        with self._lock:
            return max(self._look_at - time.monotonic(), 0.0) if self.trouble else 0.0

    def closed_for(self) -> float:
        """Seconds since the way was found closed; 0 while it is open."""
        with self._lock:
            return time.monotonic() - self._closed_at if self.trouble else 0.0

    def unreachable(self, why: str, *, looked: bool, refused: bool = False) -> bool:
        """The server is away, or turns us away before any letter. True when that is news.

        `refused`: it is our login that it doesn't take.
        """
        with self._lock:
            self._unreachable = True
            self._refused = refused
            return self._close(why, looked)

    def suffered(self, letter_id: int, attempt: int, why: str, *, looked: bool) -> bool:
        """A letter failed for a reason that others may share. True when the way is closed by it."""
        with self._lock:
            self._refused = False
            self._suffered[letter_id] = attempt
            self._in_a_row += 1
            if not self.trouble and self._in_a_row < IN_A_ROW:
                return False
            return self._close(why, looked)

    def works(self) -> tuple[bool, tuple[int, ...]]:
        """The server dealt with a letter: whether that is news, and the letters that need wait no longer.

        A letter that makes the server fail each time is not among them for ever: after a few attempts
        only a long closure excuses it.
        """
        with self._lock:
            self._in_a_row = 0
            if not self.trouble:
                self._suffered.clear()
                return False, ()
            long = time.monotonic() - self._closed_at >= LONG
            most = math.inf if long else FEW_ATTEMPTS if self._unreachable else 0
            freed = tuple(one for one, attempt in self._suffered.items() if attempt <= most)
            self._suffered.clear()
            self.trouble, self._pause = "", FIRST_PAUSE
            self._unreachable = self._refused = self._somebody_looks = False
            return True, freed

    def nothing_to_try(self) -> bool:
        """The server lets us in, but no letter is due to prove more: whether that is proof enough."""
        with self._lock:
            if not self._unreachable:
                self._put_off()
            return self._unreachable

    def left(self) -> None:
        """Whoever looked found nothing out."""
        with self._lock:
            self._somebody_looks = False

    def _close(self, why: str, looked: bool) -> bool:
        news = not self.trouble
        if news:
            self._closed_at = time.monotonic()
        self.trouble = why
        if news or looked:
            self._put_off()
        return news

    def _put_off(self) -> None:
        self._somebody_looks = False
        shortest, longest = FIRST_PAUSE, LONGEST_PAUSE
        if self._refused:
            shortest, longest = REFUSED_PAUSE, LONGEST_REFUSED
        pause = min(max(self._pause, shortest), longest)
        self._look_at = time.monotonic() + pause
        self._pause = pause * 2
