"""What the command line shows of a case's promises, money, and what waits for a yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.wishes import in_words
from store import desk_looks


def owed(session: Session, number: int, now: datetime) -> dict[str, Any]:
    """A case's promises, compensations and requests, as `show --json` gives them."""
    return {
        "promises": [
            {
                "what": one.what,
                "due": one.due_at.isoformat(timespec="seconds"),
                "state": one.state.value,
                "by": one.made_by,
            }
            for one in desk_looks.promises_of(session, number)
        ],
        "compensations": [
            {
                "kind": one.kind,
                "amount": one.amount,
                "currency": one.currency,
                "reason": one.reason,
                "state": one.state.value,
                "by": one.offered_by,
                "granted_by": one.granted_by,
            }
            for one in desk_looks.compensations_of(session, number)
        ],
        "waiting": [
            {
                "kind": one.kind.value,
                "by": one.agent,
                "commands": in_words(one.given),
                "until": one.expires_at.isoformat(timespec="seconds"),
            }
            for one in desk_looks.waiting_on(session, number, now)
        ],
    }


def lines(case: Mapping[str, Any]) -> Iterator[str]:
    """The same for a terminal, numbered as `kept` and `paid` count them; nothing where there is nothing."""
    if case["promises"]:
        yield from ("", "promises")
    for number, one in enumerate(case["promises"], 1):
        yield f"  {number}  {one['state']:<9} {one['what']}, by {one['due']} ({one['by']})"
    if case["compensations"]:
        yield from ("", "compensation")
    for number, one in enumerate(case["compensations"], 1):
        given = f"{one['kind']}, {one['amount']} {one['currency']}: {one['reason']}"
        granted = f", granted by {one['granted_by']}" if one["granted_by"] else ""
        yield f"  {number}  {one['state']:<9} {given} ({one['by']}{granted})"
    if case["waiting"]:
        yield from ("", "waits for a yes")
    for one in case["waiting"]:
        yield f"  {one['commands']}, until {one['until']} ({one['by']}, {one['kind']})"
