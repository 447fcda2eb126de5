"""`worker.py card`: what the invitation card says, and that its code opens a mail to the right address."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp

import worker
from engine.card import Wish, made, of
from engine.doing import NotDone
from outbox.letters import Letters
from reports.card import QUIET, Paper
from tests.shipped import TEMPLATES, letters

LANGUAGES = ("en", "fa", "he", "ar", "de")
ADDRESS = "help@shop.example"
SVG = "{http://www.w3.org/2000/svg}"
_BAR = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def wish(language: str, **of: object) -> Wish:
    given: dict = {"language": language, "firm": "Example Shop", "address": ADDRESS} | of
    return Wish(**given)


def svg(language: str, **of: object) -> str:
    return made(letters(), wish(language, **of), Path("card.svg"))


def modules(path: str) -> list[list[bool]]:
    """What the bars of the picture's path make dark."""
    bars = [tuple(map(int, found)) for found in _BAR.findall(path)]
    assert "".join(f"M{x} {y}h{long}v1h-{back}z" for x, y, long, back in bars) == path
    side = max(y for _, y, *_ in bars) + 1
    dark = {(x + n, y) for x, y, long, _ in bars for n in range(long)}
    return [[(x, y) in dark for x in range(side)] for y in range(side)]


def scanned(rows: list[list[bool]]) -> str:
    """What a reader of such codes says, given the code as a picture."""
    size, edge = 4, QUIET * 4
    side = len(rows) * size + 2 * edge
    grey = bytearray(b"\xff" * side * side)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                for line in range(edge + y * size, edge + (y + 1) * size):
                    start = line * side + edge + x * size
                    grey[start : start + size] = bytes(size)
    [found] = zxingcpp.read_barcodes(memoryview(bytes(grey)).cast("B", (side, side)))
    return str(found.text)


def code_of(picture: str) -> str:
    root = ET.fromstring(picture)  # noqa: S314 - ours
    [path] = root.findall(f".//{SVG}path[@class='code']")
    return scanned(modules(path.attrib["d"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_opens_a_mail_with_the_subject_of_the_letter(language: str) -> None:
    link = urlsplit(code_of(svg(language)))
    assert (link.scheme, unquote(link.path)) == ("mailto", ADDRESS)
    said = letters().render("invitation_card", language, {"firm": "Example Shop", "contact": ADDRESS})
    assert said.language == language
    assert parse_qs(link.query) == {"subject": [said.subject]}


def test_the_subject_can_say_where_the_card_lay() -> None:
    link = urlsplit(code_of(svg("fa", subject="شعبهٔ ونک & 5")))
    assert parse_qs(link.query) == {"subject": ["شعبهٔ ونک & 5"]}


def test_an_address_of_any_signs_comes_back_from_the_code() -> None:
    address = Address(username="care+1", domain="shop.example").addr_spec
    assert unquote(urlsplit(code_of(svg("en", address=address))).path) == address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_says_the_letter_with_the_address(language: str) -> None:
    root = ET.fromstring(svg(language, firm="A & B <shop>"))  # noqa: S314 - ours
    shown = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    said = letters().render("invitation_card", language, {"firm": "A & B <shop>", "contact": ADDRESS})

    def plain(text: str) -> str:
        return "".join(sign for sign in text if sign not in "■\u2067\u2068\u2069" and not sign.isspace())

    assert plain(shown) == plain(said.text)
    assert ADDRESS in shown
    runs = root.find(f"{SVG}g")
    assert runs is not None
    assert runs.attrib["direction"] == ("rtl" if language in ("fa", "he", "ar") else "ltr")
    assert root.attrib["lang"] == language


def test_a_letter_that_forgets_the_address_gets_it_below(tmp_path: Path) -> None:
    assert sum(ADDRESS in text for text in of(letters(), wish("en")).paragraphs) == 1
    shutil.copytree(TEMPLATES / "en", tmp_path / "en")
    shutil.copy(TEMPLATES / "layout.html", tmp_path)
    letter = '---\nsubject: "A word"\n---\n# Tell us\n\nWe read it. {{ firm }}\n'
    (tmp_path / "en" / "invitation_card.md").write_text(letter, "utf-8")
    own, problems = Letters.load(tmp_path)
    assert own, problems
    assert of(own, wish("en")).paragraphs == ("We read it. Example Shop", ADDRESS)


@pytest.mark.parametrize(("cards", "size"), [(1, "297.0mm 210.0mm"), (8, "210.0mm 297.0mm")])
def test_a_sheet_has_so_many_cards(cards: int, size: str) -> None:
    page = made(letters(), wish("he", cards=cards), Path("card.html"))
    assert page.count('class="card"') == cards
    assert f"@page {{ size: {size};" in page
    assert '<html lang="he" dir="rtl">' in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_a_sheet_of_letter_paper() -> None:
    assert "279.4mm 215.9mm" in made(letters(), wish("en", paper=Paper.LETTER), Path("card.html"))


@pytest.mark.parametrize(
    ("name", "of", "says"),
    [
        ("card.pdf", {}, "print the .html in your browser"),
        ("card.svg", {"subject": "Where? " * 60}, "write a shorter subject"),
        ("card.html", {"subject": "Where? " * 600}, "write a shorter subject"),
        ("card.svg", {"firm": "The shop of all shops " * 40}, "shorten it in the letter"),
        ("card.svg", {"firm": "S" * 60}, "shorten it in the letter"),
    ],
)
def test_what_does_not_fit_is_told(name: str, of: dict[str, str], says: str) -> None:
    with pytest.raises(NotDone, match=says):
        made(letters(), wish("en", **of), Path(name))


def test_the_command_writes_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEMPLATES_DIR", str(TEMPLATES))
    monkeypatch.setenv("COMPLAINTS_ADDRESS", ADDRESS)
    monkeypatch.setenv("FROM_NAME", "Example Shop")
    asked = ["card", "--lang", "ar", "--cards", "2", "--subject", "Counter 3", "--out"]
    assert worker.main([*asked, "card.html"]) == 0
    assert worker.main([*asked, "card.svg"]) == 0
    assert parse_qs(urlsplit(code_of(Path("card.svg").read_text("utf-8"))).query) == {
        "subject": ["Counter 3"]
    }
    assert Path("card.html").read_text("utf-8").count('class="card"') == 2
    assert "without margins" in capsys.readouterr().out
    assert worker.main(["card", "--lang", "xx", "--out", "card.svg"]) == 1
    assert "there are no letters in “xx”" in capsys.readouterr().err
    monkeypatch.delenv("COMPLAINTS_ADDRESS")
    assert worker.main(["card", "--out", "card.svg"]) == 1
    assert "COMPLAINTS_ADDRESS is missing" in capsys.readouterr().err
