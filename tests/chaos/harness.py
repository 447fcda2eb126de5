"""A worker that is killed at chosen moments between a shaky mailbox and a shaky mail server."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.chaos.judge import Seen, by_letter, excused, is_settled, violations
from tests.chaos.lines import ShakyLine
from tests.chaos.post import ShakyPost
from tests.hosts import Dovecot, DovecotHost, until
from tests.journeys import Journey
from tests.supervised import WORKER, command, settings_of

MOMENTS = ("dot", "kept", "fetch", "fetched", "filing", "filed", "start", "time")
"""When a worker is killed: as a letter or a mail comes to this point, soon after its start, by the clock."""
PATIENCE = 2.5
"""Seconds that a worker lives after it has logged in, when its moment doesn't come."""
LONGEST_START = 30.0
OFTEN = 0.4
"""How likely each time that the moment comes is the one."""
FILED = "Peygir"


@dataclass(frozen=True, slots=True)
class Report:
    """How it went."""

    seed: int
    violations: dict[str, list[str]]
    excused: int
    kills: int
    faults: int
    cuts: int
    seconds: float
    ended_with: int
    log: str
    moments: list[str] = field(default_factory=list)

    def text(self) -> str:
        """For a person."""
        return (
            f"seed {self.seed}: {self.kills} kills ({', '.join(self.moments)}), {self.faults} SMTP faults, "
            f"{self.cuts} IMAP cuts, {self.excused} letters excusedly twice, {self.seconds:.0f} s: "
            + (json.dumps(self.violations, indent=1) if self.violations else "nothing wrong")
        )


class Chaos:
    """One run: mails in portions, a kill after each, then calm until all is answered."""

    def __init__(
        self,
        host: DovecotHost,
        dovecot: Dovecot,
        folder: Path,
        *,
        seed: int,
        mails: int,
        kills: int,
        program: Path = WORKER,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._host, self._dovecot, self._seed = host, dovecot, seed
        self._rng = random.Random(seed)
        self._customers = [f"c{number}@example.com" for number in range(mails)]
        self._moments = [MOMENTS[number % len(MOMENTS)] for number in range(kills)]
        self._rng.shuffle(self._moments)
        self._line = ShakyLine(dovecot.imap_port, random.Random(f"{seed} line"), self._tell)
        refused = frozenset(self._rng.sample(self._customers, max(1, mails // 20)))
        self._post = ShakyPost(random.Random(f"{seed} post"), refused, self._tell)
        settings = {"IMAP_PORT": self._line.port, "RETRY_SECONDS": 1, "POLL_SECONDS": 1, "SENDERS": 2}
        self._journey = Journey(host, f"sqlite:///{folder / 'chaos.sqlite3'}", folder, **settings)
        self._program, self._environment = program, dict(environment)
        self._log = folder / "chaos.log"
        self._complaints: dict[str, str] = {}
        self._raw: list[bytes] = []
        self._kills: list[float] = []
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._awaited = ""
        self._reads = threading.Event()
        """Set when the worker has come to its mailbox."""

    def run(self) -> Report:
        """Do it all; takes about half a minute for 40 mails and 8 kills."""
        begun = time.monotonic()
        self._host.behave(self._post)
        try:
            for number, portion in enumerate(self._portions()):
                self._between(number)
                self._deliver(portion)
                if number < len(self._moments):
                    self._live_and_die(self._moments[number])
            self._post.calm = self._line.calm = True
            ended_with = self._live_to_the_end()
            seen = self._seen()
        finally:
            self._kill()
            self._host.behave(None)
            self._line.stop()
        return Report(
            seed=self._seed,
            violations=violations(seen),
            excused=excused(seen),
            kills=len(self._kills),
            faults=self._post.faults,
            cuts=self._line.cuts,
            seconds=time.monotonic() - begun,
            ended_with=ended_with,
            log=self._log.read_text("utf-8"),
            moments=self._moments,
        )

    # -- mail in

    def _portions(self) -> Iterator[list[str]]:
        """The customers in as many portions as there are lives; the last life gets some too."""
        lives = len(self._moments) + 1
        for number in range(lives):
            yield self._customers[number::lives]

    def _deliver(self, customers: list[str]) -> None:
        for customer in customers:
            mail = self._journey.mail("My parcel has not arrived.", sender=customer, subject=f"Of {customer}")
            self._complaints[str(mail["Message-ID"])] = customer
            self._raw.append(mail.as_bytes())
            self._host.deliver(self._raw[-1])

    def _between(self, number: int) -> None:
        """While no worker lives: once a mail is delivered again, once every mail gets a new UID."""
        if number == len(self._moments) // 3 and self._raw:
            self._host.deliver(b"Received: from elsewhere\r\n" + self._rng.choice(self._raw))
        if number == len(self._moments) * 2 // 3:
            self._give_new_uids()

    def _give_new_uids(self) -> None:
        with self._dovecot.client(self._host.user) as client:
            for folder, through in (("INBOX", "Aside"), (FILED, "INBOX"), ("Aside", "INBOX")):
                if not client.folder_exists(folder):
                    continue
                if not client.folder_exists(through):
                    client.create_folder(through)
                client.select_folder(folder)
                if uids := client.search():
                    client.move(uids, through)

    # -- the worker

    def _start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(self._program), "run"],
                cwd=self._journey.folder,
                env=settings_of(self._journey) | self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _live_and_die(self, moment: str) -> None:
        with self._lock:
            self._awaited = moment
        self._reads.clear()
        self._start()
        assert self._process is not None
        if moment == "start":
            _until_dead(self._process, self._rng.uniform(0.05, 1.0))
        else:
            until(lambda: self._reads.is_set() or self._is_dead(), LONGEST_START)
            _until_dead(self._process, PATIENCE * self._rng.random() if moment == "time" else PATIENCE)
        self._kill()

    def _is_dead(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _tell(self, moment: str) -> None:
        """A letter or a mail has come to this point: kill who waits for it, before anything else happens."""
        if moment == "login":
            self._reads.set()
        with self._lock:
            due = moment == self._awaited
        if due and self._rng.random() < OFTEN:
            self._kill()

    def _kill(self) -> None:
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                return
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._kills.append(time.monotonic())
            self._awaited = ""

    def _live_to_the_end(self) -> int:
        """Calm: until every customer was answered or refused, and the mailbox is empty; the exit code."""
        self._reads.clear()
        self._start()
        assert self._process is not None
        until(self._reads.is_set, LONGEST_START)
        until(self._all_is_done, 45)
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(10)

    def _all_is_done(self) -> bool:
        time.sleep(0.2)
        attempts = list(self._post.attempts)
        reached = {one.recipient for one in attempts if is_settled([one])}
        settled = all(is_settled(given) for given in by_letter(attempts).values())
        return settled and reached.issuperset(self._customers) and not self._host.inbox()

    # -- what became of it

    def _seen(self) -> Seen:
        cases = json.loads(command(self._journey, "cases", "--json").stdout)
        raw = [*self._host.inbox(), *self._host.inbox(folder=FILED), *self._host.inbox(folder="Aside")]
        there = {one for one in self._complaints if any(one.encode() in each for each in raw)}
        return Seen(
            complaints=self._complaints,
            attempts=tuple(self._post.attempts),
            kills=tuple(self._kills),
            of_cases=[case["message_ids"] for case in cases],
            in_folders=there,
        )


def _until_dead(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
