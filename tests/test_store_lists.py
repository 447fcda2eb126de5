"""Lists for people and probes."""

from __future__ import annotations

from store import ledger, lists, queue
from store.database import opened
from store.models import ArrivalState, EventKind, Severity, Status
from tests.store_samples import AGENT, CUSTOMER, HOUR, MINUTE, NOW, a_case, a_mailbox, a_worker, ends, stored


def test_cases_come_by_number_and_can_be_filtered(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "a")
        a_case(session, "b", "omid@example.org", assignee=AGENT)
        a_case(session, "c", status=Status.CLOSED)

        def numbers(**filters: object) -> list[int]:
            return [one.number for one in lists.cases(session, **filters)]  # type: ignore[arg-type]

        assert numbers() == [1001, 1002, 1003]
        assert numbers(after=1001, limit=1) == [1002]
        assert numbers(status=Status.CLOSED) == [1003]
        assert numbers(customer=CUSTOMER) == [1001, 1003]
        assert numbers(assignee=AGENT, status=Status.NEW) == [1002]
        found = lists.message_ids(session, [1001, 1002, 4711])
        assert found == {1001: ["<a@example.com>"], 1002: ["<b@example.com>"], 4711: []}


def test_the_audit_log_can_be_followed(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        everything = lists.events(session)
        assert [one.kind for one in everything] == [
            EventKind.OPENED,
            EventKind.ACKNOWLEDGED,
            EventKind.DRAFTED,
        ]
        last = everything[0].id
        assert last is not None
        assert lists.events(session, after_id=last, limit=1) == [everything[1]]


def test_the_queue_is_in_the_order_in_which_to_take_it(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        mine = {"assignee": AGENT}
        a_case(session, "seen and assigned", seen_at=NOW, severity=Severity.URGENT, **mine)
        a_case(session, "assigned, low", severity=Severity.LOW, **mine)
        a_case(session, "assigned, normal, tomorrow", deadline_at=NOW + 24 * HOUR, **mine)
        a_case(session, "assigned, normal, soon", deadline_at=NOW + HOUR, **mine)
        a_case(session, "assigned, urgent", severity=Severity.URGENT, **mine)
        a_case(session, "unassigned, low", severity=Severity.LOW)
        a_case(session, "answered", status=Status.ANSWERED)
        a_case(session, "unassigned, high, open", severity=Severity.HIGH, status=Status.OPEN)
        waiting = [one.number for one in lists.queue_of_cases(session, NOW)]
        assert waiting == [1008, 1006, 1005, 1004, 1003, 1002, 1001]
        assert [one.number for one in lists.queue_of_cases(session, NOW, limit=1)] == [1008]


def test_what_an_agent_put_off_is_not_in_the_queue_until_then(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "put off", snoozed_until=NOW + HOUR, assignee=AGENT)
        a_case(session, "put off until now", snoozed_until=NOW, assignee=AGENT)
        a_case(session, "never put off", assignee=AGENT)
        assert [one.number for one in lists.queue_of_cases(session, NOW)] == [1002, 1003]
        assert [one.number for one in lists.queue_of_cases(session, NOW + HOUR)] == [1001, 1002, 1003]


def test_the_depths_say_what_waits(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        empty = lists.depths(session, NOW)
        assert (empty.queued, empty.oldest_queued_at, empty.mailboxes) == (0, None, ())
        box = a_mailbox(session)
        a_worker(session, "w2", pid=2)
        for name in "abc":
            a_case(session, name)
        sent, refused, doubt, later, _ = queue.claim(session, worker_id="w1", now=NOW, limit=5)
        ends(session, sent, "sent")
        ends(session, refused, "refused")
        ends(session, doubt, "in-doubt", due_at=NOW)
        ends(session, later, "later", due_at=NOW + HOUR)
        stored(session, box, 1)
        for _ in range(2):
            ledger.take(session, box, 7, [2, 3], NOW)
        ledger.take(session, box, 7, [4], NOW)
        ledger.arrived(session, box, 7, 3, mail_id=None, state=ArrivalState.SET_ASIDE)
        found = lists.depths(session, NOW + MINUTE)
        # Six letters: one sent, one failed, one in hand, one in doubt, one later, one not yet claimed.
        assert (found.queued, found.overdue, found.sending, found.failed, found.in_doubt) == (3, 2, 1, 1, 1)
        assert found.oldest_queued_at == NOW
        assert (found.retaken, found.waiting.set_aside) == (1, 1)
        assert found.timers_due == 0
        assert lists.depths(session, NOW + HOUR).timers_due == 3
        assert [one.id for one in found.mailboxes] == [box]
        assert [one.id for one in found.workers] == ["w1", "w2"]
