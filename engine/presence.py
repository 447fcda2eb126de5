"""Who is there to take cases: looked up every few seconds, so that no customer's mail asks for it."""

from __future__ import annotations

import threading
import time

from sqlmodel import Session

from cases.facts import Presence
from store import attendance
from store.values import CaseChange, Recording

GOOD_FOR = 5.0
"""Seconds for which what was looked up is believed."""


class Attendance:
    """What all loops of one worker know about who is there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = Presence()
        self._until = 0.0

    def look(self, session: Session) -> Presence:
        """Who is away, and how many cases wait for each agent."""
        now = time.monotonic()
        with self._lock:
            if now < self._until:
                return self._known
            self._until = now + GOOD_FOR  # one asks, the others go by what is known
        known = Presence(attendance.absences(session), attendance.open_cases(session))
        with self._lock:
            self._known = known
        return known

    def note(self, recording: Recording) -> None:
        """Count a case that was opened meanwhile, or a burst would all go to one agent; look anew once
        somebody leaves or comes back."""
        if any(row.table == "absence" for row in recording.rows):
            with self._lock:
                self._until = 0.0
        for change in (recording.case, recording.beside.case if recording.beside else None):
            if change is not None and change.expected is None:
                self._took(change)

    def _took(self, change: CaseChange) -> None:
        agent = str(change.values.get("assignee", ""))
        with self._lock:
            counts = dict(self._known.open_cases)
            counts[agent] = counts.get(agent, 0) + 1
            self._known = Presence(self._known.away, counts)
