"""Trying one thing: for so long and no longer, and whatever happens is a finding."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from engine.doctor.finding import Finding, Findings, wrong
from language.direction import printable
from language.hiding import hidden
from language.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Probe:
    """A thing to try."""

    topic: str
    look: Callable[[], Findings]
    seconds: float = 45.0


def tried(probe: Probe, secrets: Collection[str] = ()) -> list[Finding]:
    """What the probe finds. One that fails, or takes too long, is a finding; it stops no other."""
    found: list[Finding] = []
    # A thread that hangs ends with the process: nobody waits for it.
    thread = threading.Thread(target=_look, args=(probe, found), daemon=True)
    thread.start()
    thread.join(probe.seconds)
    told = list(found)
    if thread.is_alive():
        told.append(
            wrong(
                f"no answer within {probe.seconds:g} seconds",
                "see that the machine it is about runs and can be reached from here, then try again",
            )
        )
    return [
        replace(one, topic=probe.topic, words=_clean(one.words, secrets), todo=_clean(one.todo, secrets))
        for one in told
    ]


def _clean(words: str, secrets: Collection[str]) -> str:
    """Without a secret, and without what a terminal would obey: servers and samples say what they like."""
    return printable(hidden(words, secrets))


def _look(probe: Probe, found: list[Finding]) -> None:
    try:
        for one in probe.look():
            found.append(one)
    except Trouble as trouble:
        found.append(wrong(str(trouble), trouble.advice))
    except OSError as trouble:
        found.append(wrong(f"{trouble.filename or 'it'} can't be used: {trouble.strerror or trouble}"))
    except Exception as trouble:  # noqa: BLE001 - the doctor goes on to the next thing, whatever it is
        words = " ".join(str(trouble).split())[:200]
        found.append(
            wrong(
                f"this could not be tried: {type(trouble).__name__}: {words}",
                "this is a mistake of ours: please report it, with this line",
            )
        )
