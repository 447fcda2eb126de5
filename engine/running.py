"""One worker, whole: its threads, and how it begins and ends."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

import structlog

from engine import alive, firing, ticking
from engine.apart import ReaderProcess
from engine.concerning import keep_issues
from engine.connecting import mailbox_of, transport_of
from engine.desk import Clock, Desk, new_worker_id
from engine.digesting import send_digests
from engine.figures_mail import send_figures
from engine.files import Files
from engine.memory import Memory
from engine.places import folder
from engine.reading import Reader
from engine.sending import Sender
from engine.signalling import Signaller
from engine.starting import process_of
from engine.teaching import Teacher
from engine.watching import Looks
from settings import Settings
from store import workers
from store.database import Database, StoreDown

log = structlog.get_logger()

GRACE, FAREWELL = 7.0, 1.5
"""Seconds that all threads together get to finish what is in hand, and then the database to free what
this worker still holds: less than ten (promise 21)."""
BEAT = 5.0


def open_files(settings: Settings, memory: Memory | None = None) -> Files:
    """The rules and templates; raises WrongFiles. What the memory knows to be right is not checked again."""
    places = folder(settings.RULES_DIR), folder(settings.TEMPLATES_DIR)
    return Files(*places, memory, (settings.COMPLAINTS_ADDRESS, settings.IMAP_USER))


class Worker(AbstractContextManager["Worker"]):
    """A worker with its database and its files. Raises WrongFiles or StoreDown when it can't begin."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        memory: Memory | None = None,
        process: ReaderProcess | None = None,
    ) -> None:
        """The process reads mails, where one was begun; otherwise the settings say where they are read.

        It is the worker's from here on, which ends it.
        """
        files = open_files(settings, memory)
        # All of it stays: what looks for garbage need not look at it, nor a forked process copy it.
        gc.freeze()
        self._process = process or process_of(settings, memory)
        if self._process and not process:
            # Before anything that a child must not share: threads, the database.
            self._process.start()
        self._threads: list[threading.Thread] = []
        try:
            self.desk = self._registered(settings, files, clock)
            self._teacher = Teacher(self.desk, folder(settings.RULES_DIR))
            self._looks = Looks()
            self.mailbox = mailbox_of(settings)
        except BaseException:
            # It would outlive this attempt, and Python waits for it before it ends.
            self._end_process()
            raise

    def _registered(self, settings: Settings, files: Files, clock: Clock) -> Desk:
        database = Database(settings.DATABASE_URL)
        database.migrate()
        desk = Desk(settings, database, files, clock, new_worker_id(clock()))
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
            ("reader", Reader(self.desk, self.mailbox, self._process).run)
        ]
        loops += [(f"sender-{count}", sender.run) for count, sender in enumerate(self._senders(), 1)]
        for name, loop in loops:
            thread = threading.Thread(target=loop, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)
        log.info("reading", mailbox=self.mailbox.name)

    def _senders(self) -> list[Sender]:
        settings = self.desk.settings
        return [Sender(self.desk, transport_of(settings)) for _ in range(settings.SENDERS)]

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
        self.mailbox.wake()
        _join(self._threads)
        self._threads.clear()
        self._end_process()

    def _end_process(self) -> None:
        if self._process:
            self._process.end()

    def once(self) -> int:
        """Read, decide, fire every timer and send all that is due, then come back; how many mails were read.

        Raises MailboxDown when the mailbox can't be read, after sending what waits.
        """
        all_is_queued = threading.Event()
        threads = [
            threading.Thread(target=sender.drain, args=(all_is_queued,), daemon=True)
            for sender in self._senders()
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
                firing.fire_all(self.desk)
                send_digests(self.desk)
                Signaller(self.desk).look()
                send_figures(self.desk)
                # The senders' last look must find this worker alive, however long the reading took.
                ticking.beat(self.desk)
            finally:
                all_is_queued.set()
                self._await(threads)
        ticking.forget_sent(self.desk)
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
            return Reader(self.desk, self.mailbox, self._process).once()
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


def _join(threads: list[threading.Thread]) -> None:
    end = time.monotonic() + GRACE
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
