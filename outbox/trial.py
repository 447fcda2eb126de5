"""Trying a template before it is used: with samples of all that it can be given, until each of its branches
has been taken. What fails for some of them would have failed for a customer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from jinja2 import Environment, Template, TemplateError, UndefinedError

from language.problem import Problem
from outbox import markup, mistakes
from outbox.branches import REACHED, Branch, Condition
from outbox.compiling import Made, forced
from outbox.filters import NoText
from outbox.variable import Variable
from outbox.variables import bare, full

MOST = 400
"""Combinations of values that are tried to reach a branch."""
FAILURES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
Values = Mapping[str, Any]


class Trial:
    """A template of a file, tried in an environment that takes no bare values."""

    def __init__(self, file: str, text: str, made: Made, environment: Environment) -> None:
        self._file, self._text, self._made, self._environment = file, text, made, environment
        self._template = made.traced(environment)
        self._reached = set[int]()
        self.problems: list[Problem] = []

    def of_samples(self, variables: Mapping[str, Variable]) -> list[Problem]:
        """Try all that the variables can be; every mistake that this shows."""
        for values in _tries(variables, self._made):
            self.render(values)
        if not self.problems:
            self._reach(variables)
        return self.problems

    def of_values(self, values: Values) -> list[Problem]:
        """Try values, and some of them as nothing or as the contrary."""
        self.render(values)
        for name in sorted(self._made.ways.asked.intersection(values)):
            for other in _contraries(values[name]):
                self.render({**values, name: other})
        if not self.problems:
            self._force(list(self._missed()), values, (UndefinedError,))
        return self.problems

    def render(self, values: Values) -> None:
        """Render once; what fails is a problem."""
        self._render(self._template, {**values, REACHED: self._reached}, FAILURES)

    def _render(self, template: Template, values: Values, failures: tuple[type[Exception], ...]) -> None:
        try:
            markup.blocks(template.render(values))
        except FAILURES as error:
            if isinstance(error, failures):
                found = mistakes.failure(self._file, self._text, error, values)
                if found not in self.problems:
                    self.problems.append(found)

    def _missed(self) -> Iterator[Branch]:
        """Branches that nothing has reached yet, without those within others of them."""
        missed: list[tuple[Condition, ...]] = []
        for number, branch in enumerate(self._made.ways.branches):
            within = any(branch.conditions[: len(outer)] == outer for outer in missed)
            if number not in self._reached and not within and not branch.looped:
                yield branch
                if number not in self._reached:
                    missed.append(branch.conditions)

    def _reach(self, variables: Mapping[str, Variable]) -> None:
        unreached: list[Branch] = []
        for branch in self._missed():
            number = self._made.ways.branches.index(branch)
            for values in _combined(variables, branch.names):
                self.render(values)
                if number in self._reached or self.problems:
                    break
            else:
                unreached.append(branch)
        never = [one for one in unreached if _is_closed(one, variables)]
        for branch in never:
            self._never(branch, variables)
        # Only what is wrong whatever the values are counts then: these fit the conditions by chance.
        others = [one for one in unreached if one not in never]
        self._force(others, full(variables), (UndefinedError, NoText))

    def _never(self, branch: Branch, variables: Mapping[str, Variable]) -> None:
        if not branch.conditions[-1][1]:
            return  # an “else” for what nobody can foresee does no harm
        listed = [
            f"{name} is {' or '.join(str(one) for one in variables[name].one_of)}"
            for name in sorted(branch.names)
            if variables[name].one_of
        ]
        advice = f"this never comes true{': ' if listed else ''}{'; '.join(listed)}"
        place = mistakes.column(self._text, branch.line, "{%")
        self.problems.append(Problem(self._file, branch.line, place, advice))

    def _force(self, missed: Sequence[Branch], values: Values, failures: tuple[type[Exception], ...]) -> None:
        """Take branches whatever the values are, as many at once as do not exclude each other."""
        for conditions in _together(missed):
            template = forced(self._file, self._made, conditions.items(), self._environment)
            self._render(template, values, failures)


def _is_closed(branch: Branch, variables: Mapping[str, Variable]) -> bool:
    """Whether all that its conditions can be asked was tried."""
    return all(name in variables and variables[name].closed for name in branch.names)


def _together(missed: Sequence[Branch]) -> list[dict[int, bool]]:
    found: list[dict[int, bool]] = []
    for branch in missed:
        wanted = dict(branch.conditions)
        fitting = next(
            (one for one in found if all(one.get(n, holds) == holds for n, holds in wanted.items())), None
        )
        if fitting is None:
            found.append(wanted)
        else:
            fitting.update(wanted)
    return found


def _tries(variables: Mapping[str, Variable], made: Made) -> Iterator[dict[str, Any]]:
    """Everything given, only what must be, and each value that makes a difference by itself."""
    most, least = full(variables), bare(variables)
    yield most
    yield least
    for name in sorted(made.names & variables.keys()):
        variable = variables[name]
        asked = name in made.ways.asked
        for other in variable.alternatives:
            if asked or other is None:
                yield {**most, name: other}
        if asked:
            yield from ({**least, name: one} for one in (variable.sample, *variable.alternatives))


def _combined(variables: Mapping[str, Variable], names: Collection[str]) -> Iterator[dict[str, Any]]:
    """What can come together of the named variables, with all others given and then with none."""
    known = [name for name in sorted(names) if name in variables]
    choices = [(variables[name].sample, *variables[name].alternatives) for name in known]
    for base in (full(variables), bare(variables)):
        for values in islice(product(*choices), MOST):
            yield {**base, **dict(zip(known, values, strict=True))}


def _contraries(value: Any) -> Sequence[Any]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (0, 1, 2, 3, 11)
    if isinstance(value, str | tuple):
        return (type(value)(), value * 2)
    return (None,) if value is not None else ()
