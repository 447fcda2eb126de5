"""Days and times that an agent names: read, placed by the firm's calendar, and refused with what to write."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.calendar import NoWorkingTime, after
from cases.facts import Facts
from cases.rules.durations import Duration, Unit, Weekday
from cases.rules.types import CalendarFile
from cases.saying import Refusal
from language.when import Day, Span, Unclear, WeekEnd, read_when, split_by, split_day

FURTHEST = 3 * 365
"""Days ahead; a year further off is a slip of the pen."""
LAST_MINUTE = time(23, 59)


def until_when(facts: Facts, text: str) -> datetime:
    """When a day begins for the firm, or the very time that was named; raises Refusal."""
    return _moment(facts, text, ends=False)


def by_when(facts: Facts, text: str) -> datetime:
    """When a day ends for the firm, or the very time that was named; raises Refusal."""
    return _moment(facts, text, ends=True)


def what_and_day(facts: Facts, text: str) -> tuple[str, str] | None:
    """A promise and the day that stands behind it, with or without a "by"; None where there is no day."""
    words, zone = facts.rulebook.words, ZoneInfo(facts.rulebook.calendar.time_zone)
    return split_by(text, words) or split_day(text, facts.now, zone, words)


def rests_on(facts: Facts, moment: datetime) -> bool:
    """Whether the firm is closed on the day of that moment."""
    calendar = facts.rulebook.calendar
    return calendar.hours_on(moment.astimezone(ZoneInfo(calendar.time_zone)).date()) is None


def _moment(facts: Facts, text: str, *, ends: bool) -> datetime:
    calendar = facts.rulebook.calendar
    zone = ZoneInfo(calendar.time_zone)
    read = read_when(text, facts.now, zone, facts.rulebook.words)
    if isinstance(read, Unclear):
        raise Refusal(read.code, **read.values)
    today = facts.now.astimezone(zone).date()
    if isinstance(read, WeekEnd):
        read = Day(_last_working_day(calendar, today, text), read.at)
    if isinstance(read, Span):
        moment = _ahead(facts, read, text, ends=ends)
    else:
        _refuse_past_and_far(read.day, today, text)
        moment = _on(read, calendar, facts.now, ends=ends)
    _refuse_past_and_far(moment.astimezone(zone).date(), today, text)
    if moment <= facts.now:
        raise Refusal("when-past", text=text)
    return moment


def _last_working_day(calendar: CalendarFile, today: date, text: str) -> date:
    """The last day before the firm's next weekend on which it works. Raises Refusal."""
    coming = [today + timedelta(days=n) for n in range(2 * len(Weekday))]
    rests = [list(Weekday)[day.weekday()] in calendar.weekend for day in coming]
    begins = next((n for n in range(len(coming)) if not rests[n]), 0)
    ends = next((n for n in range(begins, len(coming)) if rests[n]), 0)
    working = [day for day in coming[begins:ends] if calendar.hours_on(day)]
    if not working:
        raise Refusal("when-unknown", text=text, word="")
    return working[-1]


def _ahead(facts: Facts, span: Span, text: str, *, ends: bool) -> datetime:
    """So much time from now; working days are whole days."""
    calendar = facts.rulebook.calendar
    try:
        moment = after(facts.now, Duration(span.amount, Unit(span.unit)), calendar)
    except NoWorkingTime:
        raise Refusal("when-far", text=text) from None
    if span.unit != "working-days":
        return moment
    day = moment.astimezone(ZoneInfo(calendar.time_zone)).date()
    return _on(Day(day, span.at), calendar, facts.now, ends=ends)


def _on(read: Day, calendar: CalendarFile, now: datetime, *, ends: bool) -> datetime:
    """The time on that day; without one, when the firm opens or closes, and midnight on days of rest."""
    zone = ZoneInfo(calendar.time_zone)
    if read.at is not None:
        return datetime.combine(read.day, read.at, zone).astimezone(UTC)
    hours = calendar.hours_on(read.day)
    if not ends:
        return datetime.combine(read.day, hours.start if hours else time(0), zone).astimezone(UTC)
    closing = datetime.combine(read.day, hours.end if hours else LAST_MINUTE, zone).astimezone(UTC)
    if closing > now:
        return closing
    return datetime.combine(read.day, LAST_MINUTE, zone).astimezone(UTC)


def _refuse_past_and_far(day: date, today: date, text: str) -> None:
    if day < today:
        raise Refusal("when-past", text=text)
    if day - today > timedelta(days=FURTHEST):
        raise Refusal("when-far", text=text)
