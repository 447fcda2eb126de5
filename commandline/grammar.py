"""The grammar of the command line: names, options, and what each is for."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable
from datetime import date, timedelta

from commandline.grammar_access import access_commands
from commandline.grammar_doctor import doctor_command
from commandline.grammar_keeping import keeping_commands
from commandline.grammar_privacy import privacy_commands
from commandline.grammar_shell import shell_commands
from commandline.numbers import number

Options = argparse.Namespace
REPLAY = (
    "try again what was given up, once its cause is mended: all mails that were set aside or could not be "
    "read, or what an option names; worker.py queue lists it, and doing it twice does no harm"
)
BEGIN = """worker.py COMMAND --help says more of each. Begin with worker.py demo, which needs nothing; then
write .env, try worker.py doctor, and start worker.py run. The exit code is 2 for what was written wrongly,
and 1 for trouble."""
WIDTH = 100
SINCE = re.compile(r"(\d{1,4})([hdw])")
EXAMPLES = """examples:
  worker.py do queue --as sam@example.com
  worker.py do 'note she phoned' --as Sam --case 1042
  worker.py do 'edit
  Dear Ann,

  your parcel leaves tomorrow, at our cost.
  end
  approve' --as Sam --case 1042"""


def since(written: str) -> timedelta | date:
    """How far back: "30d", "4w", "12h", or a day, "2026-03-01"; what to write instead of any other."""
    if found := SINCE.fullmatch(written.strip().lower()):
        return int(found[1]) * {"h": timedelta(hours=1), "d": timedelta(1), "w": timedelta(7)}[found[2]]
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        advice = "write how far back (12h, 30d, 4w) or from which day on (2026-03-01)"
        raise argparse.ArgumentTypeError(f"'{written}' is neither; {advice}") from None


def rule_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What admins ask of their rules."""
    made = add("explain", "tell what the rules make of a mail: every rule that hit or nearly hit, and why")
    made.add_argument(
        "what", metavar="FILE|CASE", help="a mail file, - for standard input, or the number of a case"
    )
    made.add_argument("--json", action="store_true", help="for programs")
    rules = add("rules", "try changed rules, let phrases be suggested, write schemas for editors")
    what = rules.add_subparsers(dest="rules_command", required=True, metavar="COMMAND")
    tried = "show what a changed rule folder would decide on stored mail; nothing is changed by it"
    made = what.add_parser("try", help=tried, description=tried)
    made.add_argument("--rules", required=True, metavar="DIR", help="the changed folder")
    made.add_argument(
        "--labels",
        action="store_true",
        help="also against agents' corrections and approvals: better or worse",
    )
    made.add_argument(
        "--limit", type=whole, default=20, metavar="N", help="show so many of the cases that change (20)"
    )
    told = "suggest phrases that would have caught what agents corrected, as lines to paste"
    also = what.add_parser("suggest", help=told, description=told)
    for one in (made, also):
        one.add_argument(
            "--since",
            type=since,
            metavar="30d",
            help="only cases opened since then: 12h, 30d, 4w, 2026-03-01",
        )
        one.add_argument("--json", action="store_true", help="for programs")
    told = "write the schemas of the rule files, by which editors help while one types, into DIR/schemas"
    made = what.add_parser("schema", help=told, description=told)
    made.add_argument("--rules", metavar="DIR", help="the rule folder (default: RULES_DIR)")


def letter_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What admins ask of their letters."""
    what = add("templates", "tell what a letter may say, and show what letters look like").add_subparsers(
        dest="templates_command", required=True, metavar="COMMAND"
    )
    told = "tell what a letter may say: its words in {{ }}, each with a sample, and how they may be written"
    made = what.add_parser("vars", help=told, description=told)
    made.add_argument("letter", metavar="LETTER", help="such as ack_complaint, or late for answer/late")
    made.add_argument("--lang", default="en", metavar="LANGUAGE", help="of the samples (en)")
    made.add_argument("--json", action="store_true", help="for programs")
    told = "show letters as they would leave, filled in with sample cases, on a page for your browser"
    made = what.add_parser("preview", help=told, description=told)
    made.add_argument("letter", nargs="?", metavar="LETTER", help="such as ack_complaint or answer/late")
    made.add_argument("--all", action="store_true", help="every letter, in every language")
    made.add_argument("--lang", metavar="LANGUAGE", help="such as fa; without it, every language")
    made.add_argument(
        "--case",
        metavar="CASE",
        default="",
        help="one sample case: full, bare (only what must be given), ours, third-party, customer, unknown, "
        "question, praise, score-3, turn-2 …; without it, all that differ",
    )
    made.add_argument("--out", required=True, metavar="FILE.html", help="where the page is written")


