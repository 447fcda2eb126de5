"""What the mail with the figures says is what the page says."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from cases.told_agents import people_in
from engine import figuring
from engine.figures_told import told
from reports.figures import Kept
from reports.period import Days
from store import ledger
from store.database import opened
from store.models import SignalKind
from store.values import NewRow, Recording
from tests.facts_factory import rulebook
from tests.histories import BEGIN, END, NOA, SAM, History
from tests.plans import full_scans, watched

AGENTS = f"""\
agents:
  - {{address: {SAM}, name: Sam, roles: [agent, admin]}}
  - {{address: {NOA}, name: Noa, roles: [agent]}}
"""
ZONE = ZoneInfo("Asia/Tehran")
FIRST = BEGIN.astimezone(ZONE).date()
DAY = timedelta(days=1)


@pytest.mark.parametrize(("seed", "since", "many"), [(1, 0, 7), (2, 9, 7), (3, 16, 14), (4, 2, 28)])
def test_the_mail_says_what_the_page_says(database_url: str, seed: int, since: int, many: int) -> None:
    """Of whole weeks, for there both compare with the same days."""
    first = FIRST + DAY * since
    days = Days(first, first + DAY * (many - 1), ZONE)
    with opened(database_url) as database, database.read() as session:
        History(session, Random(seed)).tell(25, 110)
        page = figuring.figures(session, rulebook(agents=AGENTS), days, END, jalali=False, by_agent=True)
        mail = told(session, days.first, days.last, ZONE, END, names_people=True)
    assert (mail.before_first, mail.before_last) == (page.before.first, page.before.last)
    assert (mail.received.count, mail.received.before) == (page.received, page.received_before)
    assert {(one.name, one.count, one.before) for one in mail.kinds} == {
        (one.name, one.count, one.before) for one in page.kinds if one.count or one.before
    }
    complaints = [one for one in page.causes if one.kind == "complaint" and one.count]
    assert [(one.name, one.count) for one in mail.causes] == [
        (one.category, one.count) for one in complaints[: len(mail.causes)]
    ]
    assert len(mail.causes) == min(5, len(complaints))
    assert page.agents is not None
    assert mail.answers.count == sum(one.approved for one in page.agents)
    assert mail.ended.count == sum(one.ended for one in page.reopened)
    assert mail.ended.before == sum(one.ended for one in page.reopened_before)
    for one in mail.deadlines:
        assert _same(one, page.deadlines[one.name].all, page.deadlines[one.name].before)
    assert len(mail.deadlines) == len(page.deadlines)
    assert _same(mail.promises, page.promises.all, page.promises.before)
    said = page.satisfaction
    assert mail.asked == said.asked
    assert (mail.satisfied.kept, mail.satisfied.decided) == said.satisfied[:2]
    assert (mail.satisfied.kept_before, mail.satisfied.decided_before) == said.before[:2]
    queue = page.queue
    assert (mail.waiting, mail.unassigned, mail.overdue, mail.put_off) == (
        *(queue.waiting, queue.unassigned, queue.overdue, queue.put_off),
    )
    assert [one.number for one in mail.oldest] == [one.number for one in queue.oldest[: len(mail.oldest)]]


def _same(mail: object, page: Kept, before: Kept) -> bool:
    found = [getattr(mail, name) for name in ("kept", "decided", "kept_before", "decided_before")]
    return found == [page.kept, page.decided, before.kept, before.decided]


def test_what_grows_is_told_once_with_what_is_new_first(database_url: str) -> None:
    now = END
    with opened(database_url) as database, database.write() as session:
        _signal(session, "old", 9, now - DAY * 20)
        _signal(session, "old", 20, now - DAY * 12)
        _signal(session, "over", 5, now - DAY * 12, ended_at=now - DAY * 9)
        _signal(session, "short", 3, now - DAY * 2, ended_at=now - DAY)
        _signal(session, "new", 4, now - DAY * 3)
        _signal(session, "somebody", 7, now - DAY * 3, fact={"person": "Sam"})
        today = now.astimezone(ZONE).date()
        week = (today - DAY * 7, today - DAY, ZONE, now)
        seen = told(session, *week, names_people=True).signals
        hidden = told(session, *week, names_people=False).signals
    assert [(one.name, one.count, new) for one, new in seen] == [
        ("somebody", 7, True),
        ("new", 4, True),
        ("short", 3, True),
        ("old", 20, False),
    ]
    assert [one.name for one, _ in hidden] == ["new", "short", "old"]


def test_the_page_too_names_nobody_to_those_who_may_not_see_figures_by_agent(database_url: str) -> None:
    extractors = "extractors:\n  staff: {kind: person, names: {Sam: Sammy}}\n"
    rules = rulebook(agents=AGENTS, extractors=extractors)
    today = END.astimezone(ZONE).date()
    days = Days(today - DAY * 7, today - DAY, ZONE)
    with opened(database_url) as database, database.write() as session:
        _signal(session, "somebody", 7, END - DAY * 3, fact={"person": "Sam"})
        _signal(session, "staff", 8, END - DAY * 3, fact={"staff": "Sam"})
        _signal(session, "new", 4, END - DAY * 3)
        shown, hidden = (
            figuring.figures(session, rules, days, END, jalali=False, by_agent=may).signals
            for may in (True, False)
        )
        week = (days.first, days.last, ZONE, END)
        mail = told(session, *week, names_people=False, people=people_in(rules)).signals
    assert [one.name for one in shown] == ["somebody", "staff", "new"]
    assert [one.name for one in hidden] == ["new"]
    assert [one.name for one, _ in mail] == ["new"]


def test_a_mail_reads_the_events_of_its_own_days_and_not_of_all_cases(database_url: str) -> None:
    with watched() as seen, opened(database_url) as database, database.write() as session:
        History(session, Random(1)).tell(10, 40)
        seen.clear()
        told(session, FIRST, FIRST + DAY * 6, ZONE, END, names_people=False)
        scans = full_scans(session, dict(seen))
    assert [one for one in scans if "SCAN event" in one or '"event"' in one] == []


def _signal(session: Session, name: str, count: int, raised_at: object, **more: object) -> None:
    row = {
        "key": f"{name}/{count}",
        "name": name,
        "kind": SignalKind.GROWTH,
        "category": "late",
        "fact": {},
        "terms": [],
        "count": count,
        "expected": 1.0,
        "since": raised_at,
        "raised_at": raised_at,
        "cases": [],
        "told": [],
        "ended_at": None,
    }
    ledger.record(session, Recording(rows=(NewRow("signal", {**row, **more}),)), now=END)
