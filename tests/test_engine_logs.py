"""Lines of the log: one an event, with a name that stays, and nothing that a terminal would obey."""

from __future__ import annotations

import ast
import io
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog

from engine import logs
from engine.log_events import EVENTS
from language.masking import MASKED, masked
from store.database import StoreDown

ROOT = Path(__file__).parent.parent
LEVELS = ("debug", "info", "warning", "error", "exception", "critical")


def levels_of(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    return {line["level"] for line in lines}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    before, root = structlog.get_config(), list(logging.getLogger().handlers)
    made = io.StringIO()
    yield made
    structlog.configure(**before)
    logging.getLogger().handlers[:] = root


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_has_a_name_that_stays_first_and_then_its_fields(stream: io.StringIO) -> None:
    logs.configure("info", "auto", stream)
    structlog.get_logger().info("mail taken in", kind="customer", case=7, uid=3)
    [line] = lines(stream)
    assert list(line) == ["timestamp", "level", "name", "event", "kind", "case", "uid"]
    assert (line["name"], line["event"], line["case"]) == ("mail-taken", "mail taken in", 7)


def test_text_is_one_line_without_what_a_terminal_obeys(stream: io.StringIO) -> None:
    logs.configure("info", "text", stream)
    try:
        raise ValueError("a\nb")
    except ValueError:
        structlog.get_logger().exception("sending failed; trying again", why="\x1b[31mred\u202e\nnext")
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue() and "\u202e" not in stream.getvalue()
    assert "ValueError" in stream.getvalue() and "a\\nb" not in stream.getvalue()


def test_what_we_say_ourselves_of_a_trouble_stays(stream: io.StringIO) -> None:
    logs.configure("info", "json", stream)
    try:
        raise StoreDown("the disk is full")
    except StoreDown:
        structlog.get_logger().exception("sending failed; trying again")
    [line] = lines(stream)
    assert line["error"] == "StoreDown: the disk is full"


def test_debug_shows_everything_but_secrets(stream: io.StringIO) -> None:
    logs.configure("debug", "json", stream, secrets=["a-password"])
    try:
        raise ValueError("ann@example.com said a-password")
    except ValueError:
        structlog.get_logger().exception("sending failed; trying again")
    [line] = lines(stream)
    assert "ann@example.com said (hidden)" in line["traceback"]
    assert "a-password" not in stream.getvalue()


def test_no_level_below_the_one_that_is_set_is_written(stream: io.StringIO) -> None:
    logs.configure("warning", "json", stream)
    structlog.get_logger().info("reading")
    structlog.get_logger().warning("reading")
    assert levels_of(lines(stream)) == {"warning"}


def test_a_library_says_what_it_says_without_its_values(stream: io.StringIO) -> None:
    logs.configure("info", "json", stream)
    logging.getLogger("imaplib").warning("odd line %s", "of ann@example.com")
    logging.getLogger("imaplib").warning("odd line of ann@example.com")
    logging.getLogger("imaplib").info("nothing")
    logs.configure("info", "json", stream)
    assert [(one["library"], one["says"]) for one in lines(stream)] == [
        ("imaplib", "odd line %s"),
        ("imaplib", ""),
    ]
    logging.getLogger("imaplib").warning("once")
    assert len(lines(stream)) == 3, "however often it is set up"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nobody here", "nobody here"),
        ("550 <ann@example.com>: no", f"550 <{MASKED}>: no"),
        ("to ann+tag@sub.example.co.uk.", f"to {MASKED}."),
        ("us@shop.example is ours", "us@shop.example is ours"),
        ("us@shop.example@imap.host/INBOX is down", "us@shop.example@imap.host/INBOX is down"),
        ("not-us@shop.example", MASKED),
        ("mailto:ann@example.com?x", f"mailto:{MASKED}"),
        ("علی@example.com", MASKED),
        ("a@b@c", MASKED),
    ],
)
def test_only_our_own_addresses_are_named(text: str, left: str) -> None:
    assert masked(text, {"us@shop.example"}) == left


def said_in_the_code() -> dict[str, set[str]]:
    """Every event that some module logs, by its words, with its fields."""
    found: dict[str, set[str]] = {}
    for room in ("engine", "commandline", "store", "inbox", "outbox", "access"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _is_log(node.func) and node.args:
                    for words in (
                        one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)
                    ):
                        found.setdefault(str(words), set()).update(_fields(node))
    return found


def _fields(node: ast.Call) -> set[str]:
    named = {keyword.arg for keyword in node.keywords if keyword.arg}
    fails = isinstance(node.func, ast.Attribute) and node.func.attr == "exception"
    return (named | ({"exc_info"} if fails else set())) - {"exc_info"} | (
        {"error", "at"} if fails or "exc_info" in named else set()
    )


def _is_log(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in LEVELS
        and isinstance(function.value, ast.Name)
        and function.value.id == "log"
    )


def test_every_event_of_the_code_has_a_name() -> None:
    assert set(said_in_the_code()) - set(EVENTS) == set(), "write its name into engine/log_events.py"


def test_no_name_stands_for_nothing() -> None:
    sources = "".join(
        path.read_text("utf-8") for path in (ROOT / "engine").rglob("*.py") if path.name != "log_events.py"
    )
    assert [words for words in EVENTS if words not in sources] == []


def row(name: str, words: str, fields: Iterable[str]) -> str:
    """A line of the table in docs/log-events.md."""
    return f"| `{name}` | {words} | {', '.join(sorted(fields))} |"


def test_the_page_of_events_has_every_event_with_its_fields() -> None:
    said = said_in_the_code()
    wanted = [row(name, words, said.get(words, ())) for words, name in EVENTS.items()]
    page = (ROOT / "docs" / "log-events.md").read_text("utf-8").splitlines()
    assert [line for line in page if line.startswith("| `")] == wanted
