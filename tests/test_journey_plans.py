"""Nothing that a worker asks the database, from the first look to the last letter, reads a whole table."""

from __future__ import annotations

from tests.journeys import Journey
from tests.plans import full_scans, watched


def test_a_worker_at_work_reads_no_whole_table(stored_journey: Journey) -> None:
    with watched() as seen:
        worker = stored_journey.worker
        seen.clear()
        stored_journey.customer_writes("My parcel has not arrived and I want my money back.")
        stored_journey.work()
        [ack] = stored_journey.letters()
        stored_journey.reply(ack, "It is still not here.", sender="ann@example.com")
        stored_journey.agent_replies("approve")
        stored_journey.work()
        stored_journey.clock.skip(days=5)
        stored_journey.work()
        asked = dict(seen)
        with worker.desk.database.read() as session:
            scans = full_scans(session, asked)
    assert sum(" INTO letter" in one for one in asked) > 0
    assert sum("UPDATE letter" in one for one in asked) > 2
    assert scans == []
