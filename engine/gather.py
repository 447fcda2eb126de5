"""From the database to facts: everything that a decision may look at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from cases import repeats, tokens
from cases.classify import classify
from cases.commands.merging import numbers_in
from cases.facts import Counts, Facts, History, Policy, Unreached
from cases.lifecycle import ENDED
from cases.rulebook import Rulebook
from cases.ruletypes import Agent
from language.detect import likely
from store import queries
from store.models import Case, Letter, LetterKind, Mail, MailKind, Token, TokenPurpose
from store.values import Message, Verdict

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FROM_CUSTOMERS = (MailKind.CUSTOMER, MailKind.CHECK_IN_ANSWER)
TO_AGENTS = (LetterKind.DRAFT, LetterKind.TRANSCRIPT)
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


def for_mail(session: Session, message: Message, rulebook: Rulebook, policy: Policy, now: datetime) -> Facts:
    """The facts for a mail that came."""
    belongs = _belonging(session, message, policy)
    case = belongs.case
    agent = rulebook.agent(message.sender.key)
    opens = case is None and message.kind is MailKind.CUSTOMER
    past = history(session, case) if case else _first_contact(session, message)
    return Facts(
        now=now,
        cause=message.fingerprint,
        rulebook=rulebook,
        policy=policy,
        message=message,
        case=case,
        joined_by=belongs.joined_by,
        mentioned=belongs.mentioned,
        said_before=_said_before(session, message, policy, now),
        token=belongs.token,
        draft=queries.latest_draft(session, case.number) if case else None,
        named=_named(session, message.reply_text) if belongs.token and agent else (),
        agent=agent,
        next_number=queries.next_number(session) if opens else 0,
        new_case_token=tokens.mint(os.urandom(tokens.TOKEN_BYTES)) if opens else "",
        verdict=_verdict(message, rulebook, past) if opens else None,
        bounced=_told_of(belongs.bounced),
        late=_told_of(belongs.late),
        counts=_counts(session, message, belongs, agent, policy, now),
        history=past,
    )


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
    text = message.reply_text or message.text
    known = message.language or next((case.language for case in past.others), "")
    return classify(
        subject=message.subject,
        text=text,
        language=known or likely(f"{message.subject} {text}"),
        rulebook=rulebook,
        headers=message.headers,
        sender=message.sender.key,
    )


def _said_before(session: Session, message: Message, policy: Policy, now: datetime) -> Case | None:
    """The case of a mail that said the same: sent twice, or a copy that was changed on its way."""
    if message.kind is not MailKind.CUSTOMER or not message.sender.key:
        return None
    since = now - timedelta(minutes=policy.same_mail_minutes)
    lately = queries.mails_like(session, message.sender.key, message.subject, since)
    copies = queries.mail_by_message_id(session, message.message_id)
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
    return Counts(
        acks_last_hour=queries.acks_to(session, message.sender.key, now - HOUR),
        acks_last_day=queries.acks_to(session, message.sender.key, now - DAY),
        acks_in_all_last_hour=queries.acks_in_all(session, now - HOUR),
        alerts_last_hour=queries.alerts_to(session, bound, now - HOUR) if bound else 0,
        mails_last_hour=queries.mails_lately(session, message.sender.key, now - HOUR, policy.mails_per_hour),
    )


def _first_contact(session: Session, message: Message) -> History:
    return History(others=tuple(queries.customer_cases(session, message.sender.key)))


def history(session: Session, case: Case) -> History:
    """What was written about a case so far."""
    mails = [mail for mail in queries.mails_of(session, case.number) if mail.kind in FROM_CUSTOMERS]
    letters = queries.letters_of(session, case.number)
    last = mails[-1] if mails else None
    return History(
        customer_thread=_thread(case, mails, letters),
        agent_thread=tuple(one.message_id for one in letters if one.kind in TO_AGENTS)[-THREAD:],
        last_words=last.words if last else "",
        attachments=tuple(last.attachments) if last else (),
        damage=tuple(last.damage) if last else (),
        others=tuple(c for c in queries.customer_cases(session, case.customer) if c.number != case.number),
    )


def original(session: Session, case: Case) -> bytes | None:
    """The customer's last mail as it came; None when the case began without one."""
    mails = [mail for mail in queries.mails_of(session, case.number) if mail.kind in FROM_CUSTOMERS]
    return queries.raw(session, mails[-1].raw_id) if mails else None


def _thread(case: Case, mails: list[Mail], letters: list[Letter]) -> tuple[str, ...]:
    """The customer's thread in order; their own last mail ends it, as that is what a letter answers."""
    written = [(mail.received_at, mail.message_id) for mail in mails if mail.message_id]
    got = [(letter.created_at, letter.message_id) for letter in letters if letter.recipient == case.customer]
    last = [message_id for _, message_id in sorted(written)][-1:]
    return tuple([one for _, one in sorted(written + got) if one not in last][-THREAD:] + last)
