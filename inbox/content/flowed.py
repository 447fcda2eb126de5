"""format=flowed (RFC 3676)."""

from __future__ import annotations


def unflowed(text: str, *, joined: bool) -> str:
    """Lines that a format=flowed mail broke softly, joined again; `joined`: without the space (DelSp)."""
    lines: list[list[str]] = []
    open_depth: str | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = line[: len(line) - len(content)]
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and bool(content.strip()) and content != "-- "
        written = content[:-1] if soft and joined else content
        if open_depth == depth and content != "-- ":
            lines[-1].append(written)
        else:
            lines.append([depth, " ", written] if depth else [written])
        open_depth = depth if soft else None
    return "\n".join(map("".join, lines))
