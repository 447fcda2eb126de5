"""What deciding on a mail costs with few rules and with many: time of a 2 KB mail, of loading, and memory.

The rules are the shipped ones and an admin's own about made-up products: phrases of two or three words of
which one is common, some patterns, senders, `not` and `fuzzy`. Each number of rules has a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from cases.rules.classify import classify
from cases.rules.loading import load
from cases.rules.rulebook import Rulebook

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "fa", "he", "ar")
SIZES = (100, 1_000, 10_000)
MAIL_BYTES = 2_000
SEED = 7
LETTERS = {"en": "bcdfgklmnprst", "fa": "بپتدرزسشکلمن", "he": "בגדזטכלמנסקרש", "ar": "بتدرزسشكلمنق"}


def labelled() -> dict[str, list[str]]:
    """The labelled mails of each language."""
    found = {}
    for language in LANGUAGES:
        text = (ROOT / "tests" / "labelled" / f"{language}.yaml").read_text("utf-8")
        data = yaml.load(text, yaml.CSafeLoader)
        found[language] = [mail for part in data.values() for mails in part.values() for mail in mails]
    return found


def mails(count: int, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Mails of 2 KB, each with its language: labelled ones, several in one."""
    written = labelled()
    for number in range(count):
        language = LANGUAGES[number % len(LANGUAGES)]
        text = ""
        while len(text.encode()) < MAIL_BYTES:
            text += dice.choice(written[language]) + "\n"
        yield language, text.encode()[:MAIL_BYTES].decode(errors="ignore")


def own_rules(language: str, count: int, dice: random.Random) -> str:
    """A file of an admin's rules."""
    words = sorted({word for mail in labelled()[language] for word in mail.split() if word.isalpha()})
    rules = [_rule(f"own-{language}-{number}", words, LETTERS[language], dice) for number in range(count)]
    return json.dumps({"language": language, "rules": rules}, ensure_ascii=False)


def _rule(name: str, words: Sequence[str], letters: str, dice: random.Random) -> dict[str, Any]:
    def made_up() -> str:
        return "".join(dice.choices(letters, k=dice.randint(5, 8)))

    def phrase() -> str:
        parts = [dice.choice(words), made_up(), *([dice.choice(words)] if dice.random() < 0.3 else [])]
        dice.shuffle(parts)
        return (" * " if dice.random() < 0.2 else " ").join(parts)

    when: dict[str, Any] = {"phrase": [phrase() for _ in range(8)]}
    chance = dice.random()
    if chance < 0.1:
        when = {"pattern": rf"\b{made_up()}-?\d{{2,4}}\b"}
    elif chance < 0.15:
        when["sender"] = f"*@{dice.randrange(10_000)}.example"
    elif chance < 0.2:
        when["not"] = {"phrase": phrase()}
    elif chance < 0.22:
        when["fuzzy"] = True
    return {"name": name, "when": when, "says": {"category": dice.choice(["late", "quality", "billing"])}}


def files(count: int, dice: random.Random) -> dict[str, str]:
    """Rule files with at least that many rules: the shipped ones and, beyond, an admin's own."""
    folder = ROOT / "rules"
    shipped = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.yaml")
    }
    missing = max(0, count - sum(text.count("\n  - name: ") for text in shipped.values()))
    own = {f"own/{language}.yaml": own_rules(language, missing // 4, dice) for language in LANGUAGES}
    return shipped | own if missing >= len(LANGUAGES) else shipped


def measured(count: int, number_of_mails: int) -> dict[str, float]:
    """The figures of one number of rules."""
    dice = random.Random(SEED)
    texts = files(count, dice)
    sample = list(mails(number_of_mails, dice))
    before = _memory()
    begin = time.process_time()
    rulebook, problems = load(texts)
    loading = time.process_time() - begin
    if rulebook is None:
        raise SystemExit("\n".join(map(str, problems[:20])))
    gc.collect()
    gc.freeze()
    for language, text in sample[:100]:
        _decided(rulebook, language, text)
    spent = sorted(_decided(rulebook, language, text) for language, text in sample)
    return {
        "rules": len(rulebook.rules),
        "median": statistics.median(spent) * 1000,
        "p99": spent[int(len(spent) * 0.99)] * 1000,
        "load": loading,
        "memory": _memory() - before,
    }


def _decided(rulebook: Rulebook, language: str, text: str) -> float:
    begin = time.thread_time()
    classify(subject="A question", text=text, language=language, rulebook=rulebook)
    return time.thread_time() - begin


def _memory() -> float:
    """The most MiB that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure each number of rules, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--rules", type=int, help="this number of rules alone, as one line of JSON")
    given = parser.parse_args()
    if given.rules:
        print(json.dumps(measured(given.rules, given.mails)))
        return
    print(f"{'rules':>7}{'median ms':>11}{'p99 ms':>9}{'times':>7}{'load s':>8}{'MiB':>6}")
    first = None
    for size in SIZES:
        command = [sys.executable, "-m", "bench.classify", "--rules", str(size), "--mails", str(given.mails)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        found = json.loads(done.stdout)
        first = first or found["median"]
        print(
            f"{found['rules']:>7}{found['median']:>11.2f}{found['p99']:>9.2f}{found['median'] / first:>7.2f}"
            f"{found['load']:>8.2f}{found['memory']:>6.0f}"
        )


if __name__ == "__main__":
    main()
