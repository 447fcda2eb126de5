"""A report of a made-up history, as the tests look at it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from cases.rules.types import Agent
from engine.reporting import Report, Wish, report
from store import ledger
from store.database import Database, opened
from store.models import SignalKind
from store.values import NewRow, Recording
from tests.histories import END, NOA, SAM, History
from tests.shipped import TEMPLATES, rules

LANGUAGES = ("ar", "en", "fa", "he")
PEOPLE = (
    Agent(address=SAM, name="Sam", roles=("agent", "admin")),
    Agent(address=NOA, name="Noa", roles=("agent",), languages=("he",)),
)


@contextmanager
def told(seed: int = 7) -> Iterator[Database]:
    """A database with a history in it, and a signal."""
    with tempfile.TemporaryDirectory() as folder, opened(f"sqlite:///{folder}/peygir.sqlite3") as database:
        with database.write() as session:
            History(session, Random(seed)).tell(60, 300)
            told_of: dict[str, Any] = {
                "key": "s1",
                "name": "parcels <b>",
                "kind": SignalKind.CLUSTER,
                "category": "lost,damaged",
            }
            told_of |= {"fact": {"product": "kettle & <i>"}, "terms": ["no <u>light", "چراغ"], "count": 7}
            when = END - timedelta(days=2)
            told_of |= {"expected": 1.5, "since": when, "raised_at": when, "cases": [1001], "told": [SAM]}
            ledger.record(session, Recording(rows=(NewRow("signal", told_of),)), now=END)
        yield database


@cache
def made(language: str, *, by_agent: bool = True) -> Report:
    """The report of that history's last days, in a language."""
    rulebook = replace(rules(), agents=PEOPLE)
    wish = Wish("28 days", language=language, agent=PEOPLE[0] if by_agent else PEOPLE[1])
    with told() as database:
        return report(database, rulebook, TEMPLATES, wish, END)
