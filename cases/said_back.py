"""What a customer's mail says to our question or our answer: a score, a wish, thanks and nothing else."""

from __future__ import annotations

from cases import checkin
from cases.facts import Facts
from store.values import Message


def answer_in(facts: Facts, message: Message) -> checkin.Answer | None:
    """The answer to the check-in that the mail begins with; None where it begins otherwise."""
    return checkin.read(message.reply_text, facts.rulebook.words, _names(facts, message))


def is_courtesy(facts: Facts, message: Message) -> bool:
    """Thanks and nothing else; an attachment says more."""
    known = facts.rulebook.words
    return not message.attachments and checkin.is_courtesy(message.reply_text, known, _names(facts, message))


def _names(facts: Facts, message: Message) -> frozenset[str]:
    """Who may sign the mail, and who may be thanked by name."""
    customer = facts.case.customer_name if facts.case else ""
    agents = (agent.name for agent in facts.rulebook.agents)
    return checkin.names_in(message.sender.name, customer, *agents)
