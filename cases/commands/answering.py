"""`yes` and `no`: what a person says to a request that waits for them."""

from __future__ import annotations

from cases.commands.command import Command

COMMANDS: tuple[Command, ...] = ()
