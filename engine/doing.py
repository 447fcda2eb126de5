"""`worker.py do`: an agent's commands from the command line, through the same registry as by mail.

Whoever may run it may act as any agent; what is refused leaves an event all the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from cases.agent_mail import language_of
from cases.commands.grammar import Given, names_of, read
from cases.commands.obey import on_command
from cases.commands.reading import named_case
from cases.decision import Decision, LetterRequest
from cases.facts import Facts, Listing
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from engine import gather
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Finisher
from engine.learned import with_learned
from engine.watching import look_ahead
from language.normalise import normalise
from language.trouble import Trouble
from store import ledger, lists, queries
from store.models import Case, EventKind
from store.values import NewEvent, Recording

TRANSCRIPT = "transcript"
SHOW_DRAFT = frozenset({"previewed", "redrafted"})
"""What a transcript says where somebody wants to read the draft."""


NEXT = {
    "next-approve": "approve",
    "next-resolve": "resolve",
    "next-undo": "undo",
    "next-take": "take",
}
"""Commands that may follow, by the sentence that would ask for a reply with them."""


class NotDone(Trouble):
    """The command was not carried out; the message says why and what to do."""

    def __init__(self, why: str, shown: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.shown = tuple(shown)
        """What the person has to read before trying again."""


class _Unseen(Exception):
    """The draft that would be approved, which the agent was never shown."""

    def __init__(self, version: int, draft: Mapping[str, Any]) -> None:
        super().__init__(version)
        self.version, self.draft = version, draft


def do(desk: Desk, text: str, *, agent: str, number: int | None, seen: int | None = None) -> list[str]:
    """Carry out commands as the agent, about the case or the whole desk; what was done and found, line by
    line in the agent's language. `seen` is the version of the draft that was read. Raises NotDone."""
    in_force = desk.files.current
    finisher = Finisher(desk.settings, in_force.letters, desk.scans)
    known = called(agent, in_force.rulebook)
    try:
        given = read(text, text, names_of(in_force.rulebook.words))
    except Refusal as refusal:
        _refused(desk, number, known, refusal.say)
        raise NotDone(_said(refusal.say, finisher, language_of(known))) from None
    about = _meant(number, named_case(given))
    home = _home(desk, about)
    if home is not desk:
        desk, in_force = home, home.files.current
        finisher = Finisher(desk.settings, in_force.letters, desk.scans)
        known = called(agent, in_force.rulebook)
    try:
        told, draft = _carried_out(desk, in_force, finisher, known, given, about, seen)
    except Refusal as refusal:
        _refused(desk, about, known, refusal.say)
        raise NotDone(_said(refusal.say, finisher, language_of(known))) from None
    except _Unseen as unseen:
        why = Say("unseen-here", {"version": unseen.version})
        _refused(desk, about, known, why)
        shown = _draft(unseen.draft, finisher, language_of(known))
        raise NotDone(finisher.say(why, language_of(known)), tuple(shown)) from None
    except ledger.Conflict as conflict:
        raise NotDone(f"{conflict}, so nothing was done; look at the case and try again") from None
    lines = "\n".join((*_lines(told, finisher), *_letter(told, draft, finisher)))
    return lines.strip("\n").split("\n")


def called(written: str, rulebook: Rulebook) -> Agent:
    """The agent of that address or name. Raises NotDone."""
    wanted = normalise(written)
    found = [one for one in rulebook.agents if wanted in (one.address, normalise(one.name))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one.name} <{one.address}>" for one in rulebook.agents)
    raise NotDone(f"{written} is no agent; rules/agents.yaml has {names}")


def unseen(facts: Facts, given: Sequence[Given], shown: Collection[int], seen: int | None) -> int | None:
    """The version that would be approved by somebody who can't have read it; None when all is well.

    Who approves their own words, just written, knows them.
    """
    names = [one.name for one in given]
    if "approve" not in names or "edit" in names[: names.index("approve")]:
        return None
    taken_back = facts.leaving.version if facts.leaving and "undo" in names else None
    version = taken_back or (facts.draft.version if facts.draft else None)
    known = shown if seen is None else (seen,)
    return None if version in known else version


