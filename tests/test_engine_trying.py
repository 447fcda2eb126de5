"""Changed rules beside those in force, over stored mail."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cases.rules.rulebook import Rulebook
from engine.progress import Progress
from engine.trying import Both, Pair, asks, tried
from reports.trial import Trial
from store import corrections, ledger, queries
from store.database import Database, opened
from store.models import MailKind
from tests.facts_factory import ROUTING, rulebook
from tests.store_samples import HOUR, NOW, complaint, message

CATEGORIES = """\
categories:
  late: {kind: complaint, description: It comes too late.}
  lost: {kind: complaint, description: It never comes., severity: high}
  unsure: {kind: other, description: The rules can't tell.}
"""
LATE = "  - {name: late, when: {phrase: late}, says: {category: late}, weight: 3}\n"
LOST = "  - {name: lost, when: {phrase: [never came, gone]}, says: {category: lost}, weight: 3}\n"


def rules(*more: str, routing: str = ROUTING) -> Rulebook:
    return rulebook(categories=CATEGORIES, mine="rules:\n" + "".join(more), routing=routing)


BEFORE = rules(LATE)


@pytest.fixture
def database(tmp_path: Any) -> Iterator[Database]:
    with opened(f"sqlite:///{tmp_path / 'peygir.sqlite3'}") as made:
        yield made


def store(database: Database, *texts: str, raw: bytes = b"", **values: Any) -> list[int]:
    """Cases that these mails opened, an hour after each other."""
    numbers = []
    with database.write() as session:
        for at, text in enumerate(texts):
            number = queries.next_number(session)
            name, sender = f"{number}", f"c{number}@example.org"
            mail = ledger.store_mail(
                session,
                message(name, sender, reply_text=text, subject="Hello"),
                raw=raw or name.encode(),
                kind=MailKind.CUSTOMER,
                now=NOW,
            )
            case = {"customer": sender, "opened_at": NOW + at * HOUR} | values
            recording = complaint(number, **case)
            recording = replace(recording, letters=(), timers=())
            ledger.record(session, recording, now=NOW, mail=mail)
            numbers.append(number)
    return numbers


def correct(database: Database, number: int, category: str) -> None:
    row = {"key": f"case/{number}", "case_number": number, "category": category, "actor": "s@example.com"}
    with database.write() as session:
        corrections.correct(session, [row | {"at": NOW}])


def compare(database: Database, after: Rulebook, before: Rulebook = BEFORE, **how: Any) -> Trial:
    progress = Progress(io.StringIO(), 0)
    with Pair(Both(before, after), cores=how.pop("cores", 1)) as pair:
        return tried(pair, database, progress, **({"limit": 20, "labels": True} | how))


def test_only_what_the_change_touches_would_be_handled_otherwise(database: Database) -> None:
    _, gone = store(database, "It is late.", "It never came.")
    trial = compare(database, rules(LATE, LOST))
    assert (trial.mails, trial.changes) == (2, 1)
    (case,) = trial.shown
    assert (case.number, case.subject) == (gone, "Hello")
    assert (case.compared.before.category, case.compared.after.category) == ("unsure", "lost")
    assert (case.compared.before.severity, case.compared.after.severity) == ("normal", "high")
    (reason,) = case.compared.reasons
    assert (reason.rule, reason.words, reason.before) == ("lost", ("never came",), 0)


def test_the_same_rules_change_nothing(database: Database) -> None:
    store(database, "It is late.", "It never came.")
    assert compare(database, rules(LATE)).changes == 0


def test_two_processes_say_the_same_as_one(database: Database) -> None:
    store(database, *["It is late.", "It never came.", "Gone!"] * 3)
    assert compare(database, rules(LATE, LOST), cores=2) == compare(database, rules(LATE, LOST))


def test_nothing_in_the_database_is_changed(database: Database) -> None:
    (number,) = store(database, "It never came.")
    compare(database, rules(LATE, LOST))
    with database.read() as session:
        case = queries.case(session, number)
        assert case
        assert case.category == "late"
        assert len(queries.events_of(session, number)) == 3


def test_routes_are_compared_too(database: Database) -> None:
    store(database, "It is late.")
    routing = "routes:\n  - {category: late, assign: dana@example.com}\n"
    trial = compare(database, rules(LATE, routing=routing))
    (((before, after), count),) = trial.routes.items()
    assert ("dana" in before, after, count) == (False, "dana@example.com", 1)
    assert trial.shown[0].compared.reasons == (), "no rule of words makes it"


def test_older_mail_can_be_left_out(database: Database) -> None:
    store(database, "It never came.", "Gone.", "It never came.")
    assert compare(database, rules(LATE, LOST), since=NOW + HOUR).mails == 2


def test_corrections_judge_both_those_of_cases_and_those_from_outside(database: Database) -> None:
    first, second, _ = store(database, "It is late.", "It never came.", "Late, and gone.")
    correct(database, first, "late")
    correct(database, second, "lost")
    given = {"key": "given/1", "category": "lost", "text": "It is gone.", "actor": "x", "at": NOW}
    with database.write() as session:
        corrections.correct(session, [given])
    judged = compare(database, rules(LATE, LOST)).judgement
    # Each case's draft is still open, so none of the third's says anything.
    assert (judged.mails, judged.corrected, judged.mended, judged.broken) == (3, 3, 2, 0)
    assert (judged.before.right, judged.after.right) == (1, 3)


HEADED = b"From: a@example.com\r\nX-Shop: north-4\r\nSubject: Hello\r\n\r\nIt came.\r\n"


@pytest.mark.parametrize(
    ("when", "hits"),
    [
        ("header: 'X-Shop: north*'", True),
        ("header: 'X-Shop: south*'", False),
        ("sender: '*@example.org'", True),
        ("history: {new: true}", True),
        ("history: {complaints: 1}", False),
        ("channel: mail", True),
        ("not: {channel: mail}", False),
    ],
)
def test_rules_may_ask_for_more_than_words(database: Database, when: str, hits: bool) -> None:
    store(database, "It came.", raw=HEADED)
    rule = f"  - {{name: other, when: {{{when}}}, says: {{category: lost}}, weight: 9}}\n"
    assert (compare(database, rules(rule)).changes == 1) is hits


def test_a_customers_earlier_cases_are_those_before_the_mail(database: Database) -> None:
    first, second = store(database, "It came.", "It came.", customer="ann@example.org")
    rule = "  - {name: again, when: {history: {complaints: 1}}, says: {category: lost}, weight: 9}\n"
    assert [one.number for one in compare(database, rules(rule)).shown] == [second] != [first]


def test_what_rules_ask_for_is_known_however_deep_it_stands() -> None:
    deep = "  - {name: a, when: {any: [{phrase: x}, {not: {header: X-Shop}}]}, says: {category: late}}\n"
    assert asks(rules(deep), "header")
    assert not asks(rules(deep), "history")


def test_progress_is_drawn_on_a_terminal_alone() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, drawn in ((Terminal(), True), (io.StringIO(), False)):
        with Progress(stream, 4) as progress:
            progress.step(2)
        assert ("###############..............." in stream.getvalue()) is drawn
        assert ("2/4 mails" in stream.getvalue()) is drawn
