"""Training: samples → a model. Only the process that trains imports this module: it loads scikit-learn."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from learning.calibration import DECIDES, PRECISION, Quality, Trial, quality, thresholds
from learning.judging import Held, sureness_of, trials_of
from learning.model import ANY, NEVER, Head, Model
from learning.samples import ENOUGH_CORRECTIONS, ENOUGH_SAMPLES, FOLDS, Sample, Source
from learning.suggesting import level_of
from learning.terms import rule_terms, terms_of

MOST_TERMS = 30_000
LEAST_MAILS = 2
"""A term that fewer mails have is left out."""
FIRMNESS = 10.0
"""The inverse strength of regularisation (scikit-learn's C)."""
SPOKEN = {Source.CORRECTION: 1.0, Source.APPROVAL: 0.3, Source.RULES: 0.1}
"""How much a mail weighs once there are corrections."""
FILES_WEIGH, PHRASE_WEIGHS = 200.0, 0.2
"""How much all phrases and examples of the rules weigh together at most, and each of them."""

RARE = 4.0
"""A label with few mails counts up to so much more, that it is not drowned by the frequent ones."""
MOST_STEPS = 300
TOLERANCE = 1e-3

Label = Callable[[Sample], str]
Lean = Callable[[Sample], str]


@dataclass(frozen=True, slots=True)
class Learned:
    """A model, and how good it was on what was held back, by language and over all."""

    model: Model
    category: Mapping[str, Quality]
    kind: Mapping[str, Quality]
    rules: Mapping[str, Quality]
    """How good the rules' verdicts were where they decided."""


def fit(samples: Sequence[Sample], unsure_below: float, precision: float = PRECISION) -> Learned | None:
    """The model that these samples teach; None when they are too few or all alike.

    `unsure_below` is the confidence from which on the rules decide until there are enough corrections,
    `precision` how much of what the model says must have been right.
    """
    people = [one for one in samples if one.source.is_people]
    mails = [one for one in samples if one.source is not Source.FILES]
    by_people = len(people) >= ENOUGH_CORRECTIONS
    if not by_people and len(mails) < ENOUGH_SAMPLES:
        return None
    table = _Table.of(samples)
    decides = _decides(people) if by_people else {}
    left_open = _left_open(people, decides, unsure_below) if by_people else set()
    judges = [one for one in people if not one.rules_stop] if by_people else mails
    category, tried = _head(table, judges, left_open, precision, _category, _category_lean)
    if not category.labels:
        return None
    kind, tried_kinds = _head(table, judges, left_open, precision, _kind, _kind_lean)
    model = Model(
        version=_version(samples),
        vocabulary=table.vocabulary,
        rarity=table.rarity,
        category=category,
        kind=kind,
        decides=decides,
        kind_of=_kinds(people),
        corrections=sum(one.source is Source.CORRECTION for one in samples),
    )
    levels = {one.language: level_of(decides, one.language, unsure_below) for one in people}
    rules = quality(_verdicts(people), {**levels, ANY: NEVER})
    by_category = quality(tried, category.thresholds)
    return Learned(model, by_category, quality(tried_kinds, kind.thresholds), rules)


def _category(sample: Sample) -> str:
    return sample.category


def _kind(sample: Sample) -> str:
    return sample.kind


def _category_lean(sample: Sample) -> str:
    return sample.lean


def _kind_lean(sample: Sample) -> str:
    return sample.rules_kind if sample.source.is_people else ""


def _left_open(people: Sequence[Sample], decides: Mapping[str, float], unsure_below: float) -> set[str]:
    """The ids of the mails that the rules did not decide: only there may a model say something else."""
    return {
        one.id
        for one in people
        if not one.rules_stop and one.rules_confidence < level_of(decides, one.language, unsure_below)
    }


@dataclass(frozen=True, slots=True)
class _Table:
    """All samples as the rows of one sparse matrix."""

    samples: Sequence[Sample]
    matrix: Any
    weights: Any
    vocabulary: Mapping[str, int]
    rarity: array[float]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> _Table:
        mails = Counter(term for one in samples for term in terms_of(one.words))
        kept = [term for term, count in mails.most_common(MOST_TERMS) if count >= LEAST_MAILS]
        told = sorted({term for one in samples for term in rule_terms(one.heard)})
        vocabulary = {term: number for number, term in enumerate((*kept, *told))}
        rarity = array("f", [math.log((1 + len(samples)) / (1 + mails[term])) + 1 for term in kept])
        rarity.extend([0.0] * len(told))
        blank = Model("", vocabulary, rarity, _SILENT, _SILENT)
        weighed = [blank.weigh(one.words, one.heard) for one in samples]
        amounts = [amount for _, some in weighed for amount in some]
        numbers = [number for some, _ in weighed for number in some]
        ends = np.cumsum([0, *(len(some) for some, _ in weighed)])
        matrix = csr_matrix((amounts, numbers, ends), shape=(len(samples), len(vocabulary)))
        return cls(samples, matrix, np.array(_weights(samples)), vocabulary, rarity)


def _weights(samples: Sequence[Sample]) -> list[float]:
    """How much each sample counts."""
    corrected = any(one.source is Source.CORRECTION for one in samples)
    phrases = sum(one.source is Source.FILES for one in samples)
    weigh = dict(SPOKEN) if corrected else dict.fromkeys(SPOKEN, 1.0)
    weigh[Source.FILES] = min(PHRASE_WEIGHS, FILES_WEIGH / max(phrases, 1))
    return [weigh[one.source] for one in samples]


_SILENT = Head((), (), (), {ANY: NEVER})


def _head(
    table: _Table, judges: Sequence[Sample], left_open: set[str], precision: float, label: Label, lean: Lean
) -> tuple[Head, list[Trial]]:
    """A head over all samples that have this label, and what it held of those judges that were held back."""
    labels = np.array([label(one) for one in table.samples], dtype=object)
    rows = np.flatnonzero(labels != "")
    if len(set(labels[rows])) < 2:
        return _SILENT, []
    held = _held_back(table, rows, labels, {one.id for one in judges}, left_open, lean)
    trials = trials_of(held)
    made = _regression(table, rows, labels)
    head = Head(
        labels=tuple(map(str, made.classes_)),
        biases=tuple(map(float, _both(made.intercept_))),
        weights=tuple(array("f", row) for row in _both(made.coef_)),
        thresholds=thresholds(trials, precision),
        sureness=sureness_of(held),
    )
    return head, trials


def _held_back(
    table: _Table, rows: Any, labels: Any, judges: set[str], left_open: set[str], lean: Lean
) -> list[Held]:
    """Each judge, guessed by a head that never saw it."""
    found: list[Held] = []
    for fold in range(FOLDS):
        held = [row for row in rows if table.samples[row].fold == fold and table.samples[row].id in judges]
        kept = np.setdiff1d(rows, held)
        if held and len(set(labels[kept])) > 1:
            made = _regression(table, kept, labels)
            chances = made.predict_proba(table.matrix[held])
            for row, some in zip(held, chances, strict=True):
                one = table.samples[row]
                wanted, alone = str(labels[row]), one.id in left_open
                found.append(Held.of(one, lean(one), made.classes_, some.tolist(), wanted, alone=alone))
    return found


def _regression(table: _Table, rows: Any, labels: Any) -> Any:
    named, weights = labels[rows].astype(str), table.weights[rows]
    made = LogisticRegression(C=FIRMNESS, max_iter=MOST_STEPS, tol=TOLERANCE)
    return made.fit(table.matrix[rows], named, sample_weight=weights * _balance(named, weights))


def _balance(named: Any, weights: Any) -> Any:
    """How much more the mails of rare labels count."""
    every, place = np.unique(named, return_inverse=True)
    heavy = np.bincount(place, weights=weights)
    usual = heavy.sum() / len(every)
    return np.minimum(usual / heavy, RARE)[place]


def _both(rows: Any) -> Any:
    """Two labels share one row in scikit-learn; here each has its own."""
    return np.concatenate([-rows / 2, rows / 2]) if len(rows) == 1 else rows


def _decides(people: Sequence[Sample]) -> dict[str, float]:
    """From which confidence on the rules' verdicts were right often enough."""
    return thresholds(_verdicts(people), DECIDES)


def _verdicts(people: Sequence[Sample]) -> list[Trial]:
    return [
        Trial(one.language, one.rules_confidence, one.rules_category == one.category)
        for one in people
        if one.category
    ]


def _kinds(people: Sequence[Sample]) -> dict[str, str]:
    """The kind that people gave each category most often."""
    pairs = Counter((one.category, one.kind) for one in people if one.category and one.kind)
    return {category: kind for (category, kind), _ in reversed(pairs.most_common())}


def _version(samples: Sequence[Sample]) -> str:
    """Twelve hex digits that change with anything that is learned from."""
    digest = hashlib.sha256()
    for one in sorted(samples, key=lambda sample: sample.id):
        digest.update(repr((one.id, one.words, one.category, one.kind, one.source.value)).encode())
    return digest.hexdigest()[:12]
