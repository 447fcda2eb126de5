"""Whom the words of a report name as not reached, told from everybody else that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from inbox.kind.bounces import forms
from inbox.kind.bounces.addresses import ADDRESS, addresses_in, is_full, tidy
from language.late import late

_MOST_LINES = 6000
_MOST_RECIPIENTS = 2000
_LINE = 600
_ENDS = (".", "!", ")", ">", "。")


class Rank(IntEnum):
    """How surely an address is of somebody who was not reached."""

    LISTED = 1
    """It stands at the beginning of a line, as in a list."""
    NAMED = 2
    """It stands after words that announce it: "Unable to deliver message to"."""
    ANSWERED = 3
    """It stands in what the other mail system answered."""
    MENTIONED = 4
    """It stands anywhere."""


_BULLET = r"[\s>*•·+\-–—|o]{0,40}"
_LISTED = late(
    rf"{_BULLET}[<\"'(\[]{{0,3}}(?:mailto:|smtp[:=])?({ADDRESS})[>\"')\]]{{0,3}}(.*)", re.IGNORECASE
)
_HEADS = late(rf"{_BULLET}[<\"'(\[]{{0,3}}{ADDRESS}[>\"')\]]{{0,3}}\s{{0,3}}(?::|\.\.\.)", re.IGNORECASE)
_AFTER_NAME = late(rf"[<(\[](?:mailto:|smtp:)?({ADDRESS})[>)\]]{{1,3}}[\s:.;,]{{0,20}}\Z", re.IGNORECASE)
_WORDS = late(r"[^:<>()\[\]@{}|]{1,80}\Z")
_ALTERNATIVES = "|".join(re.escape(one) for one in sorted(forms.BEFORE, key=len, reverse=True))
_NAMED = late(
    rf"(?:\b|(?<=\W))(?:{_ALTERNATIVES})(?:\(s\)|\(es\)|es|s)?(?:[^\w@]{{0,8}}(?:smtp|mailto|rfc822)[^\w@]{{1,3}}|[^\w@]{{0,12}})(?<!\w)({ADDRESS})",
    re.IGNORECASE,
)
_ATTEMPTS = late(rf"\bdelivery failed[^:]{{0,40}}:\s{{0,5}}({ADDRESS})", re.IGNORECASE)
_RECEIVER = late(rf"\brcpt\s{{0,3}}to\s{{0,3}}[:=]?\s{{0,3}}[<\[]?({ADDRESS})", re.IGNORECASE)
_CODE = late(r"(?:^|\W)[45]\d\d(?:\W|$)|(?:^|\W)[45]\.\d{1,3}\.\d{1,3}(?:\W|$)|\.\.\.[ ]")
_ORIGIN = late(
    rf"(?:{'|'.join(re.escape(one) for one in forms.ORIGINS)})\W{{0,8}}(?:rfc822\W{{1,3}})?({ADDRESS})",
    re.IGNORECASE,
)
_OTHERS = late(
    rf"[\s>*<•\-]{{0,30}}(?:{'|'.join(map(re.escape, forms.NOT_OF_RECIPIENTS))})[\w -]{{0,20}}[:=：]",
    re.IGNORECASE,
)
_TALK = late(r"[\s>]{0,20}(?:>>>|<<<|\.\.\. while|sent\s|received\s)", re.IGNORECASE)
_TO = late(
    rf"[\s>*]{{0,30}}(?:to|an|à|para|a|per|кому|宛先|受信者|收件人|گیرنده|به|إلى|אל)\s?[:：]\s?.{{0,80}}?({ADDRESS})",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Listing:
    """The addresses that a text names, by how surely each is meant."""

    by_rank: dict[Rank, list[str]] = field(default_factory=dict)
    last: tuple[Rank, int] | None = None

    def add(self, rank: Rank, address: str) -> None:
        found = self.by_rank.setdefault(rank, [])
        if len(found) < _MOST_RECIPIENTS:
            found.append(address)
            self.last = (rank, len(found) - 1)

    def replace_last(self, address: str) -> None:
        """The address just named was only what the sender's one led to."""
        if self.last is None:
            self.add(Rank.NAMED, address)
        else:
            self.by_rank[self.last[0]][self.last[1]] = address

    def best(self, others: frozenset[str], expected: frozenset[str]) -> tuple[list[str], Rank | None]:
        """The surest addresses that are nobody else's; of unsure ones those that the mail went to, if any."""
        for rank in Rank:
            found = [one for one in self.by_rank.get(rank, ()) if one.lower() not in others]
            wanted = [one for one in found if one.lower() in expected]
            if found:
                return (wanted if wanted and rank is not Rank.LISTED else found), rank
        return [], None


def read(text: str) -> Listing:
    """The addresses that a report's own words name."""
    listing = Listing()
    spared = goes_on = False
    for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        line = line[:_LINE]  # noqa: PLW2901 - nobody writes longer ones
        lower = line.lower()
        helps = any(one in lower for one in forms.HELP)
        if "@" not in line:
            spared = _spares(lower, spared)
        elif not spared and (_HEADS.match(line) or not (helps or goes_on)) and not _OTHERS.match(line):
            _read_line(line, lower, listing)
        # "please contact" may end one line and the address begin the next.
        goes_on = (helps or (goes_on and not lower.strip())) and not lower.rstrip().endswith(_ENDS)
    return listing


def _spares(line: str, spared: bool) -> bool:
    """Whether what follows a heading is of recipients who were reached after all."""
    if any(one in line for one in forms.SPARED):
        return True
    return spared and not any(one in line for one in forms.HEADINGS)


def _read_line(line: str, lower: str, listing: Listing) -> None:
    origin = _ORIGIN.search(line)
    before = line[: origin.start()] if origin else line
    if "@" in before:
        for rank, address in _ranked(before, lower):
            listing.add(rank, address)
    if origin and is_full(address := tidy(origin[1])):
        listing.replace_last(address)


def _ranked(line: str, lower: str) -> Iterator[tuple[Rank, str]]:
    """The addresses of one line that are of the line's best rank."""
    talks = _TALK.match(line) is not None
    listed = None if talks else _LISTED.match(line)
    if listed:
        first = tidy(listed[1])
        if is_full(first) or (first and listed[2].strip() in ("", ":")):
            yield Rank.LISTED, first
        if listed[2].lstrip()[:1] in (",", ";"):
            yield from ((Rank.LISTED, one) for one in addresses_in(listed[2]))
        return
    found = _RECEIVER.search(line) or _NAMED.search(line) or _ATTEMPTS.search(line) or _of_person(line)
    if found:
        address = tidy(found[1])
        if address and is_full(address):
            yield (Rank.ANSWERED if talks or "rcpt" in lower else Rank.NAMED), address
        return
    rank = Rank.ANSWERED if _CODE.search(line) else Rank.MENTIONED
    yield from ((rank, one) for one in addresses_in(line))


def _of_person(line: str) -> re.Match[str] | None:
    """The address of a line that gives it to a name, or to a label such as "To:"."""
    found = _AFTER_NAME.search(line)
    return found if found and _WORDS.match(line[: found.start()]) else _TO.match(line)
