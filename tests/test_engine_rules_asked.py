"""`explain` and `rules` as a user runs them."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from commandline.grammar import parser
from tests.journeys import Journey
from tests.test_worker import environment
from worker import main

MAIL = """\
From: Ann <ann@example.com>
To: complaints@example.com
Subject: Where is my refund

I am still waiting for my refund, order AB-4711. I will call my lawyer.
"""


@dataclass(frozen=True)
class Answer:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in this process, with a journey's settings: as a user's, but without its start."""

    def asked(journey: Journey, *arguments: str, stdin: str = "", **changes: str) -> Answer:
        with monkeypatch.context() as patch:
            for name, value in (environment(journey) | changes).items():
                patch.setenv(name, value)
            patch.chdir(journey.folder)
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            capsys.readouterr()
            code = main(list(arguments))
        return Answer(code, *capsys.readouterr())

    return asked


@pytest.fixture
def changed(quick_journey: Journey) -> Path:
    """A copy of the rules in which parcels from the moon are lost."""
    copy = quick_journey.folder / "changed"
    shutil.copytree(quick_journey.rules, copy)
    (copy / "mine.yaml").write_text(
        "rules:\n  - {name: moon, when: {phrase: from the moon}, says: {category: lost, stop: true}}\n",
        "utf-8",
    )
    return copy


def test_a_mail_file_is_explained_without_a_database_or_mail_settings(
    run: Run, quick_journey: Journey, tmp_path: Path
) -> None:
    file = tmp_path / "one.eml"
    file.write_text(MAIL, "utf-8")
    nothing = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
        "COMPLAINTS_ADDRESS": "",
        "IMAP_HOST": "",
    }
    told = run(quick_journey, "explain", str(file), "--json", **nothing)
    assert (told.returncode, told.stderr) == (0, "")
    assert not (tmp_path / "none.sqlite3").exists(), "asking makes no database"
    found = json.loads(told.stdout)
    assert (found["category"], found["kind"], found["language"]) == ("refund", "complaint", "en")
    assert any("my refund" in " ".join(hit["words"]) for hit in found["hits"])
    assert found["scores"]["categories"]["refund"] > 1
    assert {"name": "order_number", "value": "AB-4711", "words": "AB-4711"} in found["facts"]
    assert found["severity_because"][0] == "the category refund is normal"
    assert quick_journey.sam in found["routing"]["to"]
    assert "ann@example.com" not in found["text"]
    assert len(found["rules"]) == 12
    page = run(quick_journey, "explain", "-", stdin=MAIL, **nothing)
    assert page.returncode == 0
    for title in ("As the rules see it", "Rules that hit", "Scores", "Decision", "Severity", "Who gets it"):
        assert title in page.stdout
    assert "\033" not in page.stdout, "colour is for terminals"


def test_a_mail_that_opens_no_case_is_explained_all_the_same(run: Run, quick_journey: Journey) -> None:
    robot = MAIL.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:")
    told = json.loads(run(quick_journey, "explain", "-", "--json", stdin=robot).stdout)
    assert told["notes"] == [
        "this is no customer's mail but auto_reply (Auto-Submitted: auto-replied): no case"
    ]


