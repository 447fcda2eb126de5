"""What a watcher does about a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cases.decision import LetterRequest
from cases.facts import Facts
from cases.watching.telling import Notice
from store.models import Case
from store.values import NewEvent, NewRow, RowChange


@dataclass(frozen=True, slots=True)
class Step:
    """What is due now on one case; nothing, for a watcher that finds all well."""

    events: tuple[NewEvent, ...] = ()
    letters: tuple[LetterRequest, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    """Columns of the case to set."""
    rows: tuple[NewRow, ...] = ()
    changes: tuple[RowChange, ...] = ()
    notices: tuple[Notice, ...] = ()
    """What agents are told: one mail each, whatever watchers have to say."""


NOTHING = Step()


class Watcher(Protocol):
    """A module of this package that watches cases for one thing.

    Once what `due` asks for is recorded, `next_at` names a later time than now, or none: a watcher is not
    asked twice about the same thing. `case` is as the watchers before have left it.
    """

    def next_at(self, facts: Facts, case: Case) -> datetime | None:
        """When the case is to be looked at next; None while there is nothing to wait for."""

    def due(self, facts: Facts, case: Case) -> Step:
        """What is due at `facts.now`, however long ago it became so."""
