"""engine.erasing: every column, any moment of a kill, and those who are at work meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.erasing import Done, Eraser
from engine.erasing_preview import find
from store import case_texts, erasing, queries, whose
from store.database import Database
from store.fates import FATES, Kept
from store.models import EventKind, LetterKind, LetterState, Status, TimerState
from store.packing import packed
from store.writing import TABLES
from tests.erasures import tables_with
from tests.plantings import ADDRESS, NOW, NUMBER, OTHER, SECRET, planted, row


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as opened:
        opened.migrate()
        yield opened


def erased(database: Database, address: str = ADDRESS) -> Done:
    with database.read() as session:
        of = whose.find(session, address)
    return Eraser(database, lambda: NOW, {"sam@example.com"}, "operator").person(of)


def found(database: Database) -> dict[str, list[str]]:
    with database.read() as session:
        return tables_with(session, SECRET, ADDRESS)


# Every column


def test_every_column_that_may_hold_words_is_emptied(database: Database) -> None:
    planted(database)
    before = {place.partition(".")[0] for place in found(database)}
    with_words = {
        name for name, columns in FATES.items() if any(not isinstance(f, Kept) for f in columns.values())
    }
    assert before >= with_words - {"raw"}, "what is not planted proves nothing"
    erased(database)
    assert found(database) == {}


def test_who_else_is_there_is_left_alone(database: Database) -> None:
    planted(database)
    with database.write() as session:
        row(session, "draft", case_number=OTHER, body="Dear Bob", version=7)
    erased(database)
    with database.read() as session:
        other = queries.case(session, OTHER)
        assert other is not None
        assert (other.customer, other.erased_at) == ("bob@example.com", None)
        assert "Dear Bob" in [draft.body for draft in queries.drafts_of(session, OTHER)]


def test_a_longer_address_that_has_theirs_in_it_is_somebody_elses(database: Database) -> None:
    planted(database)
    longer = [f"mary.{ADDRESS}", f"jo-{ADDRESS}", f"jo{ADDRESS}", f"{ADDRESS}.au"]
    with database.write() as session:
        for one in longer:
            row(session, "event", case_number=None, actor=one, text=f"{one} wrote", data={"sender": one})
            row(session, "draft", case_number=OTHER, body=f"Dear Mary, we wrote to {one}.")
        row(session, "draft", case_number=OTHER, body=f"Their address is <{ADDRESS.title()}>, not {ADDRESS}.")
    erased(database)
    events, drafts = TABLES["event"].c, TABLES["draft"].c
    with database.read() as session:
        told = session.execute(select(events.actor, events.text, events.data)).all()
        bodies = session.execute(select(drafts.body)).scalars().all()
    for one in longer:
        assert (one, f"{one} wrote", {"sender": one}) in told
        assert f"Dear Mary, we wrote to {one}." in bodies
    assert "Their address is <[…]>, not […]." in bodies


def test_a_list_for_agents_is_withdrawn_for_the_number_of_a_case_and_not_for_a_date(
    database: Database,
) -> None:
    planted(database)
    mail = "Date: Mon, 23 Nov 1001 10:00:00 +0000\nSubject: {0}\n\n{1}\n"
    texts = {
        "list": ("Your cases", "On 1001-11-23, 23.11.1001 and 23/11/1001: 1 case, #11001."),
        "named": ("Your cases", "1002 Bob, 1001 Ann"),
        "subject": ("Case #1001", "Look."),
    }
    with database.write() as session:
        for key, said in texts.items():
            raw = row(session, "raw", data=packed(mail.format(*said).encode()))
            values: dict[str, Any] = {"raw_id": raw, "encloses_raw_id": None, "copy_at": None}
            values |= {"state": LetterState.QUEUED}
            about: dict[str, Any] = {"case_number": None, "kind": LetterKind.ALERT, "subject": said[0]}
            row(session, "letter", key=f"{key}/sam@example.com", **values, **about)
    erased(database)
    with database.read() as session:
        keys = set(session.execute(select(TABLES["letter"].c.key)).scalars())
    assert {key for key in keys if key.endswith("/sam@example.com")} == {"list/sam@example.com"}


def test_an_agent_of_the_same_name_stays_in_the_log(database: Database) -> None:
    planted(database)
    agent = "beatrix.b@firm.example"
    with database.write() as session:
        row(session, "mail", sender=ADDRESS, sender_name="Beatrix Lee", raw_id=1, case_number=NUMBER)
        row(session, "event", case_number=OTHER, actor=agent, kind=EventKind.NOTED, text="Beatrix called.")
    with database.read() as session:
        of = whose.find(session, ADDRESS)
    Eraser(database, lambda: NOW, {agent}, "operator").person(of)
    events = TABLES["event"].c
    with database.read() as session:
        told = session.execute(select(events.text).where(events.actor == agent)).scalars().all()
    assert told == ["[…] called."]


def test_a_first_name_that_an_agent_has_too_stays_under_letters_to_others(database: Database) -> None:
    planted(database)
    with database.write() as session:
        row(session, "mail", sender="zoe@example.org", sender_name="Beatrix Zog", raw_id=1, case_number=1003)
    ours = {"beatrix@firm.example"}
    assert find(database, "zoe@example.org", None, ()).only_theirs == ("beatrix",)
    assert find(database, "zoe@example.org", None, ours).needles == ("zoe@example.org", "Beatrix Zog")


def test_who_is_called_as_a_kind_of_letter_makes_no_letter_leave_twice(database: Database) -> None:
    planted(database)
    with database.write() as session:
        row(session, "mail", sender=ADDRESS, sender_name="Answer", raw_id=1, case_number=NUMBER)
        values: dict[str, Any] = {"raw_id": 1, "encloses_raw_id": None, "copy_at": None}
        for key in ("answer/7/1", f"alert/flood/{ADDRESS}/2026-11-23/sam@example.com"):
            row(session, "letter", case_number=OTHER, key=key, **values)
    erased(database)
    with database.read() as session:
        keys = session.execute(select(TABLES["letter"].c.key)).scalars().all()
    assert "answer/7/1" in keys
    assert not [key for key in keys if ADDRESS in key]


def test_nothing_of_an_erased_case_waits_any_more(database: Database) -> None:
    planted(database)
    with database.write() as session:
        row(session, "timer", case_number=NUMBER, state=TimerState.WAITING, key="check-in/1001/1")
        row(session, "token", case_number=NUMBER, sha256="x", used_at=None, revoked_at=None)
    erased(database)
    with database.read() as session:
        case = queries.case(session, NUMBER)
        assert case is not None
        assert (case.status, case.reply_token) == (Status.CLOSED, f"erased/{NUMBER}")
        assert [timer.state for timer in queries.timers_of(session, NUMBER)] == [TimerState.CANCELLED]
        assert {letter.state for letter in queries.letters_of(session, NUMBER)} == {LetterState.SENT}
        good = select(func.count()).where(TABLES["token"].c.revoked_at.is_(None))
        assert session.execute(good).scalar() == 0


def test_erased_twice_is_erased_once(database: Database) -> None:
    planted(database)
    erased(database)
    again = erased(database)
    assert (again.cases, again.mails, again.letters) == ([], 0, 0)


# Killed at any moment

STEPS = ("blank_rows", "blank_letters", "blank_mails", "blank_events", "blank_case", "close_set_aside")


class Killed(BaseException):
    """The power went."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_ended_at_any_moment_it_goes_on_when_it_is_begun_again(
    database_url: str, step: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Database(database_url)) as database:
        database.migrate()
        planted(database)
        real = getattr(erasing, step)

        def killed(*given: Any, **named: Any) -> None:
            if after:
                real(*given, **named)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(erasing, step, killed)
            with pytest.raises(Killed):
                erased(database)
        assert found(database) != {}, "it was ended too late to prove anything"
        erased(database)
        assert found(database) == {}


