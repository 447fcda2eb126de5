"""`worker.py explain`: a mail of a file, or what a case began with, and all that the rules make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.assigning import Matter, members, routed
from cases.own_lists import as_its_writers
from cases.rules.explaining import explained
from cases.rules.holding import Around
from cases.rules.past import MOST, Past
from cases.rules.rulebook import Rulebook
from engine.doing import NotDone
from engine.learned import joined, ruled
from engine.understanding import around as around_it
from engine.understanding import found_in
from inbox.mime.limits import Limits
from inbox.parse import parse
from language.detect import likely
from learning.model import Model
from learning.suggesting import rules_decide
from reports.explanation import Routing, Then, Whole
from store import gone, openings, queries
from store.models import Case, EventKind, MailKind
from store.openings import Opening
from store.packing import Damaged
from store.values import LEARNED, MAIN, RULES, Attachment, Message, Verdict

NOTHING_LEARNED = "nothing has been learned from corrections yet, or learning is off"
RULES_DECIDE = "does not count: the rules decide here"
NOT_SURE = "says nothing: it is not sure enough of this mail"


@dataclass(frozen=True, slots=True)
class Given:
    """What there is to explain mails by."""

    rules: Rulebook
    limits: Limits
    ours: str
    """The complaints address; "" when it is not set."""
    model: Model | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """A mail, with what the rules may ask beside its words."""

    subject: str
    words: str
    around: Around
    at: datetime
    damage: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_file(raw: bytes, given: Given) -> Whole:
    """A mail as it would be classified if it came now from somebody who never wrote before."""
    message = _message(raw, given)
    words = message.reply_text or message.text
    language = message.language or likely(f"{message.subject} {words}")
    notes = tuple(_not_a_customers(message, given.rules))
    # None: whether the customer wrote before can't be told from a file.
    around = _around(message, language, given.rules)
    return _whole(Read(message.subject, words, around, given.now, message.damage, notes), given)


def of_case(session: Session, case: Case, given: Given) -> Whole:
    """What a case began with, as today's rules see it, beside what was decided then."""
    one = openings.opening(session, case.number)
    if one is None:
        one = Opening(case.number, case.subject, case.told, case.language, case.opened_at, case.customer)
    past = Past(case.opened_at, tuple(queries.earlier_cases(session, case.customer, case.number, MOST)))
    read = _of_opening(session, one, past, given)
    whole = _whole(read, given, case.number)
    return whole.beside(then(session, case))


def _of_opening(session: Session, one: Opening, past: Past, given: Given) -> Read:
    if one.raw_id is None or not _is_kept(session, one):
        files = tuple(Attachment(name, "", 0) for name in one.attachments)
        around = Around(one.language, (), one.customer, one.channel, files, (), past, one.mailbox or MAIN)
        return Read(one.subject, one.words, around, one.opened_at)
    message = _message(queries.raw(session, one.raw_id), given)
    around = _around(message, one.language, given.rules, past, one.mailbox)
    words = one.words or message.reply_text or message.text
    return Read(message.subject or one.subject, words, around, one.opened_at, message.damage)


def _is_kept(session: Session, one: Opening) -> bool:
    """Whether the whole mail is there; else what was read of it is explained."""
    try:
        return one.raw_id is not None and gone.whole(session, one.raw_id) is not None
    except Damaged as damaged:
        raise NotDone(f"the mail of case {one.number} can't be explained: {damaged}") from damaged


def _message(raw: bytes, given: Given) -> Message:
    rules = given.rules
    return as_its_writers(parse(raw, rules.words, given.limits, rules.signs), given.ours, rules.signs)


def _around(
    message: Message, language: str, rules: Rulebook, past: Past | None = None, mailbox: str = ""
) -> Around:
    return around_it(message, language, found_in(message, language, rules), past, mailbox)


def _not_a_customers(message: Message, rules: Rulebook) -> Sequence[str]:
    """What keeps a mail from opening a case at all."""
    if message.kind is not MailKind.CUSTOMER:
        return [f"this is no customer's mail but {message.kind.value} ({message.kind_because}): no case"]
    if rules.agent(message.sender.key):
        return ["an agent wrote this: it is read for commands, and opens no case by itself"]
    return []


def _whole(read: Read, given: Given, number: int | None = None) -> Whole:
    rules, model = given.rules, given.model
    found = explained(read.subject, read.words, read.around, rules)
    verdict = joined(found.verdict, read.subject, read.words, rules, model) if model else found.verdict
    return Whole(
        number=number,
        subject=read.subject,
        explanation=found,
        verdict=verdict,
        facts=tuple(read.around.facts),
        learned=_learned(found.verdict, verdict, given),
        routing=_routing(verdict, read, rules),
        rules=rules.version,
        notes=(*read.notes, *read.damage, *_without_history(read, rules)),
    )


def _without_history(read: Read, rules: Rulebook) -> Sequence[str]:
    if read.around.past is not None or not rules.asks_history:
        return []
    return ["rules that ask for the customer's earlier cases were not tried: a file doesn't tell them"]


def _learned(before: Verdict, after: Verdict, given: Given) -> str:
    """What earlier corrections say, in words."""
    model = given.model
    if model is None:
        return NOTHING_LEARNED
    hit = next((hit for hit in after.hits if hit.rule == LEARNED), None)
    if hit:
        words = ", ".join(f"“{word}”" for word in hit.words)
        return f"{hit.says}, {hit.weight:.0%} sure by {words}: learned from {hit.corrections} corrections"
    decide = rules_decide(model, ruled(before), given.rules.unsure_below)
    return f"model {model.version} {RULES_DECIDE if decide else NOT_SURE}"


def _routing(verdict: Verdict, read: Read, rules: Rulebook) -> Routing:
    if verdict.escalate and (taking := members(verdict.escalate, rules)):
        by = next(hit.rule for hit in verdict.hits if f"escalate {verdict.escalate}" in hit.says)
        return Routing(
            tuple(agent.address for agent in taking), f"the rule {by} escalates to {verdict.escalate}"
        )
    named = rules.agent(verdict.assign) if verdict.assign else None
    if named:
        by = next(hit.rule for hit in verdict.hits if f"assign {verdict.assign}" in hit.says.lower())
        return Routing((named.address,), f"the rule {by} names them; somebody else only while they are away")
    channel = read.around.channel
    here = read.around.mailbox
    matter = Matter(verdict.language, verdict.category, verdict.severity, verdict.tags, channel, here)
    place, agents = routed(matter, rules, read.at)
    because = (
        "no route fits: those who answer in its language"
        if place is None
        else f"route {place + 1} of routing.yaml is the first that fits"
    )
    turn = "; of them whoever is there and has the fewest open cases" if len(agents) > 1 else ""
    return Routing(tuple(agent.address for agent in agents), because + turn)


def then(session: Session, case: Case) -> Then:
    """What was decided when the case was opened, and what a person made of it."""
    opened = next(
        (one for one in queries.events_of(session, case.number) if one.kind is EventKind.OPENED), None
    )
    said = opened.text.split(", ") if opened else []
    kind, category, severity = said if len(said) == 3 else ("", "", "")
    return Then(
        category=category,
        kind=kind,
        severity=severity,
        rules=next((str(hit[RULES]) for hit in case.why if RULES in hit), ""),
        hits=tuple(str(hit["rule"]) for hit in case.why if "rule" in hit),
        corrected=case.category if any("by" in hit for hit in case.why) else "",
        assignee=case.assignee,
    )
