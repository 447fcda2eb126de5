"""Every letter to agents as Chromium shows it, on a phone and on a desk: nothing is cut, nothing runs the
wrong way."""

from functools import cache
from pathlib import Path

import pytest

from language.direction import direction
from outbox.letters import Rendered
from tests.agents_letters import AGENTS_LETTERS, LANGUAGES, letters, other_direction, rendered
from tests.chromium import CHROMIUM, NO_CHROMIUM, Look, Page, looks, picture

PHONE, DESK = 390, 1200
SMALLEST_TARGET = 32
"""Pixels that a thumb needs."""
SHIPPED = letters(Path(__file__).parent.parent / "templates")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)


@cache
def seen(language: str) -> dict[tuple[str, str, int], tuple[Rendered, Look]]:
    """Each letter of a language, about customers of both directions, at both widths."""
    made = {
        (letter, of, width): rendered(SHIPPED, letter, language, of)
        for letter in AGENTS_LETTERS
        for of in (language, other_direction(language))
        for width in (PHONE, DESK)
    }
    pages = [Page(one.html, width) for (_, _, width), one in made.items()]
    return dict(zip(made, zip(made.values(), looks(pages), strict=True), strict=True))


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
def test_the_customers_words_run_as_their_own_language_does(language: str) -> None:
    quoted = [(key[1], quote) for key, (_, look) in seen(language).items() for quote in look.quotes]
    assert len(quoted) >= 4
    sides = {"rtl": "right", "ltr": "left"}
    for of, (runs, side, text) in quoted:
        expected = "ltr" if text == "approve" else direction(of)
        assert (runs, side) == (expected, sides[expected]), text


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


def test_what_sticks_out_is_noticed() -> None:
    body = '<html lang="en"><body style="margin:0"><p style="width:600px;white-space:nowrap">{}</p></body>'
    narrow, wide = looks([Page(body.format("a word " * 60), PHONE), Page(body.format("a word"), DESK)])
    assert narrow.width > PHONE
    assert len(narrow.outside) == 1
    assert (wide.width, wide.outside, wide.cut) == (DESK, (), ())


def test_a_picture_can_be_taken(tmp_path: Path) -> None:
    picture(Page(rendered(SHIPPED, "transcript", "fa", "fa").html, PHONE), 800, tmp_path / "letter.png")
    assert (tmp_path / "letter.png").read_bytes().startswith(b"\x89PNG")
