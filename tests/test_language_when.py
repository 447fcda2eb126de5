"""Days and times to come, as people write them in four languages, and what is never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.strict_yaml import parse
from language import dates
from language.when import Day, Span, Unclear, WeekEnd, read_when, split_by, split_day
from language.words import Words

RULES = Path(__file__).parent.parent / "rules"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday; 11 Esfand 1404."""
TEHRAN = ZoneInfo("Asia/Tehran")
LANGUAGES = ("en", "fa", "he", "ar")


@cache
def words() -> tuple[Words, ...]:
    found = []
    for language in LANGUAGES:
        document, problems = parse("w", (RULES / "words" / f"{language}.yaml").read_text("utf-8"))
        assert document, problems
        found.append(Words.model_validate(document.data))
    return tuple(found)


def when(text: str, now: datetime = NOW) -> Day | Span | WeekEnd | Unclear:
    return read_when(text, now, TEHRAN, words())


def a_day(text: str) -> str:
    read = when(text)
    assert isinstance(read, Day), read
    return f"{read.day}{f' {read.at:%H:%M}' if read.at else ''}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("friday", "2026-03-06"),
        ("by Friday", "2026-03-06"),
        ("this Friday at 17:00", "2026-03-06 17:00"),
        ("Fri.", "2026-03-06"),
        ("tomorrow", "2026-03-03"),
        ("the day after tomorrow", "2026-03-04"),
        ("today at 4 pm", "2026-03-02 16:00"),
        ("today 4pm", "2026-03-02 16:00"),
        ("tomorrow, 12 am", "2026-03-03 00:00"),
        ("14:30", "2026-03-02 14:30"),
        ("in 3 days", "2026-03-05"),
        ("in a week", "2026-03-09"),
        ("two weeks from now", "2026-03-16"),
        ("2026-12-01", "2026-12-01"),
        ("2026/12/01 14:30", "2026-12-01 14:30"),
        ("1.12.2026", "2026-12-01"),
        ("13/12/2026", "2026-12-13"),
        ("12/13/2026", "2026-12-13"),
        ("1 Dec", "2026-12-01"),
        ("Dec 1, 2026", "2026-12-01"),
        ("the 1st of December", "2026-12-01"),
        ("friday 6 march", "2026-03-06"),
        ("10 azar 1405", "2026-12-01"),
        ("جمعه", "2026-03-06"),
        ("تا جمعه", "2026-03-06"),
        ("فردا ساعت ۹:۳۰", "2026-03-03 09:30"),
        ("پس‌فردا", "2026-03-04"),
        ("سه شنبه ۵ عصر", "2026-03-03 17:00"),
        ("۳ روز دیگر", "2026-03-05"),
        ("۳ روز", "2026-03-05"),
        ("یک هفته دیگر", "2026-03-09"),
        ("هفتهٔ دیگر", "2026-03-09"),
        ("۱۴۰۵/۰۹/۱۰", "2026-12-01"),
        ("1405-9-10", "2026-12-01"),
        ("۱۰ آذر", "2026-12-01"),
        ("دهم آذر ماه ۱۴۰۵", "2026-12-01"),
        ("۱ دسامبر ۲۰۲۶ ساعت ۱۴", "2026-12-01 14:00"),
        ("ביום שישי", "2026-03-06"),
        ("יום ו'", "2026-03-06"),
        ("מחר בשעה 14:00", "2026-03-03 14:00"),
        ("בעוד שבוע", "2026-03-09"),
        ("יומיים", "2026-03-04"),
        ("1 בדצמבר 2026", "2026-12-01"),
        ("يوم الجمعة", "2026-03-06"),
        ("غداً الساعة 3 مساءً", "2026-03-03 15:00"),
        ("بعد غد", "2026-03-04"),
        ("بعد يومين", "2026-03-04"),
        ("بعد أسبوع", "2026-03-09"),
        ("١٥ يومًا", "2026-03-17"),
        ("١ ديسمبر ٢٠٢٦", "2026-12-01"),
        ("١ كانون الأول ٢٠٢٦", "2026-12-01"),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert a_day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 3 working days", Span(3, "working-days")),
        ("in three business days", Span(3, "working-days")),
        ("in 2 working days at 12:00", Span(2, "working-days", time(12))),
        ("in 4 working hours", Span(4, "working-hours")),
        ("in 45 minutes", Span(45, "minutes")),
        ("in an hour", Span(1, "hours")),
        ("۳ روز کاری دیگر", Span(3, "working-days")),
        ("ظرف سه روز کاری", Span(3, "working-days")),
        ("۲ ساعت دیگر", Span(2, "hours")),
        ("۲ ساعت", Span(2, "hours")),
        ("בעוד 3 ימי עבודה", Span(3, "working-days")),
        ("תוך שני ימי עסקים", Span(2, "working-days")),
        ("בעוד שעתיים", Span(2, "hours")),
        ("خلال ٣ أيام عمل", Span(3, "working-days")),
        ("خلال يومي عمل", Span(2, "working-days")),
        ("بعد ساعتين", Span(2, "hours")),
    ],
)
def test_a_stretch_of_time_is_read_as_people_write_it(text: str, expected: Span) -> None:
    assert when(text) == expected


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("monday", "2026-03-02", "2026-03-09"),
        ("next friday", "2026-03-06", "2026-03-13"),
        ("جمعهٔ آینده", "2026-03-06", "2026-03-13"),
        ("יום שישי הבא", "2026-03-06", "2026-03-13"),
        ("الجمعة القادمة", "2026-03-06", "2026-03-13"),
        ("01/02/2027", "2027-02-01", "2027-01-02"),
        ("1405/9/10 friday", "2026-12-01", "2026-03-06"),
        ("1 March", "2026-03-01", "2027-03-01"),
        ("friday saturday", "2026-03-07", "2026-03-06"),
        ("10/09/1405", "2026-12-01", "2026-12-30"),
    ],
)
def test_what_can_be_two_days_is_told_with_both(text: str, first: str, second: str) -> None:
    read = when(text)
    assert isinstance(read, Unclear)
    told = (str(read.values["first"]), str(read.values["second"]))
    assert (read.code, *told) == ("when-two-ways", first, second)


