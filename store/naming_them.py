"""Where texts that are of no case of theirs, or of no case at all, name a person who is erased.

What agents wrote is searched, and what the software made of mails. Other people's own mails are theirs, and
stay as they wrote them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

from sqlalchemy import JSON, Text, cast, func, or_, select, update
from sqlmodel import Session

from store import case_texts, gone, learned, queries
from store.erasing import ERASED, SOMEBODY, blank_letters, drop_rows
from store.models import TO_CUSTOMERS, LetterState
from store.packing import Damaged
from store.values import canonical
from store.writing import TABLES

INSTEAD = "[…]"
"""What stands where the name of an erased person stood."""
AGREE = 2
"""So many others' cases must say a word of a signal, so that it is not one person's."""
WRITTEN: Mapping[str, tuple[str, ...]] = {
    "event": ("actor", "text", "data"),
    "draft": ("body",),
    "promise": ("what",),
    "compensation": ("reason",),
    "commitment": ("what",),
    "request": ("given", "reason"),
    "case": ("subject", "told", "not_acknowledged_because", "why"),
    "known_issue": ("title", "notes", "fixes", "facts"),
    "letter": ("subject", "last_error"),
    "fact": ("as_written",),
}
"""The texts that are searched."""
_SIGNAL, _LETTER, _CORRECTION = TABLES["signal"], TABLES["letter"], TABLES["correction"]
_FACT = TABLES["fact"]
_NUMBER = re.compile(r"(?<!\d)(?<!\d[-:/.])\d{1,18}(?!\d|[-:/.]\d)")
UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, MessageError, RecursionError)
"""What Python's library raises of mails that it can't read."""
_BEFORE = ".'+-"
_ADDRESS = re.compile(rf"(?<![\w{_BEFORE}])[\w{_BEFORE}]+@\w[\w-]*(?:\.\w[\w-]*)*")
"""An address as it stands in texts, perhaps with signs before it that are none of its own."""


class Naming:
    """The ways in which texts name a person."""

    def __init__(self, needles: Sequence[str]) -> None:
        self.needles = tuple(one for one in needles if one.strip())
        self._addresses = {one.lower() for one in self.needles if _ADDRESS.fullmatch(one)}
        others = sorted({*self.needles} - {*self._addresses}, key=len, reverse=True)
        words = (rf"(?<!\w){re.escape(one)}(?!\w)" for one in others)
        self._pattern = re.compile("|".join((f"({_ADDRESS.pattern})", *words)), re.IGNORECASE)

    def without(self, value: Any) -> Any:
        """The same value; where its text names the person, something else stands there."""
        if isinstance(value, str):
            return self._pattern.sub(self._instead, value) if self.needles else value
        if isinstance(value, Mapping):
            return {name: self.without(inner) for name, inner in value.items()}
        return [self.without(inner) for inner in value] if isinstance(value, list) else value

    def names(self, value: Any) -> bool:
        """Whether a text, or any in it, names the person."""
        return bool(self.without(value) != value)

    def _instead(self, found: re.Match[str]) -> str:
        """What stands there instead. An address is somebody's as a whole, whatever words are in it."""
        address = found[1]
        if not address:
            return INSTEAD
        own = address.lstrip(_BEFORE)
        if own.lower() not in self._addresses and canonical(own) not in self._addresses:
            return address
        return address[: len(address) - len(own)] + INSTEAD

    def in_column(self, column: Any) -> Any:
        """A condition: what a column holds may name the person."""
        is_json = isinstance(column.type, JSON)
        text = func.lower(cast(column, Text)) if is_json else func.lower(column)
        needles = [json.dumps(one)[1:-1] if is_json else one for one in self.needles]
        return or_(*(text.contains(one.lower(), autoescape=True) for one in {*needles, *self.needles}))


def named_in(session: Session, naming: Naming, but: Sequence[int]) -> Iterator[tuple[str, list[Any]]]:
    """The tables, and the keys of their rows, that may name the person; those of these cases left out."""
    for name, columns in WRITTEN.items():
        table = TABLES[name]
        [key] = table.primary_key.columns
        found = select(key).where(or_(*(naming.in_column(table.c[one]) for one in columns)))
        if (number := table.c.get("number" if name == "case" else "case_number")) is not None:
            found = found.where(func.coalesce(number, 0).not_in(but))
        if keys := list(session.execute(found).scalars()):
            yield name, keys


def scrub(session: Session, name: str, keys: Collection[Any], naming: Naming) -> int:
    """Name the person no longer in these rows; how many did."""
    table, columns = TABLES[name], WRITTEN[name]
    [key] = table.primary_key.columns
    rows = session.execute(select(key, *(table.c[one] for one in columns)).where(key.in_(list(keys))))
    changed = 0
    for row_key, *values in rows.all():
        before = dict(zip(columns, values, strict=True))
        after = {column: naming.without(value) for column, value in before.items()}
        if after.get("actor") == INSTEAD:
            after["actor"] = SOMEBODY
        if after != before:
            session.execute(update(table).where(key == row_key).values(after))
            changed += 1
    return changed


