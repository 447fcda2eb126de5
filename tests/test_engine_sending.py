"""Sending: in which order, how soon it is recorded, and what becomes of letters that no server takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from engine import sending, sending_hand, ticking
from engine.desk import Desk
from engine.files import Files
from engine.lease import LASTS
from engine.sending import Sender
from outbox.smtp import Outcome, Sendable
from settings import Settings
from store import ledger, lists, queries, queue, workers
from store.database import Database, StoreDown, opened
from store.models import EventKind, Letter, LetterKind, LetterState
from store.values import NewLetter, Recording
from tests.hosts import until
from tests.journeys import Journey
from tests.store_samples import AGENT, CUSTOMER, HOUR, MINUTE, NOW, a_case, a_worker, letter

SENT = Outcome("sent", 250, "ok")
AWAY = Outcome("later", None, "the SMTP server is away", reached=False, of_server=True)
CUT = Outcome("later", None, "it hung up", of_server=True)
BUSY = Outcome("later", 451, "RCPT: 451 greylisted")
DOUBT = Outcome("in-doubt", None, "no answer", of_server=True)
NEVER = Outcome("refused", 550, "RCPT: 550 nobody")


class Post:
    """A transport that keeps what it is given and answers as told."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.given: list[str] = []
        self.ahead: list[str] = []
        self.away = ""
        self.login_refused = False
        self.reached = 0
        self.before: Callable[[Sendable], None] = lambda letter: None

    def send(
        self,
        letter: Sendable,
        *,
        following: Sendable | None = None,
        meanwhile: Callable[[], None] | None = None,
        may_end: Callable[[], bool] | None = None,
    ) -> Outcome:
        self.before(letter)
        if meanwhile:
            meanwhile()
        if may_end and not may_end():
            return Outcome("later", None, "it is no longer this worker's to send")
        outcome = self.outcomes.pop(0) if self.outcomes else SENT
        if outcome.reached:
            self.given.append(letter.recipient)
            self.ahead.append(following.recipient if following else "")
        return outcome

    def reach(self) -> str:
        self.reached += 1
        return self.away

    def close(self) -> None: ...


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database_url: str, clock: Clock) -> Iterator[Desk]:
    """A worker's desk on each database, with nothing to send yet."""
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
        settings = Settings.model_validate(
            {
                "IMAP_HOST": "127.0.0.1",
                "IMAP_USER": "complaints",
                "IMAP_PASSWORD": "x",
                "SMTP_HOST": "127.0.0.1",
                "COMPLAINTS_ADDRESS": "complaints@shop.example",
                "DATABASE_URL": database_url,
                "TOKEN_ONLY_COMMANDS": True,
            }
        )
        yield Desk(settings, database, Files(Path("rules"), Path("templates")), clock, "w1")


def queued(desk: Desk, *letters: NewLetter) -> None:
    with desk.database.write() as session:
        ledger.record(session, Recording(letters=letters), now=desk.clock())


def with_a_case(desk: Desk, **values: Any) -> None:
    with desk.database.write() as session:
        a_case(session, **values)


def letters(desk: Desk) -> dict[str, Letter]:
    with desk.database.read() as session:
        return {one.key: one for one in queries.letters_of(session, 1001)}


def all_letters(desk: Desk) -> list[Letter]:
    with desk.database.read() as session:
        return list(session.exec(select(Letter)))


def alerts(desk: Desk) -> list[Letter]:
    """What people are told, oldest first."""
    with desk.database.read() as session:
        made = select(Letter).where(Letter.kind == LetterKind.ALERT).order_by(col(Letter.id))
        return list(session.exec(made))


def told(desk: Desk) -> list[EventKind]:
    with desk.database.read() as session:
        return [one.kind for one in queries.events_of(session, 1001)][3:]


def sends(desk: Desk, *outcomes: Outcome) -> Post:
    """One sender's round; what it gave to the server."""
    post = Post(*outcomes)
    Sender(desk, post).once()
    return post


def ack(number: int, **fields: Any) -> NewLetter:
    return letter(f"ack/{number}", f"ack{number}@example.com", **fields)


def alert(number: int, **fields: Any) -> NewLetter:
    return letter(f"alert/{number}", f"alert{number}@shop.example", **fields)


def test_all_that_is_due_leaves_the_most_pressing_first(desk: Desk) -> None:
    queued(desk, alert(1), *(ack(number) for number in range(30)), alert(2))
    post = sends(desk)
    assert post.given[:30] == [f"ack{number}@example.com" for number in range(30)]
    assert post.given[30:] == ["alert1@shop.example", "alert2@shop.example"]


