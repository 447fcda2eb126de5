"""What happened on a case, as `show` tells it to an agent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from cases.rules.rulebook import Rulebook
from cases.saying import Say
from cases.told_agents import fact_said, name_of
from store.models import Case, Event, EventKind
from store.values import SOFTWARE

MOST_EVENTS = 100
"""Of them the newest."""
UNTOLD = frozenset(
    {
        EventKind.SENT,
        EventKind.REFUSED,
        EventKind.LOOKED,
        EventKind.HELPED,
        EventKind.ALERT,
        EventKind.TIMER_SKIPPED,
    }
)
"""What happens all the time and says nothing of the case; its letters are listed by themselves."""
_OWED = {EventKind.PROMISE_KEPT, EventKind.OFFERED, EventKind.PAID, EventKind.WITHDRAWN, EventKind.COMMITTED}
IN_WORDS = frozenset({EventKind.NOTED, *_OWED})
"""Events whose text is what a person wrote."""
_NUMBER = re.compile(r"#\d+")
_TO_WHOM = re.compile(r"^to (?P<who>\S+?@[^\s,;:]+)(?::\s*(?P<why>.*))?", re.DOTALL)
_BY_WHEN = re.compile(r"^(?P<what>.*), by (?P<until>\S+)$", re.DOTALL)
_OF_A_VERSION = re.compile(r"^version \d+: ")


def happened(events: Sequence[Event], case: Case, rulebook: Rulebook) -> Iterator[Say]:
    """What happened, day by day as the firm's clock goes; the events' own text is for the log."""
    told = [event for event in events if event.kind not in UNTOLD][-MOST_EVENTS:]
    if told:
        yield Say("show-events")
    zone = ZoneInfo(rulebook.calendar.time_zone)
    for day, those in groupby(told, lambda event: event.at.astimezone(zone).date()):
        yield Say("show-day", {"day": day})
        for event in those:
            yield Say("show-event", _event(event, case, rulebook))


def _event(event: Event, case: Case, rulebook: Rulebook) -> dict[str, Any]:
    """What happened, by whom, and the rest of it that a letter can say in its reader's language."""
    values = {"at": event.at, "kind": event.kind.value, "actor": _actor(event, case, rulebook)}
    rest = {"text": "", "what": "", "before": "", "after": "", "until": None}
    return values | rest | _rest(event, event.data or {}, rulebook)


def _actor(event: Event, case: Case, rulebook: Rulebook) -> str | Say:
    if event.actor == SOFTWARE:
        return Say("show-by-itself")
    if event.actor == case.customer:
        return case.customer_name or case.customer
    return name_of(event.actor, rulebook)


def _rest(event: Event, data: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    """What stands behind an event: a person's words, a number, a name, a value or a time."""
    kind, text = event.kind, event.text
    if kind in (EventKind.CHANGED, EventKind.CORRECTED) and "to" in data:
        what = data.get("what", "category")
        return {"what": what, "before": data.get("from", ""), "after": data["to"]}
    if kind in (EventKind.FACT, EventKind.NO_FACT) and "values" in data:
        return {"text": fact_said(str(data["name"]), data["values"], rulebook)}
    if kind is EventKind.SNOOZED and "until" in data:
        return {"until": datetime.fromisoformat(data["until"])}
    if kind in (EventKind.ASSIGNED, EventKind.ESCALATED) and (found := _TO_WHOM.match(text)):
        why = (found["why"] or "").strip() if kind is EventKind.ESCALATED else ""
        return {"text": ": ".join(part for part in (name_of(found["who"], rulebook), why) if part)}
    return {"text": _figures(kind, data) or _words(kind, text)}


def _figures(kind: EventKind, data: Mapping[str, Any]) -> str | Say:
    """A score with its comment, or which holding update it was; "" of anything else."""
    if kind in (EventKind.CHECK_IN_GOOD, EventKind.CHECK_IN_LOW) and "score" in data:
        return ": ".join(part for part in (f"{data['score']}/5", data.get("comment", "")) if part)
    if kind is EventKind.HOLDING_SENT and "count" in data:
        until = data.get("until")
        return Say(
            "show-held", {"count": data["count"], "next": datetime.fromisoformat(until) if until else None}
        )
    return ""


def _words(kind: EventKind, text: str) -> str:
    """What a person wrote, or the number of another case."""
    if kind is EventKind.PROMISED and (found := _BY_WHEN.match(text)):
        return found["what"]
    if kind in (EventKind.MERGED, EventKind.TOOK_IN, EventKind.SPLIT):
        return "".join(_NUMBER.findall(text)[:1])
    if kind is EventKind.REJECTED:
        return _OF_A_VERSION.sub("", text)
    return text if kind in IN_WORDS else ""
