"""Who may import whom: few rooms, one way through, no circles."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "language",
    "access",
    "store",
    "inbox",
    "cases",
    "learning",
    "outbox",
    "engine",
    "reports",
    "demo",
    "commandline",
)
NOUNS = ("store.kinds", "store.models", "store.values", "store.attached")
MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    "settings": ("settings",),
    "language": ("language",),
    "access": ("access", "language"),
    "store": ("store", "language"),
    "learning": ("learning", "language"),
    "inbox": ("inbox", "access", "language", *NOUNS),
    "cases": ("cases", "language", *NOUNS),
    "outbox": ("outbox", "access", "cases", "language", *NOUNS),
    "reports": ("reports", "store.queries", *NOUNS, "cases", "outbox.letters", "language"),
    "engine": (
        "engine",
        "access",
        "language",
        "learning",
        "store",
        "inbox",
        "cases",
        "outbox",
        "reports",
        "settings",
    ),
    "demo": ("demo", "settings", "language"),
    "commandline": ("settings", *ROOMS),
    "worker": ("settings", *ROOMS),
}
"""A room is any module of it. tests/ and bench/ may import everything and nobody imports them."""
NOBODYS = ("worker", "tests", "bench")
PURE = ("cases", "language", "learning", "store.kinds", "store.values", "store.models", "store.attached")
NOT_PURE = frozenset(
    {"os", "io", "socket", "subprocess", "threading", "asyncio", "sqlite3", "time", "random", "secrets"}
)


@dataclass(frozen=True, order=True)
class Import:
    """One import of a module, with where it stands."""

    importer: str
    line: int
    module: str
    inside: bool
    """Whether it stands in a function."""


def modules_of(root: Path) -> dict[str, str]:
    """Every module of ours, by dotted name → source."""
    files = [root / "worker.py"]
    files += [path for room in (*ROOMS, "settings", "bench") for path in sorted((root / room).rglob("*.py"))]
    return {_dotted(path.relative_to(root)): path.read_text("utf-8") for path in files if path.exists()}


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(name: str, source: str, known: Mapping[str, str]) -> Iterator[Import]:
    """The imports of our own modules, each by the name of the module it reaches."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    tree = ast.parse(source)
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, functions)
        for node in ast.walk(function)
    }
    is_package = any(other.startswith(f"{name}.") for other in known)
    package = name if is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        for module in _named(node, package):
            reached = _reached(module, known)
            if reached:
                yield Import(name, getattr(node, "lineno", 0), reached, id(node) in inner)


