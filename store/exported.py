"""Everything that is kept about a person, row by row, for whoever asks what is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from store.models import TO_CUSTOMERS, MailKind
from store.whose import Whose, is_of, is_to
from store.writing import TABLES

Row = dict[str, Any]
_SECRET = {
    "reply_token",
    "raw_id",
    "encloses_raw_id",
    "encloses_at",
    "encloses_how",
    "owner",
    "recipient_key",
}
"""Reply addresses that command or join, and what is of no meaning outside of the database."""
_BESIDE = ("draft", "fact", "promise", "compensation", "commitment", "concerned", "participant", "timer")
_CASE, _MAIL, _LETTER, _EVENT = TABLES["case"], TABLES["mail"], TABLES["letter"], TABLES["event"]
_OPT_OUT = TABLES["opt_out"]


def cases(session: Session, of: Whose) -> Iterator[Row]:
    """The person's cases, each with all that is kept of it; mails and letters name their stored bytes."""
    for number in of.cases:
        [case] = _rows(session, "case", _CASE.c.number == number)
        beside = {name: _rows(session, name, TABLES[name].c.case_number == number) for name in _BESIDE}
        # What agents wrote to us is in the log; their mails have reply addresses that command.
        mails = mails_where(session, _MAIL.c.case_number == number, _MAIL.c.kind != MailKind.COMMAND)
        letters = letters_where(session, _LETTER.c.case_number == number, _LETTER.c.kind.in_(TO_CUSTOMERS))
        events = _rows(session, "event", _EVENT.c.case_number == number)
        yield {**case, **beside, "mail": mails, "letter": letters, "event": events}


def cases_in_part(session: Session, of: Whose) -> Iterator[Row]:
    """Of others' cases, what the person wrote and was written."""
    for number in of.shared:
        mails = mails_where(session, _MAIL.c.case_number == number, is_of(_MAIL.c.sender, of.address))
        letters = letters_where(session, _LETTER.c.case_number == number, *is_to(of.address))
        did = or_(is_of(_EVENT.c.actor, of.address), _EVENT.c.mail_id.in_([one["id"] for one in mails]))
        events = _rows(session, "event", _EVENT.c.case_number == number, did)
        yield {"number": number, "mail": mails, "letter": letters, "event": events}


def of_no_case(session: Session, of: Whose) -> Row:
    """What opened no case, and the wish not to be asked."""
    if not of.address:
        return {"mail": [], "letter": [], "event": [], "opt_out": []}
    mails = mails_where(session, _MAIL.c.case_number.is_(None), is_of(_MAIL.c.sender, of.address))
    did = or_(is_of(_EVENT.c.actor, of.address), _EVENT.c.mail_id.in_([one["id"] for one in mails]))
    return {
        "mail": mails,
        "letter": letters_where(session, _LETTER.c.case_number.is_(None), *is_to(of.address)),
        "event": _rows(session, "event", _EVENT.c.case_number.is_(None), did),
        "opt_out": _rows(session, "opt_out", is_of(_OPT_OUT.c.address, of.address)),
    }


def mails_where(session: Session, *conditions: Any) -> list[Row]:
    """Mails, each with the id of its stored bytes under "stored"."""
    return _with_bytes(session, "mail", *conditions)


def letters_where(session: Session, *conditions: Any) -> list[Row]:
    """Letters likewise."""
    return _with_bytes(session, "letter", *conditions)


def _with_bytes(session: Session, name: str, *conditions: Any) -> list[Row]:
    table = TABLES[name]
    found = session.execute(select(table.c.id, table.c.raw_id).where(*conditions))
    stored = {row_id: raw_id for row_id, raw_id in found}  # noqa: C416 - a result is no mapping
    return [{**row, "stored": stored[row["id"]]} for row in _rows(session, name, *conditions)]


def _rows(session: Session, name: str, *conditions: Any) -> list[Row]:
    table = TABLES[name]
    columns = [column for column in table.columns if column.name not in _SECRET]
    ordered = select(*columns).where(*conditions).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(ordered).mappings()]
