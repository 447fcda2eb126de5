"""Languages that stand in for others, and what letters say of themselves."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outbox.letters import Letters, stand_ins
from outbox.variables import samples

TEMPLATES = Path(__file__).parent.parent / "templates"
CHAIN: Mapping[str, Sequence[str]] = {"ckb": ("fa", "ar"), "ur": ("fa",), "default": ("ar",)}


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Letters:
    """Few letters in German, Arabic and Persian beside all in English."""
    folder = tmp_path_factory.mktemp("shop") / "templates"
    shutil.copytree(TEMPLATES / "en", folder / "en")
    shutil.copy(TEMPLATES / "layout.html", folder)
    for language, names in {
        "de": ("ack_praise",),
        "ar": ("ack_praise", "check_in"),
        "fa": ("ack_praise",),
    }.items():
        (folder / language).mkdir()
        for name in names:
            text = f'---\nsubject: "{language}"\nkind: {KINDS[name]}\nparts: [thanks]\n---\n{language}\n'
            (folder / language / f"{name}.md").write_text(text, "utf-8")
    (folder / "ar" / "answer").mkdir()
    (folder / "ar" / "answer" / "default.md").write_text("ar\n", "utf-8")
    (folder / "en" / "answer" / "allergy.md").write_text("---\nparts: [plan]\n---\nen\n", "utf-8")
    found, problems = Letters.load(folder, ZoneInfo("UTC"))
    assert found, problems
    return found.standing_in(CHAIN)


KINDS = {"ack_praise": "acknowledgement", "check_in": "check-in"}


@pytest.mark.parametrize(
    ("asked", "chain"),
    [
        ("ckb", ("ckb", "fa", "ar", "en")),
        ("ckb-IR", ("ckb-ir", "ckb", "fa", "ar", "en")),
        ("ur_PK", ("ur-pk", "ur", "fa", "en")),
        ("de", ("de", "ar", "en")),
        ("en", ("en", "ar")),
    ],
)
def test_the_languages_to_try_are_those_of_the_chain_then_english(asked: str, chain: tuple[str, ...]) -> None:
    assert stand_ins(asked, CHAIN) == chain


@pytest.mark.parametrize(
    ("letter", "asked", "used"),
    [
        ("ack_praise", "ckb", "fa"),
        ("check_in", "ckb", "ar"),
        ("check_in", "ur", "en"),
        ("check_in", "de", "ar"),
        ("ack_praise", "de-AT", "de"),
        ("ack_complaint", "ckb", "en"),
    ],
)
def test_a_letter_comes_in_the_first_language_that_has_it(
    letters: Letters, letter: str, asked: str, used: str
) -> None:
    made = letters.render(letter, asked, samples(letter)[0])
    assert (made.language, letters.language_of(letter, asked)) == (used, used)


def test_a_letter_that_one_language_has_is_not_replaced_by_the_default_of_another(letters: Letters) -> None:
    made = letters.render("answer/allergy", "ar", samples("answer/allergy")[0])
    assert (made.language, made.text) == ("en", "en\n")


def test_an_answer_that_no_language_has_is_the_default_answer(letters: Letters) -> None:
    assert letters.render("answer/unheard-of", "ckb", samples("answer/default")[0]).text == "ar\n"


def test_letters_say_their_parts_and_their_kind(letters: Letters) -> None:
    assert letters.parts("answer/allergy", "ar") == ("plan",)
    assert letters.parts("check_in", "ckb") == ("thanks",)
    assert letters.parts("answer/default", "ar") is None
    assert letters.kind_of("check_in") == "check-in"


def test_letters_that_are_kept_and_read_again_say_the_same(letters: Letters) -> None:
    again = Letters.again(letters.kept(), ZoneInfo("UTC")).standing_in(CHAIN)
    for letter, language in (("answer/allergy", "fa"), ("check_in", "ckb"), ("answer/default", "ar")):
        assert again.parts(letter, language) == letters.parts(letter, language)
        values = samples(letter)[0]
        assert again.render(letter, language, values) == letters.render(letter, language, values)


def test_an_unknown_letter_has_no_language(letters: Letters) -> None:
    with pytest.raises(ValueError, match="no letter 'ack_nothing'"):
        letters.language_of("ack_nothing", "fa")
