"""What templates can do with a value, with the right output for text and for HTML.

A filter that makes blocks gives back `Marked` text (or `Markup` in HTML); everything else that a template
prints is data: it is cleaned, and escaped in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, TypeVar

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from language import dates
from language.direction import direction, first_strong, has_right_to_left, isolate, printable, printable_lines
from outbox.markup import LINK, mark

Labels = Mapping[tuple[str, str], str]
Moment = TypeVar("Moment", date, datetime)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_REPLY = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|sv|tr|پاسخ|بازارسال|השב|תגובה|הועבר|رد|إعادة توجيه)\s*(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)


class Marked(str):
    """Text of ours, with its isolates or blocks in it; no value of a mail is ever one."""

    __slots__ = ()


def environment(language: str, zone: tzinfo, labels: Labels, *, html: bool) -> ImmutableSandboxedEnvironment:
    """Templates of one language and form: sandboxed, strict, without globals or a loader."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=html,
        finalize=_finalize,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters |= _words(language, zone, labels) | (_html(language) if html else _text(language))
    return made


def _finalize(value: Any) -> str:
    if isinstance(value, Marked | Markup):
        return value
    return "" if value is None else printable_lines(str(value))


def _words(language: str, zone: tzinfo, labels: Labels) -> dict[str, Callable[..., str]]:
    """Filters that are the same in both forms."""

    def day(when: object) -> str:
        return dates.day(_given(when, date), language, zone)

    def moment(when: object) -> str:
        return dates.moment(_given(when, datetime), language, zone)

    def digits(value: int | str) -> str:
        return dates.number(value, language)

    def label(value: object, group: str, otherwise: str | None = None) -> str:
        return labels.get((group, str(value)), str(value) if otherwise is None else otherwise)

    def language_name(code: str) -> str:
        return dates.language_name(code, language)

    return {
        "day": day,
        "moment": moment,
        "digits": digits,
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


def reply_subject(subject: str) -> str:
    """The subject of an answer to a mail: one “Re:”, however many marks of a reply it bore."""
    return f"Re: {_REPLY.sub('', printable(str(subject)))}"


def _text(language: str) -> dict[str, Callable[..., str]]:
    def quoted(value: object) -> Marked:
        return Marked(mark("w", _clean(value)) + mark("p", ""))

    def framed(value: object) -> Marked:
        return Marked(mark("f", _clean(value)) + mark("p", ""))

    def prose(value: object) -> Marked:
        return Marked(mark("p", _clean(value)) + mark("p", ""))

    def isolated(value: object) -> Marked:
        return value if isinstance(value, Marked) else Marked(isolated_text(str(value), language))

    def button(link: object, label: str) -> Marked:
        return Marked(mark("b", f"{printable(str(link))}{LINK}{printable(str(label))}") + mark("p", ""))

    return {"quoted": quoted, "framed": framed, "prose": prose, "isolated": isolated, "button": button}


def _html(language: str) -> dict[str, Callable[..., str]]:
    def quoted(value: object) -> Markup:
        return _html_block("w", _clean(value))

    def framed(value: object) -> Markup:
        return _html_block("f", _clean(value))

    def prose(value: object) -> Markup:
        paragraphs = _BLANK_LINES.split(_clean(value))
        return Markup("").join(
            _html_block("p", text, _other_direction(text, language)) for text in paragraphs
        )

    def isolated(value: object) -> Markup:
        if isinstance(value, Marked):
            return escape(value)
        text = printable(str(value))
        return Markup("<bdi>{}</bdi>").format(text) if _needs_isolation(text, language) else escape(text)

    def button(link: object, label: str) -> Markup:
        content = escape(printable(str(link))) + LINK + escape(printable(str(label)))
        return Markup(mark("b", content) + mark("p", ""))  # noqa: S704 - escaped above

    return {"quoted": quoted, "framed": framed, "prose": prose, "isolated": isolated, "button": button}


def _html_block(kind: str, text: str, way: str | None = None) -> Markup:
    shown = mark(kind, escape(text), first_strong(text) if way is None else way)
    return Markup(shown + mark("p", ""))  # noqa: S704 - escaped above


def _other_direction(text: str, language: str) -> str:
    """The paragraph's own direction, where it differs from the letter's."""
    own = first_strong(text)
    return own if own != direction(language) else ""


def isolated_text(text: str, language: str) -> str:
    """The text as one line, in isolates where its direction or its surroundings call for them (L2)."""
    shown = printable(text)
    return isolate(shown) if _needs_isolation(shown, language) else shown


def _needs_isolation(text: str, language: str) -> bool:
    return bool(text) and (direction(language) == "rtl" or has_right_to_left(text))


def _clean(value: object) -> str:
    """Text of several lines: LF line ends, no trailing spaces, no blank lines around it."""
    lines = printable_lines(str(value)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
