"""Load, check and render the letters: templates/<language>/<letter>.md, one file a letter and language.

A file is YAML front matter with the subject, then the body in the light markup of outbox/markup.py. It is
rendered once, for text and HTML alike; templates/layout.html is the frame of every HTML letter, and
templates/<language>/labels.yaml has the words for kinds, severities and the like.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cases.naming import Names
from language.direction import subject_line
from language.problem import Problem
from outbox import kinds, markup, sentences, variables
from outbox.codes import Kept, Language, kept, packed, unpacked
from outbox.loading import load
from outbox.marked import Labels
from outbox.naming import with_names
from outbox.page import page
from outbox.places import ANSWERS, LAST_RESORT

Chain = Mapping[str, Sequence[str]]
"""By language, those that stand in for it where it lacks a letter; `default` for all others."""
NO_CHAIN: Chain = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter with its values filled in."""

    subject: str
    """One line without control characters, whose isolates are all closed; "" for the draft of an answer."""
    text: str
    html: str
    """"" for the first draft of an answer."""
    language: str
    """The language that was used, which may be a stand-in."""


class Letters:
    """Every letter in every language, compiled and tried; nothing in it changes."""

    names = Names()
    """What they call commands, values and causes."""
    chain = NO_CHAIN
    """Which languages stand in for one that a letter does not exist in."""

    def __init__(self, languages: Mapping[str, Kept], zone: tzinfo) -> None:
        self._kept = languages
        self._languages = {language: Language(one, language, zone) for language, one in languages.items()}

    @classmethod
    def load(
        cls, folder: Path, zone: tzinfo = UTC, facts: Collection[str] | None = None
    ) -> tuple[Letters | None, list[Problem]]:
        """Read a folder of templates; dates are written in the zone. None when there is any problem.

        `facts` are the names of the facts that are looked for in mails; where they are given, a letter can
        name no other.
        """
        codes, problems = load(folder, zone, facts)
        if problems:
            return None, problems
        return cls({language: kept(one) for language, one in codes.items()}, zone), []

    @classmethod
    def again(cls, data: bytes, zone: tzinfo) -> Letters:
        """The letters that `kept` was called on, without a check; the caller answers for the bytes."""
        return cls(unpacked(data), zone)

    def calling(self, names: Names) -> Letters:
        """The same letters, with the names that the rule files give."""
        made = copy(self)
        made.names = names
        return made

    def standing_in(self, chain: Chain) -> Letters:
        """The same letters, with the languages that stand in for others by the rule files."""
        made = copy(self)
        made.chain = chain
        return made

    def kept(self) -> bytes:
        """All that was made of the files, for `again` in the same version of everything."""
        return packed(self._kept)

    def languages(self) -> tuple[str, ...]:
        """The languages that have letters of their own."""
        return tuple(sorted(language for language, one in self._languages.items() if one.names))

    def every(self) -> tuple[str, ...]:
        """The letters that there are in any language."""
        return tuple(sorted({letter for one in self._languages.values() for letter in one.names}))

    def labels(self, language: str) -> Labels:
        """The words of a language that has letters of its own."""
        return self._languages[language].labels

    def has(self, letter: str, language: str) -> bool:
        """Whether the letter exists in this very language."""
        return language in self._languages and letter in self._languages[language].names

    def language_of(self, letter: str, language: str) -> str:
        """The language that the letter comes in where this one is asked for; ValueError for no letter."""
        return self._choose(letter, language)[1]

    def parts(self, letter: str, language: str) -> tuple[str, ...] | None:
        """The parts (outbox/kinds.py) that the letter is said to have; None where its file does not say."""
        name, used = self._choose(letter, language)
        return self._languages[used].parts(name)

    def kind_of(self, letter: str) -> str:
        """The kind of a letter (outbox/kinds.py)."""
        return kinds.kind_of(letter)

    def render(self, letter: str, language: str, values: Mapping[str, Any], *, html: bool = True) -> Rendered:
        """Fill a letter in, in the language or the first of its stand-ins that has it.

        An answer that no language has is the default answer. Raises ValueError for a letter that does not
        exist and for a set of values that is not the letter's (outbox/variables.py). Who needs only the text
        spares the HTML.
        """
        given = with_names(variables.complete(letter, values), self.names)
        name, used = self._choose(letter, language)
        templates = self._languages[used]
        above, body = templates.letter(name)
        blocks = markup.blocks(body.render(given))
        text = markup.as_text(blocks)
        if name.startswith(ANSWERS):
            return Rendered("", text, "", used)
        subject = subject_line(above.render(given))
        shown = page(templates.layout, blocks, used, subject) if html else ""
        return Rendered(subject, text, shown, used)

    def blocks(self, letter: str, language: str, values: Mapping[str, Any]) -> list[markup.Block]:
        """What the letter consists of, filled in: for what has a form of its own, as the card has."""
        given = with_names(variables.complete(letter, values), self.names)
        name, used = self._choose(letter, language)
        return markup.blocks(self._languages[used].letter(name)[1].render(given))

    def sentence(self, code: str, language: str, values: Mapping[str, Any]) -> str:
        """A sentence of outbox/sentences.py in the language or its stand-in; ValueError when none has it."""
        for used in stand_ins(language, self.chain):
            if (known := self._languages.get(used)) and (template := known.sentences.get(code)):
                return sentences.say(template, values, self.names)
        raise ValueError(f"there is no sentence {code!r}")

    def _choose(self, letter: str, language: str) -> tuple[str, str]:
        used = next((one for one in stand_ins(language, self.chain) if self.has(letter, one)), None)
        if used is not None:
            return letter, used
        if letter.startswith(ANSWERS) and letter != variables.DEFAULT_ANSWER:
            return self._choose(variables.DEFAULT_ANSWER, language)
        raise ValueError(f"there is no letter {letter!r}")


def stand_ins(language: str, chain: Chain = NO_CHAIN) -> tuple[str, ...]:
    """The language, the one without its region, those that stand in for either by the chain, then English."""
    code = language.lower().replace("_", "-")
    own = (code, code.split("-", 1)[0])
    others = next((chain[one] for one in (*own, "default") if one in chain), ())
    return tuple(dict.fromkeys((*own, *others, LAST_RESORT)))