def forget_given(session: Session, naming: Naming) -> int:
    """Forget what was given from outside to learn from, where it names the person; how much that was."""
    texts = or_(naming.in_column(_CORRECTION.c.subject), naming.in_column(_CORRECTION.c.text))
    found = select(_CORRECTION.c.key).where(_CORRECTION.c.case_number.is_(None), texts)
    keys = list(session.execute(found).scalars())
    if keys:
        drop_rows(session, "correction", keys)
        learned.forget(session, keys=keys)
    return len(keys)


def withdraw_lists(session: Session, naming: Naming, cases: Collection[int], now: datetime) -> int:
    """Letters to agents that are of no one case and have not left: those that name the person, or a case of
    theirs, leave no more; how many those were."""
    waits = (_LETTER.c.case_number.is_(None), _LETTER.c.state != LetterState.SENT)
    columns = ("id", "raw_id", "state", "key", "subject", "message_id")
    wanted = select(*(_LETTER.c[name] for name in columns))
    rows = session.execute(wanted.where(*waits, _LETTER.c.kind.not_in(TO_CUSTOMERS))).all()
    theirs = []
    for row in rows:
        headers, words = _parts(session, row.raw_id)
        named = naming.names([row.key, row.subject, headers, words])
        if named or _number_in(row.key.replace("/", " "), cases) or _number_in(words, cases):
            theirs.append(row)
    blank_letters(session, theirs, now)
    return len(theirs)


def _number_in(text: str, cases: Collection[int]) -> bool:
    """Whether a text has the number of one of these cases; the year of a date is none."""
    return any(int(found[0]) in cases for found in _NUMBER.finditer(text))


def rename_keys(session: Session, naming: Naming) -> None:
    """Keys of letters to agents have the address of who was spoken of: it goes.

    What a key begins with says what letter it is, and keeps it from leaving twice, whoever is called so.
    """
    rows = session.execute(select(_LETTER.c.id, _LETTER.c.key).where(naming.in_column(_LETTER.c.key))).all()
    for letter_id in (number for number, key in rows if naming.names(key.partition("/")[2])):
        session.execute(update(_LETTER).where(_LETTER.c.id == letter_id).values(key=f"{ERASED}{letter_id}"))


def sort_out_signals(session: Session, cases: Collection[int], naming: Naming) -> None:
    """Signals that count cases of the person keep their numbers, and the words that others say as well."""
    columns = (_SIGNAL.c.id, _SIGNAL.c.fact, _SIGNAL.c.terms, _SIGNAL.c.cases)
    for row in session.execute(select(*columns, _SIGNAL.c.name, _SIGNAL.c.key)).all():
        theirs = {*row.cases} & {*cases}
        if not theirs and not naming.names([row.fact, row.terms, row.name, row.key]):
            continue
        others = [number for number in row.cases if number not in theirs]
        values = _left(session, row, others, naming)
        session.execute(update(_SIGNAL).where(_SIGNAL.c.id == row.id).values({**values, "cases": others}))


def _left(session: Session, row: Any, others: Sequence[int], naming: Naming) -> dict[str, Any]:
    """What is left of a signal's words: those that others say as well."""
    texts = list(case_texts.texts_of(session, others).values())
    terms = [one for one in row.terms if sum(one in text for text in texts) >= AGREE]
    fact = {name: value for name, value in row.fact.items() if _shared(session, name, value, others)}
    names = naming.names([row.name, row.key])
    if terms == row.terms and fact == row.fact and not names:
        return {}
    return {"terms": terms, "fact": fact, "name": f"{ERASED}{row.id}", "key": f"{ERASED}{row.id}"}


def _shared(session: Session, name: str, value: str, cases: Sequence[int]) -> bool:
    has = (_FACT.c.name == name, _FACT.c.value == value, _FACT.c.case_number.in_(cases))
    return len(set(session.execute(select(_FACT.c.case_number).where(*has)).scalars())) >= AGREE


def _text(session: Session, raw_id: int) -> str:
    """What a letter of ours says; nothing of one whose bytes are damaged."""
    return "\n".join(_parts(session, raw_id))


def _parts(session: Session, raw_id: int) -> tuple[str, str]:
    """Its headers and its words."""
    try:
        letter = message_from_bytes(queries.raw(session, raw_id), policy=policy.default)
    except Damaged:
        return "", ""
    parts = [part for part in letter.walk() if part.get_content_maintype() == "text"]
    return "\n".join(_headers(letter)), "\n".join((_subject(letter), *map(_words, parts)))


def _headers(letter: EmailMessage) -> Iterator[str]:
    for name, value in letter.raw_items():
        try:
            yield str(letter.policy.header_fetch_parse(name, value))
        except UNREADABLE:
            yield str(value)


def _subject(letter: EmailMessage) -> str:
    try:
        return str(letter["Subject"])
    except UNREADABLE:
        return ""


def _words(part: Any) -> str:
    """What a part says; an imported letter may be in any charset, or in none that there is."""
    try:
        return str(part.get_content())
    except UNREADABLE:
        return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def drop_raws_naming(session: Session, letters: Collection[Any], naming: Naming) -> None:
    """Of these letters, keep the bytes no longer of those that name the person."""
    gone.drop(session, [one.raw_id for one in letters if naming.names(_text(session, one.raw_id))])
