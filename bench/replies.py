"""What the sender newly wrote, right to the letter: ours beside two public libraries, on our own samples.

    make bench-tools; .venv/bin/python -m bench.replies

Every entry of tests/samples/replies/ counts once. An HTML body is given to the libraries as the text that we
make of it, since they read none. White space at line ends and blank lines don't count. They were written
with ours in mind, so its figure says little by itself; those of the libraries tell how hard the samples are.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import email_reply_parser
import mailparser_reply
from mailparser_reply.constants import MAIL_LANGUAGES

from inbox.html import to_text
from tests.reading import all_words, read_mail
from tests.test_inbox_replies import REPLIES, as_mail, entries

Entry = dict[str, Any]
LANGUAGES = [name for name in MAIL_LANGUAGES if name != "david"]


def text_of(entry: Entry) -> str:
    return str(entry["text"]) if "text" in entry else to_text(str(entry["html"]))


def ours(entry: Entry) -> str:
    return read_mail(as_mail(entry)).reply_text


def mail_parser_reply(entry: Entry) -> str:
    read = mailparser_reply.EmailReplyParser(languages=LANGUAGES).read(text_of(entry))
    return read.replies[0].body if read.replies else ""


def zapier(entry: Entry) -> str:
    return str(email_reply_parser.EmailReplyParser.parse_reply(text_of(entry)))


READERS: dict[str, Callable[[Entry], str]] = {
    "Peygir": ours,
    "mail-parser-reply": mail_parser_reply,
    "email-reply-parser": zapier,
}


def plain(text: str) -> str:
    """The text without what doesn't count."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def main() -> None:
    all_words()
    right: dict[tuple[str, str], int] = defaultdict(int)
    took: dict[str, float] = defaultdict(float)
    totals: dict[str, int] = {}
    for file in REPLIES:
        totals[file.stem] = len(entries(file))
        for entry in entries(file):
            for name, read in READERS.items():
                begun = time.process_time()
                said = read(entry)
                took[name] += time.process_time() - begun
                right[name, file.stem] += plain(said) == plain(str(entry["new"]))
    print(f"{'':10}{'mails':>7}" + "".join(f"{name:>20}" for name in READERS))
    for stem, count in totals.items():
        print(f"{stem:10}{count:>7}" + "".join(f"{right[name, stem] / count:>20.0%}" for name in READERS))
    whole = sum(totals.values())
    shares = {name: sum(right[name, stem] for stem in totals) / whole for name in READERS}
    print(f"{'all':10}{whole:>7}" + "".join(f"{shares[name]:>20.1%}" for name in READERS))
    print(f"{'CPU a mail':17}" + "".join(f"{took[name] / whole * 1000:>17.2f} ms" for name in READERS))


if __name__ == "__main__":
    main()
