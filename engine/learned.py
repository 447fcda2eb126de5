"""What was learned, joined with what the rules say of a mail. Plain Python: any process can do it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from engine.understanding import Understood
from learning.keeping import OtherForm, restored
from learning.model import Model
from learning.suggesting import Ruled, Suggestion, suggestion
from store.kinds import CaseKind, Severity
from store.values import LEARNED, Hit, Message, Verdict

if TYPE_CHECKING:
    from cases.facts import Facts

KINDS = frozenset(kind.value for kind in CaseKind)


@dataclass(frozen=True, slots=True)
class Learned:
    """A model in force, with the bytes by which another process gets it."""

    model: Model
    data: bytes = field(repr=False)

    @classmethod
    def of(cls, data: bytes) -> Learned | None:
        """The model that these bytes are; None for one of another version, which is made anew."""
        try:
            return cls(restored(data), data)
        except OtherForm:
            return None

    @property
    def version(self) -> str:
        """What changes with anything that is learned from."""
        return self.model.version


def with_model(understood: Understood, rulebook: Rulebook, model: Model | None) -> Understood:
    """A mail as it was read, with what the model says of it."""
    if model is None or understood.verdict is None:
        return understood
    return replace(understood, verdict=asked(understood.verdict, understood.message, rulebook, model))


def with_learned(facts: Facts, came: Message | None, learned: Learned | None) -> Facts:
    """What is known for a decision, with what was learned of the mail that its verdict is of."""
    about = facts.judged or facts.message or came
    if learned is None or facts.verdict is None or about is None:
        return facts
    return replace(facts, verdict=asked(facts.verdict, about, facts.rulebook, learned.model))


def asked(verdict: Verdict, message: Message, rulebook: Rulebook, model: Model | None) -> Verdict:
    """The verdict on a mail once the model was asked; the same one where it was already."""
    if model is None or verdict.learned == model.version:
        return verdict
    return joined(verdict, message.subject, message.reply_text or message.text, rulebook, model)


def joined(
    verdict: Verdict, subject: str, text: str, rulebook: Rulebook, model: Model, *, any_name: bool = False
) -> Verdict:
    """The rules' verdict, or the model's suggestion where the rules did not decide and it is sure enough.

    It suggests no category that the rules don't know, unless any name that it was taught may be said.
    """
    verdict = replace(verdict, learned=model.version)
    known = () if any_name else [name for name in rulebook.categories if name != UNSURE]
    found = suggestion(model, ruled(verdict), subject, text, rulebook.unsure_below, known)
    return _suggested(verdict, found, rulebook, model) if found else verdict


def ruled(verdict: Verdict) -> Ruled:
    """What the rules said, as a model takes it."""
    return Ruled(
        language=verdict.language,
        category="" if verdict.category == UNSURE else verdict.category,
        confidence=verdict.confidence,
        stops=verdict.stopped,
        scores=verdict.scores,
        kind=verdict.kind.value,
    )


def _suggested(verdict: Verdict, found: Suggestion, rulebook: Rulebook, model: Model) -> Verdict:
    category = found.category or _of_kind(verdict, found.kind, rulebook)
    known = rulebook.categories.get(category)
    kind = known.kind if known and found.category else _kind(found.kind, verdict.kind)
    says = f"category {category}" if found.category else f"kind {kind.value}"
    sure = max(round(found.probability, 2), verdict.confidence if category == verdict.category else 0.0)
    order = list(Severity)
    severity = max((verdict.severity, known.severity if known else verdict.severity), key=order.index)
    return replace(
        verdict,
        category=category,
        kind=kind,
        severity=severity,
        confidence=sure if found.category else verdict.confidence,
        hits=(*verdict.hits, Hit(LEARNED, found.words, says, sure, model.corrections)),
    )


def _of_kind(verdict: Verdict, kind: str, rulebook: Rulebook) -> str:
    """What the rules lean to among the categories of this kind, when a model is sure of the kind alone."""
    if verdict.kind.value == kind:
        return verdict.category
    named = {name: score for name, score in verdict.scores.items() if rulebook.categories[name].kind == kind}
    return max(named, key=named.__getitem__, default=UNSURE)


def _kind(name: str, otherwise: CaseKind) -> CaseKind:
    return CaseKind(name) if name in KINDS else otherwise
