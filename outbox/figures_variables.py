"""What the letter with the figures of the firm may say: its variables, with a sample of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from outbox import agents_samples as samples
from outbox.variable import AGENT_NAME, FIRM, NOON, Variable


def _against(name: str, count: int, before: int) -> dict[str, Any]:
    return {"name": name, "count": count, "before": before}


def _kept(name: str, kept: int, decided: int, kept_before: int, decided_before: int) -> dict[str, Any]:
    percent = round(100 * kept / decided) if decided else 0
    then = {"kept_before": kept_before, "decided_before": decided_before}
    return {
        "name": name,
        "kept": kept,
        "decided": decided,
        **then,
        "missed": decided - kept,
        "percent": percent,
    }


_NONE, _NONE_KEPT = _against("", 0, 0), _kept("", 0, 0, 0, 0)
_SIGNAL: dict[str, Any] = {
    "kind": "growth",
    "categories": ("damaged",),
    "facts": ({"name": "product", "kind": "product", "value": "lamp"},),
    "terms": (),
    "count": 12,
    "expected": 1.5,
    "since": NOON,
    "new": True,
}
_SIGNALS = (
    _SIGNAL,
    {**_SIGNAL, "kind": "threshold", "facts": (), "expected": None, "new": False},
    {**_SIGNAL, "kind": "threshold", "categories": (), "facts": (), "expected": None},
    {**_SIGNAL, "kind": "cluster", "categories": (), "facts": (), "terms": ("payment", "page")},
)
_CASE = {"number": 1042, "opened": NOON, "deadline": NOON, "severity": "high", "link": samples.WAITS["link"]}
_DEADLINES = (
    _kept("answer", 9, 12, 10, 10),
    _kept("resolve", 4, 4, 0, 0),
    _kept("final", 1, 2, 3, 3),
)
_BEFORE = "on the days that they are compared with"

AGENT_FIGURES = {
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "weekly": Variable("whether these come once a week; else on each working day", True, False),
    "first": Variable("the first day that they tell of", date(2026, 11, 16), others=(date(2026, 11, 22),)),
    "last": Variable("the last one", date(2026, 11, 22)),
    "before_first": Variable("the first day that they are compared with", date(2026, 11, 9)),
    "before_last": Variable("the last one", date(2026, 11, 15), others=(date(2026, 11, 9),)),
    "nothing": Variable("whether nothing happened in these days, and nothing waits", True, False),
    "received": Variable(
        f"how many cases came in: .count, and .before {_BEFORE}", _against("", 42, 30), _NONE
    ),
    "answers": Variable("how many answers were approved, likewise", _against("", 38, 31), _NONE),
    "ended": Variable("how many cases agents ended, likewise", _against("", 29, 29), _NONE),
    "kinds": Variable(
        "how many of each kind came in, each with .name, .count and .before",
        (_against("complaint", 30, 25), _against("question", 8, 5), _against("praise", 4, 0)),
        (),
    ),
    "causes": Variable(
        "the most frequent causes of complaints, likewise",
        (_against("late", 14, 15), _against("damaged", 9, 2)),
        (),
    ),
    "signals": Variable(
        "what grows, each with .kind, .categories, .facts, .terms, .count, .expected, .since, and .new (told "
        "in these days)",
        _SIGNALS,
        (),
    ),
    "waiting": Variable("how many cases wait for a person now", 14, 0),
    "unassigned": Variable("how many of them have no agent", 2, 0),
    "overdue": Variable("how many of them are past their deadline", 3, 0),
    "put_off": Variable("how many of them were put off", 1, 0),
    "cases": Variable(
        "those that have waited longest, each with .number, .opened, .deadline, .severity and .link",
        (_CASE, {**_CASE, "number": 1043, "deadline": None}),
        (),
    ),
    "deadlines": Variable(
        "what became of deadlines of these days, by .name (answer, resolve, final), each with .kept, "
        f".decided, .missed, .percent, and .kept_before and .decided_before {_BEFORE}",
        _DEADLINES,
        (),
    ),
    "promised": Variable("what became of promises, likewise", _kept("", 5, 6, 7, 7), _NONE_KEPT),
    "missed": Variable("how many deadlines and promises were missed, together", 5, 0),
    "asked": Variable("how many customers were asked whether all is well", 20, 0),
    "satisfied": Variable(
        "how many of those who answered (.decided) are satisfied (.kept), likewise",
        _kept("", 9, 12, 5, 8),
        _NONE_KEPT,
    ),
    "buttons": Variable("commands as (label, mailto link, what it does)", (samples.BUTTON,), ()),
    "commands": Variable("commands in words, as (name, usage, summary)", (samples.COMMAND,), ()),
}
