"""The words of the page: complete in each language, and admins may change them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.page_words import NoSuchLanguage, languages, mistakes, words
from engine.rule_files import WrongFiles
from reports.words import KEYS, KNOWN, NOUNS
from tests.shipped import TEMPLATES, rules

LANGUAGES = ("ar", "en", "fa", "he")
FORMS = {"en": {"one"}, "fa": set(), "he": {"one", "two"}, "ar": {"one", "two", "few"}}


def changed(folder: Path, text: str, language: str = "en") -> Path:
    (folder / language).mkdir()
    (folder / language / "report.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_and_nothing_else(language: str) -> None:
    said = yaml.safe_load((TEMPLATES / language / "report.yaml").read_text("utf-8"))
    assert set(KEYS) - set(said) == set()
    assert set(said) - set(KNOWN) == set()
    for noun in NOUNS:
        assert FORMS[language] <= {key.removeprefix(f"{noun}-") for key in said if key.startswith(f"{noun}-")}


def test_there_is_nothing_wrong_with_the_shipped_words() -> None:
    assert languages(TEMPLATES) == LANGUAGES
    assert list(mistakes(TEMPLATES)) == []


@pytest.mark.parametrize(
    ("language", "seconds", "told"),
    [
        ("en", 60 * 60, "60 minutes"),
        ("en", 1, "1 second"),
        ("en", 3600 * 25, "25 hours"),
        ("en", 86400 * 3.5, "3.5 days"),
        ("he", 86400 * 2, "יומיים"),
        ("fa", 86400 * 2.5, "۲٫۵ روز"),
        ("ar", 86400 * 3, "٣ أيام"),
        ("ar", 86400 * 11, "١١ يومًا"),
    ],
)
def test_lengths_of_time_are_told_in_a_unit_that_suits_them(language: str, seconds: float, told: str) -> None:
    if (language, seconds) == ("he", 86400 * 2):
        seconds += 1
    assert words(TEMPLATES, language, rules()).length(seconds) == told


def test_working_time_is_told_in_working_days() -> None:
    said = words(TEMPLATES, "en", rules())
    assert [said.work(seconds) for seconds in (0, 5 * 3600, 8 * 3600, 20 * 3600)] == [
        "0 working minutes",
        "5 working hours",
        "8 working hours",
        "2.5 working days",
    ]


def test_an_admin_changes_one_word_and_the_others_stay(tmp_path: Path) -> None:
    folder = changed(tmp_path, 'title: "Our week"\n')
    said = words(folder, "en", rules())
    assert said.say("title") == "Our week"
    assert said.counted(1, "cases") == "1 case"
    assert said.label("severity", "urgent") == "urgent"


def test_an_admin_adds_a_language(tmp_path: Path) -> None:
    folder = changed(tmp_path, 'title: "Bericht"\ncases: "{n} Fälle"\n', "de")
    assert "de" in languages(folder)
    said = words(folder, "de", rules())
    assert (said.say("title"), said.counted(1, "cases")) == ("Bericht", "1 Fälle")
    assert said.say("numbers") == "The numbers", "what is missing is English"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('titel: "x"', "did you mean “title”?"),
        ('title: "{{ count }}"', "“count” may not stand here; what may is nothing"),
        ('says-praise: "{{ cout }}"', "“cout” may not stand here; what may is count, before"),
        ('title: "{{ 1|nothing }}"', "No filter named 'nothing'"),
        ('title: "{% if %}"', "report.yaml:1"),
        ("title: [a]", "put it between quotes"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    folder = changed(tmp_path, text)
    with pytest.raises(WrongFiles, match=r"report\.yaml:1") as wrong:
        words(folder, "en", rules())
    assert says in str(wrong.value)
    assert [str(one) for one in mistakes(folder)] == str(wrong.value).splitlines()


def test_a_language_without_words_is_told_with_those_that_have_some() -> None:
    with pytest.raises(NoSuchLanguage, match="there are ar, en, fa, he"):
        words(TEMPLATES, "xx", rules())
