"""Learning as a worker does it: by the clock, in another process, one worker at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

from engine.desk import Desk
from engine.learned import Learned
from language.trouble import Trouble
from learning.when import Progress, is_due
from store import learned
from store.learned import Standing

log = structlog.get_logger()

INSTALLED = Path(__file__).resolve().parent.parent
TIME_LIMIT = 600
"""Seconds that training may take."""
QUIET = 60.0
"""Seconds without mail before training begins: it takes a core and as much memory as the worker has."""
A_DAY = 86_400.0
"""Seconds after which it begins although mail never ceases."""
NEEDS = ("sklearn", "scipy", "numpy")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Order:
    """What to train with."""

    database: str
    rules: Path
    cache: str
    now: datetime
    precision: float

    @property
    def text(self) -> str:
        """As the other process reads it. It has the database's password, so it is shown to nobody else."""
        return json.dumps(
            {
                "database": self.database,
                "rules": str(self.rules),
                "cache": self.cache,
                "now": self.now.isoformat(),
                "precision": self.precision,
                "seconds": TIME_LIMIT,
            }
        )


def can_train() -> bool:
    """Whether what training needs is installed."""
    return all(find_spec(name) is not None for name in NEEDS)


class TrainingFailed(Trouble):
    """Nothing was learned; why."""


class Training:
    """A process that trains."""

    def __init__(self, order: Order) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.training"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(INSTALLED)},
            text=True,
            encoding="utf-8",
        )
        try:
            assert self._process.stdin is not None  # noqa: S101 - asked for above
            with self._process.stdin as line:
                line.write(order.text)
        except BrokenPipeError:
            pass  # it ended at once: `result` says why
        self._process.stdin = None

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def result(self) -> dict[str, Any]:
        """What was learned, when it has ended; waits for that. Raises TrainingFailed."""
        out, trouble = self._process.communicate(timeout=TIME_LIMIT + 60)
        if self._process.returncode == 0:
            result: dict[str, Any] = json.loads(out)
            return result
        if self._process.returncode < 0:
            raise TrainingFailed(f"it was ended by signal {-self._process.returncode}")
        raise TrainingFailed(trouble.strip().rpartition("\n")[2] or "it gave no reason")

    def end(self) -> None:
        """End it, whatever it is at."""
        if self.runs:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


class Teacher:
    """Trains when it is worth it, and puts new models in force. Used by one thread."""

    def __init__(self, desk: Desk, rules: Path) -> None:
        """`rules` is the folder of the rule files."""
        self._desk, self._rules = desk, rules
        self._training: Training | None = None
        self._model_id: int | None = None
        self._busy_at = self._began_at = time.monotonic()

    def renew(self) -> None:
        """Put the newest model in force, whichever worker made it."""
        desk = self._desk
        if not desk.settings.LEARNING:
            return
        with desk.database.read() as session:
            newest = learned.newest_id(session)
            if newest == self._model_id:
                return
            data = learned.data(session, newest) if newest is not None else None
        learnt = Learned.of(data) if data else None
        for one in desk.each_with_files:
            one.files.teach(learnt)
        self._model_id = newest
        log.info("a learned model is in force" if data else "no learned model is in force", id=newest)

    def attend(self) -> None:
        """Look after training: begin it when it is due and no mail comes in, say how it ended."""
        if self._desk.somebody_reads:
            self._busy_at = time.monotonic()
        if self._training is not None:
            if not self._training.runs:
                self.finish()
        elif time.monotonic() - self._busy_at >= QUIET or time.monotonic() - self._began_at >= A_DAY:
            self.begin()

    def has_news(self) -> bool:
        """Whether agents have corrected something since the last model was made."""
        with self._desk.database.read() as session:
            return learned.standing(session).fresh > 0

    def begin(self) -> None:
        """Begin training, when it is due."""
        if self._desk.settings.LEARNING and can_train() and self._is_mine():
            self._began_at = time.monotonic()
            self._training = Training(self._order())

    def finish(self) -> None:
        """Wait for the end of training, if it goes on, and put in force what was learned."""
        training, self._training = self._training, None
        if training is None:
            return
        try:
            done = training.result()
        except (TrainingFailed, subprocess.TimeoutExpired) as failed:
            training.end()
            log.error("learning failed; it is tried again later", why=str(failed))
            with self._desk.database.write() as session:
                learned.ended(session, self._desk.clock(), failed=True)
        else:
            log.info("learned", version=done["version"] or "nothing")
        self.renew()

    def end(self) -> None:
        """End training, if it goes on: the next start begins it again."""
        if self._training is not None:
            self._training.end()
            self._training = None

    def _order(self) -> Order:
        settings = self._desk.settings
        return Order(
            settings.DATABASE_URL,
            self._rules,
            settings.CACHE_DIR,
            self._desk.clock(),
            settings.LEARN_PRECISION,
        )

    def _is_mine(self) -> bool:
        """Whether training is due, and no other worker has taken it up."""
        desk = self._desk
        with desk.database.read() as session:
            standing = learned.standing(session)
        if not is_due(progress(standing, desk.files.current.rulebook.version)):
            return False
        now = desk.clock()
        if learned.minute(now) - standing.training_began < desk.settings.LEARN_MINUTES:
            return False
        with desk.database.write() as session:
            return learned.claim(session, now, desk.settings.LEARN_MINUTES)


def progress(standing: Standing, rules_version: str) -> Progress:
    """What has been learned from, and what there is now."""
    return Progress(
        made=standing.id is not None,
        corrections=standing.corrections,
        fresh=standing.fresh,
        corrections_then=standing.corrections_then,
        cases=standing.cases,
        cases_then=standing.cases_then,
        rules_changed=standing.rules_version != rules_version,
    )
