"""OpenPGP in the text itself (RFC 9580, sections 6 and 7): the readable part of what is signed."""

from __future__ import annotations

from enum import Enum

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END_SIGNATURE = "-----END PGP SIGNATURE-----"
_MESSAGE = "-----BEGIN PGP MESSAGE"


class _In(Enum):
    TEXT = 1
    HEADERS = 2
    SIGNED = 3
    SIGNATURE = 4


def readable(text: str) -> str:
    """The text without the armour around what is clear-signed and the dashes that escape its lines."""
    if _SIGNED not in text:
        return text
    kept: list[str] = []
    place = _In.TEXT
    for line in text.split("\n"):
        bare = line.rstrip()
        if bare == _SIGNED:
            place = _In.HEADERS
        elif place is _In.HEADERS:
            place = _In.HEADERS if bare else _In.SIGNED
        elif place is _In.SIGNED and bare == _SIGNATURE:
            place = _In.SIGNATURE
        elif place is _In.SIGNATURE:
            place = _In.TEXT if bare == _END_SIGNATURE else _In.SIGNATURE
        else:
            kept.append(line.removeprefix("- ") if place is _In.SIGNED else line)
    return "\n".join(kept)


def is_encrypted(text: str) -> bool:
    """Whether an encrypted block stands in the text."""
    return _MESSAGE in text and any(line.startswith(_MESSAGE) for line in text.split("\n"))
