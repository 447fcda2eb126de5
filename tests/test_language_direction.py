"""Direction of languages and texts, isolates, and text that is safe to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.direction import (
    direction,
    first_strong,
    has_right_to_left,
    isolate,
    printable,
    printable_lines,
    runs_against,
    subject_line,
)


@pytest.mark.parametrize("language", ["fa", "he", "ar", "ur", "fa-IR", "ar_EG", "HE"])
def test_these_languages_run_from_right_to_left(language: str) -> None:
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "de", "tr", "", "zz", "az"])
def test_every_other_language_runs_from_left_to_right(language: str) -> None:
    assert direction(language) == "ltr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سلام", "rtl"),
        ("שלום", "rtl"),
        ("Hello سلام", "ltr"),
        ("12: سلام", "rtl"),
        ("«a»", "ltr"),
        ("۱۲, 3!", ""),
        ("\u2068Ann\u2069 گرامی", "rtl"),
    ],
)
def test_the_first_letter_with_a_direction_decides(text: str, expected: str) -> None:
    assert first_strong(text) == expected


def test_an_isolate_wraps_the_text() -> None:
    assert isolate("AB-1") == "\u2068AB-1\u2069"


@pytest.mark.parametrize("subject", ["Re: بستهٔ AB-4711: دو هفته دیر", "Fwd: Re: החבילה", "AW: RE[2]: الطرد"])
def test_a_mark_of_a_reply_does_not_turn_the_subject_behind_it(subject: str) -> None:
    assert isolate(subject) == f"\u2067{subject}\u2069"


@pytest.mark.parametrize(
    "subject", ["Re: AB-4711 بسته", "Parcel: بسته", "Re: a parcel", "بسته", "Re:", "Re: 12"]
)
def test_any_other_text_runs_as_its_first_letter_does(subject: str) -> None:
    assert isolate(subject) == f"\u2068{subject}\u2069"


@pytest.mark.parametrize(("text", "expected"), [("سلام", True), ("aב", True), ("Zoë 1", False), ("", False)])
def test_a_right_to_left_letter_is_seen_anywhere(text: str, expected: bool) -> None:
    assert has_right_to_left(text) is expected


def test_a_name_with_line_ends_and_overrides_becomes_one_plain_line() -> None:
    assert printable("Ann\r\nBcc: x\u202etxt.exe\x00\u2066 \t y\u2028z") == "Ann Bcc: xtxt.exe y z"


def test_joiners_of_persian_and_marks_of_direction_stay() -> None:
    assert printable("می‌خواهم\u200f") == "می‌خواهم\u200f"


def test_text_of_several_lines_keeps_its_lines_and_tabs() -> None:
    assert printable_lines("a\r\nb\rc\td\x07\u202e") == "a\nb\nc\td"


@given(st.text())
def test_printable_text_never_holds_a_control_or_bidi_override(text: str) -> None:
    shown = printable(text)
    assert not any(
        unicodedata.category(c) in {"Cc", "Cs"} or c in "\u202a\u202d\u202e\u2066\u2068" for c in shown
    )
    assert printable(shown) == shown


_TRICKY = st.text(
    alphabet=st.sampled_from(" \u200caب\t\n\r\x85\u2028\u00a0\u2066\u2069\u202e\u200f\x00\ufeff")
)


@given(_TRICKY)
def test_text_that_needs_no_cleaning_comes_out_like_text_that_does(text: str) -> None:
    # A NUL is always taken out, so what it is added to can never take the quick way.
    assert printable(text) == printable(f"{text}\x00")
    assert printable_lines(text) == printable_lines(f"{text}\x00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Re: \u2068Ann\u2069  (\u2067بسته\u2069)\r\nBcc: x",
            "Re: \u2068Ann\u2069 (\u2067بسته\u2069) Bcc: x",
        ),
        ("\u2068a\u2068b\u2069\u2069 c", "\u2068a\u2068b\u2069\u2069 c"),
        ("\u2068a", "a"),
        ("a\u2069 \u2068b", "a b"),
        ("\u202ea\u2068b\u2069", "a\u2068b\u2069"),
    ],
)
def test_a_subject_keeps_isolates_only_when_each_is_closed(text: str, expected: str) -> None:
    assert subject_line(text) == expected


@given(st.text("ab א\u2066\u2067\u2068\u2069\u202e\r\n\t"))
def test_a_subject_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = subject_line(text)
    assert subject_line(line) == line
    assert not set(line) & set("\r\n\t\u202e")
    assert printable(line) == printable(text)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("AB-1", "fa", True),
        ("1042", "fa", False),
        ("بسته ۷", "fa", False),
        ("بسته AB", "ar", True),
        ("Ann", "en", False),
        ("דנה", "en", True),
        ("!?", "he", False),
    ],
)
def test_letters_that_run_against_a_language_are_seen(text: str, language: str, expected: bool) -> None:
    assert runs_against(text, language) is expected
