"""Days and times that an agent names: read, placed by the calendar of that agent's team, or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cases.calendar import NoWorkingTime, after
from cases.facts import Facts
from cases.rules.durations import MIDNIGHT, Duration, Unit, Weekday
from cases.rules.working_time import Calendar
from cases.saying import Refusal
from language.when import Day, Span, Unclear, WeekEnd, read_when, split_by, split_day

FURTHEST = 3 * 365
"""Days ahead; a year further off is a slip of the pen."""
LAST_MINUTE = time(23, 59)


def calendar_of(facts: Facts) -> Calendar:
    """By which the agent who writes works. Letters tell times by the firm's clock, and so do agents."""
    return facts.rulebook.calendar_of(facts.agent)


def until_when(facts: Facts, text: str) -> datetime:
    """When a day begins for the agent's team, or the very time that was named; raises Refusal."""
    return _moment(facts, text, ends=False)


def by_when(facts: Facts, text: str) -> datetime:
    """When a day ends for the agent's team, or the very time that was named; raises Refusal."""
    return _moment(facts, text, ends=True)


def what_and_day(facts: Facts, text: str) -> tuple[str, str] | None:
    """A promise and the day that stands behind it, with or without a "by"; None where there is no day."""
    words, zone = facts.rulebook.words, facts.rulebook.calendar.zone
    return split_by(text, words) or split_day(text, facts.now, zone, words)


def rests_on(facts: Facts, moment: datetime) -> bool:
    """Whether the agent's team rests on the day of that moment."""
    calendar = calendar_of(facts)
    return calendar.hours_on(moment.astimezone(calendar.zone).date()) is None


def _moment(facts: Facts, text: str, *, ends: bool) -> datetime:
    calendar, zone = calendar_of(facts), facts.rulebook.calendar.zone
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
        moment = _on(read, facts, ends=ends)
    _refuse_past_and_far(moment.astimezone(zone).date(), today, text)
    if moment <= facts.now:
        raise Refusal("when-past", text=text)
    return moment


def _last_working_day(calendar: Calendar, today: date, text: str) -> date:
    """The last day before the next weekend on which people work. Raises Refusal."""
    coming = [today + timedelta(days=n) for n in range(2 * len(Weekday))]
    rests = [calendar.rests_weekly(day) for day in coming]
    begins = next((n for n in range(len(coming)) if not rests[n]), 0)
    ends = next((n for n in range(begins, len(coming)) if rests[n]), 0)
    working = [day for day in coming[begins:ends] if calendar.hours_on(day)]
    if not working:
        raise Refusal("when-unknown", text=text, word="")
    return working[-1]


def _ahead(facts: Facts, span: Span, text: str, *, ends: bool) -> datetime:
    """So much time from now; working days are whole days."""
    calendar = calendar_of(facts)
    try:
        moment = after(facts.now, Duration(span.amount, Unit(span.unit)), calendar)
    except NoWorkingTime:
        raise Refusal("when-far", text=text) from None
    if span.unit != "working-days":
        return moment
    day = moment.astimezone(calendar.zone).date()
    return _on(Day(day, span.at), facts, ends=ends)


def _on(read: Day, facts: Facts, *, ends: bool) -> datetime:
    """The time on that day; without one, when the team opens or closes, and midnight on days of rest."""
    if read.at is not None:
        return datetime.combine(read.day, read.at, facts.rulebook.calendar.zone).astimezone(UTC)
    calendar = calendar_of(facts)
    hours = calendar.hours_on(read.day)
    if not ends:
        return datetime.combine(read.day, hours.start if hours else time(0), calendar.zone).astimezone(UTC)
    end = hours.end if hours and hours.end != MIDNIGHT else LAST_MINUTE
    closing = datetime.combine(read.day, end, calendar.zone).astimezone(UTC)
    if closing > facts.now:
        return closing
    return datetime.combine(read.day, LAST_MINUTE, calendar.zone).astimezone(UTC)


def _refuse_past_and_far(day: date, today: date, text: str) -> None:
    if day < today:
        raise Refusal("when-past", text=text)
    if day - today > timedelta(days=FURTHEST):
        raise Refusal("when-far", text=text)
