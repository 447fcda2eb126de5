"""The process that mails are read in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cases.rules.rulebook import Rulebook
from engine.apart import Ours, Read, ReaderLost, ReaderProcess
from engine.rule_files import answers_in, read_rules
from engine.understanding import Understood, understand
from inbox.mime.limits import Limits
from tests import shipped
from tests.hosts import until

ROOT = Path(__file__).parent.parent
OURS = "complaints@peygir.example"
MAIL = (
    b"From: Ann <ann@example.com>\nSubject: Late\nMessage-ID: <1@example.com>\n\nMy parcel has not arrived.\n"
)


def dies_of_poison(raw: bytes, rules: Rulebook, limits: Limits, ours: Ours) -> Understood:
    if b"poison" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return understand(raw, rules, limits, ours)


def hangs_on_poison(raw: bytes, rules: Rulebook, limits: Limits, ours: Ours) -> Understood:
    while b"poison" in raw:
        time.sleep(1)
    return understand(raw, rules, limits, ours)


@contextmanager
def reader(
    rules: Path = ROOT / "rules", patience: float = 20, read: Read = understand
) -> Iterator[ReaderProcess]:
    process = ReaderProcess(
        rules, ROOT / "templates", Limits(), OURS, memory=shipped.MEMORY, patience=patience, read=read
    )
    try:
        yield process
    finally:
        process.stop()


def test_what_it_understands_is_what_this_process_would() -> None:
    rules = shipped.rules()
    mails = [path.read_bytes() for path in sorted((ROOT / "tests" / "samples").glob("*.eml"))]
    with reader() as process:
        process.ask(rules.version, mails)
        found = process.answer()
    assert found == [understand(mail, rules, Limits(), OURS) for mail in mails]


@pytest.mark.parametrize(("read", "patience"), [(dies_of_poison, 20), (hangs_on_poison, 4)])
def test_a_mail_that_ends_or_holds_it_is_said_and_the_next_question_is_answered(
    read: Read, patience: float
) -> None:
    rules = shipped.rules()
    with reader(patience=patience, read=read) as process:
        process.ask(rules.version, [MAIL, MAIL + b"poison"])
        with pytest.raises(ReaderLost, match="the process that reads mails"):
            process.answer()
        process.ask(rules.version, [MAIL])
        assert process.answer() == [understand(MAIL, rules, Limits(), OURS)]


def hangs(raw: bytes, rules: Rulebook, limits: Limits, ours: Ours) -> Understood:
    while True:
        time.sleep(1)


LARGE = MAIL + b"It has not arrived.\n" * 250_000
"""More than the line to the process holds."""


def test_a_process_that_takes_no_mail_is_lost_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.apart.START", 2)
    with reader(read=hangs) as process:
        process.ask(shipped.rules().version, [LARGE])
        with pytest.raises(ReaderLost, match="took no mail for 2 s"):
            process.answer()
        assert process._process is None


def test_so_is_one_that_is_stopped_between_two_questions_and_the_next_is_answered() -> None:
    rules = shipped.rules()
    with reader(patience=4) as process:
        process.ask(rules.version, [MAIL])
        assert process.answer()
        assert process._process is not None and process._process.pid is not None
        os.kill(process._process.pid, signal.SIGSTOP)
        process.ask(rules.version, [MAIL, LARGE])
        with pytest.raises(ReaderLost, match="took no mail for 4 s"):
            process.answer()
        process.ask(rules.version, [MAIL])
        assert process.answer() == [understand(MAIL, rules, Limits(), OURS)]


def test_a_large_mail_reaches_a_process_that_is_still_starting() -> None:
    with reader() as process:
        process.ask(shipped.rules().version, [LARGE, MAIL])
        assert len(process.answer() or []) == 2


def test_it_ended_between_two_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = shipped.rules()
    with reader() as process:
        process.start()
        assert process._process is not None and process._process.pid is not None
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.join()
        process.ask(rules.version, [MAIL])
        with pytest.raises(ReaderLost):
            process.answer()
        process.ask(rules.version, [MAIL])
        assert process.answer()


def test_edited_rules_are_read_anew_and_rules_it_cannot_have_are_said(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    with reader(tmp_path / "rules") as process:
        process.ask(shipped.rules().version, [MAIL])
        assert process.answer()
        agents = (
            "agents:\n  - {address: noa@peygir.example, name: Noa, languages: [he], roles: [agent, admin]}\n"
        )
        (tmp_path / "rules" / "agents.yaml").write_text(agents, "utf-8")
        edited, _ = read_rules(tmp_path / "rules", answers_in(ROOT / "templates"))
        assert edited
        process.ask(edited.version, [MAIL])
        assert process.answer()
        process.ask("another version", [MAIL])
        assert process.answer() is None


def test_what_a_mail_holds_ends_by_itself_where_nobody_is_left_to_end_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.serving.OVERDUE", 0.5)
    with reader(patience=1, read=hangs_on_poison) as process:
        process.ask(shipped.rules().version, [MAIL + b"poison"])
        child = process._process
        assert child is not None
        assert until(lambda: child.exitcode == -signal.SIGALRM, 30)


def test_ended_for_good_it_gives_no_answer_and_begins_no_other() -> None:
    with reader() as process:
        process.start()
        process.end()
        process.ask(shipped.rules().version, [MAIL])
        with pytest.raises(ReaderLost):
            process.answer()
        assert process._process is None


PROGRAM = """
import os, sys, time
from pathlib import Path
from engine.apart import ReaderProcess
from inbox.mime.limits import Limits
if __name__ == "__main__":
    process = ReaderProcess(Path("rules"), Path("templates"), Limits(), "complaints@peygir.example")
    process.start()
    print(process._process.pid, flush=True)
    time.sleep(60)
"""


def test_it_ends_with_the_worker_however_that_ends() -> None:
    worker = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    child = Path("/proc") / worker.stdout.readline().strip()
    assert child.is_dir()
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert until(lambda: not child.is_dir() or "State:\tZ" in (child / "status").read_text(), 10)
