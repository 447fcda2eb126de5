"""Reading answers to the check-in, and telling courtesy from content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.checkin import Answer, Wish, is_courtesy, read
from tests.facts_factory import words

DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")


def score(text: str) -> int | None:
    answer = read(text, words())
    return answer.score if answer else None


def comment(text: str) -> str:
    answer = read(text, words())
    assert answer
    return answer.comment


@pytest.mark.parametrize("digits", ["12345", "۱۲۳۴۵", "١٢٣٤٥"])
@pytest.mark.parametrize(
    "form", ["{}", " {} ", "{}.", "{}!", "({})", "*{}*", "\n\n{}\n", "\u200f{}", "{}\ufe0f\u20e3"]
)
def test_one_digit_of_any_of_the_three_digit_sets_is_a_score(digits: str, form: str) -> None:
    assert [score(form.format(digit)) for digit in digits] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/5", 5),
        ("4 / 5", 4),
        ("۴/۵", 4),
        ("5 out of 5", 5),
        ("2 of 5", 2),
        ("4 stars", 4),
        ("1 star", 1),
        ("3 von 5", 3),
        ("5 sur 5", 5),
        ("4 de 5", 4),
        ("۳ از ۵", 3),
        ("5 מתוך 5", 5),
        ("٤ من ٥", 4),
        ("5, all is well", 5),
        ("2 - still broken", 2),
        ("1: nobody called", 1),
        ("5 thank you", 5),
        ("5 👍", 5),
        ("0", 1),
        ("0/5", 1),
        ("Hello,\n5", 5),
        ("سلام\n۵", 5),
        ("Hi! 4", 4),
        ("5\nThanks!", 5),
    ],
)
def test_a_digit_with_what_people_write_around_it(text: str, expected: int) -> None:
    assert score(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 weeks and still nothing",
        "2-3 weeks and still nothing",
        "2.5 weeks and still nothing",
        "1,5 hours late",
        "3/4 of the order never came",
        "5:30 and nobody called",
        "5 items are missing",
        "5% discount is too little",
        "1st of all, nobody answered",
        "5 de marzo",
        "۲ هفته گذشت",
        "12",
        "11/10",
        "100",
        "100%",
        "8 of 12",
        "3/2026",
        "6 items are missing",
        "10 - still nothing",
        "8, but late",
        "10\nStill nothing.",
        "4,5 hours late",
        "☆☆☆☆☆",
        "Stop sending broken things",
        "Please stop the order",
        "25.12.2025",
        "2026-03-01",
        "+98 21 5555",
        "5€",
        "Order 5",
        "",
        "   \n ",
        "Yes, but the cable is missing",
        "Good. Where is the rest?",
        "5 - 6 days have passed",
        "Not solved at all because",
    ],
)
def test_what_merely_holds_a_number_is_no_score(text: str) -> None:
    assert score(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", 5),
        ("۱۰", 5),
        ("10/10", 5),
        ("١٠ من ١٠", 5),
        ("9/10", 5),
        ("9", 5),
        ("8/10", 4),
        ("8 out of 10", 4),
        ("8!", 4),
        ("7 thanks", 4),
        ("6", 3),
        ("5/10", 3),
        ("۴ از ۱۰", 2),
        ("3/10", 2),
        ("3 out of 10", 2),
        ("2/10", 1),
        ("0/10", 1),
        ("🔟", 5),
        ("6/5", 5),
        ("8/10 - it came late", 4),
    ],
)
def test_of_a_scale_of_ten_two_points_are_one(text: str, expected: int) -> None:
    assert score(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.5", 4),
        ("4,5/5", 4),
        ("۳٫۵", 3),
        ("2.5", 2),
        ("7.5/10", 4),
        ("⭐⭐⭐⭐⭐", 5),
        ("★★★☆☆", 3),
        ("⭐️⭐️", 2),
    ],
)
def test_halves_count_as_the_lower_and_drawn_stars_are_counted(text: str, expected: int) -> None:
    assert score(text) == expected


@pytest.mark.parametrize("digits", DIGITS)
@given(st.integers(0, 10), st.sampled_from(["", "!", ".", " ", "\n", "\n\nThanks!", " thank you"]))
def test_any_whole_number_of_a_usual_scale_is_a_score(digits: str, number: int, after: str) -> None:
    written = "".join(digits[int(one)] for one in str(number))
    of_five = max(number, 1) if number <= 5 else (number + 1) // 2
    assert score(f"{written}{after}") == of_five
    assert score(f"{written}/{digits[1]}{digits[0]}{after}") == max((number + 1) // 2, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stop", Answer(None, "", Wish.STOP)),
        ("STOP!", Answer(None, "", Wish.STOP)),
        ("Hello,\nstop asking.\nThanks", Answer(None, "", Wish.STOP)),
        ("نپرسید", Answer(None, "", Wish.STOP)),
        ("ask me again", Answer(None, "", Wish.AGAIN)),
        ("5\nstop", Answer(5, "", Wish.STOP)),
        ("No, stop asking!", Answer(1, "", Wish.STOP)),
        ("2\nThe lid is broken.\nStop.", Answer(2, "The lid is broken.", Wish.STOP)),
        ("Stop. It is broken again.", Answer(None, "It is broken again.", Wish.STOP)),
    ],
)
def test_one_word_is_enough_for_no_more_check_ins(text: str, expected: Answer) -> None:
    assert read(text, words()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", 5),
        ("Yes!", 5),
        ("Solved.", 5),
        ("Yes, thank you!", 5),
        ("Yes, it is solved", 5),
        ("good", 4),
        ("so so", 3),
        ("Perfect", 5),
        ("no", 1),
        ("No, it came without the cable", 1),
        ("Not solved", 1),
        ("STILL NOT SOLVED!!!", 1),
        ("terrible", 1),
        ("Hello,\n\nyes.\nMany thanks", 5),
        ("بله", 5),
        ("بله، ممنون", 5),
        ("حل شد", 5),
        ("نه", 1),
        ("هنوز حل نشده", 1),
        ("هنوز حل\u200cنشده", 1),
        ("افتضاح", 1),
        ("כן", 5),
        ("כן, תודה רבה", 5),
        ("לא נפתר", 1),
        ("לא", 1),
        ("מעולה!", 5),
        ("نعم", 5),
        ("تم الحل", 5),
        ("لم تُحلّ", 1),
        ("لا.", 1),
        ("ممتاز", 5),
    ],
)
def test_words_in_four_languages(text: str, expected: int) -> None:
    assert score(text) == expected


def test_a_score_up_to_two_is_low() -> None:
    assert [Answer(n).is_low for n in range(1, 6)] == [True, True, False, False, False]
    assert not Answer(wish=Wish.STOP).is_low


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", ""),
        ("5/5", ""),
        ("5 thanks", ""),
        ("5\n\nThank you!", ""),
        ("2\n\nThe lid is broken.\nAgain.", "The lid is broken.\nAgain."),
        ("5, but the refund has not come", "but the refund has not come"),
        ("4 - fine. The cable is missing", "fine. The cable is missing"),
        ("no, the cable is missing", "the cable is missing"),
        ("Hello, 3. It came\nbut late", "It came\nbut late"),
    ],
)
def test_what_the_customer_adds_is_kept(text: str, expected: str) -> None:
    assert comment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Thanks",
        "thank you!",
        "Hi,\n\nmany thanks.",
        "ممنون",
        "سلام، خیلی ممنون!",
        "תודה",
        "شكرًا",
        "Great, thanks!",
    ],
)
def test_thanks_and_greetings_ask_for_nothing(text: str) -> None:
    assert is_courtesy(text, words())


@pytest.mark.parametrize(
    "text",
    ["", "  ", "...", "Thanks, but it is broken", "Thanks for nothing", "Is it on its way?", "Thanks?", "5"],
)
def test_what_says_more_than_thanks_is_no_courtesy(text: str) -> None:
    assert not is_courtesy(text, words())


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    answer = read(text, words())
    assert answer is None or answer.wish or answer.score in range(1, 6)
    assert is_courtesy(text, words()) in (True, False)
