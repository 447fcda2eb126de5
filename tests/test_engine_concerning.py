"""Known issues as the rule files say, and the cases that turn out to be concerned."""

from __future__ import annotations

from typing import Any

import pytest

from engine import concerning
from engine.telling_fixed import put_off_to
from store import issues
from store.models import IssueState, KnownIssue, Timer, TimerKind, TimerState
from tests.journeys import Journey

FILE = """\
issues:
  - name: leaking-kettles
    category: damaged
    note: {en: Kettles leak.}
"""


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    """A damaged kettle came before anything was known."""
    quick_journey.customer_writes("My kettle arrived broken.", subject="My kettle")
    quick_journey.work()
    return quick_journey


def says(journey: Journey, text: str) -> None:
    """The file says this from now on."""
    (journey.rules / "issues.yaml").write_text(text, "utf-8")
    journey.stop()
    journey.work()


def known(journey: Journey) -> list[KnownIssue]:
    with journey.worker.desk.database.read() as session:
        return list(reversed(issues.newest(session, 10)))


def test_an_issue_of_the_file_is_opened_and_concerns_the_cases_that_are_there(desk: Journey) -> None:
    says(desk, FILE)
    (one,) = known(desk)
    assert (one.id, one.name, one.title, one.state) == (
        1,
        "leaking-kettles",
        "leaking-kettles",
        IssueState.OPEN,
    )
    assert [event["case"] for event in desk.events("concerned")] == [desk.case()["number"]]
    desk.work()
    assert len(desk.events("concerned")) == 1
    assert len(desk.events("issue-opened")) == 1


def test_what_the_file_says_otherwise_is_changed_and_what_it_leaves_out_withdrawn(desk: Journey) -> None:
    says(desk, FILE)
    says(desk, FILE.replace("Kettles leak.", "Lids leak.").replace("    note", "    title: Lids\n    note"))
    (one,) = known(desk)
    assert (one.title, one.notes) == ("Lids", {"en": "Lids leak."})
    says(desk, "issues: []\n")
    assert [one.state for one in known(desk)] == [IssueState.WITHDRAWN]
    says(desk, FILE)
    assert [(one.id, one.state) for one in known(desk)] == [(1, IssueState.OPEN)]


def test_what_was_fixed_stays_fixed_whatever_the_file_says(desk: Journey) -> None:
    says(desk, FILE)
    desk.agent_replies("fixed 1")
    mail = next(one for one in reversed(desk.mails_to()) if "Known issue 1 is fixed" in str(one["Subject"]))
    desk.reply(mail, "yes", sender=f"Sam <{desk.sam}>")
    desk.work()
    assert [one.state for one in known(desk)] == [IssueState.FIXED]
    says(desk, FILE.replace("Kettles leak.", "They leak."))
    assert [(one.state, one.notes) for one in known(desk)] == [(IssueState.FIXED, {"en": "Kettles leak."})]


def test_many_cases_are_written_down_a_few_at_a_time(desk: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        desk.customer_writes("My kettle arrived broken.", sender=f"c{number}@example.com")
    desk.work()
    monkeypatch.setattr(concerning, "AT_ONCE", 2)
    says(desk, FILE)
    assert len(desk.events("concerned")) == 6


def a_timer(journey: Journey, **ago: Any) -> Timer:
    now = journey.clock()
    kind, state = TimerKind.FIXED, TimerState.WAITING
    return Timer(key="fixed/1/1", kind=kind, case_number=1, state=state, due_at=now)


def test_a_letter_at_its_turn_leaves_and_one_that_is_long_overdue_takes_another(desk: Journey) -> None:
    timer = a_timer(desk)
    with desk.worker.desk.database.read() as session:
        now = timer.due_at
        assert put_off_to(session, timer, now, 60) is None
        desk.clock.skip(hours=3)
        assert put_off_to(session, timer, desk.clock(), 60) is not None


def test_a_turn_ends_and_the_next_one_goes_on(desk: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        desk.customer_writes("My kettle arrived broken.", sender=f"c{number}@example.com")
    desk.work()
    monkeypatch.setattr(concerning, "AT_ONCE", 2)
    monkeypatch.setattr(concerning, "A_TURN", 0)
    says(desk, FILE)
    few = len(desk.events("concerned"))
    assert 2 <= few < 6
    for _ in range(3):
        concerning.keep_issues(desk.worker.desk)
    assert len(desk.events("concerned")) == 6
