"""Journeys of trouble with the operation itself: told once, still at growing intervals, over once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import alerts
from engine.alerting import Alerter
from engine.running import Worker
from engine.second_way import SecondWay
from inbox.mailbox import MailboxDown
from store import alerts as store
from tests.hosts import Host
from tests.journeys import Journey, text_of
from tests.second_host import SecondHost, second_host

CANT_READ, NO_MAIL = "Mail can't be read from", "No mail leaves by"


@pytest.fixture
def second() -> Iterator[SecondHost]:
    with second_host() as host:
        yield host


@pytest.fixture
def guarded(quick_journey: Journey, second: SecondHost) -> Journey:
    """A worker with a second way for alerts."""
    quick_journey.settings = quick_journey.settings.model_copy(update=second.settings())
    return quick_journey


def told(journey: Journey) -> list[str]:
    """The subjects of what the admin got about the operation, without the firm's name."""
    subjects = [str(mail["Subject"]) for mail in journey.mails_to()]
    return [one.removeprefix("Example Shop: ") for one in subjects]


def beginnings(subjects: list[str]) -> list[str]:
    return [one.removeprefix("Example Shop: ").split()[0].strip(",") for one in subjects]


def with_imap_at(journey: Journey, port: int) -> None:
    journey.stop()
    journey.settings = journey.settings.model_copy(update={"IMAP_PORT": port})


def works_in_vain(journey: Journey) -> None:
    with pytest.raises(MailboxDown):
        journey.work()


def test_imap_that_is_away_for_hours_is_told_once_still_and_over(
    guarded: Journey, second: SecondHost, free_port: int
) -> None:
    journey, there = guarded, guarded.settings.IMAP_PORT
    journey.work()
    with_imap_at(journey, free_port)
    works_in_vain(journey)
    assert told(journey) == [], "it may pass by itself"
    for _ in range(12):
        journey.clock.skip(minutes=10)
        works_in_vain(journey)
        journey.stop()
    first, still = told(journey)
    assert first.startswith(CANT_READ) and still.startswith("Still, since") and CANT_READ in still
    words = text_of(journey.mails_to()[0])
    assert "can't be reached" in words and journey.host.user in words
    with_imap_at(journey, there)
    journey.work()
    journey.clock.skip(minutes=2)
    journey.work()
    journey.clock.skip(hours=30)
    journey.work()
    assert told(journey)[2].startswith("Over since") and len(told(journey)) == 3
    assert beginnings(second.subjects) == ["Mail", "Still", "Over"]
    assert {str(mail["From"]) for mail in second.mails} == {f"Example Shop <{second.mails[0]['To']}>"}
    assert "Auto-Submitted" in second.mails[0]


def test_mail_that_cant_leave_is_told_by_the_second_way(guarded: Journey, second: SecondHost) -> None:
    journey = guarded
    journey.customer_writes("My parcel has not come.")
    journey.host.behave(lambda stage, _: "421 4.3.2 closed" if stage == "connect" else None)
    for _ in range(8):
        journey.work()
        journey.clock.skip(minutes=10)
    assert beginnings(second.subjects) == ["No", "Still"]
    assert "421" in text_of(second.mails[0]) and NO_MAIL in second.subjects[0]
    journey.host.behave(None)
    journey.clock.skip(hours=1)
    for _ in range(3):
        journey.worker.desk.way_out._look_at = 0
        journey.work()
        journey.clock.skip(minutes=2)
    assert beginnings(second.subjects) == ["No", "Still", "Over"]
    operation = [one for one in told(journey) if NO_MAIL in one]
    assert [one.split()[0] for one in operation] == ["Over"], "what can't leave is not queued to leave later"
    assert len(journey.letters()) == 1


