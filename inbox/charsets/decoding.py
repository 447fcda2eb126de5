"""Bytes → text, whatever charset they claim: wrong claims, claims of a smaller set, and no claim at all.

A declared charset is believed when every byte fits it and the words look like words in its script; UTF-8 that
is valid is believed against any claim. Else what the mail names elsewhere is tried, then what is likeliest.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from inbox.charsets import hebrew as hebrew_order
from inbox.charsets import shifting as shift_charsets
from inbox.charsets.guess import CENTRAL, LATIN, guess, is_odd
from inbox.charsets.names import codec

__all__ = ["codec", "decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEVEN_BIT = frozenset({"utf-7", "hz", *shift_charsets.ISO_2022})
_WIDE = ("utf-16", "utf-32")
_DOUBLE_BYTE = frozenset({"cp932", "euc_jp", "gb18030", "cp950", "big5hkscs", "cp949", "johab"})
_LARGER = {
    # What is tried after a charset in which not every byte fits.
    "cp950": ("big5hkscs",), "big5hkscs": ("cp950",), "cp932": ("shift_jis_2004",), "cp949": ("johab",),
    "iso8859-8": ("cp1255",), "iso8859-6": ("cp1256",), "iso8859-7": ("cp1253",), "cp1253": ("iso8859-7",),
    "cp874": ("iso8859-11",), "koi8-r": ("koi8-u",),
}  # fmt: skip
_WITH_SIGNS = {
    # Where the standard has control characters, Windows has quotes, dashes and a few letters.
    "iso8859-2": "cp1250", "iso8859-4": "cp1257", "iso8859-5": "cp1251", "iso8859-6": "cp1256",
    "iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-10": "cp1252", "iso8859-13": "cp1257",
    "iso8859-15": "cp1252", "iso8859-16": "cp1250",
}  # fmt: skip
_SCRIPT = {
    **dict.fromkeys(("cp1255", "iso8859-8", "cp862"), re.compile("[א-ת]+")),
    **dict.fromkeys(("cp1256", "iso8859-6", "cp720", "mac_arabic", "mac_farsi"), re.compile("[ء-يپچژگکیھ]+")),
    **dict.fromkeys(
        ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac_cyrillic", "cp855"), re.compile("[Ѐ-ӿ]+")
    ),
    **dict.fromkeys(("cp1253", "iso8859-7", "mac_greek", "cp869", "cp737"), re.compile("[Ͱ-Ͽἀ-῾]+")),
}
_BENT = re.compile("[а-яё][А-ЯЁ]")
"""A capital after a small letter: one Cyrillic charset read as another turns the letters' case."""
_C1 = re.compile("[\x80-\x9f]")
_TOGETHER = re.compile(r"[^\W\d_\x00-\xbf]{3,}")
_MORE_TOGETHER = re.compile(r"[^\W\d_\x00-\xbf]{4,}")
_HIGH_PAIR = re.compile(r"[^\x00-\x7f]{2}")
_AMONG_PLAIN = re.compile("[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][a-z]")
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]+")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CUT_SEQUENCE = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_STRAY = "stray"
_LOOKED_AT = 4_000
_LINES_APART = 2_000


def decode(data: bytes, declared: str = "", hints: Iterable[str] = ()) -> tuple[str, str]:
    """The text, and what had to be guessed ("" when the declared charset held). Never raises.

    `hints` are charsets that are likely, best first: those that other parts of the same mail declare.
    """
    name = codec(declared) if declared else ""
    if data.isascii() and name not in _SEVEN_BIT:
        return _ascii(data, name)
    for mark, marked in _MARKS:
        if data.startswith(mark) and (mark != codecs.BOM_UTF16_LE or len(data) > 2):
            return data[len(mark) :].decode(marked, "replace"), ""
    text = _as_declared(data, name) if name else None
    if text is not None:
        surely = "visual" in declared.lower()
        return (hebrew_order.logical(text, surely_visual=surely) if name in _HEBREW_DOS else text), ""
    text, as_what = _guessed(data, name, [codec(hint) for hint in hints if hint])
    return text, f"the charset {declared[:80] or '(none)'} did not fit, read as {as_what}" if declared else ""


_HEBREW_DOS = frozenset({"iso8859-8", "cp862"})


def _ascii(data: bytes, name: str) -> tuple[str, str]:
    """Bytes below 128: plain text, unless an escape or NUL bytes tell otherwise."""
    if b"\x1b" in data and (b"\x1b$" in data or b"\x1b(I" in data):
        return shift_charsets.decoded(data, "iso2022_kr" if b"\x1b$)C" in data else "iso2022_jp_ext"), ""
    if b"\x00" in data and (name.startswith(_WIDE) or data.count(0) * 5 > len(data) * 2):
        return _wide(data, name), ""
    if name == "gb18030" and b"~{" in data and b"~}" in data:
        return shift_charsets.decoded(data, "hz"), ""
    return data.decode("ascii"), ""


