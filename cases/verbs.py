"""Commands by name, for letters that offer them; cases/commands/registry.py says what they are."""

from __future__ import annotations

ALL = "all"
"""What a token allows that is good for every command."""
FOR_A_CASE = ("approve", "edit", "reject", "assign", "note", "resolve", "merge", "help")
"""What a mail about a case offers in words; `help` lists the rest."""
FOR_AN_OPEN_DRAFT = ("approve", "reject")
FOR_THE_DESK = ("help",)
YES_OR_NO = ("yes", "no")
