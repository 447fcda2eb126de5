"""What begins before most of a worker is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine import rule_files, serving
from engine.apart import ReaderProcess
from engine.memory import Memory
from engine.rule_files import answers_in, read_rules
from engine.starting import begun
from inbox.mime.limits import Limits

ROOT = Path(__file__).parent.parent
TABLES, LETTERS = "sqlalchemy", "jinja2"


def loaded_with(module: str) -> set[str]:
    """All that is loaded in a new process once it has imported this module."""
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_process_that_reads_mails_loads_neither_tables_nor_letters() -> None:
    assert loaded_with("engine.serving").isdisjoint({TABLES, LETTERS})


def test_a_command_loads_nothing_large_before_it_is_asked_for() -> None:
    loaded = loaded_with("worker, commandline.running")
    assert loaded.isdisjoint({TABLES, LETTERS, "engine.running", "engine.serving", "cases.rules.rulebook"})


class Begun:
    """A process that only looks what is there when it begins."""

    def __init__(self, process: ReaderProcess) -> None:
        self.prepare, self.rules = process.prepare, list[str]()

    def start(self) -> None:
        self.rules += rule_files._newest

    def end(self) -> None:
        """There is nothing to end."""


def test_that_process_begins_with_the_rules_that_the_worker_needs_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, rules, templates = Memory(tmp_path / "kept"), ROOT / "rules", ROOT / "templates"
    process = Begun(ReaderProcess(rules, templates, Limits(), "complaints@example.com", memory=memory))
    monkeypatch.setattr(rule_files, "_newest", {})
    with begun(process):  # type: ignore[arg-type]
        assert process.rules == [], "which nobody has checked yet: the worker does that meanwhile"
    read_rules(rules, answers_in(templates), memory)
    monkeypatch.setattr(rule_files, "_newest", {})
    with begun(process):  # type: ignore[arg-type]
        assert len(process.rules) == 1


class Line:
    """The other end of a line, that closes after one answer."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def send(self, what: object) -> None:
        self.sent.append(what)

    def recv(self) -> object:
        raise EOFError


def served(memory: Memory | None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the process asks for its rules before anybody asks it for anything."""
    asked = list[str]()

    def known(*_: object) -> None:
        asked.append("known")

    def read(*_: object) -> tuple[None, list[str]]:
        asked.append("read")
        return None, []

    monkeypatch.setattr(serving, "known_rules", known)
    monkeypatch.setattr(serving, "read_rules", read)
    places = ((ROOT / "rules", None), ROOT / "templates")
    line = Line()
    serving.serve(line, 1.0, *places, memory, Limits(), "complaints@example.com", "", None)  # type: ignore[arg-type]
    assert line.sent == [True]
    return asked


def test_rules_that_the_worker_checks_at_this_moment_are_not_checked_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served(Memory(tmp_path / "kept"), monkeypatch) == ["known"]
    assert served(None, monkeypatch) == ["read"], "and where nothing is kept nobody can be waited for"


def test_rules_as_they_are_kept_are_unpacked_only_for_whoever_looks_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name in ("agents", "calendar", "categories", "automatic"):
        (folder / f"{name}.yaml").write_text((ROOT / f"rules/{name}.yaml").read_text("utf-8"), "utf-8")
    memory = Memory(tmp_path / "kept")
    assert read_rules(folder, memory=memory)[0] is not None
    monkeypatch.setattr("engine.rule_files._newest", {})
    again, _ = read_rules(folder, memory=memory)
    monkeypatch.setattr("cases.rules.later.pickle.loads", None)
    assert again is not None
    assert not again.asks_history
    with pytest.raises(TypeError):
        _ = again.rules