# Others at work


on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""SQLite has one writer at a time."""


@on_postgresql
def test_a_text_to_search_is_never_made_of_what_is_being_erased(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        database.migrate()
        planted(database)
        renewing = threading.Thread(target=lambda: _renew(database))
        with database.write() as session:
            erasing.hold(session, NUMBER)
            renewing.start()
            renewing.join(0.5)
            assert renewing.is_alive(), "it waits for who erases"
            erasing.blank_mails(session, erasing.mails_of_case(session, NUMBER), NOW)
            erasing.blank_rows(session, NUMBER, NOW)
            erasing.blank_case(session, NUMBER)
        renewing.join(10)
        with database.read() as session:
            texts = select(TABLES["case_text"].c.text).where(TABLES["case_text"].c.case_number == NUMBER)
            assert not any(SECRET in text for text in session.execute(texts).scalars())


def _renew(database: Database) -> None:
    with database.write() as session:
        case_texts.write(session, [NUMBER])


@on_postgresql
def test_who_decided_on_what_is_erased_meanwhile_brings_nothing_back(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        database.migrate()
        planted(database)
        eraser = threading.Thread(target=lambda: erased(database))
        with database.write() as session:
            case = queries.case(session, NUMBER)
            assert case is not None
            eraser.start()
            _until(lambda: _is_erased(database))
            row(session, "event", plant=True, case_number=NUMBER)
            row(session, "fact", plant=True, case_number=NUMBER, mail_id=None)
        eraser.join(20)
        assert not eraser.is_alive()
        assert found(database) == {}


def _is_erased(database: Database) -> bool:
    with database.read() as session:
        return not whose.find(session, ADDRESS).cases


def _until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(200):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come to that")
