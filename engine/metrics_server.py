"""Answers GET /metrics and GET /healthz, a few at a time, and nothing else."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable

import structlog

from engine import metrics
from engine.desk import Desk
from engine.exposition import CONTENT_TYPE
from engine.version import VERSION
from language.trouble import Trouble

log = structlog.get_logger()

PATIENCE = 5.0
"""Seconds that whoever asks may take for the whole question."""
LONGEST = 8192
AT_ONCE = 8
"""Who asks when so many are being answered is turned away."""
FRESH = 5.0
"""Seconds for which what was asked of the database is told again, however many ask."""
PLAIN = "text/plain; charset=utf-8"


class CantListen(Trouble):
    """The port is taken, or the address is not this machine's."""


class MetricsServer:
    """In a thread of its own, until it is stopped."""

    def __init__(self, desk: Desk) -> None:
        """Listen where the settings say. Raises CantListen."""
        self._desk = desk
        host, port = desk.settings.METRICS_HOST, desk.settings.METRICS_PORT
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._listener = socket.create_server((host, port), family=family)
        except OSError as error:
            raise CantListen(
                f"METRICS_PORT: {host}:{port} can't be listened on ({error.strerror or error}); "
                "choose another port, or an address of this machine (METRICS_HOST)"
            ) from error
        self.port: int = self._listener.getsockname()[1]
        self._page, self._made_at = b"", -FRESH
        self._making, self._room = threading.Lock(), threading.Semaphore(AT_ONCE)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                # Closed; or whoever asked has gone, or too many files are open, which passes.
                self._stopped.wait(1.0)
                continue
            if not self._room.acquire(blocking=False):
                line.close()
                continue
            threading.Thread(target=self._answer, args=(line,), name="metrics-answer", daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        """In a thread of its own: a database that hangs must not keep /healthz from being answered."""
        try:
            with line:
                self._serve(line)
        except OSError:
            pass  # whoever asked has gone
        except Exception:
            log.exception("metrics could not be told")
        finally:
            self._room.release()

    def _serve(self, line: socket.socket) -> None:
        asked = _asked(line)
        if asked is None:
            return
        method, path = asked
        answers: dict[str, Callable[[], tuple[int, str, bytes]]] = {
            "/metrics": self._metrics,
            "/healthz": self._health,
        }
        answer = answers.get(path.partition("?")[0])
        if method not in ("GET", "HEAD"):
            code, kind, body = 405, PLAIN, b"only GET\n"
        elif answer is None:
            code, kind, body = 404, PLAIN, b"ask for /metrics or /healthz\n"
        else:
            code, kind, body = answer()
        head = (
            f"HTTP/1.1 {code} {_REASONS[code]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        line.settimeout(PATIENCE)
        line.sendall(head.encode("ascii") + (b"" if method == "HEAD" else body))

    def _metrics(self) -> tuple[int, str, bytes]:
        if not self._making.acquire(timeout=PATIENCE):
            return 503, PLAIN, b"the database gives no answer\n"
        try:
            if time.monotonic() - self._made_at >= FRESH:
                self._page = metrics.page(self._desk, VERSION).encode()
                self._made_at = time.monotonic()
            return 200, CONTENT_TYPE, self._page
        finally:
            self._making.release()

    def _health(self) -> tuple[int, str, bytes]:
        """Whether this worker should be started again; what is wrong elsewhere is no reason for that."""
        hung, wrong = self._desk.pulse.hung(), sorted(self._desk.alerts.wrong())
        lines = [f"hangs: {name}" for name in hung] + [f"in trouble: {key}" for key in wrong]
        return 503 if hung else 200, PLAIN, "\n".join([*(lines or ["all is well"]), ""]).encode()


_REASONS = {200: "OK", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}


def _asked(line: socket.socket) -> tuple[str, str] | None:
    """The method and path of a question that came whole and in time."""
    end, got = time.monotonic() + PATIENCE, b""
    while b"\r\n\r\n" not in got and b"\n\n" not in got:
        left = end - time.monotonic()
        if left <= 0 or len(got) > LONGEST:
            return None
        line.settimeout(left)
        some = line.recv(LONGEST)
        if not some:
            return None
        got += some
    words = got.split(b"\n", 1)[0].decode("latin-1").split()
    return (words[0], words[1]) if len(words) >= 2 else None
