"""Training: samples → a model. Only the process that trains imports this module: it loads scikit-learn."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from learning.calibration import DECIDES, PRECISION, Quality, Trial, quality, thresholds
from learning.model import ANY, NEVER, Head, Model
from learning.samples import FOLDS, Sample, Source
from learning.terms import rule_terms, terms_of

MOST_TERMS = 30_000
LEAST_MAILS = 2
"""A term that fewer mails have is left out."""
FIRMNESS = 10.0
"""The inverse strength of regularisation (scikit-learn's C)."""
SPOKEN = {Source.CORRECTION: 1.0, Source.APPROVAL: 0.3, Source.RULES: 0.1}
"""How much a sample weighs once there are corrections."""
ENOUGH_CORRECTIONS = 50
"""From so many on, calibration looks at what people said alone."""
ENOUGH_SAMPLES = 300
"""Fewer mails that only rules have judged teach nothing."""

MOST_STEPS = 300
TOLERANCE = 1e-3

Label = Callable[[Sample], str]


@dataclass(frozen=True, slots=True)
class Learned:
    """A model and how good it was on what was held back, by language and over all."""

    model: Model
    category: Mapping[str, Quality]
    kind: Mapping[str, Quality]


def fit(samples: Sequence[Sample]) -> Learned | None:
    """The model that these samples teach; None when they are too few or all alike."""
    people = [one for one in samples if one.source is not Source.RULES]
    by_people = len(people) >= ENOUGH_CORRECTIONS
    if not by_people and len(samples) < ENOUGH_SAMPLES:
        return None
    table = _Table.of(samples)
    judges = people if by_people else samples
    category, tried = _head(table, judges, _category)
    if not category.labels:
        return None
    kind, tried_kinds = _head(table, judges, _kind)
    model = Model(
        version=_version(samples),
        vocabulary=table.vocabulary,
        rarity=table.rarity,
        category=category,
        kind=kind,
        decides=_decides(people) if by_people else {},
        kind_of=_kinds(people),
        corrections=sum(one.source is Source.CORRECTION for one in samples),
    )
    return Learned(model, quality(tried, category.thresholds), quality(tried_kinds, kind.thresholds))


def _category(sample: Sample) -> str:
    return sample.category


def _kind(sample: Sample) -> str:
    return sample.kind


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
        told = sorted({term for one in samples for term in rule_terms(one.scores)})
        vocabulary = {term: number for number, term in enumerate((*kept, *told))}
        rarity = array("f", [math.log((1 + len(samples)) / (1 + mails[term])) + 1 for term in kept])
        rarity.extend([0.0] * len(told))
        blank = Model("", vocabulary, rarity, _SILENT, _SILENT)
        weighed = [blank.weigh(one.words, one.scores) for one in samples]
        amounts = [amount for _, some in weighed for amount in some]
        numbers = [number for some, _ in weighed for number in some]
        ends = np.cumsum([0, *(len(some) for some, _ in weighed)])
        matrix = csr_matrix((amounts, numbers, ends), shape=(len(samples), len(vocabulary)))
        corrected = any(one.source is Source.CORRECTION for one in samples)
        weights = np.array([SPOKEN[one.source] if corrected else 1.0 for one in samples])
        return cls(samples, matrix, weights, vocabulary, rarity)


_SILENT = Head((), (), (), {ANY: NEVER})


def _head(table: _Table, judges: Sequence[Sample], label: Label) -> tuple[Head, list[Trial]]:
    """A head over all samples that have this label, and what it held of those judges that were held back."""
    labels = np.array([label(one) for one in table.samples], dtype=object)
    rows = np.flatnonzero(labels != "")
    if len(set(labels[rows])) < 2:
        return _SILENT, []
    trials = list(_trials(table, rows, labels, {one.id for one in judges}))
    made = _regression(table, rows, labels)
    head = Head(
        labels=tuple(made.classes_),
        biases=tuple(map(float, _both(made.intercept_))),
        weights=tuple(array("f", row) for row in _both(made.coef_)),
        thresholds=thresholds(trials, PRECISION),
    )
    return head, trials


def _trials(table: _Table, rows: Any, labels: Any, judges: frozenset[str] | set[str]) -> Iterator[Trial]:
    """Each judge, guessed by a head that never saw it."""
    samples = table.samples
    for fold in range(FOLDS):
        held = np.array([row for row in rows if samples[row].fold == fold and samples[row].id in judges], int)
        kept = np.setdiff1d(rows, held)
        if len(held) and len(set(labels[kept])) > 1:
            made = _regression(table, kept, labels)
            chances = made.predict_proba(table.matrix[held])
            for row, some in zip(held, chances, strict=True):
                best = int(some.argmax())
                right = made.classes_[best] == labels[row]
                yield Trial(samples[row].language, float(some[best]), bool(right))


def _regression(table: _Table, rows: Any, labels: Any) -> Any:
    made = LogisticRegression(C=FIRMNESS, max_iter=MOST_STEPS, tol=TOLERANCE)
    return made.fit(table.matrix[rows], labels[rows].astype(str), sample_weight=table.weights[rows])


def _both(rows: Any) -> Any:
    """Two labels share one row in scikit-learn; here each has its own."""
    return np.concatenate([-rows / 2, rows / 2]) if len(rows) == 1 else rows


def _decides(people: Sequence[Sample]) -> dict[str, float]:
    """From which confidence on the rules' verdicts were right often enough."""
    trials = [
        Trial(one.language, one.rules_confidence, one.rules_category == one.category)
        for one in people
        if one.category
    ]
    return thresholds(trials, DECIDES)


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
