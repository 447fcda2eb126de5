"""The ledger: everything of a decision or nothing, on facts that still hold."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from store import ledger, queries
from store.database import Database, opened
from store.models import (
    Arrival,
    ArrivalState,
    DraftState,
    EventKind,
    Letter,
    LetterKind,
    MailKind,
    Raw,
    Status,
    TimerKind,
    TimerState,
    TokenPurpose,
)
from store.trouble import Conflict
from store.values import Attachment, CaseChange, NewEvent, NewTimer, NewToken, Recording
from tests.store_samples import (
    AGENT,
    CUSTOMER,
    HOUR,
    MINUTE,
    NOW,
    a_case,
    a_mailbox,
    change,
    complaint,
    draft,
    draft_token,
    event,
    letter,
    message,
)


def conflicts(database: Database, recording: Recording) -> str:
    with pytest.raises(Conflict) as found, database.write() as session:
        ledger.record(session, recording, now=NOW)
    return str(found.value)


def test_a_mail_is_stored_whole(database_url: str) -> None:
    raw = b"Subject: late\r\n\r\n" + bytes(range(256)) * 40
    with opened(database_url) as database:
        with database.write() as session:
            given = message(attachments=(Attachment("bill.pdf", "application/pdf", 9),), damage=("a cut",))
            mail = ledger.store_mail(session, given, raw=raw, kind=MailKind.CUSTOMER, now=NOW)
        with database.read() as session:
            found = queries.mail_by_fingerprint(session, given.fingerprint)
            assert found is not None
            assert found.model_dump() == mail.model_dump()
            assert queries.raw(session, found.raw_id) == raw
            assert (found.sender, found.attachments, found.damage) == (CUSTOMER, ["bill.pdf"], ["a cut"])


def test_the_same_mail_can_not_be_stored_twice(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        ledger.store_mail(session, message(), raw=b"x", kind=MailKind.CUSTOMER, now=NOW)
        with pytest.raises(Conflict, match="stored by another worker"), ledger.alone(session):
            ledger.store_mail(session, message(), raw=b"x", kind=MailKind.CUSTOMER, now=NOW)
        assert len(session.exec(select(Raw)).all()) == 1


def test_text_that_a_database_refuses_is_stored_all_the_same(database_url: str) -> None:
    odd = "a\0b\ud83d \ud83d\ude00"
    with opened(database_url) as database, database.write() as session:
        given = message(subject=odd, message_id="<" + "é" * 20_000 + ">", reply_text=odd, damage=(odd,))
        mail = ledger.store_mail(session, given, raw=b"x", kind=MailKind.CUSTOMER, now=NOW)
        noted = Recording(events=(NewEvent(EventKind.NOTED, odd, odd, {odd: [odd]}),))
        ledger.record(session, noted, now=NOW, mail=mail)
        session.expunge_all()
        [found] = queries.mail_by_message_id(session, given.message_id)
        assert (found.subject, found.words) == ("a\ufffdb\ufffd 😀", "a\ufffdb\ufffd 😀")


def test_a_complaint_is_recorded_in_one_go(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            number, mail = a_case(session)
        with database.read() as session:
            case = queries.case(session, number)
            assert case is not None
            assert (case.number, case.status, case.customer, case.mentions) == (
                1001,
                Status.NEW,
                CUSTOMER,
                [],
            )
            assert queries.participants(session, number) == {CUSTOMER}
            kinds = [one.kind for one in queries.events_of(session, number)]
            assert kinds == [EventKind.OPENED, EventKind.ACKNOWLEDGED, EventKind.DRAFTED]
            assert {one.mail_id for one in queries.events_of(session, number)} == {mail.id}
            assert [one.key for one in queries.letters_of(session, number)] == ["ack/1001", "draft/1001/1"]
            assert [one.key for one in queries.timers_of(session, number)] == ["close/1001"]
            assert [one.case_number for one in queries.mails_of(session, number)] == [number]
            token = queries.token(session, "hash1001")
            assert token is not None
            assert (token.case_number, token.draft_version, token.agent) == (number, 1, AGENT)


def test_each_case_uses_up_a_number(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert [a_case(session, name)[0] for name in "abc"] == [1001, 1002, 1003]
        assert queries.next_number(session) == 1004


def test_a_number_that_is_taken_is_a_conflict_and_leaves_nothing(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        conflicts(database, complaint(1001, reply_token="another"))
        with database.read() as session:
            assert len(session.exec(select(Letter)).all()) == 2


def test_one_failing_mail_of_a_batch_is_undone_alone(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            with ledger.alone(session):
                a_case(session, "first")
            with pytest.raises(RuntimeError), ledger.alone(session):
                a_case(session, "second")
                raise RuntimeError
            with ledger.alone(session):
                number, _ = a_case(session, "third")
            assert number == 1002
        with database.read() as session:
            found = [one.subject for one in queries.mails_of(session, 1001) + queries.mails_of(session, 1002)]
            assert len(found) == 2
            assert queries.mail_by_fingerprint(session, message("second").fingerprint) is None


def test_a_change_needs_the_status_it_was_decided_on(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            number, _ = a_case(session)
            ledger.record(
                session,
                Recording(case=change(number, Status.NEW, status=Status.OPEN, assignee=AGENT)),
                now=NOW,
            )
        words = conflicts(
            database, Recording(case=change(number, Status.NEW, status=Status.CLOSED), events=(event(),))
        )
        assert words == "case 1001 is no longer new"
        with database.read() as session:
            case = queries.case(session, number)
            assert case is not None
            assert (case.status, case.assignee) == (Status.OPEN, AGENT)
            assert len(queries.events_of(session, number)) == 3


def test_a_change_is_seen_by_those_who_read_the_case_again(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        ledger.record(session, Recording(case=change(number, Status.NEW, status=Status.OPEN)), now=NOW)
        again = queries.case(session, number)
        assert again is not None
        assert again.status is Status.OPEN


def test_a_column_that_a_case_lacks_is_refused(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        with pytest.raises(ValueError, match="a case has no stauts"), ledger.alone(session):
            ledger.record(session, Recording(case=change(number, Status.NEW, stauts="open")), now=NOW)


def test_a_status_that_does_not_exist_is_refused(database_url: str) -> None:
    with (
        opened(database_url) as database,
        pytest.raises(LookupError, match="nonsense"),
        database.write() as session,
    ):
        a_case(session, status="nonsense")


def test_a_participant_may_be_named_again(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        joining = CaseChange(number, Status.NEW, participants=("Sara@Example.com", "omid@example.org"))
        ledger.record(session, Recording(case=joining), now=NOW)
        assert queries.participants(session, number) == {CUSTOMER, "omid@example.org"}


def test_events_may_be_about_a_case_that_does_not_change(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        mail = ledger.store_mail(session, message("two"), raw=b"2", kind=MailKind.AUTO_REPLY, now=NOW)
        ledger.record(session, Recording(case_number=number, events=(event(),)), now=NOW, mail=mail)
        assert queries.events_of(session, number)[-1].mail_id == mail.id
        assert [one.id for one in queries.mails_of(session, number)][-1] == mail.id


def test_a_mail_without_a_case_has_its_events(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        mail = ledger.store_mail(session, message(), raw=b"1", kind=MailKind.LIST, now=NOW)
        ledger.record(session, Recording(events=(event(EventKind.IGNORED),)), now=NOW, mail=mail)
        assert mail.case_number is None


def test_a_new_version_supersedes_the_open_draft_and_its_reply_address(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        edited = letter("draft/1001/2", AGENT, token=draft_token("hash of 2", 2))
        ledger.record(
            session, Recording(case_number=number, drafts=(draft(2),), letters=(edited,)), now=NOW + MINUTE
        )
        states = [one.state for one in queries.drafts_of(session, number)]
        assert states == [DraftState.SUPERSEDED, DraftState.OPEN]
        old, new = queries.token(session, "hash1001"), queries.token(session, "hash of 2")
        assert old is not None
        assert new is not None
        assert (old.revoked_at, new.revoked_at) == (NOW + MINUTE, None)


@pytest.mark.parametrize(
    ("verb", "state"), [("approve", DraftState.APPROVED), ("reject", DraftState.REJECTED)]
)
def test_a_draft_is_decided_once(database_url: str, verb: str, state: DraftState) -> None:
    decided = Recording(case_number=1001, **{f"{verb}_draft": True})  # type: ignore[arg-type]
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
            ledger.record(session, decided, now=NOW)
            assert [one.state for one in queries.drafts_of(session, 1001)] == [state]
            token = queries.token(session, "hash1001")
            assert token is not None
            assert token.revoked_at == NOW
        assert conflicts(database, decided) == "case 1001 has no open draft any more"


def test_a_rejected_draft_can_be_followed_and_an_edited_one_approved_at_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        ledger.record(session, Recording(case_number=number, reject_draft=True, drafts=(draft(2),)), now=NOW)
        ledger.record(session, Recording(case_number=number, approve_draft=True, drafts=(draft(3),)), now=NOW)
        states = [one.state for one in queries.drafts_of(session, number)]
        assert states == [DraftState.REJECTED, DraftState.SUPERSEDED, DraftState.APPROVED]


def test_a_version_is_drafted_once(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        conflicts(database, Recording(case_number=1001, drafts=(draft(1),)))


def test_a_reply_address_is_used_once_together_with_its_effect(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            _, mail = a_case(session)
            token = queries.token(session, "hash1001")
            assert token is not None
            approved = Recording(case_number=1001, approve_draft=True, use_token=token.id, events=(event(),))
            ledger.record(session, approved, now=NOW, mail=mail)
            token = queries.token(session, "hash1001")
            assert token is not None
            assert (token.used_at, token.used_by, token.revoked_at) == (NOW, mail.id, None)
        again = Recording(case_number=1001, use_token=token.id, events=(event(),))
        assert "used or withdrawn" in conflicts(database, again)
        with database.read() as session:
            assert len(queries.events_of(session, 1001)) == 4


def test_a_withdrawn_reply_address_can_not_be_used(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
            ledger.record(session, Recording(case_number=1001, drafts=(draft(2),)), now=NOW)
            token = queries.token(session, "hash1001")
            assert token is not None
        conflicts(database, Recording(case_number=1001, use_token=token.id))


def test_a_check_in_address_outlives_a_new_draft(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        asking = letter("check-in/1001/1", token=NewToken("asked", TokenPurpose.CHECK_IN, check_in=1))
        ledger.record(session, Recording(case_number=number, letters=(asking,)), now=NOW)
        ledger.record(session, Recording(case_number=number, drafts=(draft(2),)), now=NOW)
        token = queries.token(session, "asked")
        assert token is not None
        assert token.revoked_at is None


def test_a_letter_with_a_key_that_left_before_is_a_conflict(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session)
        again = letter("ack/1001", message_id="<another@shop.example>")
        conflicts(database, Recording(case_number=1001, letters=(again,), events=(event(),)))
        with database.read() as session:
            assert len(queries.letters_of(session, 1001)) == 2
            assert len(queries.events_of(session, 1001)) == 3


def test_an_alert_that_was_given_is_not_given_again_and_disturbs_nothing(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name in "ab":
            alert = letter("alert/disk", AGENT, message_id=f"<{name}@shop.example>")
            ledger.record(session, Recording(letters=(alert,), events=(event(EventKind.ALERT),)), now=NOW)
        [found] = session.exec(select(Letter).where(col(Letter.kind) == LetterKind.ALERT)).all()
        assert (found.message_id, found.case_number) == ("<a@shop.example>", None)
        assert len(session.exec(select(Raw)).all()) == 1


def test_waiting_timers_are_cancelled_by_kind(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        asked = NewTimer(TimerKind.CHECK_IN, "check-in/1001/1", NOW + HOUR)
        ledger.record(session, Recording(case_number=number, timers=(asked,)), now=NOW)
        ledger.record(
            session, Recording(case_number=number, cancel_timers=(TimerKind.CLOSE,)), now=NOW + MINUTE
        )
        found = [(one.kind, one.state, one.done_at) for one in queries.timers_of(session, number)]
        assert found == [
            (TimerKind.CLOSE, TimerState.CANCELLED, NOW + MINUTE),
            (TimerKind.CHECK_IN, TimerState.WAITING, None),
        ]


def test_a_bounce_marks_the_letter_that_did_not_arrive(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        ids = [one.id for one in queries.letters_of(session, number) if one.id is not None]
        ledger.record(session, Recording(case_number=number, undelivered=(ids[0],)), now=NOW)
        assert [one.undelivered for one in queries.letters_of(session, number)] == [True, False]


def test_a_mistake_of_ours_is_no_conflict(database_url: str) -> None:
    with opened(database_url) as database, pytest.raises(IntegrityError), database.write() as session:
        ledger.record(session, Recording(case_number=4711, events=(event(),)), now=NOW)


def state_of(session: Session, uid: int) -> tuple[ArrivalState, int, bool]:
    found = session.exec(select(Arrival).where(col(Arrival.uid) == uid)).one()
    return found.state, found.attempts, found.filed


def test_each_attempt_on_a_mail_is_counted_before_it_is_read(database_url: str) -> None:
    largest = 2**32 - 1
    with opened(database_url) as database:
        with database.write() as session:
            box = a_mailbox(session)
            assert ledger.take(session, box, largest, [3, largest], NOW) == {3: 1, largest: 1}
        with database.write() as session:
            assert ledger.take(session, box, largest, [largest, 4], NOW) == {4: 1, largest: 2}
            assert ledger.take(session, box, largest - 1, [largest], NOW) == {largest: 1}
            assert ledger.take(session, box, largest, [], NOW) == {}


def test_what_is_stored_is_not_taken_again(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        ledger.take(session, box, 7, [1, 2], NOW)
        ledger.arrived(session, box, 7, 1, mail_id=None, state=ArrivalState.STORED)
        assert ledger.take(session, box, 7, [1, 2], NOW) == {2: 2}
        assert state_of(session, 1) == (ArrivalState.STORED, 1, False)


def test_what_is_filed_needs_no_more_work(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        box = a_mailbox(session)
        ledger.take(session, box, 7, [1, 2], NOW)
        for uid in (1, 2):
            ledger.arrived(session, box, 7, uid, mail_id=None, state=ArrivalState.DUPLICATE)
        ledger.filed(session, box, 7, [1])
        ledger.filed(session, box, 7, [])
        assert queries.unfiled(session, box, 7) == [2]
