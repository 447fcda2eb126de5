"""What signals, routes and categories may say, and what to write where they are wrong."""

from __future__ import annotations

import pytest

from cases.rules.durations import Duration, Unit
from cases.rules.loading import load
from cases.rules.signals import Threshold
from tests.facts_factory import CATEGORIES, rulebook, texts

SIGNAL = "signals:\n  - {{name: s, {}, threshold: 20 in 7 days, to: admin}}\n"
EXTRACTORS = """\
extractors:
  product:
    description: What it is about.
    kind: product
    names: {kettle: [], lamp: []}
"""


def told(**files: str) -> list[str]:
    found, problems = load(texts(**files))
    assert found is None
    return [str(problem) for problem in problems]


def test_signals_are_read_whole() -> None:
    file = SIGNAL.format("category: [late, praise], fact: {product: '*'}, each: true")
    (signal,) = rulebook(signals=file, extractors=EXTRACTORS).signals
    assert (signal.name, signal.category, signal.to) == ("s", ("late", "praise"), ("admin",))
    assert signal.threshold == Threshold(20, Duration(7, Unit.DAYS))
    assert str(signal.threshold) == "20 in 7 days"


@pytest.mark.parametrize(
    ("signal", "words"),
    [
        ("category: lat", "did you mean 'late'?"),
        ("each: true", "'each' counts the values of a fact"),
        ("fact: {product: '*'}", "extractors.yaml has none"),
        ("categories: late", "did you mean 'category'?"),
    ],
)
def test_each_mistake_in_a_signal_is_told(signal: str, words: str) -> None:
    (problem,) = told(signals=SIGNAL.format(signal))
    assert problem.startswith("signals.yaml:2:")
    assert words in problem


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        ("many", "'20 in 7 days'"),
        ("20", "'20 in 7 days'"),
        ("1 in 7 days", "from 2 to 10000"),
        ("20 in a week", "write a number and a unit"),
        ("20 in 7 working days", "not in working time"),
        ("20 in 0 days", "within no time at all"),
    ],
)
def test_a_threshold_says_how_often_within_what_time(threshold: str, words: str) -> None:
    file = f"signals:\n  - {{name: s, threshold: {threshold}, to: admin}}\n"
    (problem,) = told(signals=file)
    assert words in problem


def test_a_signal_goes_to_somebody_who_is_there() -> None:
    (problem,) = told(signals="signals:\n  - {name: s, threshold: 2 in 7 days, to: admn}\n")
    assert "did you mean 'admin'?" in problem
    (problem,) = told(signals="signals:\n  - {name: s, threshold: 2 in 7 days}\n")
    assert "'to' is missing" in problem


def test_growth_and_clusters_are_watched_quietly_without_a_line() -> None:
    book = rulebook()
    assert (book.growth.enabled, book.clusters.enabled) == (True, True)
    assert (book.growth.to, book.clusters.to) == (("owner",), ("owner",))
    assert (book.growth.at_least, book.growth.sensitivity, book.growth.facts) == (6, "normal", None)
    assert book.clusters.at_least == 6


def test_growth_and_clusters_are_read() -> None:
    file = (
        "growth: {to: [admin, sara@example.com], at_least: 4, sensitivity: high, facts: product}\n"
        "clusters: {enabled: false, at_least: 10}\n"
    )
    book = rulebook(signals=file, extractors=EXTRACTORS)
    assert book.growth.to == ("admin", "sara@example.com")
    assert (book.growth.at_least, book.growth.sensitivity, book.growth.facts) == (4, "high", ("product",))
    assert (book.clusters.enabled, book.clusters.at_least) == (False, 10)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("growth: {to: admn}", "did you mean 'admin'?"),
        ("growth: {to: []}", "this is empty"),
        ("growth: {sensitivity: hihg}", "did you mean 'high'?"),
        ("growth: {at_least: 2}", "of at least 3"),
        ("growth: {facts: product}", "extractors.yaml has none"),
        ("growth: {enabled: sometimes}", "write true or false"),
        ("growth: {enable: true}", "did you mean 'enabled'?"),
        ("clusters: {at_least: 3}", "of at least 4"),
        ("clusters: {to: sara@exmple.com}", "did you mean 'sara@example.com'?"),
        ("cluster: {to: admin}", "did you mean 'clusters'?"),
    ],
)
def test_each_mistake_in_what_is_watched_is_told(line: str, words: str) -> None:
    (problem,) = told(signals=f"{line}\n")
    assert problem.startswith("signals.yaml:1:")
    assert words in problem


def test_two_signals_may_not_share_a_name() -> None:
    line = "  - {name: s, threshold: 2 in 7 days, to: admin}\n"
    (problem,) = told(signals=f"signals:\n{line}{line}")
    assert "the name of another signal" in problem


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("severity: hihg", "did you mean 'high'?"),
        ("channel: fone", "did you mean 'phone'?"),
        ("during: at night", "write one of: after hours, working hours"),
        ("tag: legl", "no rule says the tag 'legl'"),
    ],
)
def test_each_mistake_in_a_route_is_told(route: str, words: str) -> None:
    (problem,) = told(routing=f"routes:\n  - {{{route}, assign: sara@example.com}}\n")
    assert problem.startswith("routing.yaml:2:")
    assert words in problem


def test_a_route_may_name_the_tags_that_rules_say() -> None:
    mine = "rules:\n  - {name: r, when: {phrase: x}, says: {tag: legal}}\n"
    routes = "routes:\n  - {tag: legal, assign: sara@example.com}\n"
    assert rulebook(mine=mine, routing=routes).routes[0].tag == ("legal",)


def category(line: str) -> str:
    return CATEGORIES.replace("    check_in_after: 3 days\n", f"    check_in_after: 3 days\n    {line}\n")


def test_a_category_may_ask_for_holding_updates() -> None:
    line = "holding_updates: {after: 2 working days, every: 3 days, at_most: 2}"
    updates = rulebook(categories=category(line)).categories["late"].holding_updates
    assert updates
    assert (updates.after, updates.every) == (Duration(2, Unit.WORKING_DAYS), Duration(3, Unit.DAYS))
    assert updates.at_most == 2
    assert rulebook().categories["late"].holding_updates is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("holding_updates: 2 days", "key: value"),
        ("holding_updates: {every: 2 days}", "'after' is missing"),
        ("holding_updates: {after: soon}", "write a number and a unit"),
        ("holding_updates: {after: 2 days, at_most: 0}", "of at least 1"),
        ("acknowledge: never", "write true or false"),
    ],
)
def test_each_mistake_in_what_a_category_sends_is_told(line: str, words: str) -> None:
    (problem,) = told(categories=category(line))
    assert words in problem