def test_a_case_is_explained_beside_what_was_decided_then(run: Run, quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    number = str(quick_journey.case()["number"])
    told = json.loads(run(quick_journey, "explain", number, "--json").stdout)
    assert (told["case"], told["category"], told["then"]["same"]) == (int(number), "late", True)
    assert told["then"]["rules"] == told["rules"]
    assert told["then"]["assignee"] == quick_journey.sam
    (quick_journey.rules / "mine.yaml").write_text(
        "rules:\n  - {name: parcel, when: {phrase: my parcel}, says: {category: lost, stop: true}}\n", "utf-8"
    )
    page = run(quick_journey, "explain", f"#{number}").stdout
    assert "then: late (complaint), normal" in page
    assert "now: otherwise: lost (complaint)" in page
    assert "parcel says stop" in page


def test_what_there_is_not_is_said_in_a_line(run: Run, quick_journey: Journey) -> None:
    quick_journey.work()
    no_case, no_file = run(quick_journey, "explain", "4711"), run(quick_journey, "explain", "no.eml")
    assert (no_case.returncode, no_case.stderr) == (1, "there is no case 4711; worker.py cases lists them\n")
    assert (no_file.returncode, no_file.stderr) == (1, "no.eml can't be used: No such file or directory\n")
    no_folder = run(quick_journey, "rules", "try", "--rules", "nowhere")
    assert no_folder.returncode == 1
    assert "nowhere is no folder; copy the rules folder" in no_folder.stderr


def test_changed_rules_are_tried_on_stored_mail(run: Run, quick_journey: Journey, changed: Path) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.customer_writes("It comes from the moon!", sender="Bob <bob@example.com>", subject="Where?")
    quick_journey.work()
    numbers = {one["customer"]: one["number"] for one in quick_journey.cases()}
    bob = str(numbers["bob@example.com"])
    assert run(quick_journey, "do", "category lost", "--as", quick_journey.sam, "--case", bob).returncode == 0
    tried = run(quick_journey, "rules", "try", "--rules", str(changed), "--since", "1d", "--labels")
    assert (tried.returncode, tried.stderr) == (0, ""), "no progress bar where nobody looks"
    assert tried.stdout.startswith("2 mails tried; 1 would be handled otherwise.\n")
    assert f"#{bob}  Where?" in tried.stdout
    assert "+ moon: “from the moon” → category lost" in tried.stdout
    assert "1 of 1 mails instead of 0 (1 mended, 0 broken)" in tried.stdout
    told = json.loads(run(quick_journey, "rules", "try", "--rules", str(changed), "--json").stdout)
    assert (told["mails"], told["changed"], told["labels"]) == (2, 1, None)
    assert told["rules"]["before"] != told["rules"]["after"]
    assert quick_journey.case("bob@example.com")["category"] == "lost", "by the agent, not by the trial"


def test_wrong_rules_are_told_as_check_tells_them(run: Run, quick_journey: Journey, changed: Path) -> None:
    (changed / "mine.yaml").write_text(
        "rules:\n  - {name: moon, when: {phrase: x}, says: {category: lsot}}\n", "utf-8"
    )
    (changed / "calendar.yaml").write_text("weekend: fridya\n", "utf-8")
    tried = run(quick_journey, "rules", "try", "--rules", str(changed))
    assert (tried.returncode, tried.stdout) == (1, "")
    lines = tried.stderr.splitlines()
    assert any(line.startswith(f"{changed / 'mine.yaml'}:2:") and "lost" in line for line in lines), lines
    assert any(line.startswith(f"{changed / 'calendar.yaml'}:1:") and "friday" in line for line in lines), (
        lines
    )


def test_suggestions_say_when_there_is_too_little(run: Run, quick_journey: Journey) -> None:
    quick_journey.work()
    told = run(quick_journey, "rules", "suggest")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("There is too little to learn from")
    assert json.loads(run(quick_journey, "rules", "suggest", "--json").stdout)["suggestions"] == []


def test_schemas_are_written_beside_the_rules(run: Run, quick_journey: Journey) -> None:
    (quick_journey.rules / "schemas").unlink()
    told = run(quick_journey, "rules", "schema")
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads((quick_journey.rules / "schemas" / "categories.json").read_text("utf-8"))["properties"]


@pytest.mark.parametrize("since", ["bla", "30", "d", "2026-13-01"])
def test_a_time_that_is_none_says_what_to_write(since: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["rules", "try", "--rules", "x", "--since", since])
    assert "write how far back (12h, 30d, 4w) or from which day on (2026-03-01)" in capsys.readouterr().err