@pytest.mark.parametrize(
    "text", ["31 feb", "2026-02-30", "2026-13-01", "tomorrow 25:00", "31/31/2026", "13 pm", "۳۱ آذر"]
)
def test_what_the_calendar_does_not_have_is_told(text: str) -> None:
    read = when(text)
    assert isinstance(read, Unclear)
    assert read.code == "when-no-such-day"


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "asap", "next week", "this week", "at 5", "in 3", "december", "3 months", "5", "three"),
        *("tomorrow 10:00 11:00", "in 2 hours at 10:00", "the", "2026", "26-12-01"),
    ],
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    read = when(text)
    assert isinstance(read, Unclear)
    assert read.code == "when-unknown"


def test_the_word_that_is_not_known_is_named() -> None:
    read = when("friday noonish")
    assert isinstance(read, Unclear)
    assert read.values["word"] == "noonish"


def test_the_day_is_the_firms_own() -> None:
    late = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)  # already Tuesday in Tehran
    assert when("tomorrow", late) == Day(date(2026, 3, 4))


DAYS = st.dates(date(2026, 3, 2), date(2029, 3, 1))


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=DAYS)
def test_a_day_that_we_write_is_read_back(language: str, day: date) -> None:
    assert when(dates.day(day, language, TEHRAN)) == Day(day)


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=DAYS, minutes=st.integers(0, 24 * 60 - 1))
def test_a_moment_that_we_write_is_read_back(language: str, day: date, minutes: int) -> None:
    at = datetime.combine(day, time(0), UTC) + timedelta(minutes=minutes)
    there = at.astimezone(TEHRAN)
    assert when(dates.moment(at, language, TEHRAN)) == Day(there.date(), there.time())


@given(day=st.dates(date(2026, 1, 1), date(2099, 12, 31)))
def test_a_day_in_digits_with_its_year_first_is_read_wherever_it_lies(day: date) -> None:
    assert when(day.isoformat()) == Day(day)
    assert when(f"{day:%Y/%m/%d}") == Day(day)


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_told_and_never_fails(text: str) -> None:
    assert isinstance(when(text), Day | Span | Unclear)


def pieces() -> list[str]:
    """Every shipped word of a date, and some digits."""
    found = ["3", "12", "2026", "1405", "10:30", "2026-12-01", "1/2/2027", "friday", "آذر"]
    for one in (each.dates for each in words()):
        found += [*one.skip, *one.at, *one.next, *one.pm]
        groups = (*one.days.values(), *one.units.values(), *one.months.values())
        found += [phrase for group in groups for phrase in group]
    return found


@given(some=st.lists(st.sampled_from(pieces()), max_size=6))
def test_any_words_of_dates_in_any_order_are_read_or_told(some: list[str]) -> None:
    assert isinstance(when(" ".join(some)), Day | Span | Unclear)


@given(ahead=st.integers(1, 999))
def test_so_many_days_are_counted_from_today(ahead: int) -> None:
    assert when(f"in {ahead} days") == Day(date(2026, 3, 2) + timedelta(days=ahead))


@pytest.mark.parametrize(
    ("text", "what", "day"),
    [
        ("a new parcel by friday", "a new parcel", "friday"),
        ("refund by bank by friday", "refund by bank", "friday"),
        ("بستهٔ تازه تا جمعه", "بستهٔ تازه", "جمعه"),
        ("חבילה חדשה עד יום שישי", "חבילה חדשה", "יום שישי"),
        ("طرد جديد حتى الجمعة", "طرد جديد", "الجمعة"),
        ("an answer no later than friday", "an answer", "friday"),
    ],
)
def test_a_promise_is_parted_at_its_last_by(text: str, what: str, day: str) -> None:
    assert split_by(text, words()) == (what, day)


@pytest.mark.parametrize("text", ["a new parcel", "by friday", "a new parcel by", ""])
def test_without_what_or_day_nothing_is_parted(text: str) -> None:
    assert split_by(text, words()) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_words_of_a_language_stand_for_one_thing_each(language: str) -> None:
    one = next(each for each in words() if each.language == language).dates
    groups = {"at": one.at, "am": one.am, "pm": one.pm, "next": one.next}
    for name in ("days", "weekdays", "months", "jalali_months", "numbers", "one", "two"):
        groups |= {f"{name} {key}": phrases for key, phrases in getattr(one, name).items()}
    seen: dict[str, str] = {}
    for name, phrases in groups.items():
        for phrase in phrases:
            assert seen.setdefault(phrase, name) == name, phrase


def test_a_day_behind_other_words_is_split_off() -> None:
    assert split_day("a visit in town in 3 days", NOW, TEHRAN, words()) == ("a visit in town", "in 3 days")
    assert split_day("a parcel 01/02/2027", NOW, TEHRAN, words()) == ("a parcel", "01/02/2027"), "to be asked"
    assert split_day("a parcel", NOW, TEHRAN, words()) is None
    assert when("before 3 days") == Unclear("when-unknown", {"text": "before 3 days", "word": ""})
