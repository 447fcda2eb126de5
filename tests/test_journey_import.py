"""Old mail is taken in: cases with their threads and dates, and nobody hears of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from engine.desk import policy_of
from engine.import_recording import Done, Wish, addresses_that_answer
from engine.importing import Import
from engine.limits import limits_in
from inbox.parse import same_mark
from store.database import opened
from store.models import Letter, LetterState, Mail, Timer, Tombstone
from tests.commands import command
from tests.hosts import until
from tests.journeys import Journey
from tests.supervised import WORKER, settings_of

DAY = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)
ANN, BEN = "ann@example.com", "ben@example.com"


def old(
    name: str, text: str, *, sender: str = ANN, to: str = "", days: int = 0, **fields: str
) -> EmailMessage:
    """A mail of years ago; `name` is its Message-ID's."""
    made = EmailMessage()
    made["From"], made["To"] = sender, to
    made["Subject"], made["Message-ID"] = fields.pop("subject", "Late parcel"), f"<{name}@example.com>"
    made["Date"] = format_datetime(DAY + timedelta(days=days))
    for field, value in fields.items():
        made[field.replace("_", "-")] = value
    made.set_content(text)
    return made


def mbox(path: Path, mails: list[EmailMessage]) -> Path:
    line = b"From somebody@example.com Mon May  6 09:30:00 2024\n"
    path.write_bytes(b"".join(line + one.as_bytes() + b"\n" for one in mails))
    return path


def archive(journey: Journey) -> Path:
    """Two customers and the firm's answers; the files are not in the order of time."""
    ours = journey.host.address
    mails = [
        old("a3", "It came, thank you.", to=ours, days=3, In_Reply_To="<a2@example.com>"),
        old("a1", "My parcel has not arrived. Order number: AB-47110.", to=ours),
        old("b1", "The kettle is broken.", sender=f"Ben <{BEN}>", to=ours, days=1, subject="Kettle"),
    ]
    answers = [
        old("a2", "It leaves today.", sender=ours, to=ANN, days=2, In_Reply_To="<a1@example.com>"),
        old("n1", "Our prices are new.", sender=ours, to="zoe@example.com", days=2, subject="News"),
    ]
    folder = journey.folder / "old"
    folder.mkdir()
    mbox(folder / "Inbox.mbox", mails)
    mbox(folder / "Sent.mbox", answers)
    return folder


def wish_of(journey: Journey, **changes: Any) -> Wish:
    settings, rulebook = journey.settings, journey.worker.desk.files.current.rulebook
    policy = policy_of(settings)
    values: dict[str, Any] = {
        "rulebook": rulebook,
        "policy": policy,
        "limits": limits_in(settings),
        "ours": addresses_that_answer(policy, rulebook, ()),
        "domain": "example.com",
        "size_limit": 25 * 2**20,
        "leave_open": False,
        "now": journey.clock(),
    }
    return Wish(**values | changes)


def taken_in(journey: Journey, *paths: Path, **changes: Any) -> Done:
    wish = wish_of(journey, **changes)
    with opened(journey.settings.DATABASE_URL) as database:
        return Import(database, wish).run(paths, lambda *_: None)


def rows(journey: Journey, table: type[Any]) -> list[Any]:
    return list(journey._session_rows(lambda session: session.exec(select(table)).all()))


