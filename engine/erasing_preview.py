"""What erasing somebody would do, in words, before anything is done."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlmodel import Session

from language.trouble import Trouble
from store import whose
from store.counting_them import Counted, counted
from store.database import Database
from store.values import canonical
from store.whose import Whose

BACKUPS = (
    "backups that were made before still have all of it: delete them, or erase again after restoring one"
)
SERVER = "the mails themselves still lie on the mail server; delete them there"


class NotThem(Trouble):
    """This can't be erased or exported; the message says why, and what to write instead."""


def find(database: Database, address: str | None, case: int | None, ours: Collection[str]) -> Whose:
    """Whose data it is about. Raises NotThem where that is nobody, or somebody of the firm."""
    with database.read() as session:
        if case is not None:
            return _of_case(session, case)
        wanted = (address or "").strip()
        if wanted.count("@") != 1 or any(sign.isspace() for sign in wanted) or not wanted.strip("@"):
            raise NotThem(f"'{wanted}' is no address; write one such as ann@example.com")
        if canonical(wanted) in {canonical(one) for one in ours}:
            raise NotThem(f"{wanted} is an address of your own (rules/agents.yaml, COMPLAINTS_ADDRESS)")
        found = whose.find(session, wanted)
    # Who is called as somebody of the firm is: a word alone means that one too, as under letters to others.
    shared = (word for word in found.only_theirs if any(word in one.lower() for one in ours))
    return replace(found, only_theirs=tuple(sorted({*found.only_theirs} - {*shared})))


def _of_case(session: Session, number: int) -> Whose:
    found = whose.of_case(session, number)
    if not found.cases:
        raise NotThem(f"there is no case {number}; worker.py cases lists them")
    return found


def preview(session: Session, of: Whose) -> list[str]:
    """What would go, line by line; nothing where nothing is kept."""
    count = counted(session, of)
    return list(_lines(of, count)) if count.anything else []


def _lines(of: Whose, count: Counted) -> Iterator[str]:
    if of.address:
        others = [one for one in of.spellings if one != of.address]
        yield _listed(f"{of.address}", "also written", others) + _listed("", "called", of.names)
    yield _listed(f"cases of theirs: {len(of.cases)}", "", of.cases)
    if count.still_open:
        yield _listed("  still open, and closed by this", "", count.still_open)
    for number, people in count.also_wrote.items():
        yield (
            f"  in case {number} {', '.join(people)} wrote too: that goes with the case; to keep a matter of "
            f"theirs, give it a case of its own first (worker.py do 'split …' --as AGENT --case {number})"
        )
    if count.owed:
        yield _listed("  with something promised or offered that is not done yet", "", count.owed)
    if of.shared:
        yield _listed(f"cases of others in which they have a part: {len(of.shared)}", "", of.shared)
        yield "  there only what they wrote goes, and what was written to them"
    for name, many in count.rows.items():
        yield f"{name}: {many}"
    if count.unsent:
        yield f"  of the letters, not sent yet and withdrawn: {count.unsent}"
    if count.opted_out:
        yield "their wish not to be asked goes too: who writes again may be asked again, and may say no again"
    if count.named:
        yield f"texts of agents elsewhere that name them, and will no longer: {count.named}"
    if count.named_by_others:
        yield f"mails of other people that name them: {count.named_by_others}; their writers keep them"
    yield "what stays: numbers, dates, causes and amounts, for the figures and the books, and tells of nobody"


def _listed(what: str, how: str, items: Collection[object]) -> str:
    shown = [str(one) for one in items][:20]
    more = f" and {len(items) - len(shown)} more" if len(items) > len(shown) else ""
    return f"{what} ({f'{how} ' if how else ''}{', '.join(shown)}{more})" if shown else what
