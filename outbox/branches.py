"""The ways that a template can take: each `if`, `elif`, `else` and `for` marked, so that a trial can tell
which of them its samples reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from jinja2 import nodes

REACHED = "the branches reached"
"""Where a rendering finds the set that it adds to; no template can use a variable of this name."""
_SIGN = "\x1f"
_MARK = re.compile(rf"^( +)'{re.escape(repr(_SIGN)[1:-1])}(\d+)'$", re.MULTILINE)
Condition = tuple[int, bool]
"""Which `if` of the template it is, and whether it has to hold."""


class Branch(NamedTuple):
    """What stands below one `if`, `elif`, `else` or `for`."""

    line: int
    conditions: tuple[Condition, ...]
    """Those of all that stand around it, too."""
    names: frozenset[str]
    """The names that they speak of."""
    looped: bool
    """Whether it is the body of a `for`."""


class Ways(NamedTuple):
    """What was marked in a template."""

    branches: tuple[Branch, ...]
    asked: frozenset[str]
    """Every name that a condition asks for, within a line too."""


def marked(tree: nodes.Template) -> Ways:
    """Mark the tree's branches by statements that do nothing, until `traced` makes something of them."""
    walk = _Walk()
    walk.visit(tree, (), frozenset())
    walk.set_marks()
    return Ways(tuple(walk.branches), frozenset(walk.asked))


def traced(source: str) -> str:
    """The Python source of a marked template as one that notes each branch it takes."""
    return _MARK.sub(rf"\1context.parent[{REACHED!r}].add(\2)", source)


def forced(tree: nodes.Template, conditions: Iterable[Condition]) -> None:
    """Let the tree's conditions be met, whatever the values are."""
    walk = _Walk()
    walk.visit(tree, (), frozenset())
    for number, holds in conditions:
        one = walk.ifs[number]
        one.test = nodes.Const(holds, lineno=one.lineno)


class _Walk:
    """Goes through a template in its order."""

    def __init__(self) -> None:
        self.ifs: list[nodes.If] = []
        self.branches: list[Branch] = []
        self.bodies: list[list[nodes.Node]] = []
        self.asked = set[str]()

    def visit(self, node: nodes.Node, around: tuple[Condition, ...], names: frozenset[str]) -> None:
        """Note the branches of a node, and of all that is in it."""
        if isinstance(node, nodes.If):
            self._if(node, around, names)
        elif isinstance(node, nodes.For):
            self._for(node, around, names)
        else:
            if isinstance(node, nodes.CondExpr):
                self.asked |= _names(node.test)
            elif isinstance(node, nodes.Assign):
                self.asked |= _names(node.node)
            for inner in node.iter_child_nodes():
                self.visit(inner, around, names)

    def set_marks(self) -> None:
        """Put each branch's number at its beginning."""
        for number, body in enumerate(self.bodies):
            line = self.branches[number].line
            body.insert(0, nodes.ExprStmt(nodes.Const(f"{_SIGN}{number}", lineno=line), lineno=line))

    def _if(self, node: nodes.If, around: tuple[Condition, ...], names: frozenset[str]) -> None:
        for one in (node, *node.elif_):
            number = len(self.ifs)
            self.ifs.append(one)
            self.asked |= _names(one.test)
            self.visit(one.test, around, names)
            names |= _names(one.test)
            self._branch(one.body, one.lineno, (*around, (number, True)), names)
            around = (*around, (number, False))
        if node.else_:
            self._branch(node.else_, node.else_[0].lineno, around, names)

    def _for(self, node: nodes.For, around: tuple[Condition, ...], names: frozenset[str]) -> None:
        self.asked |= _names(node.iter)
        names |= _names(node.iter)
        self._branch(node.body, node.lineno, around, names, looped=True)
        if node.else_:
            self._branch(node.else_, node.else_[0].lineno, around, names, looped=True)

    def _branch(
        self,
        body: list[nodes.Node],
        line: int,
        conditions: tuple[Condition, ...],
        names: frozenset[str],
        *,
        looped: bool = False,
    ) -> None:
        self.branches.append(Branch(line, conditions, names, looped))
        self.bodies.append(body)
        for one in body:
            self.visit(one, conditions, names)


def _names(expression: nodes.Node) -> frozenset[str]:
    own = (expression,) if isinstance(expression, nodes.Name) else ()
    return frozenset(one.name for one in (*own, *expression.find_all(nodes.Name)))
