"""The envelope of a letter: who sends, who gets it, and what the server's answers to that mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from cases.sendable import sendable
from outbox.smtp_wire import Reply, Wire, plain

STAGES = ("MAIL", "RCPT", "DATA")
GO_ON, GOODBYE = 354, 421
OF_THE_SETTINGS = frozenset({503, 530, 534, 535, 538})
"""Refusals of whoever sends (RFC 4954) or of the order of commands: no letter is to blame."""
Meanwhile = Callable[[], None] | None
_UNUSABLE = re.compile(r"[\x00-\x20\x7f<>]")


class Sendable(Protocol):
    """A finished letter for one person."""

    @property
    def envelope_from(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class Refusal(Exception):
    """A reply that was not the one hoped for."""

    def __init__(self, stage: str, reply: Reply) -> None:
        self.stage, self.code, self.text = stage, reply.code, plain(reply.text)
        super().__init__(self.text)


class Unsendable(Exception):
    """This server can't send this letter at all."""


def addresses(letter: Sendable) -> tuple[str, str]:
    """From whom and to whom, as the server is told. Raises Unsendable."""
    # A domain of another script in its ASCII form asks nothing of the server.
    sender, recipient = (sendable(one) or one for one in (letter.envelope_from, letter.recipient))
    if _UNUSABLE.search(sender) or _UNUSABLE.search(recipient) or not recipient:
        raise Unsendable(f"{recipient!r} or {sender!r} is not an address")
    return sender, recipient


def commands(wire: Wire, between: tuple[str, str], data: bytes, where: str) -> list[bytes]:
    """What begins a letter. Raises Unsendable when this server can't be given it."""
    sender, recipient = between
    options = f" SIZE={len(data)}" if "size" in wire.offers else ""
    if "8bitmime" in wire.offers and not data.isascii():
        options += " BODY=8BITMIME"
    if not (sender + recipient).isascii():
        if "smtputf8" not in wire.offers:
            raise Unsendable(f"{where} offers no SMTPUTF8, which the address {recipient} needs")
        options += " SMTPUTF8"
    lines = (f"MAIL FROM:<{sender}>{options}\r\n", f"RCPT TO:<{recipient}>\r\n", "DATA\r\n")
    return [line.encode() for line in lines]


def asked(wire: Wire, lines: Sequence[bytes], patience: float, meanwhile: Meanwhile) -> list[Reply]:
    """Give the envelope, all at once where the server takes that (RFC 2920); its `answers`."""
    if "pipelining" in wire.offers:
        wire.write(b"".join(lines))
        return answers(wire, patience, meanwhile)
    replies: list[Reply] = []
    for line in lines:
        wire.write(line)
        replies.append(wire.reply(patience, meanwhile))
        if first_refusal(replies):
            break
    return replies


def answers(wire: Wire, patience: float, meanwhile: Meanwhile) -> list[Reply]:
    """What the server says to an envelope that it has; fewer replies than stages when the last refuses.

    Raises OSError when it ends without saying why.
    """
    replies: list[Reply] = []
    for _ in STAGES:
        try:
            replies.append(wire.reply(patience, meanwhile))
        except OSError:
            if first_refusal(replies):
                return replies
            raise
        if replies[-1].code == GOODBYE:
            break
    return replies


def first_refusal(replies: Sequence[Reply]) -> Refusal | None:
    """What decides about an envelope: the first answer that is not the one hoped for."""
    for stage, reply in zip(STAGES, replies, strict=False):
        if not (reply.code == GO_ON if stage == "DATA" else reply.good):
            return Refusal(stage, reply)
    return None


def leave_fit(wire: Wire, replies: Sequence[Reply], patience: float) -> bool:
    """After a refusal, make the connection fit for another letter; False when it is to be given up."""
    ends = any(_is_the_end(stage, reply) for stage, reply in zip(STAGES, replies, strict=False))
    whole = len(replies) == len(STAGES)
    # What is missing of several answers might come yet, and be taken for the next letter's.
    missing = "pipelining" in wire.offers and not whole
    taken, waits = replies[0].good, whole and replies[-1].code == GO_ON
    if ends or missing or (waits and not taken):
        return False
    try:
        if waits:
            # It wants the data of a letter for nobody (RFC 2920, 3.1): the end of it and no more.
            wire.write(b".\r\n")
            return not wire.reply(patience).good
        if taken:
            wire.write(b"RSET\r\n")
            return wire.reply(patience).good
    except OSError:
        return False
    return True


def _is_the_end(stage: str, reply: Reply) -> bool:
    speaks = reply.good or 400 <= reply.code < 600 or (stage == "DATA" and reply.code == GO_ON)
    return not speaks or reply.code == GOODBYE
