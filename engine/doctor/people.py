"""Rules, letters and agents: whether somebody is there for each thing that a person must do."""

from __future__ import annotations

from collections.abc import Iterator

from cases.rules.rulebook import Rulebook
from cases.rules.types import Role
from engine import check
from engine.doctor.finding import Finding, note, right, wrong
from engine.places import folder
from engine.rule_files import read_rules
from settings import Settings


def files(settings: Settings) -> Iterator[Finding]:
    """Every mistake in rules and letters, as `check` tells it."""
    told = list(check.of_files(settings))
    for problem in told:
        yield wrong(problem)
    if not told:
        yield right(f"rules and letters are right ({settings.RULES_DIR}, {settings.TEMPLATES_DIR})")


def agents(settings: Settings) -> Iterator[Finding]:
    """Whether the agents can do all that is asked of them."""
    rulebook, problems = read_rules(folder(settings.RULES_DIR))
    if rulebook is None:
        yield note(
            f"the agents can't be looked at before the rule files are right ({len(problems)} mistakes)"
        )
        return
    yield from roles(rulebook, settings.own_names)


def roles(rulebook: Rulebook, ours: tuple[str, ...]) -> Iterator[Finding]:
    """What is missing in agents.yaml."""
    who = "rules/agents.yaml"
    examples = [one.address for one in rulebook.agents if one.address.rpartition("@")[2] in EXAMPLES]
    if examples:
        yield wrong(
            f"{who} still has addresses of the example: {', '.join(examples)}",
            "write your agents' own addresses there: drafts are mailed to them",
        )
    for address in sorted({one.address for one in rulebook.agents} & {name.lower() for name in ours}):
        yield wrong(f"{who}: {address} is an address that we read ourselves", "name persons there")
    if not rulebook.with_role(Role.ADMIN):
        yield wrong(f"nobody in {who} is an admin, so nobody hears of troubles", "add roles: [agent, admin]")
    approvers = rulebook.with_role(Role.APPROVER)
    some_need = [one.name for one in rulebook.agents if one.draft_only]
    if not approvers and some_need:
        yield wrong(
            f"nobody in {who} is an approver, but {', '.join(some_need)} may only draft",
            "add roles: [agent, approver] to whoever may say yes",
        )
    elif not approvers:
        yield note(
            f"nobody in {who} is an approver: what is beyond an agent's authority can be granted by nobody",
            "add roles: [agent, approver] to whoever may say yes",
        )
    if rulebook.with_role(Role.ADMIN) and (approvers or not some_need):
        yield right(
            f"{len(rulebook.agents)} agents, {len(approvers)} approvers, "
            f"{len(rulebook.with_role(Role.ADMIN))} admins"
        )


EXAMPLES = frozenset({"example.com", "example.org", "example.net"})
"""Domains that nobody can have (RFC 2606)."""
