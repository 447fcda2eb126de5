"""Finding facts in a mail: what counts as one, where it stands, and how much one mail may give or take."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.extracting import LOOKED_AT, MOST, GroupPattern
from cases.rules.extracting_values import LONGEST
from cases.rules.fold import LIMIT, fold
from store.values import Fact
from tests.extractors_factory import SHIPPED, extracting, found

NUMBER = """\
extractors:
  order_number:
    kind: number
    many: true
    patterns: ['\\border (?:no[. ]+)?([a-z]*-?\\d+)\\b']
"""
PRODUCTS = """\
prefixes: [ה, ב, ال]
suffixes: [s, ها]
extractors:
  product:
    kind: product
    names:
      kettle: [water boiler, کتری, קומקום]
      kettle pro: []
"""
NEAR = """\
extractors:
  model:
    kind: text
    many: {many}
    near: [model, مدل]
    patterns: ['\\b([a-z]+\\d+)\\b']
"""
ALL = extracting(SHIPPED)


def test_a_pattern_gives_what_stands_in_its_brackets_and_says_where() -> None:
    made = extracting(NUMBER)
    facts = made.facts_in(fold("Order ab-1", "Again, order no. AB-2!"))
    assert facts == (
        Fact("order_number", "AB-1", "ab-1", "subject"),
        Fact("order_number", "AB-2", "AB-2", "words"),
    )


def test_one_value_has_one_form_however_it_is_typed() -> None:
    made = extracting(NUMBER)
    assert found(made, "order AB-4711, order ab-4711, order AB-٤٧١١ and order ab-۴۷۱۱") == [
        ("order_number", "AB-4711")
    ]


def test_numbers_are_looked_for_in_the_signature_and_nothing_else_is() -> None:
    made = extracting(NUMBER + "  model: {kind: text, patterns: ['model (\\w+)']}\n")
    facts = made.facts_in(fold("", "It is late."), "Ann\norder 4711, model K2")
    assert facts == (Fact("order_number", "4711", "4711", "signature"),)


def test_a_case_number_of_ours_is_no_order_number() -> None:
    assert found(ALL, "Hello", subject="Re: Your order [#104711]") == []
    assert found(ALL, "Hello", subject="Re: order 104711 [#1042]") == [("order_number", "104711")]


def test_names_are_found_in_every_spelling_and_the_longer_one_wins() -> None:
    made = extracting(PRODUCTS)
    for text in ("my kettles leak", "a WATER  boiler", "کتری‌ها خراب‌اند", "בקומקום יש סדק"):
        assert found(made, text) == [("product", "kettle")]
    assert found(made, "the Kettle Pro leaks") == [("product", "kettle pro")]
    assert found(made, "it was kettled") == []


def test_what_a_pattern_finds_gets_the_name_that_it_is_a_spelling_of() -> None:
    made = extracting(
        "extractors: {place: {kind: place, names: {north: [North-Mall]}, patterns: ['branch (\\w+)']}}"
    )
    assert found(made, "at branch NORTH") == [("place", "north")]


def test_values_keep_the_letters_of_the_mail() -> None:
    assert found(ALL, "I spoke with Mrs. McGregor.") == [("person", "McGregor")]
    assert found(ALL, "با خانم كريمي صحبت کردم") == [("person", "كريمي")]


def test_a_value_counts_only_near_a_phrase_where_one_is_wanted() -> None:
    made = extracting(NEAR.format(many="false"))
    assert found(made, "xr20 is broken") == []
    assert found(made, "The model that I have is XR20") == [("model", "XR20")]
    assert found(made, "My XR20 model is broken") == [("model", "XR20")]
    assert found(made, "the model is broken, as you can see from all that I sent: xr20") == []


def test_the_value_behind_a_phrase_is_meant_rather_than_the_one_before() -> None:
    made = extracting(NEAR.format(many="false"))
    assert found(made, "invoice ab12, model xr20, box zz9") == [("model", "xr20")]


def test_of_many_values_near_a_phrase_those_that_follow_each_other_count() -> None:
    made = extracting(NEAR.format(many="true"))
    values = [value for _, value in found(made, "models? model xr20, xr21 and xr22. In the box zz9 was zz8")]
    assert values == ["xr20", "xr21", "xr22"]


def test_without_many_the_first_value_of_a_mail_is_the_fact() -> None:
    made = extracting(PRODUCTS.replace("kettle pro", "lamp"))
    assert found(made, "a lamp and a kettle") == [("product", "lamp")]


def test_what_is_never_a_value_is_none() -> None:
    made = extracting("extractors: {place: {kind: place, not: [the, YOUR], patterns: ['(\\w+) branch']}}")
    assert found(made, "your branch, the branch") == []
    assert found(made, "your branch, the Leeds branch") == [("place", "Leeds")]


def test_an_extractor_for_some_languages_is_tried_in_those_and_where_none_is_known() -> None:
    made = extracting("extractors: {n: {kind: number, languages: [fa], patterns: ['no (\\d+)']}}")
    assert found(made, "no 12", language="en") == []
    assert found(made, "no 12", language="fa") == [("n", "12")]
    assert found(made, "no 12") == [("n", "12")]


def test_amounts_and_dates_are_exact_or_none() -> None:
    text = "On 12 March 2026 you took €50, not 1.250 KWD, and on 01/02/2026 again."
    assert found(ALL, text, language="en") == [("amount", "50.00 EUR"), ("date", "2026-03-12")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("My order number is: AB-4711", "AB-4711"),
        ("Order number for the kettle is ab-4711.", "AB-4711"),
        ("My booking ref. is xk29pq1", "XK29PQ1"),
        ("שלום, מספר הזמנה: 47112", "47112"),
        ("ההזמנה שלי מספר ab-47112 לא הגיעה", "AB-47112"),
        ("شماره سفارش: ۴۷۱۱۲", "47112"),
        ("شماره‌ی سفارش من AB-۴۷۱۱۲ است", "AB-47112"),
        ("سفارش شماره 47112 نرسید", "47112"),
        ("رقم الطلبية هو ٤٧١١٢", "47112"),
        ("طلبي رقم AB-4711 لم يصل", "AB-4711"),
        ("\u202bرقم الطلب\u202c: \u200eAB-4711\u200e", "AB-4711"),
    ],
)
def test_order_numbers_are_known_in_four_languages(text: str, value: str) -> None:
    assert found(ALL, text) == [("order_number", value)]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 3 lamps and 20 bulbs",
        "my order of 12/05/2026",
        "order it in 2 days",
        "my order is missing. Call 09121234567",
        "سفارش من ۳ روز دیر شد",
        "ההזמנה שלי מאחרת 5 ימים",
        "طلبي متأخر 10 أيام",
    ],
)
def test_other_numbers_are_no_order_numbers(text: str) -> None:
    assert [one for one in found(ALL, text) if one[0] == "order_number"] == []


def test_one_mail_gives_at_most_twenty_facts() -> None:
    text = " ".join(f"order {number}" for number in range(1000, 1200))
    assert len(found(extracting(NUMBER), text)) == MOST


def test_a_value_as_long_as_a_letter_is_none() -> None:
    made = extracting("extractors: {n: {kind: text, patterns: ['code (.+)']}}")
    assert found(made, "code " + "word " * LONGEST) == []


def test_only_the_beginning_of_a_mail_is_looked_at() -> None:
    assert found(extracting(NUMBER), "a " * (LIMIT // 2) + "order 4711") == []


@pytest.mark.parametrize("text", ["1 ", "order no ", "model ", "1 EUR ", "12 march 2026 ", "mr ", "a", "۱۲ "])
def test_a_hostile_line_of_a_megabyte_gives_no_more_than_any_mail(text: str) -> None:
    line = text * (1_000_000 // len(text))
    facts = ALL.facts_in(fold(line, line), line, "en")
    assert len(facts) <= MOST
    assert all(len(one.value) <= LONGEST and len(one.as_written) <= LONGEST for one in facts)


def test_a_pattern_stops_after_some_values() -> None:
    assert len(list(GroupPattern(r"(\d)").values("1 " * 5_000))) == LOOKED_AT


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_mail_gives_facts_that_stand_in_it(text: str, subject: str, signature: str) -> None:
    for fact in ALL.facts_in(fold(subject, text), signature):
        assert 0 < len(fact.value) <= LONGEST
        assert fact.name in ALL.names
        assert fact.where in ("subject", "words", "signature")


def test_a_folder_without_extractors_finds_nothing() -> None:
    assert found(extracting("extractors: {}\n"), "order 4711") == []
