"""pymap's IMAP server and its mailboxes in memory, mended where real clients need it."""

from __future__ import annotations

import asyncio
import secrets
from argparse import Namespace
from datetime import datetime
from typing import Any
from uuid import uuid4

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.parsing.specials.flag import Wildcard
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext


class ImapServer:
    """Accounts and their folders; everything here runs in one event loop."""

    def __init__(self) -> None:
        self._config = _Config(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            demo_data=False,
            demo_user="",
            demo_password="",
            host=None,
            port=0,
            tls_enabled=False,
            invalid_user_sleep=0,
            hash_context=_Plain(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._login = Login(self._config)
        self._serve = IMAPServer(self._login, self._config)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[Any]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; gives the port, which the system chooses when it is 0."""
        self._server = await asyncio.start_server(self._connection, host, port)
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def add_user(self, name: str, password: str) -> None:
        self._login.users_dict[name] = UserMetadata(self._config, name, password=password)
        self._config.set_cache.setdefault(name, (_Mailboxes(), FilterSet()))

    def knows(self, name: str) -> bool:
        return name in self._login.users_dict

    async def append(self, user: str, raw: bytes, when: datetime) -> None:
        """Put a mail into a user's INBOX; whoever waits in IDLE is told."""
        inbox = await self._folder(user, "INBOX")
        await inbox.append(AppendMessage(raw, when), recent=True)

    async def mails(self, user: str, folder: str) -> list[bytes]:
        """Every mail in a folder, oldest first; a folder that is not there has none."""
        try:
            mailbox = await self._folder(user, folder)
        except KeyError:
            return []
        content = FetchRequirement.CONTENT
        return [bytes(await message.load_content(content)) async for message in mailbox.messages()]

    async def _folder(self, user: str, name: str) -> MailboxData:
        mailboxes, _ = self._config.set_cache[user]
        return await mailboxes.get_mailbox(name)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        whole: Any = _WholeAnswers(writer)
        peer = SocketInfo.get(writer, None, unique_id=uuid4().bytes)
        task = asyncio.create_task(self._serve(reader, whole, peer))
        # The event loop itself holds tasks only weakly.
        self._connections.add(task)
        try:
            await asyncio.wait([task])
        finally:
            self._connections.discard(task)
            writer.close()


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        # pymap looks the machine's name up for every connection, which may take seconds.
        return b"demo mail host ready"


class _Plain(Cleartext):
    def verify(self, secret: str, hash: str) -> bool:
        # pymap's own breaks off the connection over a letter outside ASCII.
        return secrets.compare_digest(secret.encode(), hash.encode())


class _Mailbox(MailboxData):
    @property
    def permanent_flags(self) -> Any:
        # Without it STORE drops keywords in silence.
        return super().permanent_flags | {Wildcard}

    async def update_selected(self, selected: Any, *, wait_on: Any = None) -> Any:
        # pymap sleeps over what came between the last command and IDLE.
        seen = selected.mod_sequence
        if seen is not None and seen < self._mod_sequences.highest:
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Mailboxes(MailboxSet):
    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Mailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> Any:
        async with self._set_lock.write_lock():
            if name in self._set:
                raise ValueError(name)
            self._set[name] = _Mailbox(self._content_cache, self._thread_cache)
            return self._set[name].mailbox_id


class _WholeAnswers:
    """Hold an answer back until it is complete: clients in IDLE take a half line for the end."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._held.append(bytes(data))

    async def drain(self) -> None:
        self._flush()
        await self._writer.drain()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self._writer.is_closing():
            self._writer.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)
