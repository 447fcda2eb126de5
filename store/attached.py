"""What a file that a customer sent is seen to be: plain values, as store/values.py has them for mails."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Family(StrEnum):
    """What a file is for, in a word."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    PDF = "pdf"
    DOCUMENT = "document"
    TEXT = "text"
    PAGE = "page"
    ARCHIVE = "archive"
    PROGRAM = "program"
    OTHER = "other"


class Danger(StrEnum):
    """Why a file may harm whoever opens it; admins name these in rules/attachments.yaml."""

    PROGRAM = "program"
    SCRIPT = "script"
    SHORTCUT = "shortcut"
    INSTALLER = "installer"
    MACRO = "macro"
    """A document with a program in it."""
    ACTIVE = "active"
    """A page, picture or PDF with a script in it."""
    EMBEDDED = "embedded"
    """A document that carries another file, or fetches one."""
    DISC_IMAGE = "disc-image"
    LOCKED = "locked"
    """Nobody can look into it without its password."""
    UNSEEN = "unseen"
    """An archive of a kind that is not looked into, or a damaged one."""
    BOMB = "bomb"
    """So much is packed into it that unpacking it stops a computer."""
    TWO_IN_ONE = "two-in-one"
    """One file that is two kinds of file at once."""
    FRAGMENT = "fragment"
    """A piece of a file or mail, or a mere reference to one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as its bytes show it."""

    name: str
    """As it may be shown and saved."""
    size: int = 0
    kind: str = ""
    """The ending that files of its kind have, "" where the bytes don't tell."""
    family: Family = Family.OTHER
    dangers: tuple[Danger, ...] = ()
    """Of the file itself, by its bytes alone."""
    inside: tuple[Seen, ...] = ()
    """What it holds."""
    claims: Family | None = None
    """What its name says that it is, where the bytes say otherwise."""

    @property
    def ending(self) -> str:
        """The last part of its name, in small letters; "" when there is none."""
        stem, dot, ending = self.name.rpartition(".")
        return ending.lower() if dot and stem else ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a mail."""

    seen: Seen
    content_type: str
    size: int
    data: bytes | None = field(default=None, repr=False)
    """None where it was too large to be looked into."""
