"""Who is told that something is done, who is left out, and why (D18, D22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.issues import is_of_cause
from cases.known import Candidate
from cases.saying import Say
from cases.sendable import sendable
from store.models import ENDED, KnownIssue
from store.values import canonical

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Left:
    """A case whose customer is not told."""

    number: int
    why: Say


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a batch is for: each customer once."""

    told: tuple[Candidate, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The cases in which the customers are told."""
        return tuple(one.case.number for one in self.told)


def why_not(one: Candidate, issue: KnownIssue | None = None) -> Say | None:
    """Why the customer of a case is not told; None when they are. With no issue it is about a commitment."""
    case = one.case
    if case.merged_into is not None:
        return Say("left-merged", {"number": case.merged_into})
    if case.spam:
        return Say("left-spam")
    if issue is not None and (because := _not_concerned(one, issue)):
        return because
    if not sendable(case.customer):
        return Say("left-no-address")
    if one.opted_out:
        return Say("left-opted-out")
    return Say("left-came-back") if one.unreachable else None


def _not_concerned(one: Candidate, issue: KnownIssue) -> Say | None:
    row = one.row
    if row is None or row.removed:
        return Say("left-not-concerned")
    if row.told_fixed_at is not None:
        return Say("left-told")
    if not row.by and not is_of_cause(issue, one.case, one.facts):
        return Say("left-other-cause")
    return None


def audience(candidates: Sequence[Candidate], issue: KnownIssue | None = None) -> Audience:
    """Whom to tell: of several cases of one customer in the one that goes on, or the newest."""
    reasons = {one.case.number: why_not(one, issue) for one in candidates}
    may = [one for one in candidates if reasons[one.case.number] is None]
    chosen: dict[str, Candidate] = {}
    for one in sorted(may, key=lambda one: (one.case.status not in ENDED, one.case.number)):
        chosen[canonical(one.case.customer)] = one
    left = []
    for one in candidates:
        why, other = reasons[one.case.number], chosen.get(canonical(one.case.customer))
        if why is None and other is not one and other is not None:
            why = Say("left-same-customer", {"number": other.case.number})
        if why is not None:
            left.append(Left(one.case.number, why))
    numbers = {one.case.number for one in chosen.values()}
    return Audience(tuple(one for one in candidates if one.case.number in numbers), tuple(left))


def moments(count: int, now: datetime, busy_until: datetime | None, an_hour: int) -> Iterator[datetime]:
    """When each letter of a batch leaves: at a gentle rate, behind those of an earlier batch."""
    step = HOUR / an_hour
    begins = max(now, busy_until or now)
    return (begins + step * turn for turn in range(1, count + 1))
