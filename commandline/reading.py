"""`parse`, `classify`, `learn`, `explain` and `rules`: what mails mean, without any mailbox."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine import lessons, looking, rules_asked
from engine.explaining import Given
from engine.limits import READING, limits_of
from engine.teaching import Order
from inbox.parse import as_json
from inbox.parse import parse as parsed
from learning.model import Model
from store import storable
from store.database import StoreDown


def parse(shell: Shell, options: Options) -> int:
    """Say what we understand of mails in files."""
    rulebook = shell.rules()
    limits = limits_of(shell.some(READING))
    failed = 0
    for path in options.files:
        try:
            raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as trouble:
            complain(f"{path}: can't be read: {trouble.strerror}")
            failed = 1
            continue
        message = parsed(raw, rulebook.words, limits, rulebook.signs)
        say(json.dumps(as_json(message), ensure_ascii=False))
    return failed


def learned_model(shell: Shell) -> Model | None:
    """The model that the database has, for `classify`: without one the rules speak alone."""
    if not shell.some(("LEARNING",))["LEARNING"]:
        return None
    try:
        return lessons.model_of(shell.one("DATABASE_URL"))
    except StoreDown as down:
        complain(f"what was learned can't be read, so the rules speak alone: {down}")
        return None


def learn(shell: Shell, _: Options) -> int:
    """Learn from corrections on standard input, a JSON object a line."""
    rulebook = shell.rules()
    lesson = lessons.read(sys.stdin, rulebook)
    for trouble in (*lesson.wrong, *lesson.warnings):
        complain(trouble)
    chosen = shell.some(("LEARNING", "LEARN_PRECISION", "CACHE_DIR"))
    place = shell.folder("RULES_DIR")
    url = shell.one("DATABASE_URL")
    with shell.store(make=True) as database, database.write() as session:
        lessons.keep(session, lesson, shell.now())
    if not chosen["LEARNING"]:
        complain("the corrections are kept, but LEARNING=false: nothing is learned from them")
        return 1
    figures = lessons.learn(Order(url, place, chosen["CACHE_DIR"], shell.now(), chosen["LEARN_PRECISION"]))
    for one in figures:
        say(json.dumps(one, ensure_ascii=False))
    for note in lessons.notes(figures):
        complain(note)
    return 1 if lesson.wrong else 0


def classify(shell: Shell, _: Options) -> int:
    """Classify mails from standard input, a JSON object a line."""
    rulebook, model = shell.rules(), learned_model(shell)
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


def explain(shell: Shell, options: Options) -> int:
    """Explain what the rules make of a mail or a case."""
    limits = limits_of(shell.some(READING))
    ours = shell.one("COMPLAINTS_ADDRESS")
    given = Given(shell.rules(), limits, ours, learned_model(shell), shell.now())
    say(rules_asked.explained(options, given, shell.store))
    return 0


def rules(shell: Shell, options: Options) -> int:
    """Try changed rules on stored mail, suggest phrases, or write schemas for editors."""
    if options.rules_command == "schema":
        place = Path(options.rules) if options.rules else shell.folder("RULES_DIR")
        say(rules_asked.schemas_written(place))
    elif options.rules_command == "suggest":
        say(rules_asked.phrases_suggested(options, shell.rules(), shell.store, shell.now()))
    else:
        templates = shell.folder("TEMPLATES_DIR")
        changed = rules_asked.changed_rules(Path(options.rules), templates)
        limits = limits_of(shell.some(READING))
        say(rules_asked.tried(options, shell.rules(), changed, limits, shell.store, shell.now()))
    return 0
