"""The invitation card as Chromium shows and prints it: in its place, the right way round, and readable by a
phone."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import zxingcpp

from engine.card import Wish, made
from language.direction import direction
from reports.card import CODE, EDGE, HEIGHT, SHEETS, WIDTH, Paper
from tests.browser import CHROMIUM, NO_CHROMIUM
from tests.chromium import printed, screenshot, seen
from tests.pictures import grey
from tests.shipped import letters
from tests.test_look_agents import LEAST_CONTRAST

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
LANGUAGES = ("en", "fa", "he", "ar", "de")
FIRMS = {"fa": "فروشگاه بزرگ نمونهٔ تهران", "he": "החנות הגדולה לדוגמה", "ar": "متجر المثال الكبير"}
ADDRESSES = ("help@shop.example", "customer-care.and-complaints@department.shop.example.com")
FONTS = ("", "DejaVu Sans")
"""The card's own, and one of the widest there are."""
MM = 96 / 25.4
SLACK = 0.5
_LOOK = """
(() => {
  const box = one => { const b = one.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  return [...document.querySelectorAll('svg')].map(svg => ({
    card: box(svg), code: box(svg.querySelector('.code')),
    texts: [...svg.querySelectorAll('text')].map(one => {
      const style = getComputedStyle(one);
      return {box: box(one), said: one.textContent, runs: style.direction, colour: style.fill};
    }),
  }));
})()
"""
Box = tuple[float, float, float, float]


def card(language: str, address: str = ADDRESSES[0], name: str = "card.svg", **how: Any) -> str:
    wish = Wish(language, FIRMS.get(language, "The Example Shop"), address, **how)
    return made(letters(), wish, Path(name))


@cache
def looks() -> dict[tuple[str, str, str], dict[str, Any]]:
    """Each card of each language, with a short and a long address, in both fonts."""
    keys = [(language, address, font) for language in LANGUAGES for address in ADDRESSES for font in FONTS]
    shown = []
    for language, address, font in keys:
        picture = card(language, address)
        shown.append(re.sub('font-family="[^"]*"', f'font-family="{font}"', picture) if font else picture)
    found = seen(f"<body style='margin:0'>{''.join(shown)}", _LOOK)
    return dict(zip(keys, found, strict=True))


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes have more in common than an edge."""
    wide, high = (min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1))
    return wide > SLACK and high > SLACK


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_stands_on_the_card_away_from_its_edge_and_from_the_code(language: str) -> None:
    seen = {key: one for key, one in looks().items() if key[0] == language}
    assert len(seen) == len(ADDRESSES) * len(FONTS)
    for key, one in seen.items():
        left, top, right, bottom = one["card"]
        assert right - left == pytest.approx(148 * MM, abs=1), key
        free = 8 * MM
        inside = [left + free, top + free, right - free, bottom - free]
        for text in one["texts"]:
            box = text["box"]
            assert box[0] >= inside[0] and box[2] <= inside[2], (key, text["said"])
            assert box[1] >= top + 3 * MM and box[3] <= bottom - 3 * MM, (key, text["said"])
            assert not meet(box, one["code"]), (key, text["said"])
        code = one["code"]
        assert code[0] >= inside[0] and code[1] >= inside[1], key
        assert code[2] <= inside[2] and code[3] <= inside[3], key
        assert code[2] - code[0] == pytest.approx(code[3] - code[1], abs=SLACK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_begin_on_the_side_of_their_language_and_the_code_is_on_the_other(language: str) -> None:
    runs = direction(language)
    for key, one in looks().items():
        if key[0] != language:
            continue
        assert {text["runs"] for text in one["texts"]} == {runs}
        begins = [text["box"][2 if runs == "rtl" else 0] for text in one["texts"]]
        assert max(begins) - min(begins) < 2 * MM, key
        middle = (one["card"][0] + one["card"][2]) / 2
        code_is_left = one["code"][2] < middle
        assert code_is_left == (runs == "rtl")
        assert (begins[0] > middle) == (runs == "rtl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_keep_apart(language: str) -> None:
    for key, one in looks().items():
        if key[0] == language:
            # A box is as high as the font; ink of neighbours may come near, never the middle of a line.
            cores = [
                (b[0], b[1] + (b[3] - b[1]) / 4, b[2], b[3] - (b[3] - b[1]) / 4)
                for b in (text["box"] for text in one["texts"])
            ]
            assert not any(meet(a, b) for a, b in combinations(cores, 2)), key


def test_the_words_are_dark_on_white() -> None:
    colours = {text["colour"] for one in looks().values() for text in one["texts"]}
    assert len(colours) == 2
    for colour in colours:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (light + 0.05) > LEAST_CONTRAST


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_that_comes_near_reads_the_code(language: str) -> None:
    left = EDGE if direction(language) == "rtl" else WIDTH - EDGE - CODE
    near = f'viewBox="{left} {HEIGHT - EDGE - CODE} {CODE} {CODE}"'
    whole = 'width="148mm" height="105mm" viewBox="[^"]*"'
    picture = re.sub(whole, f'width="340" height="340" {near}', card(language))
    assert near in picture
    width, height, pixels = grey(screenshot(f"<body style='margin:0'>{picture}", 500, 340))
    [found] = zxingcpp.read_barcodes(memoryview(pixels).cast("B", (height, width)))
    assert unquote(urlsplit(found.text).path) == ADDRESSES[0]
    assert found.orientation == 0, "it is not mirrored where the card is"


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("cards", list(SHEETS))
def test_a_sheet_prints_on_one_page_of_its_size(cards: int, paper: Paper, tmp_path: Path) -> None:
    to = tmp_path / "card.pdf"
    page = card("he", name="card.html", cards=cards, paper=paper)
    printed(page, to)
    pdf = to.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    [box] = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sizes = {Paper.A4: (210, 297), Paper.LETTER: (215.9, 279.4)}[paper]
    wanted = tuple(reversed(sizes)) if SHEETS[cards].lying else sizes
    assert [float(one) / 72 * 25.4 for one in box] == pytest.approx(wanted, abs=0.5)
