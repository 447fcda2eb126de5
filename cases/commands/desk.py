"""Commands about the whole desk: what waits, what was, who is there, cases that came another way."""

from __future__ import annotations

from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.saying import Say
from store.models import EventKind


def show_help(_: Situation, __: str) -> Effect:
    """The list of commands; the transcript carries it anyway."""
    return Effect(events=((EventKind.HELPED, ""),), says=Say("helped"))


COMMANDS = (
    Command("help", "help", "Get this list.", "nothing", show_help, scope="desk", changes_nothing=True),
)
