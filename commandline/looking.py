"""`cases`, `events`, `queue`, `show` and `report`: what there is."""

from __future__ import annotations

from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, as_json, say
from engine import doing, reporting, views, waiting
from engine.case_page import page
from store import lists, queries

EVENTS = ("at", "case", "kind", "actor", "text")


def cases(shell: Shell, options: Options) -> int:
    """List the cases."""
    with shell.store() as database, database.read() as session:
        rows = views.case_rows(session, lists.cases(session))
    columns = ("number", "status", "kind", "category", "severity", "customer", "assignee", "deadline")
    say(as_json(rows) if options.json else views.table(rows, views.where_several(rows, columns)))
    return 0


def events(shell: Shell, options: Options) -> int:
    """List the audit log."""
    with shell.store() as database, database.read() as session:
        found = lists.last_events(session, options.limit) if options.limit else lists.events(session)
        rows = views.event_rows(session, found)
    say(as_json(rows) if options.json else views.table(rows, views.where_several(rows, EVENTS)))
    return 0


def queue(shell: Shell, options: Options) -> int:
    """List what waits for a person, in the order to take it."""
    with shell.store() as database, database.read() as session:
        rows = waiting.rows(session, shell.now())
    say(as_json(rows) if options.json else waiting.text(rows, shell.now(), shell.rules_if_right()))
    return 0


def show(shell: Shell, options: Options) -> int:
    """Show one case, whole."""
    with shell.store() as database, database.read() as session:
        case = queries.case(session, options.case)
        if case is None:
            raise doing.NotDone(f"there is no case {options.case}; worker.py cases lists them")
        shown = views.one_case(session, case, shell.now())
    say(as_json(shown) if options.json else page(shown, shell.rules_if_right(), everything=options.all))
    return 0


def report(shell: Shell, options: Options) -> int:
    """Write the page, and the figures for programs."""
    rulebook = shell.rules()
    agent = doing.called(options.agent, rulebook) if options.agent else None
    wish = reporting.Wish(options.written_from, options.written_to, options.lang, agent)
    # What was asked wrongly is said even where there is no database yet.
    reporting.understood(rulebook, shell.folder("TEMPLATES_DIR"), wish, shell.now())
    with shell.store() as database:
        made = reporting.report(database, rulebook, shell.folder("TEMPLATES_DIR"), wish, shell.now())
    Path(options.out).write_text(made.page, "utf-8")
    say(f"{options.out} is written; open it in your browser")
    if options.csv:
        say(f"{len(made.write_csv(Path(options.csv)))} tables are written to {options.csv}")
    if options.json:
        made.write_json(Path(options.json))
        say(f"{options.json} is written")
    if agent and not wish.by_agent:
        say(f"figures by agent are left out: {agent.name} is neither admin nor owner in rules/agents.yaml")
    return 0
