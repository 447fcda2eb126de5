"""A case that ends while a draft is open: no words are lost without saying so."""

from __future__ import annotations

from cases.commands.situation import Situation
from cases.drafts import newly_made
from cases.saying import Refusal


def refuse_lost_words(situation: Situation, command: str) -> None:
    """Refuses to end a case whose agent wrote an answer in the same mail that would stay unsent."""
    made = newly_made(situation)
    if situation.draft_open and made and not made.template:
        raise Refusal("unsent-edit", command=command)
