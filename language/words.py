"""The words of one language, as rules/words/<language>.yaml lists them.

A pattern is plain text in which `*` stands for any run of characters within one line; letters match in
either case. Nothing in a pattern is a regular expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from language.normalise import normalise, spoken

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_LOWEST, _HIGHEST = 1, 5
"""Scores of the check-in."""
Unit = Literal["minutes", "hours", "days", "weeks", "working-hours", "working-days"]


class HeaderLabels(BaseModel):
    """How mail clients of this language label the header lines that they copy above a quoted mail."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    sender: tuple[str, ...] = Field((), alias="from")
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()


class DateWords(BaseModel):
    """How people write days and times to come: "friday", "in 3 working days", "1 Dec at 14:00"."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    by: tuple[str, ...] = ()
    """What stands between a promise and its day: "by"."""
    skip: tuple[str, ...] = ()
    """Words that change nothing: "on", "in", "the"."""
    at: tuple[str, ...] = ()
    """What stands before a time of day."""
    am: tuple[str, ...] = ()
    pm: tuple[str, ...] = ()
    noon: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    """Before a day it means the day before: "before"."""
    within: tuple[str, ...] = ()
    """What shows that a stretch of time is a promise's day, also without "by": "within"."""
    week_end: tuple[str, ...] = ()
    """The firm's last working day of a week: "end of the week"."""
    next: tuple[str, ...] = ()
    """Before or after a weekday it can mean two days: "next"."""
    ordinals: tuple[str, ...] = ()
    """Endings of a day's number: "st", "th"."""
    days: dict[int, tuple[str, ...]] = {}
    """By how many days from today they are: 1 is tomorrow."""
    weekdays: dict[Weekday, tuple[str, ...]] = {}
    months: dict[int, tuple[str, ...]] = {}
    jalali_months: dict[int, tuple[str, ...]] = {}
    numbers: dict[int, tuple[str, ...]] = {}
    units: dict[Unit, tuple[str, ...]] = {}
    """A word of `skip` or `at` may stand here too: behind a number it is the unit."""
    one: dict[Unit, tuple[str, ...]] = {}
    """What says one of a unit without a number."""
    two: dict[Unit, tuple[str, ...]] = {}
    """What says two of a unit without a number."""


class MoneyWords(BaseModel):
    """How people write amounts: "50 €", "۲۰۰ هزار تومان"."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    currencies: dict[str, tuple[str, ...]] = {}
    """Signs and names of a currency, by its code; the code in capitals needs no entry."""
    tens: dict[str, tuple[str, ...]] = {}
    """Names for ten of a currency's unit: a toman is ten rials."""
    multiples: dict[int, tuple[str, ...]] = {}
    """Words behind an amount that multiply it: 1000 is "thousand"."""

    @cached_property
    def named(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """What each sign or name, normalised, can mean: a currency's code, and how many of its units."""
        found: dict[str, list[tuple[str, int]]] = {}
        for worth, group in ((1, self.currencies), (10, self.tens)):
            for currency, phrases in group.items():
                for phrase in phrases:
                    found.setdefault(normalise(phrase), []).append((currency, worth))
        return {name: tuple(meant) for name, meant in found.items()}

    @cached_property
    def times(self) -> Mapping[str, int]:
        """What each word that multiplies, normalised, stands for."""
        return {normalise(one): times for times, phrases in self.multiples.items() for one in phrases}


class Words(BaseModel):
    """What people of one language write around their words, and how they answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    language: str
    """ISO 639-1."""
    name: str
    """The language's own name for itself."""
    common: tuple[str, ...] = ()
    """The commonest words of the language: a mail in it is known by them, where it is not known without."""
    letters: str = ""
    """Letters that it has and other languages of its script lack."""
    attribution: tuple[str, ...] = ()
    """Lines that introduce a quoted mail: "On * wrote:"."""
    header_labels: HeaderLabels = HeaderLabels()
    forwarded: tuple[str, ...] = ()
    """Lines above a forwarded or original mail: "Begin forwarded message:"."""
    sent_from: tuple[str, ...] = ()
    """Lines that a device adds: "Sent from my *"."""
    subject_prefix: tuple[str, ...] = ()
    """What mail programs put before the subject of a reply or a forwarded mail: "Re", "Fwd"."""
    closing: tuple[str, ...] = ()
    """Words that end a letter, above the name: "Kind regards"."""
    reply_above: tuple[str, ...] = ()
    """Lines that a desk puts above what it quotes: "* reply above this line *"."""
    banner: tuple[str, ...] = ()
    """Warnings that a gateway puts above mail from outside: "CAUTION: This email originated *"."""
    footer: tuple[str, ...] = ()
    """Beginnings of legal and advertising footers: "This email and any attachments are confidential*"."""
    auto_reply_subject: tuple[str, ...] = ()
    """Beginnings of the subject of an automatic reply: "Out of office".

    An entry must be the whole subject or stand apart from the rest ("Out of office: …"), because people
    complain about automatic replies too. With a star at its end any words may follow ("Out of office until
    *"), with one at its beginning a name comes before ("* is out of the office"), a colon at its end must be
    there.
    """
    challenge_subject: tuple[str, ...] = ()
    """Subjects of mails that ask for a proof that we are no program: "Please confirm your message".

    Read as `auto_reply_subject` is.
    """
    courtesy: tuple[str, ...] = ()
    """Thanks and greetings: a mail of nothing else asks for nothing."""
    solved: tuple[str, ...] = ()
    """Answers to the check-in that mean "yes, it is solved"."""
    not_solved: tuple[str, ...] = ()
    """Answers to the check-in that mean "no, it is not"."""
    scores: dict[int, tuple[str, ...]] = {}
    """Words that stand for a check-in score from 1 to 5."""
    stop_asking: tuple[str, ...] = ()
    """Answers to the check-in that mean "do not ask me any more"; its button writes the first."""
    ask_again: tuple[str, ...] = ()
    """What takes that back; letters name the first."""
    commands: dict[str, tuple[str, ...]] = {}
    """Other names of the agents' commands, by the command's English name."""
    choices: dict[str, tuple[str, ...]] = {}
    """Other words for what can stand behind or below a command, such as `severity high`, by the English."""
    dates: DateWords = DateWords()
    """How agents write days and times to come."""
    money: MoneyWords = MoneyWords()
    """How agents write amounts of money."""

    @cached_property
    def courtesies(self) -> frozenset[str]:
        """What asks for nothing and may stand around anything: thanks, greetings, words that end a letter."""
        return frozenset(map(spoken, (*self.courtesy, *self.closing)))

    @cached_property
    def answers(self) -> Mapping[str, int]:
        """Every answer to the check-in in words, with its score; where two disagree, the lower."""
        scored = [(phrase, score) for score, phrases in self.scores.items() for phrase in phrases]
        scored += [(phrase, _HIGHEST) for phrase in self.solved]
        scored += [(phrase, _LOWEST) for phrase in self.not_solved]
        return {spoken(phrase): score for phrase, score in sorted(scored, key=lambda pair: -pair[1])}
