"""README and docs: every command that they show is run; the few that can't be are right by the grammar."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from demo.host import MailHost
from store.models import Counter
from tests import docs_pages
from tests.docs_pages import ROOT, Line, inline, pages, typed, without_comment, words_of, worker_calls
from tests.docs_running import all_parsers, named_wrongly, parsed, ran
from tests.hosts import EmbeddedHost
from tests.journeys import Journey

FIRST, SECOND = 1001, 1042
"""The numbers of cases that the pages speak of."""
TYPED_ELSEWHERE = {"docs/letters.md": "tests/test_docs_letters.py"}
"""Pages whose files are typed and whose commands are run, in their order, by a test of their own."""
SETS_UP = {"docs/deploy.md": "it sets a machine up, as root; tests/test_deploy.py holds deploy/ to it"}
"""Pages of which no command can be run."""
NOT_RUN = (
    (r"make( |$)", "it sets up or rewrites the source tree; that its target is there is tested"),
    (r".*worker\.py run$", "it runs until it is told to end: tests/test_journey_stopping.py"),
    (r".*worker\.py auth\b", "a person consents in a browser: tests/test_commandline_authorising.py"),
    (r"cp \.env\.example", "what it copies is then filled in by hand"),
    (r"\$EDITOR ", "a person edits"),
    (r"alias ", "it changes the reader's own shell"),
    (r"journalctl ", "it needs a service that has run for a while"),
)
"""The few that no test can run, each with why. Their arguments are held to the grammar all the same."""
UNWELL = {
    "doctor": "the mail host of tests speaks no TLS and vouches for no mail of the sample",
    "status": "no worker runs",
}
"""Commands that may end with 1 in the prepared folder, each with why."""
MAIL = """From: Ann <ann@example.com>
To: complaints@example.com
Subject: Late
Date: Mon, 23 Nov 2020 09:00:00 +0000
Message-ID: <late@example.com>

My parcel has not arrived.
"""


@pytest.fixture(scope="module")
def prepared(embedded_server: MailHost, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as an operator has it: settings, rules, letters, a database with cases, and a few files."""
    folder = tmp_path_factory.mktemp("prepared")
    host = EmbeddedHost(embedded_server)
    journey = Journey(host, f"sqlite:///{folder / 'peygir.sqlite3'}", folder)
    journey.write_agents(
        {
            "sam@example.com": "name: Sam, languages: [en], roles: [agent, admin, owner]",
            "sara@example.com": "name: Sara, languages: [fa], roles: [agent]",
        }
    )
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    with journey.worker.desk.database.write() as session:
        session.execute(update(Counter).where(col(Counter.name) == "case").values(value=SECOND))
    host.deliver(_with_file(journey).as_bytes(), to=host.address)
    journey.work()
    assert [case["number"] for case in journey.cases()] == [FIRST, SECOND]
    journey.stop()
    values = journey.settings.model_dump(mode="json", exclude_defaults=True)
    values |= {"DATABASE_URL": "sqlite:///peygir.sqlite3", "RULES_DIR": "rules", "TEMPLATES_DIR": "templates"}
    values["LEARNING"] = True
    (folder / ".env").write_text("".join(f"{name}='{value}'\n" for name, value in values.items()), "utf-8")
    (folder / ".env").chmod(0o600)
    _with_files(folder)
    shutil.copytree(folder, _kept(folder), symlinks=True)
    return folder


