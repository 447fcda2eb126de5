"""The pages of the documentation, taken apart: blocks, commands, links, headings, and names in code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHELLS = ("sh", "bash", "console", "shell")
_FENCE = re.compile(r"^( *)(```+|~~~+)([^\n`]*)\n(.*?)^ *\2 *$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DOLLAR = re.compile(r"^\$ ")
_OPERATORS = frozenset({"|", "||", "&&", ";", ">", ">>", "<", "2>", "&"})


@dataclass(frozen=True, slots=True)
class Line:
    """One command of a page, whole, however many lines it is written on."""

    page: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.number}: {self.text}"


def pages() -> list[str]:
    """Every page that people read."""
    found = [ROOT / "README.md", ROOT / "rules" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [str(path.relative_to(ROOT)) for path in found]


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> Iterator[tuple[int, str, str]]:
    """Each fenced block: the line it begins on, what it is written in, and its text."""
    text = text_of(page)
    for found in _FENCE.finditer(text):
        indent = found[1]
        body = "\n".join(line.removeprefix(indent) for line in found[4].splitlines())
        yield text.count("\n", 0, found.start()) + 2, found[3].strip(), body


def prose(page: str) -> str:
    """The page without its fenced blocks and comments, line for line."""

    def emptied(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    return _COMMENT.sub(emptied, _FENCE.sub(emptied, text_of(page)))


def inline(page: str) -> Iterator[tuple[int, str]]:
    """Each text in backticks outside of blocks, on one line, and where it stands."""
    text = prose(page)
    for found in _INLINE.finditer(text):
        written = " ".join(found[2].split()).replace(r"\|", "|").replace("\\`", "`")
        yield text.count("\n", 0, found.start()) + 1, written


def typed(page: str) -> Iterator[Line]:
    """Every command of the page's shell blocks, in order."""
    for start, language, body in blocks(page):
        if language in SHELLS or (not language and "worker.py" in body):
            yield from commands_in(page, start, body)


def commands_in(page: str, start: int, body: str) -> Iterator[Line]:
    """The commands of one block: a line each, or several where a quote or a backslash goes on."""
    kept, first = "", start
    for number, line in enumerate(body.splitlines(), start):
        if not kept and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first if kept else number
        kept = f"{kept}\n{line}" if kept else _DOLLAR.sub("", line.strip())
        if kept.endswith("\\"):
            kept = kept[:-1].rstrip() + " "
            continue
        if _is_whole(kept):
            yield Line(page, first, kept)
            kept = ""
    assert not kept, f"{page}:{first}: a quote is never closed: {kept}"


def words_of(command: str) -> list[str]:
    """A command's words as a shell reads them; its comment is left out."""
    lexer = shlex.shlex(without_comment(command), posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split, lexer.commenters = True, ""
    return list(lexer)


def without_comment(command: str) -> str:
    """A command without what a shell leaves out behind ` #`."""
    quote = ""
    for at, sign in enumerate(command):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#" and (at == 0 or command[at - 1].isspace()):
            return command[:at].rstrip()
    return command


def worker_calls(words: list[str]) -> Iterator[list[str]]:
    """What stands behind each `worker.py` of a command line, up to whatever ends it."""
    for at, word in enumerate(words):
        if word.rpartition("/")[2] == "worker.py":
            rest = words[at + 1 :]
            end = next((place for place, one in enumerate(rest) if one in _OPERATORS), len(rest))
            yield rest[:end]


def links(page: str) -> Iterator[tuple[int, str]]:
    """Each link's target, and where it stands."""
    text = _INLINE.sub(lambda found: "`" * len(found[0]), prose(page))
    for found in _LINK.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found[1]


@cache
def anchors(page: str) -> frozenset[str]:
    """The anchors that GitHub makes of a page's headings."""
    seen: dict[str, int] = {}
    found: set[str] = set()
    for heading in _HEADING.finditer(prose(page)):
        name = _slug(heading[2])
        count = seen.get(name, 0)
        seen[name] = count + 1
        found.add(f"{name}-{count}" if count else name)
    return frozenset(found)


def _slug(heading: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _is_whole(command: str) -> bool:
    try:
        words_of(command)
    except ValueError:
        return False
    return True
