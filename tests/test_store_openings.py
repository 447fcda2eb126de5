"""What cases began with."""

from __future__ import annotations

from itertools import chain
from typing import Any

from store import corrections, openings
from store.database import opened
from store.openings import EVER, Opening
from tests.store_samples import HOUR, NOW, a_case


def corrected(number: int | None, category: str, **changes: Any) -> dict[str, Any]:
    key = f"case/{number}" if number else f"given/{category}"
    return {
        "key": key,
        "case_number": number,
        "category": category,
        "actor": "sam@example.com",
        "at": NOW,
    } | changes


def test_batches_come_from_the_newest_case_on_and_miss_none(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            numbers = [
                a_case(session, f"m{n}", opened_at=NOW + n * HOUR)[0] for n in range(openings.AT_ONCE + 5)
            ]
        found = [[one.number for one in batch] for batch in openings.openings(database)]
        assert [len(batch) for batch in found] == [openings.AT_ONCE, 5]
        assert list(chain.from_iterable(found)) == numbers[::-1]
        assert openings.how_many(database) == len(numbers)
        since = NOW + (len(numbers) - 2) * HOUR
        assert [one.number for batch in openings.openings(database, since) for one in batch] == numbers[
            :-3:-1
        ]
        assert openings.how_many(database, since) == 2


def test_a_case_has_the_words_of_its_mail_and_what_people_said_of_it(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            number, mail = a_case(session, "one")
            told, _ = a_case(session, "two", told="She rang: it is lost.", channel="phone")
            corrections.correct(session, [corrected(number, "lost")])
        (batch,) = openings.openings(database)
        by_telephone, by_mail = batch
        assert by_mail == Opening(
            number=number,
            subject="My parcel is late",
            words="It should have come on Monday.",
            language="en",
            opened_at=NOW,
            customer="sara@example.com",
            raw_id=mail.raw_id,
            corrected="lost",
        )
        assert (by_mail.meant, by_telephone.meant) == ("lost", "")
        assert (by_telephone.words, by_telephone.channel) == ("She rang: it is lost.", "phone")
        with database.read() as session:
            assert openings.opening(session, told) == by_telephone
            assert openings.opening(session, 1) is None


def test_corrections_from_outside_have_words_of_their_own(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            number, _ = a_case(session)
            given = corrected(None, "lost", subject="S", text="It is gone.")
            corrections.correct(session, [given, corrected(number, "late")])
        (batch,) = openings.given_from_outside(database, EVER)
        assert [(one.number, one.subject, one.words, one.meant) for one in batch] == [
            (0, "S", "It is gone.", "lost")
        ]
        assert list(openings.given_from_outside(database, NOW + HOUR)) == []