def card_command(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What invites customers to complain."""
    made = add(
        "card",
        "make the invitation card for a parcel or a counter: the address, and a code that opens a mail",
    )
    made.add_argument("--lang", default="en", metavar="LANGUAGE", help="fa, he, ar, en … (en)")
    made.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help="FILE.svg: one card as a picture; FILE.html: a sheet to print and cut, also as PDF",
    )
    made.add_argument(
        "--cards",
        type=int,
        choices=(1, 2, 4, 8),
        default=4,
        help="how many cards a sheet has: of A4, each is A4, A5, A6 (4, the default) or A7",
    )
    made.add_argument("--paper", choices=("a4", "letter"), default="a4", help="the sheet (a4)")
    made.add_argument(
        "--subject",
        default="",
        metavar="TEXT",
        help="of the mail that the code opens, such as the name of the shop (default: the letter's)",
    )


def report_command(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The page and its figures."""
    made = add(
        "report", "write the page: the figures of a time beside those of the time before, in one HTML file"
    )
    made.add_argument("--out", required=True, metavar="FILE.html", help="where the page is written")
    made.add_argument(
        "--from",
        dest="written_from",
        default="",
        metavar="WHEN",
        help="the first day (2026-03-01 or 1404-12-10), or a whole time: 'last month', 'this week', "
        "'30 days' … (default: a quarter of a year up to now)",
    )
    made.add_argument(
        "--to", dest="written_to", default="", metavar="WHEN", help="the last day (default: today)"
    )
    made.add_argument("--lang", default="", metavar="LANGUAGE", help="en, fa, he or ar (default: en)")
    made.add_argument("--csv", metavar="DIR", help="every figure too, as a CSV file a table")
    made.add_argument("--json", metavar="FILE", help="every figure too, as JSON")
    made.add_argument(
        "--as",
        dest="agent",
        metavar="AGENT",
        help="who reads it: figures by agent are shown to admins and owners alone",
    )


def whole(written: str) -> int:
    """A number of things to show; raises ValueError for less than none."""
    value = int(written)
    if not 0 <= value < 2**31:
        raise ValueError(written)
    return value


def parser() -> argparse.ArgumentParser:
    """Reads the command line; in its answer `command` is the name of the command."""
    whole = argparse.ArgumentParser(
        prog="worker.py",
        description="Peygir: a worker that handles complaints by e-mail.",
        epilog=BEGIN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    made = add("demo", "tell the whole story on an embedded mail host; nothing has to be set up")
    made.add_argument(
        "--dir", default="demo-run", metavar="DIR", help="where mails and database go (default: demo-run)"
    )
    made.add_argument(
        "--pace",
        type=float,
        default=1.0,
        metavar="N",
        help="how long to pause for reading; 0: not at all (1)",
    )
    made = add("run", "run the worker: read mail, decide, send letters, until it is ended by SIGTERM")
    made.add_argument("--once", action="store_true", help="read, decide, send what is due, and end; for cron")
    add(
        "check",
        "look at settings, rules, letters and connections, and tell every problem; exit 1 when there is one",
    )
    doctor_command(add)
    made = add("parse", "tell what is understood of mails in files, a JSON object a line")
    made.add_argument("--jsonl", action="store_true", help="accepted for clarity: the output is JSON lines")
    made.add_argument("files", nargs="+", metavar="FILE", help="a mail; - is standard input")
    made = add("classify", "classify mails that are given as JSON lines on standard input: id, subject, text")
    made.add_argument("--jsonl", action="store_true", help="accepted for clarity: both ends are JSON lines")
    made = add(
        "learn",
        "learn from corrections that are given as JSON lines: id, subject, text, category, kind",
    )
    made.add_argument("--jsonl", action="store_true", help="accepted for clarity: both ends are JSON lines")
    rule_commands(add)
    letter_commands(add)
    card_command(add)
    for name, text in (
        ("cases", "list all cases, each with its number and state"),
        ("events", "list the audit log: who did what, when, and from which mail"),
        ("queue", "list what waits for a person, in the order to take it"),
        ("status", "tell how it is, for people and probes; exit 0: fine, 1: trouble, 3: it can't be told"),
    ):
        made = add(name, text)
        made.add_argument("--json", action="store_true", help="for programs")
        if name == "events":
            made.add_argument("--limit", type=number, metavar="N", help="only the last N")
    report_command(add)
    made = add("show", "show one case, whole: facts, mails, letters, events")
    made.add_argument("case", type=number, metavar="CASE", help="the number of the case")
    made.add_argument("--json", action="store_true", help="for programs")
    made.add_argument("--all", action="store_true", help="letters to agents and refused commands too")
    made = add("do", "carry out an agent's commands, as if they had come by mail; all are done or none")
    made.epilog = EXAMPLES
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "command_text",
        metavar="'COMMAND …'",
        help="a command, or several, one a line; worker.py do help --as AGENT lists them",
    )
    made.add_argument(
        "--as", dest="agent", required=True, metavar="AGENT", help="the agent's address or name"
    )
    made.add_argument("--case", type=number, metavar="N", help="the number of the case that they are about")
    made.add_argument(
        "--seen",
        type=number,
        metavar="VERSION",
        help="the version of the draft that you have read, where approve is for one that was never mailed "
        "to the agent",
    )
    made = add("replay", REPLAY)
    which = made.add_mutually_exclusive_group()
    which.add_argument("--uid", type=number, metavar="UID", help="one mail that was set aside")
    which.add_argument(
        "--case", type=number, metavar="N", help="the unread mails and unsent letters of a case"
    )
    which.add_argument("--letter", type=number, metavar="ID", help="one letter that did not leave")
    which.add_argument("--letters", action="store_true", help="every letter that was given up")
    made.add_argument(
        "--even-refused", action="store_true", help="letters too that a server refused for good"
    )
    made.add_argument(
        "--even-kept-back",
        action="store_true",
        help="letters too that are kept back after a restore, since their customers may have them",
    )
    keeping_commands(add)
    privacy_commands(add)
    access_commands(add)
    shell_commands(add)
    in_sentences(whole)
    return whole


def in_sentences(made: argparse.ArgumentParser) -> None:
    """Let every command's own help begin with what it does, as a sentence in lines of a usual width."""
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                told = (each.description or "").strip()
                each.description = textwrap.fill(f"{told[:1].upper()}{told[1:]}.", WIDTH)
                in_sentences(each)
