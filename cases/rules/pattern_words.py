"""Why a regular expression can't be read, in words that say what to write."""

from __future__ import annotations

REASONS = (
    ("missing ]", "a [ is opened and never closed; close it with ], or write \\[ for the sign itself"),
    ("missing )", "a ( is opened and never closed; close it with ), or write \\( for the sign itself"),
    ("unexpected )", "a ) closes nothing; delete it, or write \\) for the sign itself"),
    (
        "no argument for repetition",
        "there is nothing before {0} that it could repeat; for any run of signs write .*, "
        "and for the sign itself \\{0}",
    ),
    ("bad repetition operator", "{0} repeats a repetition; write one of the two"),
    (
        "invalid character class range",
        "the range {0} runs backwards; write the earlier letter first, as in a-z",
    ),
    (
        "invalid character class",
        "'{0}' is no class of signs; write the signs that you mean between [ and ]",
    ),
    (
        "invalid repetition size",
        "{0} is no way to count; write the smaller number first and at most 1000 in all, as in {{1,3}}",
    ),
    ("invalid escape sequence", "'{0}' has no meaning; write the letter without the backslash"),
    (
        "trailing \\",
        "a backslash at the end has nothing behind it; delete it, or write \\\\ for the sign itself",
    ),
    ("invalid named capture", "write a group as (…), without a name"),
    ("invalid perl operator", "'{0}' is not known here; write a group as (…) or (?:…)"),
    ("too large", "it is too large; split it into several patterns, or repeat fewer times"),
)


def told(reason: str, written: str) -> str:
    """The engine's reason, such as "missing ]: [late", for a pattern as the admin wrote it."""
    if ends_in_backslash(written):
        reason = "trailing \\"
    what, _, part = reason.partition(": ")
    words = next((words for sign, words in REASONS if sign in what), "")
    return f"the pattern '{written}' can't be read: {words.format(part.strip()) if words else reason}"


def ends_in_backslash(written: str) -> bool:
    """Whether the last backslash has nothing behind it."""
    return (len(written) - len(written.rstrip("\\"))) % 2 == 1


def unbalanced(written: str) -> bool:
    """Whether a ) comes before its (: "a)|(b", which the group that is put around a pattern would hide."""
    depth, in_class, escaped = 0, False, False
    for sign in written:
        if escaped or sign == "\\":
            escaped = not escaped
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth < 0:
                return True
    return False
