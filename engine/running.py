"""One worker, whole: its threads, and how it begins and ends."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING

import structlog

from engine import alive, firing, ticking
from engine.alerting import Alerter
from engine.apart import ReaderProcess
from engine.concerning import keep_issues
from engine.connecting import ACCOUNTS, OTHERWISE, mailbox_of, transport_of
from engine.desk import Clock, Desk, new_worker_id
from engine.digesting import send_digests
from engine.figures_mail import send_figures
from engine.held import notice_held
from engine.mailboxes import ByName, desk_of, open_files
from engine.memory import Memory
from engine.places import folder
from engine.posts import Post, read_each
from engine.retaining import keep_no_longer
from engine.scanning import Scanner
from engine.sending import Sender
from engine.signalling import Signaller
from engine.starting import process_of
from engine.teaching import Teacher
from engine.watching import Looks
from settings import Settings
from store import workers
from store.database import Database, StoreDown

if TYPE_CHECKING:
    from engine.accounts import Keeper
    from engine.sent_copies import Copier

log = structlog.get_logger()

GRACE, FAREWELL = 7.0, 1.5
"""Seconds that all threads together get to finish what is in hand, and then the database to free what
this worker still holds: less than ten (promise 21)."""
BEAT = 5.0


class Worker(AbstractContextManager["Worker"]):
    """A worker with its database and its files. Raises WrongFiles or StoreDown when it can't begin."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        memory: Memory | None = None,
        process: ReaderProcess | None = None,
    ) -> None:
        """The process reads the main mailbox's mails, where one was begun; otherwise the settings say where
        they are read.

        It is the worker's from here on, which ends it.
        """
        files = open_files(settings, memory)
        # All of it stays: what looks for garbage need not look at it, nor a forked process copy it.
        gc.freeze()
        self._processes = [process]
        self._threads: list[threading.Thread] = []
        try:
            # Before anything that a child must not share: threads, the database.
            self._processes[0] = process or _begun(settings, memory, settings)
            self._processes += [_begun(one, memory, settings) for one in settings.mailboxes[1:]]
            self.desk = self._registered(settings, files, clock)
            self._teacher = Teacher(self.desk, folder(settings.RULES_DIR))
            self._looks = Looks()
            self.alerter = Alerter(self.desk)
            self._posts = self._manned()
            self.mailbox = self._posts[0].mailbox
        except BaseException:
            # It would outlive this attempt, and Python waits for it before it ends.
            self._end_processes()
            raise

    def _manned(self) -> list[Post]:
        pairs = zip(self.desk.every, self._processes, strict=True)
        return [Post(desk, mailbox_of(desk.settings), process) for desk, process in pairs]

    def _registered(self, settings: Settings, files: ByName, clock: Clock) -> Desk:
        database = Database(settings.DATABASE_URL)
        try:
            database.migrate()
        except BaseException:
            database.close()
            raise
        desk = desk_of(settings, database, files, clock, new_worker_id(clock()))
        with database.write() as session:
            began = clock()
            alive.register(session, desk.worker_id, began)
        desk.lease.renew(began)
        return desk

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        # A thread that is not done by now ends with the process; what it holds is free from here on.
        self.desk.lease.end()
        leaving = threading.Thread(target=self._leave, name="leaving", daemon=True)
        leaving.start()
        leaving.join(FAREWELL)
        self.desk.database.close()

    def _leave(self) -> None:
        try:
            with self.desk.database.write() as session:
                workers.leave(session, self.desk.worker_id, self.desk.clock())
        except StoreDown as down:
            log.warning("what this worker held is free when the next one starts", why=str(down))

    def start(self) -> None:
        """Begin to read and send in threads of their own."""
        loops: list[tuple[str, Callable[[], None]]] = [
            (_name("reader", post.desk), post.reader.run) for post in self._posts
        ]
        if keeper := self._keeper():
            loops.append(("accounts", keeper.run))
        if self.desk.settings.CLAMAV:
            loops.append(("scanner", Scanner(self.desk).run))
        loops.append(("alerts", self.alerter.run))
        loops += [(name, sender.run) for name, sender in self._senders()]
        loops += [(name, copier.run) for name, copier in self._copiers()]
        for name, loop in loops:
            thread = threading.Thread(target=loop, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)
        for post in self._posts:
            log.info("reading", mailbox=post.mailbox.name)

    def _senders(self) -> list[tuple[str, Sender]]:
        """The senders by name: so many for each server that letters are given to."""
        return [
            (_name(f"sender-{count}", desk), Sender(desk, transport_of(desk.settings)))
            for desk in self.desk.each_way_out
            for count in range(1, desk.settings.SENDERS + 1)
        ]

    def _copiers(self) -> list[tuple[str, Copier]]:
        """Who copies what left, for each mailbox that wants it."""
        wanted = (desk for desk in self.desk.every if desk.settings.SENT_FOLDER)
        return [(_name("copier", desk), import_module(OTHERWISE).copier_of(desk)) for desk in wanted]

    def _keeper(self) -> Keeper | None:
        """Who looks after the access tokens, where there are any."""
        if not any(desk.settings.by_oauth for desk in self.desk.every):
            return None
        found: Keeper = import_module(ACCOUNTS).Keeper(self.desk)
        return found

    def wait(self) -> None:
        """Look after timers, files and heartbeats until the desk stops."""
        # In a thread of its own: one that waits for the database hears of no end.
        thread = threading.Thread(target=self._tick, name="ticker", daemon=True)
        thread.start()
        self._threads.append(thread)
        self.desk.stop.wait()

    def _tick(self) -> None:
        try:
            ticking.run(self.desk, self._teacher, self._looks)
        finally:
            self._teacher.end()
            self.desk.stop.set()  # without heartbeats nothing here may go on

    def stop(self) -> None:
        """End the threads: finish what is in hand, claim nothing more."""
        self.desk.end()
        for post in self._posts:
            post.mailbox.wake()
        _join(self._threads)
        self._threads.clear()
        self._end_processes()

    def _end_processes(self) -> None:
        for process in self._processes:
            if process:
                process.end()

    def once(self) -> int:
        """Read, decide, fire every timer and send all that is due, then come back; how many mails were read.

        Raises MailboxDown when the mailbox can't be read, after sending what waits.
        """
        all_is_queued = threading.Event()
        threads = [
            threading.Thread(target=sender.drain, args=(all_is_queued,), daemon=True)
            for _, sender in self._senders()
        ]
        for thread in threads:
            thread.start()
        self._teacher.renew()
        try:
            taken = self._read_once()
        finally:
            try:
                keep_issues(self.desk)
                self._looks.look(self.desk)
                if self.desk.settings.CLAMAV:
                    Scanner(self.desk).look()
                firing.fire_all(self.desk)
                send_digests(self.desk)
                Signaller(self.desk).look()
                send_figures(self.desk)
                if keeper := self._keeper():
                    keeper.look()
                notice_held(self.desk)
                self.alerter.look()
                # The senders' last look must find this worker alive, however long the reading took.
                ticking.beat(self.desk)
            finally:
                all_is_queued.set()
                self._await(threads)
                for _, copier in self._copiers():
                    copier.finish()
                self.alerter.look()
        ticking.forget_sent(self.desk)
        keep_no_longer(self.desk, at_any_hour=True)
        if not taken or self._teacher.has_news():
            self._learn_once()
        return taken

    def _learn_once(self) -> None:
        """Learn, when it is due: whoever is called now and then has no other time."""
        try:
            self._teacher.begin()
            self._teacher.finish()
        finally:
            self._teacher.end()

    def _read_once(self) -> int:
        """Read what is there; no draft waits for the end of a long backlog."""
        ended = threading.Event()
        pace = threading.Thread(target=ticking.keep_pace, args=(self.desk, ended), daemon=True)
        pace.start()
        try:
            return read_each(self._posts)
        finally:
            ended.set()
            pace.join()

    def _await(self, threads: list[threading.Thread]) -> None:
        """Wait for the threads to end by themselves, with a sign of life now and then."""
        while any(thread.is_alive() for thread in threads) and not self.desk.stop.is_set():
            ticking.beat(self.desk)
            for thread in threads:
                thread.join(BEAT / len(threads))
        _join(threads)


def _begun(settings: Settings, memory: Memory | None, main: Settings) -> ReaderProcess | None:
    """The process that a mailbox's mails are read in, begun."""
    process = process_of(settings, memory, main)
    if process is not None:
        process.start()
    return process


def _name(loop: str, desk: Desk) -> str:
    return f"{loop}-{desk.settings.name}" if desk.settings.name else loop


def _join(threads: list[threading.Thread]) -> None:
    end = time.monotonic() + GRACE
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
