"""An old backup is put back: nobody is answered twice, no mail is lost, and persons decide the rest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from engine.backups import NotPossible, back_up, put_back
from engine.replaying import replay
from store import restores
from store.models import LetterKind
from tests.journeys import Journey, read, text_of

BEN, CLEO = "ben@example.com", "cleo@example.com"


def saved(journey: Journey) -> Path:
    """A backup, made while the worker is there."""
    backup = journey.folder / "old.backup"
    back_up(journey.settings.DATABASE_URL, backup, force=False)
    return backup


def lost_and_put_back(journey: Journey, backup: Path) -> None:
    """The worker ends and the backup is the database; then the worker begins again."""
    journey.stop()
    put_back(journey.settings.DATABASE_URL, backup, force=True, now=journey.clock())
    journey.clock.skip(minutes=1)


def subjects(journey: Journey, customer: str = "ann@example.com") -> list[str]:
    return [str(letter["Subject"]) for letter in journey.letters(customer)]


def test_an_old_backup_answers_nobody_twice_and_loses_no_mail(journey: Journey) -> None:
    journey.customer_writes("My parcel has not arrived.", subject="Late parcel")
    journey.work()
    backup = saved(journey)
    journey.agent_replies("edit\nDear Ann, it leaves tomorrow, at our cost.\nend\napprove")
    journey.customer_writes("The kettle is broken.", subject="Broken kettle", sender=f"Ben <{BEN}>")
    journey.work()
    journey.work()
    got = {who: subjects(journey, who) for who in ("ann@example.com", BEN)}
    assert [len(letters) for letters in got.values()] == [2, 1]

    lost_and_put_back(journey, backup)
    journey.work()
    journey.clock.skip(days=1)
    journey.work()

    assert {who: subjects(journey, who) for who in got} == got
    assert {case["customer"]: case["subject"] for case in journey.cases()} == {
        "ann@example.com": "Late parcel",
        BEN: "Broken kettle",
    }
    ben = journey.case(BEN)
    assert "backup" in ben["not_acknowledged_because"]
    told = "\n".join(text_of(mail) for mail in journey.mails_to())
    assert "may have been acknowledged before" in told
    [admins] = [mail for mail in journey.mails_to() if "backup was put back" in str(mail["Subject"])]
    assert admins


def test_the_command_that_sent_an_answer_is_not_obeyed_again_and_its_agent_is_told(journey: Journey) -> None:
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    backup = saved(journey)
    journey.agent_replies("approve")
    lost_and_put_back(journey, backup)
    before = len(journey.letters())
    journey.work()
    assert len(journey.letters()) == before
    assert journey.case()["status"] == "new"
    [slip] = [mail for mail in journey.mails_to() if "before a backup was put back" in text_of(mail)]
    # Who has looked and writes it again is obeyed.
    journey.reply(slip, "note she has it", sender=f"Sam <{journey.sam}>")
    journey.work()
    assert journey.events("noted")


def test_reply_addresses_in_mails_to_agents_before_a_restore_do_nothing(journey: Journey) -> None:
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    backup = saved(journey)
    known = journey.mails_to()[-1]
    journey.customer_writes("The kettle is broken.", sender=f"Ben <{BEN}>")
    journey.work()
    lost = journey.mails_to()[-1]
    lost_and_put_back(journey, backup)
    journey.work()
    told = len(journey.mails_to())
    letters = len(journey.letters()) + len(journey.letters(BEN))
    for mail in (known, lost):
        journey.reply(mail, "approve", sender=f"Sam <{journey.sam}>")
    journey.work()
    assert len(journey.letters()) + len(journey.letters(BEN)) == letters
    assert len(journey.mails_to()) > told  # why nothing was done
    assert {case["status"] for case in journey.cases()} == {"new"}
    assert journey.sam not in {case["customer"] for case in journey.cases()}


def test_letters_that_waited_in_the_backup_leave_only_on_a_persons_word(quick_journey: Journey) -> None:
    journey = quick_journey
    down = True
    journey.host.behave(lambda stage, _: "451 later" if down and stage == "mail" else None)
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    assert not journey.letters()
    backup = saved(journey)
    down = False
    journey.clock.skip(hours=2)
    journey.work()
    assert len(journey.letters()) == 1
    lost_and_put_back(journey, backup)
    journey.clock.skip(days=1)
    journey.work()
    assert len(journey.letters()) == 1
    number = journey.case()["number"]
    [ack] = [one for one in journey.shown(number)["letters"] if one["kind"] == LetterKind.ACK]
    assert ack["state"] == "failed" and restores.KEPT_BACK in ack["note"]
    assert journey.events("kept-back")
    assert "is kept back" in replay(journey.worker.desk, letters=True)[0]
    journey.work()
    assert len(journey.letters()) == 1
    replay(journey.worker.desk, letter=ack["id"])
    journey.work()
    first, second = journey.letters()
    assert first["Message-ID"] == second["Message-ID"]


def test_a_check_in_that_was_due_before_the_restore_is_kept_back(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.agent_replies("edit\nDear Ann, here is the answer to it.\nend\napprove\nresolve")
    journey.work()
    backup = saved(journey)
    journey.clock.skip(days=30)
    journey.work()
    asked = len(journey.letters())
    assert journey.case()["status"] in ("resolved", "closed") and asked >= 3
    lost_and_put_back(journey, backup)
    journey.work()
    assert len(journey.letters()) == asked
    assert journey.events("kept-back")


def test_an_answer_to_a_check_in_counts_again_and_is_thanked_for_once(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.agent_replies("edit\nDear Ann, here is the answer to it.\nend\napprove\nresolve")
    journey.clock.skip(days=10)
    journey.work()
    asked = journey.letters()[-1]
    backup = saved(journey)
    journey.reply(asked, "5", sender="Ann <ann@example.com>", passes=None)
    journey.work()
    got, score = len(journey.letters()), journey.case()["score"]
    assert score == 5 and got > 3
    lost_and_put_back(journey, backup)
    assert journey.case()["score"] is None
    journey.work()
    assert (len(journey.letters()), journey.case()["score"]) == (got, score)


def test_a_mail_that_an_agent_forwarded_before_is_acknowledged_once(quick_journey: Journey) -> None:
    journey = quick_journey
    backup = saved_empty(journey)
    carried = journey.mail("My parcel has not arrived.", sender=f"Ben <{BEN}>", subject="Late")
    outer = journey.mail("See below.", sender=f"Sam <{journey.sam}>", subject="Fwd: Late")
    outer.add_attachment(carried)
    journey.host.deliver(outer.as_bytes(), to=journey.host.address, passes=True)
    journey.work()
    assert len(journey.letters(BEN)) == 1
    lost_and_put_back(journey, backup)
    journey.work()
    assert len(journey.letters(BEN)) == 1
    assert journey.case(BEN)


def test_numbers_of_cases_that_the_backup_does_not_know_are_not_given_out_again(
    quick_journey: Journey,
) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    backup = saved(journey)
    journey.customer_writes("The kettle is broken.", sender=f"Ben <{BEN}>")
    journey.work()
    lost = journey.case(BEN)["number"]
    lost_and_put_back(journey, backup)
    journey.work()
    assert journey.case(BEN)["number"] > lost + restores.FEWEST - 1


def test_mail_that_comes_after_the_restore_is_acknowledged_as_ever(journey: Journey) -> None:
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    backup = saved(journey)
    journey.customer_writes("The kettle is broken.", sender=f"Ben <{BEN}>")
    journey.work()
    lost_and_put_back(journey, backup)
    journey.work()
    journey.customer_writes("The lamp does not burn.", sender=f"Cleo <{CLEO}>")
    journey.work()
    assert len(journey.letters(CLEO)) == 1
    journey.stop()
    journey.customer_writes("The lamp fell off the wall.", sender="Dan <dan@example.com>")
    journey.work()
    assert len(journey.letters("dan@example.com")) == 1


def test_a_worker_that_dies_while_it_brings_mail_back_goes_on(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    backup = saved(journey)
    journey.customer_writes("The kettle is broken.", sender=f"Ben <{BEN}>")
    journey.work()
    lost_and_put_back(journey, backup)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restores, "rechecked", dies)
        with pytest.raises(KeyboardInterrupt):
            journey.work()
    journey.stop()
    journey.work()
    assert len(journey.letters(BEN)) == 1
    assert "backup" in journey.case(BEN)["not_acknowledged_because"]


def test_a_backup_of_the_same_moment_changes_no_case(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    cases = journey.cases()
    lost_and_put_back(journey, saved(journey))
    journey.work()
    assert journey.cases() == cases
    assert len(journey.letters()) == 1


def test_nothing_is_put_back_while_a_worker_runs(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    backup = saved(journey)
    with pytest.raises(NotPossible, match="a worker runs"):
        put_back(journey.settings.DATABASE_URL, backup, force=True, now=journey.clock())
    journey.stop()
    with pytest.raises(NotPossible, match="holds cases or mails; add --force"):
        put_back(journey.settings.DATABASE_URL, backup, force=False, now=journey.clock())
    done = put_back(journey.settings.DATABASE_URL, backup, force=True, now=journey.clock())
    assert done.restore.at == pytest.approx(journey.clock(), abs=timedelta(minutes=1))
    with closing(sqlite3.connect(done.aside)) as old:
        assert old.execute('SELECT count(*) FROM "case"').fetchone() == (1,)
    assert (Path(done.aside).stat().st_mode & 0o777, backup.stat().st_mode & 0o777) == (0o600, 0o600)


def test_what_an_agent_reads_of_a_case_says_why_it_was_not_acknowledged(quick_journey: Journey) -> None:
    journey = quick_journey
    backup = saved_empty(journey)
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    lost_and_put_back(journey, backup)
    journey.work()
    mail = read(journey.host.inbox(journey.sam)[-1])
    assert "a backup was put back after it came" in text_of(mail)


def saved_empty(journey: Journey) -> Path:
    journey.work()
    return saved(journey)
