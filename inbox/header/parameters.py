"""MIME fields: the media type and its parameters, in all forms of RFC 2045, 2183, 2231 and of mailers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from inbox.charsets.decoding import decode
from inbox.charsets.names import codec
from inbox.header.encoded_words import on_one_line, text_of

_MEDIA_TYPE = re.compile(rb"\s*\"?[\w.+-]{1,80}/[\w.+-]{1,120}")
_VALUE = re.compile(rb"[\s\"]{0,20}+[^\s;=\"]{0,200}+\"?(?!\s{0,20}=)")
"""What stands before the first parameter: a media type, a disposition, or nothing."""
_BETWEEN = re.compile(rb"[;,\s]*")
_NAME = re.compile(rb"([!#-'*+.^-~0-9A-Za-z-]{1,80}?)\s{0,20}=\s{0,20}")
_CLOSING = re.compile(rb"(?:(?<!\\)|(?<=[\x81-\xfe]\\))\"(?=\s{0,20}(?:;|\Z|\(|[\w*-]{1,60}\s{0,20}=))")
_ANY_CLOSING = re.compile(rb"(?<!\\)\"")
_NEXT_NAME = re.compile(rb"[;\s](?=[A-Za-z][\w-]{1,40}\*?[0-9]{0,4}\*?=)")
_KNOWN_NEXT = re.compile(
    rb"[;\s](?=(?:size|creation-date|modification-date|read-date|charset|name|filename|format|delsp|boundary"
    rb"|type|x-[\w-]{1,40})\*?[0-9]{0,4}\*?=)",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"\([^()]*\)")
_ESCAPE = re.compile(rb"\\([\"\\])")
_ESCAPE_IN_DOUBLE_BYTE = re.compile(rb"(?<![\x81-\xfe])\\([\"\\])")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_EXTENDED_IN_PLAIN = re.compile(rb"([A-Za-z][\w.:-]{1,40})'[A-Za-z-]{0,20}'(?=.*%[0-9A-Fa-f]{2})", re.DOTALL)
_PERCENT_UTF_8 = re.compile(rb"%[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]")
_PIECE = re.compile(r"\*([0-9]{1,4})\Z")
_LONGEST_NAME = 2000
_SHORT = 64
_NAMES_OF_FILES = ("filename", "name")


def media_type(value: bytes) -> str:
    """The type/subtype of a Content-Type, in lower case; "" when it names none."""
    found = _MEDIA_TYPE.match(value)
    return found[0].strip(b' \t\r\n"').decode("ascii", "ignore").lower() if found else ""


@dataclass(slots=True)
class _Pieces:
    """What a field says of one parameter."""

    plain: bytes | None = None
    extended: bytes | None = None
    numbered: dict[int, tuple[bytes, bool]] = field(default_factory=dict)


def parameters(value: bytes, hints: Iterable[str] = ()) -> dict[str, str]:
    """The parameters of a MIME field: RFC 2231 pieces joined, encoded words and raw 8-bit read as well.

    Of several forms of one parameter the pieces win over the extended one, and that over the plain one.
    """
    return dict(_usual(value)) if len(value) <= _SHORT and not hints else _parameters(value, hints)


def _parameters(value: bytes, hints: Iterable[str] = ()) -> dict[str, str]:
    found: dict[str, _Pieces] = {}
    for name, raw in _split(value):
        key, number, extended = _piece(name)
        pieces = found.setdefault(key, _Pieces())
        if number is not None:
            if number not in pieces.numbered or (extended and not pieces.numbered[number][1]):
                pieces.numbered[number] = (raw, extended)
        elif extended:
            pieces.extended = raw if pieces.extended is None else pieces.extended
        elif pieces.plain is None:
            pieces.plain = raw
    likely = list(hints)
    return {key: _joined(pieces, likely, is_file=key in _NAMES_OF_FILES) for key, pieces in found.items()}


_usual = lru_cache(maxsize=256)(_parameters)
"""Most parts are texts in a handful of charsets."""


def _split(value: bytes) -> list[tuple[str, bytes]]:
    """Each parameter's name and bare value, in order; what is none belongs to the file name before it."""
    begin = _VALUE.match(value)
    place = begin.end() if begin else 0
    found: list[tuple[str, bytes]] = []
    loose = True
    while place < len(value):
        between = _BETWEEN.match(value, place)
        begin_of_name = between.end() if between else place
        start = _NAME.match(value, begin_of_name)
        if start is None:
            stop = value.find(b";", begin_of_name)
            stop = len(value) if stop < 0 else stop
            if loose and found and found[-1][0].lower().startswith(_NAMES_OF_FILES) and begin_of_name < stop:
                before = found[-1][1]
                found[-1] = (found[-1][0], (before + value[place:stop].rstrip())[:_LONGEST_NAME])
            place = stop
            continue
        name = start[1].decode("ascii")
        bare, place, loose = _value_at(value, start.end(), is_file=name.lower().startswith(_NAMES_OF_FILES))
        found.append((name, bare))
    return found