def _meant(given: int | None, written: int | None) -> int | None:
    """The case that both ways to name one agree on."""
    if given is not None and written is not None and given != written:
        raise NotDone(f"--case {given} and #{written} are two cases; name one of them")
    return written if given is None else given


def _home(desk: Desk, number: int | None) -> Desk:
    """The desk of the case's mailbox."""
    if number is None or not desk.several:
        return desk
    with desk.database.read() as session:
        case = queries.case(session, number)
    return desk.of(case.mailbox) if case else desk


def _carried_out(
    desk: Desk,
    in_force: InForce,
    finisher: Finisher,
    agent: Agent,
    given: Sequence[Given],
    number: int | None,
    seen: int | None,
) -> tuple[LetterRequest, Mapping[str, Any]]:
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
        facts = with_learned(facts, None, in_force.learned)
        told, decision = _unmailed(on_command(facts, case, agent, given), agent)
        shown = lists.versions_shown(session, case.number, agent.address) if case else ()
        if version := unseen(facts, given, shown, seen):
            looked, nothing = _unmailed(on_command(facts, case, agent, [Given("preview", "")]), agent)
            raise _Unseen(version, finisher.draft_as_it_leaves(looked, nothing, facts))
        recording = finisher.finish(decision, facts, lambda: gather.original(session, case) if case else None)
        ledger.record(session, recording, now=now)
        look_ahead(session, recording, facts)
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


def _said(say: Say, finisher: Finisher, language: str) -> str:
    """The sentence, as it is meant at a command line."""
    if command := NEXT.get(say.code):
        return finisher.say(Say("next-here", {"command": command}), language)
    if say.code == "which-case":
        say = Say("which-case-here", say.values)
    return finisher.say(say, language)


def _lines(told: LetterRequest, finisher: Finisher) -> Iterator[str]:
    language, values = told.language, told.variables
    headline = values["headline"] if values["lines"] else ""
    for say in (headline, *values["lines"]):
        if say:
            yield _said(say, finisher, language)
    for listing in values["lists"]:
        yield from ("", *_table(listing, finisher, language))
    following = [*values["outgoing"], *values["next"]]
    if following and values["lists"]:
        yield ""
    for say in following:
        yield _said(say, finisher, language)


def _letter(told: LetterRequest, draft: Mapping[str, Any], finisher: Finisher) -> Iterator[str]:
    """The draft as it would leave, for who asked to see it or had it made anew."""
    said = {say.code for say in told.variables["lines"]}
    if draft and SHOW_DRAFT & said:
        yield from _draft(draft, finisher, told.language)
    elif draft and "edited" in said:
        yield from _advice(draft, finisher, told.language)


def _draft(draft: Mapping[str, Any], finisher: Finisher, language: str) -> Iterator[str]:
    about = Say("draft-shown", {"recipient": draft["draft_to"], "subject": draft["draft_subject"]})
    yield from ("", finisher.say(about, language), "")
    yield from (*draft["draft"].splitlines(), "")
    yield from _advice(draft, finisher, language)


def _advice(draft: Mapping[str, Any], finisher: Finisher, language: str) -> Iterator[str]:
    """What may be looked at in its tone."""
    if draft["advice"]:
        yield finisher.say(Say("tone-shown"), language)
        yield from (*(f"- {line}" for line in draft["advice"]), "")


def _table(listing: Listing, finisher: Finisher, language: str) -> Iterator[str]:
    """What was found, for a terminal: rows in columns below their names, then words."""
    found = finisher.listed(listing, language)
    yield found["title"]
    rows: Sequence[Sequence[str]] = found["rows"]
    if rows:
        names = [finisher.say(Say("cell-column", {"column": one}), language) for one in listing.columns]
        widths = [max(len(cell) for cell in column) for column in zip(names, *rows, strict=True)]
        for row in (names, *rows):
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    for theirs, text in found["parts"]:
        yield from (f"  {line}" for line in text.splitlines()) if theirs else (text,)
