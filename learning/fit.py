"""Training: samples → a model. Only the process that trains imports this module: it loads scikit-learn."""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from learning.calibration import PRECISION, Quality, Trial, quality, thresholds
from learning.judging import Held, sureness_of, trials_of
from learning.model import ANY, NEVER, Head, Model
from learning.samples import ENOUGH_CORRECTIONS, ENOUGH_SAMPLES, FOLDS, Sample, Source
from learning.standing import Standing
from learning.terms import rule_terms, terms_of

MOST_TERMS = 30_000
LEAST_MAILS = 2
"""A term that fewer mails have is left out."""
FIRMNESS = 30.0
"""The inverse strength of regularisation (scikit-learn's C)."""
TRUST = (1.0, 0.4, 0.1)
"""How much what the rules said may weigh, against the words: what serves best on held-back mails is taken."""
QUICK_FOLDS, MANY = 2, 2_000
"""With many mails to judge by, trust is found by so many folds alone."""
SPOKEN = {Source.CORRECTION: 1.0, Source.APPROVAL: 0.3, Source.RULES: 0.1}
"""How much a mail weighs once there are corrections."""
MOST_PHRASES = 2_500
"""Phrases and examples of the rules that are learned from: any, where there are more."""
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
    samples = _some_phrases(samples)
    people = [one for one in samples if one.source.is_people]
    mails = [one for one in samples if one.source is not Source.FILES]
    by_people = len(people) >= ENOUGH_CORRECTIONS
    if not by_people and len(mails) < ENOUGH_SAMPLES:
        return None
    table = _Table.of(samples)
    standing = Standing.of(people, unsure_below) if by_people else Standing()
    left_open = {one.id for one in people if by_people and not standing.decided(one, unsure_below)}
    judges = [one for one in people if not one.rules_stop] if by_people else mails
    category, tried = _head(table, judges, left_open, precision, _category, _category_lean(standing))
    if not category.labels:
        return None
    kind, tried_kinds = _head(table, judges, left_open, precision, _kind, _kind_lean)
    model = Model(
        version=_version(samples),
        vocabulary=table.vocabulary,
        rarity=table.rarity,
        category=category,
        kind=kind,
        decides=standing.decides,
        kind_of=_kinds(people),
        corrections=sum(one.source is Source.CORRECTION for one in samples),
        doubted=standing.doubted,
        meant=standing.meant,
    )
    by_category = quality(tried, category.thresholds)
    rules = standing.quality(people, unsure_below)
    return Learned(model, by_category, quality(tried_kinds, kind.thresholds), rules)


def _some_phrases(samples: Sequence[Sample]) -> Sequence[Sample]:
    """All mails, and not too many phrases: the same ones each time, and some of every rule."""
    phrases = [one for one in samples if one.source is Source.FILES]
    if len(phrases) <= MOST_PHRASES:
        return samples
    phrases.sort(key=lambda one: hashlib.blake2b(one.id.encode("utf-8", "surrogatepass")).digest())
    return [*(one for one in samples if one.source is not Source.FILES), *phrases[:MOST_PHRASES]]


def _category(sample: Sample) -> str:
    return sample.category


def _kind(sample: Sample) -> str:
    return sample.kind


def _category_lean(standing: Standing) -> Lean:
    return lambda sample: standing.meant.get(sample.lean, sample.lean)


def _kind_lean(sample: Sample) -> str:
    return sample.rules_kind if sample.source.is_people else ""


@dataclass(frozen=True, slots=True)
class _Table:
    """All samples as the rows of one sparse matrix."""

    samples: Sequence[Sample]
    matrix: Any
    weights: Any
    vocabulary: Mapping[str, int]
    rarity: array[float]
    of_rules: Any
    """Which columns stand for what the rules said."""

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> _Table:
        having: Counter[str] = Counter()
        for one in samples:
            having.update({term for word in set(one.words) for term in terms_of(word)})
        kept = [term for term, count in having.most_common(MOST_TERMS) if count >= LEAST_MAILS]
        told = sorted({term for one in samples for term in rule_terms(one.heard)})
        vocabulary = {term: number for number, term in enumerate((*kept, *told))}
        rarity = array("f", [math.log((1 + len(samples)) / (1 + having[term])) + 1 for term in kept])
        rarity.extend([0.0] * len(told))
        blank = Model("", vocabulary, rarity, _SILENT, _SILENT)
        rows = [blank.row(one.words, one.heard) for one in samples]
        amounts = [amount for row in rows for amount in row.values()]
        numbers = [number for row in rows for number in row]
        ends = np.cumsum([0, *map(len, rows)])
        matrix = csr_matrix((amounts, numbers, ends), shape=(len(samples), len(vocabulary)))
        of_rules = np.arange(len(vocabulary)) >= len(kept)
        return cls(samples, matrix, np.array(_weights(samples)), vocabulary, rarity, of_rules)

    def trusting(self, trust: float) -> _Table:
        """The same, with so much weight on what the rules said."""
        scaled = self.matrix @ diags(self.scale(trust))
        return replace(self, matrix=scaled.tocsr())

    def scale(self, trust: float) -> Any:
        """For each column, how much it weighs."""
        return np.where(self.of_rules, trust, 1.0)


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
    asked = _Asked(labels, rows, frozenset(one.id for one in judges), left_open, lean)
    trust, held = _trusted(table, asked)
    trusting = table.trusting(trust)
    trials = trials_of(held)
    made = _regression(trusting, rows, labels)
    head = Head(
        labels=tuple(map(str, made.classes_)),
        biases=tuple(map(float, _both(made.intercept_))),
        weights=tuple(array("f", row) for row in _both(made.coef_) * table.scale(trust)),
        thresholds=thresholds(trials, precision),
        sureness=sureness_of(held),
    )
    return head, trials


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a head is to tell, and by which mails it is judged."""

    labels: Any
    """Of all samples."""
    rows: Any
    """Those that have one."""
    judges: frozenset[str]
    left_open: set[str]
    lean: Lean


def _trusted(table: _Table, asked: _Asked) -> tuple[float, list[Held]]:
    """How much weight on what the rules said serves best, and what was held of each judge with it.

    That is where what people said was held most likely. In trades that the rules don't know, what they say
    leads astray.
    """
    heard = any(table.samples[row].heard.scores for row in asked.rows)
    folds = range(QUICK_FOLDS if len(asked.judges) > MANY else FOLDS)
    found = {
        trust: list(_held_back(table.trusting(trust), asked, folds))
        for trust in (TRUST if heard else TRUST[:1])
    }
    best = min(found, key=lambda trust: sum(-math.log(one.wanted) for one in found[trust]))
    rest = range(len(folds), FOLDS)
    return best, [*found[best], *_held_back(table.trusting(best), asked, rest)]


def _held_back(table: _Table, asked: _Asked, folds: Iterable[int]) -> Iterator[Held]:
    """Each judge, guessed by a head that never saw it."""
    samples, labels = table.samples, asked.labels
    for fold in folds:
        held = [row for row in asked.rows if samples[row].fold == fold and samples[row].id in asked.judges]
        kept = np.setdiff1d(asked.rows, held)
        if not held or len(set(labels[kept])) < 2:
            continue
        made = _regression(table, kept, labels)
        for row, chances in zip(held, made.predict_proba(table.matrix[held]), strict=True):
            one, wanted = samples[row], str(labels[row])
            alone = one.id in asked.left_open
            yield Held.of(one, asked.lean(one), made.classes_, chances.tolist(), wanted, alone=alone)


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