def _value_at(value: bytes, place: int, *, is_file: bool) -> tuple[bytes, int, bool]:
    """The value that begins here, where it ends, and whether it stands without quotes."""
    if value.startswith(b'"', place):
        closing = (_CLOSING if is_file else _ANY_CLOSING).search(value, place + 1)
        closing = closing or _ANY_CLOSING.search(value, place + 1)
        if closing:
            return _unescaped(value[place + 1 : closing.start()]), closing.end(), False
        # Without an end it goes to the next parameter that can be told.
        following = _NEXT_NAME.search(value, place + 1)
        stop = following.start() if following else len(value)
        return _unescaped(value[place + 1 : stop].strip(b"; \t\r\n")), stop, False
    stop = value.find(b";", place)
    stop = len(value) if stop < 0 else stop
    following = (_KNOWN_NEXT if is_file else _NEXT_NAME).search(value, place, stop)
    stop = following.start() if following else stop
    bare = value[place:stop].strip(b"; \t\r\n")
    if not is_file and b"(" in bare:
        bare = _COMMENT.sub(b"", bare).strip()
    return bare, stop, True


def _unescaped(value: bytes) -> bytes:
    if b"\\" not in value:
        return value
    if value.isascii():
        return _ESCAPE.sub(rb"\1", value)
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        # The second byte of a character in Shift_JIS, Big5 or GBK may be a backslash.
        return _ESCAPE_IN_DOUBLE_BYTE.sub(rb"\1", value)
    return _ESCAPE.sub(rb"\1", value)


def _piece(name: str) -> tuple[str, int | None, bool]:
    """`title*1*` → title, 1, True."""
    name = name.lower()
    if "*" not in name:
        return name, None, False
    extended = name.endswith("*")
    name = name.removesuffix("*")
    number = _PIECE.search(name)
    return (
        (name[: number.start()], int(number[1]), extended) if number else (name.rstrip("*"), None, extended)
    )


def _joined(pieces: _Pieces, hints: list[str], *, is_file: bool) -> str:
    """One parameter from its forms; a form that says nothing gives way to the next."""
    if pieces.numbered:
        ordered = [pieces.numbered[number] for number in sorted(pieces.numbered)]
        if text := _continued(ordered, hints):
            return text
    if pieces.extended is not None and (text := _extended([(pieces.extended, True)], hints)):
        return text
    plain = pieces.plain or b""
    if is_file and b"%" in plain and plain.isascii():
        if _EXTENDED_IN_PLAIN.match(plain):
            return _extended([(plain, True)], hints)
        if _PERCENT_UTF_8.search(plain):
            return _from_percent(plain)
    return text_of(plain, hints)


def _continued(pieces: Sequence[tuple[bytes, bool]], hints: list[str]) -> str:
    if any(extended for _, extended in pieces):
        return _extended(pieces, hints)
    return text_of(b"".join(piece for piece, _ in pieces), hints)


def _extended(pieces: Sequence[tuple[bytes, bool]], hints: list[str]) -> str:
    """RFC 2231, section 4: charset'language'text, with percent signs in the extended pieces."""
    charset, data, begun = "", [], False
    for piece, extended in pieces:
        content = piece
        if extended and not begun:
            begun = True
            charset, content = _charset_of(piece)
        data.append(_unpercented(content) if extended else content)
    whole = b"".join(data)
    if b"=?" in whole:
        return text_of(whole, [charset, *hints])
    return on_one_line(decode(whole, charset, hints)[0])


def _charset_of(piece: bytes) -> tuple[str, bytes]:
    """The charset and the rest of the first extended piece, even if a quote of the two is missing."""
    before, quote, rest = piece.partition(b"'")
    declared = before.decode("latin-1")
    if not quote:
        return "", piece
    language, second, text = rest.partition(b"'")
    if second and (not declared or codec(declared) or len(declared) < 20):
        return declared, text
    if declared and codec(declared):
        return declared, language
    return "", piece


def _unpercented(piece: bytes) -> bytes:
    return _PERCENT.sub(lambda found: bytes((int(found[1], 16),)), piece)


def _from_percent(plain: bytes) -> str:
    """A plain file name that is written as in an address of the web, when that is valid UTF-8."""
    try:
        return on_one_line(_unpercented(plain).decode("utf-8"))
    except UnicodeDecodeError:
        return text_of(plain)
