from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.classify import classify
from cases.rules.fold import fold
from cases.rules.loading import load
from cases.rules.patterns import Pattern
from cases.rules.rulebook import Rulebook
from store.models import CaseKind, Severity
from store.values import Verdict

HERE = Path(__file__).parent
RULES = HERE.parent / "rules"


@cache
def rules() -> Rulebook:
    rulebook, problems = load(
        {str(path.relative_to(RULES)): path.read_text("utf-8") for path in RULES.rglob("*.yaml")}
    )
    assert rulebook is not None, problems
    return rulebook


def verdict(text: str, language: str = "en", subject: str = "", **more: Any) -> Verdict:
    return classify(subject=subject, text=text, language=language, rulebook=rules(), **more)


def with_rules(text: str) -> Rulebook:
    names = ("categories.yaml", "agents.yaml", "calendar.yaml")
    rulebook, problems = load(
        {**{name: (RULES / name).read_text("utf-8") for name in names}, "mine.yaml": text}
    )
    assert rulebook is not None, problems
    return rulebook


def labelled() -> Iterator[tuple[str, str, str]]:
    mails = yaml.safe_load((HERE / "mails_by_cause.yaml").read_text("utf-8"))
    for cause, languages in mails.items():
        for language, texts in languages.items():
            for text in texts:
                yield cause, language, text


@pytest.mark.parametrize("language", ["fa", "he", "ar", "en"])
def test_short_mails_of_each_cause_are_known(language: str) -> None:
    mails = [(cause, text) for cause, of, text in labelled() if of == language]
    wrong = [(cause, text) for cause, text in mails if verdict(text, language).category != cause]
    assert len(mails) >= 84
    assert len(wrong) <= len(mails) * 0.05, wrong


@pytest.mark.parametrize("language", ["fa", "he", "ar", "en"])
def test_complaint_praise_and_question_are_told_apart(language: str) -> None:
    mails = [(rules().categories[cause].kind, text) for cause, of, text in labelled() if of == language]
    wrong = [(kind, text) for kind, text in mails if verdict(text, language).kind is not kind]
    assert len(wrong) <= len(mails) * 0.05, wrong


def test_a_hit_shows_the_words_as_they_stand_in_the_mail() -> None:
    hits = verdict("سلام. سفارشِ من هنوز نيومده!!!", "fa").hits
    assert ("late-fa", ("هنوز نيومده",)) in [(hit.rule, hit.words) for hit in hits]
    assert hits[0].says == "category late"
    assert hits[0].weight > 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("DOESN’T WORK", "en"),
        ("it doesnt   work", "en"),
        ("it does\nnot work", "en"),
        ("كار نمي‌كنه", "fa"),
        ("کار نمی کنه", "fa"),
        ("کار نمیکنهههه", "fa"),
        ("شהמכשיר לא עובד", "he"),
        ("וְהַמַּכְשִׁיר מְקֻלְקָל - מקולקל", "he"),
        ("الجهـــاز لا يَعْمَل", "ar"),
        ("والجهاز معطّل", "ar"),
    ],
)
def test_spelling_forms_do_not_hide_a_phrase(text: str, language: str) -> None:
    assert verdict(text, language).category == "defective"


def test_letters_written_onto_a_word_do_not_hide_it() -> None:
    assert verdict("קיבלתי אותו כשהמסך שבור", "he").category == "damaged"
    assert verdict("هناك مشكلة بالفاتورة، رسوم إضافية", "ar").category == "billing"
    assert verdict("وسایلم معیوبند", "fa").category == "defective"


def test_a_phrase_is_never_part_of_a_word() -> None:
    assert verdict("The chocolate plates are translated.").hits == ()


def test_a_longer_phrase_takes_the_words_of_a_shorter_one() -> None:
    assert verdict("This is not great.").kind is CaseKind.COMPLAINT
    assert verdict("This is great.").kind is CaseKind.PRAISE


def test_a_gap_stays_within_its_sentence() -> None:
    assert "lost-en" in [hit.rule for hit in verdict("You lost my second parcel.").hits]
    assert "lost-en" not in [hit.rule for hit in verdict("You lost my trust. The second parcel came.").hits]


def test_a_complaint_wins_over_praise_beside_it() -> None:
    found = verdict("I love your shop and the great staff, but the vase arrived broken.")
    assert (found.kind, found.category) == (CaseKind.COMPLAINT, "damaged")


