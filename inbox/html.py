"""HTML → text that reads well: paragraphs, lists, links, tables; nothing hidden; linear in the input."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

_DEPTH = 400
"""Elements open at once. Deeper HTML costs the parser quadratic time, and no person wrote it."""
_FORMATTING_DEPTH = 40
"""Of those that a parser opens anew in each paragraph."""
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})")
_ANY_TAG = re.compile(r"<(?:!--[^<]*--|[^<>]*)>")
_UNSEEN_BLOCK = re.compile(r"<(script|style|title)\b[^<>]*>[^<]*", re.IGNORECASE)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_OPEN = _names("area base br col embed hr img input link meta param source track wbr p li tr td th")
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_DROPPED = _names(
    "script style head title template object embed svg canvas iframe audio video select textarea map"
)
_PARAGRAPH = _names("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre hr figure fieldset form")
_BLOCK = _names(
    "div section article header footer main nav aside address center li dt dd tr caption tbody thead tfoot "
    "details summary figcaption legend body html"
)
_SPACE = re.compile(r"[ \t\r\n\f\u200b]+")
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?<![\w-])(?:font-size|opacity):0(?![.\d]*[1-9])"
)
_NO_SIZE = re.compile(r"(?<![\w-])(?:max-)?(?:height|width):0(?:px)?(?:;|$)")
_STYLE = 1000
"""Characters of a style attribute that are looked at."""
_GAPS = ("", " ", " | ", "\n", "\n\n")
_FOLLOWED_BY_QUOTE = (
    "#divRplyFwdMsg",
    "#appendonsend",
    "#OLK_SRC_BODY_SECTION",
    "#mail-editor-reference-message-container",
    'div[style*="border-top:solid #E1E1E1 1.0pt"]',
    'div[style*="border-top:solid #B5C4DF 1.0pt"]',
    'div[style*="border:none;border-top:solid"]',
)
_QUOTE = ".yahoo_quoted, .protonmail_quote, .zmail_extra, .moz-email-headers-table, #isReplyContent"
_QUOTED = re.compile(
    r"<blockquote|" + "|".join(name.lstrip("#") for name in _FOLLOWED_BY_QUOTE[:4]), re.IGNORECASE
)
_ALSO_QUOTED = re.compile(r"yahoo_quoted|protonmail_quote|zmail_extra|border-top:\s*solid", re.IGNORECASE)


def to_text(html: str) -> str:
    """All that a reader of the HTML would see."""
    if not _bearable(html):
        return _stripped(html)
    return _Writer().write(LexborHTMLParser(html).body)


def to_own_text(html: str) -> str:
    """As `to_text`, with what mail clients mark as quoted cut out, or behind `>` where it is a blockquote.

    When nothing is left of it, or the HTML marks no quote, this is `to_text`.
    """
    if not (_QUOTED.search(html) or _ALSO_QUOTED.search(html)) or not _bearable(html):
        return to_text(html)
    tree = LexborHTMLParser(html)
    for selector in _FOLLOWED_BY_QUOTE:
        for node in tree.css(selector)[:1]:
            _cut_from(node)
    for node in tree.css(_QUOTE):
        node.decompose()
    own = _Writer(mark_quotes=True).write(tree.body)
    said = any(line.strip() and not line.startswith(">") for line in own.split("\n"))
    return own if said else to_text(html)


def _bearable(html: str) -> bool:
    """Whether the elements stay shallow enough to be parsed in linear time."""
    depth = formatting = 0
    for closing, tag in _TAG.findall(html):
        name, step = tag.lower(), -1 if closing else 1
        if name in _FORMATTING:
            formatting = max(0, formatting + step)
        elif name not in _NEVER_OPEN:
            depth = max(0, depth + step)
        if depth > _DEPTH or formatting > _FORMATTING_DEPTH:
            return False
    return True


def _stripped(html: str) -> str:
    """The text without its tags, when the HTML is too deep to be understood."""
    text = unescape(_ANY_TAG.sub("\n", _UNSEEN_BLOCK.sub(" ", html)))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _cut_from(node: LexborNode) -> None:
    """Removes the node and all that follows it in the document."""
    place: LexborNode | None = node
    while place is not None and place.tag not in ("body", "html"):
        while (following := place.next) is not None:
            following.decompose()
        place = place.parent
    node.decompose()


class _Writer:
    """Walks the tree without recursion and writes text, holding each gap back until text follows it."""

    def __init__(self, *, mark_quotes: bool = False) -> None:
        self.out: list[str] = []
        self.gap = 0
        self.mark_quotes = mark_quotes
        self.quotes = 0
        self.preformatted = 0
        self.lists: list[int | None] = []
        self.links: list[tuple[str, int]] = []
        self.cells: list[bool] = []

    def write(self, root: LexborNode | None) -> str:
        """The text of the tree under `root`."""
        node = root
        while node is not None:
            child = self.enter(node)
            if child is not None:
                node = child
                continue
            while node is not None and node.mem_id != root.mem_id and node.next is None:  # type: ignore[union-attr]
                node = node.parent
                if node is not None:
                    self.leave(node)
            node = None if node is None or node.mem_id == root.mem_id else node.next  # type: ignore[union-attr]
        lines = "".join(self.out).replace("\xa0", " ").split("\n")
        return "\n".join(line.rstrip() if line != "-- " else line for line in lines).strip("\n")

    def enter(self, node: LexborNode) -> LexborNode | None:
        """Writes what opens here; the first child when there is something to see inside."""
        tag = node.tag or ""
        if tag == "-text":
            self.text(node.text_content or "")
            return None
        if tag in _DROPPED or tag.startswith(("-", "!")) or self.hidden(node):
            return None
        self.open(tag, node)
        child = node.first_child
        if child is None:
            self.leave(node)
        return child

    @staticmethod
    def hidden(node: LexborNode) -> bool:
        """Whether a reader would not see the element."""
        attributes = node.attributes
        if not attributes:
            return False
        style = (attributes.get("style") or "")[:_STYLE].lower().replace(" ", "")
        if "hidden" in attributes or (style and _HIDDEN.search(style)):
            return True
        return "overflow:hidden" in style and bool(_NO_SIZE.search(style))

    def open(self, tag: str, node: LexborNode) -> None:
        """What an element's beginning means for the text."""
        if tag == "br":
            self.line_break()
        elif tag in _PARAGRAPH:
            self.need(3 if tag in ("ul", "ol") and self.lists else 4)
        elif tag in _BLOCK:
            self.need(3)
        if tag == "a":
            self.links.append(((node.attributes.get("href") or "").strip(), len(self.out)))
        elif tag == "img":
            self.image(node)
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.item()
        elif tag == "tr":
            self.cells.append(False)
        elif tag in ("td", "th"):
            self.cell()
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "blockquote" and self.mark_quotes:
            self.quotes += 1

    def leave(self, node: LexborNode) -> None:
        """What an element's end means for the text."""
        tag = node.tag or ""
        if tag in _PARAGRAPH:
            self.need(3 if tag in ("ul", "ol") and len(self.lists) > 1 else 4)
        elif tag in _BLOCK:
            self.need(3)
        if tag == "a" and self.links:
            self.link(*self.links.pop())
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "tr" and self.cells:
            self.cells.pop()
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        elif tag == "blockquote" and self.mark_quotes:
            self.quotes = max(0, self.quotes - 1)

    def need(self, gap: int) -> None:
        self.gap = max(self.gap, gap)

    def line_break(self) -> None:
        """A `<br>`: it ends the line that stands, and after an ended line it leaves one empty."""
        self.gap = 3 if self.gap < 3 else 4

    def text(self, content: str) -> None:
        """Writes text, white space folded as a browser does."""
        if self.preformatted:
            for number, line in enumerate(content.split("\n")):
                if number:
                    self.line_break()
                self.put(line)
            return
        folded = _SPACE.sub(" ", content)
        if folded.startswith(" ") and folded != " ":
            self.need(1)
        self.put(folded.strip(" "))
        if folded.endswith(" "):
            self.need(1)

    def put(self, words: str) -> None:
        """Writes the gap that was held back, then the words."""
        if not words:
            return
        start = ">" * self.quotes + " " if self.quotes else ""
        if self.out:
            self.out.append(_GAPS[self.gap])
        if start and (self.gap >= 3 or not self.out):
            self.out.append(start)
        self.out.append(words)
        self.gap = 0

    def item(self) -> None:
        """The bullet or number of a list item."""
        number = self.lists[-1] if self.lists else None
        if number is not None:
            self.lists[-1] = number + 1
        self.put("  " * max(0, len(self.lists) - 1) + ("- " if number is None else f"{number + 1}. "))

    def cell(self) -> None:
        """A table cell after one with text is set off by a bar."""
        if self.cells and self.cells[-1] and self.gap < 3:
            self.gap = 2
        elif self.cells and self.gap >= 3 and self.cells[-1]:
            self.need(3)
        if self.cells:
            self.cells[-1] = True

    def image(self, node: LexborNode) -> None:
        """An image's description; tracking pixels have none."""
        alt = _SPACE.sub(" ", node.attributes.get("alt") or "").strip()
        if alt and node.attributes.get("width") not in ("0", "1"):
            self.put(f"[{alt}]")

    def link(self, href: str, begun: int) -> None:
        """A link's address after its text, unless the text says it already."""
        address = href.removeprefix("mailto:").split("?", 1)[0] if href.startswith("mailto:") else href
        said = "".join(self.out[begun:]).strip()
        if not said or not href.lower().startswith(("http://", "https://", "mailto:", "tel:", "ftp://")):
            return
        if _bare(address) != _bare(said) and address.removeprefix("tel:") != said:
            self.out.append(f" ({address})")


def _bare(address: str) -> str:
    return re.sub(r"^[a-z]+://(www\.)?|^www\.|/$", "", address.strip("<>() ").lower())
