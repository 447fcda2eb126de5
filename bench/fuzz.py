"""Damaged mail by the million: none may stop the reading, take long, or give what can't be written as JSON.

    .venv/bin/python -m bench.fuzz [--mutations 1000000] [--seed 1]

A mail counts as failed when the reader had to fall back to salvaging it, when it took over ten seconds,
or when what was read is no valid JSON in UTF-8. What fails is written to the folder fuzz-failures/.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from inbox.parse import as_json, parse
from language.words import Words
from tests.reading import SAMPLES, all_words

SLOW = 10.0
LARGEST = 200_000
FAILURES = Path("fuzz-failures")
TOKENS = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"\xe2\x80\xae",
    b"--",
    b"\n--",
    b"--\n",
    b"=",
    b"=\n",
    b"=3D",
    b"=?",
    b"?=",
    b"=?utf-8?B?",
    b"=?windows-1255?Q?",
    b"=?x?q?=",
    b"<",
    b">",
    b'"',
    b"\\",
    b"(",
    b")",
    b",",
    b";",
    b":",
    b"@",
    b"\t ",
    b"From: ",
    b"\nTo: ",
    b"\nSubject: ",
    b"\nDate: ",
    b"\nMessage-ID: <",
    b"\nReferences: ",
    b"\nContent-Type: ",
    b"\nContent-Type: multipart/mixed; boundary=",
    b"\nContent-Type: message/rfc822\n\n",
    b"\nContent-Type: text/html\n",
    b"\nContent-Type: application/ms-tnef\n",
    b"\nContent-Type: application/pkcs7-mime\n",
    b"\nContent-Type: text/calendar\n",
    b"\nContent-Type: message/delivery-status\n\n",
    b"\nContent-Type: multipart/report; report-type=delivery-status\n",
    b"\nContent-Transfer-Encoding: base64\n",
    b"\nContent-Transfer-Encoding: quoted-printable\n",
    b"\nContent-Transfer-Encoding: x-uuencode\n",
    b"\nContent-Disposition: attachment; filename*0*=utf-8''",
    b"; charset=",
    b"utf-7",
    b"utf-16",
    b"iso-2022-jp",
    b"\x1b$B",
    b"gb18030",
    b"hz-gb-2312",
    b"windows-1256",
    b"unknown-8bit",
    b"idna",
    b"<div style='display:none'>",
    b"<blockquote>",
    b"<table>",
    b"<!--",
    b"-->",
    b"</",
    b"&#",
    b"begin 644 x\n",
    b"\nend\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n\n",
    b"BEGIN:VCALENDAR\n",
    b"\n> ",
    b"\nOn x wrote:\n",
    b"\n-- \n",
    "שלום ".encode("cp1255"),
    "سلام ".encode("cp1256"),
    "سلام ".encode(),
    "日本".encode("shift_jis"),
    b"0" * 1000,
    b"A" * 77,
]


def mutated(raw: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    """The mail with one to eight things wrong with it."""
    for _ in range(rng.randint(1, 8)):
        raw = rng.choice(MUTATIONS)(raw, samples, rng)[:LARGEST]
    return raw


def _place(raw: bytes, rng: random.Random) -> tuple[int, int]:
    begin = rng.randint(0, len(raw))
    return begin, min(len(raw), begin + rng.choice((1, 2, 8, 40, 300)))


def _flip(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    begin, _end = _place(raw, rng)
    return raw[:begin] + bytes([rng.randrange(256)]) + raw[begin + 1 :]


def _drop(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    begin, end = _place(raw, rng)
    return raw[:begin] + raw[end:]


def _repeat(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    begin, end = _place(raw, rng)
    return raw[:end] + raw[begin:end] * rng.choice((1, 1, 2, 30)) + raw[end:]


def _insert(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    begin, _end = _place(raw, rng)
    return raw[:begin] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 2, 50)) + raw[begin:]


def _replace(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    begin, end = _place(raw, rng)
    return raw[:begin] + rng.choice(TOKENS) + raw[end:]


def _splice(raw: bytes, samples: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(samples)
    begin, _end = _place(raw, rng)
    return raw[:begin] + other[rng.randint(0, len(other)) :]


def _lines(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _ends(raw: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r", b"\r\n", b"\n\n", b"\r\r\n")))


MUTATIONS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _flip, _flip, _drop, _drop, _repeat, _insert, _insert, _replace, _replace, _splice, _lines, _ends,
)  # fmt: skip


def wrong_with(raw: bytes, words: Sequence[Words]) -> str:
    """What went wrong with reading the mail; "" when nothing did."""
    begun = time.process_time()
    try:
        message = parse(raw, words)
        json.dumps(as_json(message), ensure_ascii=False).encode("utf-8")
    except Exception as trouble:  # noqa: BLE001 - that is what is looked for
        return f"{type(trouble).__name__}: {trouble}"
    if message.unparsed:
        return "; ".join(message.damage)
    took = time.process_time() - begun
    return f"it took {took:.1f} s" if took > SLOW else ""


def samples() -> list[bytes]:
    return [file.read_bytes() for file in sorted(SAMPLES.rglob("*.eml"))]


def keep(raw: bytes) -> Path:
    FAILURES.mkdir(exist_ok=True)
    file = FAILURES / f"{hashlib.sha256(raw).hexdigest()[:16]}.eml"
    file.write_bytes(raw)
    return file


def share(job: tuple[int, int]) -> tuple[int, dict[str, str], float]:
    """One process's part: how many mails, what failed, and the slowest in seconds."""
    seed, count = job
    words = all_words()
    rng, originals = random.Random(seed), samples()
    failed: dict[str, str] = {}
    slowest = 0.0
    for _ in range(count):
        raw = mutated(rng.choice(originals), originals, rng)
        begun = time.process_time()
        wrong = wrong_with(raw, words)
        slowest = max(slowest, time.process_time() - begun)
        if wrong and wrong not in failed:
            failed[wrong] = str(keep(raw))
    return count, failed, slowest


def by_mutation(mutations: int, seed: int) -> None:
    processes = os.cpu_count() or 1
    jobs = 20 * processes
    begun = time.monotonic()
    failed: dict[str, str] = {}
    done, slowest = 0, 0.0
    with multiprocessing.Pool(processes) as pool:
        work = [(seed * 1000 + number, mutations // jobs) for number in range(jobs)]
        for count, wrong, slow in pool.imap_unordered(share, work):
            done, slowest = done + count, max(slowest, slow)
            failed.update(wrong)
            print(f"\r{done:,} mails, {len(failed)} failures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{done:,} mutations of {len(samples())} samples in {time.monotonic() - begun:.0f} s, seed {seed}")
    print(f"failures: {len(failed)}; the slowest mail took {slowest:.2f} s of CPU")
    for why, file in failed.items():
        print(f"  {why}: {file}")
    raise SystemExit(bool(failed))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mutations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    by_mutation(options.mutations, options.seed)


if __name__ == "__main__":
    main()
