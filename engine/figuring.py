"""The figures of a time: what the database counts, and what the report makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from sqlmodel import Session

from cases.regular import week_begins
from cases.rules.rulebook import Rulebook
from cases.told_agents import people_in
from reports import counting, timing
from reports.figures import AgentFigures, Figures, Kept, Outcomes, Satisfaction, Times, Together, Wait
from reports.period import Days, bins
from reports.statistics import share
from reports.worktime import WorkTime
from store import figures as rows
from store import figures_following as following
from store.models import LetterKind

CAUSE_FACTS = ("product", "place", "feature")
"""What makes a cause narrower (D23)."""
PERSON = "person"
"""Whoever complaints name is shown to those alone who may see figures by agent."""
MOST_TOGETHER, MOST_OLDEST = 25, 10
NOTHING = Kept(0, 0, 0, 0)


def figures(
    session: Session, rulebook: Rulebook, days: Days, now: datetime, *, jalali: bool, by_agent: bool
) -> Figures:
    """Everything that the report says of these days; months are Jalali if so wished."""
    before, end = days.before(), min(days.end, now)
    # Where nothing lies outside a time, the database need not look for what does.
    first = rows.first_opened(session) or before.start
    past_from, until = before.start if before.start > first else None, days.end if days.end <= now else None
    since = days.start if days.start > first else None
    parts = bins(days, week_begins(rulebook.calendar), jalali=jalali)
    came = [rows.came(session, part.start, part.end) for part in parts.parts]
    past = rows.came(session, before.start, before.end)
    names = (*CAUSE_FACTS, PERSON) if by_agent else CAUSE_FACTS
    hidden = frozenset[str]() if by_agent else people_in(rulebook)
    together = rows.cause_facts(session, names, before.start, days.start, days.end, MOST_TOGETHER)
    working = _working(rulebook, min(first, before.start), max(end, days.start))
    times = _times(session, days, working, by_agent=by_agent)
    promises = counting.outcomes(*rows.promises(session, before.start, days.start, days.end, now))
    went_on = following.went_on(session, past_from, days.start, days.end)
    said = counting.satisfaction(
        following.scores(session, past_from, until),
        days.start,
        (sum(one.asked for one in went_on), sum(one.answered for one in went_on)),
        by_agent=by_agent,
    )
    queue = counting.queue(
        following.queue(session, now),
        following.waiting_since(session, now, counting.AGES),
        following.oldest(session, MOST_OLDEST),
    )
    return Figures(
        made_at=now,
        days=days,
        before=before,
        bins=parts,
        kinds=counting.kinds(came, past),
        by_kind=counting.by_kind(came),
        groups={
            name: counting.counts(counted)
            for name, counted in rows.grouped(session, before.start, days.start, days.end).items()
        },
        causes=counting.causes(came, past),
        together=tuple(Together(*one) for one in together),
        signals=tuple(
            one for one in rows.signals(session, days.start, days.end) if hidden.isdisjoint(one.fact)
        ),
        times=times,
        deadlines={
            which: counting.outcomes(*found)
            for which, found in rows.deadlines(session, before.start, days.start, days.end, now).items()
        },
        promises=promises if by_agent else Outcomes(promises.all, promises.before, ()),
        satisfaction=said,
        reopened=counting.reopened((one.category, one.ended, one.reopened) for one in went_on),
        reopened_before=counting.reopened(
            (one.category, one.ended_before, one.reopened_before) for one in went_on
        ),
        compensation=counting.compensation(
            rows.offered(session, days.start, days.end),
            rows.paid(session, days.start, days.end),
            rows.owed(session),
        ),
        queue=queue,
        agents=_agents(
            rulebook,
            approved=following.approvals(session, since, until),
            answers=times["answer"],
            waiting=dict(queue.by_agent),
            promises=promises,
            said=said,
        )
        if by_agent
        else None,
    )


def _times(
    session: Session, days: Days, working: Callable[[str], WorkTime], *, by_agent: bool
) -> dict[str, Times]:
    before = days.before().start
    found: dict[str, Iterable[timing.Took]] = {
        "acknowledgement": following.first_sent(session, LetterKind.ACK, before, days.end),
        "answer": following.first_sent(session, LetterKind.ANSWER, before, days.end),
        "resolution": following.resolved(session, before, days.end),
    }
    return {
        name: timing.times(each, days.start.timestamp(), working, by_agent=by_agent)
        for name, each in found.items()
    }


def _working(rulebook: Rulebook, first: datetime, last: datetime) -> Callable[[str], WorkTime]:
    """The working time of an agent."""
    made: dict[int, WorkTime] = {}

    @cache
    def of(agent: str) -> WorkTime:
        calendar = rulebook.calendar_of(rulebook.agent(agent))
        if id(calendar) not in made:
            made[id(calendar)] = WorkTime(calendar, first, last)
        return made[id(calendar)]

    return of


def _agents(
    rulebook: Rulebook,
    *,
    approved: dict[str, int],
    answers: Times,
    waiting: dict[str, int],
    promises: Outcomes,
    said: Satisfaction,
) -> tuple[AgentFigures, ...]:
    """Every agent of the rules, and whoever else has figures."""
    kept = dict(promises.by_group)
    known = [agent.address for agent in rulebook.agents]
    others = {*approved, *answers.by_agent, *waiting, *kept, *said.by_agent} - {*known, ""}
    return tuple(
        AgentFigures(
            address,
            approved.get(address, 0),
            answers.by_agent.get(address, Wait(0)),
            waiting.get(address, 0),
            kept.get(address, NOTHING),
            said.by_agent.get(address, share(0, 0)),
        )
        for address in (*known, *sorted(others))
    )
