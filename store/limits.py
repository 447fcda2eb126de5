"""How much was sent and came lately: what the limits count (promises 12 and 17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from store import storable
from store.lettering import minute_of
from store.models import LetterKind
from store.statements import Statement
from store.values import canonical
from store.writing import TABLES

_LETTER, _MAIL, _TALLY = TABLES["letter"], TABLES["mail"], TABLES["tally"]


SENT_BACK, CHALLENGE = "sent-back", "challenge"
"""What stands in the keys of letters that say why a command mail was not obeyed, and that ask whether
commands are their agent's."""


class Lately(NamedTuple):
    """How much was sent and came lately."""

    acks_hour: int
    acks_day: int
    acks_in_all: int
    """The first minute counts as a whole."""
    alerts: int
    mails: int
    """Counted up to a limit."""


def _letters_made(kind: LetterKind, recipient: str, since: str) -> Any:
    made = select(func.count()).select_from(_LETTER).where(_LETTER.c.kind == kind)
    to = made.where(_LETTER.c.recipient_key == bindparam(recipient))
    return to.where(_LETTER.c.created_at >= bindparam(since)).scalar_subquery()


def _mails_since(most: str) -> Any:
    theirs = (_MAIL.c.sender == bindparam("sender"), _MAIL.c.received_at >= bindparam("hour"))
    newest = select(_MAIL.c.id).where(*theirs).order_by(_MAIL.c.received_at.desc()).limit(bindparam(most))
    return select(func.count()).select_from(newest.subquery()).scalar_subquery()


_ALERTS_TO = Statement(select(_letters_made(LetterKind.ALERT, "recipient", "since")))
_ACKS_MADE = (_TALLY.c.kind == LetterKind.ACK, _TALLY.c.minute >= bindparam("minute"))
_TO_AGENT = (_LETTER.c.recipient_key == bindparam("agent"), _LETTER.c.created_at >= bindparam("hour"))


def _to_agent(kind: LetterKind, key: str) -> Any:
    of_kind = select(func.count()).select_from(_LETTER).where(*_TO_AGENT, _LETTER.c.kind == kind)
    return of_kind.where(_LETTER.c.key.like(key)).scalar_subquery()


# A slip in answer to a request brings that request again.
_SENT_BACK = (_to_agent(kind, f"{SENT_BACK}/%") for kind in (LetterKind.TRANSCRIPT, LetterKind.REQUEST))
_AGENT_TOLD = Statement(select(reduce(add, _SENT_BACK), _to_agent(LetterKind.REQUEST, f"%{CHALLENGE}/%")))
_LATELY = Statement(
    select(
        _letters_made(LetterKind.ACK, "recipient", "hour"),
        _letters_made(LetterKind.ACK, "recipient", "day"),
        select(func.coalesce(func.sum(_TALLY.c.made), 0)).where(*_ACKS_MADE).scalar_subquery(),
        _letters_made(LetterKind.ALERT, "agent", "hour"),
        _mails_since("most"),
    )
)


def lately(session: Session, sender: str, bound: str, now: datetime, most: int) -> Lately:
    """What went to and came from a sender, and in all, in the last hour (promises 12 and 17).

    `bound` is the agent to whom alerts would go; "" when there is none.
    """
    asked = {"sender": storable.key(sender), "recipient": storable.key(canonical(sender)), "most": most}
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    of_agent = {"agent": storable.key(canonical(bound))}
    row = _LATELY.first(session, **asked, **of_agent, hour=hour, day=day, minute=minute_of(hour))
    assert row is not None  # noqa: S101 - counts always answer
    return Lately(*map(int, row))


def agent_told(session: Session, address: str, now: datetime) -> tuple[int, int]:
    """How often an agent's mails were sent back in the last hour, and how often the agent was challenged."""
    agent = storable.key(canonical(address))
    row = _AGENT_TOLD.first(session, agent=agent, hour=now - timedelta(hours=1))
    assert row is not None  # noqa: S101 - counts always answer
    return int(row[0]), int(row[1])


def alerts_to(session: Session, address: str, since: datetime) -> int:
    """Alerts to an address since then; its +tags count as the same address (promise 17)."""
    return int(_ALERTS_TO.scalar(session, recipient=storable.key(canonical(address)), since=since))
