"""What commands need to know: gathered for those that a mail gives, and for no other.

A gatherer gives the facts with its part filled in. It may ask the database; a new complaint comes to none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session

from cases.commands.grammar import Given
from cases.commands.reading import AGENTS_OWN
from cases.facts import Facts
from cases.numbers import number_in
from engine import desk_views, gather_case, gather_check_ins, gather_desk, gather_issues, gather_money
from store import facts as stored_facts
from store import queries, threads
from store.models import MailKind

MOST_MAILS = 500
"""Of a case, which an agent can choose from."""
Gatherer = Callable[[Session, Facts, Sequence[Given]], Facts]
"""Gives the facts with one more part; the commands are all those of the mail that need this part."""


def named(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The cases that stand behind the names of commands, such as `merge 1042`."""
    numbers = dict.fromkeys(number for one in given if (number := number_in(one.argument)) is not None)
    found = (queries.case(session, number) for number in numbers)
    return replace(facts, named=tuple(case for case in found if case))


def mails(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The customer's mails of the case, newest first."""
    if facts.case is None:
        return facts
    return replace(facts, mails=tuple(threads.newest_mails(session, facts.case.number, MOST_MAILS)))


def facts_of_case(session: Session, facts: Facts, given: Sequence[Given] = ()) -> Facts:
    """What the case's mails told, and what agents said of it."""
    if facts.case is None:
        return facts
    known = stored_facts.of_case(session, facts.case.number)
    return replace(facts, case_facts=known.facts, removed_facts=known.removed)


OF_A_CASE_IN_HAND: tuple[Gatherer, ...] = (
    gather_money.promises,
    gather_money.money,
    gather_money.waiting,
    gather_issues.of_case,
    facts_of_case,
)
"""What the agent of a case is told of it whenever it is mailed about."""
OF_EVERY_COMMAND: tuple[Gatherer, ...] = (gather_desk.leaving, *OF_A_CASE_IN_HAND)
"""What every command of an agent needs."""
NEEDS: Mapping[str, tuple[Gatherer, ...]] = {
    "yes": (gather_money.request,),
    "no": (gather_money.request,),
    "offer": (gather_money.to_give,),
    "approve": (gather_money.categories,),
    "merge": (named, gather_case.elsewhere, mails),
    "split": (mails, gather_case.becoming),
    **dict.fromkeys(desk_views.LOOKS, (desk_views.found,)),
    "open": (desk_views.told,),
    "spam": (gather_desk.unsent,),
    "undo": (gather_desk.words_of_leaving,),
    "preview": (gather_desk.words_of_leaving,),
    "reopen": (mails,),
    "resolve": (gather_check_ins.willing,),
    "checkins": (gather_check_ins.willing,),
    "issue": (gather_issues.named,),
    "concerns": (gather_issues.named,),
    "fixed": (gather_issues.concerned,),
    "commit": (gather_issues.next_commitment,),
    "done": (gather_issues.committed_to,),
    "assign": (gather_case.trail,),
    "escalate": (gather_case.trail,),
}
"""What a command needs besides, by its name."""


def in_hand(session: Session, facts: Facts) -> Facts:
    """The facts with what agents did on the case, for the mail to its agent. A new complaint asks nothing."""
    automatic = facts.message is not None and facts.message.kind is not MailKind.CUSTOMER
    if facts.case is None or facts.draft_coming or automatic:
        return facts
    return _with(session, facts, dict.fromkeys(OF_A_CASE_IN_HAND, ()))


def gathered(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The facts with all that these commands need, and those that a `yes` would let happen.

    An agent whose commands can't be read is told how the case stands all the same.
    """
    if facts.agent is None or not (given or (facts.token and facts.token.purpose in AGENTS_OWN)):
        return in_hand(session, facts)
    facts = _with(session, facts, dict.fromkeys(OF_EVERY_COMMAND, tuple(given)))
    facts = _with(session, facts, _wanted(given))
    if facts.request is None and facts.token and facts.token.request_key:
        facts = gather_money.request(session, facts, given)
    if facts.request is None:
        return facts
    held = tuple(Given(name, argument) for name, argument in facts.request.given)
    return _with(session, facts, _wanted(held))


def _with(session: Session, facts: Facts, wanted: Mapping[Gatherer, Sequence[Given]]) -> Facts:
    for gatherer, commands in wanted.items():
        facts = gatherer(session, facts, commands)
    return facts


def _wanted(given: Sequence[Given]) -> dict[Gatherer, list[Given]]:
    """Each gatherer that is needed, with the commands that need it."""
    wanted: dict[Gatherer, list[Given]] = {}
    for one in given:
        for gatherer in NEEDS.get(one.name, ()):
            wanted.setdefault(gatherer, []).append(one)
    return wanted
