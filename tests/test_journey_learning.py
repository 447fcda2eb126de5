"""Journeys: agents correct, the worker learns, and the next unsure mail is suggested and says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from cases.rules.loading import load
from engine import doing, learning_notes, lessons
from engine.apart import ReaderProcess
from engine.health import health
from engine.learning import of_rule_files, train
from engine.teaching import Teacher
from learning.fit import fit
from learning.keeping import kept
from learning.model import Model
from learning.samples import Sample, Source
from learning.terms import NOTHING, words_of
from store import corrections, learned
from tests.facts_factory import texts
from tests.journeys import Journey, text_of

WORDS = {
    "defective": "zorb flimmer snark quonk",
    "lost": "plith vandle throck mibble",
    "billing": "grunt weff",
}
UNSURE = "The zorb of the flimmer. The quonk of the snark."


def lesson(count: int = 70) -> Iterator[dict[str, Any]]:
    """Corrections in words that no rule knows."""
    for number in range(count):
        category = list(WORDS)[number % len(WORDS)]
        first, second, *_ = [
            *WORDS[category].split()[number % 2 :],
            "snark" if category == "defective" else "it",
        ]
        text = f"The {first} has a {second}, thing {number}."
        yield {
            "key": corrections.given(number),
            "subject": "",
            "text": text,
            "category": category,
            "kind": "complaint",
        }


def teach(journey: Journey, count: int = 70) -> None:
    with journey.worker.desk.database.write() as session:
        lessons.keep(session, lessons.Lesson(list(lesson(count))), journey.clock())


@pytest.fixture
def learning_journey(quick_journey: Journey) -> Journey:
    quick_journey.settings = quick_journey.settings.model_copy(update={"LEARNING": True})
    return quick_journey


@cache
def model() -> Model:
    """What the lesson teaches, where the rules say nothing."""
    samples = [
        Sample(
            one["key"],
            tuple(words_of("", one["text"])),
            "en",
            one["category"],
            "complaint",
            Source.CORRECTION,
        )
        for one in lesson()
    ]
    made = fit(samples, 0.4)
    assert made is not None
    return made.model


def taught(journey: Journey) -> None:
    """Corrections, and the model that was learned from them."""
    teach(journey)
    desk = journey.worker.desk
    values = {
        "version": model().version,
        "made_at": journey.clock(),
        "rules_version": desk.files.current.rulebook.version,
        "corrections": 70,
        "cases": 0,
        "figures": [],
    }
    with desk.database.write() as session:
        learned.keep(session, values, kept(model()))


def in_force(journey: Journey) -> bool:
    return journey.worker.desk.files.current.learned is not None


def is_training(teacher: Teacher) -> bool:
    return teacher._training is not None


def hits_of(journey: Journey, number: int) -> list[dict[str, Any]]:
    return [hit for hit in journey.shown(number)["why"] if hit["rule"] == "learned"]


def test_what_agents_correct_is_suggested_for_the_next_unsure_mail(learning_journey: Journey) -> None:
    journey = learning_journey
    journey.customer_writes(UNSURE, subject="Zorb", sender="eve@example.com")
    journey.work()
    first = journey.case("eve@example.com")
    assert first["category"] == "unsure"
    journey.agent_replies("category defective")
    assert journey.case("eve@example.com")["category"] == "defective"
    teach(journey)
    journey.work()
    with journey.worker.desk.database.read() as session:
        assert learned.standing(session).corrections_then == 71
    journey.customer_writes(UNSURE, subject="Zorb", sender="ann@example.com")
    journey.work()
    case = journey.case("ann@example.com")
    assert case["category"] == "defective"
    [hit] = hits_of(journey, case["number"])
    assert (hit["says"], hit["corrections"]) == ("category defective", 71)
    assert set(hit["words"]) & {"zorb", "flimmer", "quonk"}
    mail = text_of(journey.mails_to()[-1])
    assert "Because: earlier corrections speak for it" in mail
    assert "71 corrections" in mail


def test_mails_that_are_read_in_another_process_are_suggested_too(learning_journey: Journey) -> None:
    journey = learning_journey
    journey.settings = journey.settings.model_copy(update={"READ_APART": True})
    taught(journey)
    asked = []
    process = journey.worker._processes[0]
    assert isinstance(process, ReaderProcess)
    ask = process.ask
    process.ask = lambda *given: asked.append(given[2]) or ask(*given)  # type: ignore[method-assign, func-returns-value]
    journey.customer_writes(UNSURE, subject="Zorb", sender="ann@example.com")
    journey.work()
    assert [one.version != "" for one in asked if one] == [True]
    assert journey.case("ann@example.com")["category"] == "defective"


@pytest.mark.parametrize("by_mail", [True, False])
def test_a_mail_that_is_split_off_is_judged_by_its_own_words(
    learning_journey: Journey, *, by_mail: bool
) -> None:
    journey = learning_journey
    taught(journey)
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    assert in_force(journey)
    journey.reply(journey.letters()[0], UNSURE, sender="ann@example.com")
    journey.work()
    first = {case["number"] for case in journey.cases()}
    if by_mail:
        journey.agent_replies("split\nnote the parcel is late, and money was charged twice")
    else:
        doing.do(journey.worker.desk, "split", agent=journey.sam, number=journey.cases()[0]["number"])
    (second,) = {case["number"] for case in journey.cases()} - first
    assert journey.case_of(second)["category"] == "defective"
    assert hits_of(journey, second)[0]["says"] == "category defective"


def test_a_rule_that_decides_is_not_overridden(learning_journey: Journey) -> None:
    journey = learning_journey
    taught(journey)
    journey.customer_writes(
        f"{UNSURE} I was charged twice on my invoice, you took the money twice. Refund the double charge.",
        sender="ann@example.com",
        subject="Charged twice",
    )
    journey.work()
    case = journey.case("ann@example.com")
    assert case["category"] != "defective"
    assert hits_of(journey, case["number"]) == []


def test_what_is_forgotten_speaks_no_more(learning_journey: Journey) -> None:
    journey = learning_journey
    taught(journey)
    desk = journey.worker.desk
    keys = [corrections.given(number) for number in range(70)]
    journey.work()
    assert in_force(journey)
    with desk.database.write() as session:
        learned.forget(session, keys=keys)
    journey.work()
    assert not in_force(journey)
    journey.customer_writes(UNSURE, subject="Zorb", sender="ann@example.com")
    journey.work()
    assert journey.case("ann@example.com")["category"] == "unsure"


def test_switched_off_it_neither_learns_nor_suggests(learning_journey: Journey) -> None:
    journey = learning_journey
    taught(journey)
    journey.stop()
    journey.settings = journey.settings.model_copy(update={"LEARNING": False})
    journey.customer_writes(UNSURE, subject="Zorb", sender="ann@example.com")
    journey.work()
    assert journey.case("ann@example.com")["category"] == "unsure"


def test_a_training_that_fails_harms_nobody_and_is_said(
    learning_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = learning_journey
    desk = journey.worker.desk
    teach(journey)
    monkeypatch.setattr("engine.teaching.sys.executable", "/bin/false")
    teacher = Teacher(desk, desk.settings.RULES_DIR)
    teacher.begin()
    teacher.finish()
    with desk.database.read() as session:
        assert learned.standing(session).failed
        assert "the last attempt to learn failed" in next(learning_notes.notes(session, desk.settings))
        assert "failed" in health(session, desk.clock())["learning"]
    teacher.begin()
    assert not is_training(teacher), "not again within the hour"
    journey.clock.skip(hours=2)
    teacher.begin()
    assert is_training(teacher)
    teacher.end()
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    assert len(journey.letters()) == 1


def test_while_a_model_is_made_nothing_that_was_forgotten_is_kept(learning_journey: Journey) -> None:
    journey = learning_journey
    teach(journey)
    desk = journey.worker.desk
    rules = desk.files.current.rulebook

    class Meanwhile:
        """The database, in which something is forgotten once the samples are gathered."""

        @contextmanager
        def read(self) -> Iterator[Any]:
            with desk.database.read() as session:
                yield session
            with desk.database.write() as session:
                learned.forget(session, keys=[corrections.given(0)])

        write = desk.database.write

    done = train(Meanwhile(), rules, journey.clock())  # type: ignore[arg-type]
    assert done["version"] == ""
    with desk.database.read() as session:
        assert learned.newest_id(session) is None
    assert train(desk.database, rules, journey.clock())["version"]


def test_no_training_takes_a_core_away_while_mail_comes_in(
    learning_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = learning_journey
    teach(journey)
    desk = journey.worker.desk
    teacher = Teacher(desk, desk.settings.RULES_DIR)
    monkeypatch.setattr("engine.teaching.QUIET", 0.2)
    desk.reading.set()
    time.sleep(0.3)
    teacher.attend()
    assert not is_training(teacher)
    desk.reading.clear()
    teacher.attend()
    assert not is_training(teacher), "a moment ago there was mail"
    time.sleep(0.3)
    teacher.attend()
    assert is_training(teacher)
    teacher.end()


PHRASES = """\
language: en
rules:
  - name: late-en
    when:
      any: [{phrase: still * waiting}, {phrase: late}]
      not: {phrase: translate}
    says: {category: late}
    examples: {match: [My parcel is too late.]}
  - name: praise-en
    when: {phrase: thank you}
    says: {category: praise}
"""


def test_the_words_of_rule_files_teach_what_people_spoke_of_and_nothing_else() -> None:
    rules, problems = load({**texts(), "phrases/en.yaml": PHRASES})
    assert rules, problems
    spoken_of = Sample("a", ("late",), "en", "late", "complaint", Source.CORRECTION)
    found = list(of_rule_files(rules, [spoken_of]))
    assert {(one.category, one.kind, one.language, one.source) for one in found} == {
        ("late", "complaint", "en", Source.FILES)
    }
    assert [" ".join(one.words) for one in found] == ["still waiting", "late", "my parcel is too late"]
    assert all(one.heard == NOTHING for one in found)
    assert list(of_rule_files(rules, [replace(spoken_of, category="zorbs")])) == []
    assert list(of_rule_files(rules, [replace(spoken_of, language="fa")])) == []
