"""Case numbers as people write them."""

from __future__ import annotations

import re

from language.normalise import ascii_digits

_MARKS = r"[\s.:\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
"""What may stand around a number: white space, and marks of direction, which right-to-left text brings."""
_NUMBER = re.compile(rf"{_MARKS}#?{_MARKS}(\d{{1,9}}){_MARKS}")

_IN_BRACKETS = re.compile(rf"\[{_MARKS}#{_MARKS}(\d{{1,9}}){_MARKS}\]")
_AT_THE_START = re.compile(rf"(?:[^\s:#]{{1,16}}{_MARKS}:)?{_MARKS}#{_MARKS}(\d{{1,9}})(?!\w)")

_LONGEST = 40
LONGEST_SUBJECT = 200


def number_in(text: str) -> int | None:
    """The case number that is all of the text, in any digits, with or without `#`; None when it is none."""
    if len(text) > _LONGEST:
        return None
    found = _NUMBER.fullmatch(ascii_digits(text))
    return int(found[1]) if found else None


def number_in_subject(subject: str) -> int | None:
    """The case number that a subject shows as our mails to agents do, or begins with; None without one."""
    text = ascii_digits(subject[:LONGEST_SUBJECT])
    found = _IN_BRACKETS.search(text) or _AT_THE_START.match(text)
    return int(found[1]) if found else None
