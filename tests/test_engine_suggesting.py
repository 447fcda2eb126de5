"""Phrases that stored corrections ask for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml

from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from engine.progress import Progress
from engine.suggesting import Stored, suggested
from reports.suggested import Suggested, as_json, text
from store.database import Database
from tests import test_engine_trying
from tests.facts_factory import rulebook, texts
from tests.test_engine_trying import CATEGORIES, LATE, correct, store

database = test_engine_trying.database
ENGLISH = """\
language: en
rules:
  - name: lost-en
    when:
      phrase:
        - gone
    says: {category: lost}
"""
GIVEN_UP = ("It is late and vanished.", "Late. It has vanished!", "late, vanished?", "so late it vanished")


def rules(phrases: str = ENGLISH) -> Rulebook:
    return rulebook(categories=CATEGORIES, mine=f"rules:\n{LATE}", **{"phrases/en": phrases})


def suggest(database: Database, by: Rulebook) -> Suggested:
    return suggested(Stored(database), by, Progress(io.StringIO(), 0))


@pytest.fixture
def lost(database: Database) -> list[int]:
    """Cases that agents corrected from late to lost, among many that are late indeed."""
    store(database, *[f"It is late number {'abcdefghijkl'[n]}." for n in range(12)])
    numbers = store(database, *GIVEN_UP)
    for number in numbers:
        correct(database, number, "lost")
    return numbers


def test_a_phrase_of_the_corrected_mails_is_suggested_with_its_place(
    database: Database, lost: list[int]
) -> None:
    found = suggest(database, rules())
    (proposal, place, rivals), *_ = found.proposals
    assert (found.mails, found.corrected, found.missed) == (16, 4, 4)
    assert (proposal.phrase, proposal.category) == ("vanished", "lost")
    assert sorted(proposal.catches) == lost
    assert place == ("phrases/en/lost.yaml", "lost-en")
    assert rivals == ()


def test_a_rule_that_has_the_words_for_another_category_is_named(database: Database, lost: list[int]) -> None:
    other = ENGLISH + "  - {name: gone-late, when: {phrase: vanished}, says: {category: late}}\n"
    found = suggest(database, rules(other))
    assert found.proposals[0].rivals == ("gone-late (late)",)
    assert "# gone-late (late) has these words too" in text(found)


def test_what_is_pasted_makes_the_rules_catch_those_mails(database: Database, lost: list[int]) -> None:
    lines = text(suggest(database, rules())).splitlines()
    pasted = "\n".join(line for line in lines if line.startswith("        - "))
    better = ENGLISH.replace("        - gone\n", f"        - gone\n{pasted}\n")
    changed, problems = load(texts(categories=CATEGORIES, mine=f"rules:\n{LATE}", **{"phrases/en": better}))
    assert changed, problems
    assert suggest(database, changed).proposals == (), "no rule lacks it any more"


def test_a_category_without_a_rule_in_that_language_gets_a_whole_one(
    database: Database, lost: list[int]
) -> None:
    told = text(suggest(database, rules(ENGLISH.replace("category: lost", "tag: lost"))))
    assert "phrases/en/lost.yaml: a new rule" in told
    (rule,) = yaml.safe_load(told)
    assert (rule["name"], rule["says"]) == ("lost-en", {"category": "lost"})
    assert "vanished" in rule["when"]["phrase"]


def test_programs_get_the_same_as_json(database: Database, lost: list[int]) -> None:
    first, *_ = as_json(suggest(database, rules()))["suggestions"]
    assert (first["yaml"], first["mails"], first["other_mails"]) == ("- vanished", 4, 0)


def test_too_little_to_learn_from_is_said(database: Database, tmp_path: Path) -> None:
    (number,) = store(database, "It vanished.")
    correct(database, number, "lost")
    told = text(suggest(database, rules()))
    assert told.startswith("There is too little to learn from: agents have corrected 1 of the stored mails")


def test_where_nothing_is_in_common_that_is_said(database: Database) -> None:
    for number in store(database, "Alpha beta.", "Gamma delta.", "Epsilon zeta."):
        correct(database, number, "lost")
    assert text(suggest(database, rules())).startswith("Nothing to suggest: of 3 corrected mails")
