"""Text folded for comparing, so that one word typed on two keyboards is one word (L3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
    "ي": "ی", "ى": "ی", "ې": "ی", "ے": "ی", "ۍ": "ی",
    "ك": "ک", "ڪ": "ک",
    "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه", "ۃ": "ه",
    "‘": "'", "’": "'", "׳": "'", "“": '"', "”": '"', "״": '"',
}  # fmt: skip
_DIGITS = {ord(zero) + n: str(n) for zero in "٠۰" for n in range(10)}
_SPACES = dict.fromkeys((0x200B, 0x200C), " ")
_DROPPED = (
    *range(0x0610, 0x061B),
    *range(0x064B, 0x0660),
    0x0670,
    *range(0x06D6, 0x06DD),
    *range(0x06DF, 0x06E5),
    *range(0x06E7, 0x06E9),
    *range(0x06EA, 0x06EE),
    *range(0x08D3, 0x0900),
    *range(0x0591, 0x05BE),
    0x05BF,
    0x05C1,
    0x05C2,
    0x05C4,
    0x05C5,
    0x05C7,
    0x0640,  # tatweel
    0x061C,
    0x00AD,
    0x200D,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0xFEFF,
)
_FOLDED: dict[str, str] = {
    **_LETTERS,
    **{chr(code): plain for code, plain in (_DIGITS | _SPACES).items()},
    **dict.fromkeys(map(chr, _DROPPED), ""),
}
_PUNCTUATION = re.compile(r"[^\w\s]+")
_LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""How an emoji is drawn: in which form and colour."""
_TO_FOLD = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
"""Few letters of a text are folded: to look for them is much faster than to translate every letter."""


def ascii_digits(text: str) -> str:
    """The text with Persian and Arabic digits written as 0 to 9."""
    return text if text.isascii() else text.translate(_DIGITS)


def normalise(text: str) -> str:
    """The form to compare by: letters, digits, marks and white space folded. Idempotent."""
    if not text.isascii():
        text = _fold(text)
    return " ".join(text.lower().split() if text.isascii() else text.split())


def spoken(text: str) -> str:
    """Normalised and without punctuation, as a phrase is said; signs alone, such as an emoji, stay."""
    said = _LOOKS.sub("", normalise(text))
    return " ".join(_PUNCTUATION.sub(" ", said).split()) or said


def normalised_each(texts: Sequence[str]) -> list[str]:
    """Each text normalised, faster than one by one; none may hold a line end."""
    text = "\n".join(texts)
    # Nothing is folded across a line end, and none comes out of folding.
    return [" ".join(one.split()) for one in (text.lower() if text.isascii() else _fold(text)).split("\n")]


def _fold(text: str) -> str:
    # Dropping a mark can bring together what NFKC then joins, hence until nothing changes.
    while (folded := _TO_FOLD.sub(_folded, normalize("NFKC", normalize("NFKC", text).casefold()))) != text:
        text = folded
    return text


def _folded(found: re.Match[str]) -> str:
    return _FOLDED[found[0]]
