"""Is the subject that of an automatic reply, or of a mail that asks for a proof that we are no program?

A customer may complain about automatic replies with the same words, so the words alone are not enough: they
must be the whole subject, or stand apart from what follows ("Automatic reply: …", "[Out of office] …"). Where
plain words follow, something else has to say that a program wrote the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from language.normalise import normalise
from language.signs import Signs
from language.words import Words

_LONGEST = 300
_KEY = 4
_MOST_TAGS = 3
_MOST_NAMES = 5
_FROM = frozenset({"from", "by", "von", "de", "da", "di", "van", "fra", "från", "od", "от", "від"})
_UNTIL = frozenset(
    {
        *("until", "till", "through", "bis", "jusqu'au", "hasta", "fino", "até", "tot", "til"),
        *("do", "до", "έως", "μέχρι", "حتی", "تا", "עד"),
    }
)
"""What follows an absence in front of its end; an entry that ends with it goes on with a day."""
_YOU = ("ihr", "ihn", "euch", "eur")
_APART = re.compile(r"\.?(?:\s*(?:[:|(\[【{~–—…/;]|\.{2,}|[*#=_]{2,}|-+>)|\s+[-*#<>]|-\s|[)\]】}>*])")
_WITH_COLON = re.compile(r"\s*[:)\]】}*]")
_WEAKLY_APART = re.compile(r"[\s.,!?-]")
_DATED = re.compile(r"\s\d{1,4}[./-]\d{1,2}(?![\d:])")
_ENDED = re.compile(r"[\s.!*_~)\]】}>\"'”»]*\Z")
_TAG = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]|\*{2,}[^*]{1,30}\*{2,}|(?:external|externe?|ext|spam|auto) ?:)\s*"
)
_REPLIED = re.compile(
    r"(?:(?:re|aw|sv|vs|antw|antwort|odp|rif|res|ynt|fwd?|wg|tr|rv|enc|vá|απ|πρθ|رد|پاسخ|ارجاع|השב|הועבר|回复|回覆"
    r"|答复|回信|转发|轉寄|転送|返信|회신|전달)(?:\[\d{1,3}\])?\s?[:\uff1a] ?){1,9}"
)
_END_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]{2,60})[)\]】]\s*\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """A subject's beginning that was known."""

    entry: str
    sure: bool
    """The words stand alone or apart; if not, they may be a person's."""


class Subjects:
    """The known subjects of one purpose, looked up by their first letters."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._plain: dict[str, list[tuple[str, str]]] = {}
        self._going_on: dict[str, list[tuple[str, str]]] = {}
        self._after_name: dict[str, list[tuple[str, str]]] = {}
        for entry in dict.fromkeys(entries):
            self._add(entry)
        for known in (*self._plain.values(), *self._going_on.values()):
            known.sort(key=lambda pair: -len(pair[0]))

    def _add(self, entry: str) -> None:
        said = _folded(entry)
        if said.startswith("*"):
            said = said.strip("* ")
            self._after_name.setdefault(said.partition(" ")[0], []).append((f" {said}", entry))
            return
        said = said.lstrip("([【{")
        if said.rpartition(" ")[2] in _UNTIL:
            self._going_on.setdefault(said[:_KEY], []).append((f"{said} ", entry))
        text = said.rstrip("*") if said.endswith("*") else said.rstrip(" ;:.-–—)]】}")
        kept = self._going_on if "*" in said else self._plain
        if len(text.strip()) > 1:
            kept.setdefault(text[:_KEY], []).append((text, entry))

    def find(self, subject: str) -> Found | None:
        """What of the known stands in the subject; None when nothing does."""
        said = _folded(subject[:_LONGEST])
        weak: Found | None = None
        for start in _starts(said):
            found = self._at(said, start, subject)
            if found and found.sure:
                return found
            weak = weak or found
        return self._named(said, subject) or self._bracketed(said) or weak

    def _at(self, said: str, start: int, subject: str = "") -> Found | None:
        weak: Found | None = None
        for length in range(_KEY, 1, -1):
            key = said[start : start + length]
            for text, entry in self._going_on.get(key, ()):
                if _in_order(said, start, text.split("*")):
                    return Found(entry, sure=True)
            for text, entry in self._plain.get(key, ()):
                if not said.startswith(text, start):
                    continue
                apart = _stands_apart(said, start + len(text), with_colon=entry.endswith(":"))
                if apart or (apart is False and _names_follow(subject, said[: start + len(text)])):
                    return Found(entry, sure=True)
                weak = weak or (None if apart is None else Found(entry, sure=False))
        return weak

    def _named(self, said: str, subject: str) -> Found | None:
        """ "Ann Bee is out of the office": after a few words that could be a name."""
        for word in said.split() if self._after_name else ():
            for text, entry in self._after_name.get(word, ()):
                place = said.find(text)
                if place > 0 and _is_name(subject, said[:place]) and _goes_on_late(said, place + len(text)):
                    return Found(entry, sure=True)
        return None

    def _bracketed(self, said: str) -> Found | None:
        """ "Late order (out of office)": alone in brackets at the end."""
        if said[-1:] not in ")]】" or not (inside := _END_BRACKET.search(said)):
            return None
        found = self._at(inside[1], 0)
        return found if found and found.sure else None


class Known:
    """The subjects that the words of all languages and the signs name together."""

    def __init__(self, words: Sequence[Words], signs: Signs) -> None:
        self._words, self._signs = words, signs

    def is_of(self, words: Sequence[Words], signs: Signs) -> bool:
        return self._words is words and self._signs is signs

    @cached_property
    def subjects(self) -> Subjects:
        """Those of automatic replies and of challenges."""
        listed = (entry for one in self._words for entry in one.auto_reply_subject)
        return Subjects((*self.challenges, *listed, *self._signs.subjects))

    @cached_property
    def challenges(self) -> dict[str, None]:
        """A set that keeps its order."""
        return dict.fromkeys(entry for one in self._words for entry in one.challenge_subject)


class _Last:
    known: Known | None = None


def known_subjects(words: Sequence[Words], signs: Signs) -> Known:
    """The index of these words and signs, made once for as long as they are the ones in force."""
    known = _Last.known
    if known is None or not known.is_of(words, signs):
        known = _Last.known = Known(words, signs)
    return known


def is_reply(subject: str) -> bool:
    """Whether a subject begins with a mark of replying or forwarding, as a person's mail client puts it."""
    return bool(_REPLIED.match(subject[:40].lstrip().lower()))


