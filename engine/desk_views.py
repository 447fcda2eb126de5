"""What commands about the whole desk show: looked up for who may give them, and for nobody else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from cases import listing, showing, tokens
from cases.agent_mail import language_of
from cases.commands import helping
from cases.commands.authority import may_command
from cases.commands.grammar import Given
from cases.commands.telling import read_told
from cases.facts import Acquaintance, Counts, Facts, Listing
from cases.known import Concern
from cases.numbers import number_in
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.watching.waits import next_at
from engine import cause_views, issue_views
from engine.gather_watch import watched
from store import check_ins, desk_looks, issues, limits, lists, queries, searching, weekly
from store import facts as stored_facts
from store.models import ENDED, TO_CUSTOMERS, Case, DraftState

Found = Listing | Say
SEARCHING = 0.5
"""Seconds that a search may take: meanwhile nothing else is recorded."""
WEEK = timedelta(days=7)


def found(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What the commands that only look have found; nothing for a mail that will not be obeyed."""
    if facts.agent is None or not _will_be_obeyed(facts):
        return facts
    looked = {
        (one.name, argument): LOOKS[one.name](session, facts, facts.agent, argument)
        for one in given
        if one.name in LOOKS
        for argument in (one.argument.strip("\n"),)
    }
    return replace(facts, found={**facts.found, **looked})


def _will_be_obeyed(facts: Facts) -> bool:
    """Whether the agent gave the commands: at the command line, or by a mail that says so beyond doubt."""
    return facts.message is None or may_command(facts, facts.message)


def told(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What is needed to open a case for a customer: its number, and what is known of them."""
    if not _will_be_obeyed(facts):
        return facts
    facts = replace(
        facts,
        next_number=facts.next_number or queries.next_number(session),
        new_case_token=facts.new_case_token or tokens.mint(os.urandom(tokens.TOKEN_BYTES)),
    )
    known: dict[str, Acquaintance] = {}
    for one in given:
        try:
            address = read_told(one.argument, facts.rulebook.words).sender.key
        except Refusal:
            continue  # the command says so itself
        known[address] = _acquaintance(session, facts, address)
    return replace(facts, acquainted=known)


def _acquaintance(session: Session, facts: Facts, address: str) -> Acquaintance:
    counted = limits.lately(session, address, "", facts.now, facts.policy.mails_per_hour)
    counts = Counts(
        acks_last_hour=counted.acks_hour,
        acks_last_day=counted.acks_day,
        acks_in_all_last_hour=counted.acks_in_all,
    )
    return Acquaintance(counts, tuple(queries.customer_cases(session, address)))


def _queue(session: Session, facts: Facts, _: Agent, __: str) -> Found:
    cases = lists.queue_of_cases(session, facts.now, listing.MOST)
    count, to_change = lists.queue_length(session, facts.now), issues.count_commitments(session)
    return listing.queue(cases, count, facts.rulebook, facts.now, to_change)


def _mine(session: Session, facts: Facts, agent: Agent, _: str) -> Found:
    cases = lists.queue_of_cases(session, facts.now, listing.MOST, assignee=agent.address)
    count = lists.queue_length(session, facts.now, assignee=agent.address)
    return listing.mine(cases, count, facts.now)


def _show(session: Session, facts: Facts, _: Agent, which: str) -> Found:
    number = number_in(which) if which.strip() else (facts.case.number if facts.case else None)
    if number is None and not which.strip():
        return Say("which-case", {"command": "show"})
    case = queries.case(session, number) if number is not None else None
    if case is None:
        return Say("no-case-of-number", {"which": which.strip()})
    whole = _whole(session, facts, case)
    if facts.case and facts.case.number == number and case.status not in ENDED:
        # The answer to the command has the open draft, exactly as it would leave.
        whole = replace(whole, drafts=[one for one in whole.drafts if one.state is not DraftState.OPEN])
    return showing.shown(whole, facts.rulebook, facts.now)


def _whole(session: Session, facts: Facts, case: Case) -> showing.WholeCase:
    number = case.number
    letters = (one for one in queries.letters_of(session, number) if one.kind in TO_CUSTOMERS)
    return showing.WholeCase(
        case=case,
        mails=queries.mails_of(session, number),
        drafts=queries.drafts_of(session, number),
        letters=tuple(letters),
        promises=desk_looks.promises_of(session, number),
        compensations=desk_looks.compensations_of(session, number),
        issues=tuple(Concern(*one) for one in issues.of_case(session, case)),
        commitments=issues.commitments_of(session, number),
        events=queries.events_of(session, number),
        facts=stored_facts.of_cases(session, [number]).get(number, {}),
        opted_out=check_ins.opted_out(session, case.customer),
        next_word=next_at(watched(session, facts, case), case),
    )


def _search(session: Session, facts: Facts, _: Agent, words: str) -> Found:
    if len(words) > listing.LONGEST_SEARCH:
        return Say("search-too-long", {"most": listing.LONGEST_SEARCH})
    end = time.monotonic() + SEARCHING
    hits = searching.search(session, words, lambda: time.monotonic() < end)
    return listing.search(words.strip(), hits.cases, facts.rulebook, complete=hits.all_of_them)


def _stats(session: Session, facts: Facts, _: Agent, __: str) -> Found:
    since = facts.now - WEEK
    week = weekly.week(session, since)
    return listing.stats(listing.Week(week.by_category, week.waiting, week.oldest, week.scores), since)


def _help(_: Session, facts: Facts, agent: Agent, which: str) -> Found:
    return helping.listing(which, facts.rulebook, language_of(agent))


LOOKS: Mapping[str, Callable[[Session, Facts, Agent, str], Found]] = {
    "queue": _queue,
    "mine": _mine,
    "show": _show,
    "search": _search,
    "stats": _stats,
    "issues": issue_views.listed,
    "commitments": issue_views.to_change,
    "causes": cause_views.causes_now,
    "help": _help,
}
"""What the commands that change nothing find, by name."""