def test_the_server_may_have_the_next_envelope_early(desk: Desk) -> None:
    queued(desk, ack(1), ack(2), ack(3))
    assert sends(desk).ahead == ["ack2@example.com", "ack3@example.com", ""]


def test_a_new_acknowledgement_passes_letters_that_are_claimed_already(desk: Desk) -> None:
    queued(desk, *(alert(number) for number in range(8)))
    post = Post()

    def a_customer_comes(_: Sendable) -> None:
        if len(post.given) == 2:
            queued(desk, ack(1))
            desk.letters_wait.set()

    post.before = a_customer_comes
    Sender(desk, post).once()
    assert post.given.index("ack1@example.com") <= 4, "at most the letter whose envelope went ahead is before"
    assert sorted(post.given) == sorted(["ack1@example.com", *(f"alert{n}@shop.example" for n in range(8))])


def test_what_left_is_recorded_while_the_server_lets_us_wait(desk: Desk) -> None:
    with_a_case(desk)
    seen: list[LetterState] = []
    post = Post()
    post.before = lambda one: None
    sender = Sender(desk, post)
    record = sender._hand.record_meanwhile

    def look() -> None:
        record()
        seen.append(letters(desk)["ack/1001"].state)

    sender._hand.record_meanwhile = look  # type: ignore[method-assign]
    sender.once()
    assert seen == [LetterState.SENDING, LetterState.SENT]


def test_never_more_than_a_handful_is_unrecorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_hand, "UNRECORDED_FOR", 3600)
    queued(desk, *(ack(number) for number in range(40)))
    most = 0
    post = Post()
    sender = Sender(desk, post)

    def count(_: Sendable) -> None:
        nonlocal most
        most = max(most, len(sender._hand.tried))

    post.before = count
    post.send = quickly(post)  # type: ignore[method-assign]
    sender.once()
    assert len(post.given) == 40
    assert 1 < most < sending_hand.UNRECORDED


def quickly(post: Post) -> Callable[..., Outcome]:
    """Send without any wait."""
    send = post.send

    def sent(letter: Sendable, **given: Any) -> Outcome:
        return send(letter, following=given.get("following"))

    return sent


def test_while_there_is_more_to_send_the_next_letter_is_always_known(desk: Desk) -> None:
    queued(desk, *(ack(number) for number in range(50)))
    ahead = sends(desk).ahead
    assert len(ahead) == 50
    assert ahead[:-1] == [f"ack{number}@example.com" for number in range(1, 50)]


def test_a_letter_whose_outcome_could_not_be_recorded_is_not_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(desk, ack(1), alert(1))
    post = Post()
    sender = Sender(desk, post)
    broken = [StoreDown("it is locked")] * 3
    complete = queue.complete

    def locked(*given: Any, **named: Any) -> set[int]:
        if broken:
            raise broken.pop()
        return complete(*given, **named)

    monkeypatch.setattr(queue, "complete", locked)
    for _ in range(3):
        with pytest.raises(StoreDown):
            sender.once()
    sender.once()
    assert sorted(post.given) == ["ack1@example.com", "alert1@shop.example"]
    with desk.database.read() as session:
        depths = lists.depths(session, NOW)
    assert (depths.queued, depths.sending) == (0, 0)


def test_a_transport_that_fails_in_an_unknown_way_leaves_its_letter_in_doubt(desk: Desk) -> None:
    with_a_case(desk)
    post = Post()

    def fail(one: Sendable) -> None:
        if one.recipient == CUSTOMER:
            raise RuntimeError("what?")

    post.before = fail
    Sender(desk, post).once()
    found = letters(desk)
    assert (found["ack/1001"].state, found["ack/1001"].in_doubt) == (LetterState.QUEUED, True)
    assert found["draft/1001/1"].state is LetterState.SENT
    assert EventKind.IN_DOUBT in told(desk)


def test_a_worker_that_is_to_end_claims_nothing_more(desk: Desk) -> None:
    queued(desk, ack(1))
    desk.stop.set()
    assert sends(desk).given == []