def _named(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, node.module] if node.module else above)
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        yield from (
            one.value for one in node.args[:1] if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


def _reached(module: str, known: Mapping[str, str]) -> str:
    """The longest beginning that is a module of ours: `from cases import asks` reaches cases.asks."""
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    found = next((name for name in names if name in known), "")
    return found or (parts[0] if parts[0] in (*ROOMS, *NOBODYS, "settings") else "")


def forbidden(modules: Mapping[str, str], beside: Mapping[str, str] | None = None) -> list[str]:
    """Every import of the modules that the rules forbid, a line each; `beside` are others that exist."""
    known = {**(beside or {}), **modules}
    return sorted(
        f"{one.importer}:{one.line} may not import {one.module}"
        for name, source in modules.items()
        for one in imports_of(name, source, known)
        if not _allowed(name, one.module)
    )


def _allowed(importer: str, module: str) -> bool:
    room = importer.split(".", 1)[0]
    if room == "bench":
        return True
    if module.split(".", 1)[0] in NOBODYS:
        return False
    return any(module == allowed or module.startswith(f"{allowed}.") for allowed in MAY_IMPORT[room])


def inside_functions(modules: Mapping[str, str]) -> list[str]:
    """Imports of our own that stand in a function."""
    found = (
        one for name, source in modules.items() for one in imports_of(name, source, modules) if one.inside
    )
    return sorted(f"{one.importer}:{one.line} imports {one.module} inside a function" for one in found)


def circle(modules: Mapping[str, str]) -> list[str]:
    """Modules that import each other in a ring; empty when there is none."""
    graph = {
        name: {one.module for one in imports_of(name, source, modules)} - {name}
        for name, source in modules.items()
    }
    done: set[str] = set()

    def search(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for following in sorted(graph.get(name, ())):
            if ring := search(following, [*path, name]):
                return ring
        done.add(name)
        return []

    return next((ring for name in sorted(graph) if (ring := search(name, []))), [])


def impure(modules: Mapping[str, str]) -> list[str]:
    """What a pure module takes in that reaches a clock, a disk, a network or chance."""
    return sorted(
        f"{name}:{node.lineno} imports {module}"
        for name, source in modules.items()
        if any(name == room or name.startswith(f"{room}.") for room in PURE)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if module.split(".")[0] in NOT_PURE
    )


def asks_the_clock(modules: Mapping[str, str]) -> list[str]:
    """Calls that read the clock; only worker.py may, everywhere else `now` is an argument."""
    clocks = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    return sorted(
        f"{name}:{node.lineno} calls {ast.unparse(node.func)}"
        for name, source in modules.items()
        if name.split(".")[0] not in ("worker", "demo", "bench")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(clocks)
    )


OURS = modules_of(ROOT)


def test_the_repository_has_all_its_rooms() -> None:
    assert {name.split(".")[0] for name in OURS} >= {"worker", "settings", *ROOMS} - {"reports"}
    unknown = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"settings", *ROOMS, *NOBODYS}
    assert not unknown


def test_no_room_imports_what_it_may_not() -> None:
    assert forbidden(OURS) == []


def test_no_import_of_our_own_stands_in_a_function() -> None:
    assert inside_functions(OURS) == []


def test_no_modules_import_each_other() -> None:
    assert circle(OURS) == []


def test_decisions_touch_no_clock_disk_network_or_chance() -> None:
    assert impure(OURS) == []


def test_only_the_worker_reads_the_clock() -> None:
    assert asks_the_clock(OURS) == []


@pytest.mark.parametrize("folder", ["rules", "templates"])
def test_what_admins_edit_holds_no_python(folder: str) -> None:
    assert list((ROOT / folder).rglob("*.py")) == []


# The checks themselves


def found_with(importer: str, line: str) -> list[str]:
    """What is forbidden in a module once it has one more line."""
    return forbidden({importer: f"{OURS.get(importer, '')}\n{line}\n"}, OURS)


@pytest.mark.parametrize(
    ("importer", "line", "module"),
    [
        ("inbox.mailbox", "import outbox.smtp", "outbox.smtp"),
        ("inbox.mailbox", "from store import queries", "store.queries"),
        ("outbox.smtp", "from inbox import mailbox", "inbox.mailbox"),
        ("outbox.smtp", "from store.database import Database", "store.database"),
        ("cases.decide", "from store import queries", "store.queries"),
        ("cases.decide", "from store.ledger import record", "store.ledger"),
        ("cases.decide", "import settings", "settings"),
        ("cases.decide", "import engine.desk as desk", "engine.desk"),
        ("cases.commands.obey", "from inbox.mailbox import Mailbox", "inbox.mailbox"),
        ("store.values", "from cases.facts import Facts", "cases.facts"),
        ("language.words", "from store.values import Message", "store.values"),
        ("settings", "from language import words", "language.words"),
        ("engine.desk", "import worker", "worker"),
        ("engine.desk", "from demo import host", "demo.host"),
        ("demo.host", "from cases import decide", "cases.decide"),
        ("demo.host", "import store.models", "store.models"),
        ("inbox.mailbox", "from tests import hosts", "tests"),
        ("inbox.mailbox", "import store", "store"),
        ("inbox.mailbox", "import outbox.not_yet_written", "outbox"),
        ("inbox.mailbox", "def late():\n    from outbox import smtp", "outbox.smtp"),
        ("inbox.mailbox", "if TYPE_CHECKING:\n    from outbox import smtp", "outbox.smtp"),
        ("inbox.mailbox", "importlib.import_module('outbox.smtp')", "outbox.smtp"),
        ("reports.page", "from store import ledger", "store.ledger"),
        ("reports.page", "from outbox import smtp", "outbox.smtp"),
    ],
)
def test_a_forbidden_import_is_found(importer: str, line: str, module: str) -> None:
    assert [one.split(" ", 1)[1] for one in found_with(importer, line)] == [f"may not import {module}"]


def test_a_forbidden_import_is_found_in_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "smtp.py").write_text("")
    (tmp_path / "inbox" / "parse.py").write_text("import json\n\nfrom outbox.smtp import Smtp\n")
    assert forbidden(modules_of(tmp_path)) == ["inbox.parse:3 may not import outbox.smtp"]


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("worker", "from demo import story"),
        ("engine.desk", "from inbox import imap"),
        ("outbox.smtp", "from cases import asks"),
        ("cases.decide", "from store.models import Case"),
        ("reports.page", "from store import queries"),
        ("inbox.mailbox", "import imapclient"),
    ],
)
def test_an_import_that_is_allowed_is_not_found(importer: str, line: str) -> None:
    assert found_with(importer, line) == []


def test_an_import_in_a_function_is_found() -> None:
    assert inside_functions({"cases.a": "def f():\n    from cases import b\n", "cases.b": ""}) == [
        "cases.a:2 imports cases.b inside a function"
    ]
    assert inside_functions({"cases.a": "def f():\n    import json\n"}) == []


def test_a_circle_is_found_also_by_way_of_relative_imports() -> None:
    ring = {
        "cases.a": "from cases import b",
        "cases.b": "from cases.c import x",
        "cases.c": "from . import a",
    }
    assert circle(ring) == ["cases.a", "cases.b", "cases.c", "cases.a"]
    assert circle(ring | {"cases.c": "import json"}) == []


def test_a_clock_is_found() -> None:
    assert asks_the_clock({"cases.a": "def f():\n    return datetime.now(UTC)\n"}) == [
        "cases.a:2 calls datetime.now"
    ]
    assert asks_the_clock({"worker": "datetime.now(UTC)"}) == []
    assert impure({"cases.a": "import os.path"}) == ["cases.a:1 imports os.path"]
