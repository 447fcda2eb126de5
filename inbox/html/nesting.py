"""Which elements are open, and what a tag opens and ends: end tags may be missing, left over or crossed.

Every question is answered from lists of places, so that no depth of nesting costs more than its tags.
"""

from __future__ import annotations

from collections import defaultdict

ELEMENT = 0
"""What an element is: flags. An inline or unknown element has none."""
VOID, UNPARSED, TRANSPARENT, SECTION, ENDS_PARAGRAPH, SCOPE, LIST, SPECIAL, IN_TABLE, SIBLING, LINK = (
    1 << number for number in range(11)
)


def names(text: str) -> frozenset[str]:
    """Names from a line of them."""
    return frozenset(text.split())


_BLOCKS = names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup main menu nav ol p pre section summary table ul li dd dt"
)
_SCOPES = names("table td th caption button object")
"""Elements out of which no end tag of another element reaches."""
_FLAGS = {
    VOID: names("area base basefont bgsound br col embed frame hr img input link meta param source wbr"),
    UNPARSED: names("script style title textarea xmp iframe noembed noframes"),
    TRANSPARENT: names("html body head"),
    SECTION: names("thead tbody tfoot"),
    ENDS_PARAGRAPH: _BLOCKS | {"hr"},
    SCOPE: _SCOPES,
    LIST: _SCOPES | names("ul ol dl dir menu"),
    SPECIAL: _BLOCKS | _SCOPES | names("tr select template"),
    IN_TABLE: names("tr td th caption"),
    SIBLING: names("li dd dt rt rp option"),
    LINK: names("a"),
    ELEMENT: names("b i u s em strong span font small big sup sub code tt q ruby center ins del abbr o:p"),
}  # fmt: skip
_KINDS: dict[str, int] = {}
for _flag, _names in _FLAGS.items():
    for _name in _names:
        _KINDS[_name] = _KINDS.get(_name, 0) | _flag
_SIBLINGS = {"dd": ("dd", "dt"), "dt": ("dd", "dt"), "rt": ("rt", "rp"), "rp": ("rt", "rp")}
"""Elements that end each other, within one list."""

kind_of = _KINDS.get
"""The flags of an element by its name in lower case; None for one that is not known."""


class Element:
    """One element: its name, its attributes as they were written, and where in the document it ends."""

    __slots__ = ("end", "kind", "raw", "tag")

    def __init__(self, tag: str, raw: str, kind: int, end: int) -> None:
        self.tag = tag
        self.raw = raw
        self.kind = kind
        self.end = end
        """The place after the last thing inside."""


class Nesting:
    """The elements that are open while a document is read."""

    def __init__(self, items: list[Element | str]) -> None:
        self.items = items
        self.stack: list[Element] = []
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        """Where on the stack the open elements of each name stand."""
        self.scopes, self.lists, self.specials = [-1], [-1], [-1]
        """Where on the stack elements of these kinds stand."""

    def start(self, name: str, raw: str, kind: int) -> None:
        """A start tag."""
        if kind:
            if kind & ENDS_PARAGRAPH and (at := self.places.get("p")) and at[-1] > self.scopes[-1]:
                self.close_to(at[-1])
            if kind & VOID:
                self.items.append(Element(name, raw, kind, len(self.items) + 1))
                return
            if kind & (TRANSPARENT | SECTION | IN_TABLE | SIBLING | LINK):
                if kind & (TRANSPARENT | SECTION):
                    if kind & SECTION:
                        self.end_in_table("tr")
                    else:
                        self.boundary()
                    return
                name = self.make_room(name, kind)
        self.push(Element(name, raw, kind, 0))

    def make_room(self, name: str, kind: int) -> str:
        """Ends what an element's start ends; the name that the element gets."""
        if kind & LINK:
            self.end_link()
        elif kind & SIBLING:
            for sibling in _SIBLINGS.get(name, (name,)):
                if self.last(sibling) > self.lists[-1]:
                    self.close_to(self.last(sibling))
        elif not self.places.get("table"):
            return "div"
        else:
            self.end_in_table(name)
            if name in ("td", "th") and self.last("tr") < self.last("table"):
                self.start("tr", "", _KINDS["tr"])
        return name

    def push(self, element: Element) -> None:
        """Opens an element."""
        self.items.append(element)
        kind, place = element.kind, len(self.stack)
        self.stack.append(element)
        self.places[element.tag].append(place)
        if kind & SPECIAL:
            self.specials.append(place)
            if kind & LIST:
                self.lists.append(place)
                if kind & SCOPE:
                    self.scopes.append(place)

    def close_to(self, place: int) -> None:
        """Ends the element at this place of the stack, and all inside it."""
        stack, places, end = self.stack, self.places, len(self.items)
        while len(stack) > place:
            element = stack.pop()
            element.end = end
            places[element.tag].pop()
            kind = element.kind
            if kind & SPECIAL:
                self.specials.pop()
                if kind & LIST:
                    self.lists.pop()
                    if kind & SCOPE:
                        self.scopes.pop()

    def last(self, name: str) -> int:
        """Where on the stack the innermost open element of this name stands; -1 when none is open."""
        at = self.places.get(name)
        return at[-1] if at else -1

    def end_in_table(self, name: str) -> None:
        """Ends the cell, or for what is no cell the row, that is open in the innermost table."""
        table, row = self.last("table"), self.last("tr")
        if name not in ("td", "th") and row > table:
            self.close_to(row)
            return
        for cell in ("td", "th", "caption"):
            if self.last(cell) > table:
                self.close_to(self.last(cell))

    def end(self, name: str, kind: int) -> None:
        """An end tag."""
        at = self.places.get(name)
        if not at:
            if kind & TRANSPARENT:
                self.boundary()
            elif name in ("p", "br"):
                self.items.append(Element(name, "", kind, len(self.items) + 1))
            return
        place = at[-1]
        if not kind & SPECIAL:
            if kind & LINK:
                self.end_link()
            elif place > self.specials[-1]:
                self.close_to(place)
        elif place > self.barrier(name, kind):
            self.close_to(place)

    def boundary(self) -> None:
        """The beginning or end of a whole page: its text is no part of the line before it."""
        if self.items:
            self.items.append(Element("div", "", ELEMENT, len(self.items) + 1))

    def barrier(self, name: str, kind: int) -> int:
        """The place on the stack beyond which an end tag of this name does not reach."""
        if name == "table":
            return -1
        if kind & IN_TABLE:
            return self.last("table")
        # A scope is no barrier to its own end.
        return self.lists[-1] if kind & SIBLING else self.scopes[-1] - bool(kind & SCOPE)

    def end_link(self) -> None:
        """Ends the link that is open; blocks that were opened inside it stay open."""
        place = self.last("a")
        if place <= self.scopes[-1]:
            return
        reopened = [element for element in self.stack[place + 1 :] if element.kind & SPECIAL]
        self.close_to(place)
        for element in reopened:
            tag = "div" if element.tag == "li" else element.tag
            self.push(Element(tag, element.raw, element.kind, 0))
