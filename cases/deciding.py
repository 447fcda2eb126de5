"""Whether what the rule files hold back for somebody's yes can ever be done."""

from __future__ import annotations

from collections.abc import Iterator

from cases.rules.strict_yaml import Path
from cases.rules.types import AgentsFile, CategoriesFile, Role


def without_decider(agents: AgentsFile, categories: CategoriesFile) -> Iterator[tuple[Path, str]]:
    """Where in the agents' file somebody is missing who may say yes, and what to write."""
    people = agents.agents
    for number, agent in enumerate(people):
        if agent.draft_only and set(agent.roles) & {Role.APPROVER, Role.OWNER}:
            message = "who is approver or owner decides for others; leave draft_only out, or the role"
            yield ("agents", number, "draft_only"), message
    if all(agent.draft_only for agent in people):
        yield ("agents",), "everybody is draft_only, so no answer could ever leave; let one agent approve"
    four_eyes = next((name for name, category in categories.categories.items() if category.four_eyes), "")
    if four_eyes and len(people) == 1:
        message = f"the category '{four_eyes}' has four_eyes, and there is only one agent; add a second one"
        yield ("agents",), message