def test_a_worker_that_was_stopped_for_long_sends_nothing_of_what_it_held(desk: Desk, clock: Clock) -> None:
    desk.lease.renew(clock.now)
    queued(desk, *(ack(number) for number in range(3)))

    def is_stopped(_: Sendable) -> None:
        clock.now += workers.STALE_AFTER
        with desk.database.write() as session:
            workers.bury(session, host="elsewhere", alive=(), now=clock.now)

    post = Post()
    post.before = is_stopped
    Sender(desk, post).once()
    assert post.given == []
    assert {one.state for one in all_letters(desk)} == {LetterState.QUEUED}


def test_a_worker_that_was_buried_and_began_again_has_lost_what_it_held(desk: Desk, clock: Clock) -> None:
    desk.lease.renew(clock.now)
    queued(desk, *(ack(number) for number in range(3)))

    def is_stopped(letter: Sendable) -> None:
        clock.now += workers.STALE_AFTER + MINUTE
        with desk.database.write() as session:
            workers.bury(session, host="elsewhere", alive=(), now=clock.now)
        post.before = lambda letter: None
        ticking.beat(desk)  # it lives again before its senders look

    post = Post()
    post.before = is_stopped
    Sender(desk, post).once()
    assert sorted(post.given) == sorted(set(post.given))
    assert {one.state for one in all_letters(desk)} == {LetterState.SENT}
    assert {one.attempts for one in all_letters(desk)} == {2}


def test_a_worker_without_a_heartbeat_claims_nothing_until_it_beats(desk: Desk, clock: Clock) -> None:
    desk.lease.renew(clock.now)
    queued(desk, ack(1))
    clock.now += LASTS
    post = sends(desk)
    assert post.given == []
    ticking.beat(desk)
    assert sends(desk).given == ["ack1@example.com"]


def test_what_is_in_hand_at_the_end_is_given_back(desk: Desk, clock: Clock) -> None:
    queued(desk, *(ack(number) for number in range(5)))
    post = Post()
    post.before = lambda one: desk.stop.set()
    sender = Sender(desk, post)
    sender.once()
    assert post.given == ["ack0@example.com"]
    desk.stop.clear()
    assert len(sends(desk).given) == 4


def test_a_server_that_is_away_takes_no_attempt_from_any_letter(desk: Desk, clock: Clock) -> None:
    with_a_case(desk)
    post = sends(desk, AWAY)
    assert post.given == []
    assert desk.way_out.trouble == "the SMTP server is away"
    found = letters(desk)["ack/1001"]
    assert (found.state, found.due_at) == (LetterState.QUEUED, NOW)
    desk.way_out._look_at = 0
    assert sends(desk).given == [CUSTOMER, AGENT]
    assert desk.way_out.trouble == ""


def test_a_login_that_is_refused_is_not_tried_again_at_once(desk: Desk, clock: Clock) -> None:
    with_a_case(desk)
    post = Post(AWAY)
    post.login_refused = True
    sender = Sender(desk, post)
    sender.once()
    assert 29 < desk.way_out.wait() <= 30
    desk.way_out._look_at = 0
    post.away = "the login was refused"
    sender.once()
    assert 59 < desk.way_out.wait() <= 60


def test_letters_given_back_unsent_do_not_wait_the_longer_for_it(desk: Desk, clock: Clock) -> None:
    with_a_case(desk)
    for _ in range(5):
        desk.way_out._look_at = 0
        sends(desk, AWAY)
    desk.way_out._look_at = 0
    sends(desk, BUSY)
    assert letters(desk)["ack/1001"].due_at == NOW + 5 * MINUTE


def test_while_the_server_is_away_only_one_sender_looks(desk: Desk) -> None:
    queued(desk, ack(1))
    post = Post(AWAY)
    post.away = "the SMTP server is away"
    first, second = Sender(desk, post), Sender(desk, post)
    first.once()
    for _ in range(20):
        first.once()
        second.once()
    assert post.reached == 0, "its pause has not passed"
    desk.way_out._look_at = 0
    for _ in range(20):
        first.once()
        second.once()
    assert post.reached == 1
    assert post.given == []


def test_a_letter_that_the_server_fails_on_does_not_stay_first(desk: Desk, clock: Clock) -> None:
    queued(desk, ack(1), ack(2))
    misset = Outcome("later", 530, "MAIL: 530 log in", of_server=True)
    assert sends(desk, misset).given == ["ack1@example.com", "ack2@example.com"]
    clock.now += 5 * MINUTE
    assert sends(desk).given == ["ack1@example.com"]


