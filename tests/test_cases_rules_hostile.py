"""Rules and mails that were made to keep the worker busy cost no more than their length."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.classify import classify
from cases.rules.loading import load
from cases.rules.patterns import Pattern
from cases.rules.reading import texts_of
from cases.rules.rulebook import Rulebook
from cases.rules.strict_yaml import parse
from tests.reading import soon
from tests.test_cases_rules_rulebook import SMALL

MEGABYTE = 1_000_000
ATOMS = st.sampled_from(["a", "ab", ".", r"\w", "[ab]", "[^b]", "ש", "ی", r"\d"])
QUANTIFIERS = st.sampled_from(["*", "+", "?", "{2,9}", "{1,}", ""])
NESTED = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, QUANTIFIERS).map(lambda both: f"({both[0]}){both[1]}"),
        st.tuples(inner, inner).map("|".join).map("({})".format),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=8,
)
PIECES = st.sampled_from(["a", "aa", "ab", "*", "a *", "עם", "می", "َ", "ً", "\u200c", "!", "9"])
PHRASES = st.lists(PIECES, min_size=1, max_size=12).map(" ".join)
LINES: dict[str, Callable[[int], str]] = {
    "one letter": lambda n: "a" * n,
    "one word over and over": lambda n: "a " * (n // 2),
    "stars": lambda n: "a * " * (n // 4),
    "combining marks": lambda n: "ש" + "\u05b8" * n,
    "a mark on each letter": lambda n: "ا\u064e" * (n // 2),
    "joiners": lambda n: "می\u200c" * (n // 3),
    "stops": lambda n: "." * n,
    "questions": lambda n: "? " * (n // 2),
    "digits": lambda n: "۱۲" * (n // 2),
    "stretched": lambda n: "sooo" * (n // 4),
    "quotes": lambda n: "'\"" * (n // 2),
}


def with_rules(*rules: dict[str, object]) -> Rulebook | None:
    return load({**SMALL, "mine.yaml": json.dumps({"rules": rules}, ensure_ascii=False)})[0]


def rule(number: int, **when: object) -> dict[str, object]:
    return {"name": f"r{number}", "when": when, "says": {"category": "late"}}


@settings(max_examples=40, deadline=None)
@given(written=NESTED, line=st.sampled_from(sorted(LINES)))
def test_a_pattern_is_refused_or_costs_no_more_than_the_mail_is_long(written: str, line: str) -> None:
    try:
        pattern = Pattern(written)
    except ValueError:
        return
    with soon():
        pattern.spans(f"{LINES[line](20_000)}!")


@pytest.mark.parametrize(
    "written", ["(a+)+$", "(a|aa)+b", "(a*)*b", "(.*a){12}", "(a{0,30}){30}b", r"(\w+\s?)*!"]
)
def test_patterns_that_backtracking_engines_never_finish_are_done_at_once(written: str) -> None:
    try:
        pattern = Pattern(written)
    except ValueError:
        return
    with soon():
        assert not pattern.spans("a" * MEGABYTE) or "$" in written or "12" in written


@settings(max_examples=25, deadline=None)
@given(phrases=st.lists(PHRASES, min_size=1, max_size=40), line=st.sampled_from(sorted(LINES)))
def test_phrases_of_stars_and_repetitions_cost_no_more_than_the_mail_is_long(
    phrases: list[str], line: str
) -> None:
    with soon():
        rulebook = with_rules(rule(1, phrase=phrases), rule(2, phrase=phrases, fuzzy=True))
        if rulebook:
            text = f"{LINES[line](20_000)} {' '.join(phrases)}"
            classify(subject=text[:500], text=text, language="fa", rulebook=rulebook)


@pytest.mark.parametrize("line", sorted(LINES))
def test_a_megabyte_in_one_line_is_classified(line: str) -> None:
    phrases = ["a", "a a a a a a a a", "a * a * a * a", "?", "not a", "a * b"]
    rulebook = with_rules(
        rule(1, phrase=[one for one in phrases if one != "?"]), rule(2, pattern="(a|b)+ *c")
    )
    assert rulebook
    with soon():
        verdict = classify(subject="", text=LINES[line](MEGABYTE), language="en", rulebook=rulebook)
    assert verdict.category in rulebook.categories


def test_a_pattern_of_very_many_alternatives_is_refused_and_so_are_as_many_phrases_taken() -> None:
    words = [f"word{number}" for number in range(5_000)]
    with soon():
        assert with_rules(rule(1, pattern="|".join(words))) is None
        assert with_rules(rule(1, phrase=words))


@pytest.mark.parametrize(
    "line",
    [
        "a: " + "'" * MEGABYTE,
        "a: '" + "x" * MEGABYTE,
        "- " * MEGABYTE,
        "a: " + "b: " * (MEGABYTE // 3),
        "a:\t" + "\t" * MEGABYTE + "@",
        "a: [" + "[x]," * 200_000,
        "a: {" + "b: [" * 200_000,
        "a: “" + "“: " * (MEGABYTE // 3),
        "\u00a0" * MEGABYTE + "a: @",
        "a: |\n" + " x\n" * (MEGABYTE // 3) + "b: @",
        "a: b\n" + "  -c\n" * (MEGABYTE // 6),
        "".join(f"a{number}: b\n  -c\n" for number in range(20_000)),
    ],
    ids=range(12),
)
def test_a_rule_file_of_a_megabyte_is_read_or_refused_soon(line: str) -> None:
    with soon():
        document, problems = parse("f.yaml", line, {"a", "b"})
    assert document is not None or problems


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["a.yaml", "fa.yaml", "a.yml", "words/he.yaml"]))
def test_no_bytes_make_a_folder_raise(data: bytes, name: str) -> None:
    texts, problems = texts_of({name: data})
    assert set(texts) | {problem.file for problem in problems} == {name}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"\t #%@`?,،：“”\u00a0\u200f0\\<="), max_size=16),
        max_size=6,
    )
)
def test_slips_of_the_pen_in_any_lines_are_told_at_lines_that_are_there(lines: list[str]) -> None:
    text = "\n".join(lines)
    document, problems = parse("f.yaml", text, {"a", "b"})
    assert document is not None or problems
    assert all(0 <= problem.line <= len(lines) + 1 and problem.message for problem in problems)
