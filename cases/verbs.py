"""Commands by name, for letters that offer them; cases/commands/registry.py says what they are."""

from __future__ import annotations

ALL = "all"
"""What a token allows that is good for every command."""
FOR_A_CASE = ("approve", "edit", "reject", "note", "assign", "category", "resolve", "merge", "help")
"""What a mail about a case offers in words; `help` lists the rest."""
FOR_AN_OPEN_DRAFT = ("approve", "reject")
FOR_A_CUSTOMER_WITH_AN_ADDRESS = ("approve", "edit", "reject")
"""An answer can't be sent to who has none."""
FOR_A_LEAVING_ANSWER = ("undo",)
FOR_AN_ENDED_CASE = ("reopen", "note", "show", "help")
FOR_THE_DESK = ("mine", "queue", "show", "search", "help")
YES_OR_NO = ("yes", "no")
FOR_WHO_GAVE_IT = ("take", "note", "show", "help")
"""What is left to an agent who gave a case away, or whom a colleague took it from."""


FOR_WORDS = frozenset({"note", "reject", "no", "promise", "escalate"})
"""Commands whose ready reply ends where the agent's own words begin. What else takes words is written."""
OPEN_ENDED = FOR_WORDS | {"edit"}
"""Commands whose button shows that words are wanted."""
