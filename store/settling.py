"""Drafts and the reply addresses that speak for them, as a decision leaves them (promises 14 and 15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from store import storable
from store.models import DraftState, Mail, TokenPurpose
from store.statements import Insert, Statement
from store.trouble import Conflict
from store.values import NewDraft, NewLetter, Recording
from store.writing import TABLES

_DRAFT, _TOKEN = TABLES["draft"], TABLES["token"]
_NEW_DRAFT = Insert(_DRAFT)

_UNSPENT = (_TOKEN.c.used_at.is_(None), _TOKEN.c.revoked_at.is_(None))
_AGENTS_OF_CASE = (
    _TOKEN.c.case_number == bindparam("number"),
    _TOKEN.c.purpose == TokenPurpose.DRAFT,
    *_UNSPENT,
)

_USE_TOKEN = Statement(
    update(_TOKEN)
    .where(_TOKEN.c.id == bindparam("token"), *_UNSPENT)
    .values(used_at=bindparam("now"), used_by=bindparam("mail"))
)
# Before a recording's own letters bring their tokens.
_REVOKE_TOKENS = Statement(update(_TOKEN).where(*_AGENTS_OF_CASE).values(revoked_at=bindparam("now")))
_REPLACE_TOKENS = Statement(
    update(_TOKEN)
    .where(*_AGENTS_OF_CASE, _TOKEN.c.agent == bindparam("agent"))
    .values(revoked_at=bindparam("now"))
)
_END_DRAFT = Statement(
    update(_DRAFT)
    .where(_DRAFT.c.case_number == bindparam("number"), _DRAFT.c.state == DraftState.OPEN)
    .values(state=bindparam("becomes"))
)
_NEWEST = (
    select(func.max(_DRAFT.c.version)).where(_DRAFT.c.case_number == bindparam("number")).scalar_subquery()
)
# The newest alone: an answer that left before stays what it was.
_REOPEN_DRAFT = Statement(
    update(_DRAFT)
    .where(
        _DRAFT.c.case_number == bindparam("number"),
        _DRAFT.c.state == DraftState.APPROVED,
        _DRAFT.c.version == _NEWEST,
    )
    .values(state=DraftState.OPEN)
)


def use_token(session: Session, token_id: int, mail: Mail | None, now: datetime) -> None:
    """A reply address is good once: whoever is faster acts, the other gets a Conflict (promise 15)."""
    if not _USE_TOKEN.run(session, token=token_id, now=now, mail=mail.id if mail else None):
        raise Conflict("the reply address has been used or withdrawn in the meantime")


def settle_drafts(session: Session, recording: Recording, number: int, now: datetime) -> None:
    """What becomes of a case's drafts, and with them of the reply addresses that speak for them."""
    # In this order one that was taken back can be rejected, a rejected one be followed by a new one, and an
    # edited one be approved at once.
    opens = recording.case is not None and recording.case.expected is None
    if recording.reopen_draft and not _REOPEN_DRAFT.run(session, number=number):
        raise Conflict(f"case {number} has no approved draft any more")
    if recording.reject_draft:
        _end_draft(session, number, DraftState.REJECTED)
    new_drafts(session, recording.drafts, number, now)
    if recording.approve_draft:
        _end_draft(session, number, DraftState.APPROVED)
    if all_revoked(recording) and not opens:
        revoke_tokens(session, number, now)


def revoke_tokens(session: Session, number: int, now: datetime) -> None:
    """The reply addresses of a case's agents are no good any more."""
    _REVOKE_TOKENS.run(session, number=number, now=now)


def all_revoked(recording: Recording) -> bool:
    """Whether no reply address that the case's agents have is good any more; a new case has none yet."""
    decided = recording.approve_draft or recording.reject_draft or recording.reopen_draft
    opens = recording.case is not None and recording.case.expected is None
    return opens or recording.revoke_tokens or decided or bool(recording.drafts)


def replace_tokens(session: Session, letters: Sequence[NewLetter], number: int, now: datetime) -> None:
    """An agent has one good reply address a case: that of the newest mail about it."""
    tokens = [one.token for one in letters if one.token and one.token.purpose is TokenPurpose.DRAFT]
    for agent in dict.fromkeys(token.agent for token in tokens):
        _REPLACE_TOKENS.run(session, number=number, agent=agent, now=now)


def new_drafts(session: Session, drafts: Sequence[NewDraft], number: int, now: datetime) -> None:
    """Versions of a draft; each one supersedes the open one before it."""
    for draft in drafts:
        if draft.version > 1:
            _END_DRAFT.run(session, number=number, becomes=DraftState.SUPERSEDED)
        _NEW_DRAFT.add(session, _draft_row(draft, number, now))


def _end_draft(session: Session, number: int, state: DraftState) -> None:
    if not _END_DRAFT.run(session, number=number, becomes=state):
        raise Conflict(f"case {number} has no open draft any more")


def _draft_row(draft: NewDraft, number: int, now: datetime) -> dict[str, Any]:
    return storable.row(
        {
            "case_number": number,
            "version": draft.version,
            "state": DraftState.OPEN,
            "body": draft.body,
            "template": draft.template,
            "language": draft.language,
            "agent": draft.agent,
            "created_at": now,
        }
    )