def without_reply_marks(subject: str) -> str:
    """The subject after every "Re:" and the like."""
    found = _REPLIED.match(subject[:_LONGEST].lstrip().lower())
    return subject.lstrip()[found.end() :] if found else subject


@lru_cache(64)
def _folded(text: str) -> str:
    return normalise(text).replace(" :", ":").replace("‐", "-")


def _starts(said: str) -> Iterable[int]:
    """Where a known beginning may stand: first, and after the tags that gateways put before a subject."""
    place = 0
    for _ in range(_MOST_TAGS):
        while place < len(said) and not said[place].isalnum():
            place += 1
        yield place
        opened = place
        while opened and not said[opened - 1].isspace() and not said[opened - 1].isalnum():
            opened -= 1
        if (tag := _TAG.match(said, opened)) is None:
            return
        place = tag.end()
    yield place


def _stands_apart(said: str, end: int, *, with_colon: bool) -> bool | None:
    """Whether the words that end here stand alone or apart; None where they go on within a word.

    An entry that is written with a colon ("Absence:") wants one, unless it is the whole subject or bracket.
    """
    if with_colon:
        return True if _ENDED.match(said, end) or _WITH_COLON.match(said, end) else None
    if _ENDED.match(said, end) or _APART.match(said, end) or _DATED.match(said, end):
        return True
    if said[end] == " " and _REPLIED.match(said, end + 1):
        return True  # "I am on leave Re: Late order"
    following = said[end]
    if _WEAKLY_APART.match(following) or not (following.isalnum() and said[end - 1].isascii()):
        return False
    return None


def _in_order(said: str, place: int, pieces: Sequence[str]) -> bool:
    """Whether these pieces follow each other, the first of them right here."""
    if not said.startswith(pieces[0], place):
        return False
    for piece in pieces:
        place = said.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def _names_follow(subject: str, said: str) -> bool:
    """ "Automatic reply from Ann Bee": whether "from" follows, and then only names or an address."""
    rest = subject.split()[len(said.split()) :]
    if not 1 < len(rest) <= _MOST_NAMES or rest[0] not in _FROM or rest[1].lower().startswith(_YOU):
        return False
    return all(word[0].isupper() or "@" in word for word in rest[1:])


def _is_name(subject: str, said: str) -> bool:
    """Whether the words before are a few that begin as names do."""
    words = subject.split()[: len(said.split())]
    words = words[1:] if words and words[0].lower() in ("auto:", "[external]", "[ext]") else words
    if not 0 < len(words) <= _MOST_NAMES:
        return False
    return not is_reply(subject) and all(word[0] == word[0].upper() for word in words)


def _goes_on_late(said: str, end: int) -> bool:
    """Whether nothing follows, or only how long: "(returning 3 May)", "until Monday"."""
    rest = said[end:].lstrip()
    return not rest or rest[0] in ".(:;-–,!" or rest.split()[0] in _UNTIL
