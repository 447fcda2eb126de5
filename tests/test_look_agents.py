"""Every letter to agents as Chromium shows it, on a phone and on a desk: nothing is cut, nothing runs the
wrong way."""

from functools import cache
from pathlib import Path

import pytest

from language.direction import direction
from outbox.letters import Rendered
from tests.agents_letters import AGENTS_LETTERS, LANGUAGES, VARIANTS, letters, other_direction, rendered
from tests.browser import CHROMIUM, NO_CHROMIUM
from tests.chromium import Look, Page, looks, picture

PHONE, DESK = 360, 1000
SMALLEST_TARGET = 32
"""Pixels that a thumb needs."""
LEAST_CONTRAST = 4.5
"""WCAG's AA for text of this size."""
SIDES = {"rtl": "right", "ltr": "left"}
SHIPPED = letters(Path(__file__).parent.parent / "templates")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
Seen = dict[tuple[str, str, int], tuple[Rendered, Look]]
"""By letter, the customer's language and the width."""


def seen(language: str) -> Seen:
    """Each letter of a language, about customers of both directions, at both widths."""
    return all_seen()[language]


@cache
def all_seen() -> dict[str, Seen]:
    made = {
        (letter, language, of): rendered(SHIPPED, letter, language, of)
        for language in LANGUAGES
        for letter in (*AGENTS_LETTERS, *VARIANTS)
        for of in (language, other_direction(language))
        if letter in AGENTS_LETTERS or of == language
    }
    wanted = [
        (*key, width) for key in made for width in (PHONE, DESK) if width == PHONE or key[0] in AGENTS_LETTERS
    ]
    found = looks([Page(made[letter, language, of].html, width) for letter, language, of, width in wanted])
    by_language: dict[str, Seen] = {language: {} for language in LANGUAGES}
    for (letter, language, of, width), look in zip(wanted, found, strict=True):
        by_language[language][letter, of, width] = made[letter, language, of], look
    return by_language


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_has_to_be_scrolled_for_sideways(language: str) -> None:
    wide = {key: look.width for key, (_, look) in seen(language).items() if look.width > key[2]}
    assert wide == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_sticks_out_or_is_cut(language: str) -> None:
    lost = {key: look.outside + look.cut for key, (_, look) in seen(language).items()}
    assert {key: texts for key, texts in lost.items() if texts} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_runs_as_its_language_does(language: str) -> None:
    runs = {(look.lang, look.direction) for _, look in seen(language).values()}
    assert runs == {(language, direction(language))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_stands_on_the_side_where_its_words_begin(language: str) -> None:
    for key, (_, look) in seen(language).items():
        assert {home for *_, home in look.sides} == {SIDES[direction(language)]}, key
        crooked = [one for one in look.sides if one[2] != SIDES[one[1]]]
        assert crooked == [], key
        ours = {runs for name, runs, *_ in look.sides if name in {"H2", "LI"}}
        assert ours <= {direction(language)}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_buttons_are_dark_enough_to_read(language: str) -> None:
    pale = {one for _, look in seen(language).values() for one in look.contrasts if one[0] < LEAST_CONTRAST}
    assert pale == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customers_words_run_as_their_own_language_does(language: str) -> None:
    quoted = [(key[1], quote) for key, (_, look) in seen(language).items() for quote in look.quotes]
    assert len(quoted) >= 4
    for of, (runs, side, text) in quoted:
        expected = "ltr" if text == "approve" else direction(of)
        assert (runs, side) == (expected, SIDES[expected]), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_in_words_from_right_to_left_runs_from_left_to_right(language: str) -> None:
    turned = [
        (runs, side)
        for (_, of, _), (_, look) in seen(language).items()
        if direction(of) == "rtl"
        for runs, side, text in look.turned
        if text.startswith("https://")
    ]
    assert turned
    assert set(turned) == {("ltr", "left")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_large_enough_for_a_thumb(language: str) -> None:
    small = [
        box for _, look in seen(language).values() for box in look.boxes if min(box[:2]) < SMALLEST_TARGET
    ]
    assert small == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_survives_mail_programs(language: str) -> None:
    for made, _ in seen(language).values():
        assert len(made.html.encode()) < 100_000
        assert "<style" not in made.html
        assert "src=" not in made.html
        assert "url(" not in made.html


def test_what_is_pale_or_stands_on_the_wrong_side_is_noticed() -> None:
    body = '<html lang="fa"><body><div dir="rtl" style="text-align:right">{}</div></body>'
    pale = '<p style="color:#888;text-align:left">a word</p><a style="background:#777;color:#fff">b</a>'
    (look,) = looks([Page(body.format(pale), PHONE)])
    assert [round(ratio, 2) for ratio, _ in look.contrasts] == [3.54, 4.48]
    assert look.sides == (("DIV", "rtl", "right", "right"), ("P", "rtl", "left", "right"))


def test_what_sticks_out_is_noticed() -> None:
    body = '<html lang="en"><body style="margin:0"><p style="width:600px;white-space:nowrap">{}</p></body>'
    narrow, wide = looks([Page(body.format("a word " * 60), PHONE), Page(body.format("a word"), DESK)])
    assert narrow.width > PHONE
    assert len(narrow.outside) == 1
    assert (wide.width, wide.outside, wide.cut) == (DESK, (), ())


def test_a_picture_can_be_taken(tmp_path: Path) -> None:
    picture(Page(rendered(SHIPPED, "transcript", "fa", "fa").html, PHONE), 800, tmp_path / "letter.png")
    assert (tmp_path / "letter.png").read_bytes().startswith(b"\x89PNG")
