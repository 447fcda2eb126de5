"""HTML → text that reads well, and what of it the sender wrote. Linear in the input, whatever it is."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.html.elements import Document, decoded
from inbox.html.looks import Looks
from inbox.html.marks import Mark
from inbox.html.own import is_own, own_lines
from inbox.html.quotes import find_marks
from inbox.html.sheets import Sheet
from inbox.html.text import tidied
from inbox.html.writer import Writer

__all__ = ["to_own_text", "to_text", "to_texts"]


def to_text(html: str) -> str:
    """All that a reader of the HTML would see."""
    return _Page(html).whole()


def to_own_text(html: str) -> str:
    """As `to_text`, with what mail clients mark as quoted cut out, or behind `>`; signatures cut out.

    When nothing is left of it, or the HTML marks no quote, this is `to_text`.
    """
    return _Page(html).own()


def to_texts(html: str) -> tuple[str, str]:
    """`to_text` and `to_own_text` at the price of little more than one of them."""
    page = _Page(html)
    whole = page.whole()
    return whole, page.own(whole)


class _Page:
    """An HTML text, taken apart once."""

    def __init__(self, html: str) -> None:
        self.document = Document(html)
        self.plain = "" if self.document.has_tags else html
        """A text without any tag, labelled HTML by mistake."""
        self.looks = Looks(Sheet.of(self.document.css))

    def whole(self) -> str:
        """All that a reader would see; what only its size or colour hides when there is nothing else."""
        if self.plain:
            return tidied(decoded(self.plain))
        return self.write({}) or self.write({}, show_all=True)

    def own(self, whole: str | None = None) -> str:
        """What the sender wrote; the whole when that is nothing, or nothing is marked."""
        marks = {} if self.plain else find_marks(self.document)
        if marks:
            own = own_lines(self.write(marks))
            if is_own(own):
                return own
            if Mark.SIGNATURE in marks.values():
                marks = {place: mark for place, mark in marks.items() if mark is not Mark.SIGNATURE}
                own = own_lines(self.write(marks))
                if is_own(own):
                    return own
        return self.whole() if whole is None else whole

    def write(self, marks: Mapping[int, Mark], *, show_all: bool = False) -> str:
        return Writer(self.document, self.looks, show_all=show_all).write(marks)
