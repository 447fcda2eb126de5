"""What a customer is promised, by when, and whether it was kept (D11)."""

from __future__ import annotations

from cases.commands.command import Command

COMMANDS: tuple[Command, ...] = ()
