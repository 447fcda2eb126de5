"""`demo`: the whole story. Its mail servers are loaded for no other command."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from commandline.grammar import Options
from commandline.shell import Shell
from demo import story
from engine import logs, looking, reporting
from engine.running import Worker


def demo(shell: Shell, options: Options) -> int:
    """Tell the whole story on an embedded mail host."""
    tools = story.Tools(
        start=Worker,
        look=looking.look,
        write_page=reporting.write_page,
        log_to=log_to,
    )
    return story.tell(Path(options.dir), tools, pace=options.pace)


def log_to(stream: TextIO) -> None:
    """Send the worker's log to a file."""
    logs.configure("info", "json", stream)
