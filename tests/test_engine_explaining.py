"""What a mail or a case is explained with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.doing import NotDone
from engine.explaining import NOT_SURE, NOTHING_LEARNED, RULES_DECIDE, Given, of_case, of_file
from inbox.mime.limits import Limits
from learning.model import Model
from reports.explanation import Whole, text
from store import queries
from store.database import Database, opened
from store.writing import TABLES
from tests.facts_factory import COLLEAGUE, OURS, rulebook
from tests.store_samples import HOUR, NOW
from tests.test_engine_learned import model
from tests.test_engine_trying import store

MINE = """\
rules:
  - {name: late, when: {phrase: too late}, says: {category: late}, weight: 3}
  - {name: again, when: {history: {complaints: 1}}, says: {severity: urgent, tag: again}}
  - {name: dana, when: {phrase: dear dana}, says: {assign: dana@example.com}}
"""


def given(learned: Model | None = None) -> Given:
    return Given(rulebook(mine=MINE), Limits(), OURS, learned, NOW)


def mail(words: str, sender: str = "ann@example.com") -> bytes:
    return f"From: {sender}\r\nSubject: Hello\r\n\r\n{words}\r\n".encode()


def file(words: str, learned: Model | None = None, **changes: str) -> Whole:
    return of_file(mail(words, **changes), given(learned))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened(f"sqlite:///{tmp_path / 'peygir.sqlite3'}") as made:
        yield made


def explain(database: Database, number: int) -> Whole:
    with database.read() as session:
        case = queries.case(session, number)
        assert case
        return of_case(session, case, given())


def test_what_was_learned_is_told_where_it_speaks_and_why_where_it_does_not() -> None:
    speaks = model("late", "lost")
    assert file("a zorb").learned == NOTHING_LEARNED
    found = file("a zorb", speaks)
    assert found.verdict.category == "late"
    assert found.learned.endswith("sure by “zorb”: learned from 120 corrections")
    assert "the rules alone say unsure; earlier corrections say otherwise" in text(found, colours=False)
    against = model("lost", "late")
    assert file("It came too late, zorb.", against).learned == f"model v1 {RULES_DECIDE}"
    silent = replace(speaks, category=replace(speaks.category, thresholds={"": 2.0}))
    assert file("a zorb", silent).learned == f"model v1 {NOT_SURE}"


def test_a_file_says_that_earlier_cases_are_not_known() -> None:
    assert any("earlier cases were not tried" in note for note in file("It came too late.").notes)


def test_an_agents_mail_is_said_to_open_no_case() -> None:
    assert file("It came too late.", sender=COLLEAGUE).notes[0].startswith("an agent wrote this")


def test_the_agent_whom_a_rule_names_is_told_with_the_rule() -> None:
    routing = file("Dear Dana, it came too late.").routing
    assert routing.to == ("dana@example.com",)
    assert routing.because.startswith("the rule dana names them")


def test_a_case_is_explained_with_the_customers_cases_before_it(database: Database) -> None:
    words = "It came too late."
    first, second = store(database, words, words, raw=mail(words), customer="ann@example.com")
    assert explain(database, first).verdict.tags == ()
    found = explain(database, second)
    assert (found.verdict.tags, found.number, found.subject) == (("again",), second, "Hello")
    assert not any("earlier cases" in note for note in found.notes)


def test_a_case_that_came_by_telephone_is_explained_by_what_was_written_down(database: Database) -> None:
    (number,) = store(database, "", told="She says it came too late.", channel="phone", raw=b"x")
    assert explain(database, number).verdict.category == "late"


def test_a_mail_whose_bytes_are_damaged_is_said_to_be(database: Database) -> None:
    (number,) = store(database, "It came too late.", opened_at=NOW + HOUR)
    with database.write() as session:
        session.connection().execute(TABLES["raw"].update().values(data=b"nonsense"))
    with pytest.raises(NotDone, match=f"the mail of case {number} can't be explained: .*damaged"):
        explain(database, number)


def test_colours_are_only_for_those_who_see_them() -> None:
    found = file("It came too late.")
    assert "\033[1mDecision\033[0m" in text(found, colours=True)
    assert "\033" not in text(found, colours=False)
