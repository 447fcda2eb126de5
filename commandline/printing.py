"""`card`: what is printed, to invite customers to complain."""

from __future__ import annotations

from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, say
from commandline.writing import shelf_of
from engine.card import Wish, made
from reports.card import Paper

SETTINGS = ("COMPLAINTS_ADDRESS", "FROM_NAME")


def card(shell: Shell, options: Options) -> int:
    """Write the invitation card."""
    shelf, out = shelf_of(shell), Path(options.out)
    ours = shell.some(SETTINGS)
    wish = Wish(
        language=shelf.language(options.lang),
        firm=ours["FROM_NAME"],
        address=ours["COMPLAINTS_ADDRESS"],
        subject=options.subject,
        cards=options.cards,
        paper=Paper(options.paper),
    )
    out.write_text(made(shelf.letters, wish, out), "utf-8")
    how = "print it at 100%, without margins, and cut it" if out.suffix.lower() == ".html" else "print it"
    say(f"{out} is written; {how}. Scan its code once before you print many")
    return 0
