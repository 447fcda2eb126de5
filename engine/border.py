"""Whether our border writes what `TRUSTED_AUTHSERV_ID` promises: seen from the mails that came."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from cases.authentication import is_written_by
from engine.limits import limits_in
from inbox.parse import parse
from settings import Settings
from store import lists, queries

LAST = 20
"""Mails that are looked at."""
ENOUGH = 5
"""Of mails, to say that a border never writes its field."""


def problems(session: Session, settings: Settings) -> Iterator[str]:
    """What keeps every command of agents from being obeyed."""
    looked, written = _looked(session, settings)
    if looked >= ENOUGH and not written:
        yield (
            f"none of the last {looked} mails begins with Authentication-Results of "
            f"{' or '.join(_names(settings))}, so no agent's reply is obeyed: set TRUSTED_AUTHSERV_ID to the "
            "name that your mail server writes there, or let it write them"
        )


def notes(session: Session, settings: Settings) -> Iterator[str]:
    """What an operator should know although the worker can run."""
    looked, written = _looked(session, settings)
    if written and written < looked:
        yield (
            f"{looked - written} of the last {looked} mails have no Authentication-Results of "
            f"{' or '.join(_names(settings))} on top. Where your server writes none, one that a forger wrote "
            "is believed, unless your server deletes what comes from outside under its name (RFC 8601)"
        )


def _looked(session: Session, settings: Settings) -> tuple[int, int]:
    """How many mails were looked at, and how many of them have our border's field on top."""
    names = _names(settings)
    if not names:
        return 0, 0
    limits = limits_in(settings)
    mails = lists.newest_mails(session, LAST)
    results = (parse(queries.raw(session, one.raw_id), (), limits).authentication_results for one in mails)
    found = [any(is_written_by(each, name) for name in names) for each in results]
    return len(found), sum(found)


def _names(settings: Settings) -> list[str]:
    """What the borders of all mailboxes call themselves."""
    found = (one.TRUSTED_AUTHSERV_ID for one in settings.mailboxes)
    return list(dict.fromkeys(name for name in found if name))
