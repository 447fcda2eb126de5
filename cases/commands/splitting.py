"""`split`: a second matter in one case becomes a case of its own."""

from __future__ import annotations

from cases.commands.command import Command

COMMANDS: tuple[Command, ...] = ()
