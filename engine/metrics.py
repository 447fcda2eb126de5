"""What Prometheus is told of a worker: its own counters, and what waits in the database."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from cases import alerting
from engine.desk import Desk
from engine.exposition import Family, counter, gauge, histogram, text
from store import gauges, lists
from store.database import StoreDown
from store.gauges import Waits
from store.lists import Depths
from store.tables import newest

P = "peygir"
LETTER_STATES = ("queued", "sending", "failed", "in_doubt")


def page(desk: Desk, version: str) -> str:
    """Everything, as Prometheus reads it; without what the database knows while that is away."""
    now = desk.clock()
    families = [*_of_the_worker(desk, version)]
    try:
        with desk.database.read() as session:
            depths, waits = lists.depths(session, now), gauges.waits(session, now)
    except StoreDown:
        families.append(_up("database", "Whether the database answers.", ok=False))
    else:
        # Reading alone proves little: on a full disk it goes on.
        families.append(_up("database", "Whether the database answers.", ok=not desk.outage.why))
        families += [*_of_letters(depths, now), *_of_mail(depths, now), *_of_people(depths, waits)]
    return text(families)


def _up(name: str, help_text: str, *, ok: bool) -> Family:
    return gauge(f"{P}_{name}_up", help_text, int(ok))


def _of_the_worker(desk: Desk, version: str) -> Iterator[Family]:
    done = desk.counters
    labels = {"version": version, "schema": newest(), "python": platform.python_version()}
    yield gauge(f"{P}_build_info", "The version that runs, and that of the tables.", [(labels, 1)])
    yield counter(
        f"{P}_mails_taken_total",
        "Mails taken in, by kind.",
        [({"kind": kind}, count) for kind, count in sorted(done.mails.copy().items())],
    )
    yield counter(
        f"{P}_letters_total",
        "Attempts to send a letter, by the letter's kind and by what came of it.",
        [
            ({"kind": kind, "result": result}, count)
            for (kind, result), count in sorted(done.letters.copy().items())
        ],
    )
    yield histogram(
        f"{P}_acknowledgement_seconds",
        "From when a mail was taken in until the mail server took its acknowledgement.",
        done.acknowledged.bounds,
        done.acknowledged.counts,
        done.acknowledged.total,
    )
    for name, help_text, count in (
        ("reader_restarts", "How often the process that reads mails was lost.", done.troubles["reader"]),
        ("job_failures", "How often a regular job failed.", done.troubles["job"]),
        ("database_errors", "How often the database could not be used.", desk.outage.times),
    ):
        yield counter(f"{P}_{name}_total", help_text, [({}, count)])
    wrong = desk.alerts.seen()
    exits = {key.partition("/")[2]: one for key, one in wrong.items() if alerting.kind_of(key) == "sending"}
    yield gauge(
        f"{P}_sending_up",
        "Whether the mail server takes letters, as far as this worker has tried.",
        [({"server": server}, int(not one.wrong)) for server, one in sorted(exits.items())],
    )
    yield gauge(f"{P}_threads_hung", "Loops that make no progress.", len(desk.pulse.hung()))


def _of_letters(depths: Depths, now: datetime) -> Iterator[Family]:
    waiting = (depths.queued, depths.sending, depths.failed, depths.in_doubt)
    yield gauge(
        f"{P}_letters",
        "Letters that have not left, by state; those in doubt are among the queued.",
        [({"state": state}, count) for state, count in zip(LETTER_STATES, waiting, strict=True)],
    )
    yield gauge(f"{P}_letters_due", "Letters whose time to leave has come.", depths.overdue)
    yield gauge(f"{P}_letters_late", "Letters that have waited for more than an hour.", depths.late)
    oldest = depths.oldest_queued_at
    age = max((now - oldest).total_seconds(), 0.0) if oldest else 0
    yield gauge(f"{P}_oldest_letter_age_seconds", "Age of the oldest letter that waits.", age)
    yield gauge(f"{P}_timers_due", "Timers that are due.", depths.timers_due)
    given_up = depths.waiting
    yield gauge(
        f"{P}_given_up",
        "What waits for worker.py replay, by what it is.",
        [
            ({"what": "mail_set_aside"}, given_up.set_aside),
            ({"what": "mail_unread"}, given_up.unread),
            ({"what": "letter_unsent"}, given_up.unsent),
        ],
    )


def _of_mail(depths: Depths, now: datetime) -> Iterator[Family]:
    ages = [
        ({"mailbox": one.name}, max((now - one.last_poll_at).total_seconds(), 0.0))
        for one in depths.mailboxes
        if one.last_poll_at
    ]
    yield gauge(
        f"{P}_mailbox_last_poll_age_seconds", "Seconds since a mailbox was last looked at in full.", ages
    )
    yield gauge(
        f"{P}_mailbox_up",
        "Whether a mailbox can be read.",
        [({"mailbox": one.name}, int(not one.last_error)) for one in depths.mailboxes],
    )
    yield gauge(f"{P}_mails_retried", "Mails that were begun more than once.", depths.retaken)
    yield gauge(f"{P}_workers", "Workers on this database.", len(depths.workers))


def _of_people(depths: Depths, waits: Waits) -> Iterator[Family]:
    yield gauge(
        f"{P}_cases_waiting",
        "Cases that wait for a person, by status.",
        [({"status": "new"}, waits.new), ({"status": "open"}, waits.open)],
    )
    yield gauge(f"{P}_cases_overdue", "Cases whose deadline has passed.", waits.overdue)
    yield gauge(f"{P}_drafts_waiting", "Drafts that wait for a decision.", waits.drafts)
    yield gauge(f"{P}_drafts_late", "Cases whose first draft is long in coming.", depths.drafts_late)
    kinds = Counter(alerting.kind_of(key) for key in waits.alerts)
    every = sorted({*alerting.KINDS, *kinds})
    yield gauge(
        f"{P}_alerts_active",
        "Troubles of the operation that go on, by kind; worker.py status says more.",
        [({"kind": kind}, kinds[kind]) for kind in every],
    )
