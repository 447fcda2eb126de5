"""What rules may ask of a mail beside its words."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest

from cases.rules.classify import classify
from cases.rules.fold import fold
from cases.rules.holding import Around
from cases.rules.loading import load
from cases.rules.past import Past
from cases.rules.rulebook import Rulebook
from store.models import CaseKind, Status
from store.values import Attachment, Fact
from tests.facts_factory import NOW, case, rulebook, texts

EXTRACTORS = """\
extractors:
  order_number:
    description: An order of ours.
    kind: number
    patterns: ['order ([a-z0-9-]+)']
  amount:
    description: How much money it is about.
    kind: amount
    patterns: ['(\\d+ eur)']
"""


def rules(when: str, says: str = "{tag: hit}") -> str:
    return f"rules:\n  - name: r\n    when: {when}\n    says: {says}\n"


def with_rule(when: str, says: str = "{tag: hit}", **files: str) -> Rulebook:
    return rulebook(mine=rules(when, says), extractors=EXTRACTORS, **files)


def hit(when: str, text: str = "hello", **around: Any) -> bool:
    verdict = classify(subject="", text=text, language="en", rulebook=with_rule(when), **around)
    return verdict.tags == ("hit",)


def told(**files: str) -> str:
    found, problems = load(texts(extractors=EXTRACTORS, **files))
    assert found is None
    (problem,) = map(str, problems)
    return problem


def test_the_channel_is_a_condition() -> None:
    assert hit("{channel: [phone, review]}", channel="phone")
    assert not hit("{channel: [phone, review]}")
    assert hit("{channel: mail}")


def photo(name: str = "IMG_1.jpg", of_type: str = "image/jpeg", content_id: str = "") -> Attachment:
    return Attachment(name, of_type, 1000, content_id)


@pytest.mark.parametrize(
    ("wanted", "file", "fits"),
    [
        ("image", photo(), True),
        ("image", photo("x.HEIC", "application/octet-stream"), True),
        ("image", photo(content_id="logo"), False),
        ("any", photo(), True),
        ("video", photo(), False),
        ("pdf", photo("a.pdf", "application/octet-stream"), True),
        ("document", photo("list", "application/vnd.oasis.opendocument.text"), True),
        ("archive", photo("x.zip", "application/zip"), True),
        ("invoice*.pdf", photo("Invoice-12.PDF", "application/pdf"), True),
        ("invoice*.pdf", photo("receipt.pdf", "application/pdf"), False),
    ],
)
def test_attachments_are_known_by_kind_and_by_name(wanted: str, file: Attachment, fits: bool) -> None:
    assert hit(f"{{attachment: '{wanted}'}}", attachments=[file]) is fits
    assert not hit(f"{{attachment: '{wanted}'}}")


def complaint(days: float, **changes: Any) -> Any:
    return case(opened_at=NOW - timedelta(days=days), kind=CaseKind.COMPLAINT, **changes)


@pytest.mark.parametrize(
    ("wanted", "cases", "fits"),
    [
        ("{complaints: 2 in 90 days}", [complaint(1), complaint(80)], True),
        ("{complaints: 2 in 90 days}", [complaint(1), complaint(95)], False),
        ("{complaints: 2}", [complaint(1), complaint(950)], True),
        ("{complaints: 1}", [complaint(1, spam=True)], False),
        ("{complaints: 1}", [complaint(1, merged_into=7)], False),
        ("{cases: 1}", [case(kind=CaseKind.PRAISE)], True),
        ("{open: 1}", [complaint(1, status=Status.CLOSED)], False),
        ("{open: 1}", [complaint(1, status=Status.ANSWERED)], True),
        ("{low_score: true}", [complaint(9, score=2)], True),
        ("{low_score: true}", [complaint(9, score=3)], False),
        ("{low_score: false}", [complaint(9, score=3)], True),
        ("{new: true}", [], True),
        ("{new: true}", [complaint(1)], False),
        ("{new: false, open: 1}", [complaint(1)], True),
    ],
)
def test_the_customers_earlier_cases_are_a_condition(wanted: str, cases: list[Any], fits: bool) -> None:
    assert hit(f"{{history: {wanted}}}", past=Past(NOW, tuple(cases))) is fits


def test_where_the_earlier_cases_are_not_known_no_rule_that_asks_for_them_hits() -> None:
    assert not hit("{history: {new: true}}")
    assert not hit("{phrase: hello, not: {history: {new: true}}}")
    assert hit("{phrase: hello, not: {history: {new: true}}}", past=Past(NOW, (complaint(1),)))


def test_only_a_rulebook_that_asks_for_history_says_so() -> None:
    assert with_rule("{any: [{phrase: x}, {history: {new: true}}]}").asks_history
    assert not with_rule("{phrase: hello}").asks_history


@pytest.mark.parametrize(
    ("wanted", "fact", "fits"),
    [
        ("{order_number: '*'}", Fact("order_number", "AB-4711"), True),
        ("{order_number: '*'}", Fact("amount", "5.00 EUR"), False),
        ("{order_number: 'ab-*'}", Fact("order_number", "AB-4711"), True),
        ("{order_number: ['x*', 'ab*']}", Fact("order_number", "AB-4711"), True),
        ("{amount: more than 100 EUR}", Fact("amount", "100.01 EUR"), True),
        ("{amount: more than 100 EUR}", Fact("amount", "100.00 EUR"), False),
        ("{amount: more than 100 EUR}", Fact("amount", "500.00 USD"), False),
        ("{amount: at least 100}", Fact("amount", "100.00 USD"), True),
        ("{amount: less than 100}", Fact("amount", "99 USD"), True),
        ("{amount: at most 1}", Fact("amount", "much"), False),
    ],
)
def test_facts_are_a_condition(wanted: str, fact: Fact, fits: bool) -> None:
    assert hit(f"{{fact: {wanted}}}", facts=[fact]) is fits


def test_each_fact_that_is_asked_for_must_be_there() -> None:
    both = "{fact: {order_number: '*', amount: '*'}}"
    assert not hit(both, facts=[Fact("amount", "5 EUR")])
    assert hit(both, facts=[Fact("amount", "5 EUR"), Fact("order_number", "A1")])


def test_conditions_nest() -> None:
    when = "{any: [{all: [{phrase: lamp}, {channel: phone}]}, {not: {any: [{language: en}, {phrase: x}]}}]}"
    assert hit(when, "a lamp", channel="phone")
    assert not hit(when, "a lamp")
    assert not hit(when, "hello")


@pytest.mark.parametrize(
    ("when", "place", "words"),
    [
        ("{channel: telephone}", "3:21", "did you mean 'phone'?"),
        ("{attachment: imge}", "3:24", "did you mean 'image'?"),
        ("{attachment: contract}", "3:24", "'invoice*.pdf'"),
        ("{history: {complaints: often}}", "3:34", "'3 in 90 days'"),
        ("{history: {complaints: 0}}", "3:34", "from 1 to 20"),
        ("{history: {complaints: 3 in 9 working days}}", "3:34", "not in working days"),
        ("{history: {complaint: 3}}", "3:22", "did you mean 'complaints'?"),
        ("{history: {open: many}}", "3:28", "whole number"),
        ("{history: {new: yes}}", "3:27", "true or false"),
        ("{history: {}}", "3:21", "'new: true'"),
        ("{fact: {order_no: '*'}}", "3:29", "did you mean 'order_number'?"),
        ("{fact: {amount: more than much}}", "3:27", "'more than 100 EUR'"),
        ("{any: [{fact: {size: '*'}}]}", "3:32", "no extractor finds a fact 'size'"),
        ("{fuzzy: true}", "3:11", "'fuzzy' is about phrases"),
        ("{phrase: late, fuzzy: 'yes'}", "3:33", "true or false"),
    ],
)
def test_each_mistake_in_a_condition_is_told_where_it_stands(when: str, place: str, words: str) -> None:
    problem = told(mine=rules(when))
    assert problem.startswith(f"mine.yaml:{place}: "), problem
    assert words in problem


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("{alert: boss}", "there is no role or agent 'boss'"),
        ("{alert: sarah@example.com}", "did you mean 'sara@example.com'?"),
        ("{alert: agent}", "there is no role or agent 'agent'"),
    ],
)
def test_an_alert_goes_to_a_role_or_an_agent(says: str, words: str) -> None:
    assert words in told(mine=rules("{phrase: late}", says))


def test_a_rule_that_only_alerts_says_something() -> None:
    found = classify(
        subject="", text="late again", language="en", rulebook=with_rule("{phrase: late}", "{alert: OWNER}")
    )
    (alarm,) = found.alarms
    assert (alarm.to, alarm.rule, alarm.words) == ("owner", "r", ("late",))


def test_rules_that_nearly_hit_say_what_was_missing() -> None:
    book = with_rule("{phrase: lamp, sender: '*@big.example'}")
    (near,) = book.engine.near_misses(fold("", "the lamp"), Around(sender="a@small.example"))
    assert (near.rule.name, near.held, near.failed) == ("r", (("phrase", ("lamp",)),), ("sender",))


def test_a_phrase_inside_a_longer_one_says_which() -> None:
    mine = rules("{phrase: good}", "{category: praise}") + (
        "  - {name: not-good, when: {phrase: not good}, says: {category: late}}\n"
    )
    (one,) = rulebook(mine=mine).engine.shadowed(fold("", "this is not good"))
    assert (one.rule.name, one.words, one.by.name, one.by_words) == ("r", "good", "not-good", "not good")


def test_the_verdict_and_its_hits_carry_the_version_of_the_rules() -> None:
    book = with_rule("{phrase: late}")
    verdict = classify(subject="", text="late", language="en", rulebook=book)
    assert verdict.rules == book.version
    assert verdict.hits[0].told()["rules"] == book.version
    assert verdict.hits[0].told()["tags"] == ["hit"]


def test_rules_of_every_kind_reach_another_process() -> None:
    when = (
        "{phrase: [late * again, lamp], fuzzy: true, pattern: 'a+b', sender: '*@x.example', "
        "attachment: [image, 'a*.pdf'], history: {complaints: 3 in 9 days}, fact: {amount: more than 5}}"
    )
    book = with_rule(f"{{any: [{when}, {{phrase: mirror, fuzzy: true}}]}}")
    again = pickle.loads(pickle.dumps(book))  # noqa: S301 - nobody else wrote it
    assert again.engine.hits(fold("", "a miror"), Around(past=Past(NOW)))[0].rule.name == "r"
    assert again.asks_history
