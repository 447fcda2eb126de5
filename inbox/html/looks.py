"""How elements look, as far as that decides whether and how their text is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inbox.html.sheets import Sheet, declarations

_LOOKS = 5000
"""Looks that differ; the most colourful newsletters have a tenth of them."""
_ATTRIBUTES = re.compile(r"style|hidden|class|\bid\b|color|size|background", re.IGNORECASE)
_TELLING_ATTRIBUTES = ("style", "class", "id", "color", "size", "bgcolor", "background")
_LENGTH = re.compile(r"([-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))\s*(px|pt|em|rem|ex|in|cm|mm|%|q|pc)?")
_RGB = re.compile(r"rgba?\((\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})\s*(?:[,/]\s*([\d.]{1,9}%?)\s*)?\)")
_COLOURS = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "silver": "#c0c0c0", "gray": "#808080"}
_NO_COLOUR = frozenset({"inherit", "initial", "unset", "currentcolor", "windowtext", "auto", "none", ""})
_FAR_AWAY = -500
"""Pixels to the left or above at which nothing is seen."""
UNKNOWN = "?"
"""A background that is a picture or a gradient."""
_PREFIX = re.compile(r"x_|ecx|gmail-|m_-?\d+|yiv\d+")


@dataclass(frozen=True, slots=True)
class Look:
    """What matters of how an element looks; None stands for "as around it"."""

    hidden: bool = False
    tiny: bool | None = None
    """Whether its letters are too small to be seen."""
    keeps_lines: bool | None = None
    keeps_spaces: bool | None = None
    colour: str | None = None
    background: str | None = None
    tight: bool = False
    """Whether it has no space above and below."""
    bullet: bool = False
    """Whether it holds the bullet of a list item that Word wrote as a paragraph."""

    @property
    def passes_on(self) -> bool:
        """Whether it changes how the text inside is read."""
        return not (
            self.tiny is None and self.keeps_lines is None and self.colour is None and self.background is None
        )


PLAIN = Look()
_HIDDEN = Look(hidden=True)


class Looks:
    """The looks of a mail's elements; each is found out once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.tags = frozenset(key for key in sheet.rules if key[:1] not in (".", "#"))
        """The tags that the sheets say something of."""
        self.known: dict[tuple[str, str], Look] = {}
        self.alike: dict[tuple[str | None, ...], Look] = {}

    def find(self, tag: str, raw: str, attributes: Mapping[str, str]) -> Look:
        """How an element with these attributes looks."""
        look = self.known[tag, raw] = self._find(tag, raw, attributes)
        return look

    def _find(self, tag: str, raw: str, attributes: Mapping[str, str]) -> Look:
        if tag not in self.tags and not _ATTRIBUTES.search(raw):
            return PLAIN
        if "hidden" in attributes:
            return _HIDDEN
        key = (tag, *map(attributes.get, _TELLING_ATTRIBUTES))
        if key not in self.alike:
            if len(self.alike) >= _LOOKS:
                return PLAIN
            self.alike[key] = self._made(tag, attributes)
        return self.alike[key]

    def _made(self, tag: str, attributes: Mapping[str, str]) -> Look:
        declared: dict[str, str] = {}
        if self.sheet.rules:
            declared.update(self.sheet.declared(tag, attributes))
        last = {name: value for name, value in declared.items() if "!important" in value}
        if style := attributes.get("style"):
            declared.update(declarations(style))
            declared.update(last)
        look = _look(tag, declared, attributes)
        return PLAIN if look == PLAIN else look


def _look(tag: str, declared: Mapping[str, str], attributes: Mapping[str, str]) -> Look:
    if declared and _is_hidden(declared):
        return _HIDDEN
    colour = declared.get("color") or attributes.get("color")
    ground = declared.get("background-color") or declared.get("background") or attributes.get("bgcolor")
    if "background" in attributes or declared.get("background-image", "none") != "none":
        ground = UNKNOWN
    space = declared.get("white-space", "")
    return Look(
        tiny=_tiny(declared, attributes),
        keeps_lines=None if not space else space.startswith(("pre", "break-spaces")),
        keeps_spaces=None if not space else space.startswith(("pre", "break")) and "line" not in space,
        colour=_colour(colour or ""),
        background=UNKNOWN if ground == UNKNOWN else _colour(ground or "", background=True),
        tight=tag == "p" and _is_tight(declared, attributes),
        bullet="mso-list" in declared and declared["mso-list"].startswith("ignore"),
    )


