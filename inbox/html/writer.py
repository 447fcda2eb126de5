"""The elements of an HTML text → lines as a reader would see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from inbox.html.elements import Document
from inbox.html.lines import APART, LINE, Lines
from inbox.html.links import address_of, image_text
from inbox.html.lists import List
from inbox.html.looks import PLAIN, Look, Looks
from inbox.html.marks import DOUBT, STARTS, Mark
from inbox.html.nesting import Element, names
from inbox.html.tables import Row
from inbox.html.text import NOTHING, lowered, raised, tidied

_DROPPED = names(
    "script style template object embed applet svg math canvas iframe audio video select textarea input map "
    "datalist meter progress rp noembed noframes title xml"
)
_APART = names("h1 h2 h3 h4 h5 h6 dl table figure fieldset form hr")
_BLOCK = names(
    "div section article header footer main nav aside address center caption details summary figcaption "
    "legend hgroup dialog dt dir menu includetail"
)
_BULLETS = frozenset("·•●○◦▪■□§Øo-–—*\uf0b7\uf0a7\uf0d8\uf076\uf0fc")
_AS_WRITTEN = Look(keeps_lines=True, keeps_spaces=True)
_LONG_LINK = 3000
"""Characters of a link that holds more than a person would put into one."""


class Writer(Lines):
    """Goes over the elements once, without recursion."""

    def __init__(self, document: Document, looks: Looks, *, show_all: bool = False) -> None:
        super().__init__(show_all=show_all, paints=looks.sheet.paints)
        self.document = document
        self.looks = looks
        self.lists: list[List] = []

    def write(self, marks: Mapping[int, Mark]) -> str:
        """The text; with marks, what they cut is left out and what they quote stands behind a sign."""
        items, leaving, text = self.document.items, self.leaving, self.text
        place, total = 0, len(items)
        while place < total:
            while leaving and leaving[-1][0] <= place:
                _, leave, arguments = leaving.pop()
                leave(*arguments)
            item = items[place]
            if item.__class__ is str:
                text(item)
                place += 1
            elif marks and place in marks:
                place = self.marked(cast(Element, item), place, marks[place])
            else:
                place = self.enter(cast(Element, item), place)
        while leaving:
            _, leave, arguments = leaving.pop()
            leave(*arguments)
        return tidied("".join(self.out))

    def marked(self, element: Element, place: int, mark: Mark) -> int:
        """As `enter`, for an element with a mark."""
        self.need(LINE)
        if mark in STARTS:
            self.mark(STARTS[mark])
        if mark in (Mark.DROPPED, Mark.CUT, Mark.SIGNATURE):
            return element.end
        if mark is Mark.REST:
            return len(self.document.items)
        if mark is Mark.CONTAINER:
            return self.enter(element, place)
        inside = self.enter(element, place)
        if inside < element.end:
            self.quote(DOUBT if mark in (Mark.DOUBTFUL, Mark.BORDERED) else ">", element.end)
        return inside

    def enter(self, element: Element, place: int) -> int:
        """Writes what opens here; where to go on: inside the element, or after it."""
        tag, raw = element.tag, element.raw
        if tag in _DROPPED or (tag == "noscript" and not self.show_all):
            return element.end
        look = PLAIN
        if raw or tag in self.looks.tags:
            look = self.looks.known.get((tag, raw)) or self.looks.find(
                tag, raw, self.document.attributes(raw)
            )
            if look is not PLAIN:
                if look.hidden:
                    return element.end
                if look.bullet:
                    return self.bullet(element, place)
                if look.passes_on:
                    self.restyle(look, element.end)
        opener = _OPENERS.get(tag)
        return (place + 1) if opener is None else opener(self, element, look, place)

    def around(self, end: int, gap: int) -> None:
        """Asks for a gap now and after the element's end."""
        self.need(gap)
        self.leaving.append((end, self.need, (gap,)))

    def bullet(self, element: Element, place: int) -> int:
        """The bullet or number that Word wrote before the text of a list item."""
        inside = self.document.items[place + 1 : min(element.end, place + 20)]
        said = "".join(one for one in inside if isinstance(one, str)).strip(NOTHING)[:10]
        if said:
            self.marker = "- " if said in _BULLETS else f"{said} "
        return element.end

    def block(self, element: Element, look: Look, place: int) -> int:
        self.around(element.end, LINE)
        return place + 1

    def apart(self, element: Element, look: Look, place: int) -> int:
        self.around(element.end, APART)
        return place + 1

    def quoted(self, element: Element, look: Look, place: int) -> int:
        """A quote: inside one that is marked, its lines stand behind one sign more."""
        self.around(element.end, APART)
        if self.quotes:
            self.quote(self.quotes[-1], element.end)
        return place + 1

    def paragraph(self, element: Element, look: Look, place: int) -> int:
        self.around(element.end, LINE if look.tight or (self.lists and not self.rows) else APART)
        return place + 1

    def broken(self, element: Element, look: Look, place: int) -> int:
        self.line_break()
        return place + 1

    def preformatted(self, element: Element, look: Look, place: int) -> int:
        self.around(element.end, APART)
        self.restyle(_AS_WRITTEN, element.end)
        if look.keeps_lines is not None:
            self.restyle(look, element.end)
        return place + 1

    def list(self, element: Element, look: Look, place: int) -> int:
        self.around(element.end, LINE if self.lists else APART)
        self.lists.append(List.of(element.tag, self.document.attributes(element.raw), self.written))
        self.leaving.append((element.end, self.end_list, ()))
        return place + 1

    def end_list(self) -> None:
        self.lists.pop()

    def item(self, element: Element, look: Look, place: int) -> int:
        """A list item: its bullet or number waits for its text."""
        self.around(element.end, LINE)
        given = self.document.attributes(element.raw).get("value", "") if element.raw else ""
        if self.lists:
            if self.written > self.lists[-1].begun:
                self.gap = LINE
            self.marker = "  " * min(len(self.lists) - 1, 20) + self.lists[-1].marker(given)
        else:
            self.marker = "- "
        self.leaving.append((element.end, self.end_item, ()))
        return place + 1

    def definition(self, element: Element, look: Look, place: int) -> int:
        self.around(element.end, LINE)
        self.marker = "  "
        self.leaving.append((element.end, self.end_item, ()))
        return place + 1

    def end_item(self) -> None:
        self.marker = ""

    def row(self, element: Element, look: Look, place: int) -> int:
        self.need(LINE)
        self.rows.append(Row(self.written))
        self.leaving.append((element.end, self.end_row, ()))
        return place + 1

    def cell(self, element: Element, look: Look, place: int) -> int:
        self.need(LINE)
        if self.rows:
            self.rows[-1].is_data = self.rows[-1].is_data or element.tag == "th"
            self.leaving.append((element.end, self.end_cell, ()))
        return place + 1

    def image(self, element: Element, look: Look, place: int) -> int:
        shown = image_text(self.document.attributes(element.raw))
        if shown:
            self.put(shown)
        return place + 1

    def link(self, element: Element, look: Look, place: int) -> int:
        if "href" in element.raw.lower():
            self.leaving.append((element.end, self.end_link, (element.raw, len(self.out), self.written)))
        return place + 1

    def end_link(self, raw: str, begun: int, written: int) -> None:
        """A link's address after its text, unless the text says it already."""
        if self.written == written or self.out[-1].startswith("\x00"):
            return
        is_long = self.written - written > _LONG_LINK or len(self.out) - begun > _LONG_LINK
        said = "" if is_long else "".join(self.out[begun:]).strip("\n> ")
        address = address_of(self.document.attributes(raw), said)
        if address:
            self.out.append(f" ({address})")
            self.written += len(address) + 3

    def quotation(self, element: Element, look: Look, place: int) -> int:
        return self.enclosed("“", "”", element, place)

    def reading(self, element: Element, look: Look, place: int) -> int:
        return self.enclosed("(", ")", element, place)

    def enclosed(self, opening: str, closing: str, element: Element, place: int) -> int:
        self.marker += opening
        self.leaving.append((element.end, self.end_enclosed, (opening, closing, len(self.out))))
        return place + 1

    def end_enclosed(self, opening: str, closing: str, begun: int) -> None:
        if len(self.out) > begun and not self.out[-1].startswith("\x00"):
            self.out.append(closing)
        else:
            self.marker = self.marker.removesuffix(opening)

    def raised(self, element: Element, look: Look, place: int) -> int:
        """A number above or below the line, which must not become a part of the number before it."""
        item = self.document.items[place + 1] if element.end == place + 2 else ""
        said = item.strip() if isinstance(item, str) else ""
        small = (raised if element.tag == "sup" else lowered)(said)
        if not small:
            return place + 1
        self.put(small)
        return element.end


_Opener = Callable[[Writer, Element, Look, int], int]
_OPENERS: dict[str, _Opener] = {
    **dict.fromkeys(_BLOCK, Writer.block),
    **dict.fromkeys(_APART, Writer.apart),
    **dict.fromkeys(("ul", "ol"), Writer.list),
    **dict.fromkeys(("td", "th"), Writer.cell),
    **dict.fromkeys(("sup", "sub"), Writer.raised),
    **dict.fromkeys(("pre", "listing"), Writer.preformatted),
    "p": Writer.paragraph,
    "blockquote": Writer.quoted,
    "br": Writer.broken,
    "li": Writer.item,
    "dd": Writer.definition,
    "tr": Writer.row,
    "img": Writer.image,
    "a": Writer.link,
    "q": Writer.quotation,
    "rt": Writer.reading,
}
