"""What a customer is offered to make it right, within the limits of who offers it (D13)."""

from __future__ import annotations

from cases.commands.command import Command

COMMANDS: tuple[Command, ...] = ()
