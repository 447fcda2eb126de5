"""Values of facts in the one form that all ways to write them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases.rules.extractors import FactKind
from language.amounts_in import Amounts
from language.dates_in import Days, is_day
from language.normalise import ascii_digits, normalise
from language.words import Words

LONGEST = 200
"""Characters of a value."""
MARKS = " .,;:!?؟،؛…()[]{}<>\"'«»“”„#№"
_WITHIN = str.maketrans(dict.fromkeys(" \u2010\u2011\u2012\u2013\u2014_", "-"))


class Values:
    """Reads values by the words of the languages that there are."""

    def __init__(self, words: Iterable[Words] = ()) -> None:
        words = tuple(words)
        self.amounts, self.days = Amounts(words), Days(words)

    def read(self, kind: FactKind, written: str, language: str = "") -> str:
        """The value; "" where the text holds none of this kind, or could mean two."""
        if kind is FactKind.AMOUNT:
            amount = next(self.amounts.found(written.split(), language), None)
            return str(amount.money) if amount else ""
        if kind is FactKind.DATE:
            day = next(self.days.found(written.split()), None)
            return day.day.isoformat() if day else ""
        value = number(written) if kind is FactKind.NUMBER else text(written)
        return value if len(value) <= LONGEST else ""


def number(written: str) -> str:
    """A number such as an order's: "AB-4711" for "ab 4711"; "" for what has no digit, and for a day."""
    plain = normalise(written).strip(MARKS)
    if not any(one.isdecimal() for one in plain) or is_day(plain):
        return ""
    return plain.translate(_WITHIN).upper()


def text(written: str) -> str:
    """Words as they were written, without the marks around them; digits are 0 to 9."""
    plain = " ".join(ascii_digits(written).split()).strip(MARKS)
    return plain if any(one.isalnum() for one in plain) else ""


def key(written: str) -> str:
    """The form to compare names by."""
    return normalise(text(written)).replace("-", " ")


def same(values: Sequence[str]) -> tuple[str, ...]:
    """Each value once, in order."""
    return tuple(dict.fromkeys(values))
