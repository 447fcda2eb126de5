"""Each mistake that people make in rule files gets the answers that tests/mistakes_in_rules.yaml has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.rules.loading import load
from cases.rules.notes import notes
from cases.rules.reading import texts_of

TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).parent / "mistakes_in_rules.yaml").read_text("utf-8"), yaml.CSafeLoader
)
FILES: dict[str, str] = TABLE["files"]
ANSWERS = {"late", "default"}
ENGLISH = "phrases/en.yaml"


def changed(one: dict[str, Any]) -> dict[str, str]:
    text = FILES[one["file"]]
    assert one["old"] in text
    return {**FILES, one["file"]: text.replace(one["old"], one["new"], 1)}


def told(files: dict[str, str]) -> list[str]:
    return [str(problem) for problem in load(files, ANSWERS)[1]]


def noted(old: str, new: str) -> list[str]:
    return [str(note) for note in notes({ENGLISH: FILES[ENGLISH].replace(old, new, 1)})]


def test_the_files_are_right_without_the_mistakes() -> None:
    assert told(FILES) == []
    assert notes(FILES) == []


@pytest.mark.parametrize("one", TABLE["mistakes"], ids=lambda one: str(one["what"]))
def test_a_mistake_gets_its_answers_and_no_other(one: dict[str, Any]) -> None:
    answers = told(changed(one))
    assert len(answers) == len(one["told"]), answers
    for answer, wanted in zip(answers, one["told"], strict=True):
        pattern = ".*".join(map(re.escape, wanted.split("…"))) if wanted.endswith("…") else re.escape(wanted)
        assert re.fullmatch(pattern, answer, re.DOTALL), answer


@pytest.mark.parametrize("one", TABLE["meant"], ids=lambda one: str(one["what"]))
def test_what_can_only_mean_one_thing_is_taken_so(one: dict[str, Any]) -> None:
    assert told(changed(one)) == []


def test_all_slips_of_a_file_are_told_at_once_beside_the_mistakes_in_the_rest() -> None:
    text = FILES[ENGLISH]
    for old, new in (
        ("rules:", "rules"),
        ("- still waiting", "- @still waiting"),
        ("- where is", "- 'where is"),
        ("{category: late}", "{category: layt}"),
        ("    examples:", "    exampels:"),
    ):
        text = text.replace(old, new, 1)
    problems = [problem.split(": ")[0] for problem in told({**FILES, ENGLISH: text})]
    assert problems == [f"{ENGLISH}:{place}" for place in ("2:6", "7:11", "8:11", "10:5")]


def test_a_slip_is_mended_only_where_the_file_can_not_be_read_without_that() -> None:
    text = FILES[ENGLISH].replace("- still waiting", "- when will it come", 1).replace("still w", "when w")
    assert all("colon" not in problem for problem in told({**FILES, ENGLISH: text}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this file is empty; put back what was in it"),
        (
            b"# nothing yet\n",
            "this file has only lines that begin with '#', which say nothing; write at least 'rules: ",
        ),
    ],
)
def test_a_file_that_says_nothing_is_told(data: bytes, words: str) -> None:
    (problem,) = told({**FILES, ENGLISH: data.decode()})
    assert problem.startswith(f"{ENGLISH}: {words}")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("fa.yaml", "# دیر".encode("cp1256", "replace"), "fa.yaml:1:3: the letters from here on"),
        ("he.yaml", "a: 1\nb: שלום".encode("cp1255"), "he.yaml:2:4: the letters from here on"),
        ("own.yaml", "a: é".encode("latin-1"), "own.yaml:1:4: the letters from here on"),
        ("own.yaml", "a: b".encode("utf-16"), "own.yaml: this file is saved as UTF-16"),
        ("own.yaml", "a: دیر".encode().decode("latin-1").encode(), "own.yaml:1:4: these letters are garbled"),
        ("own.yaml", "a: שלום".encode().decode("cp1252", "replace").encode(), "own.yaml:1:"),
        ("own.yaml", "a: x\ufffdy".encode(), "own.yaml:1:5: the letter at '\ufffd' was lost"),
        ("own.yaml", b"<!DOCTYPE html>", "own.yaml: this is a web page, not plain text"),
        ("own.yaml", b"{\\rtf1 a}", "own.yaml: this is a word processor's file, not plain text"),
        ("own.yaml", b"PK\x03\x04", "own.yaml: this is a word processor's file, not plain text"),
        ("own.yaml.txt", b"a: b", "own.yaml.txt: this name is not read; rename"),
        ("phrases/own.YAML", b"a: b", "phrases/own.YAML: this name is not read; rename"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_of_rules_is_told(name: str, data: bytes, words: str) -> None:
    _, (problem,) = texts_of({name: data})
    assert str(problem).startswith(words), problem
    assert problem.message.count("; ") >= 1, "it says what to do"


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfa: b\n", b"a: b\r\n", b"a: b\r", "a: سلام שלום é ü Ø".encode()]
)
def test_marks_and_line_ends_of_any_editor_are_no_mistake(data: bytes) -> None:
    texts, problems = texts_of({"own.yaml": data})
    assert problems == []
    assert texts["own.yaml"].startswith("a: ")
    assert not set(texts["own.yaml"]) & set("\r\ufeff")


def test_a_copy_of_a_file_is_told_once_and_not_rule_by_rule() -> None:
    rules = "".join(
        f"  - name: r{one}\n    when: {{phrase: w{one}}}\n    says: {{tag: x}}\n" for one in range(9)
    )
    text = f"rules:\n{rules}"
    (problem,) = told({**FILES, "phrases/own.yaml": text, "phrases/own - Copy.yaml": text})
    assert problem.startswith(
        "phrases/own - Copy.yaml: this file has the same rules as 'phrases/own.yaml'; move"
    )


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (
            "- עדיין מחכה",
            "'עדיין מחכה' is Hebrew, and this file says 'language: en': in a mail of its own language",
        ),
        ("- هنوز نرسیده", "is Persian or Arabic, and this file says 'language: en'"),
        (
            "- order #late",
            "'#late' is not read, as # begins a comment; if it is meant, put the whole phrase in quotes",
        ),
        ("- where is my parcel", "stands in this rule already, on line 7; one of the two will do"),
    ],
)
def test_what_is_hardly_meant_is_noted_and_refused_by_nobody(new: str, words: str) -> None:
    (note,) = noted("- still waiting", new)
    assert words in note


@pytest.mark.parametrize("new", ["- café", "- still waiting  # they write it so", "- '#late'"])
def test_what_is_surely_meant_is_not_noted(new: str) -> None:
    assert noted("- still waiting", new) == []
