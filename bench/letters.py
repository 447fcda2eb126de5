"""What deciding on a new complaint and writing its letters costs, in CPU time.

    .venv/bin/python -m bench.letters [--mails 500] [--rounds 5]

Complaints in four languages, each for an agent of its own language: the acknowledgement, the answer's draft
and the agent's mail, finished bytes and all; the best of several rounds.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.corpus import texts
from bench.flood import complaint
from cases import asks
from cases.decide import on_mail
from cases.facts import Decision, Facts, Policy
from cases.first_draft import draft_key
from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from cases.timers import on_timer
from engine.finish import Finisher
from engine.understanding import understand
from inbox.mime.limits import Limits
from outbox.letters import Letters
from settings import Settings
from store.models import Case, TimerKind, plain
from store.values import Message

ROOT = Path(__file__).parent.parent
OURS = "complaints@example.com"
AGENTS = "agents:\n" + "".join(
    f"  - {{address: {language}@example.com, name: Sam, languages: [{language}]}}\n"
    for language in ("en", "fa", "he", "ar")
).replace("languages: [en]", "languages: [en], roles: [agent, admin]")
Task = tuple[Facts, Message, bytes]


def rulebook() -> Rulebook:
    """The shipped rules, with an agent for each language."""
    folder = ROOT / "rules"
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.yaml")}
    rules, problems = load(files | {"agents.yaml": AGENTS})
    if rules is None:
        raise SystemExit("\n".join(map(str, problems)))
    return rules


def tasks(count: int) -> list[Task]:
    """The facts of so many complaints, each of a customer who never wrote before."""
    rules, policy, now = rulebook(), Policy(OURS, "{local}+{token}@{domain}"), datetime.now(UTC)
    found = []
    for number, text in enumerate(itertools.islice(texts(), count), 1):
        raw = complaint(f"Customer <c{number}@example.org>", OURS, text[:60].replace("\n", " "), text)
        read = understand(raw, rules, Limits(), OURS)
        facts = Facts(
            now=now,
            cause=read.message.fingerprint,
            rulebook=rules,
            policy=policy,
            message=read.message,
            next_number=number,
            new_case_token="a" * 26,
            verdict=read.verdict,
        )
        if read.verdict:
            found.append((facts, read.message, raw))
    return found


def finisher() -> Finisher:
    """The shipped letters."""
    letters, problems = Letters.load(ROOT / "templates")
    if letters is None:
        raise SystemExit("\n".join(map(str, problems)))
    settings = Settings(
        IMAP_HOST="mail.example.com",
        IMAP_USER="complaints",
        IMAP_PASSWORD="none",
        SMTP_HOST="mail.example.com",
        COMPLAINTS_ADDRESS=OURS,
        FROM_NAME="Example Shop",
        DATABASE_URL="sqlite:///none",
    )
    return Finisher(settings, letters)


def _stored(raw: bytes) -> tuple[int, bytes]:
    return 1, raw


def _opened(facts: Facts, decision: Decision, message: Message) -> tuple[Facts, Case]:
    """The facts for the draft of a case that was opened a moment ago."""
    assert decision.case is not None  # noqa: S101 - a complaint opens one
    case = plain(Case, {**decision.case.values, "number": decision.case.number})
    facts = replace(facts, message=None, case=case, cause=draft_key(case.number))
    return asks.with_words(facts, message), case


def measured(finish: Finisher, mails: Sequence[Task]) -> tuple[float, float]:
    """Seconds of CPU for deciding, and for the letters: the acknowledgement's decision, then the draft's."""
    deciding = writing = 0.0
    for facts, message, raw in mails:
        begin = time.thread_time()
        decision = on_mail(facts, message)
        decided = time.thread_time()
        finish.finish(decision, facts)
        written = time.thread_time()
        after, case = _opened(facts, decision, message)
        again = time.thread_time()
        draft = on_timer(after, case, TimerKind.DRAFT)
        drafted = time.thread_time()
        finish.finish(draft, after, partial(_stored, raw))
        deciding += decided - begin + drafted - again
        writing += written - decided + time.thread_time() - drafted
    return deciding, writing


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    mails, finish = tasks(given.mails), finisher()
    rounds = [measured(finish, mails) for _ in range(given.rounds)]
    deciding, writing = (min(one) * 1000 / len(mails) for one in zip(*rounds, strict=True))
    print(f"{len(mails)} new complaints: {deciding:.2f} ms to decide, {writing:.2f} ms for the letters, each")


if __name__ == "__main__":
    main()
