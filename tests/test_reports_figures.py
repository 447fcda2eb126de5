"""The figures of the report."""

from __future__ import annotations

from reports.figures import gather
from store import ledger
from store.models import EventKind, Status
from store.values import SOFTWARE, NewEvent, Recording
from tests.store_samples import HOUR, NOW, a_case, opened


def test_spam_is_counted_nowhere(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "a", status=Status.RESOLVED, resolved_at=NOW + HOUR)
        spam, _ = a_case(session, "b", spam=True, status=Status.CLOSED, resolved_at=NOW, score=1)
        again = Recording(case_number=spam, events=(NewEvent(EventKind.REOPENED, "", SOFTWARE),))
        ledger.record(session, again, now=NOW)
        figures = gather(session, NOW)
    assert [case.number for case in figures.cases] == [1001]
    assert figures.by_status == (("resolved", 1),)
    assert figures.resolved.count == 1
    assert figures.scores == ()
    assert figures.reopened == 0
