"""How fast mail is understood, beside mail-parser alone on the same mails, and in how much memory.

    .venv/bin/python -m bench.parse [--mails 300] [--rounds 5]

CPU time of the best of several rounds, ours and mail-parser's in turn. Both read the whole mail; ours finds
the sender's new words, the kind of mail and the language as well.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from email.utils import make_msgid
from pathlib import Path

import mailparser

from bench.corpus import encoded, page, several, texts
from inbox.parse import parse
from language.words import Words
from tests.reading import all_words

HOPS = 6
MEGABYTE = 1 << 20
Mail = bytes


def head(number: int, subject: str) -> bytes:
    """The header fields that a mail has when it has crossed the world."""
    word = base64.b64encode(subject[:30].encode()).decode()
    lines = ["Return-Path: <ann@example.com>", "Delivered-To: complaints@example.org"]
    lines += [
        f"Received: from mx{hop}.example.com (mx{hop}.example.com [192.0.2.{hop}])\r\n\tby mail.example.org "
        f"with ESMTPS id 4F{number:06x}{hop}\r\n\tfor <complaints@example.org>; "
        f"Mon, 23 Nov 2026 10:00:0{hop} +0330"
        for hop in range(HOPS)
    ]
    signature = "\r\n\t ".join(["B" * 70] * 5)
    lines += [
        "Authentication-Results: mail.example.org; dkim=pass header.d=example.com; spf=pass; dmarc=pass",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1;\r\n\t"
        f"bh={'A' * 43}=;\r\n\tb={signature}",
        f"From: Customer {number} <customer-{number}@example.com>",
        "To: Complaints <complaints@example.org>, second@example.org",
        f"Subject: =?utf-8?B?{word}?=",
        "Date: Mon, 23 Nov 2026 09:59:59 +0330",
        f"Message-ID: {make_msgid(domain='example.com')}",
        "User-Agent: Example Mail 5.0",
        "MIME-Version: 1.0",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n"


def part(kind: str, text: str, number: int) -> bytes:
    charset, transfer, data = encoded(text, number)
    fields = f"Content-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n"
    return fields.encode() + data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def file(size: int) -> bytes:
    fields = (
        b'Content-Type: image/jpeg; name="photo.jpg"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="photo.jpg"\r\n\r\n'
    )
    return fields + base64.encodebytes(os.urandom(size)).replace(b"\n", b"\r\n")


def plain(count: int) -> Iterator[Mail]:
    for number, text in enumerate(itertools.islice(texts(), count)):
        yield head(number, text) + part("text/plain", text, number)


def alternative(count: int) -> Iterator[Mail]:
    for number, text in enumerate(itertools.islice(texts(), count)):
        both = (part("text/plain", text, number), part("text/html", page(text), number))
        yield head(number, text) + several("alternative", both)


def with_file(count: int) -> Iterator[Mail]:
    for number, text in enumerate(itertools.islice(texts(), count // 5)):
        parts = (part("text/plain", text, number), file(100_000 * (1 + number % 4)))
        yield head(number, text) + several("mixed", parts)


def replies(count: int) -> Iterator[Mail]:
    for number, text in enumerate(itertools.islice(texts(), count)):
        quoted = "\n".join(f"> {line}" for line in (text * 4).split("\n"))
        said = f"{text}\n\nOn Mon, 23 Nov 2026 at 10:00, Care <care@example.org> wrote:\n{quoted}\n"
        yield head(number, text) + part("text/plain", said, number)


KINDS: dict[str, Callable[[int], Iterator[Mail]]] = {
    "plain text": plain,
    "replies": replies,
    "text and HTML": alternative,
    "with a file": with_file,
}


def cpu(read: Callable[[Mail], object], mails: Sequence[Mail]) -> float:
    begun = time.process_time()
    for mail in mails:
        read(mail)
    return time.process_time() - begun


def compare(mails: Sequence[Mail], words: Sequence[Words], rounds: int) -> tuple[float, float]:
    """Milliseconds a mail, of mail-parser alone and of ours; the best round of each."""
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(cpu(mailparser.parse_from_bytes, mails))
        ours.append(cpu(lambda mail: parse(mail, words), mails))
    return min(bare) / len(mails) * 1000, min(ours) / len(mails) * 1000


def memory(megabytes: int) -> tuple[int, float, float]:
    """Bytes of a mail with a file of so many megabytes, and the peak of a process that reads it over one that

    reads a small mail, in multiples of the mail's size.
    """
    with tempfile.TemporaryDirectory(prefix="peygir-bench-") as folder:
        large, small = Path(folder) / "large.eml", Path(folder) / "small.eml"
        parts = (part("text/plain", "See the file.", 0), file(megabytes * MEGABYTE))
        large.write_bytes(head(0, "A large file") + several("mixed", parts))
        small.write_bytes(next(plain(1)))
        size = large.stat().st_size
        return size, (peak(large) - peak(small)) / size, peak(large) / MEGABYTE


def peak(file: Path) -> int:
    """The most memory that a process held while it read the mail, in bytes."""
    # Not getrusage: a process is born with the highest mark of the one that started it.
    program = (
        "import sys; from pathlib import Path; from inbox.parse import parse; "
        "parse(Path(sys.argv[1]).read_bytes(), ()); "
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    words = all_words()
    print(f"{'':16}{'mail-parser':>14}{'Peygir':>10}{'throughput':>14}")
    totals = [0.0, 0.0]
    for name, make in KINDS.items():
        mails = list(make(options.mails))
        bare, ours = compare(mails, words, options.rounds)
        totals = [totals[0] + bare * len(mails), totals[1] + ours * len(mails)]
        print(f"{name:16}{bare:>11.3f} ms{ours:>7.3f} ms{bare / ours:>10.2f} of it")
    print(f"{'all together':16}{'':>24}{totals[0] / totals[1]:>10.2f} of it")
    size, times, peaked = memory(25)
    print(f"a mail of {size / MEGABYTE:.1f} MiB: {times:.2f} times its size, {peaked:.0f} MiB in all")


if __name__ == "__main__":
    main()
