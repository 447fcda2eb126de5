"""The page's figures once more: counted from raw events and from the letters that left, without a query.

Each figure is worked out in its own plain way and compared with the row of the page's table that says it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bench.quarter.firm import AGENTS
from bench.quarter.letters import Got
from bench.quarter.lives import CLOSED, RESOLVED, WAITS, Life
from bench.quarter.plainly import Key, content_of, each, is_same, outcome_of, wait_of, within
from bench.quarter.records import Happened, Records

Row = Mapping[str, Any]
ZONE = ZoneInfo("Europe/London")
SCORED, ENDED = ("check-in-good", "check-in-low"), ("resolved", "closed-by-agent")
SEEN_NO_MORE = ("opened", "customer-wrote", "check-in-low")
AGES = (1, 3, 7, 14, 30)
MOST_TOGETHER, MOST_OLDEST = 25, 10


@dataclass
class Counts:
    """All that is counted of one time; `lives` says how each case went."""

    records: Records
    got: Sequence[Got]
    lives: Mapping[int, Life]
    first: date
    last: date
    now: datetime
    tables: dict[str, dict[Key, Any]] = field(default_factory=dict)

    def holds(self, at: datetime | None) -> bool:
        """Whether a moment lies in the time, by the firm's clock."""
        return at is not None and self.first <= at.astimezone(ZONE).date() <= self.last

    def came(self) -> list[Life]:
        return [one for one in self.lives.values() if self.holds(one.opened_at)]

    def count(self, page: Mapping[str, Sequence[Row]]) -> Iterator[str]:
        """What differs from the page."""
        said = {**self._volumes(page), **self._times(), **self._outcomes(), **self._customers()}
        said |= {**self._queue(), **self._agents()}
        for name, (columns, values, ours) in said.items():
            theirs = {
                tuple(row[one] for one in columns): tuple(row[one] for one in values)
                for row in page[name]
                if row.get("of") != "before"
            }
            for key in sorted({*ours, *theirs}, key=str):
                mine, shown = ours.get(key), theirs.get(key)
                if not is_same(mine, shown):
                    yield f"{name} {key}: the page says {shown}, counted were {mine}"

    # -- volumes and causes

    def _volumes(self, page: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
        came = self.came()
        kinds = ("complaint", "praise", "question", "other")
        days = Counter((one.opened_at.astimezone(ZONE).date(), one.kind) for one in came)
        causes = Counter((one.cause_name, one.kind) for one in came)
        by_day = Counter((one.opened_at.astimezone(ZONE).date(), one.cause_name, one.kind) for one in came)
        parts = [(row["from"], row["to"]) for row in page["volumes"]]
        language = {
            one.case: one.text.removeprefix("in ")
            for one in self.records.events
            if one.kind == "acknowledged"
        }
        return {
            "volumes": (
                ("from", "to"),
                (*kinds, "all"),
                {part: (*(n := [within(part, days, kind) for kind in kinds]), sum(n)) for part in parts},
            ),
            "kinds": (
                ("kind",),
                ("cases",),
                {(kind,): (sum(one.kind == kind for one in came),) for kind in kinds},
            ),
            "severity": (("severity",), ("cases",), each(one.severity for one in came)),
            "language": (("language",), ("cases",), each(language[one.number] for one in came)),
            "causes": (("cause", "kind"), ("cases",), {key: (n,) for key, n in causes.items()}),
            "causes_by_time": (
                ("cause", "kind", "from", "to"),
                ("cases",),
                {(*key, *part): (within(part, by_day, *key),) for key in causes for part in parts},
            ),
            "causes_with_facts": (
                ("cause", "fact", "value"),
                ("cases",),
                self._facts({one.number: one for one in came}),
            ),
        }

    def _facts(self, came: Mapping[int, Life]) -> dict[Key, Any]:
        named = [
            (came[number].cause_name, name, value)
            for number, name, value in self.records.facts
            if name in ("product", "place", "feature", "person")
            and number in came
            and came[number].kind == "complaint"
        ]
        most = sorted(Counter(named).items(), key=lambda one: (-one[1], one[0]))
        return {key: (count,) for key, count in most[:MOST_TOGETHER]}

    # -- how long it took

    def _times(self) -> dict[str, Any]:
        ends = {
            "acknowledgement": self._first_left("ack"),
            "answer": self._first_left("answer"),
            "resolution": {
                one.number: one.resolved_at
                for one in self.lives.values()
                if one.resolved_at is not None and one.status in (RESOLVED, CLOSED)
            },
        }
        values = ("cases", "median", "p90", "work_median", "work_p90")
        return {
            f"time_to_{name}": (("of", "cause"), values, self._waits(those)) for name, those in ends.items()
        }

    def _first_left(self, kind: str) -> dict[int, datetime]:
        found: dict[int, datetime] = {}
        for one in self.got:
            if one.kind == kind and one.case is not None:
                found.setdefault(one.case, one.at)
        return found

    def _waits(self, ends: Mapping[int, datetime]) -> dict[Key, Any]:
        those = [(self.lives[number], at) for number, at in ends.items() if self.holds(at)]
        causes = {one.cause_name for one, _ in those}
        found: dict[Key, Any] = {("all", ""): wait_of(those)}
        return found | {
            ("cause", cause): wait_of([t for t in those if t[0].cause_name == cause]) for cause in causes
        }

    # -- what became of deadlines and promises

    def _outcomes(self) -> dict[str, Any]:
        found: dict[Key, Any] = {}
        for which in ("answer", "resolve", "final"):
            kept = [
                (one.cause_name, one.outcome(which, self.now))
                for one in self.lives.values()
                if self._due(one, which)
            ]
            found[which, "all", ""] = outcome_of(state for _, state in kept)
            for cause in {name for name, _ in kept}:
                found[which, "cause", cause] = outcome_of(state for name, state in kept if name == cause)
        vows = Counter(
            vow.outcome(self.now) for one in self.lives.values() for vow in one.vows if self.holds(vow.due)
        )
        promises = {("all",): tuple(vows[name] for name in ("kept", "late", "missed", "running"))}
        return {
            "deadlines": (("which", "of", "cause"), ("kept", "missed", "running"), found),
            "promises": (("of",), ("kept", "late", "missed", "running"), promises),
        }

    def _due(self, life: Life, which: str) -> bool:
        return which in life.deadlines and self.holds(life.deadlines[which].by)

    # -- what customers said

    def _customers(self) -> dict[str, Any]:
        asked = answered = 0
        last: dict[int, int] = {}
        ended: list[tuple[str, bool]] = []
        for number, events in self.records.of_case.items():
            first = next(
                (n for n, e in enumerate(events) if e.kind == "check-in-sent" and self.holds(e.at)), None
            )
            if first is not None:
                asked += 1
                answered += any(one.kind in SCORED for one in events[first:])
            scores = [one.data["score"] for one in events if one.kind in SCORED and self.holds(one.at)]
            if scores:
                last[number] = scores[-1]
            end = next((n for n, e in enumerate(events) if e.kind in ENDED and self.holds(e.at)), None)
            if end is not None:
                again = any(one.kind == "reopened" for one in events[end:])
                ended.append((self.lives[number].cause_name, again))
        causes = {self.lives[number].cause_name for number in last}
        content: dict[Key, Any] = {("all", ""): content_of(last.values())}
        for cause in causes:
            content["cause", cause] = content_of(
                n for case, n in last.items() if self.lives[case].cause_name == cause
            )
        reopened: dict[Key, Any] = {("all", ""): (len(ended), sum(again for _, again in ended))}
        for cause in {name for name, _ in ended}:
            theirs = [again for name, again in ended if name == cause]
            reopened["cause", cause] = len(theirs), sum(theirs)
        return {
            "check_ins": ((), ("asked", "answered"), {(): (asked, answered)}),
            "scores": (
                ("score",),
                ("customers",),
                {(score,): (sum(one == score for one in last.values()),) for score in range(1, 6)},
            ),
            "satisfaction": (("of", "cause"), ("satisfied", "answered"), content),
            "reopened": (("of", "cause"), ("ended", "reopened"), reopened),
            "compensation": (
                ("currency", "compensation"),
                ("offered", "offered_sum", "paid", "paid_sum", "owed", "owed_sum"),
                self._money(),
            ),
        }

    def _money(self) -> dict[Key, Any]:
        sums: dict[str, list[Decimal]] = {"offered": [], "paid": [], "owed": []}
        for events in self.records.of_case.values():
            owed: list[Decimal] = []
            for one in events:
                if one.kind in ("offered", "paid"):
                    amount = Decimal(str(one.data["amount"]))
                    if self.holds(one.at):
                        sums[one.kind].append(amount)
                    (owed.append if one.kind == "offered" else owed.remove)(amount)
            sums["owed"] += owed
        row = tuple(part for those in sums.values() for part in (len(those), f"{sum(those):.2f}"))
        return {("EUR", ""): row, ("EUR", "refund"): row} if any(sums.values()) else {}

    # -- what waits

    def _queue(self) -> dict[str, Any]:
        waiting = [one for one in self.lives.values() if one.status == WAITS]
        overdue = sum(one.deadlines["answer"].by < self.now for one in waiting)
        unseen = sum(self._is_unseen(self.records.of_case[one.number]) for one in waiting)
        ages = [(self.now - one.opened_at) / timedelta(days=1) for one in waiting]
        bounds = [(0, AGES[0]), *pairwise(AGES), (AGES[-1], None)]
        oldest = sorted(waiting, key=lambda one: (one.opened_at, one.number))[:MOST_OLDEST]
        return {
            "queue": (
                (),
                ("waiting", "unassigned", "unseen", "overdue", "put_off"),
                {(): (len(waiting), 0, unseen, overdue, 0)},
            ),
            "queue_by_severity": (
                ("severity",),
                ("waiting",),
                {
                    (name,): (sum(one.severity == name for one in waiting),)
                    for name in ("low", "normal", "high", "urgent")
                },
            ),
            "queue_by_age": (
                ("from", "to"),
                ("waiting",),
                {(a, b): (sum(a <= one and (b is None or one < b) for one in ages),) for a, b in bounds},
            ),
            "oldest": (
                ("case",),
                ("opened", "deadline", "severity", "cause", "agent"),
                {
                    (one.number,): (
                        *(one.opened_at.isoformat(), one.deadlines["answer"].by.isoformat()),
                        *(one.severity, one.cause_name, one.assignee),
                    )
                    for one in oldest
                },
            ),
        }

    def _is_unseen(self, events: Sequence[Happened]) -> bool:
        """Whether no agent did anything since the customer last wrote."""
        for one in reversed(events):
            if one.kind in SEEN_NO_MORE:
                return True
            if "@peygir" in one.actor and one.kind != "refused":
                return False
        return True

    def _agents(self) -> dict[str, Any]:
        approved = Counter(
            one.actor for one in self.records.events if one.kind == "approved" and self.holds(one.at)
        )
        waiting = Counter(one.assignee for one in self.lives.values() if one.status == WAITS)
        everybody = {*approved, *waiting, *(one.assignee for one in self.lives.values())}
        rows = {(who,): (approved[who], waiting[who]) for who in everybody}
        rows |= {(one.address,): (0, 0) for one in AGENTS if (one.address,) not in rows}
        return {"agents": (("agent",), ("approved", "waiting"), rows)}
