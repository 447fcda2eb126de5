"""Cases by what was written about them: compared as the classifier compares, so that one word typed on two
keyboards is one word (L3).

A part of a word is enough: in Hebrew and Arabic "the" and "and" are written into the word. No index that both
databases have finds parts, so the texts are read: a hundred thousand of them in less than half a second.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from language.normalise import normalise
from store import case_texts, queries, storable
from store.models import ENDED, GOES_ON, Case, CaseText

ENOUGH = 20
"""Cases that one search gives."""
_READ_AT_ONCE = 50
_OPEN_AT_ONCE = 500
_NUMBERS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Hits:
    """The cases that were found, and whether they are all."""

    cases: tuple[Case, ...]
    all_of_them: bool


def search(session: Session, text: str, in_time: Callable[[], bool], enough: int = ENOUGH) -> Hits:
    """The cases in whose subject, words, customer or number all words of the text stand, open ones first."""
    words = normalise(storable.clean(text)).split()
    found = {case.number for case in _named(session, words)}
    whole = True
    for some in _in_order(session, words) if words else ():
        if not in_time() or len(found) >= enough:
            whole = False
            break
        found |= some
    return Hits(_first(session, found, enough), whole and len(found) <= enough)


def _first(session: Session, numbers: Collection[int], most: int) -> tuple[Case, ...]:
    """So many of these cases: open ones first, and the newest."""
    stands = session.exec(select(Case.number, Case.status).where(col(Case.number).in_(numbers)))
    ordered = sorted(stands, key=lambda one: (one[1] in ENDED, -one[0]))
    first = [number for number, _ in ordered[:most]]
    cases = {case.number: case for case in session.exec(select(Case).where(col(Case.number).in_(first)))}
    return tuple(cases[number] for number in first)


def _named(session: Session, words: Sequence[str]) -> Iterator[Case]:
    """Where one word is all, and a case's number or a customer's address: found whatever the time."""
    if len(words) != 1:
        return
    number = words[0].removeprefix("#")
    if number.isdecimal() and len(number) < 10 and (case := queries.case(session, int(number))):
        yield case
    if "@" in words[0]:
        yield from queries.customer_cases(session, words[0])


def _in_order(session: Session, words: Sequence[str]) -> Iterator[set[int]]:
    """The numbers of the cases that hold the words: of those that just changed, the open ones, the rest."""
    old = case_texts.old(session)
    for part in _parts(old, _READ_AT_ONCE):
        texts = case_texts.texts_of(session, part).items()
        yield {number for number, text in texts if all(word in text for word in words)}
    said_now = set(old)
    waiting = select(Case.number).where(col(Case.status).in_(GOES_ON))
    still_open = set(session.exec(waiting)) - said_now
    holds = [col(CaseText.text).contains(word, autoescape=True) for word in words]
    for part in _parts(sorted(still_open, reverse=True), _OPEN_AT_ONCE):
        yield _of(session, col(CaseText.case_number).in_(part), *holds)
    for low, high in _ranges(session):
        yield _of(session, col(CaseText.case_number).between(low, high), *holds) - said_now - still_open


def _of(session: Session, *where: Any) -> set[int]:
    return set(session.exec(select(CaseText.case_number).where(*where)))


def _ranges(session: Session) -> Iterator[tuple[int, int]]:
    """The numbers of all cases, the highest first."""
    ends = select(func.min(CaseText.case_number), func.max(CaseText.case_number))
    first, last = session.exec(ends).one()
    for high in range(last or 0, (first or 1) - 1, -_NUMBERS_AT_ONCE):
        yield high - _NUMBERS_AT_ONCE + 1, high


def _parts(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
