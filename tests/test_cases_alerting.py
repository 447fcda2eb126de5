"""When admins are told of a trouble of the operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cases import alerting
from cases.alerting import KINDS, MOST, News
from language.problem import Problem
from outbox.sentences import SENTENCES
from store.models import Alert, AlertPhase, AlertState, plain, values_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KEY = "mailbox/complaints@example.com/INBOX"


def become(alert: Alert | None, values: Mapping[str, Any] | None) -> Alert | None:
    return alert if values is None else plain(Alert, (values_of(alert) if alert else {}) | dict(values))


class Course:
    """One trouble as time goes by, minute after minute; what was told, with the minute."""

    def __init__(self, key: str = KEY) -> None:
        self.key, self.at = key, NOON
        self.alert: Alert | None = None
        self.told: list[tuple[int, str]] = []

    def goes_on(self, minutes: int, *, wrong: bool, words: str = "down") -> Course:
        for _ in range(minutes):
            self._one(wrong, words)
        return self

    def _one(self, wrong: bool, words: str) -> None:
        seen = (
            alerting.noticed(self.alert, self.key, words, (), self.at)
            if wrong
            else alerting.ended(self.alert, self.at)
        )
        self.alert = become(self.alert, seen)
        if self.alert is not None:
            self._tell(self.alert)
        self.at += MINUTE

    def _tell(self, alert: Alert) -> None:
        phase = alerting.due(alert, self.at)
        if phase is AlertPhase.NOTHING:
            return
        if not alerting.ends_unsaid(alert, phase):
            self.told.append((int((self.at - NOON) / MINUTE), str(phase)))
        self.alert = become(alert, alerting.after(alert, phase, self.at))


def test_it_is_told_after_its_grace_then_ever_more_seldom_and_once_when_it_is_over() -> None:
    course = Course().goes_on(3 * 24 * 60, wrong=True).goes_on(600, wrong=False)
    begun, *still, (over, how) = course.told
    assert begun == (5, "begun")
    hours = [round((at - 5) / 60, 1) for at, _ in still]
    assert hours == [1, 4, 12, 36, 60] and {phase for _, phase in still} == {"still"}
    assert (over, how) == (3 * 24 * 60 + 1, "recovered")


def test_what_passes_within_its_grace_is_never_told() -> None:
    course = Course().goes_on(4, wrong=True).goes_on(60, wrong=False)
    assert course.told == []
    assert course.alert is not None and course.alert.state is AlertState.OVER


def test_what_comes_and_goes_is_one_trouble_told_at_growing_intervals() -> None:
    course = Course()
    for _ in range(60):
        course.goes_on(8, wrong=True).goes_on(2, wrong=False)
    assert course.alert is not None and course.alert.times == 60
    phases = [phase for _, phase in course.told]
    assert phases.count("begun") == 1
    assert len(course.told) <= 6, course.told


def test_what_comes_back_after_a_long_time_is_a_new_trouble() -> None:
    course = Course().goes_on(10, wrong=True).goes_on(60, wrong=False).goes_on(10, wrong=True)
    assert [phase for _, phase in course.told] == ["begun", "recovered", "begun"]
    assert course.alert is not None and course.alert.times == 1
    assert course.alert.since == NOON + 70 * MINUTE


def test_what_nobody_notices_any_more_is_told_to_be_unseen_and_not_to_be_over() -> None:
    course = Course().goes_on(10, wrong=True)
    alert = course.alert
    assert alert is not None
    assert alerting.due(alert, course.at + alerting.UNSEEN - 2 * MINUTE) is AlertPhase.STILL
    assert alerting.due(alert, course.at + alerting.UNSEEN) is AlertPhase.UNSEEN


def test_other_mistakes_in_files_are_told_at_once_and_so_is_that_they_are_mended() -> None:
    course = Course("files").goes_on(1, wrong=True, words="one")
    course.goes_on(2, wrong=True, words="another").goes_on(1, wrong=False)
    assert course.told == [(0, "begun"), (1, "begun"), (3, "recovered")]
    other = Course().goes_on(10, wrong=True, words="one").goes_on(10, wrong=True, words="another")
    assert other.told == [(5, "begun")], "a mailbox that is down for another reason is still down"


def test_it_is_noted_once_a_minute_that_it_goes_on() -> None:
    known = become(None, alerting.noticed(None, KEY, "down", (), NOON))
    assert alerting.noticed(known, KEY, "down", (), NOON + 59 * timedelta(seconds=1)) is None
    assert alerting.noticed(known, KEY, "down", (), NOON + MINUTE) is not None
    assert alerting.noticed(known, KEY, "other words", (), NOON) is not None
    assert alerting.ended(None, NOON) is None


def news(count: int, key: str = "mailbox/{}") -> list[News]:
    made = [become(None, alerting.noticed(None, key.format(n), "down", (), NOON)) for n in range(count)]
    return [News(one, AlertPhase.BEGUN) for one in made if one]


def test_three_mails_in_a_row_then_one_in_a_quarter_of_an_hour() -> None:
    told: list[datetime] = []
    for minute in range(8 * 60):
        now = NOON + minute * MINUTE
        if alerting.may_tell(news(1), told, now):
            told.append(now)
    first_hour = [one for one in told if one < NOON + HOUR]
    assert len(first_hour) <= 6 and told[:3] == [NOON, NOON + MINUTE, NOON + 2 * MINUTE]
    assert len(told) <= 3 + 8 * 4
    assert all(after - before >= 15 * MINUTE for before, after in pairwise(told[2:]))


def test_who_mends_files_waits_for_no_quarter_of_an_hour() -> None:
    told = [NOON, NOON, NOON]
    assert not alerting.may_tell(news(1), told, NOON)
    assert alerting.may_tell(news(1, "files"), told, NOON)
    assert not alerting.may_tell(news(1, "files"), [NOON] * alerting.AWAITED, NOON)


def test_one_mail_tells_all_and_names_a_bounded_number() -> None:
    told = alerting.in_one_mail(news(50))
    assert (told.headline.code, told.headline.values) == ("alerts-many", {"count": 50})
    assert len(told.lines) == MOST + 1
    assert told.lines[-1].values == {"count": 50 - MOST}  # type: ignore[union-attr]


def test_one_trouble_has_its_words_below_its_headline_and_mistakes_in_files_with_their_places() -> None:
    problem = Problem("van.yaml", 9, 22, "there is no category 'lat'")
    alert = become(None, alerting.noticed(None, "files", "mend them", (problem,), NOON))
    assert alert is not None
    told = alerting.in_one_mail([News(alert, AlertPhase.BEGUN)])
    assert (told.headline.code, told.lines, told.problems) == ("files-wrong", ("mend them",), (problem,))
    over = alerting.in_one_mail([News(alert, AlertPhase.RECOVERED)])
    assert (over.headline.code, over.lines, over.problems) == ("files-right", (), ())


@pytest.mark.parametrize("kind", [*KINDS, "something new"])
def test_every_kind_has_a_sentence(kind: str) -> None:
    say = alerting.headline(f"{kind}/here")
    assert set(SENTENCES[say.code]) <= set(say.values)
    assert say.values["name"] == ("here" if kind in KINDS else f"{kind}/here")


def test_the_operators_page_names_every_kind() -> None:
    page = (Path(__file__).parent.parent / "docs" / "watching.md").read_text("utf-8")
    table = page.partition("\n## Alerts")[2].partition("\n## ")[0]
    named = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([a-z]+)", " ".join(named))) == set(KINDS)
