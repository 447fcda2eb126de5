"""Texts with one byte for each sign, on which patterns are much smaller and faster than on UTF-8.

The letters of the scripts that mails are mostly written in have bytes of their own. Other signs share three:
one for letters, one for digits, one for the rest; a pattern that names one of them looks at the text itself.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LETTERS = (
    "ءآؤئابتثجحخدذرزسشصضطظعغفقلمنهوپچژڤکگی"  # Arabic and Persian, as normalised mails have them
    "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
    "ßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
)
SIGNS = "؟،؛٪٬٫…–—«»“”‘’‚„•־·°€₪£§"
OTHER_LETTER, OTHER_DIGIT = "\x80", "\x81"
OTHER_SIGN = chr(0x82 + len(LETTERS) + len(SIGNS))
_FIRST_SIGN = chr(0x82 + len(LETTERS))
_BYTES = {sign: chr(0x82 + number) for number, sign in enumerate(LETTERS + SIGNS)}
_UNDEFINED = "\ufffe"
_TABLE = codecs.charmap_build(
    "".join([*map(chr, range(0x80)), _UNDEFINED * 2, LETTERS, SIGNS]).ljust(256, _UNDEFINED)
)
WORDS = f"0-9A-Z_a-z{OTHER_LETTER}-{chr(ord(_FIRST_SIGN) - 1)}"
"""What a word is of, as in a class of a pattern."""
DIGIT = f"0-9{OTHER_DIGIT}"
OUTSIDE = {r"\w": f"[{WORDS}]", r"\W": f"[^{WORDS}]", r"\d": f"[{DIGIT}]", r"\D": f"[^{DIGIT}]"}
INSIDE = {r"\w": WORDS, r"\d": DIGIT}
CLEAR = frozenset([r"\w", r"\W", r"\d", r"\D", r"\s", r"\S"])
"""What means the same in such texts, beside a backslash before a sign that is no letter and no digit."""


class TooWide(ValueError):
    """The pattern asks for more than these texts tell."""


def _other(error: UnicodeError) -> tuple[bytes, int]:
    """What stands for signs that have no byte of their own."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(map(_class_of, signs)).encode("latin-1"), error.end


def _class_of(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return OTHER_DIGIT
    return OTHER_LETTER if kind[0] in "LMN" else OTHER_SIGN


codecs.register_error("other signs", _other)


@lru_cache(4)
def text_of(text: str) -> bytes:
    """The text with a byte for each sign. Kept, as many patterns look at one mail."""
    return codecs.charmap_encode(text, "other signs", _TABLE)[0]


def pattern_of(pieces: Iterable[str]) -> str:
    """A pattern for such texts, from its pieces. Raises TooWide."""
    before, in_class, made = "", False, list[str]()
    for piece in pieces:
        if in_class and "-" in (before, piece) and not (before + piece).isascii():
            raise TooWide("a range of letters that may have others between them")
        made.append(_narrowed(piece, in_class=in_class))
        in_class = piece == "[" or (in_class and piece != "]")
        before = piece
    return "".join(made)


def _narrowed(piece: str, *, in_class: bool) -> str:
    if len(piece) < 2:
        if piece.isascii():
            return piece
        if piece in _BYTES:
            return _BYTES[piece]
    elif piece == "(?:":
        return piece
    elif piece[0] == "\\" and (piece in CLEAR or (piece[1].isascii() and not piece[1].isalnum())):
        if in_class and piece in (r"\D", r"\W"):
            raise TooWide(piece)
        return (INSIDE if in_class else OUTSIDE).get(piece, piece)
    raise TooWide(piece)
