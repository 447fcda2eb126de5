#!/usr/bin/env python3
"""Peygir's command line. Only this file reads the settings and the clock."""

from __future__ import annotations

import gc

# Nothing that is imported is ever given back: looking for it again and again would be a fifth of the start.
gc.disable()

import argparse
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import settings as configuration
from cases.rulebook import Rulebook
from engine import check, doing, logs, looking, views, waiting
from engine.allocation import give_back_what_is_freed
from engine.desk import READING, Desk, limits_of, new_worker_id
from engine.files import Files, WrongFiles, read_rules
from engine.memory import Memory
from engine.replaying import replay
from engine.running import Worker, folder, open_files
from inbox.mailbox import MailboxDown
from inbox.parse import as_json, parse
from language.direction import printable
from settings import Settings, WrongSettings
from store import lists, queries, storable
from store.database import Database, StoreDown

gc.freeze()
gc.enable()

DOTENV = Path(".env")
Options = argparse.Namespace
EXPECTED = (WrongSettings, WrongFiles, StoreDown, MailboxDown, doing.NotDone)
"""What a user, a file or a server can cause: told in plain lines, never with a traceback."""


REPLAY = (
    "try again what was given up, once its cause is mended: all mails that were set aside or could not be "
    "read, or what an option names; worker.py queue lists it, and doing it twice does no harm"
)


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def say(text: str) -> None:
    """One line, or several, for the user."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def as_lines(rows: list[dict[str, Any]]) -> str:
    """Rows as JSON."""
    return json.dumps(rows, ensure_ascii=False, indent=1)


def load_settings() -> Settings:
    """The settings; raises WrongSettings."""
    return configuration.load(os.environ, DOTENV)


def files_of(settings: Settings) -> Files:
    """The rules and letters in force; raises WrongFiles."""
    return open_files(settings, Memory.at(settings.CACHE_DIR))


def rules_only() -> Rulebook:
    """The rules without any other setting, for commands that need no mailbox."""
    place = configuration.one("RULES_DIR", os.environ, DOTENV)
    cache = configuration.some(("CACHE_DIR",), os.environ, DOTENV)["CACHE_DIR"]
    rulebook, problems = read_rules(folder(Path(place)), memory=Memory.at(cache))
    if rulebook is None:
        raise WrongFiles(problems)
    return rulebook


@contextmanager
def store() -> Iterator[Database]:
    """The database that the settings name, up to date; it needs no other setting."""
    database = Database(configuration.one("DATABASE_URL", os.environ, DOTENV))
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def command_demo(options: Options) -> int:
    """Tell the whole story on an embedded mail host."""
    # Only here: its mail servers would be a tenth of every other command's start.
    from demo import story  # noqa: PLC0415

    tools = story.Tools(
        start=Worker,
        look=looking.look,
        write_page=lambda settings, path: looking.write_page(settings, path, now()),
        log_to=log_to,
    )
    return story.tell(Path(options.dir), tools, pace=options.pace)


def log_to(stream: TextIO) -> None:
    """Send the worker's log to a file."""
    logs.configure("info", "json", stream)


def command_report(options: Options) -> int:
    """Write the page."""
    looking.write_page(load_settings(), Path(options.out), now())
    say(f"{options.out} is written")
    return 0


def command_run(options: Options) -> int:
    """Run the worker until SIGTERM, or once."""
    settings = load_settings()
    logs.configure(settings.LOG_LEVEL, settings.LOG_FORMAT)
    give_back_what_is_freed()
    with Worker(settings, now, Memory.at(settings.CACHE_DIR)) as worker:
        for number in (signal.SIGTERM, signal.SIGINT):
            # Not from the handler itself: it may interrupt the very code that holds the event's lock.
            signal.signal(number, lambda *_: threading.Thread(target=worker.desk.end).start())
        if options.once:
            say(f"{worker.once()} mails read")
            return 0
        worker.start()
        worker.tick()
    return 0


def command_check(_: Options) -> int:
    """Try everything; print every problem."""
    try:
        problems = check.problems(load_settings())
    except WrongSettings as wrong:
        rules, templates = (
            folder(Path(configuration.one(name, os.environ, DOTENV)))
            for name in ("RULES_DIR", "TEMPLATES_DIR")
        )
        problems = [*wrong.problems, *check.files(rules, templates)]
    for problem in problems:
        complain(problem)
    if not problems:
        say("all is well: settings, rules, templates, database, IMAP and SMTP")
    return 1 if problems else 0


def command_parse(options: Options) -> int:
    """Say what we understand of mails in files."""
    rulebook = rules_only()
    limits = limits_of(configuration.some(READING, os.environ, DOTENV))
    failed = 0
    for path in options.files:
        try:
            raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as trouble:
            complain(f"{path}: can't be read: {trouble.strerror}")
            failed = 1
            continue
        message = parse(raw, rulebook.words, limits, rulebook.signs)
        say(json.dumps(as_json(message), ensure_ascii=False))
    return failed


def command_classify(_: Options) -> int:
    """Classify mails from standard input, a JSON object a line."""
    rulebook = rules_only()
    failed = 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            given = storable.clean(json.loads(line))
            subject, text = str(given.get("subject") or ""), str(given.get("text") or "")
        except (ValueError, AttributeError, RecursionError):
            complain(f'line {number} is not a JSON object such as {{"id": 1, "subject": "…", "text": "…"}}')
            failed = 1
            continue
        say(json.dumps(looking.classified(given.get("id"), subject, text, rulebook), ensure_ascii=False))
    return failed


