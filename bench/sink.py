"""An SMTP server for measuring: it takes every letter, notes when its last byte came, and does little else.

    .venv/bin/python -m bench.sink FOLDER [--far 0.05] [--no-pipelining]

A process of its own, so that its work is not mixed with what is measured. It prints its port, then appends a
JSON line a letter to FOLDER/letters.jsonl: at (CLOCK_MONOTONIC), recipient, in_reply_to, message_id, size.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

LOOPBACK = "127.0.0.1"
_FIELD = re.compile(rb"^(message-id|in-reply-to):\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(rb"<([^>]*)>")


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, log: TextIO, far: float, pipelining: bool) -> None:
        self._log, self._far, self._pipelining = log, far, pipelining
        self._waiting = bytearray()
        self._recipient = ""
        self._reads_data = False
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._say(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        if answers := b"".join(self._answers()):
            self._say(answers)

    def _answers(self) -> Iterator[bytes]:
        while True:
            end = b"\r\n.\r\n" if self._reads_data else b"\r\n"
            found = self._waiting.find(end)
            if found < 0:
                return
            taken = bytes(self._waiting[: found + 2])
            del self._waiting[: found + len(end)]
            yield self._keep(taken) if self._reads_data else self._answer(taken)

    def _say(self, words: bytes) -> None:
        if self._far:
            asyncio.get_running_loop().call_later(self._far, self._transport.write, words)
        else:
            self._transport.write(words)

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"EHLO":
            offered = b"250-PIPELINING\r\n" if self._pipelining else b""
            return b"250-sink.example\r\n" + offered + b"250-SIZE 104857600\r\n250 8BITMIME\r\n"
        if verb == b"RCPT":
            address = _ADDRESS.search(line)
            self._recipient = address[1].decode() if address else ""
        if verb == b"DATA":
            self._reads_data = True
            return b"354 go on\r\n"
        return b"221 2.0.0 bye\r\n" if verb == b"QUIT" else b"250 2.0.0 ok\r\n"

    def _keep(self, letter: bytes) -> bytes:
        self._reads_data = False
        fields = {name.lower().decode(): value.decode() for name, value in _FIELD.findall(letter[:20_000])}
        told = {
            "at": time.monotonic(),
            "recipient": self._recipient,
            "in_reply_to": fields.get("in-reply-to", ""),
            "message_id": fields.get("message-id", ""),
            "size": len(letter),
        }
        self._log.write(json.dumps(told) + "\n")
        return b"250 2.0.0 kept\r\n"


async def serve(folder: Path, far: float, pipelining: bool) -> None:
    """Listen until SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    with (folder / "letters.jsonl").open("a", encoding="utf-8") as log:
        server = await loop.create_server(lambda: Session(log, far, pipelining), LOOPBACK, 0)
        print(server.sockets[0].getsockname()[1])
        sys.stdout.flush()
        while not ended.is_set():
            await asyncio.sleep(0.02)
            log.flush()
        server.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--far", type=float, default=0.0, help="seconds until an answer arrives")
    parser.add_argument("--no-pipelining", action="store_true")
    options = parser.parse_args()
    asyncio.run(serve(options.folder, options.far, not options.no_pipelining))


if __name__ == "__main__":
    main()
