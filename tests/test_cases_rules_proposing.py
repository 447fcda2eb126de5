"""Phrases that would have caught what agents corrected."""

from __future__ import annotations

from collections import Counter

import pytest

from cases.rules.fold import fold
from cases.rules.proposing import (
    Gathering,
    Judged,
    Proposal,
    Words,
    as_phrase,
    best,
    by_chance,
    phrases_in,
    yaml_line,
)

LOST = ("vanished into thin air", "it has vanished, where is it?", "My parcel vanished.", "all vanished")
LATE = ("where is it?", "My parcel is late", "it has not come", "still waiting", "too late", "waiting for it")


def gathered(
    lost: tuple[str, ...] = LOST, late: tuple[str, ...] = LATE, ruled: str = "late", one_person: bool = False
) -> list[tuple[Words, Proposal]]:
    mails = [
        (fold("", text), Judged(number, "ann" if one_person else str(number), "en", "lost", ruled))
        for number, text in enumerate(lost, 1001)
    ]
    mails += [
        (fold("", text), Judged(number, str(number), "en", "", "late"))
        for number, text in enumerate(late * 5, 2001)
    ]
    gathering = Gathering()
    for mail, judged in mails:
        if judged.meant:
            gathering.bring(mail, judged)
    gathering.weigh()
    for mail, judged in mails:
        gathering.count(mail, judged)
    return list(gathering.proposals())


def test_phrases_of_one_to_three_words_stay_within_their_sentence() -> None:
    found = phrases_in(fold("", "It vanished. No Reply, ever"))
    assert set(found.values()) == {
        "it vanished",
        "vanished",
        "no reply",
        "no reply, ever",
        "reply, ever",
        "reply",
        "ever",
    }


def test_numbers_are_no_phrases_for_they_are_one_customers() -> None:
    assert not any("4711" in word for words in phrases_in(fold("", "order 4711 vanished")) for word in words)


def test_a_phrase_that_stands_in_missed_mails_and_in_no_others_is_proposed() -> None:
    (words, proposal), *_ = gathered()
    assert words == ("vanished",)
    assert (proposal.category, proposal.language, proposal.phrase) == ("lost", "en", "vanished")
    assert (proposal.mine, proposal.others, proposal.catches) == (4, 0, (1001, 1002, 1003, 1004))


def test_words_that_stand_in_other_mails_as_often_are_not_proposed() -> None:
    assert not any(words in {("where", "is", "it"), ("it",), ("my", "parcel")} for words, _ in gathered())


def test_what_the_rules_get_right_brings_nothing_forward() -> None:
    assert gathered(ruled="lost") == []


def test_two_mails_are_too_few() -> None:
    assert gathered(LOST[:2]) == []


def test_the_habit_of_one_customer_is_no_phrase() -> None:
    assert gathered(one_person=True) == []


def test_other_categories_that_it_would_hit_speak_against_a_phrase() -> None:
    found = dict(gathered(late=(*LATE, "vanished")))
    assert ("vanished",) not in found, "in five of nine mails it means something else"


def test_another_language_is_counted_apart() -> None:
    gathering = Gathering()
    mails = [
        (fold("", text), Judged(n, str(n), "en" if n % 2 else "de", "lost", ""))
        for n, text in enumerate(LOST)
    ]
    for mail, judged in mails:
        gathering.bring(mail, judged)
    gathering.weigh()
    for mail, judged in mails:
        gathering.count(mail, judged)
    assert list(gathering.proposals()) == []


def test_of_phrases_that_catch_the_same_mails_one_is_kept() -> None:
    found = gathered(tuple(f"gone for good {text}" for text in "abcd"))
    assert len(found) > 1
    (kept,) = best(found)
    assert kept.phrase == "gone for good"


@pytest.mark.parametrize(
    ("mine", "of_mine", "others", "of_others", "chance"),
    [
        (4, 4, 0, 12, 1 / 1820),  # one of the ways to choose four of sixteen
        (3, 4, 1, 4, 17 / 70),  # Fisher's own: the lady tasting tea
        (3, 3, 0, 0, 1.0),
        (0, 50, 50, 500, 1.0),
    ],
)
def test_what_chance_would_do_is_exact(
    mine: int, of_mine: int, others: int, of_others: int, chance: float
) -> None:
    assert by_chance(mine, of_mine, others, of_others) == pytest.approx(chance)


def test_chance_shrinks_with_the_mails() -> None:
    assert by_chance(30, 50, 50, 500) < by_chance(3, 5, 5, 50)
    assert 0 <= by_chance(3_000, 5_000, 10, 20_000) < 1e-12


def test_a_phrase_is_shown_as_most_write_it() -> None:
    assert as_phrase(("didnt", "come"), Counter({"didn't come": 3, "didnt come": 1})) == "didn't come"
    assert as_phrase(("well", "it"), Counter({"well, it": 3})) == "well it"


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("gone", "        - gone"),
        ("no", "        - 'no'"),
        ("'tis", "        - '''tis'"),
        ("נעלם", "        - נעלם"),
    ],
)
def test_a_line_can_be_pasted(phrase: str, line: str) -> None:
    assert yaml_line(phrase) == line
