"""Pictures of every letter in every language on a phone and on a desk, several on a sheet, to be looked at.

.venv/bin/python -m bench.letters --out sheets [--lang fa] [--width 360] [--case bare]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from zoneinfo import ZoneInfo

from cases.naming import Names
from engine.rule_files import read_rules
from outbox import samples
from outbox.letters import Letters
from tests.agents_letters import AGENTS_LETTERS, rendered
from tests.browser import CHROMIUM, NO_CHROMIUM
from tests.chromium import Page, sheet
from tests.letters_looked_at import LANGUAGES, TEMPLATES, as_it_leaves, cases, of_customers

COLUMNS = {360: 5, 1000: 2}
ROWS = 2


def main() -> None:
    """Write the sheets."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--lang", choices=LANGUAGES, action="append")
    asked.add_argument("--width", type=int, choices=COLUMNS, action="append")
    asked.add_argument("--case", default=samples.FULL)
    options = asked.parse_args()
    if CHROMIUM is None:
        asked.error(NO_CHROMIUM)
    letters = shipped()
    options.out.mkdir(parents=True, exist_ok=True)
    for language in options.lang or LANGUAGES:
        found = pages(letters, language, options.case)
        for width in options.width or COLUMNS:
            write(found, width, options.out / f"{language}-{width}-{options.case}")


def shipped() -> Letters:
    """The shipped letters, in the words of the shipped rules."""
    letters, problems = Letters.load(TEMPLATES, ZoneInfo("Asia/Tehran"))
    rules, mistakes = read_rules(TEMPLATES.parent / "rules")
    if letters is None or rules is None:
        raise SystemExit("\n".join(str(problem) for problem in (*problems, *mistakes)))
    return letters.calling(Names(rules.words, rules.categories, rules.extracting.names))


def pages(letters: Letters, language: str, case: str) -> list[tuple[str, str]]:
    """The title and HTML of each letter that has the case; agents' letters where the language has them."""
    found = [
        (name, as_it_leaves(letters, name, language, cases(name, language)[case]).html)
        for name in of_customers(letters)
        if case in cases(name, language)
    ]
    if case == samples.FULL:
        found += [
            (name, rendered(letters, name, language, language).html)
            for name in AGENTS_LETTERS
            if letters.has(name, language)
        ]
    return found


def write(found: list[tuple[str, str]], width: int, name: Path) -> None:
    """The sheets of one language and width."""
    most = COLUMNS[width] * ROWS
    for at in range(0, len(found), most):
        some = [(title, Page(html, width)) for title, html in found[at : at + most]]
        to = name.with_name(f"{name.name}-{at // most + 1:02}.png")
        sheet(some, COLUMNS[width], to)
        print(to)


if __name__ == "__main__":
    main()
