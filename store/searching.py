"""Cases by what was written about them: compared as the classifier compares, so that one word typed on two
keyboards is one word (L3).

The database can't fold letters so: a search reads the newest cases, open ones first, until it has found
enough or its time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from language.normalise import normalise
from store import queries
from store.models import Case, Mail, MailKind, Status

ENOUGH = 20
"""Cases that one search gives."""
READ = 20_000
"""Characters of a mail that are looked through, as many as the classifier reads."""
_AT_ONCE = 50
_OPEN = (Status.NEW, Status.OPEN, Status.ANSWERED)
_ENDED = (Status.RESOLVED, Status.CLOSED)
_THEIRS = (MailKind.CUSTOMER, MailKind.CHECK_IN_ANSWER)


@dataclass(frozen=True, slots=True)
class Hits:
    """The cases that were found, and how much was looked through for them."""

    cases: tuple[Case, ...]
    looked_at: int
    all_of_them: bool


def search(session: Session, text: str, in_time: Callable[[], bool], enough: int = ENOUGH) -> Hits:
    """The cases in whose subject, words, customer or number all words of the text stand."""
    words = normalise(text).split()
    found: dict[int, Case] = {case.number: case for case in _named(session, words)}
    looked_at, more = 0, False
    for some in _in_order(session):
        if not in_time() or len(found) >= enough:
            more = True
            break
        looked_at += len(some)
        found |= {case.number: case for case in _with(session, some, words)}
    more = more or len(found) > enough
    ordered = sorted(found.values(), key=lambda case: (case.status in _ENDED, -case.number))
    return Hits(tuple(ordered[:enough]), looked_at, not more)


def _named(session: Session, words: Sequence[str]) -> Iterator[Case]:
    """Where one word is all, and a case's number or a customer's address: found however old it is."""
    if len(words) != 1:
        return
    number = words[0].removeprefix("#")
    if number.isdecimal() and len(number) < 10 and (case := queries.case(session, int(number))):
        yield case
    if "@" in words[0]:
        yield from queries.customer_cases(session, words[0])


def _in_order(session: Session) -> Iterator[list[Case]]:
    """All cases in parts, open ones first, the newest first."""
    waiting = sorted(session.exec(select(Case.number).where(col(Case.status).in_(_OPEN))), reverse=True)
    for start in range(0, len(waiting), _AT_ONCE):
        part = col(Case.number).in_(waiting[start : start + _AT_ONCE])
        yield list(session.exec(select(Case).where(part).order_by(col(Case.number).desc())))
    # By number alone, whatever their status, so that the database need not sort them.
    newest = select(Case).order_by(col(Case.number).desc()).limit(_AT_ONCE)
    some = list(session.exec(newest))
    while some:
        yield [case for case in some if case.status in _ENDED]
        some = list(session.exec(newest.where(col(Case.number) < some[-1].number)))


def _with(session: Session, cases: Sequence[Case], words: Collection[str]) -> Iterator[Case]:
    said: dict[int, list[str]] = {case.number: [] for case in cases}
    part = (col(Mail.case_number).in_(list(said)), col(Mail.kind).in_(_THEIRS))
    beginning = func.substr(col(Mail.words), 1, READ)
    mails = select(Mail.case_number, Mail.subject, Mail.sender, beginning).where(*part)
    for number, *texts in session.exec(mails):
        if number is not None:
            said[number] += texts
    for case in cases:
        own = (f"#{case.number}", case.subject, case.customer, case.customer_name, case.told)
        text = normalise("\n".join([*own, *said[case.number]]))
        if words and all(word in text for word in words):
            yield case
