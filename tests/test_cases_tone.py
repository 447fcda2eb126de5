"""What the tone check says of a letter, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.tone import Finding, Written, findings
from cases.toning.kinds import Check, Part
from tests.toning import LANGUAGES, guide_of

GOOD = """Dear Anna,

Thank you for telling us about the kettle.

It came with a cracked lid, and you had to go without tea for a week. We are sorry: we packed it badly.

A new kettle has left and will be with you by Friday, 4 December. Please keep the old one; it is yours.

Thank you again. If anything is left open, reply to this mail; it comes straight to me.

Sam, Northern Kettles"""
WORDS = "The lid of my kettle was cracked when I unpacked it. I want a new one."


def letter(text: str = GOOD, **changes: Any) -> Written:
    return replace(Written(text, "en", fault="ours", name="Anna Berg", words=WORDS), **changes)


def found(text: str = GOOD, **changes: Any) -> list[Finding]:
    return list(findings(letter(text, **changes), guide_of("en")))


def checks(text: str = GOOD, **changes: Any) -> set[Check]:
    return {one.check for one in found(text, **changes)}


def said(check: Check, text: str, **changes: Any) -> list[str]:
    return [one.words for one in found(text, **changes) if one.check is check]


def without(sentence: str) -> str:
    assert sentence in GOOD
    return GOOD.replace(sentence, "")


def with_words(sentence: str) -> str:
    return GOOD.replace("Thank you again.", f"{sentence}\n\nThank you again.")


def test_a_good_letter_is_left_alone() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("sentence", "check"),
    [
        ("We are sorry if you feel that way.", Check.NON_APOLOGY),
        ("We’re SORRY that you experienced trouble.", Check.NON_APOLOGY),
        ("You should have read the manual.", Check.BLAME),
        ("We apologise for any inconvenience caused.", Check.BOILERPLATE),
        ("Your satisfaction is our first concern.", Check.BOILERPLATE),
        ("That is awesome.", Check.CHEER),
        ("It comes soon 😀", Check.CHEER),
        ("It comes soon :-)", Check.CHEER),
        ("Great news!!", Check.CHEER),
        ("The matter is being investigated.", Check.STIFFNESS),
        ("It comes on [date].", Check.PLACEHOLDER),
        ("Please insert name here.", Check.PLACEHOLDER),
    ],
)
def test_words_that_nobody_would_send_are_found_where_they_stand(sentence: str, check: Check) -> None:
    text = with_words(sentence)
    only = [one for one in found(text) if one.check is check]
    assert len(only) == 1
    start, end = only[0].where
    assert text[start:end].strip() == only[0].words
    assert only[0].words in sentence
    assert only[0].better
    assert only[0].why.startswith("D")


def test_longer_wording_that_is_meant_otherwise_is_left_alone() -> None:
    assert checks(with_words("You should have had it on Monday.")) == set()
    assert Check.BLAME in checks(with_words("You should have read it."))


@pytest.mark.parametrize(
    ("missing", "part"),
    [
        ("We are sorry: we packed it badly.", Part.APOLOGY),
        ("by Friday, 4 December", Part.DATE),
        (" If anything is left open, reply to this mail; it comes straight to me.", Part.CONTACT),
    ],
)
def test_a_part_that_is_missing_is_named(missing: str, part: Part) -> None:
    assert part in {one.part for one in found(without(missing))}


def test_nothing_that_tells_of_this_case_is_named_too() -> None:
    text = "Dear Anna,\n\nthank you. We are sorry. We will write by Friday. Call us if you like."
    assert [one.part for one in found(text)] == [Part.UNDERSTANDING]
    assert found(text, facts=("AB-4711",)) == found(text)
    assert found(text.replace("sorry.", "sorry about order ab-4711."), facts=("AB-4711",)) == []


def test_words_that_mean_the_same_show_understanding() -> None:
    damage = "Dear Anna,\n\nthank you. We are sorry for the damage to your kettle."
    assert found(f"{damage} We will write by Friday. Call us.") == []


def test_where_the_customers_words_are_unknown_understanding_is_not_asked_for() -> None:
    text = "Dear Anna,\n\nthank you. We are sorry. We will write by Friday. Call us."
    assert found(text, words="") == []


def test_an_apology_is_asked_for_only_where_the_fault_is_ours() -> None:
    text = without("We are sorry: we packed it badly.")
    assert [one.part for one in found(text)] == [Part.APOLOGY]
    for fault in ("unknown", "third-party", "customer"):
        assert found(text, fault=fault) == []


def test_a_sham_apology_is_none() -> None:
    text = GOOD.replace("We are sorry: we packed it badly.", "We are sorry if you feel bad.")
    assert {one.part for one in found(text) if one.part} == {Part.APOLOGY}


def test_an_apology_for_what_is_not_ours_is_found_and_one_for_the_trouble_is_fine() -> None:
    mine = with_words("It was our mistake.")
    assert checks(mine) == set()
    assert Check.APOLOGY_NOT_OURS in checks(mine, fault="third-party")
    trouble = GOOD.replace("We are sorry: we packed it badly.", "We are sorry for the trouble.")
    assert checks(trouble, fault="customer") == set()


def test_praise_is_never_apologised_for() -> None:
    thanks = "Dear Anna,\n\nthank you for your kind words; Dana will hear them. Write to me any time."
    assert found(thanks, kind="praise", fault="unknown") == []
    assert said(Check.APOLOGY_FOR_PRAISE, f"{thanks} We are sorry it took long.", kind="praise") == ["sorry"]


def test_a_promise_needs_a_day_in_it_or_beside_another_plan() -> None:
    bare = GOOD.replace("by Friday, 4 December", "soon")
    assert said(Check.PROMISE_WITHOUT_DATE, bare) != []
    for day in ("by Friday", "within two working days", "on 4 December", "tomorrow", "on 2026-12-04"):
        dated = GOOD.replace("by Friday, 4 December", day)
        assert said(Check.PROMISE_WITHOUT_DATE, dated) == [], day


@pytest.mark.parametrize("past", ["three days ago", "since Monday", "last Friday", "24/7"])
def test_a_day_that_is_past_is_no_date(past: str) -> None:
    text = GOOD.replace("by Friday, 4 December", f"as you asked {past}")
    assert Part.DATE in {one.part for one in found(text)}


def test_a_question_is_answered_by_an_answer_or_a_plan() -> None:
    answer = (
        "Dear Anna,\n\nthank you for asking. The filter fits all kettles that we sell. Write to me any time."
    )
    assert found(answer, kind="question", fault="unknown") == []
    empty = "Dear Anna,\n\nthank you for asking. Write to me any time."
    assert [one.part for one in found(empty, kind="question", fault="unknown")] == [Part.PLAN]


def test_a_letter_says_itself_which_parts_it_has() -> None:
    assert found("Dear Anna,\n\nthank you for your score.", parts=("thanks",)) == []
    assert [one.part for one in found("Dear Anna,\n\nwe heard.", parts=("thanks",))] == [Part.THANKS]


def test_quoted_words_and_the_customers_subject_are_not_the_writers() -> None:
    assert checks(with_words("You wrote “sorry if I shout!!! hereby [x]y”.")) <= {Check.PLACEHOLDER}
    quoted = with_words("You wrote “sorry if I shout!!!”.")
    assert checks(quoted) == set()
    about = with_words("This is about Hereby LTD is awesome.")
    assert checks(about) != set()
    assert checks(about, subject="Hereby LTD is awesome") == set()


def test_a_name_that_could_be_a_flaw_is_none_in_the_salutation() -> None:
    assert checks(GOOD.replace("Anna", "Dude"), name="Dude Berg") == set()


@pytest.mark.parametrize(
    ("salutation", "name", "wrong"),
    [
        ("Dear Anna,", "Anna Berg", False),
        ("Dear Ms Berg,", "Anna Berg", False),
        ("Dear ANNA BERG,", "anna berg", False),
        ("Hello, Anna,", "Anna Berg", False),
        ("Dear Sara,", "Sarah Berg", False),
        ("Dear customer,", "Anna Berg", False),
        ("Good morning,", "Anna Berg", False),
        ("Dear Anna,", "", False),
        ("Dear Anna,", "آنا برگ", False),
        ("Dear Peter,", "Anna Berg", True),
        ("Hello Mr Stone,", "Anna Berg", True),
    ],
)
def test_the_salutation_names_the_customer(salutation: str, name: str, wrong: bool) -> None:
    text = GOOD.replace("Dear Anna,", salutation)
    assert (Check.WRONG_NAME in checks(text, name=name)) is wrong


def test_another_language_is_the_only_thing_told_of_a_letter_in_it() -> None:
    persian = (
        "آنای عزیز، ممنون که به ما خبر دادید. کتری تازه تا جمعه به دست شما می‌رسد و ما از شما عذر می‌خواهیم."
    )
    assert checks(persian) == {Check.WRONG_LANGUAGE}
    assert checks(f"{GOOD}\n\n{persian}") == {Check.WRONG_LANGUAGE}
    assert checks("متشکرم", parts=()) == set()


def test_a_letter_or_a_paragraph_that_nobody_reads_to_its_end_is_too_long() -> None:
    assert said(Check.TOO_LONG, with_words("It is red. " * 100)) == [""]
    assert said(Check.TOO_LONG, with_words("It is red. " * 35)) == [("It is red. " * 35).strip()]
    assert checks(with_words("It is red. " * 20)) == set()


def test_the_worst_comes_first() -> None:
    text = with_words("Kindly note: great!!! You should have read [it]. Sorry if you feel bad.")
    order = list(Check)
    places = [order.index(one.check) for one in found(text)]
    assert places == sorted(places)
    assert found(text)[0].check is Check.PLACEHOLDER


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=300), words=st.text(max_size=60), name=st.text(max_size=20))
def test_whatever_is_written_every_finding_has_its_place(
    language: str, text: str, words: str, name: str
) -> None:
    for kind in ("complaint", "question", "praise"):
        written = Written(text, language, kind, None, "customer", name, name, words)
        for one in findings(written, guide_of(language)):
            start, end = one.where
            assert 0 <= start <= end <= len(text)
            assert not one.words or one.words in text


def test_a_telephone_number_before_a_name_that_is_also_a_month_is_no_day() -> None:
    undated = GOOD.replace("will be with you by Friday, 4 December", "is on its way")
    named = undated.replace("Sam, Northern Kettles", "May, 01632960123 May")
    assert [one.part for one in found(named) if one.check is Check.MISSING_PART] == [Part.DATE]
