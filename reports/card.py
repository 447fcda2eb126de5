"""The invitation card (D1), to print for a parcel or a counter: as a picture, or as a sheet of several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from language.direction import direction
from reports import card_text

WIDTH, HEIGHT = 148.0, 105.0
"""Millimetres: A6. The other sizes have the same form."""
EDGE = 9.5
"""Kept free around everything: printers don't reach the edge of the paper, and nobody cuts straight."""
CODE = 43.0
"""The side of the code with the white around it."""
QUIET = 4
"""So many of its modules the code keeps free around itself, by its standard."""
GAP = 5.0
HEADING_SIZES = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
SIZES = tuple(tenths / 10 for tenths in range(56, 31, -1))
"""Of letters, in millimetres; the largest that fits is taken."""
BOLD = 1.12
"""How much wider bold letters are."""
MOST_HEADING_LINES = 2
BETWEEN = 0.5
"""Of a line, between two paragraphs."""
MOST_MODULES = 77
"""In a code with more of them a phone finds no single one on a small card."""


_SENTENCE = re.compile(r"(?<=[?؟!.]) ")
"""Where a heading of two lines is best divided."""


class NoRoom(ValueError):
    """The words, or the code, don't fit on the card; the message says what to do."""


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


class Sheet(NamedTuple):
    """How cards lie on a sheet of paper."""

    columns: int
    rows: int
    lying: bool
    """Whether the sheet lies on its long side."""


SHEETS = {1: Sheet(1, 1, True), 2: Sheet(1, 2, False), 4: Sheet(2, 2, True), 8: Sheet(2, 4, False)}
"""By the number of cards."""
PAPERS = {Paper.A4: (210.0, 297.0), Paper.LETTER: (215.9, 279.4)}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says."""

    language: str
    heading: str
    paragraphs: tuple[str, ...]
    address: str
    modules: tuple[tuple[bool, ...], ...]
    """The code, row by row: which modules are dark."""


class Line(NamedTuple):
    """A line of text where it stands."""

    x: float
    y: float
    size: float
    heading: bool
    content: Markup


def svg(card: Card) -> str:
    """The card as a picture by itself. Raises NoRoom."""
    return Markup("{}\n").format(_picture(card, f'width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '))


def sheet(card: Card, cards: int, paper: Paper) -> str:
    """A page to print and to cut, with so many cards (SHEETS). Raises NoRoom."""
    laid = SHEETS[cards]
    short, long = PAPERS[paper]
    environment = _environment()
    return environment.get_template("card.html").render(
        card=card,
        direction=direction(card.language),
        picture=_picture(card, ""),
        sheet=laid,
        cards=cards,
        width=long if laid.lying else short,
        height=short if laid.lying else long,
        box=f"0 0 {WIDTH:g} {HEIGHT:g}",
    )


def _picture(card: Card, size: str) -> Markup:
    if len(card.modules) > MOST_MODULES:
        raise NoRoom("the code has too much to say for a phone to read it; write a shorter subject")
    rtl = direction(card.language) == "rtl"
    side = CODE - 2 * QUIET * CODE / (len(card.modules) + 2 * QUIET)
    return Markup(  # noqa: S704 - the template escapes
        _environment()
        .get_template("card.svg")
        .render(
            card=card,
            direction="rtl" if rtl else "ltr",
            size=Markup(size),  # noqa: S704 - ours
            width=WIDTH,
            height=HEIGHT,
            lines=_lines(card, rtl=rtl),
            path=_path(card.modules),
            scale=side / len(card.modules),
            code_x=(EDGE if rtl else WIDTH - EDGE - CODE) + (CODE - side) / 2,
            code_y=HEIGHT - EDGE - CODE + (CODE - side) / 2,
        )
    )


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _path(modules: Sequence[Sequence[bool]]) -> str:
    """The dark modules as one path, a bar for each stretch of a row."""
    found = []
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                found.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return "".join(found)


def _lines(card: Card, *, rtl: bool) -> list[Line]:
    """The heading over the whole card, the text below it beside the code, in the largest letters that fit."""
    x = WIDTH - EDGE if rtl else EDGE
    whole, column = WIDTH - 2 * EDGE, WIDTH - 2 * EDGE - CODE - GAP
    apart = 1.6 if rtl else 1.42
    size, heading = _heading(card.heading, whole)
    found = []
    y = EDGE
    for text in heading:
        found.append(Line(x, y + size, size, True, escape(text)))
        y += size * (apart - 0.15)
    y += size * 0.35
    return found + _body(card, x, y, column, apart)


def _heading(text: str, room: float) -> tuple[float, list[str]]:
    for size in HEADING_SIZES:
        own = room / (size * BOLD)
        for given in (_SENTENCE.sub("\n", text), text):
            found = card_text.lines(given, own)
            if len(found) <= MOST_HEADING_LINES and card_text.is_within(found, own):
                return size, found
    raise NoRoom("its heading is too long; shorten it in the letter invitation_card.md")


def _body(card: Card, x: float, top: float, room: float, apart: float) -> list[Line]:
    for size in SIZES:
        # An address stands there in bold.
        own = room / size
        told = [
            card_text.lines(text, own / BOLD if card.address in text else own) for text in card.paragraphs
        ]
        height = size * apart * (sum(map(len, told)) + BETWEEN * (len(told) - 1))
        fits = all(card_text.is_within(text, own) for text in told)
        if fits and top + height <= HEIGHT - EDGE:
            return list(_placed(card, told, x, top, size, apart))
    raise NoRoom("its text is too long; shorten it in the letter invitation_card.md")


def _placed(
    card: Card, told: Sequence[Sequence[str]], x: float, top: float, size: float, apart: float
) -> list[Line]:
    found, y = [], top
    for text in told:
        for line in text:
            found.append(Line(x, y + size, size, False, _with_address(line, card.address)))
            y += size * apart
        y += size * apart * BETWEEN
    return found


def _with_address(line: str, address: str) -> Markup:
    """The line with the address in bold."""
    bold = Markup('<tspan font-weight="700">{}</tspan>').format(address)
    return bold.join(escape(part) for part in line.split(address))
