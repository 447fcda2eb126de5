from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.strict_yaml import parse


def data(text: str) -> object:
    document, problems = parse("f.yaml", text)
    assert problems == []
    assert document is not None
    return document.data


def told(text: str) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.message) for problem in parse("f.yaml", text)[1]]


@pytest.mark.parametrize(
    "written", ["no", "yes", "on", "off", "12:30", "2026-03-21", "007", "1_000", "0x10", "1e3"]
)
def test_what_looks_special_elsewhere_is_text_here(written: str) -> None:
    assert data(f"a: {written}") == {"a": written}


def test_only_true_and_false_are_booleans_and_plain_digits_numbers() -> None:
    assert data("[true, false, 3, -4, 0.5, ~]") == [True, False, 3, -4, 0.5, None]


def test_quoted_text_stays_text() -> None:
    assert data("""['true', "3", '']""") == ["true", "3", ""]


def test_a_key_that_stands_twice_is_told_with_both_lines() -> None:
    assert told("late: 1\nlost: 2\nlate: 3\n") == [
        (3, 1, "'late' stands here twice (first on line 1); join the two into one")
    ]


def test_every_indenting_tab_is_told_at_once() -> None:
    problems = told("a:\n\tb: 1\nc:\n  \td: 2\n")
    assert [(line, column) for line, column, _ in problems] == [(2, 1), (4, 3)]
    assert "spaces" in problems[0][2]


def test_aliases_anchors_and_tags_are_refused_together() -> None:
    problems = told("a: &x one\nb: *x\nc: !!str d\n")
    assert [(line, column) for line, column, _ in problems] == [(1, 4), (2, 4), (3, 4)]
    assert all("quotes" in message for _, _, message in problems)


def test_a_billion_laughs_is_not_expanded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert all("quotes" in message for _, _, message in told(bomb))


def test_deep_nesting_is_refused() -> None:
    assert "deep" in told("[" * 5_000)[0][2]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: note: this\n", 1, "quotes"),
        ("a: 'open\nb: c\n", 1, "never closed"),
        ("a: @b\n", 1, "quotes"),
        ('a: "c:\\q"\n', 1, "single quotes"),
        ("a: 1\n  b: 2\n", 2, "2 spaces too far right; begin it in column 1"),
        ("a:\n  b: one: two\n", 2, "quotes"),
        ("a: [1, 2\nb: 3\n", 1, "bracket"),
        ("a: 1\n---\nb: 2\n", 3, "---"),
        ("a: x\x07y\n", 0, "control"),
    ],
)
def test_broken_yaml_is_told_in_words_of_an_editor(text: str, line: int, words: str) -> None:
    problem = parse("f.yaml", text)[1][0]
    assert words in problem.message
    assert line in (0, problem.line)


def test_places_are_kept_for_keys_and_values() -> None:
    document, _ = parse("f.yaml", "rules:\n  - name: one\n    when:\n      phrase: [a, b]\n")
    assert document is not None
    assert document.place(("rules", 0, "when", "phrase", 1)) == (4, 19)
    assert document.place(("rules", 0, "name"), key=True) == (2, 5)
    assert document.place(("rules", 0, "missing", "deeper")) == (2, 5)


def test_an_empty_file_and_a_byte_order_mark_are_no_trouble() -> None:
    assert data("") is None
    assert data("\ufeffa: ب") == {"a": "ب"}


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"\n\t #%@?,~0.سא\\\x07\ud800"), max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    document, problems = parse("f.yaml", text)
    assert document is not None or problems
