"""Which elements of an HTML mail are quoted or a signature, by what mail clients mark."""

from __future__ import annotations

import re
from bisect import bisect_left

from inbox.html.elements import Document, Item
from inbox.html.marks import Mark, mark_of
from inbox.html.nesting import Element, names

_LABEL = re.compile(r"\s*\*?[^\s:：][^:：\n]{0,28}[:：]")
_HEADERS = 80
"""Items in which the headers of a quoted mail stand."""
_INTRODUCTION = 500
"""Characters that may introduce a quote; more are quoted words themselves."""
_SIGNATURE_ITEMS = 200
_SIGNATURE_TEXT = 1500
"""A longer "signature" is a letter that was written into one."""
_LABELS = {Mark.LABELLED: 1, Mark.HEADERS: 2, Mark.HEADED: 2}
"""How many headers an element has to hold to be what its look says."""
_ENDS_LINE = names("br p div tr li blockquote")


def find_marks(document: Document) -> dict[int, Mark]:
    """The marked elements by their places; what is inside a quote is not looked at."""
    return _Finder(document).find()


class _Finder:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.items = document.items
        self.known: dict[tuple[str, str], Mark | None] = {}
        self.marks: dict[int, Mark] = {}
        self.introduced = False
        """Whether what introduces the next quote was found."""
        self.doubtful = (0, -1)
        """The place and end of the last quote that is not sure."""
        self.quotes: list[int] = []
        self.introductions: list[int] = []

    def find(self) -> dict[int, Mark]:
        """Goes over the document once."""
        found = [
            (place, item, mark)
            for place, item in enumerate(self.items)
            if item.__class__ is not str and (mark := self.kind(item)) is not None  # type: ignore[arg-type]
        ]
        self.quotes = [place for place, _, mark in found if mark is Mark.QUOTE]
        self.introductions = [place for place, _, mark in found if mark is Mark.ATTRIBUTION]
        after = 0
        for place, item, mark in found:
            if place >= after and isinstance(item, Element):
                after = self.take(place, item, mark)
        return self.marks

    def kind(self, element: Element) -> Mark | None:
        """What the element's own name and attributes say."""
        tag, raw = element.tag, element.raw
        if not raw and tag not in ("blockquote", "signature"):
            return None
        try:
            return self.known[tag, raw]
        except KeyError:
            mark = self.known[tag, raw] = mark_of(tag, raw, self.document.attributes(raw))
            return mark

    def take(self, place: int, element: Element, mark: Mark) -> int:
        """Marks an element; the place to go on at."""
        if not self.holds(place, element, mark):
            return place + 1
        if mark in (Mark.REST, Mark.HEADERS, Mark.LABELLED):
            return self.rest(place)
        if mark is Mark.CONTAINER:
            return self.container(place, element)
        if mark is Mark.SIGNED:
            return self.signed(place)
        self.marks[place] = self.settled(mark)
        if mark in (Mark.DOUBTFUL, Mark.BORDERED):
            self.doubtful = (place, element.end)
            return place + 1
        return element.end

    def holds(self, place: int, element: Element, mark: Mark) -> bool:
        """Whether an element holds what its mark promises."""
        if mark is Mark.SIGNATURE:
            return self.is_signature(place, element.end)
        if mark in _LABELS:
            return labels(self.items[place + 1 : min(element.end, place + _HEADERS)]) >= _LABELS[mark]
        return True

    def settled(self, mark: Mark) -> Mark:
        """What becomes of an element with this mark; a quote whose introduction was found needs no other."""
        if mark in (Mark.ATTRIBUTION, Mark.HEADED):
            self.introduced = self.introduced or mark is Mark.ATTRIBUTION
            return Mark.DROPPED
        if mark is Mark.QUOTE and self.introduced:
            self.introduced = False
            return Mark.INTRODUCED
        return mark

    def signed(self, place: int) -> int:
        """Marks the signature that follows the line break that a phone writes above it."""
        for after in range(place + 1, min(place + 4, len(self.items))):
            item = self.items[after]
            if isinstance(item, Element):
                if item.tag == "div" and self.is_signature(after, item.end):
                    self.marks[after] = Mark.SIGNATURE
                    return item.end
                break
        return place + 1

    def rest(self, place: int) -> int:
        """A mark that the rest is quoted: the rest of the mail, or of the blockquote that it stands in."""
        quote, end = self.doubtful
        if place < end:
            self.marks[quote] = Mark.QUOTE
            return end
        self.marks[place] = Mark.REST
        return len(self.items)

    def container(self, place: int, element: Element) -> int:
        """A container of a quote: what introduces the quote is dropped, what follows it is looked at."""
        quote = _next(self.quotes, place, element.end)
        introduction = _next(self.introductions, place, element.end)
        if quote is None or self.is_forwarded(place, element.end):
            self.marks[place] = Mark.DROPPED
            return element.end
        if introduction is not None and introduction < quote:
            return introduction
        if self.characters(place, quote, _INTRODUCTION) >= _INTRODUCTION:
            self.marks[place] = Mark.DROPPED
            return element.end
        self.marks[place] = Mark.CONTAINER
        return quote

    def is_forwarded(self, place: int, end: int) -> bool:
        """Whether a container begins with the line that announces a forwarded mail."""
        inside = self.items[place + 1 : min(end, place + 20)]
        said = next((one.strip() for one in inside if isinstance(one, str) and one.strip()), "")
        return said.startswith(("-----", "_____", "=====", "-- --", "—————"))

    def characters(self, start: int, end: int, most: int) -> int:
        """How much text stands between two places; counted up to a number."""
        count = 0
        for item in self.items[start:end]:
            if isinstance(item, str):
                count += len(item.strip())
                if count >= most:
                    break
        return count

    def is_signature(self, place: int, end: int) -> bool:
        """Whether an element is short and holds no quote: people write answers into marked signatures."""
        if end - place > _SIGNATURE_ITEMS or self.characters(place, end, _SIGNATURE_TEXT) >= _SIGNATURE_TEXT:
            return False
        inside = self.items[place + 1 : end]
        kinds = (self.kind(one) for one in inside if isinstance(one, Element))
        return all(kind in (None, Mark.SIGNATURE, Mark.DOUBTFUL) for kind in kinds)


def _next(places: list[int], start: int, end: int) -> int | None:
    """The first of the places between two; None when none is."""
    at = bisect_left(places, start)
    return places[at] if at < len(places) and places[at] < end else None


def labels(items: list[Item]) -> int:
    """How many lines of these begin with a word and a colon, as headers of a mail do."""
    pieces = (one if isinstance(one, str) else "\n" if one.tag in _ENDS_LINE else "" for one in items)
    lines = "".join(" ".join(one.split()) + " " if one != "\n" else one for one in pieces).split("\n")
    return sum(_LABEL.match(line) is not None for line in lines)
