"""Answers to the check-in and thanks: the same is read whatever mail clients put around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.checkin import Answer, Wish
from cases.facts import Facts
from cases.said_back import answer_in, is_courtesy
from inbox.parse import parse
from language.words import Words
from store.models import Status
from store.values import Attachment, Message
from tests import shipped
from tests.facts_factory import case_facts, message
from tests.furniture import CLIENTS, TONGUES, Reply

DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
NOT_SOLVED = {"en": "not solved", "fa": "حل نشده", "he": "לא נפתר", "ar": "لم تُحلّ"}
SOLVED = {"en": "Yes, thank you!", "fa": "بله، ممنون", "he": "כן, תודה", "ar": "نعم، شكرا"}
STOP = {"en": "stop", "fa": "نپرسید", "he": "הסרה", "ar": "إيقاف"}
THANKS = {"en": "Thank you very much!", "fa": "خیلی ممنون", "he": "תודה רבה!", "ar": "شكرا جزيلا"}
COMMENTS = st.sampled_from(
    [
        "The lid is broken.",
        "در آن شکسته است.",
        "המכסה שבור.",
        "الغطاء مكسور.",
        "It came, but late.\nAnd without the cable.",
    ]
)
CLIENT = st.sampled_from(sorted(CLIENTS))
LANGUAGE = st.sampled_from(sorted(TONGUES))


def facts() -> Facts:
    of_case = case_facts({"status": Status.RESOLVED, "check_ins": 1, "customer_name": ""})
    return replace(of_case, rulebook=replace(of_case.rulebook, words=shipped.rules().words))


def received(client: str, language: str, words: str, *, signed: bool) -> Message:
    raw = CLIENTS[client](Reply(words, TONGUES[language], signed, sender="customer@example.org"))
    return parse(raw, shipped.rules().words, None, shipped.rules().signs)


def read(text: str, **mail: Any) -> Answer | None:
    return answer_in(facts(), message(text, **mail))


@settings(max_examples=60)
@given(CLIENT, LANGUAGE, st.booleans(), st.sampled_from(DIGITS), st.integers(0, 5))
def test_a_digit_is_a_score_in_any_client(
    client: str, language: str, signed: bool, digits: str, score: int
) -> None:
    mail = received(client, language, digits[score], signed=signed)
    assert answer_in(facts(), mail) == Answer(max(score, 1))


@settings(max_examples=60)
@given(CLIENT, LANGUAGE, st.booleans(), st.sampled_from(DIGITS), st.integers(1, 5), COMMENTS)
def test_what_stands_below_a_digit_is_the_comment_in_any_client(
    client: str, language: str, signed: bool, digits: str, score: int, comment: str
) -> None:
    mail = received(client, language, f"{digits[score]}\n\n{comment}", signed=signed)
    answer = answer_in(facts(), mail)
    assert answer
    assert (answer.score, answer.comment.split()) == (score, comment.split())


@pytest.mark.parametrize("language", sorted(TONGUES))
@pytest.mark.parametrize("client", sorted(CLIENTS))
@pytest.mark.parametrize("signed", [True, False])
def test_words_are_answers_in_any_client(client: str, language: str, signed: bool) -> None:
    for said, answer in (
        (SOLVED, Answer(5)),
        (NOT_SOLVED, Answer(1)),
        (STOP, Answer(None, "", Wish.STOP)),
    ):
        mail = received(client, language, said[language], signed=signed)
        assert answer_in(facts(), mail) == answer


@pytest.mark.parametrize("language", sorted(TONGUES))
@pytest.mark.parametrize("client", sorted(CLIENTS))
@pytest.mark.parametrize("signed", [True, False])
def test_thanks_are_thanks_in_any_client(client: str, language: str, signed: bool) -> None:
    mail = received(client, language, THANKS[language], signed=signed)
    assert is_courtesy(facts(), mail)
    assert answer_in(facts(), mail) is None


@pytest.mark.parametrize(
    ("text", "score"),
    [("5\nAnn", 5), ("5\n\nAnn Example", 5), ("3\nAnn", 3), ("5 Ann", 5), ("yes\nAnn", 5), ("1\n-Ann", 1)],
)
def test_a_name_below_is_no_comment(text: str, score: int) -> None:
    mail = message(text)
    named = replace(mail, senders=(replace(mail.sender, name="Ann Example"),))
    assert answer_in(facts(), named) == Answer(score)


def test_the_name_of_a_stranger_is_a_comment() -> None:
    answer = read("5\nKim")
    assert answer
    assert answer.comment == "Kim"


@pytest.mark.parametrize("text", ["Thanks, Sara!", "Thank you Dana Levi", "Hi Sara,\nmany thanks\nA name"])
def test_thanks_to_an_agent_by_name_are_thanks(text: str) -> None:
    assert is_courtesy(facts(), message(text))


@pytest.mark.parametrize(
    "text", ["Sara", "A name", "Thanks Sara, it broke again", "Thanks, who is Sara?", ""]
)
def test_a_name_alone_or_more_words_are_no_thanks(text: str) -> None:
    assert not is_courtesy(facts(), message(text))


def test_an_attachment_says_more_than_thanks() -> None:
    photo = (Attachment("photo.jpg", "image/jpeg", 2048),)
    assert not is_courtesy(facts(), message("Thanks!", attachments=photo))


@pytest.mark.parametrize("name", ["No", "Good", "Stop"])
def test_a_customers_name_hides_no_answer(name: str) -> None:
    mail = message(name.lower())
    named = replace(mail, senders=(replace(mail.sender, name=name),))
    assert answer_in(facts(), named) == read(name.lower())


@pytest.mark.parametrize("language", shipped.rules().words, ids=lambda one: one.language)
def test_in_every_shipped_language_one_word_stops_the_questions_and_words_bring_them_back(
    language: Words,
) -> None:
    assert language.stop_asking
    assert language.ask_again
    for phrases, wish in ((language.stop_asking, Wish.STOP), (language.ask_again, Wish.AGAIN)):
        for phrase in phrases:
            assert answer_in(facts(), message(phrase)) == Answer(None, "", wish)
            assert not is_courtesy(facts(), message(phrase))


@pytest.mark.parametrize("language", shipped.rules().words, ids=lambda one: one.language)
def test_every_shipped_answer_in_words_is_read_as_it_is_meant(language: Words) -> None:
    meant = [(1, language.not_solved), (5, language.solved), *language.scores.items()]
    for score, phrases in meant:
        for phrase in phrases:
            assert answer_in(facts(), message(phrase)) == Answer(score)
