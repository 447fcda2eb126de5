"""From the database to facts: everything that a decision may look at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from cases import repeats, tokens
from cases.commands.merging import numbers_in
from cases.facts import Counts, Facts, History, Policy, Unreached
from cases.first_draft import draft_key
from cases.lifecycle import ENDED
from cases.rulebook import Rulebook
from cases.ruletypes import Agent
from engine.understanding import verdict_of
from language.detect import likely
from store import limits, queries, threads
from store.models import Case, Draft, Letter, Mail, MailKind, Token, TokenPurpose
from store.values import Message, Verdict

THREAD = 10
"""Message-IDs of a thread that a letter names."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Which case a mail belongs to, and by what right."""

    case: Case | None = None
    joined_by: str = ""
    mentioned: Case | None = None
    token: Token | None = None
    bounced: tuple[Letter, ...] = ()
    late: tuple[Letter, ...] = ()


def for_mail(
    session: Session,
    message: Message,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    verdict: Verdict | None = None,
) -> Facts:
    """The facts for a mail that came, with the verdict on it where one was given already."""
    belongs = _belonging(session, message, policy)
    case = belongs.case
    draft = queries.latest_draft(session, case.number) if case else None
    agent = rulebook.agent(message.sender.key)
    opens = case is None and message.kind is MailKind.CUSTOMER
    past = history(session, case) if case else _first_contact(session, message)
    copies = queries.mail_by_message_id(session, message.message_id)
    return Facts(
        now=now,
        cause=message.fingerprint,
        rulebook=rulebook,
        policy=policy,
        message=message,
        case=case,
        joined_by=belongs.joined_by,
        mentioned=belongs.mentioned,
        said_before=_said_before(session, message, policy, now, copies),
        id_used_before=bool(copies),
        token=belongs.token,
        draft=draft,
        draft_coming=_draft_coming(session, case, draft),
        named=_named(session, message.reply_text) if belongs.token and agent else (),
        agent=agent,
        next_number=queries.next_number(session) if opens else 0,
        new_case_token=tokens.mint(os.urandom(tokens.TOKEN_BYTES)) if opens else "",
        verdict=(verdict or _verdict(message, rulebook, past)) if opens else None,
        bounced=_told_of(belongs.bounced),
        late=_told_of(belongs.late),
        counts=_counts(session, message, belongs, agent, policy, now),
        history=past,
    )


def _draft_coming(session: Session, case: Case | None, draft: Draft | None) -> bool:
    return case is not None and draft is None and queries.timer_waits(session, draft_key(case.number))


def _told_of(letters: Sequence[Letter]) -> tuple[Unreached, ...]:
    return tuple((letter.id or 0, letter.recipient, letter.subject) for letter in letters)


def for_case(
    session: Session,
    case: Case,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    cause: str,
    agent: Agent | None = None,
    command: str = "",
) -> Facts:
    """The facts for a timer, a command of the command line or a letter that failed."""
    return Facts(
        now=now,
        cause=cause,
        rulebook=rulebook,
        policy=policy,
        case=case,
        draft=queries.latest_draft(session, case.number),
        named=_named(session, command),
        agent=agent,
        history=history(session, case),
    )


def _belonging(session: Session, message: Message, policy: Policy) -> Belonging:
    """As `_addressed`; what a customer writes to a merged case belongs to the one that took it in."""
    belongs = _addressed(session, message, policy)
    case = belongs.case
    if belongs.token and belongs.token.purpose is TokenPurpose.DRAFT:
        return belongs
    while case and case.merged_into is not None:
        case = queries.case(session, case.merged_into)
    return belongs if case is belongs.case else replace(belongs, case=case)


def _addressed(session: Session, message: Message, policy: Policy) -> Belonging:
    """Our own reply address first, then the thread if the sender is a participant (promise 13)."""
    if message.kind is MailKind.BOUNCE:
        told = _of_bounce(session, message)
        if told.bounced or told.late:
            return told
    addresses = [one.address for one in (*message.to, *message.cc)] + list(message.delivered_to)
    for token in tokens.tokens_in(addresses, policy.complaints_address, policy.reply_form):
        case = queries.case_by_reply_token(session, token)
        if case:
            return Belonging(case, "address")
        given = queries.token(session, tokens.digest(token))
        if given and given.case_number is not None:
            return Belonging(queries.case(session, given.case_number), "address", token=given)
    case = queries.case_of_thread(session, _newest_first(message))
    if case is None and message.forwarded:
        case = queries.case_of_thread(session, message.forwarded)
    if case is None:
        return Belonging()
    if message.sender.key in queries.participants(session, case.number):
        return Belonging(case, "thread")
    return Belonging(mentioned=case)


