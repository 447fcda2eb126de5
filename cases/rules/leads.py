"""Which rules a mail may concern at all, so that it costs no look at the others.

The lead of a rule are signs of which a mail must have one for the rule to hold: one of its phrases, its
sender's address, letters that its pattern needs. A rule without a lead is looked at for each mail.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import ahocorasick

from cases.rules.fold import Folded
from cases.rules.holding import Around, Compiled
from cases.rules.patterns import Pattern

Other = tuple[str, str]
"""What a mail has beside phrases: its sender, a header, a fact …"""
Sign = Other | range
"""Phrases, or something else."""
Lead = frozenset[Sign]

SENDER, LOCAL, DOMAIN, HEADER, FACT, LETTERS = "sender", "local", "domain", "header", "fact", "letters"
NO_RULE = -1
ATTACHED: Other = "attached", ""
HISTORY: Other = "history", ""


def lead_of(when: Compiled) -> Lead | None:
    """The lead of conditions: the shortest of what their lines ask for; None when nothing is a sign."""
    leads = [lead for lead in _leads(when) if lead is not None]
    return min(leads, key=_size, default=None)


def _size(lead: Lead) -> int:
    return sum(len(sign) if isinstance(sign, range) else 1 for sign in lead)


def _leads(when: Compiled) -> Iterator[Lead | None]:
    if when.phrases:
        yield frozenset((when.phrases,))
    if when.senders:
        yield _each(_sender_sign(wild.written) for wild in when.senders)
    if when.headers:
        yield frozenset((HEADER, header.name) for header in when.headers)
    if when.attachments:
        yield frozenset((ATTACHED,))
    if when.history:
        yield frozenset((HISTORY,))
    for wanted in when.facts:
        yield frozenset((FACT, one.name) for one in wanted)
    if when.patterns:
        yield _any_of([_letters(pattern) for pattern in when.patterns])
    for part in when.all:
        yield lead_of(part)
    if when.any:
        yield _any_of([lead_of(part) for part in when.any])


def _letters(pattern: Pattern) -> Lead | None:
    return frozenset((LETTERS, one) for one in pattern.letters) or None


def _each(signs: Iterable[Sign | None]) -> Lead | None:
    found = list(signs)
    known = [sign for sign in found if sign is not None]
    return frozenset(known) if len(known) == len(found) else None


def _any_of(leads: Sequence[Lead | None]) -> Lead | None:
    known = [lead for lead in leads if lead is not None]
    return frozenset().union(*known) if len(known) == len(leads) else None


def _sender_sign(written: str) -> Sign | None:
    """What a sender must be: an address, a domain, or what stands before it; None where none is said."""
    local, at, domain = written.strip().lower().rpartition("@")
    if not at:
        return None
    if "*" not in domain:
        return (SENDER, f"{local}@{domain}") if "*" not in local else (DOMAIN, domain)
    return (LOCAL, local) if "*" not in local else None


class Leads:
    """The rules by their signs."""

    def __init__(self, leads: Iterable[Lead | None], phrases: int) -> None:
        """`phrases` is how many there are in all rules."""
        self._by_phrase = array("i", [NO_RULE]) * phrases
        """The rule of each phrase; none where the rule has a better lead."""
        self._by_sign: dict[Other, list[int]] = {}
        self._always: list[int] = []
        for number, lead in enumerate(leads):
            if lead is None:
                self._always.append(number)
            for sign in lead or ():
                if isinstance(sign, range):
                    self._by_phrase[sign.start : sign.stop] = array("i", [number]) * len(sign)
                else:
                    self._by_sign.setdefault(sign, []).append(number)
        self._letters = _finder(sign[1] for sign in self._by_sign if sign[0] == LETTERS)

    def concerned(self, mail: Folded, phrases: Collection[int], around: Around) -> list[int]:
        """The rules that may hold, in order."""
        touched = {*self._always, *map(self._by_phrase.__getitem__, phrases)} - {NO_RULE}
        for sign in self._signs(mail, around):
            touched.update(self._by_sign.get(sign, ()))
        return sorted(touched)

    def _signs(self, mail: Folded, around: Around) -> Iterator[Other]:
        sender = around.sender.strip().lower()
        yield SENDER, sender
        yield LOCAL, sender.rpartition("@")[0]
        yield DOMAIN, sender.rpartition("@")[2]
        for name in {name.lower() for name, _ in around.headers}:
            yield HEADER, name
        for fact in around.facts:
            yield FACT, fact.name
        if around.attachments:
            yield ATTACHED
        if around.past is not None:
            yield HISTORY
        if self._letters is not None:
            for letters in {found for _, found in self._letters.iter(mail.text)}:
                yield LETTERS, letters


def _finder(texts: Iterable[str]) -> Any:
    """Finds all of the texts in one pass; None when there are none."""
    automaton = ahocorasick.Automaton()
    for text in texts:
        automaton.add_word(text, text)
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton
