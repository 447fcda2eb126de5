"""Whether the conditions of a rule hold for a mail, and by which of its words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cases.channels import Channel
from cases.rules.attachments import Wanted
from cases.rules.fold import Folded
from cases.rules.matching import Span
from cases.rules.past import History, Past
from cases.rules.patterns import Pattern
from cases.rules.wanted_facts import WantedFact
from cases.rules.wild import HeaderWild, Wild
from store.values import MAIN, Attachment, Fact

PATTERN_STRENGTH = 1.5
BARE_STRENGTH = 1.0
"""What anything but words says by itself."""


@dataclass(frozen=True)
class Compiled:
    """The conditions of a rule, ready to be looked for. Phrases are numbers of the finder's."""

    phrases: range = range(0)
    patterns: tuple[Pattern, ...] = ()
    headers: tuple[HeaderWild, ...] = ()
    senders: tuple[Wild, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    mailboxes: tuple[str, ...] = ()
    attachments: tuple[Wanted, ...] = ()
    history: History | None = None
    facts: tuple[tuple[WantedFact, ...], ...] = ()
    """For each fact that is asked for, what it may say."""
    all: tuple[Compiled, ...] = ()
    any: tuple[Compiled, ...] = ()
    not_: Compiled | None = None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The kinds of conditions that it has, the cheapest first."""
        return tuple(name for name in _CONDITIONS if getattr(self, name))


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a mail beside its words."""

    language: str = ""
    headers: Sequence[tuple[str, str]] = ()
    sender: str = ""
    channel: str = Channel.MAIL
    attachments: Sequence[Attachment] = ()
    facts: Sequence[Fact] = ()
    past: Past | None = None
    """None where the customer's earlier cases are not known: no rule that asks for them holds."""
    mailbox: str = MAIN


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail, and the phrases that were found in it."""

    mail: Folded
    found: Mapping[int, Sequence[Span]]
    strengths: Sequence[float]
    around: Around
    numbers: Sequence[int]
    """The phrases that were found, in order."""

    def among(self, phrases: range) -> Sequence[int]:
        """Those of a rule's phrases that were found: a rule has many, and a mail few of all."""
        first = bisect_left(self.numbers, phrases.start)
        return self.numbers[first : bisect_left(self.numbers, phrases.stop, first)]


class Evidence(NamedTuple):
    """Words that speak for a rule, and how strongly."""

    words: str
    strength: float
    in_subject: bool = False


def holds(when: Compiled, seen: Seen) -> list[Evidence] | None:
    """The words that make every line of the conditions hold; None when one doesn't."""
    evidence: list[Evidence] = []
    for name in when.lines:
        found = _CONDITIONS[name](when, seen)
        if found is None:
            return None
        evidence += found
    return evidence


def lines_of(when: Compiled, seen: Seen) -> Iterator[tuple[str, list[Evidence] | None]]:
    """Each line of the conditions with the words that make it hold; None when it doesn't.

    The lines of each part of an `all` stand for themselves.
    """
    for name in when.lines:
        if name != "all":
            yield _WRITTEN.get(name, name), _CONDITIONS[name](when, seen)
    for part in when.all:
        yield from lines_of(part, seen)


def _phrases(when: Compiled, seen: Seen) -> list[Evidence] | None:
    """Each phrase once, and of several on the same words the strongest."""
    by_words: dict[Span, int] = {}
    for number in seen.among(when.phrases):
        best = by_words.setdefault(seen.found[number][0], number)
        if seen.strengths[number] > seen.strengths[best]:
            by_words[seen.found[number][0]] = number
    return [_phrase_evidence(seen, number) for number in by_words.values()] or None


def _phrase_evidence(seen: Seen, number: int) -> Evidence:
    mail, spans = seen.mail, seen.found[number]
    first, last = spans[0]
    tokens = mail.token_of
    in_subject = mail.in_subject(tokens[min(spans).first if len(spans) > 1 else first])
    return Evidence(mail.as_written(tokens[first], tokens[last]), seen.strengths[number], in_subject)


def _patterns(when: Compiled, seen: Seen) -> list[Evidence] | None:
    mail = seen.mail
    found = []
    for pattern in when.patterns:
        for start, end in pattern.spans(mail.text, limit=1):
            first, last = mail.token_at(start), mail.token_at(max(start, end - 1))
            words = mail.as_written(first, last)
            found.append(Evidence(words, PATTERN_STRENGTH, mail.in_subject(first)))
    return found or None


def _headers(when: Compiled, seen: Seen) -> list[Evidence] | None:
    fitting = filter(None, (header.fits(seen.around.headers) for header in when.headers))
    return [Evidence(words, BARE_STRENGTH) for words in fitting] or None


def _senders(when: Compiled, seen: Seen) -> list[Evidence] | None:
    sender = seen.around.sender
    return [Evidence(sender, BARE_STRENGTH)] if any(wild.fits(sender) for wild in when.senders) else None


def _languages(when: Compiled, seen: Seen) -> list[Evidence] | None:
    return [] if seen.around.language in when.languages else None


def _channels(when: Compiled, seen: Seen) -> list[Evidence] | None:
    return [] if seen.around.channel in when.channels else None


def _mailboxes(when: Compiled, seen: Seen) -> list[Evidence] | None:
    return [] if seen.around.mailbox in when.mailboxes else None


def _attachments(when: Compiled, seen: Seen) -> list[Evidence] | None:
    files = (wanted.first(seen.around.attachments) for wanted in when.attachments)
    return [Evidence(file.filename, BARE_STRENGTH) for file in files if file] or None


def _history(when: Compiled, seen: Seen) -> list[Evidence] | None:
    past, wanted = seen.around.past, when.history
    return [] if wanted is None or (past is not None and past.fits(wanted)) else None


def _facts(when: Compiled, seen: Seen) -> list[Evidence] | None:
    found = []
    for wanted in when.facts:
        fact = next((fact for one in wanted if (fact := one.first(seen.around.facts))), None)
        if fact is None:
            return None
        found.append(Evidence(fact.as_written or fact.value, BARE_STRENGTH, fact.where == "subject"))
    return found


def _all(when: Compiled, seen: Seen) -> list[Evidence] | None:
    parts = [holds(part, seen) for part in when.all]
    if any(part is None for part in parts):
        return None
    return [evidence for part in parts for evidence in part or []]


def _any(when: Compiled, seen: Seen) -> list[Evidence] | None:
    parts = [part for one in when.any if (part := holds(one, seen)) is not None]
    return [evidence for part in parts for evidence in part] if parts else None


def _not(when: Compiled, seen: Seen) -> list[Evidence] | None:
    return [] if when.not_ is None or holds(when.not_, seen) is None else None


_CONDITIONS = {
    "languages": _languages,
    "channels": _channels,
    "mailboxes": _mailboxes,
    "phrases": _phrases,
    "patterns": _patterns,
    "headers": _headers,
    "senders": _senders,
    "attachments": _attachments,
    "history": _history,
    "facts": _facts,
    "all": _all,
    "any": _any,
    "not_": _not,
}
"""What each kind of condition finds, where a rule has one: None when it does not hold. The cheapest first."""
_WRITTEN = {
    "phrases": "phrase",
    "patterns": "pattern",
    "headers": "header",
    "senders": "sender",
    "languages": "language",
    "channels": "channel",
    "mailboxes": "mailbox",
    "attachments": "attachment",
    "facts": "fact",
    "not_": "not",
}
"""How a line is called in the files, where that differs."""
