"""What of one folder is still to be taken in: which UIDs, and how each of them is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

BREAKS = 6
"""A mail that broke the connection so often when it was asked for alone is set aside."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 160.0
"""Seconds before such a mail is asked for again; the others are read meanwhile."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A mail at which the connection broke when it was asked for alone."""

    breaks: int
    due: float


class Backlog:
    """The UIDs that wait, from what the server shows and what the database knows. `now` may be any clock
    that only goes forward.
    """

    def __init__(self) -> None:
        self.above = 0
        """What the server shows up to here is known."""
        self.alone: set[int] = set()
        """UIDs that were asked for when the connection broke; one of them may be why."""
        self.suspects: dict[int, Suspect] = {}
        self._waiting: set[int] = set()
        self._begun: set[int] = set()
        self._missing: set[int] = set()

    def forget(self) -> None:
        """Begin anew, as with a new connection or a look at the whole folder; suspicion stays."""
        self.above = 0
        self._waiting, self._begun, self._missing = set(), set(), set()

    def learn(self, present: Collection[int], new: Iterable[int], begun: Collection[int]) -> None:
        """Take up what the server shows above `above`, what of it is new, and all that was begun before."""
        if not self.above:
            self._missing = set(begun).difference(present)
        self.above = max(self.above, *present, 0)
        self._begun = set(begun) - self._missing
        self._waiting |= self._begun.union(new)

    def waiting(self) -> list[int]:
        """What can be asked for now, in order, leaving aside what broke the connection before."""
        return sorted(self._waiting - self.suspects.keys())

    def together(self, uids: Iterable[int]) -> list[int]:
        """Of these UIDs those that may be asked for in one go."""
        return [uid for uid in uids if uid not in self._begun and uid not in self.alone]

    def one_by_one(self, uids: Iterable[int]) -> list[int]:
        """Of these UIDs those that come alone, so that a bad one harms no other."""
        return sorted(uid for uid in uids if uid in self._begun or uid in self.alone)

    def asked(self, uids: Iterable[int], given: Collection[int]) -> None:
        """Note what the server answered: what it did not give is not there any more."""
        for uid in uids:
            self._waiting.discard(uid)
            self.alone.discard(uid)
            self.suspects.pop(uid, None)
            if uid not in given:
                self._missing.add(uid)

    def broke(self, uids: Collection[int], now: float) -> None:
        """Note that the connection broke when these were asked for together."""
        if len(uids) > 1:
            self.alone.update(uids)
            return
        for uid in uids:
            breaks = self.suspects[uid].breaks + 1 if uid in self.suspects else 1
            pause = min(FIRST_PAUSE * 2 ** (breaks - 1), LONGEST_PAUSE)
            self.suspects[uid] = Suspect(breaks, now + pause)
            self.alone.discard(uid)

    def due(self, now: float) -> list[int]:
        """The suspects that may be asked for again, the least suspicious first."""
        found = [uid for uid, one in self.suspects.items() if one.due <= now and uid in self._waiting]
        return sorted(found, key=lambda uid: (self.suspects[uid].breaks, uid))

    def hopeless(self) -> list[int]:
        """The mails that broke the connection too often."""
        return sorted(uid for uid, one in self.suspects.items() if one.breaks >= BREAKS)

    def give_up(self, uid: int) -> None:
        """Note that a mail was set aside."""
        self._waiting.discard(uid)
        self.suspects.pop(uid, None)

    def pause(self, now: float) -> float | None:
        """Seconds until the next suspect is due; None when there is none."""
        waiting = [one.due for uid, one in self.suspects.items() if uid in self._waiting]
        return max(0.0, min(waiting) - now) if waiting else None
