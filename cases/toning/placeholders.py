"""What somebody was to fill in and did not: an answer never leaves with it (D7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cases.toning.guide import Guide
from cases.toning.kinds import Check
from cases.toning.letter import Letter

SIGNS = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|\$\{[^{}\n]{1,100}\}|\{[^\W\d][^{}\n]{0,100}\}"
    r"|\[(?=[^\[\]\n]*[^\W\d])[^\[\]\n]{1,200}\](?!\()|\[[\s_-]*\](?!\()"
    r"|<[^\W\d][^<>\n@/:=]{0,60}>"
    r"|(?<![\w-])X{2,}(?:[-/.,: ]X{2,})*(?![\w-])|_{3,}|(?<!\S)(?:\.|…){6,}|(?<!\S)…{3,}"
    r"|[【⟨][^】⟩\n]{0,200}[】⟩]|(?<!\w)(?:DD|MM|YYYY|xx)(?:[/.-](?:DD|MM|YY|YYYY|xx|xxxx)){1,2}(?!\w)"
    r"|[«“„\"‹](?:\.\.\.|…|_+|\s)[»”“\"›]|(?<!\S)\?{2,}(?!\S)"
    r"|(?<!\w)(?:TODO|TBD|TBC|FIXME)(?!\w)|(?<!\w)[Ll]orem ipsum"
)
"""What stands for words in every language: {{ name }}, [date], <name>, XXX, ____, «…», TODO."""
CODE = re.compile(r"[\[<{](?!.*XX)(?=(?:[^\d]*\d){2})[A-Z0-9][A-Z0-9./_#-]*[\]>}]")
"""An order's number or the like in brackets: nobody is to write anything else there."""
MEANT = re.compile(r"\[(?:sic|x|X|v|Enter|Return|Tab|Esc|Ctrl|Alt|Shift|Delete)\]")
"""What stands in brackets in a finished letter: a key, a box that is ticked, [sic]."""
OPENING, CLOSING = '«“„"‹(<[{*', '»”“"›)>]}*'
LONGEST = 80
"""Signs of a line that are repeated."""


def by_signs(text: str, known: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """The stretches of a letter that are to be filled in, by their signs. What stands in `known`, such as the
    customer's own subject, is repeated and not to be filled in."""
    for found in SIGNS.finditer(text):
        if not (
            CODE.fullmatch(found[0]) or MEANT.fullmatch(found[0]) or any(found[0] in one for one in known)
        ):
            yield found.span()


def placeholders(letter: Letter) -> list[tuple[int, int]]:
    """The same, and what the language's own words say, wherever they stand."""
    signs = list(by_signs(letter.text, letter.known))
    words = [place for place in _by_words(letter) if not any(_touch(place, one) for one in signs)]
    return sorted(signs + words)


def left_open(text: str, guide: Guide | None, known: Sequence[str] = ()) -> tuple[str, str] | None:
    """The first words of a draft that are surely to be filled in, and the line that has them, "" when they
    are all of it. Words without any sign may be meant: they are advice alone."""
    surely = list(by_signs(text, known))
    if guide:
        surely += (place for place in placeholders(Letter(text, guide, known)) if _is_enclosed(text, place))
    if not surely:
        return None
    start, end = min(surely)
    line = text[text.rfind("\n", 0, start) + 1 : start] + text[start:].split("\n", 1)[0]
    return text[start:end], "" if line.strip() == text[start:end] else _around(line, text[start:end])


def _by_words(letter: Letter) -> Iterator[tuple[int, int]]:
    for group in letter.guide.checks[Check.PLACEHOLDER]:
        for hit in letter.hits(group, anywhere=True):
            start, end = letter.where(hit)
            if not any(letter.text[start:end] in one for one in letter.known):
                yield start, end


def _is_enclosed(text: str, place: tuple[int, int]) -> bool:
    start, end = place
    before, behind = text[start - 1 : start], text[end : end + 1]
    return bool(before and behind) and before in OPENING and behind in CLOSING


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _around(line: str, words: str) -> str:
    """As much of the line as shows where the words are."""
    line = line.strip()
    if len(line) <= LONGEST:
        return line
    at = line.index(words)
    start = max(0, at - LONGEST // 2)
    shown = line[start : at + len(words) + LONGEST // 2]
    return f"{'…' if start else ''}{shown.strip()}{'…' if start + len(shown) < len(line) else ''}"
