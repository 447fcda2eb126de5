"""Which case a mail belongs to, and by what right (promise 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from cases import tokens
from cases.commands.reading import AGENTS_OWN, reads_as_commands
from cases.policy import Policy
from cases.rules.rulebook import Rulebook
from store import desk_looks, queries
from store.models import Case, Letter, MailKind, Token
from store.values import Message

THREAD = 10
"""Message-IDs of a thread that a mail or a letter names."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Which case a mail belongs to, and by what right."""

    case: Case | None = None
    joined_by: str = ""
    mentioned: Case | None = None
    token: Token | None = None
    bounced: tuple[Letter, ...] = ()
    late: tuple[Letter, ...] = ()


def belonging(session: Session, message: Message, rulebook: Rulebook, policy: Policy) -> Belonging:
    """As `_addressed`; what a customer writes to a merged case belongs to the one that took it in.

    The answer to its check-in counts there, where the matter is now.
    """
    belongs = _addressed(session, message, rulebook, policy)
    case = belongs.case
    if belongs.token and belongs.token.purpose in AGENTS_OWN:
        return belongs
    while case and case.merged_into is not None:
        case = queries.case(session, case.merged_into)
    return belongs if case is belongs.case else replace(belongs, case=case)


def _addressed(session: Session, message: Message, rulebook: Rulebook, policy: Policy) -> Belonging:
    """Our own reply address first, then the thread if the sender is a participant (promise 13)."""
    if message.kind is MailKind.BOUNCE:
        told = _of_bounce(session, message)
        if told.bounced or told.late:
            return told
    addresses = [one.address for one in (*message.to, *message.cc)] + list(message.delivered_to)
    for token in tokens.tokens_of(addresses, [(one.address, one.form) for one in policy.all_ours]):
        case = queries.case_by_reply_token(session, token)
        if case:
            return Belonging(case, "address")
        given = queries.token(session, tokens.digest(token))
        if given:
            return _by_token(session, message, rulebook, given)
    case = queries.case_of_thread(session, _newest_first(message))
    if case is None and message.forwarded:
        case = queries.case_of_thread(session, message.forwarded)
    if case is None:
        return Belonging()
    if message.sender.key in queries.participants(session, case.number):
        return Belonging(case, "thread")
    return Belonging(mentioned=case)


def _by_token(session: Session, message: Message, rulebook: Rulebook, token: Token) -> Belonging:
    """What an address that was given to one person says of who writes to it.

    An agent's says nothing of a customer, who may have got it in Cc: that is a customer's mail, and joins the
    case by its sender alone. A check-in's is the customer's and the participants', and nobody else's.
    """
    case, sender = _case_of_token(session, token), message.sender.key
    if token.purpose in AGENTS_OWN and (rulebook.agent(sender) or sender == token.agent):
        return Belonging(case, "address", token=token)
    if case and (sender == case.customer or sender in queries.participants(session, case.number)):
        return Belonging(case, "address", token=None if token.purpose in AGENTS_OWN else token)
    if token.purpose in AGENTS_OWN and reads_as_commands(message, rulebook):
        return Belonging(case, "address", token=token)
    return Belonging(mentioned=case)


def _case_of_token(session: Session, token: Token) -> Case | None:
    """The case that a reply address is for; a challenge's stands in its request alone."""
    number = token.case_number
    if number is None and token.request_key:
        request = desk_looks.request(session, token.request_key)
        number = request.case_number if request else None
    return queries.case(session, number) if number is not None else None


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
