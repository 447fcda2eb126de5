"""docs/letters.md: its letters are typed, its commands run, its mistakes made."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

import worker
from outbox.letters import Letters
from tests.letters_looked_at import TEMPLATES

ROOT = TEMPLATES.parent
PAGE = (ROOT / "docs" / "letters.md").read_text("utf-8")
LETTERS = re.findall(r"^```letter (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    shlex.split(line)[2:]
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
MISTAKES = [
    tuple(part.replace(r"\|", "|") for part in row)
    for row in re.findall(
        r"^\| `(.+?)` \| (.+) \|$", PAGE.partition("What mistakes are answered")[2], re.MULTILINE
    )
]
FACTS = frozenset({"order_number", "product", "amount", "date", "place", "person"})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates of English and Persian with all that the page says to write."""
    shop = tmp_path_factory.mktemp("shop")
    others = shutil.ignore_patterns("he", "ar", "de")
    shutil.copytree(TEMPLATES, shop / "templates", ignore=others)
    for name, text in LETTERS:
        (shop / "templates" / name).parent.mkdir(exist_ok=True)
        (shop / "templates" / name).write_text(text, "utf-8")
    return shop


def test_what_the_page_says_to_write_is_right(shop: Path) -> None:
    assert len(LETTERS) == 5
    assert Letters.load(shop / "templates", facts=FACTS)[1] == []


def test_each_command_of_the_page_does_what_it_says(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shop)
    for name, value in {
        "RULES_DIR": ROOT / "rules",
        "TEMPLATES_DIR": "templates",
        "CACHE_DIR": "cache",
    }.items():
        monkeypatch.setenv(name, str(value))
    assert len(COMMANDS) == 7
    for command in COMMANDS:
        assert worker.main(command) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "{{ name|isolated }}" in said
    pages = {path.name: path.read_text("utf-8") for path in shop.glob("*.html")}
    assert set(pages) == {"letters.html", "ack.html", "late.html", "warranty.html", "tr.html"}
    assert "take it up with them for you" in pages["warranty.html"]
    assert "iki iş günü içinde (en geç " in pages["tr.html"]
    assert "Sayın Ayşe Örnek," in pages["tr.html"]


@pytest.mark.parametrize(("written", "answer"), MISTAKES)
def test_a_mistake_is_answered_as_the_page_says(tmp_path: Path, written: str, answer: str) -> None:
    shutil.copytree(TEMPLATES / "en", tmp_path / "t" / "en")
    shutil.copy(TEMPLATES / "layout.html", tmp_path / "t")
    (tmp_path / "t" / "en" / "answer" / "warranty.md").write_text(f"Hello,\n\n{written}\n", "utf-8")
    (problem,) = Letters.load(tmp_path / "t", facts=FACTS)[1]
    assert (problem.file, problem.line) == ("t/en/answer/warranty.md", 3)
    assert answer in problem.message


def test_the_page_shows_mistakes() -> None:
    assert len(MISTAKES) >= 9
