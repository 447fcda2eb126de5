"""What people said that mails are about, and with what words it is learned."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from store import corrections, learned, ledger
from store.corrections import Said
from store.database import Database, opened
from store.models import EventKind, Status
from store.values import NewRow, Recording, of_case
from tests.store_samples import AGENT, HOUR, MINUTE, NOW, a_case, change, complaint, event


def corrected(number: int, category: str = "lost", **given: Any) -> Recording:
    row = {"key": of_case(number), "case_number": number, "category": category, "kind": "complaint"}
    values = {**row, "actor": AGENT, "at": NOW, **given}
    return Recording(change(number, Status.NEW), rows=(NewRow("correction", values),))


def given(name: str, category: str = "late", **more: Any) -> dict[str, Any]:
    plain = {"key": corrections.given(name), "subject": "Hello", "text": f"Words of {name}"}
    return {**plain, "category": category, "kind": "complaint", "actor": "peygir", "at": NOW, **more}


def approved(session: Session, number: int) -> None:
    ledger.record(session, Recording(change(number, Status.NEW), approve_draft=True), now=NOW)


def test_a_correction_of_a_case_is_of_the_words_that_opened_it(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, mail = a_case(session)
        ledger.record(session, corrected(number), now=NOW)
        [said] = corrections.corrections(session)
        assert said == Said(
            of_case(number), mail.subject, mail.words, "en", mail.sender, "lost", "complaint", number, AGENT
        )


def test_of_a_case_the_last_word_counts(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        for category in ("lost", "damaged"):
            ledger.record(session, corrected(number, category), now=NOW)
        assert [one.category for one in corrections.corrections(session)] == ["damaged"]


def test_of_what_is_given_from_outside_the_last_word_counts_too(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        corrections.correct(session, [given("a"), given("b")])
        corrections.correct(session, [given("a", "billing", text="\0other words", at=NOW + MINUTE)])
        found = {one.key: (one.text, one.category) for one in corrections.corrections(session)}
    assert found == {"given/b": ("Words of b", "late"), "given/a": ("\ufffdother words", "billing")}


def test_a_case_that_was_told_by_telephone_is_learned_from_by_what_was_told(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        by_telephone = complaint(1001, told="She says that it is broken.", subject="Broken", channel="phone")
        ledger.record(session, by_telephone, now=NOW)
        ledger.record(session, corrected(1001), now=NOW)
        [said] = corrections.corrections(session)
        assert (said.subject, said.text, said.sender) == ("Broken", "She says that it is broken.", "")


def test_an_answer_that_was_approved_lets_the_category_stand_unless_it_was_corrected(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.write() as session:
        (first, _), (second, _), (third, _), (fourth, _) = (
            a_case(session, name, spam=name == "spam") for name in ("a", "b", "c", "spam")
        )
        for number in (first, second, fourth):
            approved(session, number)
        ledger.record(session, corrected(second), now=NOW)
        [said] = corrections.approvals(session, 10)
        assert (said.case_number, said.category, said.kind) == (first, "late", "complaint")
        assert [(one.case_number, one.category) for one in corrections.others(session, 10)] == [(third, "")]


def test_the_newest_are_learned_from(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        numbers = [a_case(session, f"mail {count}")[0] for count in range(3)]
        assert [one.case_number for one in corrections.others(session, 2)] == numbers[:0:-1]


def model(name: str, **changes: Any) -> dict[str, Any]:
    plain = {"version": name, "made_at": NOW, "rules_version": "r1", "corrections": 3, "cases": 5}
    return {**plain, "figures": [{"language": "all"}], **changes}


def test_the_newest_model_speaks_and_three_are_kept(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            assert learned.can_be_kept(session)
            assert (learned.newest_id(session), learned.standing(session).id) == (None, None)
            for count in range(5):
                learned.keep(session, model(f"v{count}"), b"model %d" % count)
        with database.read() as session:
            newest = learned.newest_id(session)
            assert newest is not None
            assert learned.data(session, newest) == b"model 4"
            assert learned.data(session, newest - 2) == b"model 2"
            assert learned.data(session, newest - 3) is None
            standing = learned.standing(session)
            assert (standing.version, standing.made_at, standing.figures) == (
                "v4",
                NOW,
                [{"language": "all"}],
            )


def test_it_is_known_what_came_since_the_newest_model(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        for name in ("a", "b", "c"):
            a_case(session, name)
        corrections.correct(session, [given("old"), given("new", at=NOW + MINUTE)])
        assert (learned.standing(session).corrections, learned.standing(session).fresh) == (2, 2)
        learned.keep(session, model("v1"), b"model")
        standing = learned.standing(session)
        assert (standing.corrections, standing.fresh, standing.cases) == (2, 1, 3)
        assert (standing.corrections_then, standing.cases_then, standing.rules_version) == (3, 5, "r1")


def test_one_worker_trains_and_not_again_within_the_hour(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert learned.claim(session, NOW, 60)
        assert not learned.claim(session, NOW, 60)
        assert not learned.claim(session, NOW + 59 * MINUTE, 60)
        assert learned.claim(session, NOW + HOUR, 60)
        assert learned.standing(session).training_began == learned.minute(NOW + HOUR)


def test_a_training_that_failed_is_known_until_one_succeeds(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        assert not learned.standing(session).failed
        learned.ended(session, NOW, failed=True)
        assert learned.standing(session).failed
        learned.ended(session, NOW, failed=False)
        assert not learned.standing(session).failed


def test_what_is_forgotten_is_in_no_correction_and_no_model(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        (first, mail), (second, _) = (a_case(session, name) for name in ("a", "b"))
        for number in (first, second):
            ledger.record(session, corrected(number), now=NOW)
        corrections.correct(session, [given("kept"), given("gone"), given("of mail", mail_id=mail.id)])
        learned.keep(session, model("v1"), b"model")
        assert learned.claim(session, NOW, 60)
        learned.forget(session, cases=[first], mails=[mail.id or 0], keys=["given/gone"])
        left = {one.key for one in corrections.corrections(session)}
        assert left == {of_case(second), "given/kept"}
        assert learned.newest_id(session) is None
        assert learned.forgotten(session) == 1
        assert learned.claim(session, NOW, 60), "a new one is wanted at once"


def test_a_case_with_a_correction_and_several_events_is_learned_from_once(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        number, _ = a_case(session)
        ledger.record(session, corrected(number), now=NOW)
        noted = Recording(case_number=number, events=(event(EventKind.NOTED), event(EventKind.REOPENED)))
        ledger.record(session, noted, now=NOW)
        assert len(corrections.corrections(session)) == 1


def test_an_older_database_has_no_place_for_models(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    try:
        with database.read() as session:
            assert not learned.can_be_kept(session)
    finally:
        database.close()
