"""Whether what happened is the story: letters at their time, waves found soon, figures as counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.quarter import expected, records, rules_by_hand
from bench.quarter.counted import Counts
from bench.quarter.firm import BAD_PRODUCT, HAIFA, TEHRAN, teams
from bench.quarter.letters import Got
from bench.quarter.lives import Life
from bench.quarter.owed import Ought
from bench.quarter.records import Happened, Letter, Records
from bench.quarter.story import BATCH, EVERYDAY, WAVE, Story
from bench.quarter.world import Lived, is_away

Key = tuple[datetime, int, str, str, str]
DAY = timedelta(days=1)
A_MONTH = timedelta(days=30.4)
LEAST_HISTORY = 35
"""Days after which unusual growth can be told at all."""
TO_CUSTOMERS = ("ack", "answer", "check-in", "thanks")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong."""

    looked_at: Mapping[str, int]
    found: Mapping[str, str]
    wrong: tuple[str, ...]


def check(lived: Lived, folder: Path, page: Mapping[str, Any]) -> Checked:
    """Look at everything."""
    raw = records.read(folder / "peygir.sqlite3")
    people = expected.lived(
        raw.events,
        lived.until,
        rules_by_hand.causes(folder / "rules"),
        lived.teams,
        lambda address, at: is_away(lived.story, address, at),
    )
    lives = {number: one.life for person in people for number, one in person.matters.items()}
    ought = Counter(map(_key, expected.ought(people)))
    seen = Counter([*_events(raw), *_letters(raw)])
    story = [*_story(lived, lives), *_refused(lived)]
    found, signals = _signals(lived.story, raw, lives)
    counts = Counts(raw, lived.got, lives, lived.first, lived.last, lived.until)
    return Checked(
        Counter(key[2] for key in seen.elements()),
        found,
        (
            *_differences(ought, seen),
            *_left_once(raw, lived.got),
            *_on_days_of_rest(lived, raw, lives),
            *story,
            *signals,
            *counts.count(page["tables"]),
        ),
    )


# -- letters and events at their time


def _key(one: Ought) -> Key:
    return one.at, one.case, one.what, one.about, one.to


def _events(raw: Records) -> Iterator[Key]:
    for one in raw.events:
        about = _about(one)
        if about is not None and one.case is not None:
            yield one.at, one.case, one.kind, *about


def _about(one: Happened) -> tuple[str, str] | None:
    """What an event of the software's own says, and to whom; None for all others."""
    data = one.data
    if one.kind in ("deadline-near", "deadline-missed"):
        return data["deadline"], ",".join(sorted(data["told"]))
    if one.kind == "escalated" and "deadline" in data:
        return data["deadline"], data["to"]
    if one.kind in ("promise-near", "promise-broken"):
        return "", ",".join(sorted(data["told"]))
    if one.kind == "holding-sent":
        return ("promise" if "promises" in data else data.get("until", "")), ""
    if one.kind in ("check-in-sent", "closed"):
        return (one.text if one.kind == "check-in-sent" else ""), ""
    return None


def _letters(raw: Records) -> Iterator[Key]:
    """Those that left, but for what agents get because somebody wrote."""
    for one in raw.letters:
        name = _name(one)
        if name and one.sent_at is not None and one.case is not None:
            yield one.sent_at, one.case, name, "", one.recipient if name == "told" else ""


def _name(one: Letter) -> str:
    if one.kind == "holding":
        return "holding-promise" if "/promise-" in one.key else "holding"
    if one.kind == "draft" and "/watch/" in one.key:
        return "told"
    return one.kind if one.kind in TO_CUSTOMERS else ""


def _differences(ought: Counter[Key], seen: Counter[Key]) -> Iterator[str]:
    for name, these in (("missing", ought - seen), ("too much", seen - ought)):
        for at, case, what, about, to in sorted(these.elements()):
            yield f"{name}: #{case} {what} {about} {to} at {at:%a %Y-%m-%d %H:%M}".replace("  ", " ")


def _left_once(raw: Records, got: list[Got]) -> Iterator[str]:
    """The mail host got each letter once, when the table says so."""
    arrived = Counter((one.message_id, one.at) for one in got)
    for one in raw.letters:
        times = arrived[one.message_id, one.sent_at] if one.sent_at else 0
        if times != (one.sent_at is not None):
            yield f"{one.key} left {times} times at {one.sent_at}"
    for message_id, times in Counter(one.message_id for one in got).items():
        if times > 1:
            yield f"{message_id} left {times} times"


# -- days of rest


