"""`worker.py card`: the invitation card in the words of its letter, with a code that opens a mail (D1)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import segno

from engine.doing import NotDone
from language.direction import printable
from outbox.compose import mailto
from outbox.letters import Letters
from reports import card
from reports.card import Card, Paper

LETTER, HEADING = "invitation_card", "heading"
CORRECTS = "m"
"""A code of this level can still be read when 15% of it are dirty."""
SVG, HTML = ".svg", ".html"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the card is about, and how it is wanted."""

    language: str
    firm: str
    address: str
    subject: str = ""
    """Of the mail that the code opens; without it the letter's."""
    cards: int = 4
    """On a sheet."""
    paper: Paper = Paper.A4


def made(letters: Letters, wish: Wish, to: Path) -> str:
    """The card as the file's name says: a picture, or a sheet to print. Raises NotDone."""
    kind = to.suffix.lower()
    if kind not in (SVG, HTML):
        advice = f"write a name that ends in {SVG} or {HTML}; for a PDF, print the {HTML} in your browser"
        raise NotDone(f"'{to.name}' is no name for a card: {advice}")
    try:
        told = of(letters, wish)
        return card.svg(told) if kind == SVG else card.sheet(told, wish.cards, wish.paper)
    except card.NoRoom as wrong:
        raise NotDone(f"the card can't be made: {wrong}") from None


def of(letters: Letters, wish: Wish) -> Card:
    """What the card says."""
    values = {"firm": wish.firm, "contact": wish.address}
    said = letters.render(LETTER, wish.language, values, html=False)
    blocks = letters.blocks(LETTER, wish.language, values)
    texts = [block.content for block in blocks if block.kind != HEADING]
    headings = [block.content for block in blocks if block.kind == HEADING]
    if not any(wish.address in text for text in texts):
        texts.append(wish.address)
    return Card(
        said.language,
        " ".join(headings) or said.subject,
        tuple(texts),
        wish.address,
        _modules(mailto(wish.address, printable(wish.subject or said.subject))),
    )


def _modules(link: str) -> tuple[tuple[bool, ...], ...]:
    try:
        code = segno.make_qr(link, error=CORRECTS)
    except segno.DataOverflowError:
        raise card.NoRoom("no code can hold the address and the subject; write a shorter subject") from None
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
