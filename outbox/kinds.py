"""What letters there are by kind, and the parts that a letter can have (D8)."""

from __future__ import annotations

ACKNOWLEDGEMENT, ANSWER, HOLDING, CHECK_IN = "acknowledgement", "answer", "holding", "check-in"
AGENT, ADMIN, CARD = "agent", "admin", "card"
KINDS = (ACKNOWLEDGEMENT, ANSWER, HOLDING, CHECK_IN, AGENT, ADMIN, CARD)
TO_CUSTOMERS = frozenset({ACKNOWLEDGEMENT, ANSWER, HOLDING, CHECK_IN})
"""Kinds that a customer reads as a mail."""
PARTS = ("thanks", "apology", "understanding", "plan", "date", "contact")
"""In the order in which a letter has them."""
_BEGINNINGS = (
    ("ack_", ACKNOWLEDGEMENT),
    ("answer", ANSWER),
    ("holding_", HOLDING),
    ("check_in", CHECK_IN),
    ("admin_", ADMIN),
    ("invitation_card", CARD),
)


def kind_of(letter: str) -> str:
    """The kind of a letter, which its name tells; those to agents are all the others."""
    return next((kind for beginning, kind in _BEGINNINGS if letter.startswith(beginning)), AGENT)
