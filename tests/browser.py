"""One Chromium for all that a process of the tests looks at: starting one takes seconds.

It is told what to do over a pipe, in Chromium's own words (the DevTools protocol): JSON, then a zero.
"""

from __future__ import annotations

import atexit
import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
NO_CHROMIUM = "Chromium is not installed: apt install chromium"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--remote-debugging-pipe",
)
_ITS_INPUT, _ITS_OUTPUT = 3, 4
"""Where Chromium reads and writes with --remote-debugging-pipe."""
_SECONDS = 240
"""After these without an answer a Chromium hangs."""
_ONCE = 1 << 20
JSON = dict[str, Any]


class Browser:
    """A running Chromium."""

    def __init__(self) -> None:
        assert CHROMIUM, NO_CHROMIUM
        self._folder = tempfile.TemporaryDirectory(prefix="peygir-chromium-", ignore_cleanup_errors=True)
        its_input, self._out = _pipe()
        self._in, its_output = _pipe()
        log = Path(self._folder.name) / "log"
        self._process = os.posix_spawn(
            CHROMIUM,
            [CHROMIUM, *_FLAGS, f"--user-data-dir={self._folder.name}/profile"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, str(log), os.O_WRONLY | os.O_CREAT, 0o600),
                (os.POSIX_SPAWN_DUP2, its_input, _ITS_INPUT),
                (os.POSIX_SPAWN_DUP2, its_output, _ITS_OUTPUT),
            ],
            setpgroup=0,
        )
        os.close(its_input)
        os.close(its_output)
        self._log, self._calls, self._read = log, 0, b""
        self._loaded = set[str]()

    def stop(self) -> None:
        """End it and all that it began."""
        os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._out)
        os.close(self._in)
        self._folder.cleanup()

    @contextmanager
    def tab(self, width: int, height: int, *, dark: bool) -> Iterator[Tab]:
        """An empty tab of this size, for a reader who likes it dark or not."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        try:
            tab = Tab(self, session)
            tab.be(width, height, dark=dark)
            yield tab
        finally:
            self.call("Target.closeTarget", targetId=target)

    def call(self, method: str, session: str = "", **given: Any) -> JSON:
        """What a method answers. Fails where it answers with an error."""
        self._calls += 1
        number = self._calls
        asked = {"id": number, "method": method, "params": given} | (
            {"sessionId": session} if session else {}
        )
        self._write(json.dumps(asked).encode() + b"\0")
        answer = self._answer(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        found: JSON = answer["result"]
        return found

    def wait_until_loaded(self, loader: str) -> None:
        """Until the page of this loader is there whole, which may have been said before its answer."""
        until = time.monotonic() + _SECONDS
        while loader not in self._loaded:
            self._message(until)

    def _answer(self, number: int) -> JSON:
        until = time.monotonic() + _SECONDS
        while (message := self._message(until)).get("id") != number:
            pass
        return message

    def _message(self, until: float) -> JSON:
        while b"\0" not in self._read:
            there, _, _ = select.select([self._in], [], [], max(until - time.monotonic(), 0))
            some = os.read(self._in, _ONCE) if there else b""
            assert some, f"Chromium says nothing: {self._log.read_text('utf-8', 'replace')[-2000:]}"
            self._read += some
        said, _, self._read = self._read.partition(b"\0")
        message: JSON = json.loads(said)
        if message.get("method") == "Page.lifecycleEvent" and message["params"]["name"] == "load":
            self._loaded.add(message["params"]["loaderId"])
        return message

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._out, data) :]


class Tab:
    """A tab of it."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def be(self, width: int, height: int, *, dark: bool) -> None:
        """Have this size and these colours."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        likes = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[likes])

    def show(self, address: str) -> None:
        """Open the page; it is loaded when this returns."""
        self._call("Page.enable")
        self._call("Page.setLifecycleEventsEnabled", enabled=True)
        began = self._call("Page.navigate", url=address)
        assert "errorText" not in began, began
        self._browser.wait_until_loaded(began["loaderId"])

    def told(self, script: str) -> Any:
        """The value of a script, awaited where it is a promise."""
        found = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def picture(self) -> bytes:
        """What is seen, as a PNG."""
        return base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"])

    def printed(self) -> bytes:
        """The page on paper of the size it asks for, as a PDF."""
        return base64.b64decode(
            self._call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
        )

    def _call(self, method: str, **given: Any) -> JSON:
        return self._browser.call(method, self._session, **given)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are above the numbers that Chromium wants."""
    ends = os.pipe()
    above = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return above[0], above[1]


@cache
def browser() -> Browser:
    """The one of this process, which ends with it."""
    made = Browser()
    atexit.register(made.stop)
    return made
