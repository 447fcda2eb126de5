"""The light markup of letters: one source, from which one template is made, for text and HTML alike.

By line: `# ` heading, `- ` list item, `> ` quote, `[label](link)` button, a lone `{% … %}` is control and
leaves nothing behind, an empty line ends a paragraph, and any other line is text; its line end is kept.
Only the template's own lines are read so. A value can never become markup: what a template prints is marked
by control characters, which no value can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import TemplateSyntaxError

START = "\x02"
"""Begins a block: START, its kind, its direction (r, l or -), then its content."""
LINK = "\x03"
"""Stands between a button's link and its label."""
SAFE_LINK = re.compile(r"(mailto|https?):", re.IGNORECASE)
_RULE = "────────────"

_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})")
_CONTROL = re.compile(r"\s*(?:(?:\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})\s*)+")
_LOOSE = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_BUTTON = re.compile(r"\[(?P<label>.+)\]\((?P<link>.+)\)\s*")
_STARTERS = {"# ": "h", "- ": "i", "> ": "q"}
_BRANCH = re.compile(r"\{%[-+]?\s*(?P<word>if|for|endif|endfor)\b")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}


class Block(NamedTuple):
    """A piece of a letter; `words` quotes the customer, `frame` is a text in a box, `prose` paragraphs, and
    `choice` a button of less weight."""

    kind: str
    direction: str
    """"rtl", "ltr", or "" to follow the letter."""
    content: str
    link: str = ""


class MarkupError(Exception):
    """A line that can't be read; its message says what to write."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


KINDS = {
    "p": "paragraph",
    "h": "heading",
    "i": "item",
    "q": "quote",
    "w": "words",
    "f": "frame",
    "b": "button",
    "c": "choice",
    "t": "prose",
}
_IN_GROUPS = frozenset({"item", "button", "choice"})
_DIRECTIONS = {"r": "rtl", "l": "ltr", "-": ""}


def mark(kind: str, content: str, direction: str = "") -> str:
    """A block in the form that templates print."""
    return f"{START}{kind}{direction[:1] or '-'}{content}"


def translate(body: str, first_line: int) -> tuple[str, list[MarkupError]]:
    """A letter's body as a template, line for line, and every line that can't be read."""
    lines: list[str] = []
    errors: list[MarkupError] = []
    before = ""
    for number, line in enumerate(body.split("\n"), first_line):
        errors.extend(_mistakes(line, number))
        before, translated = _translate_line(line, before)
        lines.append(translated)
    if not errors:
        errors.extend(_nesting(body, first_line))
    return "\n" * (first_line - 1) + "\n".join(lines), errors


def _translate_line(line: str, before: str) -> tuple[str, str]:
    """The kind of block that the line leaves open, and the line for the template."""
    if not line.strip() or _CONTROL.fullmatch(line):
        return "", line.strip()
    if button := _BUTTON.fullmatch(line):
        return "", f"{START}b-{button['link']}{LINK}{button['label']}"
    kind = _STARTERS.get(line[:2], "p")
    content = line if kind == "p" else line[2:]
    head = "" if kind == before and kind in {"p", "q"} else f"{START}{kind}-"
    return kind, head + content


def _mistakes(line: str, number: int) -> Iterator[MarkupError]:
    if found := _LOOSE.search(_TAG.sub(lambda tag: "·" * len(tag[0]), line)):
        tag = found[0]
        if closer := _CLOSERS.get(tag):
            advice = f"“{tag}” is not closed on its line; write {tag} … {closer} on one line"
        else:
            advice = f"“{tag}” closes nothing; write its beginning before it on this line, or take it away"
        yield MarkupError(number, found.start() + 1, advice)
    if "\t" in line:
        yield MarkupError(number, line.index("\t") + 1, "a tab; write spaces instead")
    button = _BUTTON.fullmatch(line)
    if button and not button["link"].startswith("{{") and not SAFE_LINK.match(button["link"]):
        advice = "a link must begin with https:, http: or mailto:"
        yield MarkupError(number, button.start("link") + 1, advice)


def _nesting(body: str, first_line: int) -> Iterator[MarkupError]:
    """Each if and for must end; said where it begins, which is where one looks for it."""
    waiting: list[tuple[int, int, str]] = []
    for number, line in enumerate(body.split("\n"), first_line):
        for tag in _BRANCH.finditer(line):
            word, column = tag["word"], tag.start() + 1
            if not word.startswith("end"):
                waiting.append((number, column, word))
            elif waiting and f"end{waiting[-1][2]}" == word:
                waiting.pop()
            else:
                advice = f"{{% {word} %}} ends nothing; write {{% {word[3:]} … %}} before it, or take it away"
                yield MarkupError(number, column, advice)
                return
    for number, column, word in waiting:
        advice = f"{{% {word} %}} is never closed; write {{% end{word} %}} where it ends"
        yield MarkupError(number, column, advice)


def blocks(rendered: str) -> list[Block]:
    """What a rendered template consists of; blocks that came out empty are left out."""
    found = []
    for part in rendered.split(START)[1:]:
        kind, direction, content = KINDS[part[0]], _DIRECTIONS[part[1]], part[2:].strip(" \n")
        if LINK in content:
            link, _, label = content.partition(LINK)
            safe = SAFE_LINK.match(link)
            found.append(Block(kind if safe else "paragraph", direction, label.strip(), link))
        elif content:
            found.append(Block(kind, direction, content))
    return found


def grouped(found: list[Block]) -> list[tuple[str, list[Block]]]:
    """Neighbours that belong together: the items of a list, the buttons of a row."""
    groups: list[tuple[str, list[Block]]] = []
    for block in found:
        if groups and groups[-1][0] == block.kind and block.kind in _IN_GROUPS:
            groups[-1][1].append(block)
        else:
            groups.append((block.kind, [block]))
    return groups


def as_text(found: list[Block]) -> str:
    """The blocks as plain text: legible by itself, one blank line between paragraphs."""
    out: list[str] = []
    before = ""
    for block in found:
        if text := _block_text(block):
            close = before == "heading" or (before == block.kind and before in _IN_GROUPS)
            out += ("" if not out else "\n" if close else "\n\n", text)
            before = block.kind
    return "".join((*out, "\n")) if out else ""


def _block_text(block: Block) -> str:
    match block.kind:
        case "heading":
            return f"■ {block.content}"
        case "item":
            return "- " + block.content.replace("\n", "\n  ")
        case "quote" | "words":
            return "\n".join(f"> {line}".rstrip() for line in block.content.split("\n"))
        case "frame":
            return f"{_RULE}\n{block.content}\n{_RULE}"
        case "button" | "choice":
            # A mailto link is longer than the letter; the letter says in words what to answer.
            return "" if block.link.lower().startswith("mailto:") else f"{block.content}: {block.link}"
    return block.content


def explain(error: TemplateSyntaxError) -> str:
    """What Jinja found, in an admin's words."""
    message = (error.message or "").rstrip(".")
    return f"{message}; look at the {{{{ … }}}} or {{% … %}} of this line"
