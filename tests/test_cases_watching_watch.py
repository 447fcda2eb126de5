"""One timer watches a case: all that is due is done in one look, and the next look is armed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import asks
from cases.facts import Facts
from cases.skipping import skipped
from cases.timers import on_timer
from cases.watching import watch
from cases.watching.step import Step, Watcher
from store.models import Case, EventKind, Status, TimerKind
from tests.facts_factory import NOW, case, facts

HOUR = timedelta(hours=1)


class Fixed:
    """A watcher that does one thing, and has seen what those before it left."""

    def __init__(self, at: datetime | None = None, step: Step | None = None) -> None:
        self.at, self.step, self.seen = at, step or Step(), list[tuple[Facts, Case]]()

    def next_at(self, facts: Facts, case: Case) -> datetime | None:
        return self.at

    def due(self, facts: Facts, case: Case) -> Step:
        self.seen.append((facts, case))
        return self.step


@contextmanager
def watched_by(patch: pytest.MonkeyPatch, *watchers: Watcher) -> Iterator[None]:
    with patch.context() as patched:
        patched.setattr(watch, "WATCHERS", watchers)
        yield


def word(name: str, **changes: Any) -> Step:
    """A holding letter to the customer."""
    letter = asks.holding(facts(), case(), name, "holding_first", {"turn": 1})
    return Step(letters=(replace(letter, **changes),))


def test_the_next_look_is_at_the_earliest_time_that_a_watcher_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with watched_by(monkeypatch, Fixed(NOW + 3 * HOUR), Fixed(), Fixed(NOW + HOUR)):
        timer = watch.armed(facts(), case())
    assert timer is not None
    assert (timer.kind, timer.due_at) == (TimerKind.WATCH, NOW + HOUR)
    with watched_by(monkeypatch, Fixed()):
        assert watch.armed(facts(), case()) is None


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_case_that_ended_is_watched_no_more(monkeypatch: pytest.MonkeyPatch, status: Status) -> None:
    with watched_by(monkeypatch, Fixed(NOW, word("1"))):
        assert watch.armed(facts(), case(status=status)) is None
        decision = on_timer(facts(), case(status=status), TimerKind.WATCH)
    assert not decision.letters
    assert [(event.kind, event.text) for event in decision.events] == [
        (EventKind.TIMER_SKIPPED, f"watch: the case is {status}")
    ]


def test_each_look_has_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with watched_by(monkeypatch, Fixed(NOW)):
        armed = [
            watch.armed(facts(cause=cause, now=now), case())
            for cause in ("f1", "watch/7/a")
            for now in (NOW, NOW + HOUR)
        ]
    assert len({timer.key for timer in armed if timer}) == 4


def test_a_watcher_that_is_never_content_is_asked_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    with watched_by(monkeypatch, Fixed(NOW - HOUR)):
        timer = watch.armed(facts(cause="watch/7/a"), case())
    assert timer is not None
    assert timer.due_at == NOW + watch.A_WHILE


def test_one_look_does_all_that_is_due_and_each_watcher_sees_what_was_done_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = replace(word("promise-1"), values={"holdings": 2}, events=(skipped(TimerKind.WATCH, "one"),))
    last = Fixed(step=Step(values={"held_at": NOW}, events=(skipped(TimerKind.WATCH, "two"),)))
    with watched_by(monkeypatch, Fixed(step=told), last):
        decision = watch.on_watch(facts(), case())
    assert decision.case is not None
    assert decision.case.expected is Status.NEW
    assert decision.case.values == {"holdings": 2, "held_at": NOW}
    assert [event.text for event in decision.events] == ["watch: one", "watch: two"]
    [(seen, of)] = last.seen
    assert of.holdings == 2
    assert seen.contact is not None
    assert [one.key for one in seen.contact.letters] == ["holding/7/promise-1"]


def test_nobody_gets_the_same_mail_twice_in_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [Fixed(step=step) for step in (word("1"), word("2"), word("3", template="holding_later"))]
    with watched_by(monkeypatch, *steps):
        decision = watch.on_watch(facts(), case())
    assert [letter.key for letter in decision.letters] == ["holding/7/1", "holding/7/3"]


def test_a_look_that_finds_all_well_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with watched_by(monkeypatch, Fixed(), Fixed()):
        decision = watch.on_watch(facts(), case())
    assert (decision.case, decision.events, decision.letters) == (None, (), ())
