"""`worker.py check`: rules, templates, database and connections; every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session

from engine import border, learning_notes, page_words, stand_ins, tone_notes
from engine.connecting import mailbox_of, transport_of, unreadable, unsendable
from engine.files import Files
from engine.mailboxes import open_files
from engine.places import folder
from engine.rule_files import WrongFiles, notes_on
from language.problem import Problem
from settings import Settings
from store.database import Database, NotThere, Standing, StoreDown


def problems(settings: Settings) -> list[str]:
    """One line for each problem; none when the worker can run."""
    of_all: tuple[Callable[[Settings], Iterator[str]], ...] = (of_files, _database)
    of_each: tuple[Callable[[Settings], Iterator[str]], ...] = (authority, _connections)
    found = [problem for check in of_all for problem in check(settings)]
    found += [problem for one in settings.mailboxes for check in of_each for problem in check(one)]
    return list(dict.fromkeys(found))


def of_files(settings: Settings) -> Iterator[str]:
    """Every mistake in the rules and letters that the settings name."""
    try:
        open_files(settings)
    except WrongFiles as wrong:
        yield from (str(problem) for problem in wrong.problems)
    for templates in dict.fromkeys(folder(one.TEMPLATES_DIR) for one in settings.mailboxes):
        yield from map(str, page_words.mistakes(templates))


def files(rules: Path, templates: Path, ours: Collection[str] = ()) -> Iterator[str]:
    """What is wrong in the rule files and templates; `ours` are the addresses that we read mail of."""
    try:
        Files(rules, templates, ours=ours)
    except WrongFiles as wrong:
        yield from (str(problem) for problem in wrong.problems)


def of_border(settings: Settings) -> tuple[list[str], list[str]]:
    """What the mails that came show of our border: what is wrong, and what is good to know."""
    with _looked_at(settings) as session:
        if session is None:
            return [], []
        return list(border.problems(session, settings)), list(border.notes(session, settings))


def _database(settings: Settings) -> Iterator[str]:
    try:
        with _looked_at(settings) as session:
            if session is not None:
                yield from border.problems(session, settings)
    except StoreDown as down:
        yield str(down)


@contextmanager
def _looked_at(settings: Settings) -> Iterator[Session | None]:
    """What is in the database; None while it is still to be made or brought up to date, which `run` does."""
    try:
        database = Database(settings.DATABASE_URL, make=False)
    except NotThere:
        yield None
        return
    try:
        found = database.standing()
        if found is Standing.NEWER:
            database.assure_tables()
        with database.read() as session:
            yield session if found is Standing.CURRENT else None
    finally:
        database.close()


def notes(settings: Settings) -> list[str]:
    """What an operator should know although the worker can run."""
    with _looked_at(settings) as session:
        if session is None:
            told = ["the database is still to be made or brought up to date; the worker does so at its start"]
        else:
            told = [*border.notes(session, settings), *learning_notes.notes(session, settings)]
    rules, templates = folder(settings.RULES_DIR), folder(settings.TEMPLATES_DIR)
    return told + [str(note) for note in (*notes_on(rules), *_on_letters(rules, templates))]


def _on_letters(rules: Path, templates: Path) -> Iterator[Problem]:
    in_force = Files(rules, templates).current
    yield from stand_ins.notes(templates, in_force.rulebook.letters)
    yield from tone_notes.notes(templates, in_force.letters, in_force.rulebook)


def authority(settings: Settings) -> Iterator[str]:
    """What keeps every command of agents from being obeyed, by the settings alone."""
    if settings.TRUSTED_AUTHSERV_ID or settings.TOKEN_ONLY_COMMANDS:
        return
    yield (
        "TRUSTED_AUTHSERV_ID is not set, so no command of an agent can be obeyed: set it to the name at "
        "the start of your mail server's Authentication-Results, or set TOKEN_ONLY_COMMANDS=true"
    )


def _connections(settings: Settings) -> Iterator[str]:
    yield from filter(None, (unreadable(mailbox_of(settings)), unsendable(transport_of(settings))))
