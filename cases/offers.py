"""What stands behind `offer`: what a customer is given, how much of it, and why (D14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from cases.naming import MARKS
from cases.saying import Refusal
from language.money import Money, Unclear, read_money
from language.normalise import ascii_digits, normalise
from language.words import Words

_HALF_SPACE = "\u200c"
"""What Persian writes between the parts of a word; a space once it is normalised."""
_JOINS = re.compile("[ \u05be-]")
"""Between the parts of a word: Persian's, Hebrew's and anybody's."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a customer is given."""

    kind: str
    money: Money
    reason: str


def read_offer(text: str, words: Iterable[Words], languages: Sequence[str]) -> Offer:
    """The kind, the amount and the reason, by an agent of these languages; raises Refusal."""
    kind, _, rest = text.strip().partition(" ")
    kind = kind.rstrip(MARKS)
    if not all(part.isalpha() for part in _JOINS.split(normalise(ascii_digits(kind)))):
        raise Refusal("offer-without-kind", text=text)
    read = read_money(rest, words, languages)
    if isinstance(read, Unclear):
        raise Refusal(read.code, **read.values)
    money, reason = read
    if not reason:
        raise Refusal("offer-without-reason", text=text)
    return Offer(_as_written(kind), money, reason)


def _as_written(kind: str) -> str:
    """The kind as people are shown it: the letters that were written, in lower case, without hidden signs."""
    return "".join(
        sign for sign in normalize("NFC", kind).lower() if sign.isprintable() or sign == _HALF_SPACE
    )
