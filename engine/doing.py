"""`worker.py do`: an agent's commands from the command line, through the same registry as by mail.

Whoever may run it may act as any agent; what is refused leaves an event all the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from cases.agent_mail import language_of
from cases.commands.grammar import Given, names_of, read
from cases.commands.obey import on_command
from cases.commands.reading import named_case
from cases.facts import Decision, LetterRequest
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from engine import gather
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Finisher
from store import ledger, queries
from store.models import Case, EventKind
from store.values import NewEvent, Recording

TRANSCRIPT = "transcript"
SHOW_DRAFT = frozenset({"previewed", "redrafted"})
"""What a transcript says where somebody wants to read the draft."""


class NotDone(Exception):
    """The command was not carried out; the message says why and what to do."""


def do(desk: Desk, text: str, *, agent: str, number: int | None) -> list[str]:
    """Carry out commands as the agent, about the case or the whole desk; what was done and found, line by
    line in the agent's language. Raises NotDone."""
    in_force = desk.files.current
    finisher = Finisher(desk.settings, in_force.letters)
    known = in_force.rulebook.agent(agent.strip().lower())
    if known is None:
        names = ", ".join(one.address for one in in_force.rulebook.agents)
        raise NotDone(f"{agent} is no agent; rules/agents.yaml has {names}")
    try:
        given = read(text, text, names_of(in_force.rulebook.words))
    except Refusal as refusal:
        _refused(desk, number, known, refusal.say)
        raise NotDone(finisher.say(refusal.say, language_of(known))) from None
    about = _meant(number, named_case(given))
    try:
        told, draft = _carried_out(desk, in_force, finisher, known, given, about)
    except Refusal as refusal:
        _refused(desk, about, known, refusal.say)
        raise NotDone(finisher.say(refusal.say, language_of(known))) from None
    except ledger.Conflict as conflict:
        raise NotDone(f"{conflict}, so nothing was done; look at the case and try again") from None
    return [*_lines(told, finisher), *_letter(told, draft, finisher)]


def _meant(given: int | None, written: int | None) -> int | None:
    """The case that both ways to name one agree on."""
    if given is not None and written is not None and given != written:
        raise NotDone(f"--case {given} and #{written} are two cases; name one of them")
    return written if given is None else given


def _carried_out(
    desk: Desk,
    in_force: InForce,
    finisher: Finisher,
    agent: Agent,
    given: Sequence[Given],
    number: int | None,
) -> tuple[LetterRequest, Mapping[str, str]]:
    """Do it, and give what would be mailed about it, and the draft in it: the agent reads it here."""
    now = desk.clock()
    with desk.database.write() as session:
        case = _case(session, number)
        facts = gather.for_commands(
            session,
            given,
            case,
            agent,
            in_force.rulebook,
            desk.policy,
            now,
            f"do/{uuid.uuid4()}",
            in_force.answers,
        )
        facts = replace(facts, presence=desk.attendance.look(session), languages=in_force.languages)
        told, decision = _unmailed(on_command(facts, case, agent, given), agent)
        recording = finisher.finish(decision, facts, lambda: gather.original(session, case) if case else None)
        ledger.record(session, recording, now=now)
        desk.attendance.note(recording)
    return told, finisher.draft_as_it_leaves(told, decision, facts)


def _case(session: Session, number: int | None) -> Case | None:
    if number is None:
        return None
    case = queries.case(session, number, lock=True)
    if case is None:
        raise Refusal("unknown-case", number=number)
    return case


def _unmailed(decision: Decision, agent: Agent) -> tuple[LetterRequest, Decision]:
    """The agent's transcript, and the decision without it: no mail, and no reply address with it."""
    theirs = [
        one for one in decision.letters if one.template == TRANSCRIPT and one.recipient.key == agent.address
    ]
    others = tuple(one for one in decision.letters if one is not theirs[-1])
    return theirs[-1], replace(decision, letters=others)


def _refused(desk: Desk, number: int | None, agent: Agent, why: Say) -> None:
    """What was not obeyed is an event, as by mail."""
    with desk.database.write() as session:
        known = number if number is not None and queries.case(session, number) else None
        event = NewEvent(EventKind.REFUSED, str(why), agent.address)
        ledger.record(session, Recording(case_number=known, events=(event,)), now=desk.clock())


def _lines(told: LetterRequest, finisher: Finisher) -> Iterator[str]:
    language, values = told.language, told.variables
    for listing in values["lists"]:
        yield from (*_table(finisher.listed(listing, language)), "")
    for name in ("lines", "outgoing", "next"):
        for say in values[name]:
            yield finisher.say(say, language)


def _letter(told: LetterRequest, draft: Mapping[str, str], finisher: Finisher) -> Iterator[str]:
    """The draft as it would leave, for who asked to see it or had it made anew."""
    if not draft or not SHOW_DRAFT & {say.code for say in told.variables["lines"]}:
        return
    about = Say("draft-shown", {"recipient": draft["draft_to"], "subject": draft["draft_subject"]})
    yield from ("", finisher.say(about, told.language), "")
    yield from draft["draft"].splitlines()


def _table(listing: Mapping[str, Any]) -> Iterator[str]:
    """What was found, for a terminal: rows in columns, then words."""
    yield listing["title"]
    rows: Sequence[Sequence[str]] = listing["rows"]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    for theirs, text in listing["parts"]:
        yield from (f"  {line}" for line in text.splitlines()) if theirs else (text,)
