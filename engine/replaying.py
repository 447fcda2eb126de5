"""`worker.py replay`: let be tried again, once its cause is mended, what had been given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from cases.rereading import is_untouched, reread
from cases.rules.rulebook import Rulebook
from engine import gather
from engine.apart import ReaderLost, ReaderProcess
from engine.desk import Desk
from engine.doing import NotDone
from engine.finish import Finisher
from engine.memory import Memory
from engine.places import folder
from engine.watching import look_ahead
from store import gone, ledger, queries, replays
from store.models import Case, EventKind, Letter, LetterState, Mail
from store.replays import SetAside
from store.values import Message, NewEvent, Recording

OPERATOR = "operator"
"""The actor of what somebody at the command line lets be tried again."""


def replay(
    desk: Desk,
    *,
    uid: int | None = None,
    number: int | None = None,
    letter: int | None = None,
    letters: bool = False,
    even_refused: bool = False,
    even_kept_back: bool = False,
) -> list[str]:
    """What `worker.py replay` does: one mail or letter, those of a case, all letters, or else all mails.

    A sentence for each, or the one that there is nothing to do. Raises NotDone.
    """
    if uid is not None:
        return mails_back(desk, uid)
    if letter is not None or letters:
        even = (even_refused, even_kept_back or letter is not None)
        said = letters_again(desk, letter=letter, even=even)
        return said or ["there is nothing to replay: every letter has left or waits for its turn"]
    if number is None:
        said = mails_back(desk) + read_again(desk)
        return said or ["there is nothing to replay: no mail is set aside, and every one was read"]
    with desk.database.read() as session:
        if queries.case(session, number) is None:
            raise NotDone(f"there is no case {number}; worker.py cases lists them")
    even = (even_refused, even_kept_back)
    said = read_again(desk, number) + letters_again(desk, number=number, even=even)
    return said or [f"there is nothing to replay of case {number}: its mails were read, its letters left"]


def mails_back(desk: Desk, uid: int | None = None) -> list[str]:
    """Give mails that were set aside back to the worker, which takes them in at its next look.

    All of them, or the one of a UID; what was done, a sentence each. Raises NotDone for an unknown UID.
    """
    with desk.database.write() as session:
        found = [one for one in replays.set_aside(session) if uid in (None, one.uid)]
        if uid is not None and not found:
            raise NotDone(f"no mail with the UID {uid} is set aside; worker.py queue lists those that are")
        if replays.give_back(session, [one.arrival_id for one in found]):
            events = tuple(_of_arrival(one) for one in found)
            ledger.record(session, Recording(events=events), now=desk.clock())
    return [f"UID {one.uid} of {one.mailbox} is taken in at the worker's next look" for one in found]


def _of_arrival(one: SetAside) -> NewEvent:
    data = {"mailbox": one.mailbox, "uidvalidity": one.uidvalidity, "uid": one.uid}
    return NewEvent(EventKind.REPLAYED, f"the mail with UID {one.uid} is taken in again", OPERATOR, data)


def read_again(desk: Desk, number: int | None = None) -> list[str]:
    """Read mails again that could not be read: of one case, or of every case that waits for a person.

    What was done, a sentence each. Each mail is read in a process apart, so that one that still kills its
    reader keeps no other from being read.
    """
    with desk.database.read() as session:
        mails = replays.unread(session, number)
    if not mails:
        return []
    reader = ReaderProcess(
        folder(desk.settings.RULES_DIR),
        folder(desk.settings.TEMPLATES_DIR),
        desk.limits,
        desk.own_addresses,
        memory=Memory.at(desk.settings.CACHE_DIR),
    )
    try:
        return [_read_again(desk, reader, mail) for mail in mails]
    finally:
        reader.stop()


def _read_again(desk: Desk, reader: ReaderProcess, mail: Mail) -> str:
    of = f"the mail of case {mail.case_number}" if mail.case_number is not None else f"mail {mail.id}"
    with desk.database.read() as session:
        raw = gone.whole(session, mail.raw_id)
    if raw is None:
        return f"{of} is no longer kept as it came, so it can't be read again"
    message, why = _understood(desk, reader, raw)
    if message is None:
        return f"{of} can still not be read: {why}"
    try:
        with desk.database.write() as session:
            return f"{of}: {_learn(desk, session, mail, message)}"
    except ledger.Conflict as conflict:
        return f"{of} was not read again: {conflict}; try once more"


def _understood(desk: Desk, reader: ReaderProcess, raw: bytes) -> tuple[Message | None, str]:
    """What the mail says, or why it can't be read."""
    reader.ask(desk.files.current.rulebook.version, [raw])
    try:
        answer = reader.answer()
    except ReaderLost as lost:
        return None, str(lost)
    if answer is None:
        return None, "the rules were changed at this moment; try again"
    message = answer[0].message
    return (None, "; ".join(message.damage)) if message.unparsed else (message, "")


