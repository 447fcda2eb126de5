"""How often the shipped rules are right on the labelled mails of tests/labelled: the table of docs/rules.md.

Every second mail of a list is held back from the writers of the phrases; the unseen mails are of people who
never saw those. `--write` puts the table into the page, `--misses LANGUAGE` prints what went wrong in the
open half.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from engine.looking import classified
from store.models import CaseKind

ROOT = Path(__file__).parent.parent
LABELLED = ROOT / "tests" / "labelled"
PAGE = ROOT / "docs" / "rules.md"
UNSEEN = "unseen-"
LANGUAGES = {"en": "English", "fa": "Persian", "he": "Hebrew", "ar": "Arabic"}
BEGIN, END = "<!-- figures: made by `make rules-page` -->", "<!-- /figures -->"
HEAD = (
    "language",
    "part",
    "mails",
    "kind right",
    "macro-F1",
    "cause right",
    "macro-F1",
    "of those told",
    "unsure",
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail, what a person says that it is, and what the rules say."""

    text: str
    held_back: bool
    kind: str
    cause: str
    """"" for what is no complaint."""
    said_kind: str = ""
    said_cause: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the rules are right, as shares of 1."""

    mails: int
    kind: float
    kind_f1: float
    cause: float
    cause_f1: float
    told: float
    """Of the complaints that got a cause, those that got the right one."""
    unsure: float


def shipped(folder: Path = ROOT / "rules") -> Rulebook:
    """The rules as they are shipped."""
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.yaml")}
    rulebook, problems = load(files)
    if rulebook is None:
        raise SystemExit("\n".join(map(str, problems)))
    return rulebook


def lists(name: str) -> dict[str, dict[str, list[str]]]:
    """The labelled mails of a file, such as `en` or `unseen-en`: `causes` and `kinds`, each by name."""
    text = (LABELLED / f"{name}.yaml").read_text("utf-8")
    found: dict[str, dict[str, list[str]]] = yaml.load(text, yaml.CSafeLoader)
    return found


def judged(name: str, rulebook: Rulebook) -> list[Labelled]:
    """The labelled mails of a file, and what the rules say of each."""
    return [_judged(one, rulebook) for one in _labelled(name)]


def _labelled(name_of_file: str) -> Iterator[Labelled]:
    for part, named in lists(name_of_file).items():
        for name, mails in named.items():
            kind, cause = (CaseKind.COMPLAINT.value, name) if part == "causes" else (name, "")
            for number, text in enumerate(mails):
                yield Labelled(text, number % 2 == 1, kind, cause)


def _judged(one: Labelled, rulebook: Rulebook) -> Labelled:
    said = classified(None, "", one.text, rulebook)
    return Labelled(one.text, one.held_back, one.kind, one.cause, said["kind"], said["category"])


def figures(mails: Sequence[Labelled]) -> Figures:
    """How often the rules are right on these mails."""
    kinds = [(one.kind, one.said_kind) for one in mails]
    causes = [(one.cause, one.said_cause) for one in mails if one.cause]
    told = [(wanted, said) for wanted, said in causes if said != UNSURE]
    return Figures(
        mails=len(mails),
        kind=_right(kinds),
        kind_f1=_macro_f1(kinds),
        cause=_right(causes),
        cause_f1=_macro_f1(causes),
        told=_right(told),
        unsure=sum(said == UNSURE for _, said in causes) / max(1, len(causes)),
    )


def _right(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(wanted == said for wanted, said in pairs) / max(1, len(pairs))


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean over all labels of how well each is found and only it."""
    wanted, said = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    right = Counter(one for one, other in pairs if one == other)
    scores = [2 * right[label] / (wanted[label] + said[label]) for label in wanted]
    return sum(scores) / max(1, len(scores))


def by_part(language: str, rulebook: Rulebook) -> dict[str, Figures]:
    """The figures of both halves, and of the mails by people who never saw the phrases."""
    own = judged(language, rulebook)
    known = {one.text for one in own}
    unseen = judged(f"{UNSEEN}{language}", rulebook)
    return {
        "open": figures([one for one in own if not one.held_back]),
        "held back": figures([one for one in own if one.held_back]),
        "unseen": figures([one for one in unseen if one.text not in known]),
    }


def table(rulebook: Rulebook) -> str:
    """All figures as a table in Markdown."""
    rows: list[Sequence[str]] = [HEAD, ("---",) * 2 + ("---:",) * 7]
    for language, name in LANGUAGES.items():
        for part, one in by_part(language, rulebook).items():
            shares = (one.kind, one.kind_f1, one.cause, one.cause_f1, one.told, one.unsure)
            rows.append(
                (name, part, str(one.mails), *(f"{share:.0%}".replace("%", " %") for share in shares))
            )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def updated(page: str, made: str, opening: str = BEGIN, closing: str = END) -> str:
    """The page with the table between its marks made anew. Raises ValueError where a mark is missing."""
    before, begin, rest = page.partition(opening)
    _, end, after = rest.partition(closing)
    if not begin or not end:
        raise ValueError(f"the page has no place for the table; write {opening} and {closing} where it goes")
    return f"{before}{begin}\n\n{made}\n\n{end}{after}"


def main() -> None:
    """Print the table; write it into the page where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", choices=LANGUAGES)
    given = parser.parse_args()
    rulebook = shipped()
    if given.misses:
        for one in judged(given.misses, rulebook):
            if not one.held_back and (one.cause, one.kind) != (one.cause and one.said_cause, one.said_kind):
                print(f"{one.cause or one.kind} → {one.said_cause} ({one.said_kind}): {one.text}")
        return
    made = table(rulebook)
    print(made)
    if given.write:
        PAGE.write_text(updated(PAGE.read_text("utf-8"), made), "utf-8")


if __name__ == "__main__":
    main()
