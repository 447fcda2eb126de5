"""When admins are told of a trouble of the operation: once, then now and then, and that it is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.saying import Say
from language.problem import Problem
from store.models import Alert, AlertPhase, AlertState

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR)
"""Between two mails about the same trouble; the last is the longest."""
AGAIN = 30 * MINUTE
"""What comes back within so long is the same trouble as before, not a new one."""
CALM, LONGEST_CALM = MINUTE, 20 * MINUTE
"""How long it must be over before that is told; longer for what comes back again and again."""
UNSEEN = 6 * HOUR
"""After so long without anybody noticing it, it is taken to be over."""
SEEN = MINUTE
"""It is noted no more often that it goes on."""
BURST, BETWEEN = 3, 15 * MINUTE
"""Mails in a row, and then one in so long however much is wrong: each tells all that is due."""
AWAITED = 10
"""Mails in a row where somebody waits for them."""
MOST = 20
"""Troubles that one mail names; of more it says how many."""
KEPT = timedelta(days=30)
"""How long it is known what was told."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is special about the troubles of a kind."""

    says: str = "alert-other"
    """The sentence that names it."""
    grace: timedelta = timedelta(0)
    """How long it must last until somebody is told: what passes by itself is in the log."""
    awaited: bool = False
    """Somebody is at it: other words are told at once, and so is its end."""
    over: str = ""
    """The sentence that it is over, where there is one of its own."""


KINDS: Mapping[str, Kind] = {
    "mailbox": Kind("alert-mailbox", 5 * MINUTE),
    "filing": Kind("alert-filing", 15 * MINUTE),
    "sending": Kind("alert-sending", 5 * MINUTE),
    "database": Kind("alert-database", MINUTE),
    "files": Kind("files-wrong", awaited=True, over="files-right"),
    "token": Kind("alert-oauth"),
    "disk": Kind("alert-disk"),
    "clock": Kind("alert-clock", 2 * MINUTE),
    "scanner": Kind("alert-scanner", 5 * MINUTE),
    "hung": Kind("alert-hung"),
    "held": Kind("alert-held"),
    "second": Kind("alert-second", 5 * MINUTE),
}
"""A key begins with its kind: "mailbox/complaints@example.com/INBOX"; any other is told as it stands."""
OTHER = Kind()


def kind_of(key: str) -> str:
    """The kind of trouble that a key names."""
    return key.partition("/")[0]


def _kind(key: str) -> Kind:
    return KINDS.get(kind_of(key), OTHER)


def headline(key: str) -> Say:
    """What is wrong, in a few words; what it is about, such as the mailbox, stands behind the kind."""
    kind, _, about = key.partition("/")
    return Say(KINDS[kind].says, {"name": about}) if kind in KINDS else Say(OTHER.says, {"name": key})


# -- noticing


def noticed(
    known: Alert | None, key: str, words: str, problems: Sequence[Problem], now: datetime
) -> Mapping[str, Any] | None:
    """The values that an alert has once its trouble was noticed; None where nothing changes."""
    rows = [[one.file, one.line, one.column, one.message] for one in problems]
    said = {"state": AlertState.OPEN, "seen_at": now, "ended_at": None, "words": words, "problems": rows}
    if known is None or _is_long_over(known, now):
        return said | {
            "key": key,
            "since": now,
            "times": 1,
            "told": 0,
            "told_at": None,
            "told_as": AlertPhase.NOTHING,
        }
    other = (known.words, known.problems) != (words, rows)
    if known.state is not AlertState.OPEN:
        said["times"] = known.times + 1
    elif now - known.seen_at < SEEN and not other:
        return None
    if other and _kind(key).awaited:
        said |= {"told": 0, "told_at": None}
    return said


def _is_long_over(alert: Alert, now: datetime) -> bool:
    over = alert.state is not AlertState.OPEN and alert.ended_at is not None
    return over and now - (alert.ended_at or now) >= AGAIN


def ended(known: Alert | None, now: datetime) -> Mapping[str, Any] | None:
    """The values that an alert has once its trouble is over; None where nothing changes."""
    if known is None or known.state is not AlertState.OPEN:
        return None
    return {"state": AlertState.ENDED, "ended_at": now}


# -- telling


