"""Which language a text is written in: its script first, then its commonest words.

Languages that language/common_words.py does not have are known by `common` and `letters` of their words file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from language.common_words import COMMON, LETTERS, ONE_LANGUAGE, SCRIPTS, SPELT
from language.normalise import normalise
from language.words import Words
from language.worked_out import WorkedOut

_ENOUGH = 1500
"""Characters that are looked at; more tells nothing new."""
_NOISE = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ONLY_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha() and code != ord("'")}
_AROUND = ".,;:!?()\"'।॥"
_LETTER_WEIGHT = 0.5
"""What a letter says that a words file names as its language's own."""
_ASCII = re.compile(r"[\s!-~]+")


class _Known:
    """The languages that can be told apart: those that need no file, and those of some words files."""

    def __init__(self, words: Sequence[Words] = ()) -> None:
        self.scripts, self.alone = dict(SCRIPTS), dict(ONE_LANGUAGE)
        self.letters = {script: dict(languages) for script, languages in LETTERS.items()}
        common = {script: dict(languages) for script, languages in COMMON.items()}
        for one in words:
            said = " ".join(one.common)
            signs = _ASCII.sub("", f"{said}{one.letters}")
            script = self.script_of(f"{said} {one.letters}")
            if not script and not signs:
                continue  # nothing that a mail could be known by
            script = script or self._own_script(one.language, signs)
            in_script = common.setdefault(script, {})
            in_script[one.language] = f"{in_script.get(one.language, '')} {said}"
            if one.letters:
                self.letters.setdefault(script, {})[one.language] = (one.letters.lower(), _LETTER_WEIGHT)
        self.stopwords = {script: _shares(languages) for script, languages in common.items()}

    def _own_script(self, language: str, signs: str) -> str:
        """A script that nothing is known of: the signs of the language's words."""
        self.scripts[language] = re.compile(f"[{re.escape(''.join(sorted(set(signs))))}]+")
        self.alone[language] = language
        return language

    def script_of(self, text: str) -> str:
        """The script of most letters; Latin gives way, for it is in every signature and product name."""
        letters = dict.fromkeys(self.scripts, 0)
        for script, found in self.scripts.items():
            letters[script] = len("".join(found.findall(text)))
            if letters[script] * 2 > len(text) and script != "han":
                return script
        letters["latin"] = letters["latin"] // 3
        if letters["kana"] * 4 >= letters["han"] > 0:
            letters["kana"] += letters["han"]
        best = max(letters, key=letters.__getitem__)
        return best if letters[best] >= (1 if best == "latin" else 2) else ""

    def language_of(self, text: str, script: str) -> str:
        """The language of a script that several share; "" when two fit equally or none fits."""
        scores: dict[str, float] = defaultdict(float)
        lowered = text.lower()
        plain = lowered if text.isascii() else normalise(text)
        # Such a script may write vowels as marks, which are no letters to a regular expression.
        words = [one.strip(_AROUND) for one in plain.split()] if script in self.alone else _words_in(plain)
        stopwords = self.stopwords.get(script, {})
        for owners in filter(None, map(stopwords.get, words)):
            for owner, share in owners:
                scores[owner] += share
        if not lowered.isascii():
            for code, (letters, weight) in self.letters.get(script, {}).items():
                scores[code] += weight * sum(map(lowered.count, letters))
        if script == "cyrillic":
            # What no letter and no word of its neighbours marks is the commonest.
            scores["ru"] += 0.3
        if script == "arabic":
            scores["ar"] += 0.5 * sum(len(word) > 4 for word in words if word.startswith("ال"))
            scores["fa"] += 0.25 * (text.count("ی") + text.count("ک"))
        if scores["da"] == scores["no"] > 0:
            for code, parts in SPELT.items():
                scores[code] += 0.1 * sum(map(lowered.count, parts))
        ranked = sorted(scores.items(), key=lambda scored: -scored[1])
        (best, most), (_, second) = (*ranked[:2], ("", 0.0), ("", 0.0))[:2]
        return best if most >= 0.5 and most > second else ""


def _words_in(text: str) -> list[str]:
    """The words of a text. Plain English is cut at its spaces, in a third of the time."""
    if not text.isascii():
        return _WORD.findall(text)
    words = text.translate(_ONLY_LETTERS).split()
    if "'" not in text:
        return words
    return [word for one in words for word in (_WORD.findall(one) if "'" in one else (one,))]


def _shares(languages: Mapping[str, str]) -> dict[str, tuple[tuple[str, float], ...]]:
    """Each word of some languages, with those that have it and each one's share."""
    owners: dict[str, list[str]] = {}
    for code, words in languages.items():
        for word in dict.fromkeys(normalise(words).split()):
            owners.setdefault(word, []).append(code)
    return {word: tuple((one, 1 / len(codes)) for one in codes) for word, codes in owners.items()}


_knowing = WorkedOut(_Known).of
"""The languages that can be told apart with these words."""


def detect(text: str, words: Sequence[Words] = ()) -> str:
    """The ISO 639-1 code of the language (639-3 where there is none), or "" when the text says too little.

    `words` are those of the words files, for the languages that need them.
    """
    text = text[:_ENOUGH]
    if "@" in text or "http" in text or "www." in text:
        text = _NOISE.sub(" ", text)
    known = _knowing(words)
    script = "latin" if text.isascii() else known.script_of(text)
    if script in known.alone:
        alone = known.alone[script]
        return known.language_of(text, script) or alone if script in known.stopwords else alone
    return known.language_of(text, script) if script else ""


_HEBREW = re.compile(r"[\u05d0-\u05ea]")
_ARABIC = re.compile(r"[\u0620-\u064a\u0671-\u06d3]")
_PERSIAN = re.compile(r"[\u067e\u0686\u0698\u06af\u06a9\u06cc]")
"""Letters and forms that Persian keyboards write and Arabic ones don't: پ چ ژ گ ک ی."""


def likely(text: str, otherwise: str = "en") -> str:
    """The likeliest of Hebrew, Persian and Arabic by script alone, for a text of a word or two; the other
    one where it has none of their letters."""
    counts = {script: len(script.findall(text)) for script in (_HEBREW, _ARABIC)}
    if not any(counts.values()):
        return otherwise
    if counts[_HEBREW] >= counts[_ARABIC]:
        return "he"
    return "fa" if _PERSIAN.search(text) else "ar"
