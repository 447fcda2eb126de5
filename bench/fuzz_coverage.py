"""Damaged mail led by the code's coverage: what reaches new code is damaged further. Ends at a failure.

    make bench-tools; .venv/bin/python -m bench.fuzz_coverage [--runs 100000]

What counts as a failure is said in bench/fuzz.py. The mails that reached new code are kept in fuzz-corpus/.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["inbox", "language", "mailparser"]):
    from inbox.parse import as_json, parse

from tests.reading import SAMPLES, all_words

CORPUS = Path("fuzz-corpus")
LONGEST_MAIL = 20_000


def one(data: bytes) -> None:
    """Read one mail; raises when that fails."""
    message = parse(data, all_words())
    json.dumps(as_json(message), ensure_ascii=False).encode("utf-8")
    if message.unparsed:
        raise AssertionError("; ".join(message.damage))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    CORPUS.mkdir(exist_ok=True)
    for number, file in enumerate(sorted(SAMPLES.rglob("*.eml"))):
        (CORPUS / f"sample-{number}").write_bytes(file.read_bytes())
    told = [f"-runs={options.runs}", f"-seed={options.seed}", f"-max_len={LONGEST_MAIL}", "-timeout=10"]
    atheris.Setup([sys.argv[0], *told, str(CORPUS)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