def _named(session: Session, text: str) -> tuple[Case, ...]:
    found = (queries.case(session, number) for number in numbers_in(text))
    return tuple(case for case in found if case)


def _newest_first(message: Message) -> list[str]:
    ids = (*reversed(message.in_reply_to), *reversed(message.references))
    return list(dict.fromkeys(one for one in ids if one))[:THREAD]


def _of_bounce(session: Session, message: Message) -> Belonging:
    if message.delayed_message_ids:
        late = queries.letters_by_message_id(session, message.delayed_message_ids)
        return Belonging(_case_of(session, late), "address", late=tuple(late))
    letters = queries.letters_by_message_id(session, message.bounced_message_ids)
    if not letters and not message.bounced_message_ids:
        found = (queries.letter_to(session, recipient.lower()) for recipient in message.bounced_recipients)
        letters = [letter for letter in found if letter]
    case = _case_of(session, letters)
    return Belonging(case, "address" if case else "", bounced=tuple(letters))


def _case_of(session: Session, letters: Sequence[Letter]) -> Case | None:
    number = next((letter.case_number for letter in letters if letter.case_number is not None), None)
    return queries.case(session, number) if number is not None else None


def _verdict(message: Message, rulebook: Rulebook, past: History) -> Verdict:
    known = message.language or next((case.language for case in past.others), "")
    text = message.reply_text or message.text
    return verdict_of(message, known or likely(f"{message.subject} {text}"), rulebook)


def _said_before(
    session: Session, message: Message, policy: Policy, now: datetime, copies: Sequence[Mail]
) -> Case | None:
    """The case of a mail that said the same: sent twice, or a copy that was changed on its way."""
    if message.kind is not MailKind.CUSTOMER or not message.sender.key:
        return None
    since = now - timedelta(minutes=policy.same_mail_minutes)
    lately = queries.mails_like(session, message.sender.key, message.subject, since)
    for mail in (*copies, *lately):
        if mail.sender == message.sender.key and repeats.says_the_same(message, mail):
            case = queries.case(session, mail.case_number) if mail.case_number is not None else None
            if case and (mail.message_id == message.message_id or case.status not in ENDED):
                return case
    return None


def _counts(
    session: Session,
    message: Message,
    belongs: Belonging,
    agent: Agent | None,
    policy: Policy,
    now: datetime,
) -> Counts:
    bound = belongs.token.agent if belongs.token else (agent.address if agent else "")
    counted = limits.lately(session, message.sender.key, bound, now, policy.mails_per_hour)
    return Counts(
        acks_last_hour=counted.acks_hour,
        acks_last_day=counted.acks_day,
        acks_in_all_last_hour=counted.acks_in_all,
        alerts_last_hour=counted.alerts,
        mails_last_hour=counted.mails,
    )


def _first_contact(session: Session, message: Message) -> History:
    return History(others=tuple(queries.customer_cases(session, message.sender.key)))


def history(session: Session, case: Case) -> History:
    """What was written about a case so far."""
    last = threads.last_mail(session, case.number)
    return History(
        customer_thread=threads.with_customer(session, case.number, case.customer, THREAD),
        agent_thread=threads.with_agents(session, case.number, THREAD),
        last_words=last.words if last else "",
        attachments=tuple(last.attachments) if last else (),
        damage=tuple(last.damage) if last else (),
        unparsed=bool(last and last.unparsed),
        others=tuple(c for c in queries.customer_cases(session, case.customer) if c.number != case.number),
    )


def original(session: Session, case: Case) -> tuple[int, bytes] | None:
    """Where the customer's last mail is stored, and the mail; None when the case began without one."""
    last = threads.last_mail(session, case.number)
    return (last.raw_id, queries.raw(session, last.raw_id)) if last else None
