"""A worker as a process of its own, started again whenever it ends, as systemd would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from tests.journeys import ROOT, Journey

WORKER = ROOT / "worker.py"


def settings_of(journey: Journey) -> dict[str, str]:
    """The settings of a journey as environment variables, for a process that finds compiled what it can."""
    journey.lay_compiled()
    return settings_as_environment(journey)


def settings_as_environment(journey: Journey) -> dict[str, str]:
    """The settings of a journey as environment variables."""
    values = journey.settings.model_dump(mode="json", exclude_defaults=True)
    return {"PATH": os.environ["PATH"], "HOME": str(journey.folder)} | {
        name: str(value) for name, value in values.items()
    }


def command(journey: Journey, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """One command of the command line, to its end."""
    return command_of(WORKER, journey, *arguments, **changes)


def command_of(
    program: Path, journey: Journey, *arguments: str, **changes: str
) -> subprocess.CompletedProcess[str]:
    """The same, of a command line that a test made."""
    return subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=journey.folder,
        env=settings_of(journey) | changes,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Supervised:
    """`worker.py run`, started again after each death until the block ends. What it logs is kept."""

    def __init__(self, journey: Journey, program: Path = WORKER, **changes: str) -> None:
        self.deaths = 0
        self._log = journey.folder / "supervised.log"
        self._command = [sys.executable, str(program), "run"]
        self._folder, self._environment = journey.folder, settings_of(journey) | changes
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._process = self._start()

    @property
    def log(self) -> str:
        """All that it logged so far."""
        return self._log.read_text("utf-8")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def __enter__(self) -> Supervised:
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._process.terminate()
        self._keeper.join(30)
        if self._process.poll() is None:
            self._process.kill()
        assert not self._keeper.is_alive()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._over.is_set():
                return
            self.deaths += 1
            self._process = self._start()
