"""rules/letters.yaml: stand-ins, bodies outside the firm, and how soon a compensation is seen."""

from __future__ import annotations

import pytest

from cases.rules.lettering import LettersFile
from cases.rules.loading import load
from tests.facts_factory import rulebook, texts

WHOLE = """\
stand_ins:
  ckb: [fa, ar]
  ur: fa
  default: [he]
repeated_within: 30 days
visible_within: {refund: 5 working days, default: 1 working day}
outside_body:
  late:
    name: {en: the Post Authority, fa: سازمان پست}
    contact: post@example.org
  default:
    name: {fa: سازمان حمایت}
    contact: www.example.org
"""


def whole() -> LettersFile:
    return rulebook(letters=WHOLE).letters


def told(text: str) -> list[str]:
    return [str(problem) for problem in load(texts(letters=text))[1]]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ckb", ("ckb", "fa", "ar", "en")),
        ("ur", ("ur", "fa", "en")),
        ("ur-IN", ("ur-IN", "ur", "fa", "en")),
        ("de", ("de", "he", "en")),
        ("en", ("en", "he")),
    ],
)
def test_a_chain_is_the_language_its_stand_ins_and_english(language: str, expected: tuple[str, ...]) -> None:
    assert whole().chain(language) == expected


def test_without_a_line_english_stands_in() -> None:
    assert rulebook().letters.chain("ckb") == ("ckb", "en")


@pytest.mark.parametrize(
    ("category", "languages", "expected"),
    [
        ("late", ("fa", "en"), ("سازمان پست", "post@example.org")),
        ("late", ("he", "en"), ("the Post Authority", "post@example.org")),
        ("praise", ("he", "en"), ("سازمان حمایت", "www.example.org")),
    ],
)
def test_the_body_outside_is_that_of_the_category_in_the_readers_language(
    category: str, languages: tuple[str, ...], expected: tuple[str, str]
) -> None:
    body = whole().turn_to(category)
    assert body
    assert (body.called(languages), body.contact) == expected


def test_without_a_line_there_is_no_body_outside_and_no_day() -> None:
    assert rulebook().letters.turn_to("late") is None
    assert rulebook().letters.visible("refund") is None


@pytest.mark.parametrize(("kind", "expected"), [("refund", "5 working days"), ("gift", "1 working days")])
def test_each_kind_of_compensation_has_its_time(kind: str, expected: str) -> None:
    assert str(whole().visible(kind)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "stand_in: {ckb: [fa]}",
            "letters.yaml:1:1: 'stand_in' is not known here; did you mean 'stand_ins'?",
        ),
        (
            "stand_ins: {Kurdish: [fa]}",
            "letters.yaml:1:22: 'Kurdish' is no short name of a language, such as 'ckb', and not 'default'",
        ),
        ("stand_ins:\n  ckb: [ckb, fa]", "letters.yaml:2:9: 'ckb' can't stand in for itself; leave it out"),
        ("stand_ins:\n  ckb: [fa, ar, fa]", "letters.yaml:2:17: 'fa' stands here twice; keep one"),
        (
            "stand_ins: {ckb: [persian]}",
            "letters.yaml:1:19: 'persian' doesn't fit; write a language by its short name: 'fa', 'he', 'ar', "
            "'en' …",
        ),
        (
            "outside_body:\n  lat:\n    name: {en: x}\n    contact: y",
            "letters.yaml:3:5: there is no category 'lat'; did you mean 'late'?",
        ),
        (
            "outside_body:\n  late:\n    name: {en: x}",
            "letters.yaml:3:5: 'contact' is missing here; add a line 'contact: …'",
        ),
        (
            "visible_within: {cash: 1 day}",
            "letters.yaml:1:24: 'cash' is no kind of compensation; write one of: credit, default, discount, "
            "gift, refund, replacement, voucher",
        ),
        (
            "repeated_within: long",
            "letters.yaml:1:18: 'long' doesn't fit; write a number and a unit: '30 minutes', '4 hours', "
            "'2 days' or '3 working days'",
        ),
    ],
)
def test_each_mistake_is_told_with_its_place_and_what_to_write(text: str, expected: str) -> None:
    assert told(text) == [expected]


def test_all_mistakes_are_told_at_once() -> None:
    problems = told("repeated_within: long\nvisible_within: {refund: soon}\n")
    assert len(problems) == 2