@dataclass(frozen=True, slots=True)
class News:
    """An alert, and what is to be told of it."""

    alert: Alert
    phase: AlertPhase


def due(alert: Alert, now: datetime) -> AlertPhase:
    """What is to be told of an alert now; NOTHING where it is nothing."""
    if alert.state is AlertState.ENDED:
        return AlertPhase.RECOVERED if _is_calm(alert, now) else AlertPhase.NOTHING
    if alert.state is AlertState.OVER:
        return AlertPhase.NOTHING
    if now - alert.seen_at >= UNSEEN:
        return AlertPhase.UNSEEN
    if alert.told == 0:
        grace = _kind(alert.key).grace
        return AlertPhase.BEGUN if now - alert.since >= grace else AlertPhase.NOTHING
    pause = PAUSES[min(alert.told, len(PAUSES)) - 1]
    late = alert.told_at is None or now - alert.told_at >= pause
    return AlertPhase.STILL if late else AlertPhase.NOTHING


def _is_calm(alert: Alert, now: datetime) -> bool:
    """Whether it has been over for long enough to be believed."""
    calm = timedelta(0) if _kind(alert.key).awaited else min(CALM * alert.times, LONGEST_CALM)
    return now - (alert.ended_at or now) >= calm


def ends_unsaid(alert: Alert, phase: AlertPhase) -> bool:
    """Whether nobody need be told that it is over: nobody knows that it was."""
    over = phase in (AlertPhase.RECOVERED, AlertPhase.UNSEEN)
    return over and alert.told_as not in (AlertPhase.BEGUN, AlertPhase.STILL)


def after(alert: Alert, phase: AlertPhase, now: datetime) -> Mapping[str, Any]:
    """The values that an alert has once this was told, or need not be."""
    if phase in (AlertPhase.RECOVERED, AlertPhase.UNSEEN):
        over = {"state": AlertState.OVER, "ended_at": alert.ended_at or now}
        return over if ends_unsaid(alert, phase) else over | {"told_at": now, "told_as": phase}
    return {"told": alert.told + 1, "told_at": now, "told_as": phase}


def may_tell(news: Sequence[News], before: Iterable[datetime], now: datetime) -> bool:
    """Whether one more mail may go: a few in a row, and then one now and then with all that is due."""
    lately = sorted(at for at in before if now - at < BURST * BETWEEN)
    most = AWAITED if any(_kind(one.alert.key).awaited for one in news) else BURST
    return len(lately) < most or now - lately[-1] >= BETWEEN


@dataclass(frozen=True, slots=True)
class Told:
    """One mail: its headline, a line for each further thing, and mistakes in files."""

    headline: Say
    lines: tuple[str | Say, ...]
    problems: tuple[Problem, ...]
    when: datetime | None


def in_one_mail(news: Sequence[News]) -> Told:
    """What a mail says that tells all of this."""
    named = news[:MOST]
    problems = tuple(Problem(*row) for one in named if _goes_on(one) for row in one.alert.problems)
    if len(news) == 1:
        [one] = news
        words = (one.alert.words,) if _goes_on(one) and one.alert.words else ()
        return Told(_said(one), words, problems, one.alert.since)
    left = len(news) - len(named)
    more = (Say("alerts-more", {"count": left}),) if left else ()
    lines = (*(_line(one) for one in named), *more)
    return Told(Say("alerts-many", {"count": len(news)}), lines, problems, None)


def _goes_on(news: News) -> bool:
    return news.phase in (AlertPhase.BEGUN, AlertPhase.STILL)


def _said(news: News) -> Say:
    alert, what = news.alert, headline(news.alert.key)
    values = {"what": what, "since": alert.since, "times": alert.times}
    match news.phase:
        case AlertPhase.STILL:
            return Say("alert-still", values)
        case AlertPhase.RECOVERED if over := _kind(alert.key).over:
            return Say(over)
        case AlertPhase.RECOVERED:
            return Say("alert-recovered", values | {"until": alert.ended_at})
        case AlertPhase.UNSEEN:
            return Say("alert-unseen", values | {"until": alert.seen_at})
    return what


def _line(news: News) -> Say:
    words = news.alert.words if _goes_on(news) else ""
    return Say("alert-line", {"what": _said(news), "words": words})
