"""Known issues, the cases that they concern, and commitments: read for decisions and lists (D18, D22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, false, func, or_, select
from sqlmodel import Session

from store.binding import Row
from store.models import (
    FROM_CUSTOMERS,
    GOES_ON,
    TO_CUSTOMERS,
    Case,
    Commitment,
    CommitmentState,
    Concerned,
    IssueState,
    KnownIssue,
    LetterState,
    Request,
    RequestKind,
    RequestState,
    TimerKind,
    TimerState,
    plain,
)
from store.statements import Select, Statement, upsert
from store.writing import TABLES

AT_ONCE = 500
"""Cases of one query."""
MOST_COMMITMENTS = 2_000
"""Open ones that a command looks among: the newest."""
One = TypeVar("One")

_CASE, _CONCERNED, _COMMITMENT = TABLES["case"], TABLES["concerned"], TABLES["commitment"]
_FACT, _ISSUE, _LETTER = TABLES["fact"], TABLES["known_issue"], TABLES["letter"]
_MAIL, _OPT_OUT, _REQUEST, _TIMER = TABLES["mail"], TABLES["opt_out"], TABLES["request"], TABLES["timer"]
_NUMBER: Any = bindparam("number")
_ISSUE_COLUMNS = [column.name for column in _ISSUE.columns]
_ROW_COLUMNS = [column.name for column in _CONCERNED.columns]
_IS_OF = and_(_CONCERNED.c.issue_id == _ISSUE.c.id, _CONCERNED.c.case_number == _NUMBER)
_OF_CASE = Statement(
    select(*(_ISSUE.c[name] for name in _ISSUE_COLUMNS), *(_CONCERNED.c[name] for name in _ROW_COLUMNS))
    .select_from(_ISSUE.outerjoin(_CONCERNED, _IS_OF))
    .where(
        or_(
            _ISSUE.c.state == IssueState.OPEN,
            and_(_ISSUE.c.state == IssueState.FIXED, _ISSUE.c.fixed_at >= bindparam("opened")),
            _ISSUE.c.id.in_(select(_CONCERNED.c.issue_id).where(_CONCERNED.c.case_number == _NUMBER)),
        )
    )
    .order_by(_ISSUE.c.id)
)
_BY_ID = Select(KnownIssue, _ISSUE.c.id == bindparam("issue"))
_OPEN = Select(KnownIssue, _ISSUE.c.state == IssueState.OPEN, order=[_ISSUE.c.id])
_OF_THE_FILE = Select(KnownIssue, _ISSUE.c.name.is_not(None), order=[_ISSUE.c.id])
_NEWEST = Select(KnownIssue, order=[_ISSUE.c.id.desc()], limit=bindparam("most"))
_NEXT_ISSUE = Statement(select(func.max(_ISSUE.c.id)))
_NEXT_COMMITMENT = Statement(select(func.max(_COMMITMENT.c.id)))
_COMMITMENTS = Select(Commitment, _COMMITMENT.c.case_number == _NUMBER, order=[_COMMITMENT.c.id])
_COMMITMENT_BY_ID = Select(Commitment, _COMMITMENT.c.id == bindparam("commitment"))
_OPEN_COMMITMENTS = Select(
    Commitment,
    _COMMITMENT.c.state == CommitmentState.OPEN,
    order=[_COMMITMENT.c.id.desc()],
    limit=bindparam("most"),
)
_COUNT_OPEN = Statement(
    select(func.count()).select_from(_COMMITMENT).where(_COMMITMENT.c.state == CommitmentState.OPEN)
)
_ROWS = Select(Concerned, _CONCERNED.c.issue_id == bindparam("issue"), order=[_CONCERNED.c.case_number])
_COUNT = Statement(
    select(func.count())
    .select_from(_CONCERNED)
    .where(_CONCERNED.c.issue_id == bindparam("issue"), _CONCERNED.c.removed == false())
)
_WAITING = Select(
    Request,
    _REQUEST.c.kind == RequestKind.BATCH,
    _REQUEST.c.state == RequestState.WAITING,
    _REQUEST.c.expires_at > bindparam("now"),
    order=[_REQUEST.c.id],
)
_LAST_TELLING = Statement(
    select(func.max(_TIMER.c.due_at)).where(
        _TIMER.c.state == TimerState.WAITING, _TIMER.c.kind == TimerKind.FIXED
    )
)
_COPIED = ("issue_id", "at", "told_fixed_at", "by", "removed")
_COPY_ALL = Statement(
    lambda dialect: (
        upsert(_CONCERNED, dialect)
        .from_select(
            ["case_number", *_COPIED],
            select(
                bindparam("into", type_=_CONCERNED.c.case_number.type),
                *(_CONCERNED.c[name] for name in _COPIED),
            ).where(_CONCERNED.c.case_number == _NUMBER),
        )
        .on_conflict_do_nothing()
    )
)


def of_case(session: Session, case: Case) -> list[tuple[KnownIssue, Concerned | None]]:
    """The issues that are open, or were when the case came, or ever concerned it; oldest first."""
    rows = _OF_CASE.rows(session, number=case.number, opened=case.opened_at)
    return [_with_row(row) for row in rows]


def _with_row(row: Row) -> tuple[KnownIssue, Concerned | None]:
    count = len(_ISSUE_COLUMNS)
    issue = plain(KnownIssue, dict(zip(_ISSUE_COLUMNS, row[:count], strict=True)))
    concerned = dict(zip(_ROW_COLUMNS, row[count:], strict=True))
    return issue, None if concerned["issue_id"] is None else plain(Concerned, concerned)


def issue(session: Session, number: int) -> KnownIssue | None:
    """The issue of that number, whatever became of it."""
    return _BY_ID.one(session, issue=number)


def open_issues(session: Session) -> list[KnownIssue]:
    """Every open issue, oldest first."""
    return _OPEN.all(session)


def newest(session: Session, most: int) -> list[KnownIssue]:
    """The last issues, whatever became of them, newest first."""
    return _NEWEST.all(session, most=most)


def of_the_file(session: Session) -> list[KnownIssue]:
    """The issues that have a name in the rule files, or had one."""
    return _OF_THE_FILE.all(session)


def next_issue(session: Session) -> int:
    """The number of the next issue."""
    return int(_NEXT_ISSUE.scalar(session) or 0) + 1


def next_commitment(session: Session) -> int:
    """The number of the next commitment."""
    return int(_NEXT_COMMITMENT.scalar(session) or 0) + 1


def commitments_of(session: Session, number: int) -> tuple[Commitment, ...]:
    """What a case's customer was told that the firm will change, oldest first."""
    return tuple(_COMMITMENTS.all(session, number=number))


