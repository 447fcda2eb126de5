"""Corrections that are given from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine import lessons
from tests.facts_factory import rulebook
from tests.journeys import ROOT
from tests.test_journey_learning import UNSURE, lesson

GOOD: dict[str, Any] = {
    "id": 1,
    "subject": "Late",
    "text": "It is late.",
    "category": "late",
    "kind": "complaint",
}


def line(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes})


def read(*lines: str) -> lessons.Lesson:
    return lessons.read(lines, rulebook())


def test_a_correction_is_read_and_of_one_id_the_last_word_counts() -> None:
    found = read(line(), line(id=2), line(category="praise", kind="praise"))
    assert [(one["key"], one["category"], one["kind"]) for one in found.given] == [
        ("given/1", "praise", "praise"),
        ("given/2", "late", "complaint"),
    ]
    assert (found.wrong, found.warnings) == ([], [])


def test_the_kind_follows_from_the_category() -> None:
    [one] = read(line(kind=None, category="praise")).given
    assert one["kind"] == "praise"
    [other] = read(line(category=None, kind="question")).given
    assert (other["category"], other["kind"]) == ("", "question")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("not json", "line 2 is not a JSON object such as"),
        ("[1]", "line 2 is not a JSON object such as"),
        (line(text=["a"]), "line 2 is not a JSON object such as"),
        (line(id=""), "line 2 has no id"),
        (line(subject="", text=" "), "line 2 has neither subject nor text"),
        (line(kind="complain"), "line 2 says kind complain; write one of complaint, other, praise, question"),
        (line(category="unsure"), "line 2 says category unsure, which is no answer"),
        (line(category="", kind=""), "line 2 says neither category nor kind"),
    ],
)
def test_a_wrong_line_is_told_and_the_others_are_read(wrong: str, says: str) -> None:
    found = read(line(), wrong, "", line(id=3))
    assert [one["key"] for one in found.given] == ["given/1", "given/3"]
    [told] = found.wrong
    assert told.startswith(says)


def test_a_category_that_no_rule_knows_is_learned_with_a_warning() -> None:
    found = read(line(category="lates"), line(id=2, category="lates"))
    assert len(found.given) == 2
    [warning] = found.warnings
    assert warning.startswith("there is no category lates in the rules; the nearest is late. It is learned")


def figures(**changes: Any) -> list[dict[str, Any]]:
    return [
        {"language": "all", "corrections": 60, "approvals": 0, "speaks": True, "precision": 1.0, **changes}
    ]


def test_it_is_said_what_is_missing() -> None:
    [few] = lessons.notes([{"language": "all", "corrections": 12, "approvals": 3, "speaks": False}])
    assert few == "15 corrections are too few to learn from: 35 more are needed"
    [alike] = lessons.notes([{"language": "all", "corrections": 60, "approvals": 0, "speaks": False}])
    assert alike.startswith("nothing was learned")
    [silent] = lessons.notes(figures(speaks=False))
    assert "says nothing" in silent
    assert lessons.notes(figures()) == []


def test_without_a_database_there_is_no_model_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite3"
    assert lessons.model_of(f"sqlite:///{path}") is None
    assert not path.exists()


def run(command: str, given: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "worker.py"), command, "--jsonl"],
        input=given,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "STATE_DIR": str(folder / "state"), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_is_learned_on_the_command_line_is_said_by_classify(tmp_path: Path) -> None:
    taught = [
        {
            "id": number,
            "subject": one["subject"],
            "text": one["text"],
            "kind": one["kind"],
            # One name that the rules don't know.
            "category": "zorbs" if one["category"] == "defective" else one["category"],
        }
        for number, one in enumerate(lesson(75))
    ]
    lines = [json.dumps(one) for one in taught]
    learned = run("learn", "\n".join([*lines, "nonsense"]), tmp_path)
    assert learned.returncode == 1, "a line was wrong"
    assert "line 76 is not a JSON object" in learned.stderr
    assert "there is no category zorbs in the rules" in learned.stderr
    found = [json.loads(one) for one in learned.stdout.splitlines()]
    assert found[-1]["language"] == "all"
    assert (found[-1]["corrections"], found[-1]["speaks"]) == (75, True)
    assert found[-1]["precision"] >= 0.95
    said = run("classify", json.dumps({"id": "a", "subject": "", "text": UNSURE}), tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    verdict = json.loads(said.stdout)
    assert (verdict["category"], verdict["kind"]) == ("zorbs", "complaint")
    assert verdict["why"][-1]["rule"] == "learned"
    assert verdict["why"][-1]["says"] == "category zorbs"
    off = run("classify", json.dumps({"id": "a", "text": UNSURE}), tmp_path, LEARNING="false")
    assert json.loads(off.stdout)["category"] == "unsure"


def test_classify_makes_no_database_and_loads_nothing_that_only_training_needs(tmp_path: Path) -> None:
    code = (
        'import sys, io, worker; sys.stdin = io.StringIO(\'{"id": 1, "text": "late"}\');'
        "worker.main(['classify']); print(*sorted({'sklearn', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[1] == ""
    assert list(tmp_path.glob("*.sqlite3")) == []
