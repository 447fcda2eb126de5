"""What is this mail: a customer's, a machine's, a command, an answer to a check-in?"""

from __future__ import annotations

from cases.commands.reading import AGENTS_OWN, reads_as_commands
from cases.facts import Facts
from cases.people import is_ours
from cases.said_back import answer_in
from store.models import ENDED, MailKind, Token, TokenPurpose
from store.values import Message


def what_is_it(facts: Facts, message: Message) -> tuple[MailKind, str]:
    """The kind of the mail, and why; "" when it is an ordinary customer's mail.

    A customer who writes to an agent's reply address comes here without its token (see engine/gather.py).
    """
    if any(is_ours(address, facts) for address in message.senders):
        return MailKind.LOOP, "it comes from our own address"
    if message.kind is not MailKind.CUSTOMER:
        return message.kind, message.kind_because
    if facts.token and facts.token.purpose in AGENTS_OWN:
        return MailKind.COMMAND, "it is addressed to an agent's reply address"
    if _may_answer_check_in(facts, message) and answer_in(facts, message):
        return MailKind.CHECK_IN_ANSWER, "it answers the check-in"
    if facts.agent and reads_as_commands(message, facts.rulebook):
        return MailKind.COMMAND, "it reads as commands"
    return MailKind.CUSTOMER, ""


def _may_answer_check_in(facts: Facts, message: Message) -> bool:
    """Whether a case of the sender asks; late is not too late for the customer, but for anybody else."""
    case, token = facts.case, facts.token
    if case is None or not facts.joined_by:
        return False
    if token and token.purpose is TokenPurpose.CHECK_IN and not is_past(token, facts):
        return True
    return case.check_ins > 0 and case.status in ENDED and message.sender.key == case.customer


def is_past(token: Token, facts: Facts) -> bool:
    """Whether a reply address is no good any more."""
    return token.expires_at is not None and token.expires_at <= facts.now