def commitment(session: Session, number: int) -> Commitment | None:
    """The commitment of that number, whatever became of it."""
    return _COMMITMENT_BY_ID.one(session, commitment=number)


def open_commitments(session: Session, most: int = MOST_COMMITMENTS) -> tuple[Commitment, ...]:
    """What the firm has still to change, oldest first."""
    return tuple(reversed(_OPEN_COMMITMENTS.all(session, most=most)))


def count_commitments(session: Session) -> int:
    """How many commitments are open."""
    return int(_COUNT_OPEN.scalar(session))


def concerned_by(session: Session, number: int) -> list[Concerned]:
    """What is written down of the cases that an issue concerns, or that an agent said it does not."""
    return _ROWS.all(session, issue=number)


def count_concerned(session: Session, number: int) -> int:
    """How many cases an issue concerns."""
    return int(_COUNT.scalar(session, issue=number))


def waiting(session: Session, now: datetime) -> tuple[Request, ...]:
    """The batches that wait for somebody's yes, oldest first."""
    return tuple(_WAITING.all(session, now=now))


def last_telling(session: Session) -> datetime | None:
    """When the last of the letters leaves that a batch has still to make."""
    found: datetime | None = _LAST_TELLING.scalar(session)
    return found


def copy_all(session: Session, number: int | None, into: int) -> None:
    """What concerns a case concerns the one that takes it in, too."""
    _COPY_ALL.run(session, number=number, into=into)


def unnoticed(session: Session, known: KnownIssue, most: int) -> list[int]:
    """Open cases of an issue's cause that nobody has written down for it yet, oldest first."""
    noticed = select(_CONCERNED.c.case_number).where(_CONCERNED.c.issue_id == known.id)
    # Few cases are open, and many are of a category: their statuses are looked up, the category compared.
    wanted = select(_CASE.c.number).where(
        _CASE.c.status.in_(GOES_ON),
        *([(_CASE.c.category + "") == known.category] if known.category else []),
        *(_has_fact(name, value) for name, value in sorted(known.facts.items())),
        _CASE.c.number.not_in(noticed),
    )
    return list(session.execute(wanted.order_by(_CASE.c.number).limit(most)).scalars())


def _has_fact(name: str, value: str) -> Any:
    return (
        select(_FACT.c.id)
        .where(
            _FACT.c.case_number == _CASE.c.number,
            _FACT.c.name == name,
            _FACT.c.value == value,
            _FACT.c.removed == false(),
        )
        .exists()
    )


def cases(session: Session, numbers: Sequence[int]) -> dict[int, Case]:
    """These cases, by number."""
    columns = [column.name for column in _CASE.columns]
    found: dict[int, Case] = {}
    for part in _parts(sorted(numbers)):
        for row in session.execute(select(_CASE).where(_CASE.c.number.in_(part))):
            case = plain(Case, dict(zip(columns, row, strict=True)))
            found[case.number] = case
    return found


def unreachable(session: Session, numbers: Sequence[int]) -> set[int]:
    """Those of these cases whose customer did not get the last letter."""
    last: dict[int, bool] = {}
    for part in _parts(sorted(numbers)):
        letters = select(_LETTER.c.case_number, _LETTER.c.state, _LETTER.c.undelivered).where(
            _LETTER.c.case_number.in_(part), _LETTER.c.kind.in_(TO_CUSTOMERS)
        )
        for number, state, undelivered in session.execute(letters.order_by(_LETTER.c.id)):
            last[number] = state is LetterState.FAILED or bool(undelivered)
    return {number for number, failed in last.items() if failed}


def opted_out(session: Session, addresses: Sequence[str]) -> set[str]:
    """Those of these canonical addresses whose owners do not want to be written to unasked."""
    found: set[str] = set()
    for part in _parts(sorted(set(addresses))):
        wanted = select(_OPT_OUT.c.address).where(
            _OPT_OUT.c.address.in_(part), _OPT_OUT.c.asked_again == false()
        )
        found.update(session.execute(wanted).scalars())
    return found


def last_words(session: Session, numbers: Sequence[int]) -> Mapping[int, str]:
    """What was last written about each of these cases by its customer."""
    found: dict[int, str] = {}
    for part in _parts(sorted(numbers)):
        theirs = _MAIL.c.kind.in_(FROM_CUSTOMERS)
        mails = select(_MAIL.c.case_number, _MAIL.c.words).where(_MAIL.c.case_number.in_(part), theirs)
        found.update((number, words) for number, words in session.execute(mails.order_by(_MAIL.c.id)))
    return found


def _parts(ordered: Sequence[One]) -> Iterator[Sequence[One]]:
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
