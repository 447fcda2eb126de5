"""The grammar of logging in."""

from __future__ import annotations

import argparse
from collections.abc import Callable

AUTH = (
    "let Peygir log in by OAuth (Gmail, Microsoft 365, or a provider of your own): shows an address to open "
    "in any browser, keeps the consent, and tries the mailbox and the way out with it"
)
EXAMPLES = """examples:
  worker.py auth                        consent for the main mailbox
  worker.py auth --mailbox returns      for another one (MAILBOXES)
  worker.py auth --check                only try whether it works"""


def access_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """How a person consents."""
    made = add("auth", AUTH)
    made.epilog = EXAMPLES
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "--mailbox", default="", metavar="NAME", help="a further mailbox (default: the main one)"
    )
    made.add_argument(
        "--check", action="store_true", help="ask for no consent; try the mailbox and the way out"
    )
    made.add_argument(
        "--browser",
        action="store_true",
        help="consent in a browser instead of by a code, where your organisation forbids codes",
    )
