"""`backup` and `restore`: a copy of all that is stored, and a copy that becomes the database again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL
from sqlmodel import Session

from engine import alive
from language.sizes import file_size
from language.trouble import Trouble
from store import inventories, postgresql_backup, restores, sqlite_backup, tables
from store.database import Database, NotThere, StoreDown, understood
from store.inventories import Inventory
from store.models import Restore

_SCHEMA = "public"


class NotPossible(Trouble):
    """Nothing was changed; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """What a restore has done."""

    inventory: Inventory
    restore: Restore
    aside: str
    """Where what was there before is kept; "" where there was nothing."""


def back_up(url: str, target: Path, *, force: bool) -> Inventory:
    """Copy the database as it is at this moment, whether or not a worker runs. Raises Trouble."""
    if target.exists() and not force:
        raise NotPossible(f"{target} is there already; name another file, or add --force to replace it")
    if not target.absolute().parent.is_dir():
        raise NotPossible(f"there is no folder {target.absolute().parent}; make it first")
    place = understood(url)
    _assure_apart(place, target)
    with closing(Database(url, make=False)) as database:
        if place.get_backend_name() == "sqlite":
            return sqlite_backup.copied(_file_of(place), target)
        with inventories.unchanging(database) as session:
            found = inventories.of(session)
            return found.sized(postgresql_backup.dumped(place, target, inventories.snapshot(session)))


def put_back(url: str, backup: Path, *, force: bool, now: datetime) -> PutBack:
    """Let a backup be the database. Raises Trouble, with all as it was before."""
    if not backup.is_file():
        raise NotPossible(f"there is no file {backup}")
    place = understood(url)
    sqlite = place.get_backend_name() == "sqlite"
    _assure_apart(place, backup)
    _assure_kind(backup, sqlite=sqlite)
    _assure_free(url, force=force, now=now)
    return _into_file(place, backup, now) if sqlite else _into_server(url, place, backup, now)


def _assure_apart(place: URL, backup: Path) -> None:
    """Refuse the database itself as its backup: whoever writes to it meanwhile would write to nothing."""
    if place.get_backend_name() != "sqlite":
        return
    own = [Path(f"{_file_of(place)}{ending}").resolve() for ending in ("", *sqlite_backup.BESIDE)]
    if backup.resolve() in own or (backup.exists() and own[0].exists() and backup.samefile(own[0])):
        raise NotPossible(f"{backup} is the database itself, or a part of it; name another file")


def _assure_kind(backup: Path, *, sqlite: bool) -> None:
    """Refuse a backup of the other kind of database by its right name."""
    with backup.open("rb") as file:
        start = file.read(len(sqlite_backup.MAGIC))
    is_dump = start.startswith(postgresql_backup.MAGIC)
    if sqlite and is_dump:
        raise NotPossible(f"{backup} is a backup of PostgreSQL, and DATABASE_URL names a file of SQLite")
    if not sqlite and start == sqlite_backup.MAGIC:
        raise NotPossible(
            f"{backup} is a backup of SQLite, and DATABASE_URL names PostgreSQL; to move from one to the "
            "other, restore it to a file, then write everything out with export --all, and import that"
        )


def _assure_free(url: str, *, force: bool, now: datetime) -> None:
    """Refuse while a worker runs, and where there is something to lose."""
    try:
        with closing(Database(url, make=False)) as database, database.read() as session:
            if not inventories.has_tables(session):
                return
            living, empty = alive.living(session, now), inventories.is_empty(session)
    except NotThere:
        return
    except StoreDown as down:
        if not force:
            advice = "if it is lost, see that no worker runs and add --force: it is kept under another name"
            raise NotPossible(f"{down}; {advice}") from down
        return
    if living:
        raise NotPossible(f"a worker runs ({', '.join(living)}); stop it first: nothing was changed")
    if not empty and not force:
        advice = "add --force to put the backup in its place; what is there is kept under another name"
        raise NotPossible(f"{database.where} holds cases or mails; {advice}")


def _into_file(place: URL, backup: Path, now: datetime) -> PutBack:
    path = _file_of(place)
    found = sqlite_backup.inventory(backup)
    _assure_known(backup, found)
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%S}")
    with sqlite_backup.in_place_of(path, backup, aside) as copy:
        restore = _ready(str(place.set(database=str(copy))), now)
    return PutBack(found, restore, str(aside) if aside.exists() else "")


def _into_server(url: str, place: URL, backup: Path, now: datetime) -> PutBack:
    postgresql_backup.assure(backup)
    aside = f"{postgresql_backup.ASIDE}{now:%Y%m%d_%H%M%S}"
    with closing(Database(url)) as database:
        with database.write() as session:
            kept, was_there = _out_of_the_way(session, f"{aside}{postgresql_backup.UNFINISHED}")
        try:
            postgresql_backup.loaded(place, backup)
            restore = _ready(url, now)
            with database.write() as session:
                inventories.call_schema(session, kept, aside)  # from here on a worker may begin
        except BaseException:
            with database.write() as session:
                inventories.put_back_schema(session, kept, _SCHEMA)
            raise
        with database.read() as session:
            found = inventories.of(session).sized(backup.stat().st_size)
    return PutBack(found, restore, f"the schema {aside}" if was_there else "")


def _out_of_the_way(session: Session, aside: str) -> tuple[str, bool]:
    """Where what was there before is kept, and whether there was anything; no worker begins until the end.

    A restore that was broken off has kept it already: only what that one brought goes.
    """
    if kept := inventories.unfinished(session):
        inventories.empty_schema(session, _SCHEMA)
        return kept, inventories.has_tables(session, kept)
    was_there = inventories.has_tables(session)
    inventories.rename_schema(session, _SCHEMA, aside)
    return aside, was_there


def _assure_known(backup: Path, found: Inventory) -> None:
    if not tables.is_known(found.revision):
        raise NotPossible(
            f"{backup} was made by a newer version of Peygir (it stands at {found.revision}); "
            "restore it with that version"
        )


def _ready(url: str, now: datetime) -> Restore:
    """Bring the tables up to this version, and see that no worker does again what was done."""
    with closing(Database(url)) as database:
        database.migrate(restoring=True)
        with database.write() as session:
            return restores.settle(session, now)


def _file_of(place: URL) -> Path:
    return Path(place.database or "")


def told_of(found: Inventory) -> str:
    """What a backup holds, in words."""
    return f"{found.cases:,} cases, {found.mails:,} mails, {file_size(found.size, 'en')}"
