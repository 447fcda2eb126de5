"""Text pieces → lines: gaps, prefixes of quotes, bullets and rows of tables."""

from __future__ import annotations

import re
from collections.abc import Callable

from inbox.html.looks import UNKNOWN, Look
from inbox.html.tables import Row
from inbox.html.text import NOTHING

_WHITE = " \t\r\n\f"
_SPACE = re.compile(rf"[{_WHITE}]+")
_GAPS = ("", " ", "\n", "\n\n")
SPACE, LINE, APART = 1, 2, 3
"""Gaps: a space between words, a line's end, a blank line."""
_BAR = " | "
_DEEPEST = 50
"""Quotes within quotes that are told apart."""


class Lines:
    """Writes text, holding each gap back until text follows it."""

    def __init__(self, *, show_all: bool = False, paints: bool = False) -> None:
        self.show_all = show_all
        """Whether even text is written that is hidden by its size or colour."""
        self.paints = paints
        """Whether there may be backgrounds of which nothing is known."""
        self.out: list[str] = []
        self.gap = 0
        self.marker = ""
        """A bullet or number that waits for the text of its item."""
        self.quotes: list[str] = []
        self.prefix = ""
        self.keeps_lines = self.keeps_spaces = False
        self.colour: str | None = None
        self.background: str | None = None
        self.tiny = self.camouflaged = False
        self.rows: list[Row] = []
        self.breaks = 0
        """Lines that were ended."""
        self.written = 0
        """Characters that were written."""
        self.leaving: list[tuple[int, Callable[..., None], tuple[object, ...]]] = []
        """What is to be done where elements end, the innermost last."""

    def need(self, gap: int) -> None:
        """Asks for a gap before the next text."""
        self.gap = max(self.gap, gap)

    def line_break(self) -> None:
        """A `<br>`: it ends the line that stands, and after an ended line it leaves one empty."""
        self.gap = LINE if self.gap < LINE else APART

    def text(self, content: str) -> None:
        """Writes text, white space folded as a browser does."""
        if self.keeps_lines:
            self.lines(content)
            return
        words = content.strip(_WHITE)
        if not words:
            self.gap = self.gap or SPACE
            return
        if words[0] in NOTHING and not words.strip(NOTHING):
            self.filler(words)
            return
        if content[0] in _WHITE:
            self.gap = self.gap or SPACE
        if "\n" in words or "  " in words or "\t" in words or "\r" in words:
            words = _SPACE.sub(" ", words)
        elif words == "--" and content[-1] in _WHITE:
            words = "-- "
        self.put(words)
        if content[-1] in _WHITE:
            self.gap = self.gap or SPACE

    def filler(self, words: str) -> None:
        """Text of nothing but spaces that don't fold: it keeps a line open that would else collapse."""
        if self.gap < LINE:
            self.need(SPACE if "\xa0" in words or " " in words else 0)
        elif not self.rows or self.rows[-1].cell_begun is not None:
            self.gap = APART

    def lines(self, content: str) -> None:
        """Writes text whose line ends, and maybe spaces, are meant."""
        for number, line in enumerate(content.split("\n")):
            if number:
                self.line_break()
            words = line if self.keeps_spaces else _SPACE.sub(" ", line).strip(" ")
            if words.strip():
                self.put(words)
            elif line:
                self.gap = self.gap or SPACE

    def put(self, words: str) -> None:
        """Writes the gap that was held back, then the words."""
        if (self.tiny or self.camouflaged) and not self.show_all:
            return
        joined = self.begin_cells() if self.rows and self.rows[-1].cell_begun is None else None
        if not self.out:
            self.out.append(self.prefix)
        elif self.gap >= LINE:
            if joined is None:
                self.breaks += 1
            else:
                joined.joints.append(len(self.out))
            self.out.append(_GAPS[self.gap] + self.prefix)
        elif self.gap:
            self.out.append(" ")
        if self.marker:
            words, self.marker = self.marker + words, ""
        self.out.append(words)
        self.written += len(words)
        self.gap = 0

    def begin_cells(self) -> Row | None:
        """Begins the cells that have no text yet; the row in which it has a neighbour with text."""
        begun = []
        for row in reversed(self.rows):
            if row.cell_begun is not None:
                break
            begun.append(row)
        joined = next((row for row in begun if row.waits), None)
        breaks = self.breaks + (joined is None and self.gap >= LINE and bool(self.out))
        for row in begun:
            row.begin_cell(breaks)
        return joined

    def end_cell(self) -> None:
        self.rows[-1].end_cell(self.breaks)
        self.need(LINE)

    def end_row(self) -> None:
        """Puts bars between the cells of a row that fits on a line; else each cell stands on its own."""
        row = self.rows.pop()
        row.end_cell(self.breaks)
        if row.joints and row.fits_a_line(self.written):
            for place in row.joints:
                self.out[place] = _BAR
        else:
            self.breaks += len(row.joints)
        self.need(LINE)

    def mark(self, sign: str) -> None:
        """A line that is a sign of ours."""
        self.out += ["\n" if self.out else "", sign]
        self.gap = max(self.gap, LINE)
        self.breaks += 1

    def quote(self, sign: str, end: int) -> None:
        """Puts a sign before the lines up to the element's end."""
        self.quotes.append(sign)
        self.prefix = "".join(self.quotes[-_DEEPEST:]) + " "
        self.leaving.append((end, self.unquote, ()))

    def unquote(self) -> None:
        self.need(LINE)
        self.quotes.pop()
        self.prefix = "".join(self.quotes[-_DEEPEST:]) + " " if self.quotes else ""

    def restyle(self, look: Look, end: int) -> None:
        """Takes over what a look changes, up to the element's end."""
        before = (self.tiny, self.keeps_lines, self.keeps_spaces)
        self.leaving.append(
            (end, self.style_again, (*before, self.colour, self.background, self.camouflaged))
        )
        if look.tiny is not None:
            self.tiny = look.tiny
        if look.keeps_lines is not None:
            self.keeps_lines, self.keeps_spaces = look.keeps_lines, bool(look.keeps_spaces)
        if look.colour is not None or look.background is not None:
            self.colour = look.colour or self.colour
            self.background = look.background or self.background
            is_same = self.colour is not None and self.colour == self.background != UNKNOWN
            is_sure = not self.paints or (look.colour is not None and look.background is not None)
            self.camouflaged = is_same and is_sure

    def style_again(self, tiny: bool, lines: bool, spaces: bool, *colours: object) -> None:
        self.tiny, self.keeps_lines, self.keeps_spaces = tiny, lines, spaces
        self.colour, self.background, self.camouflaged = colours  # type: ignore[assignment]
