"""Troubles of the operation: noticed by whoever meets them, told to admins by engine/alerting.py.

`trouble` and `recovered` are for whoever is in a transaction anyway; a `Board` is for loops, which must not
ask the database for it, nor wait for one that is away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases import alerting
from language.masking import masked
from language.problem import Problem
from store import alerts
from store.models import Alert

Become = Callable[[Alert | None], Mapping[str, Any] | None]


def trouble(session: Session, key: str, words: str, now: datetime, problems: Sequence[Problem] = ()) -> None:
    """Something is wrong, or still is; say it as often as it is noticed.

    `key` is "kind/what it is about", of a kind in cases/alerting.py: KINDS. `words` are one line, for people
    who are no programmers, that says what is wrong and what to do.
    """
    _change(session, key, lambda known: alerting.noticed(known, key, words, problems, now))


def recovered(session: Session, key: str, now: datetime) -> None:
    """It is not wrong, or no more. Say it at every look that finds all well: where nothing was wrong, nothing
    changes."""
    _change(session, key, lambda known: alerting.ended(known, now))


def files_key(mailbox: str) -> str:
    """The key for the files of a mailbox, by its name."""
    return f"files/{mailbox}" if mailbox else "files"


def _change(session: Session, key: str, become: Become) -> None:
    known = alerts.alert(session, key)
    if become(known) is None:
        return
    known = alerts.alert(session, key, lock=True) if known else None
    values = become(known)
    if values is not None:
        alerts.keep(session, known, values)


@dataclass(slots=True)
class Seen:
    """What was noticed last under a key."""

    wrong: bool
    at: datetime
    words: str = ""
    problems: tuple[Problem, ...] = ()
    written: bool = False
    """Whether the database has it."""

    def becomes(self, key: str, now: datetime) -> Become:
        """What it makes of an alert."""
        if not self.wrong:
            return lambda known: alerting.ended(known, self.at)
        at = now if self.written else self.at
        return lambda known: alerting.noticed(known, key, self.words, self.problems, at)


@dataclass(slots=True)
class Board:
    """What one worker has noticed, in memory: it costs nothing and never fails. Safe between threads.

    What is wrong stays on it until it is said to be over.
    """

    news: threading.Event = field(default_factory=threading.Event)
    """Set when there is something new."""
    ours: Collection[str] = ()
    """The addresses that may be named, in small letters; a server may name its customers' too."""
    _seen: dict[str, Seen] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def trouble(self, key: str, words: str, now: datetime, problems: Sequence[Problem] = ()) -> None:
        """As the function `trouble`; once is enough."""
        words = masked(words, self.ours)
        with self._lock:
            known = self._seen.get(key)
            if known and known.wrong and (known.words, known.problems) == (words, tuple(problems)):
                return
            self._seen[key] = Seen(wrong=True, at=now, words=words, problems=tuple(problems))
        self.news.set()

    def recovered(self, key: str, now: datetime) -> None:
        """As the function `recovered`: cheap enough for every letter and every look."""
        known = self._seen.get(key)
        if known and not known.wrong:
            return
        with self._lock:
            self._seen[key] = Seen(wrong=False, at=now)
        if known:
            self.news.set()

    def wrong(self) -> dict[str, str]:
        """What is wrong now, as far as this worker knows: the words by key."""
        return {key: one.words for key, one in self.seen().items() if one.wrong}

    def seen(self) -> dict[str, Seen]:
        """What was noticed last, by key."""
        with self._lock:
            return dict(self._seen)

    def write(self, session: Session, seen: Mapping[str, Seen], now: datetime) -> None:
        """Put into the database what it does not have yet, and that what is wrong goes on."""
        for key, one in seen.items():
            if one.wrong or not one.written:
                _change(session, key, one.becomes(key, now))

    def written(self, seen: Mapping[str, Seen]) -> None:
        """What `write` put there is committed."""
        for one in seen.values():
            one.written = True
