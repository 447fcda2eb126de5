#!/usr/bin/env python3
"""Peygir's command line. Only this file reads the settings and the clock."""

from __future__ import annotations

import gc

# Nothing that is imported is ever given back: looking for it again and again would be a fifth of the start.
gc.disable()

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import settings as configuration
from cases.rules.rulebook import Rulebook
from engine import check, doing, lessons, logs, looking, rules_asked, views, waiting
from engine.allocation import give_back_what_is_freed
from engine.case_page import page
from engine.command_line import Options, parser
from engine.desk import READING, Desk, limits_of, new_worker_id
from engine.ending import Ending
from engine.explaining import Given
from engine.files import Files, WrongFiles, read_rules
from engine.memory import Memory
from engine.replaying import replay
from engine.running import Worker, folder, open_files
from engine.teaching import Order, TrainingFailed
from inbox.mailbox import MailboxDown
from inbox.parse import as_json, parse
from language.direction import printable, printable_lines
from learning.model import Model
from settings import Settings, WrongSettings
from store import lists, queries, storable
from store.database import Database, StoreDown
from store.ledger import Conflict

gc.freeze()
gc.enable()

DOTENV = Path(".env")
EXPECTED = (WrongSettings, WrongFiles, StoreDown, MailboxDown, TrainingFailed, doing.NotDone)
"""What a user, a file or a server can cause: told in plain lines, never with a traceback."""


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


def rules_if_right() -> Rulebook | None:
    """The rules, for what can do without them: a mistake in them is said elsewhere."""
    with suppress(WrongFiles, WrongSettings):
        return rules_only()
    return None


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
    ending = Ending()
    ending.listen()
    settings = load_settings()
    logs.configure(settings.LOG_LEVEL, settings.LOG_FORMAT)
    give_back_what_is_freed()
    with Worker(settings, now, Memory.at(settings.CACHE_DIR)) as worker:
        ending.by(worker.desk.end)
        if options.once:
            say(f"{worker.once()} mails read")
            return 0
        worker.start()
        worker.wait()
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
        for note in check.notes(load_settings()):
            say(f"note: {note}")
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


def learned_model() -> Model | None:
    """The model that the database has, for `classify`: without one the rules speak alone."""
    if not configuration.some(("LEARNING",), os.environ, DOTENV)["LEARNING"]:
        return None
    try:
        return lessons.model_of(configuration.one("DATABASE_URL", os.environ, DOTENV))
    except StoreDown as down:
        complain(f"what was learned can't be read, so the rules speak alone: {down}")
        return None


def command_learn(_: Options) -> int:
    """Learn from corrections on standard input, a JSON object a line."""
    rulebook = rules_only()
    lesson = lessons.read(sys.stdin, rulebook)
    for trouble in (*lesson.wrong, *lesson.warnings):
        complain(trouble)
    chosen = configuration.some(("LEARNING", "LEARN_PRECISION", "CACHE_DIR"), os.environ, DOTENV)
    place = folder(Path(configuration.one("RULES_DIR", os.environ, DOTENV)))
    url = configuration.one("DATABASE_URL", os.environ, DOTENV)
    with store() as database, database.write() as session:
        lessons.keep(session, lesson, now())
    if not chosen["LEARNING"]:
        complain("the corrections are kept, but LEARNING=false: nothing is learned from them")
        return 1
    figures = lessons.learn(Order(url, place, chosen["CACHE_DIR"], now(), chosen["LEARN_PRECISION"]))
    for one in figures:
        say(json.dumps(one, ensure_ascii=False))
    for note in lessons.notes(figures):
        complain(note)
    return 1 if lesson.wrong else 0


def command_classify(_: Options) -> int:
    """Classify mails from standard input, a JSON object a line."""
    rulebook, model = rules_only(), learned_model()
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
        told = looking.classified(given.get("id"), subject, text, rulebook, model)
        say(json.dumps(told, ensure_ascii=False))
    return failed


def command_explain(options: Options) -> int:
    """Explain what the rules make of a mail or a case."""
    limits = limits_of(configuration.some(READING, os.environ, DOTENV))
    ours = configuration.one("COMPLAINTS_ADDRESS", os.environ, DOTENV)
    given = Given(rules_only(), limits, ours, learned_model(), now())
    say(rules_asked.explained(options, given, store))
    return 0


def command_rules(options: Options) -> int:
    """Try changed rules on stored mail, suggest phrases, or write schemas for editors."""
    if options.rules_command == "schema":
        place = options.rules or configuration.one("RULES_DIR", os.environ, DOTENV)
        say(rules_asked.schemas_written(folder(Path(place))))
    elif options.rules_command == "suggest":
        say(rules_asked.phrases_suggested(options, rules_only(), store, now()))
    else:
        templates = folder(Path(configuration.one("TEMPLATES_DIR", os.environ, DOTENV)))
        changed = rules_asked.changed_rules(Path(options.rules), templates)
        limits = limits_of(configuration.some(READING, os.environ, DOTENV))
        say(rules_asked.tried(options, rules_only(), changed, limits, store, now()))
    return 0


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
    say(as_lines(rows) if options.json else waiting.text(rows, now(), rules_if_right()))
    return 0


def command_show(options: Options) -> int:
    """Show one case, whole."""
    with store() as database, database.read() as session:
        case = queries.case(session, options.case)
        if case is None:
            raise doing.NotDone(f"there is no case {options.case}; worker.py cases lists them")
        shown = views.one_case(session, case, now())
    say(
        json.dumps(shown, ensure_ascii=False, indent=1)
        if options.json
        else page(shown, rules_if_right(), everything=options.all)
    )
    return 0


def command_do(options: Options) -> int:
    """Carry out an agent's command."""
    settings = load_settings()
    with store() as database:
        desk = Desk(settings, database, files_of(settings), now, new_worker_id(now()))
        given = {"agent": options.agent, "number": options.case, "seen": options.seen}
        try:
            done = doing.do(desk, options.command_text, **given)
        except doing.NotDone as trouble:
            for line in trouble.shown:
                say(printable_lines(line))
            raise
        for line in done:
            say(printable_lines(line))
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


COMMANDS: Mapping[str, Callable[[Options], int]] = {
    "demo": command_demo,
    "run": command_run,
    "check": command_check,
    "parse": command_parse,
    "classify": command_classify,
    "learn": command_learn,
    "explain": command_explain,
    "rules": command_rules,
    "cases": command_cases,
    "events": command_events,
    "queue": command_queue,
    "status": command_status,
    "report": command_report,
    "show": command_show,
    "do": command_do,
    "replay": command_replay,
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = parser().parse_args(argv)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            # What is no text, such as a lone surrogate, must not end a command half-way.
            stream.reconfigure(errors="replace")
    try:
        return COMMANDS[options.command](options)
    except EXPECTED as trouble:
        complain(str(trouble))
        return 1
    except Conflict as conflict:
        complain(f"{conflict}; nothing is lost: start worker.py again")
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
