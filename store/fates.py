"""What becomes of every column that can hold words or addresses when a customer is erased (promise 24).

A column that is not named here fails a test: whoever adds one says what happens to it. Numbers, times, flags
and the words of closed lists (status, kind …) stay: they are what figures count, and tell of nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, DateTime, Enum, Float, Integer, LargeBinary
from sqlmodel.sql.sqltypes import UTCDateTime

from store.writing import TABLES


class Fate(StrEnum):
    """What happens to a column."""

    BLANKED = "blanked"
    """Emptied with the case that its row is of."""
    GOES = "goes"
    """Its whole row goes."""
    ANEW = "anew"
    """A value that says nothing takes its place, for it must be unique."""
    SORTED_OUT = "sorted out"
    """Code of its own leaves what says nothing of the customer; see store/erasing.py."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A column that stays, and why it may."""

    because: str


BLANKED, GOES, ANEW, SORTED_OUT = Fate
_RULES = Kept("a name from the rule files")
_AGENT = Kept("an agent's address: who did what at the firm")
_OURS = Kept("the firm's own")
_CODE = Kept("a code of the software's")

FATES: Mapping[str, Mapping[str, Fate | Kept]] = {
    "absence": {"agent": _AGENT},
    "alert": {"key": _OURS, "words": _OURS, "problems": _OURS},
    "alert_telling": {"keys": _OURS, "mail": _OURS},
    "arrival": {},
    "case": {
        "category": _RULES,
        "language": _CODE,
        "channel": _CODE,
        "mailbox": _OURS,
        "alias": _OURS,
        "subject": BLANKED,
        "customer": BLANKED,
        "customer_name": BLANKED,
        "assignee": _AGENT,
        "reply_token": ANEW,
        "why": SORTED_OUT,
        "mentions": Kept("numbers of cases"),
        "not_acknowledged_because": BLANKED,
        "told": BLANKED,
        "followed": Kept("names of deadlines, and times"),
    },
    "case_text": {"text": GOES},
    "commitment": {"what": BLANKED, "made_by": _AGENT, "ended_by": _AGENT},
    "compensation": {
        "customer": BLANKED,
        "kind": _CODE,
        "amount": Kept("what the law wants kept: an amount, of nobody"),
        "currency": _CODE,
        "reason": BLANKED,
        "offered_by": _AGENT,
        "granted_by": _AGENT,
    },
    "concerned": {"by": GOES},
    "correction": {
        "key": GOES,
        "subject": GOES,
        "text": GOES,
        "category": GOES,
        "kind": GOES,
        "language": GOES,
        "actor": GOES,
    },
    "counter": {"name": _CODE},
    "draft": {"body": BLANKED, "template": _RULES, "language": _CODE, "agent": _AGENT},
    "event": {"actor": SORTED_OUT, "text": BLANKED, "data": SORTED_OUT},
    "fact": {"name": GOES, "value": GOES, "as_written": GOES, "found_in": GOES, "said_by": GOES},
    "known_issue": {
        "name": _RULES,
        "title": SORTED_OUT,
        "category": _RULES,
        "facts": SORTED_OUT,
        "notes": SORTED_OUT,
        "fixes": SORTED_OUT,
        "opened_by": _AGENT,
        "fixed_by": _AGENT,
    },
    "learned_model": {
        "version": GOES,
        "rules_version": GOES,
        "figures": GOES,
        "data": GOES,
    },
    "letter": {
        "key": ANEW,
        "recipient": BLANKED,
        "recipient_key": BLANKED,
        "envelope_from": _OURS,
        "message_id": ANEW,
        "subject": BLANKED,
        "encloses_how": _CODE,
        "owner": _OURS,
        "last_error": BLANKED,
        "mailbox": _OURS,
    },
    "mail": {
        "fingerprint": ANEW,
        "message_id": BLANKED,
        "sender": BLANKED,
        "sender_name": BLANKED,
        "subject": BLANKED,
        "language": _CODE,
        "words": BLANKED,
        "signature": BLANKED,
        "attachments": BLANKED,
        "damage": BLANKED,
    },
    "mailbox": {"name": _OURS, "owner": _OURS, "last_error": _OURS},
    "opt_out": {"address": GOES},
    "participant": {"address": GOES},
    "promise": {"what": BLANKED, "made_by": _AGENT},
    "raw": {"data": BLANKED},
    "request": {
        "key": _CODE,
        "agent": _AGENT,
        "given": BLANKED,
        "decided_by": _AGENT,
        "reason": BLANKED,
    },
    "restore": {},
    "signal": {
        "key": SORTED_OUT,
        "name": SORTED_OUT,
        "category": _RULES,
        "fact": SORTED_OUT,
        "terms": SORTED_OUT,
        "cases": SORTED_OUT,
        "told": _AGENT,
    },
    "tally": {},
    "timer": {"key": _CODE},
    "token": {"sha256": _CODE, "agent": _AGENT, "verbs": _CODE, "request_key": _CODE},
    "tombstone": {"fingerprint": Kept("no word can be read of it, and it keeps a mail away")},
    "worker": {"id": _OURS, "host": _OURS},
}
OF_A_CASE = ("commitment", "compensation", "draft", "promise", "request")
"""The tables whose rows stay with their case, blanked."""
GO_WITH_A_CASE = ("case_text", "concerned", "fact", "participant")
"""The tables whose rows go with it."""
_TELL_NOTHING = (Integer, BigInteger, Boolean, DateTime, UTCDateTime, Float, Enum)


def can_tell(column: Column[Any]) -> bool:
    """Whether a column can hold words or addresses."""
    return not isinstance(column.type, _TELL_NOTHING)


@cache
def blanks(table: str) -> Mapping[str, Any]:
    """What the blanked columns of a table are set to."""
    columns = TABLES[table].c
    return {name: _empty(columns[name]) for name, fate in FATES[table].items() if fate is BLANKED}


def _empty(column: Column[Any]) -> Any:
    if isinstance(column.type, LargeBinary):
        return b""
    return [] if isinstance(column.type, JSON) else ""
