"""`split`: a second matter in one case becomes a case of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.decision import AlsoDecided
from cases.drafts import as_it_is
from cases.first_draft import draft_key
from cases.opening import by_verdict
from cases.repeats import base_subject, prefixes_of
from cases.saying import Refusal, Say
from language.normalise import ascii_digits
from language.words import Words
from store.models import Case, EventKind, Mail, TimerKind, plain, values_of
from store.values import CaseChange, NewEvent, NewTimer, Verdict

LONGEST = 6
"""Digits of a mail's number."""


def split(situation: Situation, which: str) -> Effect:
    """One of the customer's mails becomes a case of its own, with the same agent and a draft for it.

    The customer is not written to: they were told already that somebody reads what they wrote.
    """
    facts, verdict = situation.facts, situation.facts.verdict
    mail = _mail(situation, which)
    if verdict is None:
        raise ValueError("a mail that becomes a case needs a verdict")
    new = _new_case(situation, mail, verdict)
    values = values_of(new)
    actor = situation.agent.address
    about = f"{new.kind}, {new.category}, {new.severity}"
    return Effect(
        events=((EventKind.SPLIT, f"#{new.number}, from the mail “{mail.subject}”"),),
        says=Say("split", {"number": new.number, "subject": mail.subject}),
        values={"seen_at": facts.now},
        data={"number": new.number, "mail": mail.id},
        beside=AlsoDecided(
            CaseChange(values.pop("number"), None, values, (mail.sender,) if mail.sender else ()),
            (
                NewEvent(EventKind.OPENED, about, actor, {"split_from": situation.case.number}),
                NewEvent(EventKind.ASSIGNED, f"to {new.assignee}", actor),
            ),
            takes_mails=(mail.id or 0,),
            found=facts.mail_facts,
            timers=(NewTimer(TimerKind.DRAFT, draft_key(new.number), facts.now),),
        ),
    )


def place_of(which: str, count: int) -> int | None:
    """Where in `count` mails, newest first, the one is that the agent names: the newest, or the N-th that
    came; None when there is none."""
    written = ascii_digits(which).strip().lstrip("#")
    if not written:
        return 0 if count else None
    number = int(written) if written.isdecimal() and len(written) < LONGEST else 0
    return count - number if 1 <= number <= count else None


def is_reply(subject: str, words: Iterable[Words]) -> bool:
    """Whether a subject is that of a reply: it says what the thread began with, not what the mail says."""
    return base_subject(subject, prefixes_of(words)) != base_subject(subject, frozenset())


def _mail(situation: Situation, which: str) -> Mail:
    mails = situation.facts.mails
    if len(mails) < 2:
        raise Refusal("split-only-mail")
    place = place_of(which, len(mails))
    if place is None:
        raise Refusal("no-such-mail", which=which.strip(), count=len(mails))
    return mails[place]


def _new_case(situation: Situation, mail: Mail, verdict: Verdict) -> Case:
    """The case as if the mail had opened it, for the same customer and agent."""
    facts, case = situation.facts, as_it_is(situation)
    has_it = facts.rulebook.agent(verdict.assign) or facts.rulebook.agent(case.assignee)
    values: dict[str, Any] = {
        "language": verdict.language or case.language,
        "channel": case.channel,
        "alias": case.alias,
        "subject": case.subject if is_reply(mail.subject, facts.rulebook.words) else mail.subject,
        "customer": case.customer,
        "customer_name": case.customer_name,
        "assignee": (has_it or situation.agent).address,
        "mentions": [],
        "acknowledged_at": case.acknowledged_at,
        "not_acknowledged_because": case.not_acknowledged_because,
        "split_from": case.number,
    }
    return plain(Case, by_verdict(facts, verdict, mail.received_at, str(values["assignee"])) | values)


COMMANDS = (
    Command(
        "split",
        "split [NUMBER]",
        "Make a case of its own of the customer's newest mail, or of the one that show numbers so.",
        "maybe",
        split,
        alone=True,
    ),
)
