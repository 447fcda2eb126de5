"""Letters given to a program of this machine: sendmail, which Postfix, Exim, msmtp and others bring."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from outbox.smtp import Outcome
from outbox.smtp_connection import SmtpDown
from outbox.smtp_envelope import Sendable, Unsendable, addresses
from outbox.smtp_wire import plain

LATER = os.EX_TEMPFAIL
NEVER = {
    os.EX_DATAERR: "it is no proper mail",
    os.EX_NOUSER: "there is no such recipient",
    os.EX_NOHOST: "there is no such host",
}
"""Exit codes (sysexits) that are about the letter; every other one may be any letter's."""
TIMEOUT = 120.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LONGEST = 500


class Sendmail:
    """One program, called once for each letter; see `Smtp` for what each method promises."""

    login_refused = False

    def __init__(self, program: str, *, timeout: float = TIMEOUT) -> None:
        self._program, self._timeout = program, timeout

    def send(
        self,
        letter: Sendable,
        *,
        following: Sendable | None = None,
        meanwhile: Callable[[], None] | None = None,
        may_end: Callable[[], bool] | None = None,
    ) -> Outcome:
        """Give one letter to the program. Never raises for trouble of it.

        It is "sent" when the program says so; "in-doubt" when it was given the letter and said nothing in
        time, or was killed.
        """
        try:
            sender, recipient = addresses(letter)
        except Unsendable as unsendable:
            return Outcome("refused", None, str(unsendable))
        if meanwhile is not None:
            meanwhile()  # the program may take long
        if may_end is not None and not may_end():
            return Outcome("later", None, "it is no longer this worker's to send")
        # No shell reads this; what begins with a dash is no option behind the two; dots end no mail (-i).
        command = [self._program, "-i", "-f", sender or "<>", "--", recipient]
        with tempfile.TemporaryFile() as said:
            return self._given(command, letter.data.replace(b"\r\n", b"\n"), said)

    def reach(self) -> str:
        """Why the program can't be called, or ""."""
        if not Path(self._program).is_file() or not os.access(self._program, os.X_OK):
            return f"SENDMAIL={self._program} is no program that Peygir's user may run; check the path"
        return ""

    def check(self) -> None:
        """Raises SmtpDown with what to do."""
        if why := self.reach():
            raise SmtpDown(why)

    def close(self) -> None:
        """Nothing is open."""

    def _given(self, command: list[str], data: bytes, said: IO[bytes]) -> Outcome:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                cwd="/",
                env=_surroundings(),
                start_new_session=True,
            )
        except OSError as error:
            words = f"{self._program} can't be run: {error.strerror or error}; check SENDMAIL"
            return Outcome("later", None, words, reached=False, of_server=True)
        try:
            process.communicate(data, timeout=self._timeout)
        except subprocess.TimeoutExpired:
            _kill(process)
            words = f"{self._program} did not end within {self._timeout:.0f} s; it may have sent the letter"
            return Outcome("in-doubt", None, words, of_server=True)
        except BaseException:
            _kill(process)
            raise
        said.seek(0)
        return self._judged(process.returncode, plain(said.read(2**16)[-_LONGEST:]))

    def _judged(self, code: int, words: str) -> Outcome:
        """What an exit code means."""
        told = f"{self._program} ended with {code}: {words}".rstrip(": ")
        if code == os.EX_OK:
            return Outcome("sent", code, words)
        if code in NEVER:
            return Outcome("refused", code, f"{told} ({NEVER[code]})")
        if code < 0:
            name = signal.Signals(-code).name
            return Outcome("in-doubt", None, f"{self._program} was ended by {name}", of_server=True)
        return Outcome("later", code, told if code == LATER else f"{told}; check SENDMAIL", of_server=True)


def _surroundings() -> dict[str, str]:
    """What the program is told of where it runs: nothing of ours, which has passwords in it."""
    found = {"PATH": PATH}
    with suppress(KeyError):  # a container's user may have no name
        user = pwd.getpwuid(os.geteuid())
        found |= {"HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name}
    return found


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and what it began."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
