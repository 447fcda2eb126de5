"""What an admin does and reads, as docs/admins.md tells it: its files are typed, its answers are checked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.looking import classified
from engine.rule_files import answers_in, read_rules
from store.models import Severity
from tests.hosts import until
from tests.journeys import Journey, running, text_of

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "admins.md").read_text("utf-8")
BLOCK = re.compile(r"^```yaml (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+\.yaml)` \| `(.+?)` \| `(.+?)` \| `(.+)` \|$", re.MULTILINE)
MISTAKES = [tuple(part.replace(r"\|", "|") for part in row) for row in ROW.findall(PAGE)]
ANSWER = "{% if name %}Dear {{ name|isolated }},{% else %}Hello,{% endif %}\n\nwe mend it.\n\n{{ firm }}\n"
SECONDS = 30.0


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with copies of the shipped rules and templates."""
    for name in ("rules", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def small_shop(shop: Path) -> Path:
    """The same with the English phrases alone, which are read in no time."""
    for language in ("ar", "fa", "he"):
        shutil.rmtree(shop / "rules" / "phrases" / language)
    for name in ("severity", "threats"):
        (shop / "rules" / f"{name}.yaml").unlink()
    return shop


def typed(shop: Path, most: int | None = None) -> None:
    """What the page says to type, block after block, each at the end of its file."""
    for name, text in BLOCK.findall(PAGE)[:most]:
        path = shop / "rules" / name
        before = path.read_text("utf-8") if path.exists() else ""
        path.write_text(before + text, "utf-8")


def with_template(shop: Path) -> None:
    (shop / "templates" / "en" / "answer" / "assembly.md").write_text(ANSWER, "utf-8")


def told(shop: Path) -> list[str]:
    """What `worker.py check` says of the rule files, each as `file:line:column: what to write`."""
    problems = read_rules(shop / "rules", answers_in(shop / "templates"))[1]
    return [str(problem).removeprefix(f"{shop / 'rules'}/") for problem in problems]


def said(shop: Path, text: str) -> dict[str, Any]:
    rulebook, problems = read_rules(shop / "rules")
    assert rulebook, problems
    return classified(1, "", text, rulebook)


@cache
def as_pattern(answer: str) -> re.Pattern[str]:
    """An answer of the page, in which … stands for anything."""
    return re.compile(".*".join(map(re.escape, answer.split("…"))))


def in_page(words: str) -> bool:
    return " ".join(words.split()) in " ".join(PAGE.split())


def worker(shop: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A run of worker.py with the shop's files and no other setting."""
    settings = {
        "RULES_DIR": str(shop / "rules"),
        "TEMPLATES_DIR": str(shop / "templates"),
        "CACHE_DIR": str(shop / "cache"),
        "DATABASE_URL": f"sqlite:///{shop / 'none.sqlite3'}",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "worker.py"), *arguments],
        cwd=shop,
        env={"PATH": os.environ["PATH"], **settings},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_phrase_makes_an_unsure_mail_late(shop: Path) -> None:
    mail = "I was at home all day, and then the van never came."
    assert said(shop, mail)["category"] != "late"
    typed(shop, 1)
    assert told(shop) == []
    decided = said(shop, mail)
    assert decided["category"] == "late"
    assert {"rule": "van-late", "words": ["the van never came"], "says": "category late"} in decided["why"]


def test_a_category_needs_its_template_and_then_its_words(small_shop: Path) -> None:
    shop = small_shop
    typed(shop, 2)
    (problem,) = told(shop)
    assert problem.startswith("categories.yaml:")
    assert "there is no answer template 'assembly'" in problem
    assert in_page("``there is no answer template 'assembly'``")
    with_template(shop)
    assert told(shop) == []
    for name, text in BLOCK.findall(PAGE)[2:3]:
        with (shop / "rules" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    assert told(shop) == []
    assert said(shop, "Two men came and assembled the cupboard wrong.")["category"] == "assembly"


def test_all_that_the_page_says_to_type_is_right_and_does_what_it_says(shop: Path) -> None:
    typed(shop)
    with_template(shop)
    assert told(shop) == []
    threat = said(shop, "I will come and stand in front of your shop with a megaphone!")
    assert threat["severity"] == Severity.URGENT
    assert any(hit["rule"] == "street-threat" for hit in threat["why"])
    rulebook, _ = read_rules(shop / "rules")
    assert rulebook
    assert "vans" in {signal.name for signal in rulebook.signals}
    assert "locker" in rulebook.extracting.names


def test_the_page_has_a_dozen_mistakes() -> None:
    assert len(MISTAKES) >= 12


@pytest.mark.parametrize(("name", "old", "new", "answer"), MISTAKES)
def test_a_mistake_is_answered_as_the_page_says(
    small_shop: Path, name: str, old: str, new: str, answer: str
) -> None:
    shop = small_shop
    typed(shop)
    with_template(shop)
    path = shop / "rules" / name
    before, found, after = path.read_text("utf-8").rpartition(old)
    assert found, f"{old} does not stand in {name}"
    path.write_text(f"{before}{new}{after}", "utf-8")
    line = before.count("\n") + 1
    first = told(shop)[0]
    place, _, message = first.partition(": ")
    assert as_pattern(answer).fullmatch(message), message
    assert place.startswith(f"{name}:")
    assert abs(int(place.split(":")[1]) - line) <= 1, "it is told at the line, or beside it"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    says: {category: late}", "   says: {category: late}", "this line stands 1 space too far left"),
        (
            "      phrase:",
            "\tphrase:",
            "this line begins with a tab; write spaces instead (two for each step)",
        ),
    ],
)
def test_wrong_spaces_are_answered_as_the_page_says(small_shop: Path, old: str, new: str, words: str) -> None:
    shop = small_shop
    typed(shop, 1)
    path = shop / "rules" / "van.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert any(words in one for one in told(shop)), told(shop)
    assert in_page(words)


