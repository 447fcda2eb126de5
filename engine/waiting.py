"""What waits for a person: the cases, and what was given up and may be replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.rules.rulebook import Rulebook
from cases.told_agents import name_of
from engine import views
from store import lists, replays
from store.models import Letter, Mail
from store.replays import SetAside

CASE, SET_ASIDE, UNREAD, UNSENT = "case", "mail set aside", "mail not read", "letter not sent"


def rows(session: Session, now: datetime) -> list[dict[str, Any]]:
    """As `queue --json` gives them: the cases in the order to take them, then what was given up.

    `waits` says what a row is, `note` why it waits and what to do. What is no case has no number of its own
    unless it belongs to one.
    """
    cases = views.case_rows(session, lists.queue_of_cases(session, now))
    notes = dict.fromkeys(lists.late_drafts(session, now), views.DRAFT_COMING)
    nothing = dict.fromkeys(cases[0]) if cases else {}
    given_up = [_aside(one) for one in replays.set_aside(session)]
    given_up += [_unread(one) for one in replays.unread(session)]
    given_up += [_unsent(one) for one in replays.unsent(session)]
    of_cases = [{**case, "waits": CASE, "note": notes.get(case["number"], "")} for case in cases]
    return of_cases + [nothing | one for one in given_up]


def text(found: Sequence[Mapping[str, Any]], now: datetime, rulebook: Rulebook | None = None) -> str:
    """The same for a terminal: agents by name, times as the firm's clock shows them."""
    if not found:
        return "nothing waits for a person"
    columns = ["number", "severity", "assignee", "category", "deadline", "customer", "subject"]
    cases = [_told(one, now, rulebook) for one in found if one["waits"] == CASE]
    others = [dict(one) for one in found if one["waits"] != CASE]
    columns += ["note"] if any(one["note"] for one in cases) else []
    parts = [views.table(cases, views.where_several(cases, tuple(columns)))] if cases else []
    if others:
        parts.append(views.table(others, ("waits", "since", "id", "number", "customer", "subject", "note")))
    return "\n\n".join(parts)


def _told(row: Mapping[str, Any], now: datetime, rulebook: Rulebook | None) -> dict[str, Any]:
    """A case's row, as a person reads it."""
    named = name_of(row["assignee"], rulebook) if rulebook else row["assignee"]
    due = datetime.fromisoformat(row["deadline"]) if row["deadline"] else None
    zone = ZoneInfo(rulebook.calendar.time_zone) if rulebook else UTC
    shown = f"{due.astimezone(zone):%a %d %b %H:%M}{', overdue' if due < now else ''}" if due else ""
    return {**row, "assignee": named or "nobody", "deadline": shown}


def _aside(one: SetAside) -> dict[str, Any]:
    return {
        "waits": SET_ASIDE,
        "number": None,
        "since": views.iso(one.since),
        "id": one.uid,
        "mailbox": one.mailbox,
        "uidvalidity": one.uidvalidity,
        "uid": one.uid,
        "customer": one.sender,
        "subject": one.subject,
        "note": f"{one.why or 'it could not be recorded'}; "
        f"when that is mended: worker.py replay --uid {one.uid}",
    }


def _unread(mail: Mail) -> dict[str, Any]:
    because = "; ".join(mail.damage)
    return {
        "waits": UNREAD,
        "number": mail.case_number,
        "since": views.iso(mail.received_at),
        "id": mail.id,
        "customer": mail.sender,
        "subject": mail.subject,
        "message_ids": [mail.message_id] if mail.message_id else [],
        "note": f"{because}; after a new version: worker.py replay --case {mail.case_number}",
    }


def _unsent(letter: Letter) -> dict[str, Any]:
    more = " --even-refused" if replays.was_refused(letter) else ""
    when = "if the customer has not got it" if replays.is_kept_back(letter) else "when that is mended"
    return {
        "waits": UNSENT,
        "number": letter.case_number,
        "since": views.iso(letter.created_at),
        "id": letter.id,
        "letter": letter.kind.value,
        "customer": letter.recipient,
        "subject": letter.subject,
        "note": f"{views.reached(letter)}; {when}: worker.py replay --letter {letter.id}{more}",
    }
