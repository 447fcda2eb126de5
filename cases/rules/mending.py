"""Slips of the pen in a rule file that the YAML reader stumbles over: each with what to write.

The reader stops at the first thing that it can't read. So where it stops, every line is looked at by itself,
each slip is told with the line as it should be, and the text is read on without them: all show at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

LINE = re.compile(r"(?P<indent>[ \u00a0]*)(?P<dashes>(?:-[ \u00a0]+)*)(?P<said>.*)")
PAIR = re.compile(r"(?P<key>[A-Za-z][\w-]*):(?P<gap>\s*)(?P<value>.*)")
FIRST_WORD = re.compile(r"([a-z][a-z_-]*)(?:\s+(.*))?")
BLOCK = re.compile(r"(?:^|[\s:])[|>][+-]?\d?\s*$")
COMMENT = re.compile(r"\s#.*$")
CONFLICT = re.compile(r"(<{7}|={7}|>{7})( |$)")
ODD_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
ODD_COLONS = "：﹕∶꞉"
CURLY = "“”„«»‘’‚"
CURLY_QUOTED = re.compile(f"[{CURLY}](.*)[{CURLY}]")
RESERVED = "@`%*&!"
CLOSED_EARLY = re.compile(
    r"(?P<part>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"|\[[^\[\]]*\]|\{[^{}]*\})\s*(?P<rest>[^\s#,:\]}].*)"
)
WRONG_ESCAPE = re.compile(r"\\[^0abtnvfre \"/\\N_LPxuU]")

MOST_IN_A_LINE = 5


class Slip(NamedTuple):
    """What is wrong in a line, and the line as it should be."""

    column: int
    message: str
    mended: str


def mended(text: str, known: Collection[str]) -> tuple[str, list[tuple[int, Slip]]]:
    """The text with its slips mended, and each slip with its line. `known` are the keys that it may have."""
    lines = text.split("\n")
    slips = []
    for number in _outside_blocks(lines):
        if _over_two_lines(lines[number : number + 2]):
            continue
        for _ in range(MOST_IN_A_LINE):
            slip = _slip(lines[number], known)
            if slip is None or slip.mended == lines[number]:
                break
            slips.append((number + 1, slip))
            lines[number] = slip.mended
    return "\n".join(lines), slips


def _outside_blocks(lines: list[str]) -> Iterator[int]:
    """The lines that say something, without comments and without texts below a `|` or `>`."""
    block: int | None = None
    for number, line in enumerate(lines):
        bare = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if not bare or bare.startswith("#") or (block is not None and indent > block):
            continue
        block = indent if BLOCK.search(line) else None
        yield number


def _over_two_lines(lines: list[str]) -> bool:
    """Whether a quoted text begins on the first line and ends on the next."""
    return len(lines) == 2 and any(all(line.count(quote) == 1 for line in lines) for quote in "'\"")


def _slip(line: str, known: Collection[str]) -> Slip | None:
    """The first slip of a line."""
    if found := CONFLICT.match(line):
        return Slip(
            1, f"'{found[1]}' is what a version control program left; keep one of the two versions", ""
        )
    if slip := _odd_sign(line):
        return slip
    parts = LINE.fullmatch(line)
    if parts is None:
        return None
    before = parts["indent"] + parts["dashes"]
    return _in_pair(before, parts["said"], known) or _in_value(before, parts["said"])


def _in_pair(before: str, said: str, known: Collection[str]) -> Slip | None:
    """A slip around the colon of a `key: value`."""
    at = len(before) + 1
    pair = PAIR.fullmatch(said)
    if pair and pair["value"] and not pair["gap"] and pair["key"] in known:
        right = f"{pair['key']}: {pair['value']}"
        return Slip(
            at + pair.end("key") + 1, f"a space is missing after the colon; write '{right}'", before + right
        )
    if pair and (pair["gap"] or not pair["value"]):
        key = pair["key"] + ":" + (pair["gap"] or " ")
        return _in_value(before + key, pair["value"]) if pair["value"] else None
    word = FIRST_WORD.fullmatch(said)
    if word and word[1] in known and "- " not in before:
        right = f"{word[1]}: {word[2]}" if word[2] else f"{word[1]}:"
        return Slip(
            at + len(word[1]), f"a colon is missing after '{word[1]}'; write '{right}'", before + right
        )
    return None


def _odd_sign(line: str) -> Slip | None:
    """A sign that looks like one that means something, and is another."""
    opening = LINE.match(line)
    start = opening.start("said") if opening else 0
    pair = re.match(rf"([A-Za-z][\w-]*)\s*([{ODD_COLONS}])\s*", line[start:])
    if pair:
        right = f"{pair[1]}: {line[start + pair.end() :]}"
        message = f"this colon '{pair[2]}' is another sign than ':'; write '{right.strip()}'"
        return Slip(start + pair.start(2) + 1, message, line[:start] + right)
    until = re.match(r"[\s-]*(?:[A-Za-z][\w-]*:)?\s*", line)
    if until and (odd := ODD_SPACES.search(line, 0, until.end())):
        message = "this space is of another kind (as web pages have it); delete it and type a space"
        plain = ODD_SPACES.sub(" ", line[: until.end()])
        return Slip(odd.start() + 1, message, plain + line[until.end() :])
    if "\t" in (until[0] if until else ""):
        at = line.index("\t")
        return Slip(at + 1, "a tab stands here; write a space instead", f"{line[:at]} {line[at + 1 :]}")
    return None


def _in_value(before: str, said: str) -> Slip | None:
    """A slip in a text, which needs quotes or has the wrong ones."""
    for look in (_unclosed, _closed_early, _reserved, _curly, _escape, _colon_inside):
        if slip := look(before, said):
            return slip
    return None


def _bare(said: str) -> str:
    return COMMENT.sub("", said).rstrip()


def quoted(text: str) -> str:
    """A text in quotes that keep every sign of it."""
    return f"'{text}'" if "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with(before: str, said: str, right: str, why: str) -> Slip:
    return Slip(len(before) + 1, f"{why}; write {right}", before + right)


def _unclosed(before: str, said: str) -> Slip | None:
    quote = said[:1]
    if quote not in ("'", '"') or quote in said[1:]:
        return None
    return _with(before, said, quoted(_bare(said[1:])), f"the quote {quote} is opened here and never closed")


def _closed_early(before: str, said: str) -> Slip | None:
    found = CLOSED_EARLY.fullmatch(said)
    if not found:
        return None
    inside = _bare(said)
    if inside[0] in "'\"" and inside[-1] == inside[0]:
        inside = inside[1:-1].replace("''", "'")
        return _with(before, said, quoted(inside), "the quote in the middle ends the text too early")
    why = f"the text goes on after {found['part'][-1]}; put the whole of it in quotes"
    return _with(before, said, quoted(inside), why)


def _reserved(before: str, said: str) -> Slip | None:
    if said[:1] not in RESERVED or not said:
        return None
    return _with(before, said, quoted(_bare(said)), f"a text that begins with {said[0]} must be in quotes")


def _curly(before: str, said: str) -> Slip | None:
    found = CURLY_QUOTED.fullmatch(_bare(said))
    if not found or ": " not in said:
        return None
    return _with(before, said, quoted(found[1]), "these curly quotes don't count as quotes")


def _escape(before: str, said: str) -> Slip | None:
    inside = _bare(said)
    if len(inside) < 2 or inside[0] != '"' or inside[-1] != '"' or not WRONG_ESCAPE.search(inside):
        return None
    plain = "'" + inside[1:-1].replace("'", "''") + "'"
    return _with(before, said, plain, 'a backslash inside "…" is a special sign, in single quotes it is not')


def _colon_inside(before: str, said: str) -> Slip | None:
    """`key: a: b`; in a list the colon may be meant."""
    inside = _bare(said)
    if ":" not in before or inside[:1] in "'\"[{|>" or ": " not in inside:
        return None
    return _with(before, said, quoted(inside), "a text with a colon and a space in it must be in quotes")
