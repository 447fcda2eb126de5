"""Days, moments and digits in the four languages and in others."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from language.dates import at_home, day, language_name, moment, number

LATE = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
"""Sunday evening in London, already Monday in Tehran."""


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("fa", "Asia/Tehran", "دوشنبه ۲ آذر ۱۴۰۵"),
        ("ar", "Asia/Riyadh", "الاثنين، ٢٣ نوفمبر ٢٠٢٦"),
        ("he", "Asia/Jerusalem", "יום ראשון, 22 בנובמבר 2026"),
        ("en", "Europe/London", "Sunday, 22 November 2026"),
        ("de", "Europe/Berlin", "Sonntag, 22. November 2026"),
        ("pt-BR", "UTC", "domingo, 22 de novembro de 2026"),
        ("zz", "UTC", "Sunday, 22 November 2026"),
        ("", "UTC", "Sunday, 22 November 2026"),
    ],
)
def test_a_day_reads_as_the_customer_writes_it_in_the_zone_of_the_firm(
    language: str, zone: str, expected: str
) -> None:
    assert day(LATE, language, ZoneInfo(zone)) == expected


def test_a_plain_date_has_no_zone_to_be_moved_to() -> None:
    assert day(date(2026, 3, 21), "fa", ZoneInfo("Asia/Tehran")) == "شنبه ۱ فروردین ۱۴۰۵"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fa", "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۰۱:۰۰"),
        ("ar", "الاثنين، ٢٣ نوفمبر ٢٠٢٦، الساعة ٠١:٠٠"),
        ("he", "יום שני, 23 בנובמבר 2026 בשעה 01:00"),
        ("en", "Monday, 23 November 2026, 01:00"),
    ],
)
def test_a_moment_adds_the_time_of_day(language: str, expected: str) -> None:
    assert moment(LATE, language, ZoneInfo("Asia/Tehran")) == expected


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        day(LATE.replace(tzinfo=None), "en", UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fa", "۱۰۴۲"), ("ar", "١٠٤٢"), ("he", "1042"), ("en", "1042"), ("fa-IR", "۱۰۴۲")],
)
def test_a_number_has_the_digits_of_the_language_and_no_groups(language: str, expected: str) -> None:
    assert number(1042, language) == expected


def test_languages_are_named_in_the_readers_language() -> None:
    assert language_name("he", "fa") == "عبری"
    assert language_name("zz", "en") == "zz"
    assert language_name("", "en") == ""


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("ar", "Asia/Riyadh", "ar-SA"),
        ("ar", "Africa/Casablanca", "ar-MA"),
        ("ar", "Asia/Tehran", "ar"),
        ("ar", "UTC", "ar"),
        ("ar-EG", "Asia/Riyadh", "ar-EG"),
        ("fa", "Asia/Tehran", "fa"),
        ("en", "Asia/Jerusalem", "en"),
    ],
)
def test_arabic_is_written_as_in_the_country_of_the_firm(language: str, zone: str, expected: str) -> None:
    assert at_home(language, ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Riyadh", "الاثنين، ٢٣ نوفمبر ٢٠٢٦، الساعة ٠٠:٣٠"),
        ("Africa/Casablanca", "الأحد، 22 نونبر 2026، الساعة 22:30"),
        ("Asia/Amman", "الاثنين، ٢٣ تشرين الثاني ٢٠٢٦، الساعة ٠٠:٣٠"),
        ("Asia/Tehran", "الاثنين، ٢٣ نوفمبر ٢٠٢٦، الساعة ٠١:٠٠"),
    ],
)
def test_an_arabic_country_has_its_own_digits_and_months(zone: str, expected: str) -> None:
    there = ZoneInfo(zone)
    assert moment(LATE, at_home("ar", there), there) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Sunday, 22 November"),
        ("fa", "یکشنبه ۱ آذر"),
        ("he", "יום ראשון, 22 בנובמבר"),
        ("ar", "الأحد، ٢٢ نوفمبر"),
        ("de", "Sonntag, 22. November"),
        ("tr", "22 Kasım Pazar"),
        ("es", "domingo, 22 de noviembre"),
        ("zh", "11月22日星期日"),
        ("hu", "november 22., vasárnap"),
    ],
)
def test_a_day_that_is_near_needs_no_year(language: str, expected: str) -> None:
    assert day(LATE, language, UTC, year=False) == expected
