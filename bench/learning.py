"""What corrections add to the shipped rules: the table of docs/rules.md, from the mails of tests/labelled.

Corrections are drawn from the labelled complaints of all languages and learned from; what the rules then say
with what was learned is compared with the rules alone on mails that were not drawn. Twice: with the causes of
the rules, on mails of people who never saw the phrases; and on all mails with names that no rule knows, as
where an office has its own. `--write` puts the table into the page.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bench.rules import LANGUAGES, UNSEEN, lists, shipped, updated
from cases.rules.classify import classify
from cases.rules.rulebook import Rulebook
from engine.learned import joined
from engine.learning import of_rule_files
from language.detect import detect, likely
from learning.calibration import PRECISION
from learning.fit import fit
from learning.samples import Sample, Source
from learning.terms import words_of
from store.models import CaseKind
from store.values import LEARNED, Verdict

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
BEGIN, END = "<!-- learning: made by `make learning-page` -->", "<!-- /learning -->"
COUNTS = (50, 200, 1_000)
TRIED, LEAST_TRIED = 500, 100
"""Mails that were not drawn and are looked at, at most and at least."""
DRAWS = 2
OWN_NAMES: Mapping[str, str] = {
    "late": "Delivery",
    "lost": "Delivery",
    "damaged": "Faulty goods",
    "defective": "Faulty goods",
    "quality": "Not as described",
    "misleading": "Not as described",
    "wrong_item": "Order mistakes",
    "missing_item": "Order mistakes",
    "billing": "Charges",
    "payment_failed": "Charges",
    "refund": "Money back",
    "cancellation": "Money back",
    "staff": "Service",
    "no_answer": "Service",
    "account": "Access",
    "outage": "Access",
    "privacy": "Trust",
    "fraud": "Trust",
}
HEAD = (
    "names",
    "corrections",
    "rules alone",
    "with what was learned",
    "says so of",
    "right of these",
    "a light model alone",
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail, what a person says that it is, and what the rules say."""

    text: str
    wanted: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1, on mails that were not drawn."""

    rules: float
    """Macro-F1, as the next one and the last."""
    together: float
    said: float
    right: float
    light: float
    """Logistic regression over runs of letters (TF-IDF), learned from the same mails and always speaking."""

    @classmethod
    def mean(cls, some: Sequence[Figures]) -> Figures:
        columns = zip(
            *((one.rules, one.together, one.said, one.right, one.light) for one in some), strict=True
        )
        return cls(*(sum(column) / len(some) for column in columns))


def mails(rulebook: Rulebook, *, own_names: bool) -> list[Labelled]:
    """Labelled complaints of all languages: by the causes of the rules the unseen ones, by own names all."""
    found: dict[str, Labelled] = {}
    for language in LANGUAGES:
        for name in (language, f"{UNSEEN}{language}") if own_names else (f"{UNSEEN}{language}",):
            for cause, texts in lists(name)["causes"].items():
                wanted = OWN_NAMES.get(cause, "") if own_names else cause
                found |= {text: Labelled(text, wanted, _verdict(text, rulebook)) for text in texts if wanted}
    return list(found.values())


def _verdict(text: str, rulebook: Rulebook) -> Verdict:
    language = detect(text) or likely(text)
    return classify(subject="", text=text, language=language, rulebook=rulebook)


def sample(one: Labelled, number: int) -> Sample:
    """A correction."""
    said = one.verdict
    return Sample(
        id=str(number),
        words=tuple(words_of("", one.text)),
        language=said.language,
        category=one.wanted,
        kind=CaseKind.COMPLAINT.value,
        source=Source.CORRECTION,
        scores=said.scores,
        rules_category=said.category,
        rules_kind=said.kind.value,
        rules_confidence=said.confidence,
        rules_stop=said.stopped,
    )


def measured(
    every: Sequence[Labelled], count: int, rulebook: Rulebook, seed: int, precision: float
) -> Figures:
    """What so many corrections add, on mails that were not drawn."""
    drawn = random.Random(seed).sample(every, len(every))
    corrections = [sample(one, number) for number, one in enumerate(drawn[:count])]
    tried = drawn[count : count + TRIED]
    learned = fit([*corrections, *of_rule_files(rulebook, corrections)], rulebook.unsure_below, precision)
    model = learned.model if learned else None
    found = [
        joined(one.verdict, "", one.text, rulebook, model, any_name=True) if model else one.verdict
        for one in tried
    ]
    said = [
        verdict.category == one.wanted
        for verdict, one in zip(found, tried, strict=True)
        if any(hit.rule == LEARNED and hit.says.startswith("category") for hit in verdict.hits)
    ]
    wanted = [one.wanted for one in tried]
    return Figures(
        rules=macro_f1(wanted, [one.verdict.category for one in tried]),
        together=macro_f1(wanted, [verdict.category for verdict in found]),
        said=len(said) / len(tried),
        right=sum(said) / max(1, len(said)),
        light=macro_f1(wanted, _light(drawn[:count], tried)),
    )


def _light(taught: Sequence[Labelled], tried: Sequence[Labelled]) -> list[str]:
    counted = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    rows = counted.fit_transform(" ".join(words_of("", one.text)) for one in taught)
    made = LogisticRegression(C=30, max_iter=300, class_weight="balanced")
    made.fit(rows, [one.wanted for one in taught])
    return list(made.predict(counted.transform(" ".join(words_of("", one.text)) for one in tried)))


def macro_f1(wanted: Sequence[str], said: Sequence[str]) -> float:
    """The mean over all labels of how well each is found and nothing else is taken for it."""
    labels, told = Counter(wanted), Counter(said)
    right = Counter(one for one, other in zip(wanted, said, strict=True) if one == other)
    return sum(2 * right[label] / (labels[label] + told[label]) for label in labels) / max(1, len(labels))


def rows(rulebook: Rulebook, precision: float) -> Iterator[Sequence[str]]:
    """The figures of each number of corrections that leaves enough mails to try."""
    for names, own_names in (("of the rules", False), ("of an office", True)):
        every = mails(rulebook, own_names=own_names)
        for count in COUNTS:
            if len(every) - count < LEAST_TRIED:
                continue
            one = Figures.mean([measured(every, count, rulebook, seed, precision) for seed in range(DRAWS)])
            shares = (one.rules, one.together, one.said, one.right, one.light)
            told = [f"{share:.0%}".replace("%", " %") for share in shares]
            if not one.said:
                told[3] = "–"
            yield names, f"{count:,}", *told


def table(rulebook: Rulebook, precision: float) -> Iterator[str]:
    """All figures as the lines of a table in Markdown, each as soon as it is known."""
    for line in (HEAD, ("---", *("---:",) * (len(HEAD) - 1))):
        yield f"| {' | '.join(line)} |"
    for row in rows(rulebook, precision):
        yield f"| {' | '.join(row)} |"


def main() -> None:
    """Print the table; write it into the page where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--precision", type=float, default=PRECISION, help="what LEARN_PRECISION would be")
    given = parser.parse_args()
    made = []
    for line in table(shipped(), given.precision):
        print(line, flush=True)
        made.append(line)
    if given.write:
        PAGE.write_text(updated(PAGE.read_text("utf-8"), "\n".join(made), BEGIN, END), "utf-8")


if __name__ == "__main__":
    main()
