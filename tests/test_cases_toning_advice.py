"""What agents are told of a draft's tone: few lines, each once, the worst first."""

from __future__ import annotations

import pytest

from cases.saying import Say
from cases.tone import Finding, Written, findings
from cases.toning.advice import LONGEST, MOST, SAID, advice, said
from cases.toning.kinds import WHY, Check, Part
from outbox.sentences import SENTENCES
from tests.toning import guide_of

WRITTEN = Written("", "fa", name="Anna Berg")


def finding(
    check: Check, where: tuple[int, int] = (0, 4), words: str = "word", part: Part | None = None
) -> Finding:
    return Finding(check, where, words, WHY[check], "Better.", part)


def codes(*found: Finding) -> list[str]:
    return [one.code for one in advice(found, WRITTEN)]


def test_no_finding_says_nothing() -> None:
    assert advice((), WRITTEN) == ()


def test_at_most_five_lines_are_told() -> None:
    found = [finding(check, (at * 10, at * 10 + 4)) for at, check in enumerate(Check)]
    assert codes(*found) == [SAID[check].code for check in Check][:MOST]


def test_of_one_sort_two_are_told() -> None:
    found = [finding(Check.BOILERPLATE, (at * 10, at * 10 + 4)) for at in range(4)]
    assert codes(*found) == ["tone-boilerplate"] * 2


def test_the_same_words_are_told_once_by_the_worst() -> None:
    found = (finding(Check.NON_APOLOGY, (5, 20)), finding(Check.BOILERPLATE, (10, 30)))
    assert codes(*found) == ["tone-non-apology"]


def test_every_missing_part_is_told() -> None:
    found = [finding(Check.MISSING_PART, (9, 9), "", part) for part in Part][:5]
    assert [one.values["part"] for one in advice(found, WRITTEN)] == [part.value for part in Part][:5]


def test_a_promise_without_a_day_says_already_that_there_is_none() -> None:
    found = (finding(Check.PROMISE_WITHOUT_DATE), finding(Check.MISSING_PART, (9, 9), "", Part.DATE))
    assert codes(*found) == ["tone-promise-without-date"]
    assert codes(found[1]) == ["tone-missing-part"]


def test_a_line_has_the_words_and_better_ones() -> None:
    assert said(finding(Check.BLAME), WRITTEN) == Say("tone-blame", {"words": "word", "better": "Better."})
    assert said(finding(Check.WRONG_NAME), WRITTEN).values == {"words": "word", "name": "Anna Berg"}
    assert said(finding(Check.WRONG_LANGUAGE), WRITTEN).values["language"] == "fa"


def test_long_words_are_cut_and_stand_on_one_line() -> None:
    words = said(finding(Check.TOO_LONG, words="many\nwords " * 50), WRITTEN).values["words"]
    assert len(words) <= LONGEST + 2
    assert words.endswith("…")
    assert "\n" not in words


@pytest.mark.parametrize("check", Check)
def test_every_check_has_a_sentence_with_its_values(check: Check) -> None:
    part = Part.DATE if check is Check.MISSING_PART else None
    say = said(finding(check, part=part), WRITTEN)
    assert set(SENTENCES[say.code]) <= set(say.values)


def test_a_bad_letter_gets_its_worst_lines() -> None:
    text = "Dear Bob,\n\nWe are sorry if you feel that way!! You should have read it. It comes on [date]."
    written = Written(text, "en", fault="ours", name="Anna Berg", words="My kettle came broken.")
    found = [one.code for one in advice(findings(written, guide_of("en")), written)]
    assert found[:4] == ["tone-placeholder", "tone-wrong-name", "tone-blame", "tone-non-apology"]
    assert len(found) == MOST
