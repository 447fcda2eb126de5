"""The mails that opened cases, in batches from the newest on, with what people said that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select
from sqlmodel import Session

from store.database import Database
from store.models import DraftState, EventKind
from store.statements import Statement
from store.writing import TABLES

AT_ONCE = 250
EVER = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 2**31 - 1

_CASE, _CORRECTION = TABLES["case"], TABLES["correction"]
_DRAFT, _EVENT, _MAIL = TABLES["draft"], TABLES["event"], TABLES["mail"]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case began with; without a mail of the customer's, what an agent wrote down."""

    number: int
    """Of the case; 0 for what was given from outside."""
    subject: str
    words: str
    language: str
    opened_at: datetime
    customer: str = ""
    channel: str = "mail"
    mailbox: str = ""
    signature: str = ""
    attachments: tuple[str, ...] = ()
    """Names of files."""
    raw_id: int | None = None
    corrected: str = ""
    """The category that a person said; "" where nobody corrected it."""
    approved: str = ""
    """The category under which an answer was approved."""

    @property
    def meant(self) -> str:
        """What it is about as far as people said, or let stand."""
        return self.corrected or self.approved


_APPROVED = exists().where(_DRAFT.c.case_number == _CASE.c.number, _DRAFT.c.state == DraftState.APPROVED)
_OPENED = and_(_EVENT.c.case_number == _CASE.c.number, _EVENT.c.kind == EventKind.OPENED)
_BATCH = Statement(
    select(
        _CASE.c.number,
        func.coalesce(_MAIL.c.subject, _CASE.c.subject),
        _CASE.c.told,
        _MAIL.c.words,
        _CASE.c.language,
        _CASE.c.opened_at,
        _CASE.c.customer,
        _CASE.c.channel,
        _CASE.c.mailbox,
        _MAIL.c.signature,
        _MAIL.c.attachments,
        _MAIL.c.raw_id,
        _CORRECTION.c.category,
        _CASE.c.category,
        _APPROVED,
    )
    .select_from(
        _CASE.join(_EVENT, _OPENED)
        .join(_MAIL, _MAIL.c.id == _EVENT.c.mail_id, isouter=True)
        .join(_CORRECTION, _CORRECTION.c.case_number == _CASE.c.number, isouter=True)
    )
    .where(_CASE.c.number < bindparam("before"), _CASE.c.opened_at >= bindparam("since"))
    .where(_CASE.c.erased_at.is_(None))
    .order_by(_CASE.c.number.desc())
    .limit(AT_ONCE)
)
_OUTSIDE = Statement(
    select(
        _CORRECTION.c.key,
        _CORRECTION.c.subject,
        _CORRECTION.c.text,
        _CORRECTION.c.language,
        _CORRECTION.c.at,
        _CORRECTION.c.category,
    )
    # So written that the key's own index is gone along, not the one that holds all of these together.
    .where(func.coalesce(_CORRECTION.c.case_number, _CORRECTION.c.mail_id, 0) == 0)
    .where(_CORRECTION.c.key > bindparam("after"), _CORRECTION.c.at >= bindparam("since"))
    .order_by(_CORRECTION.c.key)
    .limit(AT_ONCE)
)
_COUNT = Statement(select(func.count()).select_from(_CASE).where(_CASE.c.opened_at >= bindparam("since")))


def how_many(database: Database, since: datetime = EVER) -> int:
    """How many cases were opened since then."""
    with database.read() as session:
        return int(_COUNT.scalar(session, since=since))


def openings(database: Database, since: datetime = EVER) -> Iterator[list[Opening]]:
    """What cases began with, the newest first. Each batch is read by itself: no transaction lasts."""
    before = _LAST
    while True:
        with database.read() as session:
            rows = _BATCH.rows(session, before=before, since=since)
        if not rows:
            return
        before = rows[-1][0]
        # Where a case was split or taken together, it may have been opened twice.
        yield list({row[0]: _opening(row) for row in reversed(rows)}.values())[::-1]


def given_from_outside(database: Database, since: datetime = EVER) -> Iterator[list[Opening]]:
    """The corrections that are of no case: with words of their own."""
    after = ""
    while True:
        with database.read() as session:
            rows = _OUTSIDE.rows(session, after=after, since=since)
        if not rows:
            return
        after = rows[-1][0]
        yield [
            Opening(0, subject, text, language, at, corrected=category)
            for _, subject, text, language, at, category in rows
        ]


def opening(session: Session, number: int) -> Opening | None:
    """What one case began with."""
    rows = _BATCH.rows(session, before=number + 1, since=EVER)
    return next((_opening(row) for row in rows if row[0] == number), None)


def _opening(row: Any) -> Opening:
    number, subject, told, words, language, at, customer, *more = row
    channel, mailbox, signature, files, raw_id, *said = more
    corrected, category, approved = said
    return Opening(
        number=number,
        subject=subject,
        words=told or words or "",
        language=language,
        opened_at=at,
        customer=customer,
        channel=channel,
        mailbox=mailbox,
        signature=signature or "",
        attachments=tuple(files or ()),
        raw_id=raw_id,
        corrected=corrected or "",
        approved=category if approved else "",
    )
