"""`demo`: the whole story."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from commandline.grammar import Options
from commandline.shell import Shell
from demo import story
from engine import logs, looking
from engine.running import Worker


def demo(shell: Shell, options: Options) -> int:
    """Tell the whole story on an embedded mail host."""
    # Only here: its mail servers would be a tenth of every other command's start.

    tools = story.Tools(
        start=Worker,
        look=looking.look,
        write_page=lambda settings, path: looking.write_page(settings, path, shell.now()),
        log_to=log_to,
    )
    return story.tell(Path(options.dir), tools, pace=options.pace)


def log_to(stream: TextIO) -> None:
    """Send the worker's log to a file."""
    logs.configure("info", "json", stream)
