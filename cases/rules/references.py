"""What rule files say of each other: categories, agents, teams, facts and tags that must be there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cases.naming import folded
from cases.rules.conditions import Conditions, RulesFile, Says
from cases.rules.errors import meant
from cases.rules.issues import IssuesFile, copies_in
from cases.rules.signals import SignalsFile
from cases.rules.strict_yaml import Path
from cases.rules.types import Agent, Role, RoutingFile

ALERTED = (Role.OWNER, Role.ADMIN, Role.APPROVER)
"""The roles that can be told of something; all agents at once is too many."""
THREATS = "threats.yaml"
Mistake = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class References:
    """What there is to refer to; None where the file that says so can't be read."""

    categories: Collection[str] | None
    called: Mapping[str, str]
    """Categories by what they are called in any language."""
    agents: tuple[Agent, ...] | None
    facts: Collection[str] | None
    tags: Collection[str] = field(default_factory=tuple)

    def in_rules(self, file: RulesFile) -> Iterator[Mistake]:
        """What is wrong in what rules say, and in the facts that they ask for."""
        for number, rule in enumerate(file.rules):
            path = ("rules", number)
            yield from self._in_says(rule.says, (*path, "says"))
            yield from self._in_conditions(rule.when, (*path, "when"))

    def _in_says(self, says: Says, path: Path) -> Iterator[Mistake]:
        if not says.told:
            yield path, "this rule says nothing; add 'category: …', 'severity: …' or the like"
        if says.stop and not says.category:
            yield (*path, "stop"), "'stop' takes this rule's category; add 'category: …'"
        yield from self._category((*path, "category"), says.category)
        yield from self._agent((*path, "assign"), says.assign)
        yield from self._person((*path, "alert"), says.alert)
        if says.escalate not in self._teams():
            yield from self._person((*path, "escalate"), says.escalate)
        if says.escalate and says.assign:
            yield (*path, "escalate"), "one of them gets the case; keep one of 'assign' and 'escalate'"

    def _in_conditions(self, when: Conditions, path: Path) -> Iterator[Mistake]:
        yield from self._facts((*path, "fact"), when.fact)
        for key, parts in (("all", when.all), ("any", when.any)):
            for number, part in enumerate(parts):
                yield from self._in_conditions(part, (*path, key, number))
        if when.not_:
            yield from self._in_conditions(when.not_, (*path, "not"))

    def in_routes(self, file: RoutingFile) -> Iterator[Mistake]:
        for number, route in enumerate(file.routes):
            path = ("routes", number)
            for position, name in enumerate(route.category):
                yield from self._category((*path, "category", position), name)
            for position, address in enumerate(route.assign):
                yield from self._agent((*path, "assign", position), address)
            for position, tag in enumerate(route.tag):
                if tag not in self.tags:
                    yield (*path, "tag", position), f"no rule says the tag '{tag}'; {meant(tag, self.tags)}"
            yield from self._team((*path, "team"), route.team or "")

    def in_signals(self, file: SignalsFile) -> Iterator[Mistake]:
        names: dict[str, int] = {}
        for number, signal in enumerate(file.signals):
            path = ("signals", number)
            if names.setdefault(signal.name, number) != number:
                yield (*path, "name"), f"'{signal.name}' is the name of another signal; choose one"
            for position, name in enumerate(signal.category):
                yield from self._category((*path, "category", position), name)
            yield from self._facts((*path, "fact"), signal.fact)
            yield from self._told((*path, "to"), signal.to)
        yield from self._told(("growth", "to"), file.growth.to)
        yield from self._told(("clusters", "to"), file.clusters.to)
        for position, name in enumerate(file.growth.facts or ()):
            yield from self._fact(("growth", "facts", position), name)

    def _told(self, path: Path, to: tuple[str, ...]) -> Iterator[Mistake]:
        """Roles, teams and addresses of who is told of something."""
        for position, who in enumerate(to):
            if who not in self._teams():
                yield from self._person((*path, position), who)

    def in_issues(self, file: IssuesFile) -> Iterator[Mistake]:
        yield from copies_in(file)
        for number, issue in enumerate(file.issues):
            path = ("issues", number)
            yield from self._category((*path, "category"), issue.category or "")
            yield from self._facts((*path, "fact"), issue.fact)

    def _category(self, path: Path, name: str) -> Iterator[Mistake]:
        if name and self.categories is not None and name not in self.categories:
            near = self.called.get(folded(name), name)
            yield path, f"there is no category '{name}'; {meant(near, self.categories)}"

    def _agent(self, path: Path, address: str) -> Iterator[Mistake]:
        known = self._addresses()
        if address and known and address.lower() not in known:
            yield path, f"there is no agent '{address}'; {meant(address.lower(), known)}"

    def _person(self, path: Path, who: str) -> Iterator[Mistake]:
        """A role, or an agent's address."""
        known = [*ALERTED, *self._addresses()]
        if who and self.agents is not None and who.lower() not in known:
            advice = meant(who.lower(), known)
            yield path, f"there is no role or agent '{who}'; {advice} Others are added in agents.yaml"

    def _facts(self, path: Path, wanted: Mapping[str, object]) -> Iterator[Mistake]:
        for name in wanted:
            yield from self._fact((*path, name), name)

    def _fact(self, path: Path, name: str) -> Iterator[Mistake]:
        if self.facts is not None and name not in self.facts:
            advice = meant(name, self.facts) if self.facts else "extractors.yaml has none"
            yield path, f"no extractor finds a fact '{name}'; {advice}"

    def _team(self, path: Path, name: str) -> Iterator[Mistake]:
        teams = self._teams()
        if not name or self.agents is None or name in teams:
            return
        if teams:
            yield path, f"there is no team '{name}'; {meant(name, teams)}"
        else:
            missing = f"write 'team: {name}' at those who are in it, in agents.yaml"
            yield path, f"no agent is in a team yet; {missing}"

    def _teams(self) -> list[str]:
        return sorted({one.team for one in self.agents or () if one.team})

    def _addresses(self) -> list[str]:
        return [agent.address for agent in self.agents or ()]


def threats_in(files: Iterable[tuple[str, RulesFile]]) -> frozenset[str]:
    """The names of the rules by which a mail threatens the firm's name (D4): those of the file for it that
    alert somebody, and any other by which whoever answers for the name is mailed."""
    return frozenset(
        rule.name
        for name, file in files
        for rule in file.rules
        if rule.says.alert and (name == THREATS or rule.says.alert.lower() == Role.OWNER)
    )
