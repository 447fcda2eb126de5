"""One case for a terminal: `worker.py show`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from cases.rules.rulebook import Rulebook
from cases.showing_events import UNTOLD
from engine import money_views
from engine.views import cell
from store.forgetting import TO_AGENTS
from store.values import CORRECTIONS, MAIN, SOFTWARE

Row = Mapping[str, Any]
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_FACTS = ("status", "kind", "category", "severity", "language", "customer", "assignee", "opened", "deadline")


@dataclass(frozen=True, slots=True)
class Plain:
    """Records in plain words: agents by name, times as the firm's clock shows them."""

    names: Mapping[str, str]
    """Of the agents, by address."""
    zone: tzinfo

    @classmethod
    def by(cls, rulebook: Rulebook | None) -> Plain:
        """As the rules say; without any, by address, and in UTC."""
        if rulebook is None:
            return cls({}, UTC)
        return cls(
            {agent.address: agent.name for agent in rulebook.agents}, ZoneInfo(rulebook.calendar.time_zone)
        )

    def words(self, text: object) -> str:
        """One line of ours, so."""
        found = _MOMENT.sub(self._moment, cell(text))
        for address, name in self.names.items():
            found = re.sub(rf"(?<![\w.+-]){re.escape(address)}(?!\.?[\w-])", name.replace("\\", r"\\"), found)
        return found

    def who(self, actor: str) -> str:
        """Who did something."""
        return "by itself" if actor == SOFTWARE else self.words(actor)

    def _moment(self, found: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(found[0]).astimezone(self.zone):%a %d %b %Y %H:%M}"


def page(case: Row, rulebook: Rulebook | None = None, *, everything: bool = False) -> str:
    """The case as text; letters to agents and what says nothing of the case only with `everything`."""
    plain = Plain.by(rulebook)
    parts = (
        _about(case, plain),
        _mails(case["mails"], plain),
        _drafts(case["drafts"]),
        map(plain.words, money_views.lines(case)),
        _letters(case["letters"], plain, everything=everything),
        _events(case["events"], plain, everything=everything),
    )
    return "\n".join(line.rstrip() for part in parts for line in part)


def _about(case: Row, plain: Plain) -> Iterator[str]:
    yield from (cell(f"Case {case['number']}: {case['subject']}"), "")
    for name in _FACTS:
        yield f"{name:<10} {plain.words(case[name])}"
    if case["mailbox"] != MAIN:
        yield f"{'mailbox':<10} {cell(case['mailbox'])}"
    for name, values in case["facts"].items():
        yield f"{'fact':<10} {cell(name)}: {cell(', '.join(values))}"
    if case["note"]:
        yield f"{'note':<10} {cell(case['note'])}"
    for hit in case["why"]:
        yield f"{'why':<10} {plain.words(_because(hit))}"


def _because(hit: Row) -> str:
    """A reason for the category: a rule, what was learned, or the person who corrected it."""
    rule, words = hit["rule"], ", ".join(hit["words"])
    if CORRECTIONS in hit:
        rule = f"learned from {hit[CORRECTIONS]} corrections"
    found = f"corrected by {hit['by']}" if "by" in hit else f"{rule}: {words}"
    return f"{found} → {hit['says']}"


def _mails(mails: Iterable[Row], plain: Plain) -> Iterator[str]:
    for mail in mails:
        yield from ("", f"{plain.words(mail['received'])}  " + cell(f"{mail['kind']} from {mail['from']}"))
        yield from _indented(mail["words"])
        yield from _indented("-- \n" + mail["signature"]) if mail["signature"] else ()


def _drafts(drafts: Iterable[Row]) -> Iterator[str]:
    for draft in drafts:
        yield from ("", f"draft {draft['version']} ({draft['state']})", *_indented(draft["body"]))


def _letters(letters: Iterable[Row], plain: Plain, *, everything: bool) -> Iterator[str]:
    """With their ids, for `replay`; one that may not have arrived is always among them."""
    told = [one for one in letters if everything or one["note"] or one["kind"] not in TO_AGENTS]
    if told:
        yield from ("", "letters")
    for one in told:
        sent = plain.words(one["sent"])
        note = plain.words(f"to {one['to']}  {one['note']}")
        yield f"  {one['id']:<5} {one['kind']:<10} {one['state']:<8} {sent:<22} {note}"


def _events(events: Iterable[Row], plain: Plain, *, everything: bool) -> Iterator[str]:
    told = [one for one in events if everything or one["kind"] not in UNTOLD]
    if told:
        yield from ("", "what happened")
    for one in told:
        kind = one["kind"].replace("-", " ")
        yield f"  {plain.words(one['at'])}  {kind:<16} {plain.who(one['actor'])}: {plain.words(one['text'])}"


def _indented(text: str) -> list[str]:
    return [f"  {cell(line)}" for line in text.splitlines()]
