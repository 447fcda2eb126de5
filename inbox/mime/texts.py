"""Texts of one mail beside each other: which of them says it, and which says it again."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.html import to_own_text, to_text
from inbox.mime.stubs import is_stub

_FULLER = 3
_STUB = 200
_SAME = 40


@dataclass(slots=True)
class Text:
    """The text of one part."""

    text: str
    html: str = ""
    """The HTML it was made from."""
    plain: bool = False
    """It came as text/plain."""

    def shown(self) -> str:
        """The text, made from the HTML when it is asked for."""
        if self.html and not self.text:
            self.text = to_text(self.html)
        return self.text

    def own(self) -> str:
        """The text without what its HTML marks as quoted."""
        return to_own_text(self.html) if self.html else self.text


def says_little(plain: list[list[Text]], rich: list[Text]) -> bool:
    """Whether the plain text is a stub beside the HTML ("your program can't show HTML")."""
    said = "\n".join(text.text.strip() for texts in plain for text in texts)
    length = len(said)
    if is_stub(said):
        shown = "".join(text.shown() for text in rich)
        if length > _STUB or not shown.strip():
            return len(shown) > length
        return _squeezed(said)[:_SAME] not in _squeezed(shown) or len(shown) > length
    if length > 200 or sum(len(text.html) for text in rich) < _FULLER * length + 200:
        return False
    return sum(len(text.shown()) for text in rich) > _FULLER * length + 100


def _squeezed(text: str) -> str:
    return "".join(text.split())


def without_twins(texts: list[Text]) -> list[Text]:
    """The texts without HTML that says the same as a plain one: some programs mix the alternatives."""
    if len(texts) < 2 or not any(text.html for text in texts) or all(text.html for text in texts):
        return texts
    said = {"".join(text.text.split()) for text in texts if not text.html}
    return [text for text in texts if not text.html or "".join(text.shown().split()) not in said]


def join(texts: list[str]) -> str:
    """The texts below each other."""
    return "\n".join(text.strip("\n") for text in texts if text.strip())
