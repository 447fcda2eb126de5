"""Journeys: what was given up is shown, and tried again when its cause is mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from sqlmodel import Session

from engine import recording, taking
from engine.case_page import page
from engine.desk import Desk
from engine.doing import NotDone, do
from engine.health import health
from engine.replaying import letters_again, mails_back, read_again, replay
from engine.waiting import rows
from store.database import Database
from tests.commands import command
from tests.hosts import until
from tests.journeys import Journey, text_of
from tests.poisoned import MARK
from tests.supervised import Supervised, command_of

POISONED = Path(__file__).parent / "poisoned.py"


def look(journey: Journey, at: Callable[[Session], Any]) -> Any:
    database = Database(journey.settings.DATABASE_URL)
    try:
        with database.read() as session:
            return at(session)
    finally:
        database.close()


def status(journey: Journey) -> dict[str, Any]:
    return dict(look(journey, lambda session: health(session, journey.clock())))


def waiting(journey: Journey, what: str) -> list[dict[str, Any]]:
    found = look(journey, lambda session: rows(session, journey.clock()))
    return [row for row in found if row["waits"] == what]


def breaks_on(name: str) -> Any:
    """`recording._handle`, but a mail of this sender can't be recorded."""
    handle = recording._handle

    def broken(desk: Any, session: Any, box: Any, one: Any, *rest: Any) -> Any:
        if one.understood.message.sender.key.startswith(name):
            raise RuntimeError("the disk is on fire")
        return handle(desk, session, box, one, *rest)

    return broken


