"""How often the tone check is right on letters that were written for it, by language and check.

The words in rules/tone/ were tuned on one half (`dev`) first, and on the other (`held`) after it had been
measured. With `--try LANGUAGE FILE` it prints what it finds in one letter instead.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cases.tone import Finding, Written, findings
from cases.toning.guide import Guide
from engine.rule_files import read_rules

ROOT = Path(__file__).parent.parent
SETS = ROOT / "tests" / "letters"
LANGUAGES = ("en", "fa", "he", "ar")
HALVES = ("dev", "held")
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter, and the checks that should find something in it; none when it is a good one."""

    name: str
    half: str
    expect: tuple[str, ...]
    written: Written


@dataclass
class Figures:
    """How often the check was right."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    bad: int = 0
    bad_flagged: int = 0
    good: int = 0
    good_flagged: int = 0
    besides: Counter[str] = field(default_factory=Counter)
    """What was found in bad letters and not named."""
    wrongly: Counter[str] = field(default_factory=Counter)
    """What was found in good ones."""

    @property
    def recall(self) -> float:
        """The share of what is wrong with the bad letters that was found."""
        return self.found.total() / max(1, self.wanted.total())

    @property
    def precision(self) -> float:
        """The share of bad letters among those in which something was found."""
        return self.bad_flagged / max(1, self.bad_flagged + self.good_flagged)

    def add(self, one: Sample, told: Sequence[Finding]) -> None:
        """Count a letter and what was found in it."""
        names = {name for finding in told for name in names_of(finding)}
        checks = {finding.check.value for finding in told}
        if not one.expect:
            self.good += 1
            self.good_flagged += bool(told)
            self.wrongly.update(checks)
            return
        self.bad += 1
        self.bad_flagged += bool(told)
        self.wanted.update(one.expect)
        self.found.update(name for name in one.expect if name in names)
        self.besides.update(checks - {name.partition(":")[0] for name in one.expect})


def names_of(finding: Finding) -> tuple[str, ...]:
    """The check, and where a part is missing which one."""
    check = finding.check.value
    return (check, f"{check}:{finding.part}") if finding.part else (check,)


def samples(language: str) -> Iterator[Sample]:
    """The letters of a language, good and bad."""
    for sort in ("good", "bad"):
        path = SETS / f"{language}-{sort}.yaml"
        rows = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) if path.is_file() else []
        for number, row in enumerate(rows or (), 1):
            yield _sample(row, f"{language}-{sort}-{number}", language)


def _sample(row: Mapping[str, Any], name: str, language: str) -> Sample:
    written = Written(
        text=row["letter"],
        language=language,
        kind=row.get("kind") or "complaint",
        fault=row.get("fault") or "unknown",
        name=row.get("customer_name") or "",
        words=row.get("words") or "",
    )
    expect = tuple(str(one).replace(" ", "") for one in row.get("expect") or ())
    return Sample(row.get("name") or name, row["half"], expect, written)


@cache
def guide(language: str) -> Guide:
    """How a good letter sounds, by the shipped rules."""
    rulebook, problems = read_rules(ROOT / "rules")
    if rulebook is None:
        raise SystemExit("\n".join(map(str, problems)))
    found = rulebook.tone.of(language)
    if found is None:
        raise SystemExit(f"there is no rules/tone/{language}.yaml")
    return found


def measured(language: str, *halves: str) -> Figures:
    """The figures of a language's letters: of one half, or of both."""
    figures = Figures()
    for one in samples(language):
        if one.half in halves:
            figures.add(one, findings(one.written, guide(language)))
    return figures


def report(language: str, half: str) -> str:
    """The figures in lines."""
    one = measured(language, half)
    lines = [
        f"{language} {half}: recall {one.recall:.2f} ({one.found.total()} of {one.wanted.total()}), "
        f"precision {one.precision:.2f} ({one.good_flagged} of {one.good} good letters flagged, "
        f"{one.bad_flagged} of {one.bad} bad ones)"
    ]
    for check, count in sorted(one.wanted.items()):
        lines.append(f"    {check:26} {one.found[check]:3} of {count}")
    lines += [f"    {check:26} {count:3} in good letters" for check, count in sorted(one.wrongly.items())]
    lines.append(
        "    also in bad letters: " + ", ".join(f"{check} {count}" for check, count in one.besides.items())
    )
    return "\n".join(lines)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def mistakes(language: str) -> Iterator[str]:
    """What the check misses or finds wrongly in the half that may be tuned on."""
    for one in samples(language):
        if one.half != "dev":
            continue
        told = findings(one.written, guide(language))
        names = {name for finding in told for name in names_of(finding)}
        missed = [name for name in one.expect if name not in names]
        if missed or (told and not one.expect):
            yield f"{one.name}: missed {', '.join(missed) or 'nothing'}"
            yield from (f"    {line}" for line in shown(told))
            yield from (f"    | {line}" for line in one.written.text.splitlines())


def shown(told: Sequence[Finding]) -> Iterator[str]:
    """Findings, a line each."""
    for one in told:
        part = f":{one.part}" if one.part else ""
        yield f"{one.check}{part} ({one.why}) “{one.words}” → {one.better}"


def speed(language: str) -> float:
    """Milliseconds for a letter of 200 words, once the words are known."""
    written = next(iter(samples(language)), None)
    if written is None:
        return 0.0
    words = " ".join([written.written.text] * 20).split()[:200]
    letter = Written(" ".join(words), language, words=written.written.words)
    findings(letter, guide(language))
    begun = time.process_time()
    for _ in range(ROUNDS):
        findings(letter, guide(language))
    return (time.process_time() - begun) / ROUNDS * 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="only this one")
    parser.add_argument("--mistakes", action="store_true", help="show what is wrong of the dev half")
    parser.add_argument("--try", nargs=2, metavar=("LANGUAGE", "FILE"), dest="tried", help="check one letter")
    parser.add_argument("--kind", default="complaint", help="with --try: complaint, question or praise")
    parser.add_argument("--fault", default="ours", help="with --try: ours, third-party, customer or unknown")
    parser.add_argument("--name", default="", help="with --try: the customer's name")
    parser.add_argument("--words", default="", help="with --try: what the customer wrote")
    asked = parser.parse_args()
    if asked.tried:
        language, file = asked.tried
        text = Path(file).read_text("utf-8")
        written = Written(text, language, asked.kind, None, asked.fault, asked.name, "", asked.words)
        print(*(list(shown(findings(written, guide(language)))) or ["nothing"]), sep="\n")
        return
    for language in asked.language or LANGUAGES:
        if asked.mistakes:
            print(*mistakes(language), sep="\n")
        for half in HALVES:
            print(report(language, half))
        print(f"    {speed(language):.1f} ms for a letter of 200 words")


if __name__ == "__main__":
    main()
