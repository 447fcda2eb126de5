"""The likeliest charset of bytes that no declared charset explains: chardet's candidates, weighed for mail.

chardet ranks by the letter pairs of languages, and is often undecided over a subject of a few words. What
mail is written in, and what a reading does to its words (letters of two scripts in one word, capitals inside
words, signs among letters), decides between its first ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import pairwise

_LIKELIHOOD = {
    "cp1252": 1.0, "cp1250": 1.0, "cp1251": 1.0, "cp1253": 0.9, "cp1254": 1.0, "cp1255": 1.0, "cp1256": 1.0,
    "cp1257": 0.8, "cp1258": 0.6, "cp874": 0.9, "iso8859-2": 0.995, "iso8859-5": 0.8, "iso8859-6": 0.8,
    "iso8859-7": 0.88, "iso8859-15": 0.6, "iso8859-16": 0.5, "koi8-r": 0.97, "koi8-u": 0.9, "cp932": 1.0,
    "euc_jis_2004": 0.9, "cp949": 1.0, "gb18030": 1.0, "big5hkscs": 1.0, "cp862": 0.7, "cp866": 0.7,
    "cp850": 0.7, "cp437": 0.5, "cp852": 0.5, "mac-roman": 0.6,
}  # fmt: skip
"""How likely a charset is in mail whose charset is unknown, as against the others."""
_HINTED = 2.5
LATIN = frozenset(
    {
        *(
            "cp1252",
            "cp1250",
            "cp1254",
            "cp1257",
            "cp1258",
            "cp850",
            "cp437",
            "cp852",
            "mac-roman",
            "mac_roman",
        ),
        *("mac_latin2", "mac_turkish", "mac_iceland", "mac_romanian", "mac_croatian"),
        *(f"iso8859-{part}" for part in (1, 2, 3, 4, 9, 10, 13, 14, 15, 16)),
    }
)
CENTRAL = frozenset({"cp1250", "iso8859-2", "cp1257", "iso8859-4", "iso8859-13", "iso8859-16", "mac_latin2"})
"""Polish has three accented letters in a row (część), Western languages two."""
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_RUN = re.compile(r"[^\W\d_a-zA-Z]{3,}")
_LONGER_RUN = re.compile(r"[^\W\d_a-zA-Z]{4,}")
"""Accented letters of Latin scripts stand alone between plain ones, or two together."""
_TWO_TOGETHER = re.compile(r"[^\W\d_a-zA-Z]{2}|[\u2e80-\uffff]")
_PLAIN = re.compile("[A-Za-z]")
_MIXED = re.compile(r"[A-Za-z](?=[^\W\d_a-zA-Z])|[^\W\d_a-zA-Z](?=[A-Za-z])")
_WORD = re.compile(r"[^\W\d_]{4,}")
_USUAL_SIGNS = frozenset("\xa0«»„“”‚‘’…–—•№€£§°´·¿¡²³½،؛؟\u200c\u200d\u200e\u200f®©™")
_SIGN_IN_WORD = re.compile(
    r"[^\W\d_][^\w\s\x00-\x7f’‘·\u00ad\u200b-\u200f\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e30-\u0e4e]"
    r"[^\W\d_]|[^\W\d_][‚„]"
)
_C1 = re.compile("[\x80-\x9f]")
_NORTHERN = re.compile("[ðÐþÞÝ]")
_ACCENTED_GREEK = re.compile("[άέήίόύώΐΰϊϋΆΈΉΊΌΎΏ]")
_SAMPLE_BYTES = 3000
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "fa": ("cp1256",), "ar": ("cp1256", "iso8859-6"), "ur": ("cp1256",),
    "he": ("cp1255", "iso8859-8", "cp862"),
    "ru": ("cp1251", "koi8-r", "iso8859-5", "cp866"), "uk": ("cp1251", "koi8-u"), "bg": ("cp1251",),
    "sr": ("cp1251", "cp1250"), "el": ("cp1253", "iso8859-7"), "tr": ("cp1254",), "az": ("cp1254",),
    "pl": ("cp1250", "iso8859-2"), "cs": ("cp1250", "iso8859-2"), "sk": ("cp1250", "iso8859-2"),
    "hu": ("cp1250", "iso8859-2"), "sl": ("cp1250", "iso8859-2"), "hr": ("cp1250", "iso8859-2"),
    "ro": ("cp1250", "iso8859-2"), "ja": ("cp932", "euc_jis_2004"), "ko": ("cp949",),
    "zh": ("gb18030", "big5hkscs"), "th": ("cp874",), "vi": ("cp1258",), "lt": ("cp1257",), "lv": ("cp1257",),
    "et": ("cp1257",),
}  # fmt: skip
_WESTERN_LANGUAGES = frozenset(
    {"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "no", "fi", "is", "ca"}
)


def of_language(language: str) -> tuple[str, ...]:
    """The charsets that mail in a language (ISO 639-1) was written in before Unicode, likeliest first."""
    return ("cp1252",) if language in _WESTERN_LANGUAGES else _SCRIPTS.get(language, ())


def guess(data: bytes, hints: Iterable[str] = ()) -> str:
    """The codec whose reading of the bytes makes the likeliest text; never "". `hints` are likely ones."""
    sample = _sample(data)
    likely = frozenset(_FAMILY.get(hint, hint) for hint in hints)
    best, best_score = "cp1252", 0.0
    # Not at the top: it takes longer to load than a hundred mails to read, and few mails need it.
    chardet = import_module("chardet")
    ranked = chardet.detect_all(
        sample, ignore_threshold=True, include_encodings=list(_LIKELIHOOD), compat_names=False
    )
    for one in ranked:
        name = one["encoding"] or ""
        score = one["confidence"] * _LIKELIHOOD.get(name, 0.0) * (_HINTED if name in likely else 1.0)
        if (
            score > best_score
            and (score := score * _soundness(sample.decode(name, "replace"), name)) > best_score
        ):
            best, best_score = name, score
    return _FULLER.get(best, best)


_FAMILY = {"euc_jp": "euc_jis_2004", "cp950": "big5hkscs", "mac_roman": "mac-roman", "iso8859-9": "cp1254"}
_FULLER = {"euc_jis_2004": "euc_jp", "big5hkscs": "cp950"}


def is_odd(text: str) -> bool:
    """Whether a text in Latin letters has signs inside words, or letters that only Icelandic has."""
    return bool(_SIGN_IN_WORD.search(text) or _NORTHERN.search(text) or _C1.search(text))


def _sample(data: bytes) -> bytes:
    """The lines that are not ASCII, up to a few thousand bytes."""
    if len(data) <= _SAMPLE_BYTES:
        return data
    lines: list[bytes] = []
    room = _SAMPLE_BYTES
    for line in data.splitlines():
        if not line.isascii():
            lines.append(line[:room])
            room -= len(line)
            if room <= 0:
                break
    return b"\n".join(lines)


def _soundness(text: str, name: str) -> float:
    """From 0 to 1: whether words look as words do in the scripts of the charset."""
    foreign = "".join(_FOREIGN.findall(text))
    if not foreign:
        return 1.0
    signs = sum(not letter.isalpha() and letter not in _USUAL_SIGNS for letter in _unmarked(foreign, name))
    bent = sum(a.islower() and b.isupper() for a, b in pairwise(text) if not (a + b).isascii())
    sound = (1 - 0.9 * min(1.0, signs / len(foreign))) * max(0.1, 1 - 2 * bent / len(foreign))
    if name in LATIN:
        run = _LONGER_RUN if name in CENTRAL else _RUN
        sound *= max(0.05, 1 - 1.5 * sum(map(len, run.findall(text))) / len(foreign))
    else:
        sound *= max(0.05, 1 - len(_MIXED.findall(text)) / len(foreign))
        if not _TWO_TOGETHER.search(text) and _PLAIN.search(text):
            sound *= 0.2
    if _C1.search(foreign):
        sound *= 0.1
    if _SIGN_IN_WORD.search(text):
        sound *= 0.3
    also = _ALSO.get(name)
    return sound * also(text) if also else sound


def _unmarked(foreign: str, name: str) -> str:
    """Without the vowel signs that stand between letters in Thai, Hebrew, Arabic and Vietnamese."""
    if name not in ("cp874", "cp1255", "cp1256", "cp1258"):
        return foreign
    return re.sub("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e30-\u0e4e]", "", foreign)


def _accented_as_greek(text: str) -> float:
    """Greek in small letters has an accent in nearly every longer word; what is read as Greek has none."""
    words = [word for word in _WORD.findall(text) if word[0] > "\x7f" and word.islower()]
    return 0.15 + 0.85 * sum(map(bool, map(_ACCENTED_GREEK.search, words))) / len(words) if words else 1.0


def _turkish_rather(text: str) -> float:
    """The letters of Icelandic alone stand where Turkish has its own ones, and far more mail is Turkish."""
    return 0.45 if _NORTHERN.search(text) else 1.0


_ALSO: dict[str, Callable[[str], float]] = {
    "cp1253": _accented_as_greek,
    "iso8859-7": _accented_as_greek,
    "cp1252": _turkish_rather,
    "iso8859-15": _turkish_rather,
}
