"""Bytes → text, whatever charset they claim: aliases, supersets, wrong claims and no claim at all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

_ALIASES = {
    # What is declared → the codec that also reads what is really sent under that name.
    "us-ascii": "ascii", "ascii": "ascii", "ansi-x3.4-1968": "ascii", "646": "ascii", "utf8": "utf-8",
    "utf-8": "utf-8", "utf8mb4": "utf-8", "utf-8-sig": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252", "l1": "cp1252", "ansi": "cp1252",
    "cp-1252": "cp1252", "x-ansi": "cp1252", "iso-8859-9": "cp1254", "iso-8859-8": "iso8859-8",
    "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "logical": "iso8859-8", "visual": "iso8859-8",
    "dos-862": "cp862", "iso-8859-6-i": "iso8859-6", "iso-8859-6-e": "iso8859-6", "asmo-708": "iso8859-6",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb-2312-80": "gb18030",
    "x-gb2312": "gb18030", "euc-cn": "gb18030", "cp936": "gb18030", "hz-gb-2312": "hz", "big5": "cp950",
    "x-big5": "cp950", "big5-hkscs": "big5hkscs", "x-x-big5": "cp950", "shift-jis": "cp932",
    "shiftjis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms932": "cp932",
    "ms-kanji": "cp932", "cp943": "cp932", "ibm-943": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "cp50222": "iso2022_jp_ext", "x-euc-jp": "euc_jp", "eucjp": "euc_jp", "euc-kr": "cp949",
    "ks-c-5601-1987": "cp949", "ksc5601": "cp949", "ks-c-5601": "cp949", "x-windows-949": "cp949",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "koi8": "koi8-r", "x-mac-hebrew": "cp1255", "x-mac-arabic": "mac_arabic", "tis-620": "cp874",
    "iso-8859-11": "cp874",
}  # fmt: skip
_HEBREW = re.compile("[א-ת]")
_ARABIC = re.compile("[ء-يپچژگکیھ\u200c]")
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_CYRILLIC_SMALL = re.compile("[а-яёіїєґў]")
_LATIN = re.compile("[A-Za-z]")
_KANA = re.compile("[ぁ-ヿ]")
_HANGUL = re.compile("[가-힣]")
_FOREIGN_WORD = re.compile(rb"[\x80-\xff]{3}")
"""Accented letters of Western Europe stand alone between plain ones."""
_HAN_LEVEL_1 = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_SCRIPT_OF_CODEC = {
    "cp1255": _HEBREW, "iso8859-8": _HEBREW, "cp862": _HEBREW,
    "cp1256": _ARABIC, "iso8859-6": _ARABIC,
    "cp1251": _CYRILLIC, "koi8-r": _CYRILLIC, "koi8-u": _CYRILLIC, "iso8859-5": _CYRILLIC,
}  # fmt: skip
_WESTERN = frozenset(
    {"ascii", "cp1252", "iso8859-15", "cp1250", "cp1254", "iso8859-2", "mac_roman", "cp850", "cp437"}
)
_STATEFUL = frozenset({"utf-7", "hz", "iso2022_jp_ext", "iso2022_kr", "iso2022_jp_2"})
_NO_CHARSETS = frozenset(
    {
        "idna",
        "punycode",
        "undefined",
        "unicode-escape",
        "unicode_escape",
        "raw-unicode-escape",
        "raw_unicode_escape",
    }
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _hebrew_direction_names(name: str) -> codecs.CodecInfo | None:
    """Makes ISO-8859-8-I and -E known to Python, and so to mail-parser."""
    return codecs.lookup("iso8859-8") if name in ("iso_8859_8_i", "iso_8859_8_e") else None


codecs.register(_hebrew_direction_names)


def codec(charset: str) -> str:
    """The Python codec for a declared charset; "" when there is no such charset."""
    name = charset.strip(" \"'\t").lower().replace("_", "-")
    name = name.split("*", 1)[0].removeprefix("charset=")
    if name in _ALIASES:
        return _ALIASES[name]
    for tried in (name, name.removeprefix("x-"), name.replace("cp-", "cp"), name.replace("windows-", "cp")):
        try:
            found = codecs.lookup(tried)
        except (LookupError, ValueError):
            continue
        if found._is_text_encoding and found.name not in _NO_CHARSETS:
            return found.name
    return ""


def decode(data: bytes, declared: str = "", hints: Iterable[str] = ()) -> tuple[str, str]:
    """The text, and what had to be guessed ("" when the declared charset held). Never raises.

    `hints` are charsets that other parts of the same mail declare.
    """
    name = codec(declared) if declared else ""
    if data.isascii() and name not in _STATEFUL:
        return _ascii(data, name)
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace"), ""
    text = _strictly(data, name) if name else None
    if text is not None and (name == "utf-8" or _fits(text, data, name)):
        return text, ""
    guessed, as_what = _guess(data, name, [codec(hint) for hint in hints if hint])
    return guessed, f"the charset {declared or '(none)'} did not fit, read as {as_what}" if declared else ""


def _ascii(data: bytes, name: str) -> tuple[str, str]:
    if b"\x1b$" in data:
        text = _strictly(data, "iso2022_jp_ext") or _strictly(data, "iso2022_kr")
        if text is not None:
            return text, ""
    if name.startswith(("utf-16", "utf-32")) and b"\x00" in data:
        return data.decode(name, "replace"), ""
    return data.decode("ascii"), ""


def _strictly(data: bytes, name: str) -> str | None:
    """The text when every byte fits and the result is real Unicode."""
    try:
        text = data.decode(name)
        text.encode("utf-8")
    except (LookupError, UnicodeError, ValueError):
        return None
    return text


def _fits(text: str, data: bytes, name: str) -> bool:
    """Whether a text that decoded without an error is likely what was written."""
    if name in _STATEFUL or name.startswith(("utf-16", "utf-32")):
        return True
    if _strictly(data, "utf-8") is not None:
        return False
    foreign = [letter for letter in text if letter > "\x7f"]
    if name in _WESTERN:
        return len(foreign) <= 0.8 * len(_LATIN.findall(text))
    script = _SCRIPT_OF_CODEC.get(name)
    letters = [letter for letter in foreign if letter.isalpha()]
    return script is None or not letters or len(script.findall(text)) >= 0.5 * len(letters)


def _guess(data: bytes, declared: str, hints: list[str]) -> tuple[str, str]:
    """The likeliest reading and its charset: UTF-8, one named elsewhere, else what the bytes look like."""
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\ufffd") * 10 <= sum(letter > "\x7f" for letter in damaged):
        return damaged, "utf-8 with damage"
    for name in hints:
        text = _strictly(data, name) if name and name not in ("ascii", "utf-8") else None
        accented = name in _WESTERN and not _FOREIGN_WORD.search(data)
        if text is not None and (accented or _fits(text, data, name)):
            return text, name
    name = _looks_like(data)
    if declared and name == "cp1252" and declared not in ("ascii", "utf-8"):
        name = declared
    return data.decode(name, "replace"), name


def _looks_like(data: bytes) -> str:
    """The charset whose letters the bytes are, by share; Western Europe when none stands out."""
    data = data[:20_000]
    if not _FOREIGN_WORD.search(data):
        return "cp1252"
    scores = {name: score(data) for name, score in _SCORES.items()}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= 0.7 else "cp1252"


def _share(data: bytes, name: str, letters: re.Pattern[str]) -> float:
    """How many of the characters beyond ASCII are letters of the script."""
    text = data.decode(name, "replace")
    beyond = [letter for letter in text if letter > "\x7f" and letter not in "\xa0«»،؛؟–—…’“”\u200e\u200f"]
    if not beyond:
        return 0.0
    return len(letters.findall("".join(beyond))) / len(beyond)


def _small_cyrillic(data: bytes, name: str) -> float:
    """Cyrillic is mostly small letters: that tells its charsets from each other."""
    return 0.4 * _share(data, name, _CYRILLIC_SMALL) + 0.6 * _share(data, name, _CYRILLIC)


def _double_byte(data: bytes, name: str, letters: re.Pattern[str]) -> float:
    """As `_share`, for charsets where a wrong byte shows at once."""
    text = _strictly(data, name)
    return 0.0 if text is None else _share(data, name, letters)


def _simplified_chinese(data: bytes) -> float:
    if _strictly(data, "gb18030") is None:
        return 0.0
    beyond = sum(byte > 0x7F for byte in data)
    return 1.9 * len(_HAN_LEVEL_1.findall(data)) / max(1, beyond)


_SCORES = {
    "cp1255": lambda data: _share(data, "cp1255", _HEBREW),
    "cp1256": lambda data: _share(data, "cp1256", _ARABIC),
    "cp1251": lambda data: _small_cyrillic(data, "cp1251"),
    "koi8-r": lambda data: _small_cyrillic(data, "koi8-r"),
    "cp932": lambda data: 1.5 * _double_byte(data, "cp932", _KANA),
    "euc_jp": lambda data: 1.5 * _double_byte(data, "euc_jp", _KANA),
    "cp949": lambda data: _double_byte(data, "cp949", _HANGUL),
    "gb18030": _simplified_chinese,
}
