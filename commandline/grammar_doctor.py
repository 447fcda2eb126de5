"""The grammar of `doctor`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from settings.checks import address

EXAMPLES = """examples:
  worker.py doctor
  worker.py doctor --mail sample.eml          # a mail that came to the mailbox, or a letter of yours that
                                              # came to Gmail or elsewhere, saved with all its headers
  worker.py doctor --send me@example.org      # sends a true letter there, and one to itself"""


def doctor_command(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What tries everything."""
    made = add(
        "doctor",
        "try everything that the worker needs, and say in plain words what is wrong and what to do; exit 1 "
        "when something is",
    )
    made.epilog = EXAMPLES
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "--mail",
        metavar="SAMPLE.eml",
        help="also read this mail's headers: what TRUSTED_AUTHSERV_ID must be, SPF, DKIM and DMARC",
    )
    made.add_argument(
        "--send",
        type=_address,
        metavar="ADDRESS",
        help="also send a test letter there, and one to a reply address of our own, and wait for that one",
    )
    made.add_argument("--json", action="store_true", help="for programs")


def _address(written: str) -> str:
    try:
        return address(written)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None