def test_a_database_that_is_away_is_told_by_the_second_way_and_told_once(
    guarded: Journey, second: SecondHost, tmp_path: Path
) -> None:
    journey = guarded
    worker = journey.worker
    worker.desk.alerts.trouble("disk/here", "make room", journey.clock())
    worker.alerter.look()
    assert beginnings(second.subjects) == ["The"]
    aside = tmp_path / "aside"
    aside.mkdir()
    files = list(tmp_path.glob("peygir.sqlite3*"))
    for file in files:
        file.rename(aside / file.name)
    for _ in range(12):
        worker.alerter.look()
        journey.clock.skip(minutes=7)
    first, *rest = second.subjects[1:]
    assert "The database can't be used" in first
    assert "deleted or moved away" in text_of(second.mails[1])
    assert ["disk" in one for one in rest] == [True, False], "both go on, one began earlier"
    assert all("Still, since" in one for one in rest)
    for file in files:
        (aside / file.name).rename(file)
    for _ in range(4):
        worker.alerter.look()
        journey.clock.skip(minutes=7)
    over = second.subjects[4:]
    assert len(over) == 1 and over[0].partition(": ")[2].startswith("Over since")
    journey.work()
    assert [one.split()[0] for one in told(journey)] == ["The", "Over"]
    with worker.desk.database.read() as session:
        assert [one.key for one in store.active(session)] == ["disk/here"]


def test_what_is_wrong_with_the_second_server_names_its_own_settings(
    guarded: Journey, free_port: int
) -> None:
    away = guarded.settings.model_copy(update={"ALERT_SMTP_PORT": free_port})
    why = SecondWay(away).send(b"Subject: x\r\n\r\nx\r\n")
    assert "check ALERT_SMTP_HOST and ALERT_SMTP_PORT" in why
    assert " SMTP_" not in why


def test_a_second_server_that_is_away_gets_its_alert_later_and_admins_learn_of_it(
    guarded: Journey, second: SecondHost
) -> None:
    journey = guarded
    second.go_away()
    journey.worker.desk.alerts.trouble("disk/here", "make room", journey.clock())
    for _ in range(4):
        journey.work()
        journey.clock.skip(minutes=4)
    assert second.mails == []
    assert [one for one in told(journey) if "second mail server" in one]
    second.listen()
    for _ in range(2):
        journey.work()
        journey.clock.skip(minutes=4)
    assert "The disk is nearly full: here" in second.subjects[0]
    assert "Over since" in told(journey)[-1]


def test_a_storm_is_one_mail(quick_journey: Journey) -> None:
    journey = quick_journey
    for number in range(50):
        journey.worker.desk.alerts.trouble(f"disk/{number}", "make room", journey.clock())
    for _ in range(20):
        journey.work()
        journey.clock.skip(minutes=1)
    [mail] = journey.mails_to()
    assert str(mail["Subject"]).endswith("50 alerts")
    assert text_of(mail).count("The disk is nearly full") == 20
    assert "and 30 more; worker.py status lists them" in text_of(mail)