def test_letters_that_fail_alike_close_the_way_until_one_is_taken(desk: Desk, clock: Clock) -> None:
    queued(desk, *(ack(number) for number in range(9)))
    assert len(sends(desk, CUT, CUT, CUT).given) == 3
    assert desk.way_out.trouble == "it hung up"
    assert sends(desk).given == []
    desk.way_out._look_at = 0
    assert sends(desk, CUT).given == ["ack3@example.com"], "one letter tries, and another one each time"
    desk.way_out._look_at, desk.way_out._closed_at = 0, -3600
    assert sends(desk).given[0] == "ack4@example.com"
    assert len(sends(desk).given) == 0
    with desk.database.read() as session:
        assert lists.depths(session, NOW).queued == 0, "those that suffered left as soon as it was back"


def test_a_letter_that_no_server_saw_proves_nothing_about_the_server(desk: Desk) -> None:
    queued(desk, *(ack(number) for number in range(5)))
    sends(desk, CUT, CUT, CUT)
    desk.way_out._look_at = 0
    sends(desk, Outcome("refused", None, "it is not an address"), CUT)
    assert desk.way_out.trouble == "it hung up"


def test_a_letter_that_waits_by_itself_keeps_its_wait(desk: Desk) -> None:
    queued(desk, ack(1), ack(2))
    post = sends(desk, CUT)
    assert post.given == ["ack1@example.com", "ack2@example.com"]
    assert sends(desk).given == []


def test_a_refused_letter_is_told_to_the_team_at_once(desk: Desk) -> None:
    with_a_case(desk)
    sends(desk, NEVER)
    (one,) = alerts(desk)
    assert one.recipient == "admin@example.com"
    assert "did not reach" in one.subject
    assert EventKind.SEND_FAILED in told(desk)


def test_a_draft_that_no_server_takes_is_told_to_somebody_else(desk: Desk) -> None:
    with_a_case(desk, assignee="agent@example.com", sender="agent@example.com")
    sends(desk, NEVER)
    assert [one.recipient for one in alerts(desk)] == ["admin@example.com"]


def test_after_four_hours_the_team_is_warned_once(desk: Desk, clock: Clock) -> None:
    with_a_case(desk)
    clock.now += 3.9 * HOUR
    sends(desk, BUSY)
    assert alerts(desk) == []
    clock.now += HOUR
    post = sends(desk, BUSY)
    assert post.given[0] == CUSTOMER
    for _ in range(3):
        clock.now += HOUR
        sends(desk, BUSY)
    (one,) = alerts(desk)
    assert "has been waiting for 4 hours" in one.subject
    assert one.case_number == 1001


def test_a_letter_in_doubt_for_an_hour_is_told_as_one_that_may_not_have_arrived(
    desk: Desk, clock: Clock
) -> None:
    with_a_case(desk)
    sends(desk, DOUBT)
    assert alerts(desk) == []
    clock.now += 1.1 * HOUR
    sends(desk, BUSY)
    (one,) = alerts(desk)
    assert "may not have got" in one.subject


def test_a_letter_is_given_up_after_five_days_and_a_person_is_told(desk: Desk, clock: Clock) -> None:
    with_a_case(desk)
    clock.now += timedelta(days=5, minutes=1)
    sends(desk, BUSY)
    found = letters(desk)["ack/1001"]
    assert found.state is LetterState.FAILED
    assert found.last_error == "given up after 5 days; at last: 451 RCPT: 451 greylisted"
    (one,) = alerts(desk)
    assert "did not reach" in one.subject


def test_a_letter_given_up_in_doubt_is_told_as_one_that_may_not_have_arrived(
    desk: Desk, clock: Clock
) -> None:
    with_a_case(desk)
    sends(desk, DOUBT)
    clock.now += timedelta(days=5, minutes=1)
    sends(desk, BUSY)
    (one,) = alerts(desk)
    assert "may not have got" in one.subject
    assert "not sent again" in one.subject
    assert letters(desk)["ack/1001"].in_doubt


def test_a_server_that_is_away_is_on_the_board_until_it_takes_a_letter(desk: Desk) -> None:
    queued(desk, *(ack(number) for number in range(5)))
    sends(desk, AWAY)
    [(key, words)] = desk.alerts.wrong().items()
    assert key.startswith("sending/") and words == desk.way_out.trouble
    desk.way_out._look_at = 0
    sends(desk)
    assert desk.alerts.wrong() == {}
    assert alerts(desk) == [], "what can't leave is not mailed"


