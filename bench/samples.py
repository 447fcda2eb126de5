"""What of the project's own odd mails is understood, by `worker.py parse --jsonl`: a table of what is right.

.venv/bin/python -m bench.samples
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bench.corpus import ROOT
from tests.reading import SAMPLES
from tests.test_inbox_replies import REPLIES, as_mail, entries

Expected = dict[str, Any]


def odd_mails() -> Iterator[tuple[Path, Expected]]:
    for file in sorted(SAMPLES.glob("*.eml")):
        yield file, json.loads(file.with_suffix(".json").read_text("utf-8"))


def bounces() -> Iterator[tuple[Path, Expected]]:
    folder = SAMPLES / "bounces"
    for name, told in yaml.safe_load((folder / "expected.yaml").read_text("utf-8")).items():
        yield (
            folder / f"{name}.eml",
            {"kind": told.get("kind", "bounce"), "bounced_recipients": told.get("recipients", [])},
        )


def replies(folder: Path) -> Iterator[tuple[Path, Expected]]:
    """Each entry as a mail in a file of its own."""
    for source in REPLIES:
        for number, entry in enumerate(entries(source)):
            file = folder / f"{source.stem}-{number}.eml"
            file.write_bytes(as_mail(entry))
            yield file, {"reply_text": entry["new"]}


def understood(files: list[Path]) -> list[dict[str, Any]]:
    command = [sys.executable, str(ROOT / "worker.py"), "parse", "--jsonl", *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return [json.loads(line) for line in told.stdout.splitlines()]


def same(told: object, expected: object) -> bool:
    """Whether they are the same; of texts, white space around them does not count."""
    if isinstance(told, str) and isinstance(expected, str):
        return told.strip() == expected.strip()
    return told == expected


def table(name: str, mails: list[tuple[Path, Expected]]) -> list[str]:
    """A line for each thing that is expected of these mails; the names of those that are wrong."""
    right, asked = Counter[str](), Counter[str]()
    wrong: list[str] = []
    for (file, expected), told in zip(mails, understood([file for file, _ in mails]), strict=True):
        for key, value in expected.items():
            asked[key] += 1
            right[key] += same(told[key], value)
            if not same(told[key], value):
                wrong.append(f"{file.stem}: {key}")
    print(f"{name}: {len(mails)} mails")
    for key in sorted(asked):
        print(f"  {key:20}{right[key]:>6} of {asked[key]:<6}{right[key] / asked[key]:>7.1%}")
    return wrong


def main() -> None:
    wrong = table("odd mails", list(odd_mails())) + table("bounces", list(bounces()))
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as name:
        wrong += table("replies in 25 languages", list(replies(Path(name))))
    print(f"wrong: {len(wrong)}")
    for one in wrong:
        print(f"  {one}")


if __name__ == "__main__":
    main()
