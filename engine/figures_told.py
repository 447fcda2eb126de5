"""What the mail with the figures says of some days: counted as the page counts it (engine/figuring.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.figures import Against, Kept, Oldest, Told
from cases.regular import compared_with
from reports import counting
from reports import figures as page
from reports.period import Days
from store import figures as rows
from store import figures_following as following
from store import signals
from store.models import CaseKind, Signal

MOST_CAUSES, MOST_SIGNALS, MOST_OLDEST = 5, 6, 3
PERSON = "person"


def told(
    session: Session,
    first: date,
    last: date,
    zone: ZoneInfo,
    now: datetime,
    *,
    names_people: bool,
    people: Collection[str] = (PERSON,),
) -> Told:
    """All of it; people whom complaints name, in facts called so, only where the reader may see them."""
    days, before = Days(first, last, zone), Days(*compared_with(first, last), zone)
    came, past = (rows.came(session, each.start, each.end) for each in (days, before))
    kinds = counting.kinds([came], past)
    went_on, went_before = (
        following.went_on(session, each.start, each.start, each.end) for each in (days, before)
    )
    queue = counting.queue(
        following.queue(session, now),
        following.waiting_since(session, now, counting.AGES),
        following.oldest(session, MOST_OLDEST),
    )
    promises = counting.outcomes(_promised(session, days, now), _promised(session, before, now))
    return Told(
        first=first,
        last=last,
        before_first=before.first,
        before_last=before.last,
        received=Against("", sum(one.count for one in kinds), sum(one.before for one in kinds)),
        answers=Against("", _approved(session, days), _approved(session, before)),
        ended=Against("", sum(one.ended for one in went_on), sum(one.ended for one in went_before)),
        kinds=[Against(one.name, one.count, one.before) for one in kinds if one.count or one.before],
        causes=_causes(counting.causes([came], past)),
        signals=_signals(session, days, () if names_people else people),
        waiting=queue.waiting,
        unassigned=queue.unassigned,
        overdue=queue.overdue,
        put_off=queue.put_off,
        oldest=[Oldest(one.number, one.opened_at, one.deadline_at, one.severity) for one in queue.oldest],
        deadlines=_deadlines(session, days, before, now),
        promises=_kept("", promises.all, promises.before),
        asked=sum(one.asked for one in went_on),
        satisfied=_satisfied(session, days, before),
    )


def _approved(session: Session, days: Days) -> int:
    return sum(following.approvals(session, days.start, days.end).values())


def _causes(found: Iterable[page.Cause]) -> list[Against]:
    complaints = (one for one in found if one.kind == CaseKind.COMPLAINT and one.count)
    return [Against(one.category, one.count, one.before) for one in complaints][:MOST_CAUSES]


def _deadlines(session: Session, days: Days, before: Days, now: datetime) -> list[Kept]:
    lately, earlier = (
        rows.deadlines(session, each.start, each.start, each.end, now) for each in (days, before)
    )
    found = {which: counting.outcomes(lately[which][0], earlier[which][0]) for which in lately}
    return [_kept(which, one.all, one.before) for which, one in found.items()]


def _promised(session: Session, days: Days, now: datetime) -> list[rows.Outcome]:
    return rows.promises(session, days.start, days.start, days.end, now)[0]


def _kept(name: str, one: page.Kept, before: page.Kept) -> Kept:
    return Kept(name, one.kept, one.decided, before.kept, before.decided)


def _satisfied(session: Session, days: Days, before: Days) -> Kept:
    lately, earlier = (
        counting.satisfaction(
            following.scores(session, each.start, each.end), each.start, (0, 0), by_agent=False
        ).satisfied
        for each in (days, before)
    )
    return Kept("", lately.part, lately.whole, earlier.part, earlier.whole)


def _signals(session: Session, days: Days, hidden: Collection[str]) -> list[tuple[Signal, bool]]:
    """What grows now, and what did in these days: each once, the newest telling of it, new ones first."""
    every = [*signals.open_ones(session), *rows.signals(session, days.start, days.end)]
    newest: dict[str, Signal] = {}
    for one in sorted(every, key=lambda each: (each.raised_at, each.id)):
        if not any(name in hidden for name in one.fact):
            newest[one.name] = one
    found = [(one, one.raised_at >= days.start) for one in newest.values()]
    return sorted(found, key=lambda each: (not each[1], -each[0].count))[:MOST_SIGNALS]
