"""Rich Text Format as text or HTML, and compressed as Outlook sends it ([MS-OXRTFCP], [MS-OXRTFEX])."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error, unpack_from

from inbox.charsets.decoding import codec

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore latentstyles listtable "
    b"listoverridetable rsidtbl generator header footer headerl headerr footerl footerr xmlnstbl fldinst "
    b"mmathPr pntext".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
    b"emdash": "—", b"zwj": "\u200d", b"zwnj": "\u200c", b"ltrmark": "\u200e", b"rtlmark": "\u200f",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\r": "\n", b"\n": "\n"}
_FONT_CHARSETS = {
    128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 0: "cp1252",
}  # fmt: skip
_GROUPS = 500
"""Nested deeper, groups are counted and not kept."""


class BadRtf(ValueError):
    """The bytes are no RTF."""


def decompressed(data: bytes, limit: int) -> bytes:
    """The RTF in a compressed property, at most `limit` bytes of it; raises BadRtf when it is none."""
    try:
        _, size, kind, _ = unpack_from("<IIII", data)
    except error as trouble:
        raise BadRtf from trouble
    if kind == _PLAIN:
        return data[16 : 16 + min(size, limit)]
    if kind != _COMPRESSED:
        raise BadRtf
    return _unpacked(data, min(size, limit))


def _unpacked(data: bytes, size: int) -> bytes:
    """LZ77 over a window of 4 kB that begins with the usual words of RTF."""
    out = bytearray(_DICTIONARY)
    end = len(_DICTIONARY) + size
    place, last = 16, len(data)
    while place < last and len(out) < end:
        flags = data[place]
        place += 1
        for bit in range(8):
            if place >= last or len(out) >= end:
                break
            if not flags >> bit & 1:
                out.append(data[place])
                place += 1
                continue
            if place + 2 > last:
                return bytes(out[len(_DICTIONARY) :])
            reference = data[place] << 8 | data[place + 1]
            place += 2
            offset, length = reference >> 4, (reference & 15) + 2
            start = len(out) - (len(out) - offset) % _WINDOW
            if start == len(out):
                return bytes(out[len(_DICTIONARY) :])
            if start < 0:
                raise BadRtf
            piece = out[start : start + length]
            # A reference may reach into what it is just writing: then it repeats itself.
            out += piece if len(piece) == length else (piece * length)[:length]
    return bytes(out[len(_DICTIONARY) : end])


@dataclass(slots=True)
class _Group:
    unseen: bool = False
    charset: str = ""
    skip: int = 1
    """How many signs stand behind a \\u for readers that don't know it."""
    off: bool = False
    """Only there for readers of RTF, not in that HTML."""


@dataclass(slots=True)
class _Reader:
    is_html: bool
    charset: str
    fonts: dict[int, str] = field(default_factory=dict)
    groups: list[_Group] = field(default_factory=list)
    now: _Group = field(default_factory=_Group)
    pending: bytearray = field(default_factory=bytearray)
    """Bytes that are still to be decoded: one character may need several."""
    deeper: int = 0
    to_skip: int = 0
    starred: bool = False
    font: int = 0
    in_fonts: int = 0

    def text(self, rtf: bytes) -> Iterator[str]:
        """The pieces of the text."""
        for found in _TOKEN.finditer(rtf):
            word, number, code, symbol, brace, plain = found.groups()
            if code:
                self.byte(int(code, 16))
                continue
            if plain:
                self.plain(plain)
                continue
            yield self.flushed()
            if brace:
                self.brace(brace)
            elif word:
                yield from self.word(word, int(number) if number else None)
            elif symbol == b"*":
                self.starred = True
            elif symbol in _SYMBOLS:
                yield self.shown(_SYMBOLS[symbol])
        yield self.flushed()

    def byte(self, code: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.hidden():
            self.pending.append(code)

    def plain(self, letters: bytes) -> None:
        skipped = min(self.to_skip, len(letters))
        self.to_skip -= skipped
        if not self.hidden():
            self.pending += letters[skipped:]

    def hidden(self) -> bool:
        return self.now.unseen or bool(self.deeper) or (self.is_html and self.now.off)

    def shown(self, sign: str) -> str:
        return "" if self.hidden() else sign

    def flushed(self) -> str:
        """What the waiting bytes say, in the charset of their font."""
        if not self.pending:
            return ""
        data = bytes(self.pending)
        self.pending.clear()
        return data.decode(codec(self.now.charset or self.charset) or "cp1252", "replace")

    def brace(self, brace: bytes) -> None:
        self.to_skip = 0
        self.starred = False
        if brace == b"{":
            if len(self.groups) >= _GROUPS:
                self.deeper += 1
                return
            self.groups.append(self.now)
            now = self.now
            self.now = _Group(now.unseen, now.charset, now.skip, now.off)
        elif self.deeper:
            self.deeper -= 1
        elif self.groups:
            self.now = self.groups.pop()
            if len(self.groups) < self.in_fonts:
                self.in_fonts = 0

    def word(self, word: bytes, number: int | None) -> Iterator[str]:
        """What a control word means for the text."""
        starred, self.starred = self.starred, False
        if word == b"u" and number is not None:
            if not self.to_skip:
                yield self.shown(_character(number))
            self.to_skip = self.now.skip
        elif word == b"uc":
            self.now.skip = min(max(number or 0, 0), 10)
        elif word == b"htmltag":
            self.now.unseen = not self.is_html
        elif word == b"htmlrtf":
            self.now.off = number != 0
        elif word == b"mhtmltag" or word in _UNSEEN or (starred and word != b"fldrslt"):
            self.now.unseen = True
            self.in_fonts = len(self.groups) if word == b"fonttbl" else self.in_fonts
        elif word == b"f":
            self.font = number or 0
            if not self.in_fonts:
                self.now.charset = self.fonts.get(self.font, "")
        elif word == b"fcharset" and self.in_fonts:
            self.fonts[self.font] = _FONT_CHARSETS.get(number or 0, "")
        elif word == b"ansicpg" and number:
            self.charset = f"cp{number}" if number != 65001 else "utf-8"
        elif word in _SIGNS:
            # Between tags of the HTML a new paragraph is only a line end of its source.
            yield self.shown(_SIGNS[word])


def _character(number: int) -> str:
    code = number & 0xFFFF
    return "" if code == 0 else chr(code)


def read(rtf: bytes, charset: str = "cp1252") -> tuple[str, bool]:
    """What the RTF says, and whether that is HTML from which it was made. Linear; never raises."""
    is_html = b"\\fromhtml" in rtf[:2000]
    text = "".join(_Reader(is_html, charset).text(rtf))
    # Letters beyond 16 bits come as two halves.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), is_html