def set_one_aside(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ann's mail can't be recorded, in company and five times alone; Bob's can."""
    journey.customer_writes("My parcel has not arrived.", subject="4711")
    journey.customer_writes("It came broken.", sender="bob@example.com")
    with monkeypatch.context() as patch:
        patch.setattr(recording, "_handle", breaks_on("ann"))
        for _ in range(taking.GIVE_UP + 1):
            journey.work()
    journey.stop()


def test_a_mail_that_cannot_be_recorded_is_set_aside_and_said_and_shown(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_one_aside(quick_journey, monkeypatch)
    assert [case["customer"] for case in quick_journey.cases()] == ["bob@example.com"]
    (event,) = quick_journey.events("set-aside")
    assert "the disk is on fire" in event["text"]
    quick_journey.work()
    alert = next(mail for mail in quick_journey.mails_to() if "UID" in str(mail["Subject"]))
    assert "the disk is on fire" in text_of(alert)
    (row,) = waiting(quick_journey, "mail set aside")
    assert (row["customer"], row["subject"]) == ("ann@example.com", "4711")
    assert f"worker.py replay --uid {row['uid']}" in row["note"]
    assert quick_journey.host.address in row["mailbox"]
    health = status(quick_journey)
    assert health["set_aside"] == 1
    assert any("worker.py replay" in trouble for trouble in health["troubles"])
    assert row in json.loads(command(quick_journey, "queue", "--json").stdout)
    assert "the disk is on fire" in command(quick_journey, "queue").stdout


def test_a_mail_that_was_set_aside_is_taken_in_after_a_replay(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_one_aside(quick_journey, monkeypatch)
    quick_journey.work()
    assert len(quick_journey.cases()) == 1, "not by itself"
    done = command(quick_journey, "replay")
    assert (done.returncode, done.stderr) == (0, "")
    assert "is taken in at the worker's next look" in done.stdout
    assert [event["actor"] for event in quick_journey.events("replayed")] == ["operator"]
    quick_journey.work()
    assert len(quick_journey.letters()) == 1
    assert quick_journey.host.inbox() == []
    assert "nothing to replay" in replay(desk_of(quick_journey))[0]
    quick_journey.work()
    assert len(quick_journey.cases()) == 2
    assert len(quick_journey.letters()) == 1


def test_a_running_worker_takes_in_what_is_given_back(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_one_aside(quick_journey, monkeypatch)
    with Supervised(quick_journey, POLL_SECONDS="1") as worker:
        assert until(lambda: "reading" in worker.log)
        uid = waiting(quick_journey, "mail set aside")[0]["uid"]
        assert command(quick_journey, "replay", "--uid", str(uid)).returncode == 0
        assert until(lambda: len(quick_journey.letters()) == 1)


def test_a_mail_that_fails_after_its_replay_too_is_set_aside_again_and_said_again(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_one_aside(quick_journey, monkeypatch)
    desk = quick_journey.worker.desk
    uid = waiting(quick_journey, "mail set aside")[0]["uid"]
    mails_back(desk, uid)
    with pytest.raises(NotDone, match=f"no mail with the UID {uid} is set aside"):
        mails_back(desk, uid)
    quick_journey.clock.skip(hours=2)
    monkeypatch.setattr(recording, "_handle", breaks_on("ann"))
    for _ in range(taking.GIVE_UP + 1):
        quick_journey.work()
    assert len(quick_journey.events("set-aside")) == 2
    assert len([mail for mail in quick_journey.mails_to() if "UID" in str(mail["Subject"])]) == 2


def test_a_mail_that_can_not_even_be_told_of_stops_no_other(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def untold(*_: Any, **__: Any) -> int:
        raise RuntimeError("no letter can be rendered")

    monkeypatch.setattr("engine.troubles.tell_admins", untold)
    set_one_aside(quick_journey, monkeypatch)
    assert [case["customer"] for case in quick_journey.cases()] == ["bob@example.com"]
    assert len(waiting(quick_journey, "mail set aside")) == 1


def deadly(journey: Journey) -> bytes:
    """Ann's mail, which kills who parses it; a plain search of its bytes finds no words in it."""
    mail = journey.mail("", sender="Ann Bee <ann@example.com>", subject="4711")
    mail["X-Mark"] = MARK.decode()
    mail.set_content("My parcel has not arrived.", cte="base64")
    return mail.as_bytes()


@pytest.mark.parametrize("apart", ["true", "false"])
def test_a_mail_that_kills_its_reader_is_taken_unread_and_read_after_a_new_version(
    quick_journey: Journey, apart: str
) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.", sender="bob@example.com")
    journey.host.deliver(deadly(journey))
    with Supervised(journey, POISONED, READ_APART=apart, POLL_SECONDS="1") as worker:
        assert until(lambda: len(journey.letters()) == 1, 40)
        journey.customer_writes("It came broken.", sender="eve@example.com")
        assert until(lambda: len(journey.letters("eve@example.com")) == 1)
        assert until(lambda: any("could not be read" in str(mail["Subject"]) for mail in journey.mails_to()))
        assert until(lambda: len(journey.events("drafted")) == 3)
    # A death in company accuses nobody; two alone do.
    assert worker.deaths in ((0,) if apart == "true" else (2, 3))
    # A death may have come while Bob's letter was on its way: then it is the same letter twice (RFC 1047).
    assert len({mail["Message-ID"] for mail in journey.letters("bob@example.com")}) == 1
    case = journey.case()
    assert (len(journey.cases()), case["category"] != "late") == (3, True)
    (row,) = waiting(journey, "mail not read")
    assert (row["number"], "2 times" in row["note"]) == (case["number"], True)
    assert status(journey)["unread"] == 1

    still = command_of(POISONED, journey, "replay")
    assert still.returncode == 0
    assert f"the mail of case {case['number']} can still not be read" in still.stdout
    done = command(journey, "replay", "--case", str(case["number"]))
    assert "its mail can be read now: complaint, late" in done.stdout
    read = journey.case()
    assert (read["category"], read["customer_name"]) == ("late", "")
    (mail,) = journey.shown(case["number"])["mails"]
    assert mail["words"].strip() == "My parcel has not arrived."
    journey.work()
    assert len(journey.letters()) == 1, "acknowledged once"
    assert "version 2" in [e["text"] for e in journey.events("drafted") if e["case"] == case["number"]]
    assert "nothing to replay" in replay(desk_of(journey))[0]
    assert status(journey)["unread"] == 0


def unread_case(journey: Journey, sender: str = "ann@example.com") -> int:
    """A case of a mail that could not be read."""
    journey.customer_writes("My parcel has not arrived.", sender=sender)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "TRIES", 0)
        journey.work()
    return int(journey.cases()[-1]["number"])


def desk_of(journey: Journey) -> Desk:
    return journey.worker.desk


@pytest.mark.parametrize("words", ["note I read the original.", "assign noa"])
def test_what_a_person_did_with_an_unread_mail_is_left(quick_journey: Journey, words: str) -> None:
    number = unread_case(quick_journey)
    assert do(desk_of(quick_journey), words, agent=quick_journey.sam, number=number)
    (said,) = replay(desk_of(quick_journey), number=number)
    assert "left as persons made it" in said
    case = quick_journey.case_of(number)
    assert case["assignee"] == (quick_journey.noa if "noa" in words else quick_journey.sam)
    (mail,) = quick_journey.shown(number)["mails"]
    assert mail["words"].strip() == "My parcel has not arrived."
    assert len(quick_journey.events("replayed")) == 1


def test_an_unread_mail_that_is_delivered_again_is_known(quick_journey: Journey) -> None:
    mail = quick_journey.mail("My parcel has not arrived.", sender="ann@example.com", subject="Late")
    quick_journey.host.deliver(mail.as_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "TRIES", 0)
        quick_journey.work()
    assert read_again(desk_of(quick_journey))
    quick_journey.host.deliver(mail.as_bytes())
    quick_journey.work()
    assert len(quick_journey.cases()) == 1
    assert len(quick_journey.letters()) == 1


def refuse(code: str) -> Any:
    def answer(stage: str, envelope: Envelope) -> str | None:
        return f"{code} not now" if stage == "data" and "ann@example.com" in envelope.rcpt_tos else None

    return answer


def failed_ack(journey: Journey) -> int:
    (row,) = [one for one in waiting(journey, "letter not sent") if one["letter"] == "ack"]
    return int(row["id"])


def test_a_letter_that_was_given_up_leaves_after_a_replay_with_the_same_message_id(
    quick_journey: Journey,
) -> None:
    journey = quick_journey
    journey.host.behave(refuse("451"))
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.clock.skip(days=6)
    journey.work()
    assert any("refused or given up: 1" in one for one in status(journey)["troubles"])
    shown = next(one for one in journey.shown(journey.case()["number"])["letters"] if one["kind"] == "ack")
    journey.host.behave(None)
    journey.work()
    assert journey.letters() == [], "not by itself"
    (said,) = replay(desk_of(journey), letters=True)
    assert "leaves again" in said
    journey.work()
    (letter,) = journey.letters()
    assert letter["Message-ID"] == shown["message_id"]
    (event,) = journey.events("replayed")
    assert (event["case"], event["actor"]) == (journey.case()["number"], "operator")
    assert "nothing to replay" in replay(desk_of(journey), letters=True)[0]
    journey.work()
    assert len(journey.letters()) == 1


def test_a_letter_that_was_given_up_has_another_five_days_after_a_replay(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.host.behave(refuse("451"))
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.clock.skip(days=6)
    journey.work()
    name = failed_ack(journey)
    assert replay(desk_of(journey), letter=name)
    for days in (0, 2, 2):
        journey.clock.skip(days=days)
        journey.work()
        assert waiting(journey, "letter not sent") == [], "it is tried again"
    journey.clock.skip(days=2)
    journey.work()
    assert failed_ack(journey) == name


def test_a_letter_that_was_refused_leaves_only_when_that_is_asked_for(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.host.behave(refuse("550"))
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.host.behave(None)
    name = failed_ack(journey)
    (refused,) = replay(desk_of(journey), letter=name)
    assert "refused for good" in refused
    assert "--even-refused" in refused
    journey.work()
    assert journey.letters() == []
    assert journey.events("replayed") == []
    done = command(journey, "replay", "--letter", str(name), "--even-refused")
    assert (done.returncode, "leaves again" in done.stdout) == (0, True)
    journey.work()
    assert len(journey.letters()) == 1
    with pytest.raises(NotDone, match="is sent; only one"):
        replay(desk_of(journey), letter=name, even_refused=True)
    journey.work()
    assert len(journey.letters()) == 1


def test_what_is_asked_for_and_is_not_there_is_told(quick_journey: Journey) -> None:
    desk = desk_of(quick_journey)
    for asked, words in (
        ({"uid": 9}, "no mail with the UID 9"),
        ({"letter": 9}, "there is no letter 9"),
        ({"number": 9}, "there is no case 9"),
    ):
        with pytest.raises(NotDone, match=words):
            replay(desk, **asked)  # type: ignore[arg-type]
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    number = quick_journey.case()["number"]
    assert replay(desk, number=number) == [
        f"there is nothing to replay of case {number}: its mails were read, its letters left"
    ]
    assert letters_again(desk, number=number) == []
    assert command(quick_journey, "replay", "--uid", "1", "--case", "2").returncode == 2


def test_status_tells_of_nothing_when_there_is_nothing(quick_journey: Journey) -> None:
    quick_journey.work()
    assert status(quick_journey)["troubles"] == []
    assert waiting(quick_journey, "mail set aside") == []


def test_a_letter_in_doubt_is_marked_where_people_look(quick_journey: Journey) -> None:
    lost = ["once"]

    def drop(stage: str, envelope: Envelope) -> str | None:
        return "drop" if stage == "kept" and "ann@example.com" in envelope.rcpt_tos and lost else None

    quick_journey.host.behave(drop)
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    assert status(quick_journey)["letters"]["in doubt"] == 1
    shown = quick_journey.shown(quick_journey.case()["number"])
    (ack,) = [one for one in shown["letters"] if one["kind"] == "ack"]
    assert ack["in_doubt"]
    assert "may or may not have arrived" in ack["note"]
    assert "may or may not have arrived" in page(shown)
    lost.clear()
    quick_journey.clock.skip(hours=2)
    quick_journey.work()
    assert status(quick_journey)["letters"]["in doubt"] == 0
    shown = quick_journey.shown(quick_journey.case()["number"])
    assert not any(one["in_doubt"] or one["note"] for one in shown["letters"])
