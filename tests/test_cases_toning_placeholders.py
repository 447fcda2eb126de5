"""What is still to be filled in, and what only looks like it."""

from __future__ import annotations

import pytest

from cases.toning.placeholders import by_signs, left_open
from tests.toning import guide_of


def found(text: str, *known: str) -> list[str]:
    return [text[start:end] for start, end in by_signs(text, known)]


@pytest.mark.parametrize(
    "gap",
    [
        "[NAME]",
        "[the date]",
        "DD/MM/YYYY",
        "xx.xx.xxxx",
        "【name】",
        "........",
        "[نام مشتری]",
        "[ ]",
        "{{ deadline|day }}",
        "{% if name %}",
        "{name}",
        "${NAME}",
        "<name>",
        "<שם הלקוח>",
        "XXX",
        "XXXX-XX",
        "XX.XX",
        "XX",
        "____",
        "........",
        "«…»",
        "“...”",
        "TODO",
        "TBD",
        "Lorem ipsum",
        "??",
        "[ORDER 12]",
        "[LINE1]",
        "[20XX-01]",
        "[order12]",
    ],
)
def test_a_sign_for_words_that_are_missing_is_found(gap: str) -> None:
    assert found(f"It comes on {gap} by post.") == [gap]


@pytest.mark.parametrize(
    "text",
    [
        "see note [1] and [12]",
        "press [Enter], and the box shows [x]",
        "you wrote “recieved” [sic]",
        "and we waited......",
        "[the page](https://shop.example)",
        "write to <help@shop.example>",
        "<https://shop.example/a>",
        "card XXXX-XXXX-XXXX-1234",
        "size XXL or XXXL",
        "we waited... and waited…",
        "is it so? Really?!",
        "my todo list",
        "3 < 4 and 5 > 4",
        "the “red” kettle",
        "(round brackets)",
        "your order [ORD-2231]",
        "the case <A-12/7>",
        "code {AB12}",
    ],
)
def test_what_is_meant_as_it_stands_is_not(text: str) -> None:
    assert found(text) == []


def test_what_the_customer_wrote_in_brackets_is_repeated_and_not_to_be_filled_in() -> None:
    assert found("About “[EXTERNAL] late”: it comes [date].", "[EXTERNAL] late") == ["[date]"]


def test_a_gap_is_looked_for_in_a_few_signs_behind_its_bracket() -> None:
    """A bracket in one line of hundreds of thousands of signs must not hold up everybody's work."""
    assert found("[" + "a" * 400 + "]") == []


def test_the_first_gap_is_told_with_as_much_of_its_line_as_shows_where_it_is() -> None:
    assert left_open("Dear Ann,\nit comes [date].", None) == ("[date]", "it comes [date].")
    assert left_open("[date]", None) == ("[date]", "")
    assert left_open("It comes tomorrow.", None) is None
    words, line = left_open("a word " * 100 + "[date]" + " and another" * 100, None) or ("", "")
    assert words in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 100


def test_the_languages_own_words_keep_a_draft_back_only_in_brackets() -> None:
    guide = guide_of("en")
    assert left_open("Hello (insert name here), it comes.", guide) == (
        "insert name here",
        "Hello (insert name here), it comes.",
    )
    assert left_open("Please insert name here on the form.", guide) is None