def _learn(desk: Desk, session: Session, mail: Mail, message: Message) -> str:
    """Decide on what the mail says, and record it; what was done."""
    number = mail.case_number
    case = queries.case(session, number, lock=True) if number is not None else None
    desk = desk.of(case.mailbox if case else "")
    in_force, now = desk.files.current, desk.clock()
    facts = gather.for_mail(session, message, in_force.rulebook, desk.policy, now)
    facts = replace(facts, presence=desk.attendance.look(session))
    if case is not None:
        facts = replace(facts, draft=queries.latest_draft(session, case.number))
    untouched = case is not None and _nobody_acted(session, case, mail, in_force.rulebook)
    decision = reread(facts, message, case, untouched=untouched, actor=OPERATOR)
    if not replays.reread(session, mail, message, decision.mail_kind):
        return "somebody else has read it again already"
    finisher = Finisher(desk.settings, in_force.letters, desk.scans)
    original = (lambda: gather.original(session, case)) if case else (lambda: None)
    recording = finisher.finish(decision, facts, original)
    ledger.record(session, recording, now=now, mail=mail)
    look_ahead(session, recording, facts)
    return decision.events[0].text


def _nobody_acted(session: Session, case: Case, mail: Mail, rulebook: Rulebook) -> bool:
    """Whether the mail began the case, and no person has done anything with it since."""
    mails, events = queries.mails_of(session, case.number), queries.events_of(session, case.number)
    by_agents = any(rulebook.agent(event.actor) for event in events)
    return [one.id for one in mails[:1]] == [mail.id] and is_untouched(case) and not by_agents


Even = tuple[bool, bool]
"""Whether letters leave again that were refused for good, and those that are kept back after a restore."""


def letters_again(
    desk: Desk, *, letter: int | None = None, number: int | None = None, even: Even = (False, False)
) -> list[str]:
    """Queue letters again that were given up: one, those of a case, or all of what has not ended.

    Refused ones stay refused unless asked for: the server has said for good that it won't take them. So do
    those that are kept back: their customers may have them.
    What was done, a sentence each. Raises NotDone when the one that is named can't be sent again.
    """
    with desk.database.write() as session:
        if letter is None:
            found: Sequence[Letter] = replays.unsent(session, number)
        else:
            found = [_failed(session, letter)]
        return [_again(desk, session, one, even) for one in found]


def _failed(session: Session, letter_id: int) -> Letter:
    letter = replays.letter(session, letter_id)
    if letter is None:
        raise NotDone(f"there is no letter {letter_id}; worker.py queue lists those that did not leave")
    if letter.state is not LetterState.FAILED:
        raise NotDone(
            f"letter {letter_id} is {letter.state}; only one that was refused or given up is replayed"
        )
    return letter


def _again(desk: Desk, session: Session, letter: Letter, even: Even) -> str:
    name = f"letter {letter.id} ({letter.kind} to {letter.recipient})"
    even_refused, even_kept_back = even
    if replays.is_kept_back(letter) and not even_kept_back:
        return (
            f"{name} is {letter.last_error}. Where the customer has not got it: "
            f"worker.py replay --letter {letter.id}"
        )
    if replays.was_refused(letter) and not even_refused:
        return (
            f"{name} was refused for good and is not sent again: {letter.last_error}. "
            "Where the cause is mended, add --even-refused"
        )
    now = desk.clock()
    if not replays.queue_again(session, letter.id or 0, now):
        return f"{name} has been replayed already"
    text = f"{letter.kind} to {letter.recipient} is sent again as it is; it was {letter.last_error}"
    event = NewEvent(EventKind.REPLAYED, text, OPERATOR, {"letter": letter.key})
    ledger.record(session, Recording(case_number=letter.case_number, events=(event,)), now=now)
    return f"{name} leaves again, with the same bytes and Message-ID"
