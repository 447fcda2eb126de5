"""The HTML frame of every letter, checked and tried."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from language.problem import Problem
from outbox import markup
from outbox.compiling import Draft, Made, compiled
from outbox.trial import Trial

_VARIABLES = ("lang", "dir", "subject", "groups")


def check_layout(file: str, text: str, environment: Environment) -> tuple[Made | None, list[Problem]]:
    """Compile the frame and try it with each kind of block."""
    made, problems = compiled(file, text, Draft(text, environment), _VARIABLES)
    if made is None:
        return None, problems
    sample = [(kind, [("rtl", Markup("x"), Markup("https://example.com"))]) for kind in markup.KINDS.values()]
    trial = Trial(file, text, made, environment)
    trial.render({"lang": "fa", "dir": "rtl", "subject": "x", "groups": sample})
    return (None if trial.problems else made), trial.problems