def test_a_file_that_is_no_rule_file_is_answered_as_the_page_says(small_shop: Path) -> None:
    shop, rules = small_shop, small_shop / "rules"
    (rules / "empty.yaml").touch()
    (rules / "van.yml").write_text("rules: []", "utf-8")
    (rules / "late.yaml").write_bytes("rules:\n  # دیر".encode("cp1256", "replace"))
    (rules / "van.yaml~").write_text("x: [", "utf-8")
    empty, latin, named = told(shop)
    assert empty.startswith("empty.yaml: this file is empty; ")
    assert latin.startswith("late.yaml:2:5: the letters from here on are not saved as UTF-8")
    assert named.startswith("van.yml: this name is not read; rename the file to 'van.yaml', ")
    for words in (
        "this file is empty; …",
        "the letters from here on are not saved as UTF-8 …",
        "this name is not read; rename the file to 'van.yaml', …",
    ):
        assert in_page(words)


def test_check_and_classify_answer_on_the_command_line(small_shop: Path) -> None:
    shop = small_shop
    for language in ("ar", "fa", "he", "de"):
        shutil.rmtree(shop / "templates" / language)
    typed(shop, 1)
    line = json.dumps({"id": 7, "text": "The van never came."})
    done = worker(shop, "classify", "--jsonl", given=line)
    assert json.loads(done.stdout)["category"] == "late"
    path = shop / "rules" / "van.yaml"
    path.write_text(path.read_text("utf-8").replace("category: late", "category: lat"), "utf-8")
    for command in (("check",), ("classify", "--jsonl")):
        done = worker(shop, *command, given=line)
        assert done.returncode == 1
        assert "van.yaml:9:22: there is no category 'lat'; did you mean 'late'?" in done.stderr
        assert "Traceback" not in done.stderr


def headlines(journey: Journey) -> list[str]:
    """What the admin was mailed about the files, oldest first."""
    mails = map(text_of, journey.mails_to(journey.sam))
    known = ("The edited files are wrong", "The edited files are right now and in force again")
    return [
        next(words for words in known if words in mail) for mail in mails if any(one in mail for one in known)
    ]


def test_a_running_worker_takes_up_what_is_saved_and_refuses_what_is_wrong(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = quick_journey
    monkeypatch.setattr("engine.ticking.LOOK_AT_FILES", 1)
    journey.settings = journey.settings.model_copy(update={"POLL_SECONDS": 0.5})
    phrases = journey.own_rules("phrases")
    for language in ("fa", "he", "ar"):
        shutil.rmtree(phrases / language)
    own = journey.rules / "van.yaml"
    with running(journey) as worker:

        def rules() -> set[str]:
            return {rule.name for rule in worker.desk.files.current.rulebook.rules}

        own.write_text(BLOCK.findall(PAGE)[0][1], "utf-8")
        assert until(lambda: "van-late" in rules(), SECONDS)
        right = own.read_text("utf-8")
        own.write_text(right.replace("category: late", "category: lat").replace("van-late", "other"), "utf-8")
        assert until(lambda: headlines(journey) == ["The edited files are wrong"], SECONDS)
        mail = text_of(journey.mails_to(journey.sam)[-1])
        assert "van.yaml, line 9, column 22: there is no category 'lat'; did you mean 'late'?" in mail
        assert "van-late" in rules(), "the last good ones stay in force"
        journey.customer_writes("All day at home, and the van never came.")
        assert until(lambda: bool(journey.cases()), SECONDS)
        assert journey.case()["category"] == "late"
        own.write_text(right.replace("van-late", "van-very-late"), "utf-8")
        assert until(lambda: "van-very-late" in rules(), SECONDS)
        assert until(lambda: len(headlines(journey)) == 2, SECONDS)
        assert headlines(journey)[-1] == "The edited files are right now and in force again"
