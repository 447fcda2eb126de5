"""What agents write below `issue` and `fixed`."""

from __future__ import annotations

import pytest

from cases.commands.issue_text import Written, read
from cases.saying import Refusal
from tests.money_facts import people


def written(text: str) -> Written:
    return read(text, people())


def refused(text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        written(text)
    return refusal.value.say.code


def test_a_number_or_a_title_stands_behind_the_command() -> None:
    assert written("3").number == 3
    assert written("۳\nen: yes").number == 3
    assert written("number: 4\nen: yes").number == 4
    assert written("Kettles leak: all of them\nen: yes").head == {"title": "Kettles leak: all of them"}
    assert written("category: late\nen: yes").head == {"category": "late"}


def test_texts_have_lines_and_gaps_of_their_own_and_any_colon() -> None:
    found = written("Leak\nen: It leaks.\n\nNote: use no\nwater\nfa: چکه می‌کند.\nhe:\nדולף.\n")
    assert found.texts == {"en": "It leaks.\n\nNote: use no\nwater", "fa": "چکه می‌کند.", "he": "דולף."}


@pytest.mark.parametrize("label", ["fa", "FA", "فارسی", "Persian", "*fa*", "- fa"])
def test_a_language_can_be_named_in_any_language(label: str) -> None:
    assert written(f"Leak\n{label}: چکه می‌کند.").texts == {"fa": "چکه می‌کند."}


def test_the_same_language_again_is_a_part_of_the_text() -> None:
    assert written("Leak\nen: one\nen: two").texts == {"en": "one\nen: two"}


def test_what_can_not_be_read_is_refused() -> None:
    assert refused("Leak\ncatgory: late\nen: yes") == "issue-label"
    assert refused("Leak\njust words\nen: yes") == "issue-label"
    assert refused("Leak\nen:\nfa: بله") == "issue-empty"
    assert refused(f"Leak\nen: {'x' * 4001}") == "issue-long"
