"""Real Chromium on finished letters: what a page looks like at a width, and what sticks out of it."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.browser import Tab, browser

GAP = 16
_LOOK = """
(() => {
function outside(frame) {
  const doc = frame.contentDocument, found = [];
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    const range = doc.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.left < -0.5 || box.right > frame.clientWidth + 0.5) { found.push(node.data.trim()); break; }
  }
  return found;
}
function cut(frame) {
  return [...frame.contentDocument.body.querySelectorAll('*')]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
    .map(one => one.tagName + ': ' + one.textContent.trim().slice(0, 60));
}
function turned(frame, name) {
  const view = frame.contentWindow;
  return [...frame.contentDocument.querySelectorAll(name)].map(one => {
    const style = view.getComputedStyle(one);
    return [style.direction, style.textAlign, one.textContent.trim()];
  });
}
function sides(frame) {
  const view = frame.contentWindow, doc = frame.contentDocument;
  const home = view.getComputedStyle(doc.querySelector('body > div') || doc.body).textAlign;
  return [...doc.querySelectorAll('p, h2, li, blockquote, div[dir]')].map(one => {
    const style = view.getComputedStyle(one);
    return [one.tagName, style.direction, style.textAlign, home];
  });
}
function channels(colour) { return colour.match(/[0-9.]+/g).map(Number); }
function light(colour) {
  const [red, green, blue] = colour.slice(0, 3).map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function behind(view, one) {
  for (let at = one; at; at = at.parentElement) {
    const colour = channels(view.getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
}
function contrasts(frame) {
  const doc = frame.contentDocument, view = frame.contentWindow, found = {};
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    const pair = [light(channels(view.getComputedStyle(node.parentElement).color)),
                  light(behind(view, node.parentElement))].sort((one, other) => other - one);
    const ratio = Math.round(100 * (pair[0] + 0.05) / (pair[1] + 0.05)) / 100;
    if (!(ratio in found)) found[ratio] = node.data.trim().slice(0, 60);
  }
  return Object.entries(found).map(([ratio, text]) => [Number(ratio), text]);
}
function boxes(frame) {
  return [...frame.contentDocument.querySelectorAll('a')].map(one => {
    const box = one.getBoundingClientRect();
    return [Math.round(box.width), Math.round(box.height), one.textContent.trim()];
  });
}
return [...document.querySelectorAll('iframe')].map(frame => {
  const doc = frame.contentDocument;
  frame.style.height = doc.documentElement.scrollHeight + 'px';
  return {
    direction: frame.contentWindow.getComputedStyle(doc.body).direction,
    lang: doc.documentElement.lang,
    width: doc.documentElement.scrollWidth,
    height: doc.documentElement.scrollHeight,
    outside: outside(frame), cut: cut(frame), boxes: boxes(frame),
    sides: sides(frame), contrasts: contrasts(frame),
    quotes: turned(frame, 'blockquote'), turned: turned(frame, 'blockquote > div[dir]'),
  };
});
})()
"""


class Page(NamedTuple):
    """A finished letter, and the width to see it at."""

    html: str
    width: int


@dataclass(frozen=True, slots=True)
class Look:
    """What Chromium says of a page."""

    direction: str
    lang: str
    width: int
    """What the content takes; more than the page's width has to be scrolled for."""
    height: int
    outside: tuple[str, ...]
    """Texts that stick out of the page."""
    cut: tuple[str, ...]
    """Elements that hold more than they show."""
    boxes: tuple[tuple[int, int, str], ...]
    """Width, height and text of each link."""
    sides: tuple[tuple[str, str, str, str], ...]
    """Name, direction and alignment of each block, and the letter's own alignment."""
    contrasts: tuple[tuple[float, str], ...]
    """Each contrast of text with what is behind it, as WCAG counts it, and a text that has it."""
    quotes: tuple[tuple[str, str, str], ...]
    """Direction, alignment and text of each quotation."""
    turned: tuple[tuple[str, str, str], ...]
    """The same of the lines in them that run another way."""


def looks(pages: Sequence[Page]) -> list[Look]:
    """What the pages look like, all side by side in one document."""
    shown = "".join(_frame(page) for page in pages)
    found = seen(f"<body style='margin:0'>{shown}", _LOOK)
    return [Look(**{name: _frozen(value) for name, value in one.items()}) for one in found]


def picture(page: Page, height: int, to: Path) -> None:
    """A screenshot of the page as a PNG."""
    body = f"<style>body{{margin:0;background:#888}}</style><body>{_frame(page)}"
    with showing(body, width=max(page.width, 500), height=height) as tab:
        tab.told(_LOOK)
        to.write_bytes(tab.picture())


def sheet(pages: Sequence[tuple[str, Page]], columns: int, to: Path) -> None:
    """One picture of several pages, each below its title."""
    heights = [look.height for look in looks([page for _, page in pages])]
    across = max(page.width for _, page in pages) + GAP
    rows = [heights[at : at + columns] for at in range(0, len(heights), columns)]
    body = "".join(
        f"<div style='width:{page.width}px'><h1>{html.escape(title)}</h1>{_frame(page)}</div>"
        for title, page in pages
    )
    style = (
        f"<style>body{{margin:{GAP}px 0 0 {GAP}px;background:#888;display:grid;gap:0 {GAP}px;"
        f"grid-template-columns:repeat({columns},{across - GAP}px)}}"
        f"h1{{font:bold 15px sans-serif;height:20px;margin:0;color:#fff}}</style>"
    )
    width, height = across * columns + GAP, sum(max(row) + 20 for row in rows) + 2 * GAP
    with showing(f"{style}<body>{body}", width=width, height=height) as tab:
        tab.told(_LOOK)
        to.write_bytes(tab.picture())


def _frame(page: Page) -> str:
    style = f"display:block;border:0;width:{page.width}px"
    return f'<iframe style="{style}" srcdoc="{html.escape(page.html)}"></iframe>'


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def seen(document: str, script: str) -> Any:
    """What a script says of a document once it is loaded."""
    with showing(document) as tab:
        return tab.told(script)


def asked(page: str, script: str, *, dark: bool = False) -> Any:
    """What a script says of a whole page: the JSON of what it gives to `say(…)`."""
    with showing(page, dark=dark) as tab:
        return tab.told(f"new Promise(say => {{{script}}})")


def screenshot(document: str, width: int, height: int) -> bytes:
    """A document in a window of this size, as a PNG."""
    with showing(document, width=width, height=height) as tab:
        return tab.picture()


def printed(page: str, to: Path) -> None:
    """The page on paper, as a PDF."""
    with showing(page) as tab:
        to.write_bytes(tab.printed())


@contextmanager
def showing(document: str, *, width: int = 800, height: int = 600, dark: bool = False) -> Iterator[Tab]:
    """A tab with the document, shown by the one Chromium of this process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(f'<!DOCTYPE html><meta charset="utf-8">{document}', "utf-8")
        with browser().tab(width, height, dark=dark) as tab:
            tab.show(file.as_uri())
            yield tab
