"""rules/extractors.yaml: every mistake is told where it stands, with what to write instead."""

from __future__ import annotations

import pytest

from cases.rules.loading import load
from tests.extractors_factory import FILE, SHIPPED, extracting, extractors, found
from tests.facts_factory import texts

ONE = "extractors:\n  order_number:\n    kind: number\n"
NAMED = "extractors:\n  product:\n    kind: product\n    names:\n"


def mistakes(text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.message) for one in extractors(text)[1]]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        (ONE + "    patterns: ['order \\d+']\n", 4, 16, "has no round brackets; put them around the part"),
        (
            ONE + "    patterns: ['a (\\d+)', '(order|no) (\\d+)']\n",
            4,
            27,
            "has 2 pairs of round brackets; keep those around the value, and write (?:…)",
        ),
        (ONE + "    patterns: ['order (\\d+']\n", 4, 16, "a ( is opened and never closed"),
        (ONE + "    patterns: ['(?=a)(\\d+)']\n", 4, 16, "looks around"),
        (ONE + "    patterns: ['(\\d*)']\n", 4, 16, "matches an empty text"),
        (ONE, 2, 3, "say also how the number itself is known: add 'patterns' with a line such as"),
        (ONE + "    near: [order]\n", 2, 3, "'near' only says beside which words a value counts"),
        (
            ONE.replace("number\n", "numbr\n") + "    patterns: ['(\\d+)']\n",
            3,
            11,
            "did you mean 'number'?",
        ),
        (ONE + "    pattern: ['(\\d+)']\n", 4, 5, "'pattern' is not known here; did you mean 'patterns'?"),
        (
            ONE + "    patterns: ['(\\d+)']\n    names: {first: []}\n",
            2,
            3,
            "a value of kind number has no names; delete 'names', or make the kind 'text'",
        ),
        (
            "extractors:\n  product:\n    kind: product\n    near: [the]\n    names: {lamp: []}\n",
            2,
            3,
            "names count wherever they stand; delete 'near'",
        ),
        (
            NAMED + "      lamp: [light]\n      bulb: [Light]\n",
            6,
            14,
            "'Light' is a name of 'lamp' too; keep it at one of them",
        ),
        (
            "extractors:\n  product:\n    kind: product\n    names: {'?': []}\n",
            4,
            18,
            "has no words to look for",
        ),
        (
            ONE + "    patterns: ['(\\d+)']\n  order-number:\n    kind: amount\n",
            5,
            3,
            "'order_number' is called 'order-number' too",
        ),
        (
            ONE + "    patterns: ['(\\d+)']\n  sum:\n    kind: amount\n    called: {en: Order number}\n",
            7,
            18,
            "choose another name for one of them",
        ),
        (
            ONE + "    patterns: ['(\\d+)']\n    called: {english: no}\n",
            5,
            14,
            "write a language by its short name",
        ),
        (ONE + "    patterns: ['(\\d+)']\n    many: yes\n", 5, 11, "write true or false here"),
        ("extractors:\n  my fact: {kind: date}\n", 2, 3, "a name has only letters a to z"),
        ("extractor:\n  a: {kind: date}\n", 1, 1, "did you mean 'extractors'?"),
        (
            "extractors:\n  a: {patterns: ['(a)']}\n",
            2,
            6,
            "'kind' is missing here; add a line 'kind: …' with one of: text",
        ),
    ],
)
def test_each_mistake_is_told_where_it_stands(text: str, line: int, column: int, said: str) -> None:
    told = mistakes(text)
    assert any(said in message and (line, column) == (at, sign) for at, sign, message in told), told


EXAMPLES = ONE + "    patterns: ['order (\\w+)']\n    examples:\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("      match: {'order 4711': '4712'}\n", 6, "finds '4711' in this example instead of '4712'"),
        ("      match: {'no 4711': '4711'}\n", 6, "finds nothing in this example instead of '4711'"),
        (
            "      match:\n        'order 1': '1'\n        'order 2': ['2', '3']\n",
            8,
            "instead of '2' and '3'",
        ),
        ("      match: {'order 4711': []}\n", 6, "say which value this example gives"),
        ("      no-match:\n        - no\n        - order 4711\n", 8, "finds '4711' in this example; change"),
        ("      match: {'order 4711': 4711}\n", 6, "4711 without quotes is not a text"),
    ],
)
def test_an_example_that_gives_something_else_is_told(text: str, line: int, said: str) -> None:
    [(at, _, message)] = mistakes(EXAMPLES + text)
    assert said in message
    assert at == line


def test_examples_may_write_a_value_in_any_way() -> None:
    assert mistakes(EXAMPLES + "      match: {'order ab4711': AB4711, 'order Ab۴': ab4}\n") == []
    money = "extractors:\n  sum:\n    kind: amount\n    examples:\n      match: {'€50 and no more': 50 EUR}\n"
    assert mistakes(money) == []


def test_all_mistakes_are_told_at_once_and_examples_where_there_is_no_other() -> None:
    text = (
        ONE
        + "    patterns: ['a', 'order (\\d+)']\n    near: ['!']\n    examples: {match: {'order 1': '2'}}\n"
        + "  product:\n    kind: product\n"
    )
    assert [line for line, *_ in mistakes(text)] == [4, 5, 7]


def test_the_shipped_extractors_are_right_and_their_examples_hold() -> None:
    made, problems = extractors(SHIPPED)
    assert problems == ()
    assert made
    assert list(made.names) == ["order_number", "amount", "date", "product", "place", "person"]
    assert all(one.examples.match and one.examples.no_match for one in made.names.values())
    assert all({"fa", "he", "ar"} <= set(one.called) for one in made.names.values())


def test_a_name_alone_and_a_name_with_other_spellings_are_both_found() -> None:
    made = extracting(NAMED.replace("product", "place") + "      leeds:\n      york: [yorkshire]\n")
    assert found(made, "in Leeds") == [("place", "leeds")]
    assert found(made, "in Yorkshire") == [("place", "york")]


def test_a_wrong_extractor_keeps_the_whole_folder_from_taking_effect() -> None:
    rulebook, problems = load(texts() | {FILE: ONE + "    patterns: ['order']\n"})
    assert rulebook is None
    assert [(one.file, one.line) for one in problems] == [(FILE, 4)]


def test_the_rulebook_has_the_extractors_and_none_where_the_file_is_not_there() -> None:
    rulebook, problems = load(texts() | {FILE: ONE + "    patterns: ['order (\\d+)']\n"})
    assert rulebook, problems
    assert list(rulebook.extracting.names) == ["order_number"]
    bare, _ = load(texts())
    assert bare
    assert bare.extracting.names == {}
