"""The name under which a customer's file is handed on: it hides nothing and harms no system (promise 19)."""

from __future__ import annotations

import re
import unicodedata

from inbox.mime.naming import safe

_LONGEST = 180
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)", re.IGNORECASE)
"""Names that mean a device to Windows, with any ending."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
"""Also the signs of a path: an ending may become one when it is written in plain letters."""
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_DOTS = re.compile("[\u2024\uff0e\ufe52\u3002\uff61\u0701\u0702\ua4f8\u06d4]")
"""Signs that look like the dot before an ending."""
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("асеорхуіјѕһԁԛԝѵкмнвтзб", "aceopxyijshdqwvkmhbt3b", strict=True)),
        **dict(zip("αορνιτυκχεβ", "aopvitukxeb", strict=True)),
        **dict(zip("ɑɡɩӏı", "agili", strict=True)),
    }
)
"""Letters of other alphabets that look like a Latin one."""
_INNER = re.compile(
    r"\.(?=(?:exe|com|scr|pif|bat|cmd|ps1|vbs|vbe|jse?|wsf|hta|lnk|url|msi|jar|apk|iso|img|html?|svg)\.)",
    re.IGNORECASE,
)
"""The dot of an ending that is not the last one, and would be taken for it where endings are hidden."""


def handed_on(name: str, number: int, kind: str = "") -> str:
    """A name that any system can save, whose ending is what it looks like; a number where none is left."""
    name = _visible(name)
    stem, dot, ending = name.rpartition(".")
    if dot and stem:
        name = f"{stem.rstrip(' .')}.{plain_ending(ending)}"
    name = _INNER.sub("_", _FORBIDDEN.sub("_", name)).strip(" .")
    if not name.strip("_ ."):
        name = f"file-{number}.{kind}" if kind else f"file-{number}"
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip(" ")):
        name = f"_{name}"
    return _short(name)


def plain_ending(ending: str) -> str:
    """An ending in the letters that it looks like: "ехе" in Cyrillic letters is "exe"."""
    shown = unicodedata.normalize("NFKC", ending).lower().translate(_LOOKALIKES)
    shown = "".join(one for one in unicodedata.normalize("NFD", shown) if not unicodedata.combining(one))
    return shown if shown.isascii() and not ending.isascii() else ending.rstrip(" .")


def _visible(name: str) -> str:
    """The last component of what may be a path, without a sign that can't be seen or turns others around."""
    name = unicodedata.normalize("NFC", _DOTS.sub(".", safe(name)))
    kept = (one for one in name if one in "\u200c\u200d" or unicodedata.category(one) not in _UNSEEN)
    return " ".join("".join(kept).split())


def _short(name: str) -> str:
    """A name of a length that any mail program and file system takes, with its ending."""
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f"{dot}{ending}" if stem and len(ending) < 12 else ""
    room = _LONGEST - len(tail.encode()) - 1
    return (stem if tail else name).encode()[:room].decode("utf-8", "ignore").rstrip(" .") + "~" + tail
