"""`worker.py rules try`: changed rules beside those in force, over stored mail. Nothing is changed by it.

Mails are read here in batches, and classified by two processes that know nothing of the database. Only the
rules are compared: what was learned from corrections joins neither side.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from cases.assigning import Matter, members, routed
from cases.rules.classify import judged
from cases.rules.conditions import Conditions
from cases.rules.fold import fold
from cases.rules.holding import Around
from cases.rules.past import MOST, Past
from cases.rules.rulebook import Rulebook
from engine.progress import Progress
from inbox.mime.limits import Limits
from inbox.parse import parse
from language.detect import detect, likely
from reports.trial import Compared, Side, Trial, reasons
from store import openings as stored
from store import queries
from store.database import Database
from store.models import Case
from store.openings import EVER, Opening
from store.packing import Damaged
from store.values import MAIN, Attachment, Fact, Verdict

CORES = 2
WAITING = 4
"""Batches that are in hand at once, so that memory does not grow with the mails."""
_NO_BYTES = b""


class Sample(NamedTuple):
    """A stored mail, with what the rules may ask of it."""

    opening: Opening
    head: bytes = _NO_BYTES
    """Its header fields, where a rule asks for them."""
    past: tuple[Case, ...] | None = None
    """The customer's earlier cases, where a rule asks for them."""


@dataclass(frozen=True, slots=True)
class Both:
    """The rules in force and the changed ones."""

    before: Rulebook
    after: Rulebook
    limits: Limits = field(default_factory=Limits)

    def ask(self, line: str) -> bool:
        """Whether some rule of either has such a line."""
        return asks(self.before, line) or asks(self.after, line)

    def compared(self, sample: Sample, facts: tuple[bool, bool]) -> Compared:
        """A mail under both; `facts`: whether each asks what the mail tells."""
        headers, one = self._headers(sample.head), sample.opening
        mail = fold(one.subject, one.words)
        known = [
            rules.extracting.facts_in(mail, one.signature, one.language) if wanted else ()
            for rules, wanted in zip((self.before, self.after), facts, strict=True)
        ]
        before = judged(mail, around(sample, headers, known[0]), self.before)
        after = judged(mail, around(sample, headers, known[1]), self.after)
        sides = _side(before, one, self.before), _side(after, one, self.after)
        return Compared(*sides, reasons(before.hits, after.hits) if sides[0] != sides[1] else ())

    def each(self, samples: Sequence[Sample]) -> list[Compared]:
        """Mails under both."""
        facts = asks(self.before, "fact"), asks(self.after, "fact")
        return [self.compared(sample, facts) for sample in samples]

    def _headers(self, head: bytes) -> Sequence[tuple[str, str]]:
        if not head:
            return ()
        return parse(head, self.before.words, self.limits, self.before.signs).headers


def around(sample: Sample, headers: Sequence[tuple[str, str]] = (), facts: tuple[Fact, ...] = ()) -> Around:
    """What rules may ask of a stored mail besides its words."""
    one = sample.opening
    return Around(
        language=one.language,
        headers=headers,
        sender=one.customer,
        channel=one.channel,
        attachments=tuple(Attachment(name, "", 0) for name in one.attachments),
        facts=facts,
        past=None if sample.past is None else Past(one.opened_at, sample.past),
        mailbox=one.mailbox or MAIN,
    )


def _side(verdict: Verdict, one: Opening, rules: Rulebook) -> Side:
    kind, severity = verdict.kind.value, verdict.severity.value
    return Side(verdict.category, kind, severity, goes_to(verdict, one, rules))


def goes_to(verdict: Verdict, one: Opening, rules: Rulebook) -> str:
    """Who could have had such a case at that time, were nobody away."""
    if verdict.escalate and (taking := members(verdict.escalate, rules)):
        return ", ".join(agent.address for agent in taking)
    named = rules.agent(verdict.assign) if verdict.assign else None
    if named:
        return named.address
    tags, here = tuple(verdict.tags), one.mailbox or MAIN
    matter = Matter(verdict.language, verdict.category, verdict.severity, tags, one.channel, here)
    return ", ".join(agent.address for agent in routed(matter, rules, one.opened_at)[1])


def asks(rules: Rulebook, line: str) -> bool:
    """Whether some rule has such a line, however deep: header, fact, history …"""
    return any(_has(rule.when, line) for rule in rules.rules)