def test_old_mail_becomes_closed_cases_with_threads_and_dates_as_they_were(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.work()
    done = taken_in(journey, archive(journey))
    assert (done.mails, done.answers, done.cases, done.alone, done.aside) == (3, 1, 2, 1, [])
    ann, ben = journey.case(ANN), journey.case(BEN)
    assert (ann["status"], ann["opened"], ann["closed"]) == (
        "closed",
        DAY.isoformat(timespec="seconds"),
        (DAY + timedelta(days=3)).isoformat(timespec="seconds"),
    )
    assert ann["number"] < ben["number"]
    assert ann["answered"] == (DAY + timedelta(days=2)).isoformat(timespec="seconds")
    assert sorted(ann["message_ids"]) == ["<a1@example.com>", "<a3@example.com>"]
    assert (ann["category"], ben["subject"], ben["answered"]) == ("late", "Kettle", None)
    assert ann["facts"]
    shown = journey.shown(ann["number"])
    assert [(one["kind"], one["state"], one["to"]) for one in shown["letters"]] == [("answer", "sent", ANN)]
    assert {one.received_at for one in rows(journey, Mail)} == {DAY + timedelta(days=n) for n in (0, 1, 3)}


def test_nobody_hears_of_an_import_then_or_later(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    fresh = [
        old(f"m{n}", "My parcel has not arrived.", sender=f"c{n}@example.com", to=journey.host.address)
        for n in range(30)
    ]
    for mail in fresh:  # of this week: as many as would be a signal
        mail.replace_header("Date", format_datetime(journey.clock() - timedelta(hours=3)))
    for folder, leave_open in (("open", True), ("shut", False)):
        path = journey.folder / folder
        path.mkdir()
        mbox(path / "old.mbox", fresh[:15] if leave_open else fresh[15:])
        taken_in(journey, path, leave_open=leave_open)
    for hours in (0, 1, 30, 24 * 20):
        journey.clock.skip(hours=hours)
        journey.work()
    assert journey.host.sent() == [] and journey.mails_to() == []
    assert {one.kind.value for one in rows(journey, Timer)} <= {"watch"}
    assert [case["status"] for case in journey.cases()] == ["new"] * 15 + ["closed"] * 15


def test_an_answer_from_its_customer_today_goes_on_as_ever(journey: Journey) -> None:
    journey.work()
    taken_in(journey, archive(journey))
    journey.customer_writes(
        "It broke after all.",
        sender=f"Ann <{ANN}>",
        subject="Re: Late parcel",
        headers={"In-Reply-To": "<a3@example.com>", "References": "<a1@example.com> <a3@example.com>"},
    )
    journey.work()
    assert journey.case(ANN)["status"] == "open"
    assert len([case for case in journey.cases() if case["customer"] == ANN]) == 1


def test_a_second_import_changes_nothing(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.work()
    folder = archive(journey)
    taken_in(journey, folder)
    before = journey.cases(), journey.events(), len(rows(journey, Mail)), len(rows(journey, Letter))
    done = taken_in(journey, folder)
    assert (done.mails, done.answers, done.cases, done.known) == (0, 0, 0, 4)
    assert (journey.cases(), journey.events(), len(rows(journey, Mail)), len(rows(journey, Letter))) == before


def test_what_the_mailbox_brought_is_known_and_the_other_way_round(journey: Journey) -> None:
    [first, second] = (
        journey.mail("My parcel has not arrived.", sender=f"Ann <{ANN}>", subject=subject)
        for subject in ("One", "Two")
    )
    journey.host.deliver(first.as_bytes(), to=journey.host.address)
    journey.work()
    path = mbox(journey.folder / "both.mbox", [first, second])
    done = taken_in(journey, path)
    assert (done.mails, done.known) == (1, 1)
    journey.host.deliver(second.as_bytes(), to=journey.host.address)
    journey.work()
    assert sorted(case["subject"] for case in journey.cases()) == ["One", "Two"]
    assert len(journey.letters(ANN)) == 1
    assert journey.events("duplicate")


def test_what_was_erased_stays_so(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    folder = archive(journey)
    taken_in(journey, folder)
    [mail] = [one for one in rows(journey, Mail) if one.sender == BEN]
    with opened(journey.settings.DATABASE_URL) as database, database.write() as session:
        session.add(Tombstone(fingerprint=mail.fingerprint, at=journey.clock()))
        found = session.get(Mail, mail.id)
        assert found is not None
        found.fingerprint = "erased"
    done = taken_in(journey, folder)
    assert (done.mails, done.erased) == (0, 1)


def test_what_is_erased_between_reading_and_recording_is_not_brought_back(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    folder = archive(journey)
    wish = wish_of(journey)
    with opened(journey.settings.DATABASE_URL) as database:

        def erase_all(_: int, of: int) -> None:
            if of:
                with database.write() as session:
                    for path in folder.iterdir():
                        for one in path.read_bytes().split(
                            b"From somebody@example.com Mon May  6 09:30:00 2024\n"
                        ):
                            mark = same_mark(one.removesuffix(b"\n"), wish.limits)
                            session.merge(Tombstone(fingerprint=mark, at=journey.clock()))

        done = Import(database, wish).run([folder], erase_all)
    assert (done.mails, done.answers, done.erased) == (0, 0, 5)
    assert rows(journey, Mail) == []


def test_left_open_a_case_that_nobody_answered_waits_and_the_others_are_answered(
    quick_journey: Journey,
) -> None:
    journey = quick_journey
    journey.work()
    taken_in(journey, archive(journey), leave_open=True)
    assert (journey.case(ANN)["status"], journey.case(BEN)["status"]) == ("open", "new")
    assert all(case["deadline"] is None for case in journey.cases())


def test_a_stranger_in_an_old_thread_joins_no_case(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    ours = journey.host.address
    mails = [
        old("a1", "My parcel has not arrived.", to=ours),
        old("x1", "I read along.", sender="eve@example.com", to=ours, days=1, References="<a1@example.com>"),
    ]
    taken_in(journey, mbox(journey.folder / "old.mbox", mails))
    assert [case["customer"] for case in journey.cases()] == [ANN, "eve@example.com"]


def test_what_the_firm_wrote_first_belongs_to_the_case_that_answers_it(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    ours = journey.host.address
    mails = [
        old("f1", "We could not deliver your parcel.", sender="old@shop.example", to=ANN),
        old("a1", "It is broken, too.", to=ours, days=1, In_Reply_To="<f1@example.com>"),
    ]
    path = mbox(journey.folder / "old.mbox", mails)
    done = taken_in(journey, path, ours=frozenset({"old@shop.example", ours}))
    assert (done.cases, done.answers, done.alone) == (1, 1, 0)


def test_broken_mails_are_set_aside_with_a_note_and_stop_nothing(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    folder = journey.folder / "old"
    folder.mkdir()
    (folder / "a.eml").write_bytes(b"\x00\x01 no mail at all")
    (folder / "b.eml").write_bytes(old("b", "My parcel is late.", to=journey.host.address).as_bytes())
    (folder / "c.eml").write_bytes(b"Subject: (" + b"(" * 100_000 + b"\n\nx")
    latin = Path(os.fsdecode(bytes(folder) + b"/caf\xe9.eml"))  # as old machines wrote names
    latin.write_bytes(old("d", "My kettle is late.", to=journey.host.address).as_bytes())
    done = taken_in(journey, folder)
    assert (done.mails, len(done.aside)) == (3, 1)
    assert "a.eml: it has no header of a mail" in done.aside[0]


def test_automatic_mail_and_colleagues_mail_open_no_case(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    ours = journey.host.address
    mails = [
        old("o1", "I am away.", to=ours, Auto_Submitted="auto-replied"),
        old("s1", "approve", sender=journey.sam, to=ours),
    ]
    done = taken_in(journey, mbox(journey.folder / "old.mbox", mails))
    assert (done.mails, done.cases) == (2, 0)
    assert journey.cases() == []


def test_a_case_that_people_work_on_is_not_changed_by_its_old_mail(quick_journey: Journey) -> None:
    journey = quick_journey
    message_id = journey.customer_writes("My parcel has not arrived.")
    journey.work()
    mails = [
        old("e1", "We look into it.", sender=journey.host.address, to=ANN, In_Reply_To=message_id),
        old("e2", "And the kettle?", to=journey.host.address, days=1, In_Reply_To=message_id),
    ]
    done = taken_in(journey, mbox(journey.folder / "old.mbox", mails))
    assert (done.answers, done.mails, done.cases) == (1, 1, 0)
    case = journey.case(ANN)
    assert (case["status"], case["answered"], case["closed"]) == ("new", None, None)


@pytest.mark.parametrize("apart", ["true", "false"])
def test_the_command_may_be_killed_and_begun_again(quick_journey: Journey, apart: str) -> None:
    journey = quick_journey
    journey.work()
    journey.stop()
    mails = [
        old(
            f"m{n}",
            f"My parcel {n} has not arrived.",
            sender=f"c{n}@example.com",
            to=journey.host.address,
            days=n % 9,
        )
        for n in range(400)
    ]
    path = mbox(journey.folder / "old.mbox", mails)
    process = subprocess.Popen(
        [sys.executable, str(WORKER), "import", str(path)],
        cwd=journey.folder,
        env=settings_of(journey) | {"READ_APART": apart},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert until(lambda: len(rows(journey, Mail)) > 20, 60)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    cut = len(rows(journey, Mail))
    done = command(journey, "import", str(path), READ_APART=apart)
    assert done.returncode == 0, done.stderr
    assert "were there already" in done.stdout if cut else True
    found = rows(journey, Mail)
    assert len(found) == len({one.message_id for one in found}) == 400
    assert len(journey.cases()) == 400
    assert rows(journey, Letter) == []


def test_letters_that_were_imported_are_never_claimed(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    taken_in(journey, archive(journey))
    assert {one.state for one in rows(journey, Letter)} == {LetterState.SENT}


def test_a_worker_may_run_meanwhile(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    mails = [
        old(f"m{n}", "My parcel has not arrived.", sender=f"c{n}@example.com", to=journey.host.address)
        for n in range(150)
    ]
    path = mbox(journey.folder / "old.mbox", mails)
    importing = threading.Thread(target=taken_in, args=(journey, path))
    importing.start()
    for n in range(5):
        journey.customer_writes("The kettle is broken.", sender=f"live{n}@example.com")
        journey.work()
    importing.join(60)
    journey.work()
    numbers = [case["number"] for case in journey.cases()]
    assert len(numbers) == len(set(numbers)) == 155
    assert sum(len(journey.letters(f"live{n}@example.com")) for n in range(5)) == 5


def test_the_command_says_what_it_did(quick_journey: Journey) -> None:
    journey = quick_journey
    folder = archive(journey)
    (folder / "x.eml").write_bytes(b"no mail")
    done = command(journey, "import", str(folder))
    assert done.returncode == 1
    assert "3 mails and 1 answers of ours are taken in: 2 cases" in done.stdout
    assert "1 could not be taken in" in done.stderr and "x.eml" in done.stderr
    assert "Traceback" not in done.stderr
    assert command(journey, "import", str(folder / "missing")).returncode == 1
