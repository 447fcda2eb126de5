"""The words of the page in one language: templates/<language>/report.yaml, and names that the rules give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup, escape

from cases.naming import COMPENSATION, Names
from language import counts, dates
from language.money import decimals_of

MINUTE, HOUR, DAY = 60, 3600, 86400
FEW_SECONDS, FEW_MINUTES, FEW_HOURS = 100, 90 * MINUTE, 48 * HOUR
"""Up to these, lengths of time are told in the smaller unit."""
PLURALS = ("zero", "one", "two", "few", "many")
"""Forms that a language may have beside the usual one."""
NOUNS = (
    *("cases", "days", "signals", "customers", "praises", "answers", "agents"),
    *("seconds", "minutes", "hours", "work-minutes", "work-hours", "work-days"),
)
_AGAINST = ("grown", "grown_count", "grown_before")
_WAITS = ("count", "median", "p90", "work_median", "work_p90", "before")
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "title": (),
    "period": ("first", "last"),
    "made": ("at", "zone", "days", "first", "last"),
    "empty": (),
    "numbers": (),
    "contents": (),
    "tile-before": ("value",),
    "against": ("count", "before"),
    "part": ("unit", "first"),
    "says-volumes": ("count", "before", "where", "most"),
    "says-causes": ("cause", "count", "all", *_AGAINST),
    "says-together": ("cause", "fact", "value", "count"),
    "says-signals": ("count", "last"),
    "says-acknowledgement": _WAITS,
    "says-answer": _WAITS,
    "says-resolution": _WAITS,
    "says-deadlines": ("kept", "decided", "share", "before"),
    "says-no-deadlines": (),
    "says-promises": ("kept", "late", "missed", "decided", "share", "before"),
    "says-no-promises": (),
    "says-asked": ("asked", "answered"),
    "says-scores": ("part", "whole", "share", "low", "high", "before"),
    "says-no-scores": (),
    "says-satisfied": ("cause", "share", "whole"),
    "says-reopened": ("ended", "reopened", "share", "before"),
    "says-no-reopened": (),
    "says-compensation": (
        *("currency", "offered", "offered_sum", "paid", "paid_sum"),
        *("owed", "owed_sum"),
    ),
    "says-no-compensation": (),
    "says-queue": ("count", "unassigned", "overdue", "put_off"),
    "says-age": ("count", "days"),
    "says-oldest": ("number", "opened"),
    "says-praise": ("count", "before"),
    "says-agents": ("count", "agents"),
    "age-first": ("to",),
    "age": ("from", "to"),
    "age-last": ("from",),
    "score": ("score",),
    "fact": ("name", "value"),
    "nobody": (),
    **dict.fromkeys(("note-volumes", "note-deadlines", "note-satisfaction", "note-reopened"), ()),
    **dict.fromkeys(("note-queue", "note-agents"), ()),
    "note-times": ("hours",),
}
"""What the page says, and what may stand between {{ }} in each."""
SECTIONS = (
    *("volumes", "causes", "signals", "times", "deadlines", "satisfaction", "reopened", "compensation"),
    *("queue", "praise", "agents", "notes"),
)
TILES = ("received", "waiting", "answer", "deadlines", "satisfied", "reopened")
COLUMNS = (
    *("from", "to", "all", "kind", "cause", "cases", "before", "severity", "channel", "language", "fact"),
    *("value", "raised", "why", "name", "facts", "terms", "expected", "since", "of", "median", "p90"),
    *("work_median", "work_p90", "which", "kept", "late", "missed", "running", "share", "score", "customers"),
    *("satisfied", "answered", "low", "high", "asked", "ended", "reopened", "currency", "compensation"),
    *("offered", "offered_sum", "paid", "paid_sum", "owed", "owed_sum", "waiting", "unassigned", "unseen"),
    *("overdue", "put_off", "age", "case", "opened", "deadline", "agent", "approved", "median_answer"),
    *("promises_kept", "promises_missed"),
)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "section": SECTIONS,
    "tile": TILES,
    "column": COLUMNS,
    "of": ("all", "before"),
    "which": ("answer", "resolve", "final"),
    "why": ("threshold", "growth", "cluster"),
}
KEYS = (*SENTENCES, *NOUNS, *(f"{group}-{name}" for group, names in GROUPS.items() for name in names))
"""Every key that English has to have."""
KNOWN = (*KEYS, *(f"{noun}-{plural}" for noun in NOUNS for plural in PLURALS))


@dataclass(frozen=True, slots=True)
class Words:
    """Says everything of the page in one language. `templates` knows the filters that letters have."""

    language: str
    zone: tzinfo
    templates: Environment
    texts: Mapping[str, str]
    labels: Mapping[tuple[str, str], str]
    names: Names
    agents: Mapping[str, str]
    """Their names, by address."""
    day_hours: float
    """Of an ordinary working day."""
    _made: dict[str, Template] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        self.templates.filters.update(
            n=self.number,
            share=self.share,
            length=self.length,
            work=self.work,
            counted=self.counted,
            against=self.against,
            cause=self.cause,
            fact_name=self.fact,
            currency=self.currency,
        )

    @property
    def here(self) -> str:
        """The language as it is written in the firm's country."""
        return dates.at_home(self.language, self.zone)

    def say(self, key: str, **values: Any) -> Markup:
        """A sentence, filled in; ready for HTML."""
        if key not in self._made:
            self._made[key] = self.templates.from_string(self.texts[key])
        return Markup(self._made[key].render(values))  # noqa: S704 - it escapes what it is filled in with

    def label(self, group: str, name: str) -> str:
        """What severities, kinds and channels are called, as in letters."""
        return self.labels.get((group, name), name)

    def number(self, value: float) -> str:
        """A count."""
        return counts.count(value, self.here)

    def share(self, value: float) -> str:
        """A share of 1, in percent."""
        return counts.share(value, self.here)

    def counted(self, value: float, noun: str) -> str:
        """A count and what is counted, in the form that belongs to the count."""
        form = dates.locale_of(self.here).plural_form(value)
        text = self.texts.get(f"{noun}-{form}", self.texts[noun])
        return text.replace("{n}", self.number(value))

    def length(self, seconds: float) -> str:
        """A length of time in the unit that suits it."""
        if seconds < FEW_SECONDS:
            return self.counted(counts.rounded(seconds), "seconds")
        if seconds < FEW_MINUTES:
            return self.counted(counts.rounded(seconds / MINUTE), "minutes")
        if seconds < FEW_HOURS:
            return self.counted(counts.rounded(seconds / HOUR), "hours")
        return self.counted(counts.rounded(seconds / DAY), "days")

    def work(self, seconds: float) -> str:
        """The same of working time."""
        if seconds < FEW_MINUTES:
            return self.counted(counts.rounded(seconds / MINUTE), "work-minutes")
        hours = seconds / HOUR
        if hours <= self.day_hours:
            return self.counted(counts.rounded(hours), "work-hours")
        return self.counted(counts.rounded(hours / self.day_hours), "work-days")

    def against(self, count: float, before: float) -> Markup:
        """A count against that of the time before."""
        return self.say("against", count=count, before=before)

    def cause(self, name: str) -> str:
        """What a cause is called."""
        return self.names.category(name, self.language)

    def fact(self, name: str) -> str:
        """What a fact is called."""
        return self.names.fact(name, self.language)

    def compensation(self, kind: str) -> str:
        """What a kind of compensation is called."""
        return self.names.value(kind, COMPENSATION, self.language)

    def currency(self, code: str) -> Markup:
        """A currency's code, which runs its own way."""
        return Markup("<bdi>{}</bdi>").format(code)

    def amount(self, value: str | Decimal, currency: str) -> str:
        """A sum of money where its currency is told beside it."""
        return counts.amount(Decimal(value), decimals_of(currency), self.here)

    def agent(self, address: str) -> Markup:
        """An agent's name, or the address of somebody whom the rules do not name."""
        if not address:
            return escape(self.texts["nobody"])
        return Markup("<bdi>{}</bdi>").format(self.agents.get(address, address))