def _kept(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-kept")


def _with_file(journey: Journey) -> EmailMessage:
    mail = journey.mail(
        "The kettle leaks, see the picture.", sender="Bea <bea@example.com>", subject="It leaks"
    )
    mail.add_attachment(b"a picture", maintype="image", subtype="png", filename="kettle.png")
    return mail


def _with_files(folder: Path) -> None:
    for name in ("backups", "old", "archive"):
        (folder / name).mkdir()
    for name in ("mail.eml", "sample.eml", "archive/one.eml"):
        (folder / name).write_text(MAIL, "utf-8")
    old = f"From ann@example.com Mon Nov 23 09:00:00 2020\n{MAIL}\n"
    for name in ("old.mbox", "old/Inbox.mbox", "old/Sent.mbox", "open-complaints.mbox"):
        (folder / name).write_text(old, "utf-8")
    (folder / "2019.mbox.gz").write_bytes(gzip.compress(old.encode()))
    (folder / "worker.py").symlink_to(ROOT / "worker.py")
    (folder / ".venv").symlink_to(sys.prefix)


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The prepared folder as it was at first: one for all pages, since what is compiled goes by its name."""
    folder = prepared
    monkeypatch.chdir("/")
    shutil.rmtree(folder)
    shutil.copytree(_kept(folder), folder, symlinks=True)
    (folder / "demo-run").symlink_to(folder)
    monkeypatch.chdir(folder)
    for name in ("HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    mask = os.umask(0o077)
    yield folder
    os.umask(mask)


# -- running

_KNOWN: set[tuple[str, ...]] = set()


def _is_known(line: Line) -> bool:
    """Whether a slow command, which needs nothing of the lines above it, was run by an earlier page."""
    words = tuple(words_of(line.text))
    if words in _KNOWN:
        return True
    if words[2:] in (("check",), ("doctor",), ("run", "--once")):
        _KNOWN.add(words)
    return False


def _is_unwell(line: Line) -> bool:
    return any(call[:1] == [name] for call in worker_calls(words_of(line.text)) for name in UNWELL)


def why_not(line: Line) -> str:
    """Why no test can run a command; empty where one does."""
    bare = without_comment(line.text)
    return next((why for pattern, why in NOT_RUN if re.match(pattern, bare)), "")


# -- the tests


RUN = [page for page in pages() if any(typed(page)) and page not in TYPED_ELSEWHERE | SETS_UP]


@pytest.mark.parametrize("page", RUN)
def test_every_command_of_a_page_is_run(page: str, desk: Path) -> None:
    wrong = []
    for line in typed(page):
        if not why_not(line) and not _is_known(line):
            ended = ran(line, desk)
            if ended.code and not (ended.code == 1 and _is_unwell(line)):
                wrong.append(f"{line}\nended with {ended.code}: {ended.said[-600:]}")
    assert wrong == [], "\n\n".join(wrong)


def test_what_can_not_be_run_is_right_by_the_grammar() -> None:
    wrong = []
    for line in _all_typed():
        for call in worker_calls(words_of(line.text)):
            if call and (told := parsed(call)):
                wrong.append(f"{line}\n{told}")
    assert wrong == []


def test_each_reason_not_to_run_a_command_is_still_needed() -> None:
    lines = [without_comment(line.text) for line in _all_typed()]
    assert [pattern for pattern, _ in NOT_RUN if not any(re.match(pattern, line) for line in lines)] == []


def test_each_target_of_make_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {
        word
        for page in pages()
        for text in (*(line.text for line in typed(page)), *(written for _, written in inline(page)))
        if text.split()[:1] == ["make"]
        for word in words_of(text)[1:]
        if "=" not in word
    }
    assert asked - targets == set()


@pytest.mark.parametrize("page", pages())
def test_each_command_that_the_text_names_is_one(page: str) -> None:
    wrong = []
    for number, written in inline(page):
        for call in worker_calls(words_of(written) if "worker.py" in written else []):
            if "<Tab>" not in written and (told := named_wrongly(call)):
                wrong.append(f"{page}:{number}: {written}: {told}")
    assert wrong == []


@pytest.mark.parametrize("page", pages())
def test_each_option_that_the_text_names_is_one(page: str) -> None:
    known = {option for _, made in all_parsers() for option in made._option_string_actions}
    wrong = [
        f"{page}:{number}: {written}"
        for number, written in inline(page)
        if re.fullmatch(r"--[a-z][a-z-]*( [\w'-]+)?", written) and written.split()[0] not in known
    ]
    assert wrong == []


def _all_typed() -> list[Line]:
    return [line for page in pages() for line in typed(page)]


def test_no_page_shows_a_command_in_a_block_that_is_not_read() -> None:
    """A block of another kind would hide its commands from these tests."""
    begins = (".venv/bin/python worker.py", "worker.py ")
    hidden = [
        f"{page}: {line}"
        for page in pages()
        for line in docs_pages.text_of(page).splitlines()
        if line.startswith(begins) and not any(line.strip() in one.text for one in typed(page))
    ]
    assert hidden == []


# -- what these tests notice


def test_a_command_or_an_option_that_is_none_is_noticed() -> None:
    assert "invalid choice" in parsed(["shwo", "1001"])
    assert "unrecognized arguments" in parsed(["show", "1001", "--jsno"])
    assert named_wrongly(["rules", "try"]) == ""
    assert named_wrongly(["report", "--otu"]) == "no option --otu"
    assert "invalid choice" in named_wrongly(["rulse", "try"])


def test_a_command_of_several_lines_is_one_and_a_comment_is_none() -> None:
    body = "# first\nworker.py do 'edit\n\nx # y\nend' --as Sam   # it's sent\n"
    body += "echo a \\\n  | worker.py classify\n"
    first, second = docs_pages.commands_in("page", 1, body)
    assert (first.number, words_of(first.text)) == (
        2,
        ["worker.py", "do", "edit\n\nx # y\nend", "--as", "Sam"],
    )
    assert list(worker_calls(words_of(second.text))) == [["classify"]]
    assert words_of(second.text)[:3] == ["echo", "a", "|"]