def _has(when: Conditions, line: str) -> bool:
    return bool(getattr(when, line)) or any(_has(inner, line) for inner in when.inner)


# -- two processes

_both: list[Both] = []
"""In a process that classifies: the rules that it was begun with."""


def _begin(both: Both) -> None:
    # Ctrl-C ends the command; these end with it, without a word of their own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _both[:] = [both]


def _batch(samples: Sequence[Sample]) -> list[Compared]:
    return _both[0].each(samples)


class Pair:
    """Compares batches of mails, on two cores where there are two. Begin it before a database is opened."""

    def __init__(self, both: Both, cores: int = CORES) -> None:
        self.both = both
        self._cores = min(cores, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
        self._context: AbstractContextManager[Executor | None] = nullcontext()
        if self._cores > 1:
            # They inherit the rules, and nothing else is open yet.
            fork = multiprocessing.get_context("fork")
            self._context = ProcessPoolExecutor(self._cores, fork, _begin, (both,))
        self._pool: Executor | None = None

    def __enter__(self) -> Pair:
        self._pool = self._context.__enter__()
        if self._pool:
            self._pool.submit(_batch, []).result()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        self._context.__exit__(*error)

    def compared(self, batches: Iterable[Sequence[Sample]]) -> Iterator[list[tuple[Opening, Compared]]]:
        """Each batch with what both rulebooks say, in order."""
        if self._pool is None:
            for samples in batches:
                yield _together(samples, self.both.each(samples))
            return
        waiting: deque[tuple[Sequence[Sample], Future[list[Compared]]]] = deque()
        for samples in batches:
            waiting.append((samples, self._pool.submit(_batch, samples)))
            if len(waiting) >= WAITING:
                first, future = waiting.popleft()
                yield _together(first, future.result())
        for first, future in waiting:
            yield _together(first, future.result())


def _together(samples: Sequence[Sample], said: Sequence[Compared]) -> list[tuple[Opening, Compared]]:
    return [(sample.opening, compared) for sample, compared in zip(samples, said, strict=True)]


# -- from the database


def tried(
    pair: Pair, database: Database, progress: Progress, *, since: datetime = EVER, limit: int, labels: bool
) -> Trial:
    """What the changed rules would make of what cases began with since then."""
    trial = Trial(limit)
    for batch in pair.compared(_samples(database, pair.both, since)):
        for one, compared in batch:
            trial.add(one.number, one.subject, compared, one.corrected)
            if one.meant:
                trial.judge(compared, one.meant, corrected=bool(one.corrected))
        progress.step(len(batch))
    if labels:
        outside = (list(map(Sample, batch)) for batch in given_from_outside(database, since))
        for batch in pair.compared(outside):
            for one, compared in batch:
                if one.corrected:
                    trial.judge(compared, one.corrected, corrected=True)
    return trial


def given_from_outside(database: Database, since: datetime) -> Iterator[list[Opening]]:
    """The corrections that are of no case, each in the language that its words tell."""
    for batch in stored.given_from_outside(database, since):
        yield [one if one.language else replace(one, language=_language(one)) for one in batch]


def _language(one: Opening) -> str:
    return detect(one.words) or detect(one.subject) or likely(f"{one.subject} {one.words}")


def _samples(database: Database, both: Both, since: datetime) -> Iterator[list[Sample]]:
    headers, past = both.ask("header"), both.ask("history")
    for batch in stored.openings(database, since):
        if not (headers or past):
            yield list(map(Sample, batch))
            continue
        with database.read() as session:
            yield [sample_of(session, one, both.limits, headers=headers, past=past) for one in batch]


def sample_of(session: Session, one: Opening, limits: Limits, *, headers: bool, past: bool) -> Sample:
    """A stored mail with its header fields and the customer's earlier cases, where they are asked for."""
    head = _head(session, one.raw_id, limits) if headers and one.raw_id is not None else _NO_BYTES
    earlier = queries.earlier_cases(session, one.customer, one.number, MOST) if past else None
    return Sample(one, head, None if earlier is None else tuple(earlier))


def _head(session: Session, raw_id: int, limits: Limits) -> bytes:
    try:
        start = queries.raw(session, raw_id)[: limits.header_bytes]
    except Damaged:
        return _NO_BYTES  # its words are known all the same
    ends = [at for at in (start.find(b"\r\n\r\n"), start.find(b"\n\n")) if at >= 0]
    return start[: min(ends)] + b"\r\n\r\n" if ends else start
