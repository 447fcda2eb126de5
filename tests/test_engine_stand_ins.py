"""What stands in for a language without letters, and who is told of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cases.rules.lettering import LettersFile
from cases.saying import Say
from engine.stand_ins import notes, told
from tests import shipped

TEMPLATES = Path(__file__).parent.parent / "templates"
LETTERS = shipped.letters()
assert LETTERS
CHAIN = {"ckb": ("fa", "ar"), "default": ("en",)}


def said(language: str, draft: str, **changes: Any) -> Say | None:
    assert LETTERS
    values = {"language": language, "headline": "new", "kind": "complaint", "not_acknowledged": ()} | changes
    return told(LETTERS.standing_in(CHAIN), values, draft)


def code(language: str, draft: str, acknowledgement: str) -> Say:
    values = {"language": language, "draft": draft, "acknowledgement": acknowledgement}
    return Say("in-another-language", values)


@pytest.mark.parametrize("language", ["fa", "he", "ar", "en", "fa-AF", ""])
def test_nothing_is_said_where_customers_are_written_to_in_their_language(language: str) -> None:
    assert said(language, language.partition("-")[0]) is None


@pytest.mark.parametrize(("language", "used"), [("ckb", "fa"), ("tr", "en"), ("pt-BR", "en")])
def test_the_agent_is_told_in_which_language_draft_and_acknowledgement_are(language: str, used: str) -> None:
    assert said(language, used) == code(language, used, used)


def test_a_later_mail_tells_of_the_draft_alone() -> None:
    assert said("ckb", "fa", headline="again") == code("ckb", "fa", "")
    assert said("ckb", "ckb", headline="again") is None, "a colleague wrote it in the customer's language"


def test_a_customer_who_got_no_acknowledgement_got_none_in_another_language() -> None:
    assert said("ckb", "", not_acknowledged="it is an automatic mail") is None


@pytest.mark.parametrize("kind", ["praise", "question", "other"])
def test_each_kind_is_looked_up_by_its_own_letter(kind: str) -> None:
    assert said("ckb", "fa", kind=kind) == code("ckb", "fa", "fa")


def folder(place: Path, **languages: list[str]) -> Path:
    for language, letters in languages.items():
        for letter in letters:
            file = place / language / f"{letter}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("Hello.\n", "utf-8")
    return place


def test_a_check_lists_the_letters_that_a_language_lacks_and_what_stands_in(tmp_path: Path) -> None:
    here = folder(tmp_path, en=["a", "b", "answer/c"], fa=["a", "b"], ckb=["a"])
    rules = LettersFile(stand_ins={"ckb": ("fa",)})
    assert [str(note) for note in notes(here, rules)] == [
        f"{here}/ckb: there is no answer/c here, so they leave in another language ('en'); write them here",
        f"{here}/ckb: there is no b here, so they leave in another language ('fa'); write them here",
        f"{here}/fa: there is no answer/c here, so they leave in another language ('en'); write them here",
    ]


def test_a_check_names_a_few_and_counts_the_rest(tmp_path: Path) -> None:
    here = folder(tmp_path, en=list("abcdefgh"), de=["a"])
    (note,) = notes(here, LettersFile())
    assert "there is no b, c, d, e, f and 2 more here" in str(note)


def test_a_whole_folder_is_noted_nowhere(tmp_path: Path) -> None:
    assert list(notes(folder(tmp_path, en=["a"], fa=["a", "own"]), LettersFile())) == []


def test_a_language_of_customers_alone_lacks_no_letter_to_agents(tmp_path: Path) -> None:
    here = folder(tmp_path, en=["ack_praise", "check_in", "agent_alert", "admin_alert"], de=["ack_praise"])
    (note,) = notes(here, LettersFile())
    assert "there is no check_in here" in str(note)


def test_the_shipped_languages_lack_no_letter() -> None:
    assert list(notes(TEMPLATES, LettersFile())) == []
