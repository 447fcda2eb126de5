"""What a mail's style sheets and style attributes declare, as far as it decides what is read.

From a style sheet only rules for all media with simple selectors (`.name`, `#name`, `tag`, `tag.name`) count:
a rule for small screens or dark mode hides nothing from a reader of the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_CSS = 300_000
"""Characters of style sheets that are read."""
_RULES = 500
"""Rules that matter, of those."""
_STYLE = 4000
"""Characters of the declarations of one element that are looked at."""
_CLASSES = 20
_PROPERTIES = (
    "display|visibility|opacity|font-size|font|(?:max-)?height|(?:max-)?width|overflow|white-space|color"
    "|background(?:-color|-image)?|margin(?:-top|-bottom)?|text-indent|position|left|top|clip|mso-list"
)
_DECLARATION = re.compile(rf"(?<![\w-])({_PROPERTIES})\s*+:\s*+([^;]{{0,200}}+)")
_TELLING = re.compile(
    r"display|visib|opacity|font|height|white-space|colou?r|background|margin|indent|position|clip|mso-list",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)|<!--|-->")
_BRACE = re.compile(r"([{}])")
_SELECTOR = re.compile(r"([a-z][a-z0-9]{0,15}+)?((?:[.#][\w-]{1,80})*+)")
_PART = re.compile(r"[.#][\w-]+")


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str
    classes: frozenset[str]
    name: str
    declared: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Sheet:
    """The rules of a mail's style sheets that may matter, found by tag, class or id."""

    rules: dict[str, list[_Rule]] = field(default_factory=dict)
    count: int = 0
    paints: bool = False
    """Whether there are backgrounds that are not understood."""

    @classmethod
    def of(cls, sheets: Sequence[str]) -> Sheet:
        """Reads style sheets."""
        sheet = cls()
        for css in sheets:
            sheet.read(css[:_CSS])
        return sheet

    def read(self, css: str) -> None:
        """Reads one style sheet, rule by rule, those of its media queries left out."""
        depth, selectors = 0, ""
        pieces = _BRACE.split(_COMMENT.sub(" ", css))
        for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
            if brace == "{":
                depth += 1
                if depth == 1:
                    selectors = text.rpartition(";")[2].strip().lower()
            else:
                if depth == 1 and selectors and selectors[0] != "@" and _TELLING.search(text):
                    self.add(selectors[:2000], text)
                depth = max(0, depth - 1)

    def add(self, selectors: str, style: str) -> None:
        """Keeps one rule under each of its simple selectors."""
        declared: tuple[tuple[str, str], ...] = ()
        for selector in selectors.split(","):
            found = _SELECTOR.fullmatch(selector.strip().removeprefix("*"))
            if found is None or self.count >= _RULES:
                self.paints = self.paints or "background" in style.lower()
                continue
            declared = declared or tuple(declarations(style))
            parts = _PART.findall(found[2])
            classes = frozenset(part[1:] for part in parts if part[0] == ".")
            name = next((part[1:] for part in parts if part[0] == "#"), "")
            key = f"#{name}" if name else f".{min(classes)}" if classes else (found[1] or "")
            self.count += 1
            self.rules.setdefault(key, []).append(_Rule(found[1] or "", classes, name, declared))

    def declared(self, tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What the sheets declare for an element: for its tag, then its classes, then its id."""
        for rule in self.rules.get(tag, ()):
            yield from rule.declared
        name = attributes.get("id", "").strip().lower()
        classes = attributes.get("class", "").lower().split(None, _CLASSES)[:_CLASSES]
        keys = [f".{one}" for one in dict.fromkeys(classes)] + ([f"#{name}"] if name else [])
        for key in keys:
            for rule in self.rules.get(key, ()):
                if rule.classes <= set(classes) and rule.tag in ("", tag) and rule.name in ("", name):
                    yield from rule.declared


def declarations(style: str) -> Iterator[tuple[str, str]]:
    """The telling properties of a style and their values, in lower case."""
    yield from ((name, value.strip()) for name, value in _DECLARATION.findall(style[:_STYLE].lower()))
