"""HTML → its elements and texts in the order of the document, in linear time whatever the HTML is.

Reads what browsers read (HTML Living Standard, 13.2): end tags may be missing, nested wrongly or left over,
attributes may hold angle brackets. Where a browser would swallow the rest of the mail for the sake of one
mistake (a comment, a title or a style that is never closed), the rest is read: nobody's words shall be lost.
"""

from __future__ import annotations

import re
from html import unescape

from inbox.html.nesting import ELEMENT, TRANSPARENT, UNPARSED, Element, Nesting, kind_of

_MOST = 60_000
"""Elements and texts. The longest threads have half of them; what follows loses its tags."""
_TAG = re.compile(r"<(/?+)([A-Za-z][^\s/<>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)>([^<]*+)")
_PLAIN_TAG = re.compile(r"<(/?+)([A-Za-z][^\s/<>]*+)([^<>]*+)>([^<]*+)")
"""As `_TAG`, but quotes mean nothing: for HTML in which a quote is never closed."""
_ANY_TAG = re.compile(r"<[!/?A-Za-z][^<>]*+>")
_CUT_TAG = re.compile(r"<(?:[A-Za-z][A-Za-z0-9:]{0,15}\s[^<>=]{0,100}=[^<>]*+|/[A-Za-z]{0,15}|!--[^<>]*+)\Z")
_ATTRIBUTE = re.compile(r"([^\s\"'>/=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_ATTRIBUTE_TEXT = 20_000
"""Characters of one element's attributes that are looked at."""
_HUGE_NUMBER = re.compile(r"&#(?:[xX]0*[0-9A-Fa-f]{7,}|0*[0-9]{8,});?")


Item = Element | str


class Document:
    """The elements and texts of an HTML text, in document order, and its style sheets."""

    def __init__(self, html: str) -> None:
        self.items: list[Item] = []
        self.css: list[str] = []
        self.has_tags = False
        self._never_closed: set[str] = set()
        self._attributes: dict[str, dict[str, str]] = {}
        self._nesting = Nesting(self.items)
        self._read(html.replace("\x00", "") if "\x00" in html else html)
        self._nesting.close_to(0)

    def attributes(self, raw: str) -> dict[str, str]:
        """The attributes by their lower-case names; of attributes given twice the first counts."""
        known = self._attributes.get(raw)
        if known is None:
            known = self._attributes[raw] = attributes_of(raw)
        return known

    def _read(self, html: str) -> None:
        """Takes the HTML apart: a tag and the text after it at a time."""
        items, match = self.items, _TAG.match
        start_tag, end_tag = self._nesting.start, self._nesting.end
        place = self._text_to_tag(html, 0, after=True)
        last = html.rfind(">")
        while place < last and len(items) < _MOST:
            found = match(html, place)
            if found is None:
                if match == _TAG.match and html[place + 1].isalpha():
                    match = _PLAIN_TAG.match
                else:
                    place = self._other(html, place)
                continue
            closing, name, raw, text = found.groups()
            kind = kind_of(name)
            if kind is None:
                name = name.lower()
                kind = kind_of(name) or ELEMENT
                if "@" in name or (name[-1] == ":" and raw[:2] == "//"):
                    # An address in angle brackets that nobody wrote as entities.
                    place = self._text_to_tag(html, place)
                    continue
            self.has_tags = True
            if closing:
                end_tag(name, kind)
                if kind & TRANSPARENT and "\n" in text.strip():
                    # What a gateway adds below a page is seldom HTML: its lines are meant.
                    self._preformatted(decoded(text.strip()))
                    text = ""
            elif kind & UNPARSED:
                place = self._text_to_tag(html, self._unparsed(html, name, raw, found.start(4)), after=True)
                continue
            else:
                start_tag(name, raw, kind)
            if text:
                items.append(decoded(text) if "&" in text else text)
            place = found.end()
        self._rest(html[place:])

    def _text_to_tag(self, html: str, place: int, *, after: bool = False) -> int:
        """Takes the text up to the next `<`, but for one that stands right here; where that is."""
        end = html.find("<", place if after else place + 1)
        end = len(html) if end < 0 else end
        if end > place:
            self.items.append(decoded(html[place:end]))
        return end

    def _rest(self, html: str) -> None:
        """The text after the last tag, or after as many as are read."""
        if len(self.items) < _MOST:
            start = html.rfind("<")
            if start >= 0 and _CUT_TAG.match(html, start):
                html = html[:start]
            if html:
                self.items.append(decoded(html))
            return
        self._nesting.close_to(0)
        stripped = decoded(_ANY_TAG.sub("\n", html))
        self._preformatted("\n".join(line.strip() for line in stripped.split("\n") if line.strip()))

    def _preformatted(self, text: str) -> None:
        self.items += [Element("pre", "", ELEMENT, len(self.items) + 2), text]

    def _other(self, html: str, place: int) -> int:
        """Reads what begins with `<` and is no tag: a comment, a declaration, a section, or mere text."""
        following, end = html[place + 1], 0
        if html.startswith("<!--", place) and not html.startswith(("<!-->", "<!--->"), place):
            self.has_tags = True
            end = self._search(html, "-->", place + 4)
        elif html.startswith("<![CDATA[", place):
            self.has_tags = True
            end = self._search(html, "]]>", place)
            if end:
                self.items.append(decoded(html[place + 9 : end]))
        if end:
            end += 3
        elif following in "!?" or (following == "/" and not html[place + 2].isspace()):
            # A comment that is never closed ends with its first `>`.
            end = self._search(html, ">", place) + 1
        return self._text_to_tag(html, end, after=True) if end > 1 else self._text_to_tag(html, place)

    def _search(self, html: str, what: str, start: int) -> int:
        """Where `what` stands next; 0 when nowhere, which is asked but once."""
        if what in self._never_closed:
            return 0
        found = html.find(what, start)
        if found < 0:
            self._never_closed.add(what)
        return max(found, 0)

    def _unparsed(self, html: str, name: str, raw: str, place: int) -> int:
        """Takes or drops the content of an element without inner tags; the place after it."""
        if raw.endswith("/"):
            return place
        found = self._end_tag(html, name, place)
        if found < 0:
            # Without an end only the sheet or script itself is dropped, up to the next tag.
            end = html.find("<", place) if name in ("script", "style") else place
            return len(html) if end < 0 else end
        if name == "style":
            self.css.append(html[place:found])
        elif name == "xmp":
            self._preformatted(html[place:found])
        end = html.find(">", found)
        return len(html) if end < 0 else end + 1

    def _end_tag(self, html: str, name: str, place: int) -> int:
        """Where the next end tag of this name stands; -1 when nowhere, which is asked but once."""
        if name in self._never_closed:
            return -1
        place = html.find("</", place)
        while place >= 0 and html[place + 2 : place + 2 + len(name)].lower() != name:
            place = html.find("</", place + 2)
        if place < 0:
            self._never_closed.add(name)
        return place


def decoded(text: str) -> str:
    """The text with its entities read; numbers beyond every character are replaced."""
    if "&nbsp;" in text:
        text = text.replace("&nbsp;", "\xa0")
    if "&" not in text:
        return text
    if "&#" in text:
        text = _HUGE_NUMBER.sub("\ufffd", text)
    return unescape(text).replace("\x00", "")


def attributes_of(raw: str) -> dict[str, str]:
    """Attributes by their lower-case names, from what stands in a tag after its name."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw[:_ATTRIBUTE_TEXT]):
        value = double or single or bare
        found.setdefault(name.lower(), decoded(value) if "&" in value else value)
    return found
