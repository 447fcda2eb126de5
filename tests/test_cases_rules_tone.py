"""Mistakes in rules/tone/: each is told with its place and what to write."""

from __future__ import annotations

import pickle

import pytest

from cases.rules.loading import load
from cases.tone import Written, findings
from cases.toning.guides import Guides
from cases.toning.kinds import Check
from tests.test_cases_rules_mistakes import ANSWERS, FILES

GOOD = """language: en
checks:
  blame:
    - phrases: [you should have]
      unless: [you should have it]
      better: Let us look at it together.
parts:
  thanks: {phrases: [thank you], better: Thank you.}
"""


def told(text: str, name: str = "tone/en.yaml") -> list[str]:
    return [str(one) for one in load({**FILES, name: text}, ANSWERS)[1]]


def test_a_right_file_is_used() -> None:
    rulebook, problems = load({**FILES, "tone/en.yaml": GOOD}, ANSWERS)
    assert problems == []
    assert rulebook
    assert rulebook.tone.languages == {"en"}
    guide = rulebook.tone.of("en")
    assert guide
    found = findings(Written("You should have read it.", "en", parts=()), guide)
    assert [one.check for one in found] == [Check.BLAME]
    assert rulebook.tone.of("fa") is None


def test_without_a_file_no_tone_is_looked_at() -> None:
    rulebook, problems = load(FILES, ANSWERS)
    assert problems == []
    assert rulebook
    assert rulebook.tone.languages == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("blame:", "blames:", "tone/en.yaml:3:3: 'blames' is not known here; did you mean 'blame'?"),
        (
            "phrases: [you",
            "phrase: [you",
            "tone/en.yaml:4:7: 'phrase' is not known here; did you mean 'phrases'?",
        ),
        (
            "better: Let us look at it together.",
            "patterns: []",
            "tone/en.yaml:4:7: say what to write instead: 'better: …'",
        ),
        (
            "phrases: [you should have]",
            "patterns: []",
            "tone/en.yaml:4:7: this has no words to look for; write them below 'phrases:'",
        ),
        (
            "[you should have it]",
            "['?!']",
            "tone/en.yaml:5:16: '?!' has no words to look for; write some, or use",
        ),
        ("unless: [", "patterns: ['(', ", "tone/en.yaml:5:18:"),
        (
            "language: en",
            "language: fa",
            "tone/en.yaml:1:11: this file is named 'en': write 'language: en', or rename it to 'fa.yaml'",
        ),
        ("language: en\n", "", "tone/en.yaml:1:1: 'language' is missing here; add a line"),
        ("Let us look at it together.", "a" * 200, "tone/en.yaml:6:15:"),
    ],
)
def test_a_mistake_is_told_where_it_is(old: str, new: str, wanted: str) -> None:
    assert old in GOOD
    problems = told(GOOD.replace(old, new, 1))
    assert len(problems) == 1, problems
    assert problems[0].startswith(wanted), problems


def test_words_are_made_ready_when_they_are_first_asked_for_and_kept_without_that() -> None:
    rulebook, _ = load({**FILES, "tone/en.yaml": GOOD}, ANSWERS)
    assert rulebook
    before = len(pickle.dumps(rulebook.tone))
    guide = rulebook.tone.of("en")
    assert rulebook.tone.of("en") is guide
    assert len(pickle.dumps(rulebook.tone)) == before
    again: Guides = pickle.loads(pickle.dumps(rulebook.tone))  # noqa: S301 - our own
    assert again.languages == {"en"}
    assert again.of("en")
