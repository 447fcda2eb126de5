"""What a mail's way asks: new UIDs, the case of a thread, counts for the limits."""

from __future__ import annotations

from sqlalchemy import update

from store import ledger, limits, looks, queries
from store.database import opened
from store.models import ArrivalState, Letter, LetterKind, LetterState, MailKind, Tombstone
from store.values import Recording
from tests.store_samples import AGENT, CUSTOMER, HOUR, MINUTE, NOW, a_case, a_mailbox, letter, message, stored


def test_new_mail_is_what_the_folder_has_and_the_database_has_not(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        for uid in (2, 4, 600):
            stored(session, box, uid)
        ledger.take(session, box, 7, [5, 6, 9], NOW)
        ledger.arrived(session, box, 7, 6, mail_id=None, state=ArrivalState.DUPLICATE)
        ledger.arrived(session, box, 7, 9, mail_id=None, state=ArrivalState.SET_ASIDE)
        assert queries.new_uids(session, box, 7, [9, 6, 5, 4, 3, 2, 1]) == [1, 3, 5]
        assert queries.new_uids(session, box, 7, range(1, 1201))[-601:] == [599, *range(601, 1201)]
        assert queries.new_uids(session, box, 8, [2, 4]) == [2, 4]
        assert queries.new_uids(session, box, 7, []) == []


def test_mails_that_were_begun_and_never_stored_are_known(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        stored(session, box, 1)
        ledger.take(session, box, 7, [2], NOW)
        assert looks.begun(session, box, 7) == {2}


def test_only_what_is_safely_stored_may_be_filed(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        ledger.take(session, box, 7, [1, 9], NOW)
        ledger.arrived(session, box, 7, 9, mail_id=None, state=ArrivalState.SET_ASIDE)
        stored(session, box, 3)
        stored(session, box, 2)
        assert queries.unfiled(session, box, 7) == [2, 3]
        assert queries.unfiled(session, box, 8) == []


def test_a_mail_is_known_by_its_fingerprint_or_its_tombstone(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        _, mail = a_case(session)
        session.add(Tombstone(fingerprint="gone", at=NOW))
        session.flush()
        known = queries.mail_by_fingerprint(session, mail.fingerprint)
        assert known is not None
        assert known.id == mail.id
        assert queries.mail_by_fingerprint(session, "gone") is None
        assert [queries.is_new(session, one) for one in (mail.fingerprint, "gone", "other")] == [
            False,
            False,
            True,
        ]


def test_mails_of_one_message_id_come_newest_first(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name in ("a", "b"):
            given = message(name, message_id="<same@example.com>")
            ledger.store_mail(session, given, raw=b"", kind=MailKind.CUSTOMER, now=NOW)
        ledger.store_mail(session, message("c", message_id=""), raw=b"", kind=MailKind.CUSTOMER, now=NOW)
        found = queries.mail_by_message_id(session, "<same@example.com>")
        assert [one.fingerprint for one in found] == [message("b").fingerprint, message("a").fingerprint]
        assert queries.mail_by_message_id(session, "") == []


def test_a_case_is_found_by_its_number_and_by_its_own_address(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        by_number, by_token = (
            queries.case(session, 1001, lock=True),
            queries.case_by_reply_token(session, "token1001"),
        )
        assert by_number is not None
        assert by_number == by_token
        assert queries.case(session, 1) is None
        assert queries.case_by_reply_token(session, "no\0such") is None


def test_a_thread_leads_to_the_case_of_its_newest_known_message(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one")
        a_case(session, "two")

        def of(*ids: str) -> int | None:
            found = queries.case_of_thread(session, ids)
            return found.number if found else None

        assert of("<unknown@x>", "<one@example.com>", "<two@example.com>") == 1001
        assert of("<ack.1002@shop.example>", "<one@example.com>") == 1002
        assert of("<unknown@x>", "") is None
        assert of() is None


def test_a_later_mail_can_not_take_over_a_message_id(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one")
        number = queries.next_number(session)
        forged = message("forged", "eve@example.org", message_id="<one@example.com>")
        mail = ledger.store_mail(session, forged, raw=b"", kind=MailKind.CUSTOMER, now=NOW)
        a_case(session, "eve", "eve@example.org")
        ledger.record(session, Recording(case_number=number), now=NOW, mail=mail)
        found = queries.case_of_thread(session, ["<one@example.com>"])
        assert found is not None
        assert found.number == 1001


def test_the_latest_draft_is_the_highest_version(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        found = queries.latest_draft(session, 1001)
        assert found is not None
        assert found.version == 1
        assert queries.latest_draft(session, 1) is None


def test_a_bounce_finds_its_letter_by_message_id_or_by_the_recipient(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        found = queries.letters_by_message_id(session, ["<ack.1001@shop.example>", "<other@x>", ""])
        assert [one.key for one in found] == ["ack/1001"]
        assert queries.letters_by_message_id(session, []) == []
        assert queries.letter_to(session, CUSTOMER) is None
        session.connection().execute(update(Letter).values(state=LetterState.SENT))
        sent = queries.letter_to(session, "Sara@Example.com")
        assert sent is not None
        assert sent.key == "ack/1001"
        assert queries.letter_to(session, AGENT) is None
        assert queries.letter_to(session, AGENT, kinds=(LetterKind.DRAFT,)) is not None


def test_acknowledgements_are_counted_by_canonical_address_and_time(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        tagged = letter("ack/2", "Sara+shop@example.com")
        for given, when in (
            (letter("ack/1"), NOW - HOUR),
            (tagged, NOW),
            (letter("ack/3", "x@example.org"), NOW),
        ):
            ledger.record(session, Recording(letters=(given,)), now=when)
        ledger.record(session, Recording(letters=(letter("answer/1"), letter("alert/1", AGENT))), now=NOW)
        later = limits.lately(session, "sara+other@EXAMPLE.com", "", NOW + MINUTE, 1)
        assert (later.acks_hour, later.acks_day, later.acks_in_all) == (1, 2, 2)
        assert limits.lately(session, CUSTOMER, "", NOW, 1).acks_hour == 2
        assert limits.alerts_to(session, AGENT, NOW - HOUR) == 1


def test_a_customers_cases_come_newest_first(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name in "abc":
            a_case(session, name)
        a_case(session, "d", "omid@example.org")
        assert [one.number for one in queries.customer_cases(session, CUSTOMER)] == [1003, 1002, 1001]
        assert [one.number for one in queries.customer_cases(session, CUSTOMER, limit=1)] == [1003]


def test_times_come_back_as_they_were_with_their_zone(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session, deadline_at=NOW + HOUR)
        with database.read() as session:
            found = queries.case(session, 1001)
            assert found is not None
            assert found.deadline_at == NOW + HOUR
            assert found.deadline_at.tzinfo is not None


def test_letters_keep_the_order_they_were_asked_for(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session)
        keys = [f"answer/1001/{n}" for n in range(30)]
        ledger.record(session, Recording(case_number=1001, letters=tuple(map(letter, keys))), now=NOW)
        found = queries.letters_of(session, 1001)
        assert [one.key for one in found if one.kind is LetterKind.ANSWER] == keys
        assert [queries.raw(session, one.raw_id) for one in found][-1] == b"letter answer/1001/29\r\n"


def test_what_was_sent_and_came_lately_is_counted_at_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name in "abc":
            ledger.store_mail(session, message(name), raw=b"", kind=MailKind.CUSTOMER, now=NOW)
        for key, to, when in (
            ("ack/1", CUSTOMER, NOW),
            ("ack/2", CUSTOMER, NOW - 2 * HOUR),
            ("ack/3", "x@example.org", NOW),
            ("alert/1", AGENT, NOW),
        ):
            ledger.record(session, Recording(letters=(letter(key, to),)), now=when)
        assert limits.lately(session, CUSTOMER, AGENT, NOW, 20) == (1, 2, 2, 1, 3)
        assert limits.lately(session, "Sara+tag@Example.com", "", NOW, 2) == (1, 2, 2, 0, 0)
        assert limits.lately(session, CUSTOMER, "", NOW, 2).mails == 2


def test_how_many_letters_were_made_in_a_minute_is_forgotten_after_a_day(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for number, when in enumerate((NOW - 50 * HOUR, NOW - HOUR, NOW)):
            ledger.record(session, Recording(letters=(letter(f"ack/{number}"),)), now=when)
        assert limits.lately(session, CUSTOMER, "", NOW - 49 * HOUR, 1).acks_in_all == 2


def test_the_same_words_are_looked_for_among_a_senders_last_mails(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one")
        a_case(session, "two")
        ledger.store_mail(session, message("three"), raw=b"", kind=MailKind.CUSTOMER, now=NOW)
        found = queries.mails_like(session, CUSTOMER, "My parcel is late", NOW - MINUTE)
        assert {one.message_id for one in found} == {"<one@example.com>", "<two@example.com>"}
        assert queries.mails_like(session, CUSTOMER, "Another", NOW - MINUTE) == []
        assert queries.mails_like(session, CUSTOMER, "My parcel is late", NOW + MINUTE) == []
