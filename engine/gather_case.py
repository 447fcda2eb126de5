"""What commands about a case need to know besides: another case, the mail that is split off, the notes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from cases import tokens
from cases.commands.grammar import Given
from cases.commands.splitting import is_reply, place_of
from cases.facts import Elsewhere, Facts, Remark
from cases.first_draft import draft_key
from cases.rules.past import Past
from engine.belonging import THREAD
from engine.understanding import told_by
from store import facts as stored_facts
from store import queries, threads
from store.models import Event, EventKind, Mail
from store.values import Address, Message

MOST_REMARKS = 20
WRITTEN_DOWN = (EventKind.NOTED, EventKind.ESCALATED, EventKind.REJECTED)


def elsewhere(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """More of the cases that commands name, to write to their agents."""
    known: dict[int, Elsewhere] = {}
    for case in facts.named:
        draft = queries.latest_draft(session, case.number)
        coming = draft is None and queries.timer_waits(session, draft_key(case.number))
        thread = threads.with_agents(session, case.number, THREAD)
        last = threads.last_mail(session, case.number)
        words, known_facts = last.words if last else case.told, stored_facts.of_case(session, case.number)
        known[case.number] = Elsewhere(draft, coming, thread, words, known_facts.facts)
    return replace(facts, elsewhere=known)


def becoming(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The number, token and verdict of the case that one of the customer's mails becomes; wants the mails."""
    place = place_of(given[0].argument, len(facts.mails))
    if place is None:
        return facts
    message = _as_it_came(facts, facts.mails[place])
    language = message.language or (facts.case.language if facts.case else "")
    past = Past(facts.now, facts.history.others)
    found, verdict = told_by(message, language, facts.rulebook, past, facts.policy.mailbox)
    return replace(
        facts,
        next_number=queries.next_number(session),
        new_case_token=tokens.mint(os.urandom(tokens.TOKEN_BYTES)),
        verdict=verdict,
        judged=message,
        mail_facts=found,
    )


def trail(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What was written down on the case so far."""
    if facts.case is None:
        return facts
    events = (one for one in queries.events_of(session, facts.case.number) if one.kind in WRITTEN_DOWN)
    remarks = tuple(Remark(one.at, one.actor, words) for one in events if (words := _noted(one)))
    return replace(facts, trail=remarks[-MOST_REMARKS:])


def _noted(event: Event) -> str:
    """What a person wrote; "" for a case that was escalated without a reason."""
    if event.kind is EventKind.ESCALATED:
        return str((event.data or {}).get("reason", ""))
    return event.text


def _as_it_came(facts: Facts, mail: Mail) -> Message:
    """A stored mail, by its words, its sender and a subject of its own."""
    is_of_thread = is_reply(mail.subject, facts.rulebook.words)
    return Message(
        fingerprint=mail.fingerprint,
        message_id=mail.message_id,
        senders=(Address(mail.sender, mail.sender_name),) if mail.sender else (),
        subject="" if is_of_thread else mail.subject,
        language=mail.language,
        text=mail.words,
        reply_text=mail.words,
        signature=mail.signature,
    )
