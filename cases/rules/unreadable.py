"""What the YAML reader could not read, in words of an editor: where, and how to write it."""

from __future__ import annotations

from collections.abc import Sequence

from language.problem import Problem

IN_WORDS = (
    ("mapping values", "a text that has a colon and a space in it must be in quotes: 'note: like this'"),
    ("cannot start any token", "a text can't begin with this sign; put the text in quotes: '…'"),
    ("unexpected end of stream", "a quote or bracket that was opened is never closed"),
    ("expected ':'", "this line needs a colon after its key; or put the text in quotes"),
    ("escape", "a backslash inside \"…\" is a special sign; use single quotes: '…'"),
    (
        "block mapping",
        "this line stands too far left or right, or lacks its 'key:'; line it up with the lines above",
    ),
    ("'-' indicator", "this line stands too far left or right; line up the '- ' of a list"),
    (
        "flow",
        "a bracket [ or { is not closed, or a comma is missing; a text that begins with one needs quotes",
    ),
    ("control characters", "an invisible control character stands here; delete it and type the text anew"),
)

NEVER_CLOSED = ("unexpected end of stream", "flow")
"""Mistakes that are shown where a quote or bracket opens, because the reader notices them only later."""

OUT_OF_LINE = ("mapping values", "block mapping", "'-' indicator", "block collection")
"""Mistakes that a line makes which begins in the wrong column."""
LONGEST_SHOWN = 40


def unreadable(file: str, text: str, error: Exception) -> Problem:
    """The reader's own error, told where the mistake most likely is."""
    mark = getattr(error, "problem_mark", None)
    said = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or error}"
    told = next(
        (words for sign, words in IN_WORDS if sign in said),
        "this can't be read; compare it with the lines above",
    )
    if mark is None:
        return Problem(file, 0, 0, told)
    lines = text.split("\n")
    if any(sign in said for sign in OUT_OF_LINE) and (place := _out_of_line(lines, mark.line)):
        return Problem(file, *place)
    opened = getattr(error, "context_mark", None)
    if opened is not None and any(sign in said for sign in NEVER_CLOSED):
        mark = opened
    elif not any(line.strip() for line in lines[mark.line + 1 :]):
        told = f"{told}; the file ends here: was it saved half?"
    return Problem(file, mark.line + 1, mark.column + 1, told)


def _out_of_line(lines: Sequence[str], number: int) -> tuple[int, int, str] | None:
    """A line that begins where none of those above does: its place, and where to begin it."""
    if number >= len(lines) or not lines[number].strip():
        return None
    indent = indent_of(lines[number])
    above = _open_above(lines, number)
    if not above:
        return None
    if indent in above:
        listed = lines[above[indent]].lstrip().startswith("- ")
        if listed and not lines[number].lstrip().startswith("- "):
            return number + 1, indent + 1, "'- ' is missing before this line; the lines around it are a list"
        return None
    nearest = min(above, key=lambda one: (abs(one - indent), -one))
    side = "right" if indent > nearest else "left"
    steps = abs(indent - nearest)
    spaces = f"{steps} space{'s' if steps > 1 else ''}"
    like = lines[above[nearest]].strip()[:LONGEST_SHOWN]
    return (
        number + 1,
        indent + 1,
        f"this line stands {spaces} too far {side}; begin it in column {nearest + 1}, "
        f"right below '{like}' of line {above[nearest] + 1}",
    )


def _open_above(lines: Sequence[str], number: int) -> dict[int, int]:
    """The indents at which a line could go on, each with the last line that has it."""
    found: dict[int, int] = {}
    least = None
    for above in range(number - 1, -1, -1):
        line = lines[above]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = indent_of(line)
        if least is None or indent < least:
            found[indent] = above
            least = indent
            inner = indent + len(line) - indent - len(line[indent:].lstrip("- "))
            if (
                inner > indent
                and inner not in found
                and line[indent:].startswith("- ")
                and ": " in f"{line} "
            ):
                found[inner] = above
    return found


def indent_of(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))
