"""From what a mail server saw to what went wrong. Pure: the harness only gathers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

DOUBT = 1.0
"""Seconds after a 250 within which a worker that is killed may not have committed it yet."""

LINGERS = 0.3
"""Seconds that what a worker gave may still be on its way to the server after its death."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One whole letter that a mail server was given."""

    message_id: str
    digest: str
    recipient: str
    answers: str
    """The Message-ID in In-Reply-To."""
    at: float
    """When all of it was given."""
    until: float
    """When the answer was."""
    kept: bool
    code: int | None
    """The reply; None when the connection was cut instead."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is to be judged."""

    complaints: Mapping[str, str]
    """Message-ID → the customer who wrote it; each wrote one mail, however often it was delivered."""
    attempts: Sequence[Attempt]
    kills: Sequence[float]
    of_cases: Sequence[Collection[str]]
    """The Message-IDs of each case."""
    in_folders: Collection[str]
    """The Message-IDs of the mails that some folder of the mailbox still has."""


def violations(seen: Seen) -> dict[str, list[str]]:
    """What went wrong, by name; each with the complaints or letters it went wrong for."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, what in (*_of_letters(seen), *_of_customers(seen), *_of_cases(seen)):
        found[name].append(what)
    return dict(found)


def excused(seen: Seen) -> int:
    """Letters that arrived more than once, and had to (RFC 1047)."""
    return sum(len(kept) > 1 and not _unexcused(kept, seen.kills) for kept in _kept_by_id(seen).values())


def _of_customers(seen: Seen) -> Iterator[tuple[str, str]]:
    for complaint, customer in seen.complaints.items():
        given = [one for one in seen.attempts if one.recipient == customer]
        kept = [one for one in given if one.kept]
        refused = any(_is_refusal(one) for one in given)
        if not kept and not refused:
            yield "lost", complaint
        if len({one.message_id for one in kept}) > 1:
            yield "answered twice with different Message-IDs", complaint
        if any(one.answers != complaint for one in given):
            yield "unthreaded", complaint


def _of_letters(seen: Seen) -> Iterator[tuple[str, str]]:
    for message_id, given in by_letter(seen.attempts).items():
        if not message_id:
            yield "without a Message-ID", given[0].recipient
        if not is_settled(given):
            yield "a letter that never arrived", message_id
        if len({one.digest for one in given}) > 1:
            yield "changed bytes", message_id
        told = [one.at for one in given if _is_refusal(one) and not _in_doubt(one, seen.kills)]
        if told and any(one.at > told[0] for one in given):
            yield "tried again after a 5xx", message_id
    for message_id, kept in _kept_by_id(seen).items():
        if _unexcused(kept, seen.kills):
            yield "kept twice without excuse", message_id


def _of_cases(seen: Seen) -> Iterator[tuple[str, str]]:
    for complaint in seen.complaints:
        count = sum(complaint in ids for ids in seen.of_cases)
        if count != 1:
            yield ("several cases" if count else "no case"), complaint
        if complaint not in seen.in_folders:
            yield "gone from the mailbox", complaint


def _kept_by_id(seen: Seen) -> dict[str, list[Attempt]]:
    return by_letter([one for one in seen.attempts if one.kept])


def _unexcused(kept: Sequence[Attempt], kills: Sequence[float]) -> bool:
    """Whether a letter was sent again although the worker knew that it had arrived."""
    return any(not _in_doubt(one, kills) for one in kept[:-1])


def _in_doubt(one: Attempt, kills: Sequence[float]) -> bool:
    return one.code is None or any(one.at - LINGERS <= kill <= one.until + DOUBT for kill in kills)


def is_settled(given: Collection[Attempt]) -> bool:
    """Whether a letter has arrived, or was refused for good."""
    return any(one.kept or _is_refusal(one) for one in given)


def by_letter(attempts: Sequence[Attempt]) -> dict[str, list[Attempt]]:
    """The attempts to send each letter, in order."""
    found: defaultdict[str, list[Attempt]] = defaultdict(list)
    for one in sorted(attempts, key=lambda one: one.at):
        found[one.message_id].append(one)
    return found


def _is_refusal(one: Attempt) -> bool:
    return one.code is not None and 500 <= one.code < 600
