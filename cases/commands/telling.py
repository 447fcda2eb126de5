"""`open`: a case for a customer who phoned, wrote a letter or a review, posted, or came by (D3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from cases import why_unanswered
from cases.about import beginning
from cases.channels import Channel
from cases.commands.choosing import chosen, meant
from cases.commands.command import Command
from cases.commands.lines import without_bullet
from cases.commands.situation import Effect, Situation
from cases.decision import AlsoDecided
from cases.facts import Acquaintance, Facts, History
from cases.naming import Names
from cases.opening import opened
from cases.people import is_ours
from cases.rules.classify import judged
from cases.rules.fields import ADDRESS
from cases.rules.fold import fold
from cases.rules.holding import Around
from cases.rules.past import Past
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.sendable import sendable
from language.detect import detect
from language.normalise import normalise
from language.words import Words
from store.models import EventKind, LetterKind
from store.values import Address, Message, NewEvent

CHANNELS = tuple(one.value for one in Channel if one is not Channel.MAIL)
CHANNEL, FROM, LANGUAGE, SUBJECT, SILENTLY = "channel", "from", "language", "subject", "silently"
LABELS = (CHANNEL, FROM, LANGUAGE, SUBJECT, SILENTLY)
SHORTEST_SLIP = 4
"""Letters of a label that a slip is looked for among."""
_LABELLED = re.compile(r"\s*\W{0,3}([^\s:：][^:：\n]{0,30}?)\s*[:：]\s*(.*)")
_WRITTEN = re.compile(r"[^\s<>()\[\]\"',;:|]+@[^\s<>()\[\]\"',;:|]+")
_AROUND = " \t<>()[]\"',;"


@dataclass(frozen=True, slots=True)
class Told:
    """What an agent writes down of a complaint that came another way than by mail."""

    channel: str
    sender: Address
    """Name and address, either or none."""
    language: str
    """"" when it was not said."""
    subject: str
    words: str
    silently: bool = False


def read_told(text: str, words: Iterable[Words]) -> Told:
    """The lines of an `open`; raises Refusal."""
    known = tuple(words)
    labels, own = _labels(known), _own_labels(known)
    found: dict[str, str] = {}
    lines = text.splitlines()
    at, gap = 0, False
    while at < len(lines):
        line = without_bullet(lines[at])
        if line:
            label, value = _label(line, labels, own, gap=gap)
            if not label or label in found:
                break
            found[label] = value
        gap = gap or not line
        at += 1
    said = "\n".join(lines[at:]).strip()
    if not said:
        raise Refusal("open-no-words")
    return Told(
        channel=_channel(found.get(CHANNEL, ""), known),
        sender=_sender(found.get(FROM, "")),
        language=_language(found[LANGUAGE], known) if found.get(LANGUAGE) else "",
        subject=found.get(SUBJECT, "") or beginning(said),
        words=said,
        silently=SILENTLY in found,
    )


def open_case(situation: Situation, text: str) -> Effect:
    """A new case with the agent's words for the customer's; from then on it is a case like any other."""
    facts, agent = situation.facts, situation.agent
    told = read_told(text, facts.rulebook.words)
    if is_ours(told.sender, facts) or facts.rulebook.agent(told.sender.key):
        raise Refusal("open-for-us", address=told.sender.address)
    mail = _as_mail(told, facts, agent)
    as_if = _as_if(facts, mail, told.channel)
    decision = opened(as_if, mail, {"channel": told.channel, "told": told.words})
    change = decision.case
    if change is None:
        raise ValueError("a customer's words open a case")
    values = change.values
    people = tuple(one for one in change.participants if one)
    acknowledged = any(letter.kind is LetterKind.ACK for letter in decision.letters)
    said = {
        "number": change.number,
        "customer": str(told.sender) if told.sender.address else told.sender.name,
        "acknowledged": acknowledged,
        "because": ()
        if acknowledged
        else why_unanswered.said(values["not_acknowledged_because"], facts.rulebook),
        "address": bool(told.sender.address),
    }
    return Effect(
        events=((EventKind.LOOKED, f"opened #{change.number}"),),
        says=Say("opened", said),
        beside=AlsoDecided(
            replace(change, participants=people),
            tuple(_by(agent, event) for event in decision.events),
            letters=decision.letters,
            timers=decision.timers,
            found=as_if.mail_facts,
        ),
        next_step=Say("next-opened", {"number": change.number}),
    )


def _by(agent: Agent, event: NewEvent) -> NewEvent:
    return replace(event, actor=agent.address) if event.kind is EventKind.OPENED else event


def _as_mail(told: Told, facts: Facts, agent: Agent) -> Message:
    """The words as if they had come by mail."""
    found = told.language or detect(told.words, facts.rulebook.words)
    language = found or (agent.languages[0] if agent.languages else "en")
    silent = (f"{agent.address} opened it silently",) if told.silently else ()
    return Message(
        fingerprint=facts.cause,
        senders=(told.sender,),
        subject=told.subject,
        language=language,
        text=told.words,
        reply_text=told.words,
        no_auto_reply=silent,
    )


def _as_if(facts: Facts, mail: Message, channel: str) -> Facts:
    """The facts of such a mail."""
    known = facts.acquainted.get(mail.sender.key, Acquaintance())
    words = fold(mail.subject, mail.text)
    found = facts.rulebook.extracting.facts_in(words, language=mail.language)
    around = Around(
        language=mail.language,
        sender=mail.sender.key,
        channel=channel,
        facts=found,
        past=Past(facts.now, known.others),
    )
    verdict = judged(words, around, facts.rulebook)
    return replace(
        facts,
        message=mail,
        case=None,
        mentioned=None,
        draft=None,
        verdict=verdict,
        mail_facts=found,
        case_facts=(),
        removed_facts=(),
        counts=known.counts,
        history=History(others=known.others),
    )


def _labels(words: tuple[Words, ...]) -> dict[str, str]:
    """Every way to write a label, normalised → its English name."""
    known = {label: label for label in LABELS}
    for one in words:
        known |= {normalise(text): FROM for text in one.header_labels.sender}
        known |= {normalise(text): SUBJECT for text in one.header_labels.subject}
        known |= {normalise(text): LANGUAGE for text in one.commands.get(LANGUAGE, ())}
        known |= _others(one, LABELS)
    return known


def _own_labels(words: tuple[Words, ...]) -> list[str]:
    """The labels of the languages that have commands, without those that are like any short word."""
    names = Names(words)
    called = (
        normalise(names.command(label, one.language)) for one in words if one.commands for label in LABELS
    )
    return [*LABELS, *(label for label in called if len(label) >= SHORTEST_SLIP)]


def _others(words: Words, names: Iterable[str]) -> dict[str, str]:
    return {normalise(text): name for name in names for text in words.choices.get(name, ())}


def _label(line: str, labels: Mapping[str, str], own: Collection[str], *, gap: bool) -> tuple[str, str]:
    """The label of a line and its value; "" where the line is the customer's words. Raises Refusal.

    A slip is looked for among the labels that agents are told of, `own`.
    """
    if labels.get(normalise(line).strip(".:")) == SILENTLY:
        return SILENTLY, ""
    found = _LABELLED.fullmatch(line)
    if found is None:
        return "", ""
    name = normalise(found[1]).strip("*_")
    if name in labels:
        return labels[name], found[2].strip(" *_")
    near = "" if gap else meant(name, own)
    if near:
        raise Refusal("open-label", label=found[1], meant=labels[near])
    return "", ""


def _channel(written: str, words: tuple[Words, ...]) -> str:
    if not written:
        raise Refusal("open-channel", known=CHANNELS)
    return chosen(CHANNEL, written, CHANNELS, words)


def _sender(written: str) -> Address:
    """Name and address as written; an address that no mail can be sent to is a slip. Raises Refusal."""
    found = _WRITTEN.search(written)
    if found is None:
        return Address("", written.strip(_AROUND))
    if not (ADDRESS.fullmatch(found[0]) and sendable(found[0])):
        raise Refusal("open-address", address=found[0])
    return Address(found[0], written[: found.start()].strip(_AROUND))


def _language(written: str, words: tuple[Words, ...]) -> str:
    codes = [one.language for one in words]
    return chosen(LANGUAGE, written, codes, words, {one.name: one.language for one in words})


COMMANDS = (
    Command(
        "open",
        "open, then channel, from, subject and the customer's words on lines of their own, then end",
        "Open a case for a customer who phoned, wrote a letter or a review, posted, or came by.",
        "lines",
        open_case,
        scope="desk",
        alone=True,
        not_with=("note",),
    ),
)
