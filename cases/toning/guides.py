"""The tone files of all languages, each made ready when a letter of its language is first looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cases.rules.tone import ToneFile
from cases.toning.guide import Guide
from language.words import Words


class Guides:
    """What the files say; cheap to make and to keep until one is asked for."""

    def __init__(self, files: Iterable[ToneFile] = (), words: Iterable[Words] = ()) -> None:
        self._said = {file.language: file.model_dump_json() for file in files}
        self._words = {one.language: one for one in words}
        self._ready: dict[str, Guide] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_ready": {}}

    @property
    def languages(self) -> frozenset[str]:
        """Those that letters can be checked in."""
        return frozenset(self._said)

    def of(self, language: str) -> Guide | None:
        """How a good letter sounds in a language; None where no file says it."""
        if language not in self._ready and language in self._said:
            file = ToneFile.model_validate_json(self._said[language])
            self._ready[language] = Guide.of(file, self._words.get(language))
        return self._ready.get(language)
