"""The tone files of all languages, each made ready when a letter of its language is first looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases.rules.later import Later
from cases.rules.tone import ToneFile
from cases.toning.guide import Guide
from language.words import Words


class Guides:
    """What the files say; cheap to make and to keep until one is asked for.

    Once pickled every guide is made, and packed until somebody asks for it: that takes next to no time, and a
    tenth of the memory that making one leaves behind.
    """

    def __init__(self, files: Iterable[ToneFile] = (), words: Iterable[Words] = ()) -> None:
        self._said = {file.language: file.model_dump_json() for file in files}
        self._words = {one.language: one for one in words}
        self._made: dict[str, Later[Guide]] = {}

    def __getstate__(self) -> dict[str, Any]:
        made = {language: self._guide(language) for language in self._said}
        return {"_said": dict.fromkeys(self._said, ""), "_words": {}, "_made": made}

    @property
    def languages(self) -> frozenset[str]:
        """Those that letters can be checked in."""
        return frozenset(self._said)

    def of(self, language: str) -> Guide | None:
        """How a good letter sounds in a language; None where no file says it."""
        return self._guide(language).value if language in self._said else None

    def _guide(self, language: str) -> Later[Guide]:
        if language not in self._made:
            file = ToneFile.model_validate_json(self._said[language])
            self._made[language] = Later(Guide.of(file, self._words.get(language)))
        return self._made[language]
