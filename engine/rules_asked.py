"""What admins ask of their rules at the command line: `explain`, and `rules try|suggest|schema`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cases.rules.rulebook import Rulebook
from engine import explaining, suggesting, trying
from engine.doing import NotDone
from engine.progress import Progress
from engine.rule_files import WrongFiles, answers_in, read_rules
from inbox.mime.limits import Limits
from reports import explanation, rule_schemas, suggested, trial_text
from store import openings, queries
from store.database import Database

Options = argparse.Namespace
Store = Callable[[], AbstractContextManager[Database]]


def explained(options: Options, given: explaining.Given, store: Store) -> str:
    """What the rules make of a mail file, or of what a case began with."""
    number = options.what.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        with store() as database, database.read() as session:
            case = queries.case(session, int(number))
            if case is None:
                raise NotDone(f"there is no case {number}; worker.py cases lists them")
            found = explaining.of_case(session, case, given)
    else:
        raw = sys.stdin.buffer.read() if options.what == "-" else Path(options.what).read_bytes()
        found = explaining.of_file(raw, given)
    if options.json:
        return _as_json(explanation.as_json(found))
    return explanation.text(found, colours=sys.stdout.isatty())


def changed_rules(place: Path, templates: Path) -> Rulebook:
    """The rules of a changed folder; raises NotDone, and WrongFiles with every mistake in them."""
    if not place.is_dir():
        raise NotDone(f"{place} is no folder; copy the rules folder, change the copy, and name it here")
    changed, problems = read_rules(place, answers_in(templates))
    if changed is None:
        raise WrongFiles(problems)
    return changed


def tried(
    options: Options, before: Rulebook, after: Rulebook, limits: Limits, store: Store, now: datetime
) -> str:
    """What changed rules would make of stored mail."""
    try:
        return _tried(options, trying.Both(before, after, limits), store, start_of(options.since, now))
    except BrokenProcessPool as broken:
        few = "try fewer mails, with --since, or on a machine with more memory"
        raise NotDone(f"a process that tried the rules was ended by the system; {few}") from broken


def _tried(options: Options, both: trying.Both, store: Store, since: datetime) -> str:
    # Before the database is opened: the processes inherit what is open.
    with (
        trying.Pair(both) as pair,
        store() as database,
        Progress(sys.stderr, openings.how_many(database, since)) as progress,
    ):
        trial = trying.tried(
            pair, database, progress, since=since, limit=options.limit, labels=options.labels
        )
    if options.json:
        return _as_json(
            trial_text.as_json(trial, (both.before.version, both.after.version), labels=options.labels)
        )
    return trial_text.text(trial, labels=options.labels)


def phrases_suggested(options: Options, rules: Rulebook, store: Store, now: datetime) -> str:
    """Phrases that would have caught what agents corrected."""
    with store() as database:
        mails = suggesting.Stored(database, start_of(options.since, now))
        with Progress(sys.stderr, openings.how_many(database, mails.since)) as progress:
            found = suggesting.suggested(mails, rules, progress)
    return _as_json(suggested.as_json(found)) if options.json else suggested.text(found)


def schemas_written(place: Path) -> str:
    """Write the schemas of the rule files into their folder; what was done."""
    if not place.is_dir():
        raise NotDone(f"{place} is no folder; name the one that your rule files are in")
    rule_schemas.write(place / "schemas")
    return f"{place / 'schemas'} is written; a rule file names its schema in its first line"


def start_of(since: timedelta | date | None, now: datetime) -> datetime:
    """From when on stored mail is looked at."""
    if since is None:
        return openings.EVER
    if isinstance(since, timedelta):
        return now - since
    return datetime.combine(since, time(), UTC)


def _as_json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)
