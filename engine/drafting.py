"""Facts for a case's first draft, which is made right after its acknowledgement: few queries, for it is on
the way of every complaint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.facts import Facts, History, Remark
from cases.first_draft import ATTACHMENTS, FLOOD, NOTE, NOTED_BY, QUOTES_ONLY, enclosed, why_none
from engine.belonging import THREAD
from engine.desk import Desk
from engine.files import InForce
from engine.finish import Original
from engine.gather_issues import of_new_case
from engine.gather_money import given_lately
from inbox.parse import parse
from store import facts as stored_facts
from store import gone, queries, threads
from store.models import Case, Mail

MOST_MAILS = 20
"""Of what a customer wrote before there was a draft; past so many an hour no agent is mailed anyway."""
Told = dict[int, dict[str, Any]]


def for_draft(
    desk: Desk, session: Session, case: Case, in_force: InForce, now: datetime, cause: str
) -> tuple[Facts, Original]:
    """The facts for a case's first draft, and the mail that goes with it."""
    bare = Facts(
        now=now,
        cause=cause,
        rulebook=in_force.rulebook,
        policy=desk.policy,
        case=case,
        draft=queries.latest_draft(session, case.number),
        presence=desk.attendance.look(session),
    )
    if why_none(bare, case):
        return bare, lambda: None
    mails = threads.first_mails(session, case.number, MOST_MAILS)
    told = queries.said_when_they_came(session, case.number)
    past = History(
        agent_thread=threads.with_agents(session, case.number, THREAD),
        last_words="\n\n".join(
            [case.told] * bool(case.told) + [_words(desk, session, mail, told, in_force) for mail in mails]
        ),
        attachments=tuple(name for mail in mails for name in _attachments(mail, told)),
        damage=tuple(part for mail in mails for part in mail.damage),
        unparsed=any(mail.unparsed for mail in mails),
        others=tuple(queries.earlier_cases(session, case.customer, case.number)),
    )
    known = stored_facts.of_case(session, case.number)
    facts = replace(
        of_new_case(session, bare, case),
        history=past,
        case_facts=known.facts,
        removed_facts=known.removed,
        opened_in_flood=any(FLOOD in about for about in told.values()),
        trail=_trail(mails, told),
        # Only agents give something: a customer whom none has dealt with costs no query.
        given_lately=given_lately(session, case, now) if any(one.seen_at for one in past.others) else (),
    )
    return facts, lambda: _original(session, mails)


def _words(desk: Desk, session: Session, mail: Mail, told: Told, in_force: InForce) -> str:
    """What the customer wrote; of a mail that only quotes, as a forwarded complaint does, all of it."""
    if mail.words or QUOTES_ONLY not in told.get(mail.id or 0, ()):
        return mail.words
    rules = in_force.rulebook
    return parse(queries.raw(session, mail.raw_id), rules.words, desk.limits, rules.signs).text


def _trail(mails: Sequence[Mail], told: Told) -> tuple[Remark, ...]:
    """What colleagues wrote above mails that they forwarded."""
    noted = ((mail, told.get(mail.id or 0, {})) for mail in mails)
    return tuple(
        Remark(mail.received_at, about[NOTED_BY], about[NOTE]) for mail, about in noted if NOTE in about
    )


def _attachments(mail: Mail, told: Told) -> Sequence[str]:
    named: Sequence[str] = told.get(mail.id or 0, {}).get(ATTACHMENTS, mail.attachments)
    return named


def _original(session: Session, mails: Sequence[Mail]) -> tuple[int, bytes] | None:
    mail = enclosed(mails)
    raw = gone.whole(session, mail.raw_id) if mail else None
    return (mail.raw_id, raw) if mail and raw else None
