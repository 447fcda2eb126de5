"""Lines with signs of what was quoted → the sender's own lines, and quotes behind `>`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inbox.html.marks import DOUBT, STARTS, Mark
from inbox.html.text import squeezed

_QUOTE, _REST = STARTS[Mark.QUOTE], STARTS[Mark.REST]
_DOUBTFUL, _BORDERED = STARTS[Mark.DOUBTFUL], STARTS[Mark.BORDERED]
_SIGNATURE, _INTRODUCTION = STARTS[Mark.SIGNATURE], STARTS[Mark.CONTAINER]
_LONGEST = 400
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.hH٫]\s?\d{2}(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\s*[年月日년월일]")
_RULE = "-_=—–─* "


def own_lines(text: str) -> str:
    """The text with its signs obeyed: what introduces a quote is gone, doubtful quotes are decided."""
    lines = text.split("\n")
    kept: list[str] = []
    for place, line in enumerate(lines):
        if not line.startswith("\x00"):
            kept.append(line)
        elif line in (_QUOTE, _REST):
            _drop_introduction(kept, lines, place)
        elif line == _SIGNATURE:
            _drop_last(kept, lambda last: last.strip() == "--")
        else:
            # An introduction's end, or a doubtful quote's, is not known yet.
            kept.append(line)
    return squeezed("\n".join(_decided(kept)))


def is_own(text: str) -> bool:
    """Whether anything is left that is no quote."""
    return any(line.strip() and line[0] != ">" and line.strip() != "--" for line in text.split("\n"))


def _drop_introduction(kept: list[str], lines: list[str], place: int) -> None:
    """Takes the line that introduces a quote from those before it."""
    for back in range(len(kept) - 1, max(-1, len(kept) - 20), -1):
        if kept[back] == _INTRODUCTION:
            del kept[back:]
            return
        if kept[back].startswith(">"):
            break
    if lines[place] == _REST:
        _drop_last(kept, _is_rule)
    elif not introduces(_first_after(lines, place)):
        _drop_last(kept, lambda last: introduces(last) or _is_rule(last))


def _first_after(lines: list[str], place: int) -> str:
    """The first line of a quote, which may itself be what introduces it."""
    following = (line.lstrip("> ") for line in lines[place + 1 : place + 5])
    return next((line for line in following if line), "")


def _drop_last(kept: list[str], unwanted: object) -> None:
    """Takes the last line that is not blank away, if it is unwanted."""
    at = len(kept) - 1
    while at >= 0 and not kept[at].strip():
        at -= 1
    if at >= 0 and not kept[at].startswith((">", "\x00", DOUBT)) and unwanted(kept[at]):  # type: ignore[operator]
        del kept[at:]


def introduces(line: str) -> bool:
    """Whether a line introduces a quote, in whatever language: a colon at its end, and who or when."""
    if len(line) > _LONGEST:
        return False
    bare = _DIRECTIONS.sub("", line).strip(" \t*_>")
    if not bare.endswith((":", "：")):
        return False
    return (
        "@" in bare
        or (_TIME.search(bare) is not None and sum(map(str.isdigit, bare)) > 4)
        or (_DATE.search(bare) is not None and sum(map(str.isdigit, bare)) > 4)
    )


def _is_rule(line: str) -> bool:
    """Whether a line is a rule, or words between two of them ("------ Original ------")."""
    bare = line.strip()
    inner = bare.strip(_RULE)
    return (
        len(bare) - len(inner) > 7
        and bare[:3].strip(_RULE) == "" == bare[-3:].strip(_RULE)
        and len(inner) < 80
    )


def _decided(kept: list[str]) -> Iterable[str]:
    """The lines, doubtful quotes shown as quotes or as the sender's own citations."""
    end = len(kept)
    while end and (not kept[end - 1].strip() or kept[end - 1][0] in (">", "\x00", DOUBT)):
        end -= 1
    sign = ""
    out: list[str] = []
    for place, line in enumerate(kept):
        if line == _INTRODUCTION:
            continue
        if line in (_DOUBTFUL, _BORDERED):
            if not sign:
                before = next((one for one in reversed(out[-3:]) if one.strip()), "")
                introduced = introduces(before)
                last = line == _BORDERED and place >= end
                sign = ">" if introduced or last else "own"
                if introduced:
                    _drop_last(out, introduces)
            continue
        if line.startswith(DOUBT):
            out.append(line.replace(DOUBT, ">") if sign == ">" else line.lstrip(DOUBT).removeprefix(" "))
            continue
        if line.strip():
            sign = ""
        out.append(line)
    return out