def _wide(data: bytes, name: str) -> str:
    """UTF-16 or UTF-32. Without a mark, the half of each pair that varies less is the high one."""
    if name.startswith("utf-32"):
        order = (
            "utf-32-be" if name.endswith("be") or (name == "utf-32" and data[:1] == b"\x00") else "utf-32-le"
        )
        return data.decode(order, "replace")
    sample = data[:_LOOKED_AT]
    little = len(set(sample[1::2])) <= len(set(sample[::2]))
    if not little and name == "utf-16-le" and len(sample) < 40:
        little = True
    return data.decode("utf-16-le" if little else "utf-16-be", "replace")


def _strictly(data: bytes, name: str) -> str | None:
    """The text when every byte fits and the result is real Unicode."""
    try:
        text = data.decode(name)
        if name != "utf-8":
            text.encode("utf-8")
    except (LookupError, UnicodeError, ValueError):
        return None
    return text


def _as_declared(data: bytes, name: str) -> str | None:
    """The text in the declared charset, or in the larger one sent under its name; None if neither fits."""
    if name in ("utf-8", "utf-7"):
        return _strictly(data, name)
    if name in shift_charsets.ISO_2022 or name == "hz":
        escaped = data.isascii() or b"\x1b" in data or b"~{" in data
        return shift_charsets.decoded(data, name) if escaped else None
    utf_8 = _strictly(data, "utf-8")
    in_pairs = name in _DOUBLE_BYTE or name.startswith(_WIDE)
    if utf_8 is not None and (not in_pairs or _sequences(data) > 2 or _AMONG_PLAIN.search(utf_8)):
        return None
    if name.startswith(_WIDE):
        return _as_wide(data, name)
    for tried in (name, *_LARGER.get(name, ())):
        text = shift_charsets.euc_jp(data) if tried == "euc_jp" else _strictly(data, tried)
        if text is not None and "\ufffd" not in text and _fits(text, tried):
            return _nearer(data, text, tried)
    return None


def _nearer(data: bytes, text: str, name: str) -> str:
    """The text, or what Windows has in place of controls, or a relative that puts no signs inside words."""
    twin = _WITH_SIGNS.get(name)
    if twin and _C1.search(text):
        return _strictly(data, twin) or text
    if name in LATIN and is_odd(text[:_LOOKED_AT]):
        # Turkish or Polish sent as Latin 1.
        return data.decode(guess(data, [name]), "replace")
    return text


def _as_wide(data: bytes, name: str) -> str | None:
    """UTF-16 or UTF-32 as declared; without any NUL byte only what is East Asian through and through."""
    text = _wide(data, name)
    return text if b"\x00" in data or (len(data) % 2 == 0 and _EAST_ASIAN.fullmatch(text)) else None


def _sequences(data: bytes) -> int:
    """How many characters of UTF-8 the start of the bytes holds."""
    return len(_SEQUENCE.findall(data[:_LOOKED_AT]))


def _fits(text: str, name: str) -> bool:
    """Whether a text that decoded without an error is likely what was written."""
    if text.isascii():
        return True
    first = _BEYOND_ASCII.search(text)
    begin = max(0, first.start() - 1) if first else 0
    text = text[begin : begin + _LOOKED_AT]
    foreign = "".join(_BEYOND_ASCII.findall(text))
    if name in LATIN:
        # Letters with accents stand among plain ones; a row of them is another script's word.
        together = _MORE_TOGETHER if name in CENTRAL else _TOGETHER
        return sum(map(len, together.findall(text))) <= 0.3 * len(foreign)
    script = _SCRIPT.get(name)
    return script is None or _is_in_script(text, foreign, script)


def _is_in_script(text: str, foreign: str, script: re.Pattern[str]) -> bool:
    """Whether the letters beyond ASCII are a script's and stand as letters do."""
    written, bent = len("".join(script.findall(text))), len(_BENT.findall(text))
    paired = _HIGH_PAIR.search(text) is not None
    if paired and not bent and written >= 0.5 * len(foreign):
        return True
    letters = list(filter(str.isalpha, foreign))
    if letters and written < 0.5 * len(letters):
        return False
    if len(letters) > 1 and not paired:
        return False
    capitals = sum(map(str.isupper, letters)) if bent else 0
    return bent * (40 if capitals > 0.7 * len(letters) else 5) <= len(letters)


