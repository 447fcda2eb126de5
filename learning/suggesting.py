"""The rules' verdict and a model's guess, joined: the model never speaks against what the rules decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.model import ANY, NEVER, Model
from learning.samples import leaning
from learning.terms import Heard, words_of

VERY_SURE = 0.8
"""A verdict as sure as this one decides, unless people doubt its category: several words say the same."""


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
    kind: str = ""


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
    """What the model says; None where it is not sure enough, or the rules decided something else.

    `known` are the categories that it may name; none given: all that it was taught.
    """
    if ruled.stops:
        return None
    decided = rules_decide(model, ruled, unsure_below)
    mail = model.weigh(words_of(subject, text), Heard(ruled.scores, ruled.category, ruled.confidence))
    lean = leaning(ruled.category, ruled.scores)
    category = model.guess_category(mail, ruled.language, model.meant.get(lean, lean), ruled.confidence)
    if decided and category.label != ruled.category:
        return None
    if category.speaks and (not known or category.label in known):
        taught = model.kind_of.get(category.label, "")
        return Suggestion(category.label, taught, category.sure, category.words, model.version)
    if decided or not model.kind.labels:
        return None
    kind = model.guess_kind(mail, ruled.language, ruled.kind, ruled.confidence)
    if not kind.speaks or kind.label == ruled.kind:
        return None
    return Suggestion("", kind.label, kind.sure, kind.words, model.version)


def rules_decide(model: Model, ruled: Ruled, unsure_below: float) -> bool:
    """Whether the rules' verdict stands whatever the model holds.

    A rule that stops always decides. A category that people too often corrected never does. Else the verdict
    must be as sure as verdicts had to be to be right often enough in the corrections; until there are enough
    of those, as sure as the rule files ask.
    """
    if ruled.stops:
        return True
    level = level_of(model.decides, ruled.language, unsure_below)
    return bool(ruled.category) and ruled.category not in model.doubted and ruled.confidence >= level


def level_of(decides: Mapping[str, float], language: str, unsure_below: float) -> float:
    """The confidence from which on the rules decide a mail of this language."""
    if not decides:
        return unsure_below
    return max(min(decides.get(language, decides.get(ANY, NEVER)), VERY_SURE), unsure_below)
