"""By when, as letters say it in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadlines import within
from language.normalise import ascii_digits

TEMPLATES = Path(__file__).parent.parent / "templates"
SUNDAY = datetime(2026, 11, 29, 13, tzinfo=UTC)
ZONES = {"en": "UTC", "fa": "Asia/Tehran", "he": "Asia/Jerusalem", "ar": "Asia/Riyadh"}
WORDS = {
    language: {
        (group, str(name)): str(word)
        for group, words in yaml.safe_load((TEMPLATES / language / "labels.yaml").read_text("utf-8")).items()
        for name, word in words.items()
        if group in ("within", "number")
    }
    for language in ZONES
}


def said(language: str, days: int | None, due: date = SUNDAY) -> str:
    return within(due, days, language, ZoneInfo(ZONES[language]), WORDS[language])


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("en", 0, "by the end of today (Sunday, 29 November)"),
        ("en", 1, "within one working day (by Sunday, 29 November)"),
        ("en", 2, "within two working days (by Sunday, 29 November)"),
        ("en", 11, "within 11 working days (by Sunday, 29 November)"),
        ("en", None, "by Sunday, 29 November 2026"),
        ("fa", 0, "تا پایان امروز (یکشنبه ۸ آذر)"),
        ("fa", 2, "ظرف دو روز کاری (تا یکشنبه ۸ آذر)"),
        ("fa", 12, "ظرف ۱۲ روز کاری (تا یکشنبه ۸ آذر)"),
        ("fa", None, "تا یکشنبه ۸ آذر ۱۴۰۵"),
    ],
)
def test_a_deadline_is_told_in_working_days_and_by_its_day(
    language: str, days: int | None, expected: str
) -> None:
    assert said(language, days) == expected


def test_a_language_counts_as_its_people_do() -> None:
    hebrew = [said("he", days) for days in (1, 2, 3, 11)]
    assert len({one.split("(")[0] for one in hebrew}) == 4
    assert "שני ימי" in hebrew[1]
    arabic = [said("ar", days) for days in (1, 2, 3, 11)]
    assert [("يومي" in one, "أيام" in one, "١١ يوم" in one) for one in arabic] == [
        (False, False, False),
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_a_language_that_says_only_what_it_must_is_understood() -> None:
    words = {("within", "other"): "in {number} Arbeitstagen (bis {day})", ("within", "by"): "bis {day}"}
    zone = ZoneInfo("Europe/Berlin")
    assert within(SUNDAY, 3, "de", zone, words) == "in 3 Arbeitstagen (bis Sonntag, 29. November)"
    assert within(SUNDAY, None, "de", zone, words) == "bis Sonntag, 29. November 2026"
    assert within(SUNDAY, 3, "de", zone, {}) == "Sonntag, 29. November", "never without its day"


@settings(deadline=None)
@given(
    st.sampled_from(sorted(ZONES)),
    st.one_of(st.none(), st.integers(0, 400)),
    st.dates(date(2024, 1, 1), date(2060, 1, 1)),
)
def test_the_day_of_the_month_is_always_in_it_and_no_gap_is_left(
    language: str, days: int | None, due: date
) -> None:
    told = said(language, days, due)
    assert "{" not in told
    if language != "fa":
        assert str(due.day) in ascii_digits(told)
    assert (str(due.year) in ascii_digits(told)) is (days is None) or language == "fa"


def test_the_day_is_that_of_the_firm() -> None:
    late = datetime(2026, 11, 29, 22, tzinfo=UTC)
    assert said("en", 1, late) == "within one working day (by Sunday, 29 November)"
    assert said("fa", 1, late) == "ظرف یک روز کاری (تا دوشنبه ۹ آذر)"
    assert said("fa", 1, late - timedelta(hours=2)) == "ظرف یک روز کاری (تا یکشنبه ۸ آذر)"
