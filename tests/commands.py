"""The command line in this process, with a journey's settings: as a user has it, but without its start."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import worker
from tests.journeys import Journey
from tests.supervised import settings_as_environment


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def command(journey: Journey, *arguments: str, stdin: str = "", **changes: str) -> Ended:
    """One command of the command line, to its end. `run` wants a process: it listens to signals."""
    # What this process knows already is the fastest memory.
    environment = settings_as_environment(journey) | {"CACHE_DIR": ""} | changes
    return command_in(journey.folder, environment, *arguments, stdin=stdin.encode())


def command_in(folder: Path, environment: Mapping[str, str], *arguments: str, stdin: bytes = b"") -> Ended:
    """One command, given in a folder and with these settings alone."""
    assert arguments[0] != "run"
    with _as_of_a_process(folder, environment, stdin) as (out, err):
        try:
            code = worker.main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Ended(code, _text(out), _text(err))


@contextlib.contextmanager
def _as_of_a_process(
    folder: Path, environment: Mapping[str, str], stdin: bytes
) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """A folder, an environment, streams and rights for new files, which end with the command."""
    given = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    rights = os.umask(0o022)
    try:
        with (
            contextlib.chdir(folder),
            patch.dict(os.environ, environment, clear=True),
            patch.object(sys, "stdin", given),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            yield out, err
    finally:
        os.umask(rights)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "backslashreplace")