def test_two_workers_that_meet_the_same_trouble_tell_it_once(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.work()
    with Worker(journey.settings, journey.clock) as other:
        alerters = [journey.worker.alerter, other.alerter]
        for desk in (journey.worker.desk, other.desk):
            for number in range(5):
                desk.alerts.trouble(f"disk/{number}", "make room", journey.clock())
        for _ in range(3):
            threads = [threading.Thread(target=one.look) for one in alerters]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            journey.clock.skip(minutes=2)
        for desk in (journey.worker.desk, other.desk):
            for number in range(5):
                desk.alerts.recovered(f"disk/{number}", journey.clock())
        for _ in range(4):
            for one in alerters:
                one.look()
            journey.clock.skip(minutes=2)
    journey.stop()  # it was taken for dead: the other one had its process number
    journey.work()
    lines = [line for mail in journey.mails_to() for line in _lines(text_of(mail))]
    begun = [line for line in lines if "nearly full" in line and "Over since" not in line]
    over = [line for line in lines if "nearly full" in line and "Over since" in line]
    assert (len(begun), len(over)) == (5, 5), lines


def _lines(text: str) -> list[str]:
    return text.replace("\n  ", " ").splitlines()


def test_what_a_command_notices_is_told_by_the_worker(quick_journey: Journey) -> None:
    journey, now = quick_journey, quick_journey.clock()
    with journey.worker.desk.database.write() as session:
        alerts.trouble(session, "disk//var", "2% are free; make room", now)
        alerts.trouble(session, "disk//var", "2% are free; make room", now)
    journey.work()
    assert told(journey) == ["The disk is nearly full: /var"]
    assert "2% are free" in text_of(journey.mails_to()[0])
    with journey.worker.desk.database.write() as session:
        alerts.recovered(session, "disk//var", now)
        alerts.recovered(session, "never/wrong", now)
    journey.clock.skip(minutes=2)
    journey.work()
    assert len(told(journey)) == 2


def test_no_address_of_a_customer_is_in_what_is_told(quick_journey: Journey) -> None:
    journey = quick_journey
    words = f"550 <ann@example.com>: refused for {journey.host.address}; (bob+x@shop.example.co.uk)."
    journey.worker.desk.alerts.trouble("disk/here", words, journey.clock())
    journey.work()
    mail = text_of(journey.mails_to()[0])
    assert "ann@" not in mail and "bob" not in mail
    assert mail.count("(an address)") == 2 and journey.host.address in mail


def test_a_dead_workers_alert_does_not_go_on_for_ever(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.worker.desk.alerts.trouble("disk/of another life", "make room", journey.clock())
    journey.work()
    journey.stop()
    for _ in range(14):
        journey.clock.skip(minutes=30)
        journey.work()
    assert told(journey)[-1].startswith("Not noticed any more since")
    with journey.worker.desk.database.read() as session:
        assert store.active(session) == []


def test_an_admin_reads_it_in_their_language(quick_journey: Journey, embedded_host: Host) -> None:
    journey = quick_journey
    agents = journey.rules / "agents.yaml"
    agents.write_text(agents.read_text("utf-8").replace("[en, fa, ar]", "[fa]"), "utf-8")
    journey.worker.desk.alerts.trouble("disk/here", "make room", journey.clock())
    journey.work()
    [mail] = journey.mails_to()
    assert "دیسک نزدیک به پر شدن است" in str(mail["Subject"])
    assert mail["Content-Language"] == "fa"


def test_alerts_are_forgotten_after_a_month(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.worker.desk.alerts.trouble("disk/here", "make room", journey.clock())
    journey.work()
    journey.worker.desk.alerts.recovered("disk/here", journey.clock())
    journey.clock.skip(minutes=2)
    journey.work()
    journey.clock.skip(days=31)
    Alerter(journey.worker.desk).look()
    with journey.worker.desk.database.read() as session:
        assert store.alert(session, "disk/here") is None


def test_a_part_that_hung_is_over_once_its_worker_is_gone(quick_journey: Journey) -> None:
    journey, desk = quick_journey, quick_journey.worker.desk
    desk.alerts.trouble(f"hung/reader of {desk.worker_id}", "it hangs", journey.clock())
    journey.work()
    journey.clock.skip(minutes=10)
    journey.work()
    assert len(told(journey)) == 1, "its worker lives"
    journey.stop()
    for _ in range(3):
        journey.work()
        journey.clock.skip(minutes=2)
    assert [one.split()[0] for one in told(journey)] == ["A", "Over"]


def test_held_acknowledgements_are_one_alert_for_as_long_as_they_are_held(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.settings = journey.settings.model_copy(update={"ACKS_IN_ALL_PER_HOUR": 3})
    for number in range(8):
        journey.customer_writes("My parcel has not come.", sender=f"c{number}@example.com")
    journey.work()
    about = [one for one in told(journey) if one.startswith("Acknowledgements are held")]
    assert len(about) == 1
    for _ in range(5):
        journey.clock.skip(minutes=50)
        journey.work()
    assert [one for one in told(journey) if "Acknowledgements are held" in one][-1].startswith("Over since")
    assert all(len(journey.letters(f"c{number}@example.com")) == 1 for number in range(8))
