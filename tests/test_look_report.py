"""The report page as Chromium shows it: on a phone, a desk and paper, in the dark, and to a screen reader."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from language.direction import direction
from tests.browser import CHROMIUM, NO_CHROMIUM
from tests.chromium import asked, printed
from tests.report_made import LANGUAGES, made

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
PHONE, DESK, PAPER = 360, 1280, 680
"""Widths; that of A4 paper between its margins."""
LEAST_OF_SHAPES = 3
AXE = "axe.run(document, {resultTypes: ['violations']}).then(found => say(found.violations));"
LOOK = """
const frames = WIDTHS.map(width => {
  const frame = document.createElement('iframe');
  frame.style.cssText = `width:${width}px;height:800px;border:0`;
  frame.srcdoc = PAGE;
  document.body.append(frame);
  return new Promise(done => frame.addEventListener('load', () => done([width, frame])));
});
Promise.all(frames).then(all => say(all.map(([width, frame]) => {
  const doc = frame.contentDocument, view = frame.contentWindow;
  const outside = [...doc.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect();
    const out = box.left < -0.5 || box.right > width + 0.5;
    return box.width && out && !one.closest('.wide table, .unseen, svg');
  }).map(one => one.outerHTML.slice(0, 100));
  const texts = [...doc.querySelectorAll('svg text')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.left < -0.5 || box.right > width + 0.5;
  }).map(one => one.textContent);
  return {
    width, takes: doc.documentElement.scrollWidth, outside, texts,
    direction: view.getComputedStyle(doc.body).direction, lang: doc.documentElement.lang,
    nav: view.getComputedStyle(doc.querySelector('nav')).display,
    details: [...doc.querySelectorAll('details')].map(one => view.getComputedStyle(one).display),
    sections: [...doc.querySelectorAll('section')].map(one => one.id),
  };
})));
"""
COLOURS = """
const drawn = [...document.querySelectorAll('svg rect, svg circle, svg .span, svg .was')].map(one => {
  const of = getComputedStyle(one);
  return of.stroke === 'none' || one.tagName !== 'line' ? of.fill : of.stroke;
});
say({dark: matchMedia('(prefers-color-scheme: dark)').matches,
     paper: getComputedStyle(document.body).backgroundColor, drawn: [...new Set(drawn)]});
"""


def opened_up(page: str) -> str:
    """The page with every table to be seen."""
    return page.replace("<details>", "<details open>")


def axe() -> str:
    """The checks of axe-core, as a script in a page."""
    script = (resources.files("axe_core_python") / "axe.min.js").read_text("utf-8")
    return script.replace("</script", "<\\/script")


def looked_at(page: str, *widths: int) -> list[dict[str, Any]]:
    """What the page looks like at these widths."""
    given = json.dumps(page).replace("</", "<\\/")
    script = LOOK.replace("WIDTHS", json.dumps(widths)).replace("PAGE", given)
    found: list[dict[str, Any]] = asked("<body></body>", script)
    return found


@cache
def seen(language: str) -> list[dict[str, Any]]:
    return looked_at(opened_up(made(language).page), PHONE, DESK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_sticks_out_of_a_phone_or_a_desk(language: str) -> None:
    for look in seen(language):
        assert (look["takes"], look["outside"], look["texts"]) == (look["width"], [], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_runs_as_its_language_does(language: str) -> None:
    for look in seen(language):
        assert (look["lang"], look["direction"]) == (language, direction(language))
        assert len(look["sections"]) == 12


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_axe_finds_nothing(language: str, dark: bool) -> None:
    found = asked(opened_up(made(language).page), f"{axe()};{AXE}", dark=dark)
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []


def test_axe_would_find_something() -> None:
    page = made("en").page.replace('<html lang="en"', "<html").replace("--soft: #4f5a64", "--soft: #c9c9c9")
    found = {one["id"] for one in asked(page, f"{axe()};{AXE}")}
    assert found >= {"html-has-lang", "color-contrast"}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_drawn_stands_out_from_the_paper(dark: bool) -> None:
    colours = asked(made("en").page, COLOURS, dark=dark)
    assert colours["dark"] == dark
    paper = light(colours["paper"])
    assert (paper < 0.05) == dark
    assert len(colours["drawn"]) >= 6
    assert [one for one in colours["drawn"] if contrast(light(one), paper) < LEAST_OF_SHAPES] == []


def test_on_paper_closed_tables_and_links_are_left_out_and_nothing_is_cut() -> None:
    [look] = looked_at(made("en").page.replace("@media print", "@media screen"), PAPER)
    assert (look["takes"], look["nav"]) == (PAPER, "none")
    assert set(look["details"]) == {"none"}
    [look] = looked_at(opened_up(made("en").page).replace("@media print", "@media screen"), PAPER)
    assert set(look["details"]) == {"block"}, "what the reader opened is printed"


def test_the_page_can_be_printed(tmp_path: Path) -> None:
    printed(made("fa").page, tmp_path / "page.pdf")
    pages = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "page.pdf").read_bytes()))
    assert 2 <= pages <= 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_no_other_computer_for_anything(language: str) -> None:
    page = made(language).page
    assert "default-src 'none'" in page
    assert re.findall(r"(?:https?:)?//[a-z]", page) == []
    assert re.findall(r"<(?:script|img|link|iframe|object|embed)|@import|url\(|\s(?:src|on\w+)=", page) == []
    assert {link[0] for link in re.findall(r'href="([^"]*)', page)} == {"#"}


def contrast(one: float, other: float) -> float:
    """As WCAG counts it."""
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def light(colour: str) -> float:
    """Relative luminance (WCAG)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
