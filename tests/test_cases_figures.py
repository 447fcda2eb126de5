"""The mail with the figures: when there is something to say, and what stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cases.figures import Against, Kept, Oldest, Told, letter
from cases.regular import Regular, Slot
from cases.rules.types import Agent
from store.models import LetterKind, Signal, SignalKind, TokenPurpose
from tests.facts_factory import ADMIN, AGENTS, NOW, facts, rulebook
from tests.shipped import letters

DAILY, WEEKLY = Regular.parse("daily at 08:00"), Regular.parse("weekly at 08:00")
MONDAY = date(2026, 3, 2)
SLOT = Slot(MONDAY, NOW.replace(hour=8))
NONE, NONE_KEPT = Against("", 0, 0), Kept("", 0, 0, 0, 0)
EMPTY = Told(
    first=date(2026, 2, 23),
    last=date(2026, 3, 1),
    before_first=date(2026, 2, 16),
    before_last=date(2026, 2, 22),
    received=NONE,
    answers=NONE,
    ended=NONE,
    kinds=(),
    causes=(),
    signals=(),
    waiting=0,
    unassigned=0,
    overdue=0,
    put_off=0,
    oldest=(),
    deadlines=(NONE_KEPT,),
    promises=NONE_KEPT,
    asked=0,
    satisfied=NONE_KEPT,
)
SIGNAL = Signal(
    key="k",
    name="late",
    kind=SignalKind.GROWTH,
    category="late,unsure",
    fact={"product": "lamp"},
    count=9,
    expected=1.26,
    since=NOW,
    raised_at=NOW,
)


def ada() -> Agent:
    found = rulebook(agents=AGENTS).agent(ADMIN)
    assert found
    return found


def made(told: Told, regular: Regular = WEEKLY) -> dict[str, Any]:
    found = letter(facts(), ada(), regular, SLOT, told)
    assert found is not None
    return dict(found.variables)


def test_each_agent_span_and_day_has_a_mail_of_its_own() -> None:
    found = letter(facts(), ada(), WEEKLY, SLOT, EMPTY)
    assert found is not None
    assert (found.kind, found.key) == (LetterKind.FIGURES, f"figures/{ADMIN}/weekly/20260302")
    assert found.recipient.address == ADMIN
    assert found.reply_to is not None
    assert found.reply_to.purpose is TokenPurpose.DESK


@pytest.mark.parametrize(
    "more",
    [
        {"received": Against("", 1, 0)},
        {"answers": Against("", 1, 0)},
        {"ended": Against("", 1, 0)},
        {"deadlines": (NONE_KEPT, Kept("final", 0, 1, 0, 0))},
        {"promises": Kept("", 1, 1, 0, 0)},
        {"satisfied": Kept("", 0, 1, 0, 0)},
        {"asked": 1},
        {"waiting": 1},
        {"signals": ((SIGNAL, True),)},
    ],
)
def test_a_daily_one_is_sent_when_anything_happened_or_waits(more: dict[str, Any]) -> None:
    assert letter(facts(), ada(), DAILY, SLOT, replace(EMPTY, **more)) is not None


def test_with_nothing_to_say_a_daily_one_is_not_sent_and_a_weekly_one_says_so() -> None:
    before = replace(EMPTY, received=Against("", 0, 7), signals=((SIGNAL, False),))
    assert letter(facts(), ada(), DAILY, SLOT, before) is None
    assert made(EMPTY)["nothing"] is True
    assert made(replace(EMPTY, waiting=1))["nothing"] is False


def test_a_signal_is_told_with_its_causes_and_facts() -> None:
    [told] = made(replace(EMPTY, signals=((SIGNAL, True),)))["signals"]
    assert told["categories"] == ("late", "unsure")
    assert [(one["name"], one["value"]) for one in told["facts"]] == [("product", "lamp")]
    assert (told["count"], told["expected"], told["new"]) == (9, 1.3, True)


def test_what_was_missed_is_counted_of_deadlines_and_promises() -> None:
    told = replace(EMPTY, deadlines=(Kept("answer", 7, 9, 1, 1), NONE_KEPT), promises=Kept("", 1, 2, 0, 0))
    values = made(told)
    assert [one["name"] for one in values["deadlines"]] == ["answer"]
    assert values["missed"] == 3
    assert made(replace(EMPTY, satisfied=Kept("", 2, 3, 0, 0)))["satisfied"]["percent"] == 67


@pytest.mark.parametrize(
    ("language", "nothing", "full"),
    [
        (
            "en",
            "The week in figures: nothing came in, nothing waits",
            "The week in figures: 3 came in, 1 waiting",
        ),
        ("fa", "آمار هفته: چیزی نرسید و چیزی در انتظار نیست", "آمار هفته: ۳ پرونده رسید، ۱ در انتظار"),
        ("he", "השבוע במספרים: לא התקבל דבר ושום דבר לא ממתין", "השבוע במספרים: התקבלו 3, ממתינות 1"),
        ("ar", "الأسبوع بالأرقام: لم يرد شيء ولا شيء ينتظر", "الأسبوع بالأرقام: ورد ٣، وينتظر ١"),
    ],
)
def test_the_subject_says_it_in_short(language: str, nothing: str, full: str) -> None:
    told = replace(EMPTY, received=Against("", 3, 1), waiting=1, oldest=(Oldest(7, NOW, None, "high"),))
    for of, subject in ((EMPTY, nothing), (told, full)):
        values = made(of) | {"firm": "Example Shop"}
        values["cases"] = [{**one, "link": "mailto:a@example.com"} for one in values["cases"]]
        assert letters().render("agent_figures", language, values).subject == subject
