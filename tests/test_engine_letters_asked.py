"""`worker.py templates`: what a letter may say, and pages of letters as they would leave."""

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import worker
from engine.doing import NotDone
from engine.letters_asked import Shelf, preview_page, told
from outbox import filters_told, samples
from outbox.filters import environment
from outbox.letters import Letters
from outbox.variables import LETTERS, variables_of
from reports.previews import Preview, page

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
ZONE = ZoneInfo("Asia/Tehran")


def shelf_of(folder: Path) -> Shelf:
    letters, problems = Letters.load(folder, ZONE)
    assert letters, problems
    return Shelf(letters, folder, ZONE)


SHELF = shelf_of(TEMPLATES)


def frames(shown: str) -> list[str]:
    """The letters of a page, as HTML."""
    return [html.unescape(one) for one in re.findall(r'srcdoc="([^"]*)"', shown)]


def test_a_letter_is_told_with_each_variable_and_filter() -> None:
    shown = told(SHELF, "ack_complaint", "fa")
    assert shown.startswith("ack_complaint (kind: acknowledgement")
    for name in variables_of("ack_complaint") or ():
        assert f"\n  {name}: " in shown
    assert "\u2068سارا احمدی\u2069; may be missing, so put it between" in shown
    assert (
        "{{ deadline|day }}: a day; in Persian by the Iranian calendar\n      \u2068چهارشنبه ۴ آذر ۱۴۰۵\u2069"
        in shown
    )
    assert "{{ 'approve'|command }}" not in shown
    assert "{{ 'approve'|command }}" in told(SHELF, "agent_draft", "fa")


def test_what_a_letter_may_say_is_told_to_programs_too() -> None:
    shown = json.loads(told(SHELF, "check_in", "en", as_json=True))
    assert (shown["letter"], shown["kind"]) == ("check_in", "check-in")
    by_name = {one["name"]: one for one in shown["variables"]}
    assert by_name["number"] == {
        "name": "number",
        "is": "the case number",
        "sample": "1042",
        "may_be_missing": False,
    }
    assert by_name["deadline"]["may_be_missing"]
    assert not by_name["written"]["may_be_missing"]
    assert {one["name"] for one in shown["filters"]} >= {"day", "within", "isolated"}


def test_every_filter_of_ours_is_told() -> None:
    ours = {
        name
        for name, function in environment("en", ZONE, {}, html=False).filters.items()
        if function.__module__.startswith("outbox")
    }
    assert {one.name for one in (*filters_told.CUSTOMERS, *filters_told.AGENTS)} == ours


@pytest.mark.parametrize("language", ["en", "fa", "he", "ar"])
@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_can_be_told_in_each_language(letter: str, language: str) -> None:
    assert "object at 0x" not in told(SHELF, letter, language)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ack_complaint", "ack_complaint"),
        ("late", "answer/late"),
        ("late.md", "answer/late"),
        ("answer/late.md", "answer/late"),
    ],
)
def test_a_letter_is_found_by_its_name(written: str, meant: str) -> None:
    assert SHELF.named(written) == meant


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ack_complant", "did you mean “ack_complaint”?"),
        ("lat", "did you mean “late”?"),
        ("\u202exx", "“xx”"),
    ],
)
def test_an_unknown_letter_is_told_what_was_meant(written: str, says: str) -> None:
    with pytest.raises(NotDone, match=re.escape(says)):
        SHELF.named(written)


def test_each_letter_is_named_once_where_none_is_near() -> None:
    with pytest.raises(NotDone) as refused:
        SHELF.named("zzzzzz")
    assert str(refused.value).count("ack_complaint") == 1


def test_an_unknown_language_or_case_is_told_what_there_is() -> None:
    with pytest.raises(NotDone, match=r"no letters in “xx”; there are ar, .*en, fa, he"):
        SHELF.language("xx")
    with pytest.raises(NotDone, match="answer/late has no case “our”; did you mean “ours”"):
        preview_page(SHELF, ["answer/late"], ["fa"], "our")


