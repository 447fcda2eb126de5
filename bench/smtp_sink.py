"""An SMTP server that takes every letter and keeps none, as near or as far away as wanted.

    .venv/bin/python -m bench.smtp_sink 0.05 [--pipelining]

Prints its port, and serves for as long as standard input stays open.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator


class Sink(asyncio.Protocol):
    """Takes every letter; what it says arrives after `delay`, as from far away."""

    def __init__(self, delay: float, offers: bytes) -> None:
        self.delay, self.offers = delay, offers
        self.unread, self.in_data = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.unread += data
        self._say(b"".join(self._answers()))

    def _answers(self) -> Iterator[bytes]:
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            command, found, rest = self.unread.partition(end)
            if not found:
                return
            self.unread = rest
            if self.in_data:
                self.in_data = False
                yield b"250 kept\r\n"
                continue
            verb = command[:4].upper()
            self.in_data = verb == b"DATA"
            yield {b"EHLO": self.offers, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(
                verb, b"250 ok\r\n"
            )

    def _say(self, words: bytes) -> None:
        if words:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, words)


async def serve(delay: float, pipelining: bool) -> None:
    """Print the port, then serve for as long as standard input stays open."""
    offers = (
        b"250-sink\r\n250-8BITMIME\r\n" + (b"250-PIPELINING\r\n" if pipelining else b"") + b"250 SIZE\r\n"
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(delay, offers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("delay", type=float, help="seconds until an answer arrives")
    parser.add_argument("--pipelining", action="store_true", help="offer it (RFC 2920)")
    options = parser.parse_args()
    asyncio.run(serve(options.delay, options.pipelining))


if __name__ == "__main__":
    main()
