"""A mail that stands copied in another: who wrote it, its subject and its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inbox.quoting.lines import Lines
from inbox.quoting.patterns import MARKS, RULE, label_key, phrases_of
from language.words import Words
from store.values import Address

_LABEL = 40
"""Characters within which a header label ends."""
_HEAD = 24
"""Lines that copied headers take, wrapped ones and those between them included."""
_SEARCHED = 2_000
"""Lines in which the copied mail has to begin."""
_ENOUGH = 3
"""Header lines that no person writes by hand; below a title two do."""
_COLON = re.compile("[:：]")
_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:\"'`*|=/@]{1,64}@[\w-][\w.-]{0,252}[\w-]")
_AROUND_A_NAME = " \t\"'<>[](){}*_,;:" + MARKS
_MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
_WRAPPED = ("to", "cc")


@dataclass(frozen=True, slots=True)
class Copied:
    """The copied mail, and what its sender wrote above it."""

    sender: Address
    """Without an address where the headers name none."""
    subject: str
    body: str
    above: str
    titled: bool = False
    """Whether a line such as "Forwarded message" stands above the header lines."""


def copied_mail(text: str, words: Sequence[Words]) -> Copied | None:
    """The first mail that a program copied into the text, with its header lines; None when there is none."""
    lines = _unquoted(Lines.of(text, phrases_of(words)))
    titled = False
    for place in range(min(len(lines.bare), _SEARCHED)):
        if not lines.bare[place]:
            continue
        head = _head(lines, place)
        if head and "sender" in head.values and len(head.values) >= _ENOUGH - titled:
            above = _above(lines, place)
            return Copied(
                sender=address_in(head.values["sender"]),
                subject=head.values.get("subject", ""),
                body="\n".join(lines.raw[head.end :]).strip("\n"),
                above="\n".join(lines.raw[:above]).strip(),
                titled=titled,
            )
        titled = _is_title(lines, place)
    return None


def address_in(value: str) -> Address:
    """The address in a copied From line, and the name beside it."""
    value = _MAILTO.sub("", value)
    found = _ADDRESS.search(value)
    if found is None:
        return Address("", value.strip(_AROUND_A_NAME))
    name = value[: found.start()].strip(_AROUND_A_NAME)
    return Address(found[0], "" if "@" in name else name)


@dataclass(slots=True)
class _Head:
    values: dict[str, str]
    end: int


def _head(lines: Lines, place: int) -> _Head | None:
    """The header lines that begin here; each field once, wrapped ones joined."""
    first = _field(lines, place)
    if first is None:
        return None
    head = _Head({first[0]: first[1]}, place + 1)
    current = first[0]
    for number in range(place + 1, min(place + _HEAD, len(lines.bare))):
        bare = lines.bare[number]
        field = _field(lines, number) if bare else None
        if field and field[0] not in head.values:
            current = field[0]
            head.values[current] = field[1]
            head.end = number + 1
        elif bare and _is_wrapped(lines, number, current, head):
            head.values[current] = f"{head.values[current]} {bare}".strip()
            head.end = number + 1
        elif bare or not _goes_on(lines, number, head):
            break
    return head


def _field(lines: Lines, place: int) -> tuple[str, str] | None:
    """Which header field stands in a line, and its value."""
    bare = lines.bare[place].lstrip("*_ ")
    colon = _COLON.search(bare, 0, _LABEL)
    if colon is None:
        return None
    name = lines.phrases.labels.get(label_key(bare[: colon.start()].strip("*_ ")))
    return (name, bare[colon.end() :].strip(MARKS + "*_ ")) if name else None


def _is_wrapped(lines: Lines, number: int, current: str, head: _Head) -> bool:
    """Whether a line goes on with the field above it."""
    if number != head.end:
        return not head.values[current] and _gap(lines, head.end, number)
    folded = lines.raw[number][:1] in (" ", "\t") or current in _WRAPPED
    return not head.values[current] or folded


def _gap(lines: Lines, start: int, end: int) -> bool:
    return end - start <= 1 and not any(lines.bare[start:end])


def _goes_on(lines: Lines, number: int, head: _Head) -> bool:
    """Whether more header lines, or the value of the last, follow a blank one."""
    below = lines.next_filled(number)
    if below is None or below - number > 1:
        return False
    field = _field(lines, below)
    if field is not None:
        return field[0] not in head.values
    return not next(reversed(head.values.values())) and len(head.values) < _ENOUGH


def _is_title(lines: Lines, place: int) -> bool:
    title = lines.folded(place).strip(RULE + ">").rstrip(":").strip(RULE)
    return bool(title) and lines.phrases.forwarded.match(title) is not None


def _above(lines: Lines, place: int) -> int:
    """The line where the title and rules above copied headers begin."""
    for _ in range(3):
        before = lines.last_filled(place - 1)
        if before is None or not (_is_title(lines, before) or not lines.bare[before].strip(RULE)):
            break
        place = before
    return place


def _unquoted(lines: Lines) -> Lines:
    """The lines without the marks of a quote, where a title stands above a mail that is quoted whole."""
    for place in range(min(len(lines.bare), _SEARCHED)):
        below = lines.next_filled(place + 1)
        if below is not None and lines.bare[below].startswith(">") and _is_title(lines, place):
            bare = (line.lstrip(MARKS) for line in lines.raw[place + 1 :])
            rest = [line[1:].removeprefix(" ") if line.startswith(">") else line for line in bare]
            return Lines.of("\n".join([*lines.raw[: place + 1], *rest]), lines.phrases)
    return lines
