"""Does a subject say what those of delivery reports say, and is it the report's own or an answer's."""

from __future__ import annotations

import re

import ahocorasick

from inbox.kind.bounces.forms import SUBJECTS

_DONE = ("(success)", "(relay)", "(expanded)", "delivered:", "relayed:", "expanded:")
_LONGEST = 400
_ANSWERS = (
    *(
        "re",
        "fw",
        "fwd",
        "aw",
        "wg",
        "tr",
        "rv",
        "antw",
        "vs",
        "sv",
        "vb",
        "odp",
        "i",
        "r",
        "enc",
        "ynt",
        "ilt",
    ),
    *("رد", "إعادة توجيه", "پاسخ", "השב", "הועבר", "转发", "轉寄", "回复", "回覆", "転送", "返信"),
)
_TAG = r"\s|\[[^\[\]]{0,60}\]|\([^()]{0,60}\)|#[\w-]{1,40}:?"
_REPLIED = re.compile(rf"(?:{_TAG}){{0,40}}(?:{'|'.join(_ANSWERS)})\s?(?:\[\d+\])?[:：]", re.IGNORECASE)


def _automaton() -> ahocorasick.Automaton:
    found = ahocorasick.Automaton()
    for phrase in (*SUBJECTS, *_DONE):
        found.add_word(phrase, phrase)
    found.make_automaton()
    return found


_KNOWN = _automaton()


def tells_of_delivery(subject: str) -> bool:
    """Whether the subject says what those of delivery reports say."""
    said = " ".join(subject[:_LONGEST].lower().replace("’", "'").split())
    return next(_KNOWN.iter(said), None) is not None


def is_answer(subject: str) -> bool:
    """Whether somebody answered or passed on: "Re:", "Fwd:", also below a ticket's number."""
    return _REPLIED.match(subject[:_LONGEST]) is not None