def _on_days_of_rest(lived: Lived, raw: Records, lives: Mapping[int, Life]) -> Iterator[str]:
    """Nobody's working time is counted, and nothing promised, for a day on which their team rests."""
    rests = {name: team.holidays for name, team in teams().items()}
    for one in lives.values():
        for name, deadline in one.deadlines.items():
            day = one.team.day_of(deadline.by - timedelta.resolution)
            if name != "final" and day in rests[one.team.name]:
                yield f"#{one.number}: {name} is due on {day}, when the team {one.team.name} rests"
    for event in raw.events:
        if event.kind == "holding-sent" and event.case is not None:
            team = lives[event.case].team
            until = event.data.get("until")
            days = [event.at, *([datetime.fromisoformat(until)] if until else [])]
            for at in days:
                if (day := team.day_of(at - timedelta.resolution)) in rests[team.name]:
                    yield f"#{event.case}: a holding update leaves on {day} or names it; {team.name} rests"


# -- the story


def _story(lived: Lived, lives: Mapping[int, Life]) -> Iterator[str]:
    """Each case is what its customer meant."""
    opened = Counter((one.customer, one.cause_name, one.opened_at) for one in lives.values())
    meant = Counter((one.customer, one.cause, one.at) for one in lived.arrivals)
    for customer, cause, at in (meant - opened).elements():
        yield f"{customer} wrote about {cause} at {at}, and no such case was opened"
    for customer, cause, at in (opened - meant).elements():
        yield f"a case about {cause} of {customer} was opened at {at}, and nobody wrote about that"
    for where in (TEHRAN, HAIFA):
        if not any(one.team.name == where for one in lives.values()):
            yield f"the team {where} has no case"
    if lived.story.slow_hurts and not _is_slow(lived, lives):
        yield "in the slow week no more deadlines were missed than before it"


def _is_slow(lived: Lived, lives: Mapping[int, Life]) -> bool:
    begin = lived.story.start + lived.story.slow * DAY

    def missed(first: datetime, last: datetime) -> int:
        return sum(
            first <= one.at < last
            for life in lives.values()
            for one in life.ought
            if one.what == "deadline-missed"
        )

    return missed(begin + DAY, begin + 8 * DAY) > missed(begin - 13 * DAY, begin - 6 * DAY)


def _refused(lived: Lived) -> Iterator[str]:
    for one in lived.refused:
        yield f"{one.agent} could not '{one.commands!r}' #{one.case} at {one.at}: {one.why}"


# -- signals


def _signals(story: Story, raw: Records, lives: Mapping[int, Life]) -> tuple[dict[str, str], list[str]]:
    """When each wave was told, and what is wrong with signals."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    false = []
    for one in raw.signals:
        planted = _meant(one)
        later = [name for name in (planted,) if name and one["raised_at"] >= story.begins(name)]
        if not later:
            false.append(one)
            continue
        found.setdefault(
            later[0], f"{one['kind']} {one['name']} after {one['raised_at'] - story.begins(planted)}"
        )
    for name in (WAVE, BATCH):
        told = [one["raised_at"] for one in raw.signals if _meant(one) == name]
        since = [at - story.begins(name) for at in told if at >= story.begins(name)]
        if not since or min(since) > story.found_within:
            wrong.append(f"the {name} was not told of within {story.found_within}: {since[:1]}")
    months = timedelta(days=story.days) / A_MONTH
    found["false"] = f"{len(false)} in {months:.1f} months: {', '.join(one['name'] for one in false)}"
    if len(false) > max(1, months):
        wrong.append(f"{found['false']} signals are false; one a month may be")
    wrong += _told_rightly(raw, lives)
    return found, wrong


def _meant(signal: Mapping[str, Any]) -> str:
    """Which part of the story a signal is about."""
    fact, category = signal["fact"], signal["category"].split(",")
    if fact.get("product") == BAD_PRODUCT or (not fact and category == ["defective"]):
        return BATCH
    return WAVE if "damaged" in category and not fact else ""


def _told_rightly(raw: Records, lives: Mapping[int, Life]) -> Iterator[str]:
    """Each telling is one mail to its people, and names as many customers as it says."""
    mails = Counter(one.created_at for one in raw.letters if one.kind == "signal")
    for one in raw.signals:
        cases = [lives[number] for number in one["cases"]]
        customers = {case.customer for case in cases}
        if len(customers) != len(cases) or len(cases) != min(one["count"], 200):
            yield f"the signal {one['name']} says {one['count']} customers and names {len(cases)} cases"
        mails[one["raised_at"]] -= 1
    for at, times in mails.items():
        if times:
            yield f"at {at} there were {times:+} mails about signals"


__all__ = ["EVERYDAY", "Checked", "check"]
