"""An IMAP server that says what a test tells it, and mailboxes that talk to it."""

from __future__ import annotations

import socket
import threading
from typing import Any

from demo.host import LOOPBACK
from inbox.imap import ImapMailbox

READY = b"* OK [CAPABILITY IMAP4rev1 IDLE MOVE] ready\r\n"


class Script:
    """An IMAP server that gives one answer a command, and hangs up when it has none left."""

    def __init__(self, *answers: bytes, greeting: bytes = READY, offers: bytes = b"IDLE MOVE") -> None:
        self._greeting, self._offers = greeting, offers
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self.commands: list[bytes] = []
        self._answers = list(answers)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        with line, line.makefile("rb") as commands:
            line.sendall(self._greeting)
            tag = b""
            for command in commands:
                # What goes on with a command, such as a message of a login, has no tag of its own.
                tag = command.split()[0] if len(command.split()) > 1 else tag
                if b"CAPABILITY" in command:
                    line.sendall(b"* CAPABILITY IMAP4rev1 " + self._offers + b"\r\n" + tag + b" OK done\r\n")
                    continue
                self.commands.append(command.strip())
                if not self._answers:
                    return
                line.sendall(self._answers.pop(0).replace(b"TAG", tag))

    def mailbox(self, filed_folder: str = "", **more: Any) -> ImapMailbox:
        usual: dict[str, Any] = {"user": "u", "password": "p", "tls": "none", "folder": "INBOX", "timeout": 5}
        return ImapMailbox(host=LOOPBACK, port=self.port, filed_folder=filed_folder, **(usual | more))

    def stop(self) -> None:
        self._thread.join(10)
        self._listener.close()


LOGGED_IN = b"TAG OK in\r\n"
FOLDER = b"* 0 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen)] x\r\n* OK [UIDVALIDITY 7] x\r\n"
SELECTED = FOLDER + b"TAG OK [READ-WRITE] x\r\n"
NOTHING_FOUND = b"* SEARCH\r\nTAG OK found\r\n"