def test_a_letter_that_comes_while_the_sender_rests_leaves_at_once(desk: Desk) -> None:
    post = Post()
    thread = threading.Thread(target=Sender(desk, post).run, daemon=True)
    thread.start()
    queued(desk, ack(1))
    desk.letters_wait.set()
    assert until(lambda: post.given == ["ack1@example.com"], seconds=4.0)
    desk.stop.set()
    desk.letters_wait.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_resting_sender_writes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "IDLE_WAIT", 0.02)
    writes, looks = [], []
    write, due = Database.write, queue.next_due

    def counted(database: Database) -> Any:
        writes.append(1)
        return write(database)

    def looked(session: Any, *lane: Any) -> Any:
        looks.append(1)
        return due(session, *lane)

    monkeypatch.setattr(Database, "write", counted)
    monkeypatch.setattr(queue, "next_due", looked)
    thread = threading.Thread(target=Sender(desk, Post()).run, daemon=True)
    thread.start()
    assert until(lambda: len(looks) > 10)
    assert len(writes) == 1, "the claim it began with"
    desk.stop.set()
    thread.join(10)


def test_a_big_letter_is_not_kept_until_it_is_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_hand, "UNRECORDED_FOR", 3600)
    queued(desk, ack(1, data=b"x" * 2**17 + b"\r\n"), ack(2))
    post = Post()
    sender = Sender(desk, post)
    kept: list[int] = []
    post.before = lambda one: kept.extend(len(tried.letter.data) for tried in sender._hand.tried)
    post.send = quickly(post)  # type: ignore[method-assign]
    sender.once()
    assert kept == [0]


def test_an_answer_that_no_server_takes_reaches_the_agent(quick_journey: Journey) -> None:
    """The whole way: a customer's answer is refused, and the case and its agent know."""
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()

    def refuse(stage: str, envelope: Any) -> str | None:
        return (
            "550 5.1.1 no such user" if stage == "data" and "ann@example.com" in envelope.rcpt_tos else None
        )

    quick_journey.host.behave(refuse)
    quick_journey.agent_replies("approve")
    quick_journey.work()
    assert "no such user" in str(quick_journey.mails_to()[-1].get_body(("plain",)))
    shown = quick_journey.shown(quick_journey.case()["number"])
    (note,) = [one["note"] for one in shown["letters"] if one["kind"] == "answer"]
    assert "no such user" in note


def test_a_letter_that_this_server_can_never_be_given_is_not_the_last_look_at_a_closed_way(
    desk: Desk,
) -> None:
    queued(desk, ack(1), ack(2))
    sends(desk, AWAY)
    desk.way_out._look_at = 0
    post = sends(desk, Outcome("refused", None, "the server offers no SMTPUTF8"))
    assert len(post.given) == 2
    assert not desk.way_out.trouble


def test_a_look_that_fails_in_an_unknown_way_is_not_the_last_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(_: Post) -> str:
        raise ValueError("the server's challenge is no base64")

    queued(desk, ack(1))
    sends(desk, AWAY)
    desk.way_out._look_at = 0
    with monkeypatch.context() as patch:
        patch.setattr(Post, "reach", odd)
        with pytest.raises(ValueError, match="base64"):
            sends(desk)
    assert sends(desk).given == ["ack1@example.com"]


def test_a_claim_whose_commit_was_heard_by_the_database_alone_is_not_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Database.write

    @contextmanager
    def unheard(database: Database) -> Iterator[Session]:
        with write(database) as session:
            yield session
        raise StoreDown("the line broke during COMMIT")

    queued(desk, ack(1), ack(2))
    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", unheard)
        with pytest.raises(StoreDown):
            sends(desk)
    assert {one.state for one in all_letters(desk)} == {LetterState.SENDING}
    assert sorted(sends(desk).given) == ["ack1@example.com", "ack2@example.com"]
    assert {one.state for one in all_letters(desk)} == {LetterState.SENT}


def test_a_claim_that_was_undone_is_not_taken_from_the_sender_who_has_it_now(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(desk, ack(1), ack(2))
    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", down)
        with pytest.raises(StoreDown):
            sends(desk)
    assert {one.state for one in all_letters(desk)} == {LetterState.QUEUED}
    post, other = Post(), Post()
    post.before = lambda letter: sends_with(desk, other) if not other.reached else None
    Sender(desk, post).once()
    assert sorted([*post.given, *other.given]) == ["ack1@example.com", "ack2@example.com"]


def down(_: Session) -> None:
    raise StoreDown("the disk is full")


def sends_with(desk: Desk, post: Post) -> None:
    post.reached += 1
    Sender(desk, post).once()
