"""`files`: what came with a case's mails, also what agents do not get."""

from __future__ import annotations

from pathlib import Path

from cases.attached import shortly
from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine import customers_files
from engine.customers_files import ClamdDown, Listed, Scanning
from engine.limits import READING, limits_of
from language.direction import printable
from language.sizes import file_size


def files(shell: Shell, options: Options) -> int:
    """List the files of a case, and save them where a folder is named."""
    rules = shell.rules().attachments
    limits = limits_of(shell.some(READING))
    scanner = shell.some(("CLAMAV_REMOTE", "CLAMAV", "CLAMAV_SECONDS"))
    scanning = Scanning(scanner["CLAMAV"], scanner["CLAMAV_SECONDS"])
    with shell.store() as database, database.read() as session:
        try:
            found = customers_files.of_case(session, options.case, rules, limits, scanning)
        except ClamdDown as down:
            complain(f"the files are not scanned: {down}")
            found = customers_files.of_case(session, options.case, rules, limits, Scanning())
    for one in found:
        say(_line(one))
    if not found:
        say(f"no file came with the mails of case {options.case}")
    if options.out:
        folder = Path(options.out)
        written = customers_files.save(found, folder, kept_out=options.kept_out)
        say(f"{len(written)} of {len(found)} files are written to {folder}")
        if any(one.why for one in found) and options.kept_out:
            complain("what may harm ends with .kept-out: open it only where it can harm nothing")
    return 0


def _line(one: Listed) -> str:
    seen = one.file.seen
    why = f"; kept out: {shortly(one.why)}" if one.why else ""
    claims = f"; called a {seen.claims}, is a {seen.family}" if seen.claims else ""
    return printable(f"mail {one.mail}: {seen.name}, {file_size(one.file.size, 'en')}{claims}{why}")
