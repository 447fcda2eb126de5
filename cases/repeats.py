"""The same words again, and another case about the same matter: what a customer sends when nobody answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cases.rules.types import UNSURE
from language.normalise import normalise
from language.words import Words
from store.models import ENDED, Case, Mail
from store.values import Message

_PREFIX = re.compile(
    r"\s*\[?([^\s:：\[\]]{1,16}(?: [^\s:：\[\]]{1,16})?)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*"
)
_MOST_PREFIXES = 10


def says_the_same(message: Message, mail: Mail) -> bool:
    """Whether a mail says in the same words what a stored one of the same sender and subject says.

    A mail without words is never the same as another: two pictures may bear one name.
    """
    words = normalise(message.reply_text)
    names = [one.filename for one in message.attachments]
    return bool(words) and words == normalise(mail.words) and names == mail.attachments


def prefixes_of(words: Iterable[Words]) -> frozenset[str]:
    """What every known language puts before the subject of a reply, in the form to compare by."""
    return frozenset(normalise(one) for language in words for one in language.subject_prefix)


def base_subject(subject: str, prefixes: frozenset[str]) -> str:
    """The subject without "Re:" and "Fwd:", in the form to compare by (RFC 5256, 2.1)."""
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(subject)
        if found is None or normalise(found[1]) not in prefixes:
            break
        subject = subject[found.end() :]
    return normalise(subject)


def perhaps_the_same(
    subject: str, category: str, others: Sequence[Case], words: Sequence[Words]
) -> tuple[int, ...]:
    """Open cases of the customer that have this subject or cause, newest first."""
    if not others:
        return ()
    prefixes = prefixes_of(words)
    base = base_subject(subject, prefixes)
    return tuple(
        other.number
        for other in others
        if other.status not in ENDED
        and (
            (base and base_subject(other.subject, prefixes) == base)
            or (category != UNSURE and other.category == category)
        )
    )
