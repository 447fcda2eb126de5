"""From the database to facts: everything that a decision may look at."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from cases import repeats, tokens
from cases.alarms import recipients
from cases.commands.grammar import Given
from cases.commands.reading import case_of_slip, foreseen, named_case
from cases.facts import Counts, Facts, History, Unreached
from cases.first_draft import draft_key
from cases.policy import Policy
from cases.rules.past import Past
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from engine import needs
from engine.belonging import THREAD, Belonging, belonging
from engine.understanding import found_in, verdict_of
from language.detect import likely
from store import gone, limits, queries, threads
from store.models import ENDED, Case, Draft, Letter, Mail, MailKind, TokenPurpose
from store.values import Alarm, Fact, Message, Verdict

HOUR = timedelta(hours=1)


def for_mail(
    session: Session,
    message: Message,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    verdict: Verdict | None = None,
    answers: Collection[str] = (),
    found: tuple[Fact, ...] | None = None,
) -> Facts:
    """The facts for a mail that came, with the verdict on it where one was given already.

    `answers` are the answer letters that exist; `found` is what the mail tells, where that is known.
    """
    agent = rulebook.agent(message.sender.key)
    belongs = belonging(session, message, rulebook, policy)
    given = foreseen(message, rulebook, agent, belongs.token)
    if belongs.token is None or belongs.token.purpose is TokenPurpose.DESK:
        number = named_case(given)
        if number is None:
            number = case_of_slip(message, rulebook, agent, given)
        if given or number is not None:
            belongs = Belonging(_case(session, number), token=belongs.token)
    case = belongs.case
    draft = queries.latest_draft(session, case.number) if case else None
    opens = case is None and message.kind is MailKind.CUSTOMER
    past = history(session, case) if case else _first_contact(session, message)
    copies = queries.mail_by_message_id(session, message.message_id)
    if found is None:
        found = _found(message, rulebook)
    judged = None
    if opens or (case and not agent and message.kind is MailKind.CUSTOMER and rulebook.alerts):
        judged = _judged(verdict, message, rulebook, policy, Past(now, past.others), found)
    alarms = judged.alarms if judged else ()
    facts = Facts(
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
        agent=agent,
        answers=frozenset(answers),
        next_number=queries.next_number(session) if opens else 0,
        new_case_token=tokens.mint(os.urandom(tokens.TOKEN_BYTES)) if opens else "",
        verdict=judged if opens else None,
        alarms=alarms,
        escalate=judged.escalate if judged else "",
        alerted=_alerted(session, alarms, rulebook, now),
        bounced=_told_of(belongs.bounced),
        late=_told_of(belongs.late),
        counts=_counts(session, message, belongs, agent, policy, now),
        history=past,
        mail_facts=found,
    )
    return needs.gathered(session, facts, given)


def _case(session: Session, number: int | None) -> Case | None:
    """The case that commands without a reply address of ours name; Subject and thread say nothing."""
    return queries.case(session, number) if number is not None else None


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
) -> Facts:
    """The facts for a timer or a letter that failed."""
    return Facts(
        now=now,
        cause=cause,
        rulebook=rulebook,
        policy=policy,
        case=case,
        draft=queries.latest_draft(session, case.number),
        agent=agent,
        history=history(session, case),
    )


def for_commands(
    session: Session,
    given: Sequence[Given],
    case: Case | None,
    agent: Agent,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    cause: str,
    answers: Collection[str] = (),
) -> Facts:
    """The facts for commands of the command line, about a case or about the whole desk."""
    if case is not None:
        facts = for_case(session, case, rulebook, policy, now, cause, agent)
    else:
        facts = Facts(now=now, cause=cause, rulebook=rulebook, policy=policy, agent=agent)
    return needs.gathered(session, replace(facts, answers=frozenset(answers)), given)


def _found(message: Message, rulebook: Rulebook) -> tuple[Fact, ...]:
    """What a customer's mail tells that came another way than from the process that reads."""
    return found_in(message, message.language, rulebook) if message.kind is MailKind.CUSTOMER else ()


def _judged(
    verdict: Verdict | None,
    message: Message,
    rulebook: Rulebook,
    policy: Policy,
    past: Past,
    found: tuple[Fact, ...],
) -> Verdict:
    """The verdict that was given by the mail alone, or another where more must be known for one."""
    if verdict is not None and not rulebook.asks_history:
        return verdict
    known = message.language or next((case.language for case in past.cases), "")
    text = message.reply_text or message.text
    language = known or likely(f"{message.subject} {text}", policy.language or "en")
    return verdict_of(message, language, rulebook, found, past, policy.mailbox)


def _alerted(session: Session, alarms: Sequence[Alarm], rulebook: Rulebook, now: datetime) -> dict[str, int]:
    """How many alerts those who are to be told had within the hour; any other mail costs no query."""
    told = {agent.address for alarm in alarms for agent in recipients(alarm, rulebook)}
    return {address: limits.alerts_to(session, address, now - HOUR) for address in sorted(told)}


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
    sent_back, challenges = limits.agent_told(session, bound, now) if bound else (0, 0)
    return Counts(
        acks_last_hour=counted.acks_hour,
        acks_last_day=counted.acks_day,
        acks_in_all_last_hour=counted.acks_in_all,
        alerts_last_hour=counted.alerts,
        mails_last_hour=counted.mails,
        sent_back_last_hour=sent_back,
        challenges_last_hour=challenges,
    )


def _first_contact(session: Session, message: Message) -> History:
    return History(others=tuple(queries.customer_cases(session, message.sender.key)))


def history(session: Session, case: Case) -> History:
    """What was written about a case so far."""
    last = threads.last_mail(session, case.number)
    return History(
        customer_thread=threads.with_customer(session, case.number, case.customer, THREAD),
        agent_thread=threads.with_agents(session, case.number, THREAD),
        last_words=last.words if last else case.told,
        attachments=tuple(last.attachments) if last else (),
        damage=tuple(last.damage) if last else (),
        unparsed=bool(last and last.unparsed),
        others=tuple(c for c in queries.customer_cases(session, case.customer) if c.number != case.number),
    )


def original(session: Session, case: Case) -> tuple[int, bytes] | None:
    """Where the customer's last mail is stored, and the mail; None when the case began without one, or it is
    no longer kept.
    """
    last = threads.last_mail(session, case.number)
    raw = gone.whole(session, last.raw_id) if last else None
    return (last.raw_id, raw) if last and raw else None
