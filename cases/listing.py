"""Lists of cases and figures for agents: `queue`, `mine`, `search`, `stats`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.facts import Listing
from cases.rulebook import Rulebook
from cases.saying import Say
from cases.showing import name_of
from store.models import Case

MOST = 50
"""Cases of one list."""
Cell = str | Say


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    cases: Sequence[Case]
    looked_at: int
    """Cases that were looked through."""
    all_of_them: bool
    """Whether none was left out for want of time."""


@dataclass(frozen=True, slots=True)
class Week:
    """The figures of the last seven days, and of what waits now."""

    by_category: Sequence[tuple[str, int]]
    waiting: int
    oldest: Case | None
    scores: Sequence[int]


def queue(cases: Sequence[Case], count: int, rulebook: Rulebook) -> Listing:
    """What waits for a person, in the order to take it; `count` is how many there are in all."""
    return _cases(Say("queue", {"count": count, "shown": min(len(cases), MOST)}), cases, rulebook)


def mine(cases: Sequence[Case], count: int, rulebook: Rulebook) -> Listing:
    """What waits for one agent."""
    return _cases(Say("mine", {"count": count, "shown": min(len(cases), MOST)}), cases, rulebook)


def _cases(title: Say, cases: Sequence[Case], rulebook: Rulebook) -> Listing:
    columns = ("number", "severity", "customer", "subject", "deadline", "assignee")
    return Listing(title, columns, tuple(_waiting(one, rulebook) for one in cases[:MOST]))


def _waiting(case: Case, rulebook: Rulebook) -> tuple[Cell, ...]:
    return (
        _number(case),
        Say("cell-severity", {"severity": case.severity.value}),
        _customer(case),
        case.subject,
        Say("cell-moment", {"at": case.deadline_at}),
        Say("cell-agent", {"agent": name_of(case.assignee, rulebook)}),
    )


def search(words: str, found: Found, rulebook: Rulebook) -> Listing:
    """The cases that have all these words, open ones first."""
    title = Say(
        "search",
        {"words": words, "count": len(found.cases), "looked": found.looked_at, "complete": found.all_of_them},
    )
    columns = ("number", "status", "customer", "subject", "opened", "assignee")
    rows = tuple(
        (
            _number(case),
            Say("cell-status", {"status": case.status.value}),
            _customer(case),
            case.subject,
            Say("cell-moment", {"at": case.opened_at}),
            Say("cell-agent", {"agent": name_of(case.assignee, rulebook)}),
        )
        for case in found.cases
    )
    return Listing(title, columns, rows)


def stats(week: Week, since: datetime) -> Listing:
    """What came in, what waits, and how satisfied customers were."""
    average = round(sum(week.scores) / len(week.scores), 1) if week.scores else None
    oldest = week.oldest
    parts = (
        Say("stats-waiting", {"count": week.waiting}),
        *((Say("stats-oldest", {"number": oldest.number, "opened": oldest.opened_at}),) if oldest else ()),
        Say("stats-satisfied", {"average": average, "count": len(week.scores)}),
    )
    title = Say("stats", {"count": sum(count for _, count in week.by_category), "since": since})
    rows = tuple((name, Say("cell-count", {"count": count})) for name, count in week.by_category)
    return Listing(title, ("category", "count"), rows, parts)


def _number(case: Case) -> Say:
    return Say("cell-number", {"number": case.number})


def _customer(case: Case) -> Cell:
    return case.customer_name or case.customer or Say("cell-unknown")