def _is_hidden(declared: Mapping[str, str]) -> bool:
    """Whether nothing inside an element with these declarations can be seen.

    `mso-hide:all` alone hides from Outlook only: the links of buttons that Outlook draws itself carry it.
    """
    get = declared.get
    return (
        get("display", "").startswith("none")
        or get("visibility", "").startswith(("hidden", "collapse"))
        or _number(get("opacity", "1")) == 0
        or (get("overflow", "").startswith(("hidden", "clip")) and _has_no_room(declared))
        or _pixels(get("text-indent", "0")) <= _FAR_AWAY
        or (get("position", "").startswith(("absolute", "fixed")) and _is_off_screen(declared))
    )


def _has_no_room(declared: Mapping[str, str]) -> bool:
    """Whether an element that shows no more than fits into it has no height, or is a single pixel."""
    heights = [_pixels(declared[name]) for name in ("max-height", "height") if name in declared]
    return any(
        height == 0 or (height <= 1 and _pixels(declared.get("width", "auto")) <= 1) for height in heights
    )


def _is_off_screen(declared: Mapping[str, str]) -> bool:
    if declared.get("clip", "").replace(" ", "").startswith(("rect(0", "rect(1px,1px")):
        return True
    return any(_pixels(declared.get(side, "0")) <= _FAR_AWAY for side in ("left", "top"))


def _tiny(declared: Mapping[str, str], attributes: Mapping[str, str]) -> bool | None:
    """Whether letters are of no size; lengths that depend on the size around leave them as they are."""
    value = declared.get("font-size")
    if value is None and "font" in declared:
        found = re.search(r"(?<![\w#])[\d.]{1,9}(?:px|pt|em|rem|%)?(?=\s*/|\s|$)", declared["font"])
        value = found[0] if found else "medium"
    if value is None:
        return False if attributes.get("size") else None
    found = _LENGTH.match(value)
    if found is None:
        return None if value.startswith(("inherit", "smaller", "larger", "unset")) else False
    if found[2] in ("em", "%", "ex") and float(found[1]) > 0.02:
        return None
    return float(found[1]) <= (1 if found[2] in ("px", "pt", None) else 0)


def _is_tight(declared: Mapping[str, str], attributes: Mapping[str, str]) -> bool:
    """Whether there is no margin above and below; Outlook's own paragraphs have none unless they say so."""
    sides = declared.get("margin", "").split()
    above = declared.get("margin-top") or (sides[0] if sides else "")
    below = declared.get("margin-bottom") or (sides[2 if len(sides) > 2 else 0] if sides else "")
    if not above and not below:
        classes = attributes.get("class", "")
        return "Mso" in classes and any(
            _PREFIX.sub("", one).startswith(("MsoNormal", "MsoPlain", "MsoList")) for one in classes.split()
        )
    return _is_nothing(above) and _is_nothing(below)


def _is_nothing(length: str) -> bool:
    found = _LENGTH.match(length)
    return found is not None and abs(float(found[1])) < (0.01 if found[2] in ("em", "rem", "in", "cm") else 1)


def _number(value: str) -> float:
    found = _LENGTH.match(value)
    return float(found[1]) if found else 1.0


def _pixels(value: str) -> float:
    """A length in about pixels; a word is no length, and as good as a large one."""
    found = _LENGTH.match(value)
    if not found:
        return 1000.0
    each = {"em": 16, "rem": 16, "ex": 8, "in": 96, "cm": 38, "mm": 4, "pc": 16, "%": 10}.get(
        found[2] or "", 1
    )
    return float(found[1]) * each


def _colour(value: str, *, background: bool = False) -> str | None:
    """A colour in one spelling; None when none is named."""
    value = value.replace("!important", "").strip().lower()
    if value in _NO_COLOUR or (background and value == "transparent"):
        return None
    if background and ("url(" in value or "gradient" in value):
        return UNKNOWN
    if found := _RGB.match(value):
        if found[4] in ("0", "0.0", "0%"):
            return None
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in found.groups()[:3])
    word = value.split(None, 1)[0]
    if len(word) == 4 and word[0] == "#":
        return "#" + "".join(letter * 2 for letter in word[1:])
    return _COLOURS.get(word, word)
