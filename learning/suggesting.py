"""The rules' verdict and a model's guess, joined: the model speaks only where the rules don't decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.model import ANY, NEVER, Model
from learning.terms import words_of


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules said of a mail, as far as a model needs to know."""

    language: str
    category: str
    confidence: float
    """0 to 1."""
    stops: bool
    """A rule that stops has spoken."""
    scores: Mapping[str, float]
    """By category."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model says where the rules were unsure."""

    category: str
    """"" when it is sure of the kind alone."""
    kind: str
    """"" when it is sure of the category alone."""
    probability: float
    words: tuple[str, ...]
    """The words of the mail that weighed most, normalised."""
    version: str


def suggestion(
    model: Model, ruled: Ruled, subject: str, text: str, unsure_below: float, known: Sequence[str] = ()
) -> Suggestion | None:
    """What the model says; None where the rules decide or it is not sure enough.

    `known` are the categories that it may name; none given: all that it was taught.
    """
    if rules_decide(model, ruled, unsure_below):
        return None
    words = words_of(subject, text)
    weighed = model.weigh(words, ruled.scores)
    kind = model.guess(model.kind, words, weighed, ruled.language) if model.kind.labels else None
    category = model.guess(model.category, words, weighed, ruled.language)
    if category.speaks and (not known or category.label in known):
        taught = model.kind_of.get(category.label, "")
        return Suggestion(category.label, taught, category.probability, category.words, model.version)
    if kind is not None and kind.speaks:
        return Suggestion("", kind.label, kind.probability, kind.words, model.version)
    return None


def rules_decide(model: Model, ruled: Ruled, unsure_below: float) -> bool:
    """Whether the rules' verdict stands whatever the model holds.

    A rule that stops always decides. Else the verdict must be as sure as verdicts had to be to be right
    often enough in the corrections; until there are enough of those, as sure as the rule files ask.
    """
    if ruled.stops:
        return True
    level = (
        model.decides.get(ruled.language, model.decides.get(ANY, NEVER)) if model.decides else unsure_below
    )
    return bool(ruled.category) and ruled.confidence >= max(level, unsure_below)
