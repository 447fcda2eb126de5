"""Amounts of money as people write them: exact, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.dates import number
from language.money import LARGEST, PERCENT, Money, Unclear, is_currency, money, money_of, read_money
from tests.test_language_when import LANGUAGES, words


def read(text: str, *languages: str) -> str:
    found = read_money(text, words(), languages)
    if isinstance(found, Unclear):
        return found.code
    return f"{found[0]}|{found[1]}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 EUR the parcel was late", "50.00 EUR|the parcel was late"),
        ("50 € late", "50.00 EUR|late"),
        ("50€ late", "50.00 EUR|late"),
        ("€50 late", "50.00 EUR|late"),
        ("EUR 50 late", "50.00 EUR|late"),
        ("USD 20: late", "20.00 USD|late"),
        ("50 EUR, 3 days late", "50.00 EUR|3 days late"),
        ("1,250.50 EUR", "1250.50 EUR|"),
        ("1.250,50 EUR", "1250.50 EUR|"),
        ("1 250,50 EUR late", "1250.50 EUR|late"),
        ("1'250.50 EUR", "1250.50 EUR|"),
        ("1٬250٫50 EUR", "1250.50 EUR|"),
        ("1,250 EUR", "1250.00 EUR|"),
        ("12,5 EUR", "12.50 EUR|"),
        ("1,000,000 EUR", "1000000.00 EUR|"),
        ("0.250 KWD", "0.250 KWD|"),
        ("50.00 IRR", "50 IRR|"),
        ("۱۲۵۰ یورو دیر شد", "1250.00 EUR|دیر شد"),
        ("٥٠ يورو", "50.00 EUR|"),
        ("۲۰۰ هزار تومان بابت تأخیر", "2000000 IRR|بابت تأخیر"),
        ("۲۰۰هزار تومان", "2000000 IRR|"),
        ("۱٫۵ میلیون تومان", "15000000 IRR|"),
        ("50k EUR", "50000.00 EUR|"),
        ("1.2345 million IRR", "1234500 IRR|"),
        ("₪120 איחור", "120.00 ILS|איחור"),
        ('120 ש"ח', "120.00 ILS|"),
        ("120 ש״ח", "120.00 ILS|"),
        ("٥٠ دينار كويتي", "50.000 KWD|"),
        ("50 TRY again", "50.00 TRY|again"),
        ("10% off the next order", "10.00 %|off the next order"),
        ("12.5 percent late", "12.50 %|late"),
        ("۱۵٪ بابت تأخیر", "15.00 %|بابت تأخیر"),
        ("۱۵ درصد بابت تأخیر", "15.00 %|بابت تأخیر"),
        ("20 אחוז איחור", "20.00 %|איחור"),
        ("١٠ بالمئة تأخير", "10.00 %|تأخير"),
        ("100% late", "100.00 %|late"),
        ("101% late", "money-too-much"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money-unclear"),
        ("fifty EUR", "money-unclear"),
        ("-50 EUR", "money-unclear"),
        ("1,25,000 EUR", "money-unclear"),
        ("1.2.3 EUR", "money-unclear"),
        ("۱۲/۵ EUR", "money-unclear"),
        ("50", "money-currency"),
        ("50 try again", "money-currency"),
        ("50 bitcoin", "money-currency"),
        ("50 DEM", "money-currency"),
        ("50 XXX", "money-currency"),
        ("۲ میلیون و ۵۰۰ هزار تومان", "money-currency"),
        ("٥٠ دينار", "money-two-currencies"),
        ("1.250 KWD", "money-two-ways"),
        ("1.250 million IRR", "money-two-ways"),
        ("EUR 50 100 days late", "money-two-ways"),
        ("20.1234 EUR", "money-too-fine"),
        ("0.5 IRR", "money-too-fine"),
        ("1.00000000000000000000000000000000001 EUR", "money-too-fine"),
        ("1.2345678 million IRR", "money-too-fine"),
        ("0 EUR", "money-nothing"),
        ("0.00 EUR", "money-nothing"),
        ("1000000000000 EUR", "money-too-much"),
        ("99999999999999999999999 EUR", "money-too-much"),
        ("9999999 million EUR", "money-too-much"),
    ],
)
def test_what_is_no_amount_or_could_be_two_is_told(text: str, code: str) -> None:
    assert read(text) == code


def test_a_name_of_two_currencies_is_read_in_the_agents_own_language() -> None:
    assert read("٥٠ ريال") == "money-two-currencies"
    assert read("٥٠ ريال", "ar") == "50.00 SAR|"
    assert read("۵۰ ریال", "fa") == "50 IRR|"
    assert read("٥٠ دينار", "ar") == "money-two-currencies", "it names three in Arabic itself"


def test_both_amounts_are_told_in_a_form_that_is_then_read() -> None:
    found = read_money("1.255 KWD", words())
    assert isinstance(found, Unclear)
    assert read(f"{found.values['first']} KWD") == "1255.000 KWD|"
    assert read(f"{found.values['second']} KWD") == "1.255 KWD|"


CURRENCIES = st.sampled_from(["EUR", "USD", "IRR", "ILS", "KWD", "JPY", "SAR"])
AMOUNTS = st.decimals(Decimal("0.01"), LARGEST - 1, places=2)


@given(amount=AMOUNTS, currency=CURRENCIES)
def test_an_amount_is_kept_to_the_last_coin(amount: Decimal, currency: str) -> None:
    found = read_money(f"{amount:f} {currency} late", words())
    if isinstance(found, Unclear):
        assert found.code == "money-too-fine"
        assert money_of(amount, currency) is None
    else:
        assert found == (Money(amount, currency), "late")
        assert found[0].amount == amount
        assert str(Decimal(f"{found[0].amount:f}")) == f"{found[0].amount:f}"


@pytest.mark.parametrize("language", LANGUAGES)
@given(amount=AMOUNTS)
def test_an_amount_that_we_write_is_read_back(language: str, amount: Decimal) -> None:
    written = money(amount, "EUR", language).partition(" ")[0]
    found = read_money(f"{written} EUR", words())
    assert not isinstance(found, Unclear)
    assert found[0].amount == amount


@pytest.mark.parametrize("language", LANGUAGES)
@given(amount=st.integers(1, 10**11))
def test_the_digits_of_every_language_are_read(language: str, amount: int) -> None:
    found = read_money(f"{number(amount, language)} EUR", words())
    assert not isinstance(found, Unclear)
    assert found[0].amount == amount


@given(text=st.text(max_size=30))
@example(text="1%")
def test_any_text_is_read_or_told_and_never_fails(text: str) -> None:
    found = read_money(text, words())
    assert isinstance(found, Unclear) or found[0].amount > 0
    assert isinstance(found, Unclear) or is_currency(found[0].currency) or found[0].currency == PERCENT


@given(text=st.text("0123456789.,' ٬٫kEUR€", max_size=20))
def test_any_digits_and_marks_are_read_or_told(text: str) -> None:
    found = read_money(text, words())
    assert isinstance(found, Unclear) or 0 < found[0].amount < LARGEST


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "1,250.50 euros"),
        ("fa", "۱٬۲۵۰٫۵۰ یورو"),
        ("he", "1,250.50 אירו"),
        ("ar", "١٬٢٥٠٫٥٠ يورو"),
    ],
)
def test_an_amount_reads_as_people_of_the_language_write_it(language: str, expected: str) -> None:
    assert money(Decimal("1250.50"), "EUR", language) == expected


def test_a_currency_that_no_country_uses_is_shown_by_its_code() -> None:
    assert money(Decimal("5"), "XYZ", "en") == "5 XYZ"


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("20 EUR AB-4711", "AB-4711"),
        ("€20 AB-4711 came  late", "AB-4711 came late"),
        ("20€: AB-4711", "AB-4711"),
        ("۲۰۰ هزار تومان بابت سفارش AB-۴۷۱۱", "بابت سفارش AB-۴۷۱۱"),
        ("1 250,50 EUR 3x late", "3x late"),
    ],
)
def test_the_words_behind_an_amount_stay_as_they_were_written(text: str, behind: str) -> None:
    found = read_money(text, words())
    assert not isinstance(found, Unclear)
    assert found[1] == behind


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "12.5%"), ("he", "12.5%"), ("fa", "۱۲٫۵٪"), ("ar", "١٢٫٥٪")]
)
def test_a_share_of_the_price_is_written_with_the_sign_of_the_language(language: str, expected: str) -> None:
    assert money(Decimal("12.50"), "%", language) == expected
