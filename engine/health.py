"""How the operation is: what waits, who works, and what is wrong, for people and for probes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from engine.version import VERSION
from language.direction import printable
from store import alerts, gauges, learned, lists, workers
from store.models import Alert
from store.replays import Waiting
from store.tables import newest

FINE, TROUBLE, UNKNOWN = "fine", "trouble", "unknown"
EXIT = {FINE: 0, TROUBLE: 1, UNKNOWN: 3}
"""What a probe is told."""
UNREAD_FOR = timedelta(minutes=15)
"""So long may a mailbox rest without a worker: whoever runs `run --once` from cron has none in between."""


def health(session: Session, now: datetime) -> dict[str, Any]:
    """Queue depths, the last poll of each mailbox, and what is wrong."""
    depths, waits, active = lists.depths(session, now), gauges.waits(session, now), alerts.active(session)
    troubles = [*_of_alerts(active), *_troubles(depths, active, now)]
    return {
        "state": TROUBLE if troubles else FINE,
        "version": VERSION,
        "schema": newest(),
        "running": bool(_living(depths, now)),
        "letters": {
            "queued": depths.queued,
            "sending": depths.sending,
            "failed": depths.failed,
            "in doubt": depths.in_doubt,
            "overdue": depths.overdue,
        },
        "oldest_queued": _iso(depths.oldest_queued_at),
        "cases_new": waits.new,
        "cases_open": waits.open,
        "cases_overdue": waits.overdue,
        "drafts_waiting": waits.drafts,
        "learning": _of_learning(session),
        "retaken": depths.retaken,
        "set_aside": depths.waiting.set_aside,
        "unread": depths.waiting.unread,
        "unsent": depths.waiting.unsent,
        "timers_due": depths.timers_due,
        "mailboxes": [
            {
                "name": box.name,
                "owner": box.owner,
                "last_poll": _iso(box.last_poll_at),
                "error": box.last_error,
            }
            for box in depths.mailboxes
        ],
        "workers": [{"id": one.id, "heartbeat": _iso(one.heartbeat_at)} for one in depths.workers],
        "alerts": [
            {
                "key": one.key,
                "since": _iso(one.since),
                "times": one.times,
                "told": _iso(one.told_at),
                "words": one.words,
            }
            for one in active
        ],
        "troubles": troubles,
    }


def unknown(why: str) -> dict[str, Any]:
    """What is said where nothing can be looked at."""
    return {"state": UNKNOWN, "version": VERSION, "troubles": [why]}


def _living(depths: lists.Depths, now: datetime) -> list[Any]:
    return [one for one in depths.workers if now - one.heartbeat_at <= workers.STALE_AFTER]


def _of_alerts(active: Iterable[Alert]) -> list[str]:
    return [f"{one.key}: {one.words} (since {_iso(one.since)})" for one in active]


def _troubles(depths: lists.Depths, active: Sequence[Alert], now: datetime) -> list[str]:
    told = {one.key.partition("/")[2] for one in active if one.key.startswith(("mailbox/", "filing/"))}
    troubles = [
        f"{box.name}: {box.last_error}" for box in depths.mailboxes if box.last_error and box.name not in told
    ]
    troubles += [
        f"the worker {one.id} has given no sign of life since {_iso(one.heartbeat_at)}; start it again"
        for one in depths.workers
        if now - one.heartbeat_at > workers.STALE_AFTER
    ]
    troubles += _nobody_works(depths, now)
    if depths.late:
        troubles.append(
            f"letters that have waited for more than an hour: {depths.late}; see the worker's log"
        )
    if depths.drafts_late:
        troubles.append(
            f"cases whose first draft has been coming for more than a minute: {depths.drafts_late}; "
            "see the worker's log"
        )
    troubles += _to_replay(depths.waiting)
    return troubles


def _nobody_works(depths: lists.Depths, now: datetime) -> list[str]:
    if depths.workers:
        return []
    looks = [box.last_poll_at for box in depths.mailboxes if box.last_poll_at]
    if not looks:
        return ["no worker has looked into a mailbox yet; start it with: worker.py run"]
    if now - max(looks) < UNREAD_FOR:
        return []
    return [f"no worker is running, and no mail is read since {_iso(max(looks))}; start it: worker.py run"]


def _to_replay(waiting: Waiting) -> list[str]:
    """What a person is to do about what was given up; worker.py queue names each."""
    told = (
        (
            waiting.set_aside,
            "mails set aside because they couldn't be recorded: {}; mend what worker.py queue says of them, "
            "then worker.py replay",
        ),
        (
            waiting.unread,
            "mails that couldn't be read: {}; handle their cases from the originals, or after a new version "
            "worker.py replay reads them again",
        ),
        (
            waiting.unsent,
            "letters refused or given up: {}; worker.py queue says why, worker.py replay --letters sends "
            "again what was given up",
        ),
    )
    return [text.format(count) for count, text in told if count]


def _of_learning(session: Session) -> str:
    standing = learned.standing(session)
    if standing.failed:
        return "the last attempt failed; see the worker's log"
    if standing.id is None:
        return "nothing yet"
    return f"from {standing.corrections_then} corrections, version {standing.version}"


def health_text(health: dict[str, Any]) -> str:
    """Health for a terminal."""
    shown = {**health, "running": "yes" if health["running"] else "no worker is running"}
    lines = [
        f"{name:<16} {_shown(value)}" for name, value in shown.items() if not isinstance(value, list | dict)
    ]
    lines += [f"{'letters ' + name:<16} {count}" for name, count in health["letters"].items()]
    lines += [
        f"{'mailbox':<16} {box['name']}, last read {box['last_poll'] or 'never'}"
        for box in health["mailboxes"]
    ]
    lines += [f"{'trouble':<16} {printable(trouble)}" for trouble in health["troubles"]] or ["all is well"]
    return "\n".join(lines)


def _shown(value: object) -> object:
    return "-" if value is None else value


def _iso(when: datetime | None) -> str | None:
    return when.isoformat(timespec="seconds") if when else None
