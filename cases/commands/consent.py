"""What has to wait for somebody else's yes before it is done (D13, promises 15 and 16)."""

from __future__ import annotations

from cases.commands.command import Command
from cases.commands.situation import Effect, Situation


def held(situation: Situation, command: Command, argument: str) -> Effect | None:
    """What happens instead, while a command waits for a yes; None where the agent may do it alone.

    Raises Refusal where nobody could say yes.
    """
    return None
