"""The grammar of privacy: what is kept about a customer, given out or erased."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from commandline.numbers import number

EXPORT = """examples:
  worker.py export ann@example.com --out ann.zip
  worker.py export ann@example.com --out ann-folder/
  worker.py export --case 1042 --out case-1042.zip
  worker.py export --all --out everything/

Read it before you hand it over: it has agents' notes, and perhaps what other people wrote."""
ERASE = """examples:
  worker.py erase ann@example.com            shows what would go, and changes nothing
  worker.py erase ann@example.com --yes      erases it; there is no way back
  worker.py erase --case 1042 --yes          a customer without an address

It may be run while the worker runs, ended at any moment, and run again. What figures count stays, of nobody.
Mail that is still on the server can't bring it back; delete it there yourself, and old backups too."""


def privacy_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What a customer may ask for."""
    export_command(add("export", "write down all that is kept about a customer, to read and to hand over"))
    made = add("erase", "erase a customer: first what would go, with --yes for good")
    _with_examples(made, ERASE)
    _whose(made)
    made.add_argument("--yes", action="store_true", help="erase it now; there is no way back")


def export_command(made: argparse.ArgumentParser) -> None:
    """Of one customer, or of all."""
    _with_examples(made, EXPORT)
    which = _whose(made)
    which.add_argument("--all", action="store_true", help="everything that is stored, for other programs")
    made.add_argument(
        "--out",
        metavar="FILE",
        default="",
        help="a new FILE.zip, or a new folder (default: one of this day's name); with --all a new folder",
    )


def _whose(made: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "address", nargs="?", metavar="ADDRESS", help="the customer's address; +tags of it are the same one"
    )
    which.add_argument(
        "--case", type=number, metavar="N", help="one case instead, such as that of a customer without one"
    )
    return which


def _with_examples(made: argparse.ArgumentParser, examples: str) -> None:
    made.epilog = examples
    made.formatter_class = argparse.RawDescriptionHelpFormatter
