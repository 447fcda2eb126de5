"""`status`: how the operation is, for people and for probes; quick, and also while no worker runs."""

from __future__ import annotations

from typing import Any

from commandline.grammar import Options
from commandline.shell import Shell, as_json, complain, say
from engine.health import EXIT, health, health_text, unknown
from settings import WrongSettings
from store.database import StoreDown


def status(shell: Shell, options: Options) -> int:
    """Say how it is: exit 0 when all is well, 1 when something is wrong, 3 when that can't be told."""
    try:
        with shell.store() as database, database.read() as session:
            found = health(session, shell.now())
    except (StoreDown, WrongSettings) as trouble:
        return _cant_tell(unknown(str(trouble)), as_program=options.json)
    say(as_json(found) if options.json else health_text(found))
    return EXIT[found["state"]]


def _cant_tell(found: dict[str, Any], *, as_program: bool) -> int:
    if as_program:
        say(as_json(found))
    else:
        complain(f"it can't be told how things are: {found['troubles'][0]}")
    return EXIT[found["state"]]
