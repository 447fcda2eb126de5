"""A letter's file: YAML front matter between `---` lines, then the body. Every mistake has a place.

---
subject: "Re: {{ subject }}"
---
Dear {{ name }},
"""

from __future__ import annotations

from dataclasses import dataclass

from language.problem import Problem
from outbox import front
from outbox.front import Front

_FENCE = "---"
_WRITE_FENCES = 'write --- on the first line, subject: "…" below it, then --- again'
_WRITE_PARTS = "write --- on the first line, parts: […] below it, then --- again"


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter's file holds, before any of it is a template."""

    front: Front
    body: str
    body_line: int


def read(file: str, text: str, letter: str, *, drafted: bool) -> tuple[Written, list[Problem]]:
    """Split a letter's file. What can't be read is a problem, and empty in what is given back.

    A `drafted` letter is the first draft of an answer: it has no subject, and needs no front matter.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    problems: list[Problem] = []
    told = Front()
    start = 0
    if lines[0].rstrip() == _FENCE:
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
        if end is None:
            advice = _WRITE_PARTS if drafted else _WRITE_FENCES
            return Written(told, "", 1), [Problem(file, 1, 1, f"the front matter is not closed; {advice}")]
        told, problems = front.read(file, "\n".join(lines[1:end]), letter, drafted=drafted)
        start = end + 1
    elif not drafted:
        problems.append(Problem(file, 1, 1, f"there is no front matter; {_WRITE_FENCES}"))
    if not drafted and start and not told.subject.strip() and not problems:
        problems.append(Problem(file, 1, 1, 'there is no subject; write subject: "…" between the --- lines'))
    body = "\n".join(lines[start:])
    if not body.strip():
        place = "below the second ---" if start else "here"
        problems.append(Problem(file, start + 1, 1, f"the letter is empty; write its text {place}"))
    return Written(told, body, start + 1), problems
