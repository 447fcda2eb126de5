"""What was given up and can be tried again."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from store import ledger, queries, queue, replays, retries
from store.database import opened
from store.models import ArrivalState, EventKind, MailKind, Status
from store.values import NewEvent, Recording
from tests.store_samples import AGENT, CUSTOMER, HOUR, NOW, a_case, a_mailbox, a_worker, ends, letter, message


def put_aside(session: Session, box: int, uid: int) -> None:
    ledger.take(session, box, 7, [uid], NOW)
    ledger.arrived(session, box, 7, uid, mail_id=None, state=ArrivalState.SET_ASIDE)
    data = {"mailbox": box, "uidvalidity": 7, "uid": uid, "sender": CUSTOMER, "subject": f"Mail {uid}"}
    event = NewEvent(EventKind.SET_ASIDE, "it could not be recorded", "peygir", data)
    ledger.record(session, Recording(events=(event,)), now=NOW)


def fail(session: Session, error: str) -> int:
    (one, *_) = queue.claim(session, worker_id="w1", now=NOW, limit=1)
    ends(session, one, "refused", error=error)
    return one.id


def test_a_mail_that_was_set_aside_is_known_by_all_that_was_said_of_it(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert replays.set_aside(session) == []
        put_aside(session, a_mailbox(session), 5)
        (found,) = replays.set_aside(session)
        assert (found.mailbox, found.uidvalidity, found.uid) == ("complaints@shop.example/INBOX", 7, 5)
        assert (found.sender, found.subject) == (CUSTOMER, "Mail 5")
        assert (found.why, found.since) == ("it could not be recorded", NOW)


def test_one_that_nothing_is_known_of_is_there_all_the_same(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        ledger.take(session, box, 7, [5], NOW)
        ledger.arrived(session, box, 7, 5, mail_id=None, state=ArrivalState.SET_ASIDE)
        (found,) = replays.set_aside(session)
        assert (found.uid, found.why) == (5, "")


def test_a_mail_that_is_given_back_is_new_and_has_all_its_attempts(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        put_aside(session, box, 5)
        put_aside(session, box, 6)
        assert queries.new_uids(session, box, 7, [5, 6]) == []
        chosen = [one.arrival_id for one in replays.set_aside(session) if one.uid == 5]
        assert replays.give_back(session, chosen) == 1
        assert queries.new_uids(session, box, 7, [5, 6]) == [5]
        assert [one.uid for one in replays.set_aside(session)] == [6]
        assert ledger.take(session, box, 7, [5], NOW) == {5: 1}
        assert replays.give_back(session, chosen) == 0, "twice does no harm"
        assert replays.give_back(session, []) == 0


def test_a_mail_that_is_read_at_last_says_what_it_says(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        unread = message(unparsed=True, reply_text="=?garbled", damage=("the worker stopped",))
        mail = ledger.store_mail(session, unread, raw=b"raw", kind=MailKind.CUSTOMER, now=NOW)
        number, _ = a_case(session, "two")
        ledger.record(session, Recording(case_number=number), now=NOW, mail=mail)
        (found,) = replays.unread(session)
        read = message("anew", sender="omid@example.org", language="en", signature="Omid")
        assert replays.reread(session, found, read, MailKind.CUSTOMER)
        assert replays.unread(session) == replays.unread(session, number) == []
        again = queries.mail_by_fingerprint(session, read.fingerprint)
        assert again is not None
        assert (again.id, again.sender, again.words) == (mail.id, "omid@example.org", read.reply_text)
        assert (again.language, again.signature, again.damage) == ("en", "Omid", [])
        assert not replays.reread(session, found, read, MailKind.CUSTOMER), "once"


def test_a_fingerprint_that_another_mail_has_is_not_taken_from_it(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session, "twin")
        mail = ledger.store_mail(
            session, message("odd", unparsed=True), raw=b"raw", kind=MailKind.CUSTOMER, now=NOW
        )
        ledger.record(session, Recording(case_number=number), now=NOW, mail=mail)
        (found,) = replays.unread(session)
        assert replays.reread(session, found, message("twin"), MailKind.CUSTOMER)
        kept = queries.mail_by_fingerprint(session, message("odd").fingerprint)
        assert kept is not None
        assert kept.id == mail.id


def test_unread_mails_of_cases_that_ended_wait_for_nobody_but_can_be_asked_for(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session, status=Status.CLOSED)
        mail = ledger.store_mail(
            session, message("odd", unparsed=True), raw=b"raw", kind=MailKind.CUSTOMER, now=NOW
        )
        ledger.record(session, Recording(case_number=number), now=NOW, mail=mail)
        assert replays.waiting(session).unread == 0
        assert [one.id for one in replays.unread(session, number)] == [mail.id]


def test_a_failed_letter_leaves_again_as_it_is(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_worker(session)
        a_case(session)
        letter_id = fail(session, "given up after 5 days: 451 busy")
        before = replays.letter(session, letter_id)
        assert before is not None
        before = before.model_copy()
        later = NOW + timedelta(days=6)
        assert [one.id for one in replays.unsent(session)] == [letter_id]
        assert replays.queue_again(session, letter_id, later)
        assert not replays.queue_again(session, letter_id, later), "twice does no harm"
        assert replays.waiting(session).unsent == 0
        claimed = next(
            one for one in queue.claim(session, worker_id="w1", now=later, limit=9) if one.id == letter_id
        )
        assert (claimed.message_id, claimed.attempt) == (before.message_id, before.attempts + 1)
        assert claimed.data == b"letter ack/1001\r\n"
        assert not retries.given_up(claimed.created_at, later + HOUR), "its five days begin anew"


def test_what_has_not_failed_is_not_queued_again(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_worker(session)
        a_case(session)
        (one, *_) = queue.claim(session, worker_id="w1", now=NOW, limit=1)
        assert not replays.queue_again(session, one.id, NOW)
        ends(session, one, "sent")
        assert not replays.queue_again(session, one.id, NOW)
        assert replays.letter(session, 4711) is None


def test_a_refusal_is_told_from_a_letter_whose_time_was_over(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_worker(session)
        a_case(session)
        told = {}
        for error in ("550 no such user", "given up after 5 days: 451 busy"):
            failed = replays.letter(session, fail(session, error))
            assert failed is not None
            told[error[:3]] = replays.was_refused(failed)
        assert told == {"550": True, "giv": False}


def test_letters_of_ended_cases_wait_for_nobody_and_those_of_no_case_do(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_worker(session)
        number, _ = a_case(session, status=Status.CLOSED)
        fail(session, "550 no")
        assert replays.waiting(session).unsent == 0
        assert len(replays.unsent(session, number)) == 1
        queue.claim(session, worker_id="w1", now=NOW, limit=9)
        ledger.record(session, Recording(letters=(letter("alert/files", AGENT),)), now=NOW)
        told = fail(session, "550 no")
        assert [one.id for one in replays.unsent(session)] == [told]
        assert replays.waiting(session).unsent == 1
