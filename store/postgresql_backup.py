"""A PostgreSQL database through its own tools: pg_dump and pg_restore.

They are told where the database is by their environment: what stands on a command line, all users of the
machine can read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL

from store import tables
from store.trouble import StoreDown
from store.whole_files import whole_file

MAGIC = b"PGDMP"
ASIDE, UNFINISHED = tables.ASIDE, tables.UNFINISHED
_VARIABLES = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS"}


def dumped(url: URL, target: Path, snapshot: str) -> int:
    """Write everything that the snapshot shows into a file; its size in bytes. Raises StoreDown."""
    told = f"pg_dump --format=custom --no-owner --no-privileges --file={target} {url.database}"
    program = _found("pg_dump", f"or run this on a machine that has it: {told}")
    with whole_file(target) as part:
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"]
        _run(url, [program, *options, f"--snapshot={snapshot}", f"--file={part}"])
        assure(part)
        return part.stat().st_size


def assure(backup: Path) -> None:
    """Raise StoreDown when a file is no dump that pg_restore can read, of this program's tables."""
    program = _found("pg_restore", "or restore where it is")
    with backup.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise StoreDown(f"{backup} is no backup of Peygir: it is not in pg_dump's custom format")
    contents = _run(None, [program, "--list", str(backup)])
    if not all(f" TABLE DATA public {table} " in contents for table in ("alembic_version", "case", "mail")):
        raise StoreDown(f"{backup} is no backup of Peygir: it has other tables, or none")


def loaded(url: URL, backup: Path) -> None:
    """Fill a database without tables from a dump, all of it or nothing. Raises StoreDown."""
    program = _found("pg_restore", "or restore where it is")
    whole = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run(url, [program, *whole, f"--dbname={url.database}", str(backup)])


def environment_of(url: URL) -> dict[str, str]:
    """The variables by which PostgreSQL's programs find a database and log in to it."""
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    given = {
        "PGHOST": query.get("host") or url.host or "",
        "PGPORT": query.get("port") or (str(url.port) if url.port else ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.database or "",
    }
    given |= {variable: query[name] for name, variable in _VARIABLES.items() if name in query}
    return {name: value for name, value in given.items() if value}


def _found(program: str, otherwise: str) -> str:
    if found := shutil.which(program):
        return found
    advice = "install PostgreSQL's client programs (postgresql-client)"
    raise StoreDown(f"{program} is not installed here; {advice}, {otherwise}")


def _run(url: URL | None, words: Sequence[str]) -> str:
    environment = dict(os.environ) | (environment_of(url) if url else {})
    done = subprocess.run(list(words), env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split())[:500] or f"it ended with {done.returncode}"
        raise StoreDown(f"{Path(words[0]).name} failed: {said}")
    return done.stdout
