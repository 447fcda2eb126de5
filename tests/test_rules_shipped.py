"""What the shipped rules make of mails that are easily taken for something else."""

from __future__ import annotations

import pytest

from cases.rules.classify import classify
from language.detect import detect
from store.models import CaseKind, Severity
from store.values import Verdict
from tests.shipped import rules


def verdict(text: str) -> Verdict:
    return classify(subject="", text=text, language=detect(text) or "en", rulebook=rules())


@pytest.mark.parametrize(
    "text",
    [
        "You made my day. I will tell everyone about you and post on Facebook how good you are.",
        "You are the best. Everyone will know about your shop!",
        "خیلی راضی‌ام، به همه میگم چقدر خوبید و استوری می‌ذارم",
        "שירות מעולה, תודה רבה! אכתוב עליכם ביקורת חיובית בגוגל ואספר לכולם.",
        "أنتم رائعون، سأخبر الجميع عنكم وأكتب عنكم في فيسبوك",
    ],
)
def test_who_praises_and_will_tell_everybody_does_not_threaten(text: str) -> None:
    said = verdict(text)
    assert (said.kind, said.alarms) == (CaseKind.PRAISE, ())


@pytest.mark.parametrize(
    "text",
    [
        "I will tell everyone about this.",
        "Great, nobody answers. I will tell everyone.",
        "به همه میگم با من چه کردید",
        "תודה רבה, אבל הכסף לא חזר. אספר לכולם",
        "شكرا جزيلا، لم يصل شيء وسأخبر الجميع",
    ],
)
def test_who_will_tell_everybody_without_praise_or_with_a_but_threatens(text: str) -> None:
    assert [one.rule for one in verdict(text).alarms] == ["public-plan"]


@pytest.mark.parametrize("text", ["Hello, I'll be at home at five.", "I’ll pick it up tomorrow, thanks."])
def test_who_says_ill_for_i_will_is_not_ill(text: str) -> None:
    said = verdict(text)
    assert said.category != "safety"
    assert said.severity is not Severity.URGENT


def test_who_is_ill_is() -> None:
    assert verdict("I am ill because of your cream").category == "safety"
