"""What waits for one agent."""

from datetime import timedelta

from sqlmodel import Session

from store import digests
from store.database import opened
from store.models import Case, Status
from tests.facts_factory import case
from tests.store_samples import NOW

SARA = "sara@example.com"


def kept(session: Session, number: int, **changes: object) -> Case:
    made = case(number=number, reply_token=f"{number:026}", **changes)
    session.add(made)
    return made


def test_only_open_cases_of_the_agent_that_were_not_put_off_wait(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        kept(session, 1, status=Status.NEW)
        kept(session, 2, status=Status.OPEN)
        kept(session, 3, status=Status.ANSWERED)
        kept(session, 4, status=Status.CLOSED)
        kept(session, 5, status=Status.OPEN, assignee="dana@example.com")
        kept(session, 6, status=Status.OPEN, snoozed_until=NOW + timedelta(hours=1))
        kept(session, 7, status=Status.OPEN, snoozed_until=NOW - timedelta(hours=1))
        session.flush()
        assert [one.number for one in digests.waiting_for(session, SARA, NOW, 10)] == [1, 2, 7]
        assert [one.number for one in digests.waiting_for(session, SARA, NOW, 2)] == [1, 2]
        assert not digests.was_made(session, f"digest/{SARA}/20260302T0900")