def _guessed(data: bytes, declared: str, hints: list[str]) -> tuple[str, str]:
    """The likeliest reading and its charset: UTF-8, one named elsewhere, else what the bytes look like."""
    for read in (_as_utf_8, _as_shifted, _as_bare_wide):
        if found := read(data, declared):
            return found
    for name in hints:
        if name not in ("", "ascii", "utf-8", *_SEVEN_BIT) and not name.startswith(_WIDE):
            text = _as_declared(data, name)
            if text is not None and (name not in LATIN or declared in ("", "ascii", "utf-8")):
                return text, name
    rest = _without_utf_8(data)
    if rest is not data and declared and _as_declared(rest, declared) is not None:
        return _by_lines(data, declared), f"{declared} and utf-8"
    name = guess(rest, [hint for hint in hints if hint != declared])
    if name == "cp1252" and declared not in ("", "ascii", "utf-8") and declared not in LATIN | _SEVEN_BIT:
        text = data.decode(declared, "replace")
        if text.count("\ufffd") * 20 <= len(text):
            return text, f"{declared} with damage"
    return _by_lines(data, name), name


def _as_utf_8(data: bytes, declared: str) -> tuple[str, str] | None:
    """UTF-8: whole, with surrogates (CESU-8), cut at the end, or with a few bytes that don't belong."""
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    whole = _sequences(data)
    if whole < (1 if declared == "utf-8" else 2):
        return None
    if b"\xed" in data and (joined := _surrogates_joined(data)) is not None:
        return joined, "cesu-8"
    cut = _CUT_SEQUENCE.search(data[-3:])
    if cut and _strictly(data[: len(data) - len(cut[0])], "utf-8") is not None:
        return data[: len(data) - len(cut[0])].decode("utf-8"), "utf-8 with a cut end"
    bad = data[:_LOOKED_AT].decode("utf-8", _STRAY).count("\ufffd")
    if whole > 3 * bad or (declared == "utf-8" and whole > 2 * bad):
        return _by_lines(data, "utf-8"), "utf-8 with damage"
    return None


def _surrogates_joined(data: bytes) -> str | None:
    """CESU-8 and its like: characters beyond the basic plane written as two surrogates of three bytes."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeError:
        return None
    joined = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return joined if not any("\ud800" <= letter <= "\udfff" for letter in joined) else None


def _as_shifted(data: bytes, declared: str) -> tuple[str, str] | None:
    """ISO 2022, where a few bytes beyond ASCII stand beside its escapes."""
    if b"\x1b$" not in data:
        return None
    name = declared if declared in shift_charsets.ISO_2022 else "iso2022_jp_ext"
    return shift_charsets.decoded(data, name), name


def _as_bare_wide(data: bytes, declared: str) -> tuple[str, str] | None:
    """UTF-16 that nothing declares: its spaces and line ends bring NUL bytes, which no other text has."""
    if data.count(0) * 10 < len(data) or len(data) < 4:
        return None
    text = _wide(data, "utf-16")
    return (text, "utf-16") if text.count("\ufffd") * 10 < len(text) and "\x00" not in text else None


def _without_utf_8(data: bytes) -> bytes:
    """The lines that are no UTF-8, where others surely are."""
    if b"\n" not in data or _sequences(data) < 3 or data.count(b"\n") > _LINES_APART:
        return data
    rest = b"".join(line for line in data.splitlines(keepends=True) if _strictly(line, "utf-8") is None)
    return rest or data


def _by_lines(data: bytes, name: str) -> str:
    """The text in one charset, but for lines that are surely in another: a gateway's footer, a quote."""
    if b"\n" not in data or name in _DOUBLE_BYTE or data.count(b"\n") > _LINES_APART:
        return data.decode(name, _STRAY if name == "utf-8" else "replace")
    lines = data.splitlines(keepends=True)
    if name == "utf-8":
        strangers = b"".join(line for line in lines if not line.isascii() and not _SEQUENCE.search(line))
        other = guess(strangers) if strangers else name
        return "".join(
            line.decode(name, _STRAY)
            if line.isascii() or _SEQUENCE.search(line)
            else line.decode(other, "replace")
            for line in lines
        )
    return "".join(line.decode("utf-8" if _is_utf_8(line) else name, "replace") for line in lines)


def _stray(trouble: UnicodeError) -> tuple[str, int]:
    """What stands for bytes that are no UTF-8: one alone in a plain word is Windows's (K\\xf6ln)."""
    if not isinstance(trouble, UnicodeDecodeError):
        raise trouble
    data, start, end = trouble.object, trouble.start, trouble.end
    around = data[max(0, start - 1) : start] + data[end : end + 1]
    if end - start == 1 and around.isascii() and any(map(str.isalnum, around.decode("ascii"))):
        return data[start:end].decode("cp1252", "replace"), end
    return "\ufffd", end


codecs.register_error(_STRAY, _stray)


def _is_utf_8(line: bytes) -> bool:
    return _sequences(line) > 2 and _strictly(line, "utf-8") is not None