def test_the_subject_counts_a_bit_more() -> None:
    assert (
        verdict("", subject="The lamp is broken").hits[0].weight
        > verdict("The lamp is broken").hits[0].weight
    )


def test_a_mail_that_says_nothing_known_is_unsure_and_taken_for_a_complaint() -> None:
    found = verdict("Lorem ipsum dolor sit amet")
    assert (found.kind, found.category) == (CaseKind.COMPLAINT, "unsure")
    assert (found.confidence, found.hits) == (0.0, ())


def test_a_complaint_between_two_causes_is_unsure_and_still_a_complaint() -> None:
    found = verdict("late, damaged")
    assert (found.kind, found.category) == (CaseKind.COMPLAINT, "unsure")
    assert 0 < found.confidence < rules().unsure_below


def test_more_evidence_is_more_confidence() -> None:
    weak = verdict("It is broken")
    strong = verdict("It arrived broken, the glass is shattered and the box was crushed")
    assert weak.confidence < strong.confidence < 1


def test_general_complaint_words_do_not_hide_the_cause() -> None:
    assert verdict("Worst service ever! Terrible! Unacceptable! You charged me twice.").category == "billing"


def test_a_question_mark_alone_is_a_question() -> None:
    assert verdict("And the blue lamps?").kind is CaseKind.QUESTION


@pytest.mark.parametrize(
    ("text", "language", "severity", "tag"),
    [
        ("The toaster exploded and I was injured", "en", Severity.URGENT, "injury"),
        ("وکیلم با شما تماس می‌گیرد، سفارشم نرسیده", "fa", Severity.URGENT, "legal"),
        ("זו הפעם השלישית שאני כותבת, איפה ההזמנה", "he", Severity.HIGH, "repeated"),
        ("سأنشر تجربتي على مواقع التواصل، الطلب متأخر", "ar", Severity.URGENT, "public"),
        ("My baby put the broken button into her mouth", "en", Severity.HIGH, "child"),
    ],
)
def test_signs_raise_the_severity(text: str, language: str, severity: Severity, tag: str) -> None:
    found = verdict(text, language)
    assert found.severity is severity
    assert tag in found.tags


def test_severity_is_at_least_that_of_the_category() -> None:
    assert verdict("My parcel never arrived, no rush").severity is Severity.HIGH


def test_a_stopping_rule_decides_alone() -> None:
    mine = """\
rules:
  - name: broken
    when: {phrase: [very very broken]}
    says: {category: damaged}
  - name: recall
    when: {phrase: [model x9]}
    says: {category: safety, stop: true, assign: Admin@example.com}
"""
    found = classify(subject="", text="very very broken model X9", language="en", rulebook=with_rules(mine))
    assert (found.category, found.confidence, found.severity) == ("safety", 1.0, Severity.URGENT)
    assert found.assign == "admin@example.com"


def test_only_the_first_20000_characters_are_looked_at() -> None:
    assert verdict("x " * 9_000 + "arrived broken").category == "damaged"
    assert verdict("x " * 11_000 + "arrived broken").category == "unsure"


@pytest.mark.parametrize("written", [r"\bشکایت\b", "شكايت", r"^\w+ شکایت$", "[شس]کایت"])
def test_patterns_know_the_letters_of_every_script(written: str) -> None:
    text = fold("", "من شکایت").text
    assert Pattern(written).spans(text)


def test_a_word_border_is_no_part_of_a_word() -> None:
    assert Pattern(r"\bכן\b").spans("אכן כן") == [(4, 6)]
    assert Pattern(r"\bכן\b").spans("אכן") == []


def test_digits_of_every_script_are_digits() -> None:
    assert Pattern(r"order \d{3}").spans(fold("", "ORDER ۱۲٣").text) == [(0, 9)]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=40), st.sampled_from(["fa", "he", "ar", "en", "de", ""]))
def test_any_text_gets_a_verdict(text: str, subject: str, language: str) -> None:
    found = verdict(text, language, subject)
    assert found.category in rules().categories
    assert 0 <= found.confidence <= 1
    assert all(hit.weight > 0 for hit in found.hits)


def test_a_verdict_can_be_handed_to_another_process() -> None:
    found = verdict("The kettle arrived broken. Where is my refund?", subject="Complaint")
    assert found.hits
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - nobody else wrote it