def test_a_preview_is_the_letter_as_it_leaves_with_subject_html_and_text() -> None:
    values = samples.cases("ack_complaint", samples.words_of(TEMPLATES, "fa"))["full"]
    made = SHELF.letters.render("ack_complaint", "fa", values)
    shown = preview_page(SHELF, ["ack_complaint"], ["fa"], "full")
    assert frames(shown) == [made.html]
    assert made.subject in html.unescape(shown)
    assert made.text in html.unescape(shown)
    assert "سارا احمدی" in made.text


def test_an_answer_is_shown_in_the_mail_that_it_leaves_in() -> None:
    (shown,) = frames(preview_page(SHELF, ["answer/late"], ["he"], "third-party"))
    assert "1042" in shown
    assert 'dir="rtl"' in shown


def test_cases_that_say_the_same_are_shown_once_with_all_their_names() -> None:
    shown = preview_page(SHELF, ["answer/late"], ["en"], "")
    letters = frames(shown)
    assert len(letters) == len(set(letters)) >= 4
    names = re.findall(r"<small>(.*?)</small>", shown)
    assert any("full" in one and "ours" in one for one in names)
    assert any("third-party" in one and "ours" not in one for one in names)


def test_a_letter_that_a_language_lacks_is_shown_as_what_stands_in(tmp_path: Path) -> None:
    german = tmp_path / "shop"
    german.mkdir()
    for name in ("en", "layout.html"):
        (german / name).symlink_to(TEMPLATES / name)
    (german / "de").mkdir()
    (german / "de" / "ack_praise.md").write_text('---\nsubject: "Danke"\n---\nDanke\n', "utf-8")
    shown = preview_page(shelf_of(german), ["ack_complaint", "ack_praise"], ["de"], "full")
    assert shown.count("there is none in de: this is en") == 1


def test_the_page_loads_nothing_and_what_it_shows_stays_in_its_frame() -> None:
    evil = "</iframe><script>alert(1)</script>\"'>"
    shown = page([Preview("x", "fa", (evil,), evil, evil, evil, "fa")])
    assert shown.count("<script>") == 1
    assert "alert" not in re.sub("&lt;script&gt;alert", "", shown)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|@import|url\(""", shown)
    assert "default-src 'none'" in shown


def run(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = worker.main(["templates", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path) -> Path:
    """A folder to write to, and settings that name nothing but rules and templates."""
    for name, value in {"RULES_DIR": ROOT / "rules", "TEMPLATES_DIR": TEMPLATES, "CACHE_DIR": cache}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_line_writes_a_page(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["preview", "late", "--lang", "fa", "--case", "ours", "--out", "late.html"], capsys)
    assert (code, out, err) == (0, "late.html is written; open it in your browser\n", "")
    assert len(frames((shop / "late.html").read_text("utf-8"))) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["preview", "--out", "x.html"], "name one letter, such as ack_complaint, or write --all\n"),
        (["preview", "late", "--all", "--out", "x.html"], "name one letter, such as ack_complaint, or"),
        (["preview", "late", "--lang", "fa", "--out", "no/x.html"], "no/x.html can't be used: No such file"),
        (["vars", "nothing-like-it"], "there is no letter “nothing-like-it”; known are"),
        (["vars", "late", "--lang", "tlh"], "there are no letters in “tlh”"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_line(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    code, out, err = run(arguments, capsys)
    assert (code, out) == (1, "")
    assert err.startswith(says)
    assert err.count("\n") == 1
    assert not list(shop.glob("*.html"))


def test_wrong_letters_are_told_with_file_and_line(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEMPLATES_DIR", str(shop))
    code, _, err = run(["vars", "late"], capsys)
    assert code == 1
    assert err.count("\n") == 1
    assert "there are no letters here; set TEMPLATES_DIR" in err
