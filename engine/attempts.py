"""How the attempts at mails ended, as far as one worker has seen it: what is said of a mail must be true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.recording import Box

Place = tuple[Box, int]
"""A mail by its box and its UID."""


@dataclass(slots=True)
class _Ends:
    unrecorded: int = 0
    error: str = ""
    lost: int = 0
    why_lost: str = ""
    counted: int = 0
    """Of all these the attempts that were counted: one in company is not."""


@dataclass(slots=True)
class Attempts:
    """The attempts at mails that are not taken in yet."""

    _spared: dict[Place, int] = field(default_factory=dict)
    """Mails whose attempt ended without anybody's fault, and how many attempts were counted."""
    _ends: dict[Place, _Ends] = field(default_factory=dict)

    def spare(self, counted: Mapping[Place, int]) -> None:
        """Hold the attempts that end here against none of these mails; so many were counted on each."""
        self._spared.update(counted)

    def spared(self, mails: Iterable[Place]) -> dict[Place, int]:
        """Those of these mails whose last attempt may go on, and how many were counted on each."""
        return {mail: self._spared[mail] for mail in mails if mail in self._spared}

    def go_on(self, mails: Iterable[Place]) -> None:
        """Note that the last attempt at these goes on: from now on it may be held against them again."""
        for mail in mails:
            self._spared.pop(mail, None)

    def reader_lost(self, mail: Place, why: str) -> None:
        """Note that a mail, alone, may have stopped the process that reads mails."""
        ends = self._ends.setdefault(mail, _Ends())
        ends.lost, ends.why_lost, ends.counted = ends.lost + 1, why, ends.counted + 1

    def not_recorded(self, mail: Place, error: Exception, *, counted: bool) -> None:
        """Note that a mail was read, and that what it led to could not be written."""
        ends = self._ends.setdefault(mail, _Ends())
        ends.unrecorded, ends.error = ends.unrecorded + 1, type(error).__name__
        ends.counted += counted

    def over(self, mail: Place) -> None:
        """Forget how the attempts at a mail ended: it is taken in or set aside."""
        self._ends.pop(mail, None)

    def told(self, mail: Place, counted: int) -> str:
        """What kept a mail from being taken in at so many attempts; earlier workers made those not seen."""
        ends = self._ends.get(mail, _Ends())
        said = []
        if (earlier := counted - ends.counted) > 0:
            said.append(f"a worker began with it {_times(earlier)} and came to no end")
        if ends.lost:
            said.append(f"{ends.why_lost} ({_times(ends.lost)})")
        if ends.unrecorded:
            said.append(f"recording it failed {_times(ends.unrecorded)}, at last with {ends.error}")
        return "; ".join(said)


def _times(number: int) -> str:
    return f"{number} times" if number > 1 else "once"
