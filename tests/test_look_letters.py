"""Every letter to customers as Chromium shows it, on a phone and on a desk, in each language: nothing is cut,
nothing runs the wrong way, all of it can be read."""

from functools import cache
from zoneinfo import ZoneInfo

import pytest

from language.direction import direction
from outbox.letters import Letters, Rendered
from outbox.samples import BARE, FULL
from tests.browser import CHROMIUM, NO_CHROMIUM
from tests.chromium import Look, Page, looks
from tests.letters_looked_at import LANGUAGES, TEMPLATES, as_it_leaves, cases, of_customers
from tests.test_look_agents import DESK, LEAST_CONTRAST, PHONE, SIDES, SMALLEST_TARGET

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
Seen = dict[tuple[str, str, int], tuple[Rendered, Look]]
"""By letter, sample case and width."""


def shipped() -> Letters:
    letters, problems = Letters.load(TEMPLATES, ZoneInfo("Asia/Tehran"))
    assert letters, problems
    return letters


@cache
def all_seen() -> dict[str, Seen]:
    """Every letter with everything given on both, and with little on a phone; all in one run."""
    letters = shipped()
    wanted = [
        (language, name, case, width)
        for language in LANGUAGES
        for name in of_customers(letters)
        for case, width in ((FULL, PHONE), (FULL, DESK), (BARE, PHONE))
    ]
    made = [
        as_it_leaves(letters, name, language, cases(name, language)[case])
        for language, name, case, _ in wanted
    ]
    pages = [Page(one.html, width) for one, (*_, width) in zip(made, wanted, strict=True)]
    by_language: dict[str, Seen] = {language: {} for language in LANGUAGES}
    for (language, name, case, width), one, look in zip(wanted, made, looks(pages), strict=True):
        by_language[language][name, case, width] = one, look
    return by_language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_was_looked_at_in_its_own_language(language: str) -> None:
    seen = all_seen()[language]
    assert len({name for name, *_ in seen}) >= 46
    assert {made.language for made, _ in seen.values()} == {language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_sticks_out_or_has_to_be_scrolled_for(language: str) -> None:
    seen = all_seen()[language]
    assert {key: look.width for key, (_, look) in seen.items() if look.width > key[2]} == {}
    assert {key: look.outside + look.cut for key, (_, look) in seen.items() if look.outside + look.cut} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_runs_as_the_language_does_and_stands_on_its_side(language: str) -> None:
    runs = direction(language)
    for key, (_, look) in all_seen()[language].items():
        assert (look.lang, look.direction) == (language, runs), key
        assert look.sides, key
        own = [one for one in look.sides if one[0] != "BLOCKQUOTE"]
        assert {one[1:] for one in own} == {(runs, SIDES[runs], SIDES[runs])}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_dark_enough_to_read(language: str) -> None:
    contrasts = [one for _, look in all_seen()[language].values() for one in look.contrasts]
    assert contrasts
    assert [one for one in contrasts if one[0] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_large_enough_for_a_thumb(language: str) -> None:
    boxes = [box for _, look in all_seen()[language].values() for box in look.boxes]
    assert boxes
    assert [box for box in boxes if min(box[:2]) < SMALLEST_TARGET] == []
