"""Lists of cases and figures for agents: `queue`, `mine`, `search`, `stats`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.facts import Listing
from cases.rules.rulebook import Rulebook
from cases.saying import Say
from cases.told_agents import name_of
from store.models import Case

MOST = 50
"""Cases of one list."""
LONGEST_SEARCH = 200
"""Characters of a search: nobody remembers more, and a database refuses to look for very much at once."""
NOTHING = "–"
"""Where a mail has no subject."""
Cell = str | Say
WAITING_COLUMNS = ("number", "severity", "customer", "subject", "deadline")


@dataclass(frozen=True, slots=True)
class Week:
    """The figures of the last seven days, and of what waits now."""

    by_category: Sequence[tuple[str, int]]
    waiting: int
    oldest: Case | None
    scores: Sequence[int]


def queue(
    cases: Sequence[Case], count: int, rulebook: Rulebook, now: datetime, to_change: int = 0
) -> Listing:
    """What waits for a person, in the order to take it; `count` is how many there are in all, `to_change` how
    much the firm has still to change."""
    title = Say("queue", {"count": count, "shown": min(len(cases), MOST)})
    rows = ((*waiting(one, now), _assignee(one, rulebook)) for one in cases[:MOST])
    below = (Say("commitments-open", {"count": to_change}),) if to_change else ()
    return Listing(title, (*WAITING_COLUMNS, "assignee"), tuple(rows), below)


def mine(cases: Sequence[Case], count: int, now: datetime) -> Listing:
    """What waits for one agent."""
    title = Say("mine", {"count": count, "shown": min(len(cases), MOST)})
    return Listing(title, WAITING_COLUMNS, tuple(waiting(one, now) for one in cases[:MOST]))


def waiting(case: Case, now: datetime) -> tuple[Cell, ...]:
    """The row of one case that waits."""
    due = case.deadline_at
    return (
        _number(case),
        Say("cell-severity", {"severity": case.severity.value}),
        _customer(case),
        case.subject or NOTHING,
        Say("cell-deadline", {"at": due, "overdue": due is not None and due < now}),
    )


def search(words: str, cases: Sequence[Case], rulebook: Rulebook, *, complete: bool) -> Listing:
    """The cases that have all these words, open ones first; `complete` where there are no others."""
    if not cases:
        nothing = Say("nothing-found", {"words": words, "complete": complete})
        return Listing(Say("search", {"words": words, "count": 0, "complete": True}), parts=(nothing,))
    title = Say("search", {"words": words, "count": len(cases), "complete": complete})
    columns = ("number", "status", "customer", "subject", "opened", "assignee")
    rows = tuple(
        (
            _number(case),
            Say("cell-status", {"status": case.status.value, "merged": case.merged_into}),
            _customer(case),
            case.subject or NOTHING,
            Say("cell-moment", {"at": case.opened_at}),
            _assignee(case, rulebook),
        )
        for case in cases
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
    rows = tuple(
        (Say("cell-category", {"category": name}), Say("cell-count", {"count": count}))
        for name, count in week.by_category
    )
    return Listing(title, ("category", "count"), rows, parts)


def _number(case: Case) -> Say:
    return Say("cell-number", {"number": case.number})


def _assignee(case: Case, rulebook: Rulebook) -> Say:
    return Say("cell-agent", {"agent": name_of(case.assignee, rulebook)})


def _customer(case: Case) -> Cell:
    if not case.customer:
        return Say("cell-no-address", {"name": case.customer_name})
    return case.customer_name or case.customer
