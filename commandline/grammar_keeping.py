"""The grammar of what keeps everything: backup, restore, import."""

from __future__ import annotations

import argparse
from collections.abc import Callable

BACKUP = """examples:
  worker.py backup /backups/peygir-$(date +%F).backup
  worker.py backup --force /backups/newest.backup

It may be run while the worker runs. The file is readable by its owner alone: it holds customers' mail."""
RESTORE = """examples:
  worker.py restore /backups/peygir-2026-03-01.backup
  worker.py restore --force /backups/peygir-2026-03-01.backup

What happened after the backup is not in it, so nothing that may have been sent is sent again: letters that
wait in it are kept back (worker.py queue lists them), and mail that came since is taken in again, with no
acknowledgement."""
IMPORT = """examples:
  worker.py import old/Inbox.mbox old/Sent.mbox
  worker.py import --ours support@example.com archive/ 2019.mbox.gz

It may be stopped at any moment and begun again: what is there already is left out."""


def keeping_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What operators do with all that is stored."""
    made = add("backup", "copy all that is stored into one file, as it is at this moment")
    _with_examples(made, BACKUP)
    made.add_argument("file", metavar="FILE", help="the file to write; it is there whole or not at all")
    made.add_argument("--force", action="store_true", help="replace a file of that name")
    made = add("restore", "let a backup be the database, with nobody answered twice; stop the worker first")
    _with_examples(made, RESTORE)
    made.add_argument("file", metavar="FILE", help="what worker.py backup has written")
    made.add_argument(
        "--force",
        action="store_true",
        help="also where the database holds something, which is kept under another name",
    )
    made = add("import", "take old mail in as cases, answering nobody")
    _with_examples(made, IMPORT)
    made.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="an mbox (also .gz), a Maildir, a folder of .eml files, or one .eml; several belong together, "
        "such as Inbox and Sent",
    )
    made.add_argument(
        "--open",
        action="store_true",
        help="leave the cases open that nobody has answered; without it all are closed",
    )
    made.add_argument(
        "--ours",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="another address that answers were sent from, beside the complaints address and the agents'; "
        "may be given several times",
    )


def _with_examples(made: argparse.ArgumentParser, examples: str) -> None:
    made.epilog = examples
    made.formatter_class = argparse.RawDescriptionHelpFormatter
