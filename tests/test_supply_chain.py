"""What is installed is what was locked, and nothing that runs came over a network or out of a mail."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_imports import OURS

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.txt"))
PINNED = re.compile(r"([A-Za-z0-9._-]+)(\[[^\]]+\])?==\S+")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def requirements(text: str) -> Iterator[str]:
    """Each requirement of a lock file, on one line."""
    joined = text.replace("\\\n", " ")
    yield from (
        line.strip() for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")
    )


def unlocked(text: str) -> list[str]:
    """The requirements that a stranger's file could stand in for."""
    return [one for one in requirements(text) if not (PINNED.match(one) and HASH.search(one))]


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def test_there_is_a_lock_for_the_worker_for_learning_for_tests_and_for_looking_after_it() -> None:
    assert {one.name for one in LOCKS} >= {
        "requirements.txt",
        "requirements-learn.txt",
        "requirements-dev.txt",
        "requirements-audit.txt",
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda one: one.name)
def test_every_package_is_locked_to_one_version_and_its_hashes(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert list(requirements(text))
    assert unlocked(text) == []
    assert not re.search(
        r"^\s*(-i|--index-url|--extra-index-url|--find-links|-e|git\+|https?:)", text, re.MULTILINE
    )


def test_a_package_without_a_hash_or_with_a_choice_of_versions_is_found() -> None:
    good = f"a==1.0 \\\n    --hash=sha256:{'0' * 64}\n"
    assert unlocked(good) == []
    assert unlocked("a==1.0\n") == ["a==1.0"]
    assert unlocked(good.replace("==1.0", ">=1.0"))
    assert unlocked("git+https://example.com/a.git\n")


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = {name_of(one) for one in requirements((ROOT / "requirements.txt").read_text("utf-8"))}
    assert {name_of(one) for one in project["project"]["dependencies"]} <= locked


def test_nothing_is_installed_without_its_hash() -> None:
    text = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    installs = [line for line in text.splitlines() if re.search(r"pip install", line)]
    assert installs
    assert [line for line in installs if "--require-hashes" not in line] == []


def test_the_licences_of_all_that_is_installed_are_listed() -> None:
    page = (ROOT / "docs" / "licences.md").read_text("utf-8")
    locked = {name_of(one) for one in requirements((ROOT / "requirements-learn.txt").read_text("utf-8"))}
    listed = {name_of(line.split("|")[1].strip()) for line in page.splitlines() if line.startswith("| ")}
    assert locked <= listed, f"write them anew: make licences ({sorted(locked - listed)})"


# No code from elsewhere

LOADS = ("import_module", "__import__")
RUNS = (
    *("eval", "exec", "compile", "pickle.loads", "pickle.load", "marshal.loads", "marshal.load"),
    *("runpy.run_path", "yaml.load", "yaml.unsafe_load", "yaml.full_load"),
    *("os.system", "os.popen", "shelve.open", "code.interact"),
)
FETCHES = (
    "urllib.request",
    "http.client",
    "ftplib",
    "xmlrpc",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "pip",
)
BEGINS = ("subprocess", "multiprocessing")
KNOWN_RUNS = {
    ("cases.rules.later", "pickle.loads"): "what the worker sent to its own reading process",
    (
        "engine.rule_files",
        "pickle.loads",
    ): "the cache of rules: a folder that is its owner's alone (engine/memory.py)",
    ("outbox.codes", "marshal.loads"): "the cache of letters: the same folder",
    ("outbox.compiling", "compile"): "an admin's letter, as Jinja's sandbox wrote it",
}
KNOWN_LOADS = {
    "cases.rules.countries": "a package of holidays, by a name of its own list",
    "store.statements": "a dialect of SQLAlchemy, of the two that settings take",
    "worker": "a module of commandline/, by the name of a command",
}
KNOWN_FETCHES = {"access.post": "asks an OAuth provider for a token: JSON, never code"}
KNOWN_BEGINS = {
    "engine.apart": "the process that reads mails",
    "engine.serving": "that process's end of the line",
    "engine.teaching": "the process that learns",
    "engine.trying": "processes that try changed rules on stored mail",
    "outbox.sendmail": "the sendmail program that the settings name",
    "store.postgresql_backup": "pg_dump and pg_restore",
}


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(OURS[name])):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def product() -> list[str]:
    return [name for name in OURS if name.split(".")[0] not in ("bench", "tests", "demo")]


def test_nothing_is_run_that_was_not_written_here_or_by_an_admin() -> None:
    found = {(name, func) for name in product() for func, _ in calls(name) if func in RUNS}
    assert found == set(KNOWN_RUNS), "say here why it is safe, or leave it"


def test_modules_are_loaded_by_names_that_stand_in_the_code() -> None:
    found = {
        name
        for name in product()
        for func, call in calls(name)
        if func.endswith(LOADS) and not isinstance(_named(name, call), str)
    }
    assert found == set(KNOWN_LOADS)


def _named(name: str, call: ast.Call) -> object:
    """The name that a call loads: written there, or a constant of the module."""
    (given, *_) = call.args
    if isinstance(given, ast.Constant):
        return given.value
    return _constants(name).get(given.id) if isinstance(given, ast.Name) else None


def _constants(name: str) -> dict[str, object]:
    """The constants of a module, and those that it takes from another of ours."""
    found: dict[str, object] = {}
    for node in ast.parse(OURS[name]).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found |= {one.id: node.value.value for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and node.module in OURS:
            theirs = _constants(node.module) if any(one.name.isupper() for one in node.names) else {}
            found |= {one.name: theirs[one.name] for one in node.names if one.name in theirs}
    return found


def imports(name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(OURS[name])):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def using(what: tuple[str, ...]) -> set[str]:
    """The modules of ours that use one of these."""
    return {
        name
        for name in product()
        if any(one == each or one.startswith(f"{each}.") for one in imports(name) for each in what)
    }


def test_one_module_alone_asks_the_web_for_anything() -> None:
    assert using(FETCHES) == set(KNOWN_FETCHES)


def test_programs_are_begun_by_few_modules_and_never_by_a_shell() -> None:
    assert using(BEGINS) == set(KNOWN_BEGINS)
    shells = [
        name
        for name in product()
        for _, call in calls(name)
        for one in call.keywords
        if one.arg == "shell" and not (isinstance(one.value, ast.Constant) and one.value.value is False)
    ]
    assert shells == []


def test_a_mail_is_parsed_by_rooms_that_can_reach_no_web() -> None:
    inbox = {name for name in product() if name.startswith(("inbox.", "language.", "cases."))}
    sockets = {name for name in inbox if any(one in ("socket", "ssl", "imapclient") for one in imports(name))}
    assert all(name.startswith(("inbox.imap", "inbox.maildir", "inbox.clamd")) for name in sockets), sockets


def test_pyproject_names_no_package_by_an_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "://" not in json.dumps([project["project"]["dependencies"], project["dependency-groups"]])