def command_cases(options: Options) -> int:
    """List the cases."""
    with store() as database, database.read() as session:
        rows = views.case_rows(session, lists.cases(session))
    columns = ("number", "status", "kind", "category", "severity", "customer", "assignee", "deadline")
    say(as_lines(rows) if options.json else views.table(rows, columns))
    return 0


def command_events(options: Options) -> int:
    """List the audit log."""
    with store() as database, database.read() as session:
        found = lists.last_events(session, options.limit) if options.limit else lists.events(session)
        rows = views.event_rows(session, found)
    say(as_lines(rows) if options.json else views.table(rows, ("at", "case", "kind", "actor", "text")))
    return 0


def command_queue(options: Options) -> int:
    """List what waits for a person, in the order to take it."""
    with store() as database, database.read() as session:
        rows = waiting.rows(session, now())
    say(as_lines(rows) if options.json else waiting.text(rows))
    return 0


def command_show(options: Options) -> int:
    """Show one case, whole."""
    with store() as database, database.read() as session:
        case = queries.case(session, options.case)
        if case is None:
            raise doing.NotDone(f"there is no case {options.case}; worker.py cases lists them")
        shown = views.one_case(session, case, now())
    say(json.dumps(shown, ensure_ascii=False, indent=1) if options.json else views.page(shown))
    return 0


def command_do(options: Options) -> int:
    """Carry out an agent's command."""
    settings = load_settings()
    with store() as database:
        desk = Desk(settings, database, files_of(settings), now, new_worker_id(now()))
        for line in doing.do(desk, options.command_text, agent=options.agent, number=options.case):
            say(printable(line))
    return 0


def command_replay(options: Options) -> int:
    """Let be tried again what was given up."""
    settings = load_settings()
    with store() as database:
        desk = Desk(settings, database, files_of(settings), now, new_worker_id(now()))
        for line in replay(
            desk,
            uid=options.uid,
            number=options.case,
            letter=options.letter,
            letters=options.letters,
            even_refused=options.even_refused,
        ):
            say(printable(line))
    return 0


def command_status(options: Options) -> int:
    """Say how the worker is; exit 1 when something is wrong."""
    with store() as database, database.read() as session:
        health = views.health(session, now())
    say(json.dumps(health, ensure_ascii=False, indent=1) if options.json else views.health_text(health))
    return 1 if health["troubles"] else 0


def number(written: str) -> int:
    """A whole number as databases count; raises ValueError for any other."""
    value = int(written)
    if not 0 < value < 2**31:
        raise ValueError(written)
    return value


def arguments() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    parser = argparse.ArgumentParser(
        prog="worker.py", description="Peygir: a worker that handles complaints by e-mail."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Options], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    made = add("demo", command_demo, "the whole story on an embedded mail host, nothing to set up")
    made.add_argument("--dir", default="demo-run", help="where mails and database go (default: demo-run)")
    made.add_argument("--pace", type=float, default=1.0, help="0: no pauses for reading")
    made = add("run", command_run, "the worker")
    made.add_argument("--once", action="store_true", help="read, decide, send what is due, and end")
    add("check", command_check, "settings, rules, templates, connections: every problem, then exit 1")
    made = add("parse", command_parse, "what we understand of a mail, one JSON object each")
    made.add_argument("--jsonl", action="store_true", help="accepted for clarity: the output is JSON lines")
    made.add_argument("files", nargs="+", metavar="FILE", help="a mail; - is standard input")
    made = add("classify", command_classify, "classify mails given as JSON lines on standard input")
    made.add_argument("--jsonl", action="store_true", help="accepted for clarity: both ends are JSON lines")
    for name, run, text in (
        ("cases", command_cases, "all cases"),
        ("events", command_events, "the audit log"),
        ("queue", command_queue, "what waits for a person, in the order to take it"),
        ("status", command_status, "health: last poll, queue depths, oldest waiting; exit 1 on trouble"),
    ):
        made = add(name, run, text)
        made.add_argument("--json", action="store_true", help="for programs")
        if name == "events":
            made.add_argument("--limit", type=number, default=None, help="only the last N")
    made = add("report", command_report, "the page: figures of all cases in one HTML file")
    made.add_argument("--out", required=True, metavar="FILE.html")
    made = add("show", command_show, "one case, whole")
    made.add_argument("case", type=number, metavar="CASE")
    made.add_argument("--json", action="store_true", help="for programs")
    made = add("do", command_do, "an agent's command, through the same registry as by mail")
    made.add_argument("command_text", metavar="'COMMAND …'")
    made.add_argument("--as", dest="agent", required=True, metavar="AGENT", help="the agent's address")
    made.add_argument("--case", type=number, metavar="N")
    made = add("replay", command_replay, REPLAY)
    which = made.add_mutually_exclusive_group()
    which.add_argument("--uid", type=number, metavar="UID", help="one mail that was set aside")
    which.add_argument(
        "--case", type=number, metavar="N", help="the unread mails and unsent letters of a case"
    )
    which.add_argument("--letter", type=number, metavar="ID", help="one letter that did not leave")
    which.add_argument("--letters", action="store_true", help="every letter that was given up")
    made.add_argument(
        "--even-refused", action="store_true", help="letters too that a server refused for good"
    )
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = arguments().parse_args(argv)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            # What is no text, such as a lone surrogate, must not end a command half-way.
            stream.reconfigure(errors="replace")
    try:
        return int(options.run(options))
    except EXPECTED as trouble:
        complain(str(trouble))
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as trouble:
        complain(f"{trouble.filename or 'this'} can't be used: {trouble.strerror or trouble}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
