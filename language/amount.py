"""Numbers with their marks for groups and decimals, as several countries write them. Never guessed."""

from __future__ import annotations

import re
from decimal import Decimal

GROUP = 3
"""Digits between two marks for groups."""
LONGEST = 12
"""Digits before the decimals."""
FINEST = 6
"""Decimals of any amount, also of millions; more would not be kept exactly."""

_ALLOWED = re.compile(r"\d[\d.,'|]*")
_GROUP = re.compile(r"\d{3}(?:[.,]\d{1,3})?")
_ONE_READING = str.maketrans({"٬": "'", "’": "'", "٫": "|", "،": ","})
"""Marks that never stand for the other thing: ' for groups, | for decimals."""


class NoAmount(ValueError):
    """Not a number as people write it."""


class TooFine(ValueError):
    """More decimals than any amount has."""


class TwoAmounts(ValueError):
    """A number that two countries read differently: 1.250."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} or {second}")
        self.first, self.second = first, second


def is_group(word: str) -> bool:
    """Whether the word can be the next group of a number that is written with spaces."""
    return bool(_GROUP.fullmatch(word.translate(_ONE_READING).replace("|", ".").rstrip(".,")))


def number_in(written: str, decimals: int) -> Decimal:
    """The number, exact; its digits are 0 to 9. `decimals` are those that an amount of its kind can have.

    Raises NoAmount, TooFine and TwoAmounts.
    """
    text = written.translate(_ONE_READING).rstrip(".,")
    if not _ALLOWED.fullmatch(text):
        raise NoAmount(written)
    whole, fraction = _parts(text, decimals)
    digits = _ungrouped(whole)
    if len(digits) > LONGEST:
        digits = "9" * (LONGEST + 1)  # whatever it is, it is too much
    if len(fraction.rstrip("0")) > FINEST:
        raise TooFine(written)
    return Decimal(f"{digits}.{fraction or 0}")


def _parts(text: str, decimals: int) -> tuple[str, str]:
    """What stands before and behind the mark for decimals."""
    if "|" in text:
        whole, _, fraction = text.partition("|")
        return whole, _only_digits(fraction)
    if "." in text and "," in text:
        mark = max(".,", key=text.rfind)
        whole, _, fraction = text.rpartition(mark)
        if mark in whole:
            raise NoAmount(text)
        return whole, _only_digits(fraction)
    mark = next((one for one in ".," if one in text), "")
    if not mark or text.count(mark) > 1:
        return text, ""
    whole, _, fraction = text.partition(mark)
    if not _may_group(whole, fraction) or "'" in text:
        return whole, _only_digits(fraction)
    if decimals >= GROUP:
        raise TwoAmounts(f"{whole}{fraction}", _plainly(whole, fraction))
    return whole + fraction, ""


def _plainly(whole: str, fraction: str) -> str:
    """The number with its decimals, so that nobody takes these for a group."""
    short = fraction.rstrip("0")
    return f"{whole}.{short}0" if len(short) == GROUP else f"{whole}.{short or 0}"


def _may_group(whole: str, fraction: str) -> bool:
    """Whether the one mark between them can be for groups."""
    return len(fraction) == GROUP and 0 < len(whole) <= GROUP and not whole.startswith("0")


def _only_digits(fraction: str) -> str:
    if not fraction.isdigit():
        raise NoAmount(fraction)
    return fraction


def _ungrouped(whole: str) -> str:
    """The digits of a whole number with at most one kind of mark, which must stand before every third."""
    marks = {mark for mark in ".,'" if mark in whole}
    if not marks:
        return _only_digits(whole)
    first, *groups = whole.split(marks.pop())
    if marks or not 0 < len(first) <= GROUP or any(len(one) != GROUP or not one.isdigit() for one in groups):
        raise NoAmount(whole)
    return _only_digits(first) + "".join(groups)
