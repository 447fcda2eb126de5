"""Several mailboxes in one worker: a desk for each, with its own settings, files and way out.

They share the database, the clock, who is there, and all that says whether the worker lives. Those that send
through one server share their senders; another server's trouble is none of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from engine.bells import Bell
from engine.desk import Clock, Desk
from engine.files import Files
from engine.memory import Memory
from engine.places import base_of, folder
from engine.rule_files import WrongFiles
from engine.sending_way import WayOut
from settings import MAIN, Settings
from store.database import Database
from store.lanes import ALL, Lane

_WAY_OUT = ("SMTP_", "OAUTH_", "SENDMAIL", "TLS_CA_FILE", "SENDERS")
"""How the settings begin that say where letters are given."""
ByName = Mapping[str, Files]


def open_files(settings: Settings, memory: Memory | None = None) -> ByName:
    """The rules and letters of each mailbox, by its name; mailboxes with the same folders share them.

    Raises WrongFiles with what is wrong in any. What the memory knows to be right is not checked again.
    """
    opened: dict[tuple[Path, Path], Files] = {}
    problems = []
    by_name: dict[str, Files] = {}
    for one in settings.mailboxes:
        places = _places(one)
        if places not in opened:
            try:
                opened[places] = _opened(settings, places, memory)
            except WrongFiles as wrong:
                problems += wrong.problems
                continue
        by_name[one.name] = opened[places]
    if problems:
        raise WrongFiles(sorted(set(problems)))
    return by_name


def _places(settings: Settings) -> tuple[Path, Path]:
    return folder(settings.RULES_DIR), folder(settings.TEMPLATES_DIR)


def _opened(settings: Settings, places: tuple[Path, Path], memory: Memory | None) -> Files:
    these = [
        one for one in settings.mailboxes if (folder(one.RULES_DIR), folder(one.TEMPLATES_DIR)) == places
    ]
    return Files(
        *places,
        memory,
        settings.own_names,
        base=base_of(places[0], settings),
        mailboxes=[one.name or MAIN for one in settings.mailboxes],
        teams=sorted({one.TEAM for one in these if one.TEAM}),
    )


def desk_of(settings: Settings, database: Database, files: ByName, clock: Clock, worker_id: str) -> Desk:
    """The desk of the main mailbox, which knows those of all others."""
    main = Desk(settings, database, files[""], clock, worker_id)
    if len(settings.mailboxes) == 1:
        return main
    groups = ways_out(settings.mailboxes)
    bells = [Bell() for _ in groups]
    bells[0].join(*bells[1:])
    further = {name for group in groups[1:] for name in group}
    for count, (group, bell) in enumerate(zip(groups, bells, strict=True)):
        lane = Lane(only=group) if count else Lane(but=further) if further else ALL
        way = WayOut()
        for one in (each for each in settings.mailboxes if each.name in group):
            made = replace(
                main,
                settings=one,
                whole=settings,
                files=files[one.name],
                letters_wait=bell,
                reading=Event(),
                way_out=way,
                lane=lane,
            )
            main.others[one.name] = made
    return main.others[""]


def ways_out(mailboxes: Sequence[Settings]) -> list[tuple[str, ...]]:
    """The names of those that send through the same server, the main one's group first."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for one in mailboxes:
        names = (name for name in type(one).model_fields if name.startswith(_WAY_OUT))
        groups.setdefault(tuple(getattr(one, name) for name in names), []).append(one.name)
    return [tuple(group) for group in groups.values()]
