"""What templates can do with a value.

A filter that makes blocks or isolates gives back `Marked` text; everything else that a template prints is
data: it is cleaned. One rendering serves text and HTML (outbox/page.py escapes it); only the frame of an HTML
letter is a template of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

from jinja2 import Environment, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from language import dates, deadlines
from language import money as amounts
from language.direction import first_strong, printable, printable_lines
from language.sizes import file_size
from outbox.marked import Labels, Marked, in_a_subject, isolated_text, needs_isolation
from outbox.markup import LINK, mark
from outbox.naming import naming_filters

_FILE = re.compile(r"(?P<name>.*) \((?P<bytes>[\d,]+) bytes\)")
Moment = TypeVar("Moment", date, datetime)
_REPLY = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|sv|tr|پاسخ|بازارسال|השב|תגובה|הועבר|رد|إعادة توجيه)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)


def environment(language: str, zone: tzinfo, labels: Labels, *, html: bool) -> ImmutableSandboxedEnvironment:
    """Templates of one language, of letters or of their frame in HTML: sandboxed, strict, without globals."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=html,
        finalize=None if html else _finalize,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters |= _words(language, zone, labels) | (
        _html(language) if html else _text(language) | naming_filters(language, labels)
    )
    return made


def subjects(letters: Environment, language: str) -> Environment:
    """Templates of the subjects of letters: a value that runs against the language is isolated (L2)."""

    def finalize(value: Any) -> str:
        return value if isinstance(value, Marked) else in_a_subject(_finalize(value), language)

    def reply(subject: str) -> Marked:
        """The mark of a reply stays at the very beginning, where programs look for it."""
        mark, _, rest = reply_subject(subject).partition(" ")
        return Marked(f"{mark} {in_a_subject(rest, language)}")

    made = letters.overlay(finalize=finalize)
    made.filters = {**letters.filters, "re": reply}
    return made


class NoText(TypeError):
    """What a template prints although it has no single form as text; its message says what to write.

    `form` says it of the value's own name: what stands in for … there.
    """

    def __init__(self, message: str, form: str = "") -> None:
        super().__init__(message)
        self.form = form


def only_texts(value: Any) -> str:
    """What a template prints while it is tried; raises NoText for what nobody should ever read."""
    if isinstance(value, date):
        raise NoText("a date needs a form", "{{ …|day }}")
    if isinstance(value, bool):
        raise NoText("this is a yes or no and no text", "{% if … %} and what to say then")
    if value is None or isinstance(value, str | int | float | Decimal | Undefined):
        return _finalize(value)
    raise NoText("this is no single text; name one of its parts, or go through it with {% for … %}")


def _finalize(value: Any) -> str:
    if type(value) is str:
        return printable_lines(value)
    if isinstance(value, Marked):
        return value
    if isinstance(value, Markup):  # of a filter such as |safe or |e: it is text all the same
        return printable_lines(value.unescape())
    return "" if value is None else printable_lines(str(value))


def _words(language: str, zone: tzinfo, labels: Labels) -> dict[str, Callable[..., str]]:
    """Filters that are the same in both forms."""
    here = dates.at_home(language, zone)

    def day(when: object) -> str:
        return dates.day(_given(when, date), here, zone)

    def moment(when: object) -> str:
        return dates.moment(_given(when, datetime), here, zone)

    def clock(when: object) -> str:
        return dates.clock(_given(when, datetime), here, zone)

    def within(when: object, days: int | None = None) -> str:
        """By when, with its own “by” or “within”: in how many working days, and the day."""
        return deadlines.within(_given(when, date), days, here, zone, labels)

    def digits(value: int | str) -> str:
        return dates.number(value, here)

    def label(value: object, group: str, otherwise: str | None = None) -> str:
        return labels.get((group, str(value)), str(value) if otherwise is None else otherwise)

    def language_name(code: str) -> str:
        return dates.language_name(code, language)

    def money(amount: str | Decimal, currency: str) -> str:
        return amounts.money(_amount(amount), currency, here, labels.get(("currency", currency), ""))

    def fact(value: str, kind: str) -> str:
        """A fact's value as people of the language write it; one that is of another kind by now, as it is."""
        with suppress(ValueError, ArithmeticError):
            if kind == "amount":
                amount, _, currency = value.partition(" ")
                return money(amount, currency)
            if kind == "date":
                return day(date.fromisoformat(value))
        return value

    return {
        "fact": fact,
        "day": day,
        "moment": moment,
        "clock": clock,
        "within": within,
        "digits": digits,
        "money": money,
        "label": label,
        "language_name": language_name,
        "re": reply_subject,
    }


def _given(when: object, kind: type[Moment]) -> Moment:
    """The date, or a TypeError in an admin's words."""
    if when is None:
        raise TypeError("there may be no date; put {% if … %} and {% endif %} around it")
    if not isinstance(when, kind):
        raise TypeError(f"{printable(str(when))} is no date")
    return when


def _amount(given: object) -> Decimal:
    try:
        return Decimal(str(given))
    except ArithmeticError:
        raise ValueError("there may be no amount; put {% if … %} and {% endif %} around it") from None


def reply_subject(subject: str) -> str:
    """The subject of an answer to a mail: one “Re:”, however many marks of a reply it bore."""
    return f"Re: {_REPLY.sub('', printable(str(subject)))}"


def _text(language: str) -> dict[str, Callable[..., str]]:
    after = mark("p", "")

    def quoted(value: object) -> Marked:
        text = _clean(value)
        return Marked(mark("w", text, first_strong(text)) + after)

    def framed(value: object) -> Marked:
        text = _clean(value)
        return Marked(mark("f", text, first_strong(text)) + after)

    def prose(value: object) -> Marked:
        return Marked(mark("t", _clean(value)) + after)

    def isolated(value: object) -> Marked:
        return value if isinstance(value, Marked) else Marked(isolated_text(_no_date(value), language))

    def file(value: object) -> Marked:
        """A file's name and its size: each runs its own way."""
        found = _FILE.fullmatch(printable(str(value)))
        if found is None:
            return isolated(value)
        size = file_size(int(found["bytes"].replace(",", "")), language)
        return Marked(f"{isolated(found['name'])} ({isolated(size)})")

    def button(link: object, label: str) -> Marked:
        return Marked(mark("b", f"{printable(str(link))}{LINK}{printable(str(label))}") + after)

    def choice(link: object, label: str) -> Marked:
        return Marked(mark("c", f"{printable(str(link))}{LINK}{printable(str(label))}") + after)

    return {
        "quoted": quoted,
        "framed": framed,
        "prose": prose,
        "isolated": isolated,
        "file": file,
        "button": button,
        "choice": choice,
    }


def _html(language: str) -> dict[str, Callable[..., str]]:
    def isolated(value: object) -> Markup:
        text = printable(str(value))
        return Markup("<bdi>{}</bdi>").format(text) if needs_isolation(text, language) else escape(text)

    return {"isolated": isolated}


def _clean(value: object) -> str:
    """Text of several lines: LF line ends, no trailing spaces, no blank lines around it."""
    lines = printable_lines(_no_date(value)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _no_date(value: object) -> str:
    if isinstance(value, date):
        raise NoText("a date needs a form before it", "{{ …|day|isolated }}")
    return str(value)
