"""What the filters of letters are for, with an example each, for whoever writes letters."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any, NamedTuple

from language.direction import has_right_to_left, isolate
from outbox.filters import environment
from outbox.marked import Labels
from outbox.markup import as_text, blocks
from outbox.variable import NOON


class Told(NamedTuple):
    """A filter, told."""

    name: str
    example: str
    does: str


CUSTOMERS = (
    Told("day", "{{ deadline|day }}", "a day; in Persian by the Iranian calendar"),
    Told("within", "{{ deadline|within(days) }}", "by when, with its own “by”; write no “by” before it"),
    Told("moment", "{{ deadline|moment }}", "a day and the time of day"),
    Told("clock", "{{ deadline|clock }}", "the time of day alone"),
    Told("digits", "{{ number|digits }}", "a number in the digits of the language"),
    Told("money", "{{ '45.00'|money('EUR') }}", "an amount and its currency, as the language writes them"),
    Told("isolated", "{{ name|isolated }}", "a name, number or address that can't turn the words around it"),
    Told("quoted", "{{ words|quoted }}", "the customer's own words as a quotation, a block of its own"),
    Told("prose", "{{ body|prose }}", "a text of several paragraphs, as they were written"),
    Told("re", "{{ subject|re }}", "the subject of an answer, with one “Re:” and no more"),
    Told("label", "{{ kind|label('kind') }}", "what labels.yaml calls it, below the name in brackets"),
    Told("value", "{{ 'refund'|value('compensation') }}", "what the words files call a compensation"),
    Told("fact", "{{ '45.00 EUR'|fact('amount') }}", "a fact's value as the language writes that kind"),
    Told("listed", "{{ ['a', 'b', 'c']|listed('and') }}", "several things in a sentence"),
)
"""For every letter."""
AGENTS = (
    Told("command", "{{ 'approve'|command }}", "what a command is called"),
    Told("usage", "{{ 'edit'|usage('edit') }}", "how a command is written"),
    Told("does", "{{ 'approve'|does('…') }}", "what a command does"),
    Told(
        "english", "{{ 'approve'|command }}{{ 'approve'|english }}", "its English name, where it has another"
    ),
    Told("on_button", "{{ 'approve'|on_button }}", "what a command's button says"),
    Told("button", "{{ link|button('approve') }}", "a button that opens a ready reply"),
    Told("choice", "{{ link|choice('late') }}", "a button of less weight"),
    Told("framed", "{{ body|framed }}", "a text in a box"),
    Told("file", "{{ 'photo.jpg (120,412 bytes)'|file }}", "a file's name and size"),
    Told("language_name", "{{ 'fa'|language_name }}", "what a language is called"),
)
"""For letters to agents as well."""
_VALUES: dict[str, Any] = {
    "deadline": NOON,
    "days": 2,
    "number": 1042,
    "name": "Ann Example",
    "words": "Where is it?",
    "body": "Dear Ann,\n\nit comes tomorrow.",
    "subject": "Re: AW: Late",
    "kind": "complaint",
    "link": "mailto:complaints@example.com?body=approve",
}


def shown(told: Told, language: str, zone: tzinfo, labels: Labels) -> str:
    """What the example gives in a language, as plain text."""
    made = (
        environment(language, zone, labels, html=False).from_string(f"\x02p-{told.example}").render(_VALUES)
    )
    found = as_text(blocks(made)).strip("\n").replace("\n", " ⏎ ")
    return isolate(found) if has_right_to_left(found) else found
