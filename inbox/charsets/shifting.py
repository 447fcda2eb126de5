"""Charsets that switch by escapes in 7 bits (ISO 2022 and HZ), read also where Python's codecs refuse.

Python's are strict: one vendor character (①, ㈱, half-width katakana) or a cut end loses the whole text. Here
a text is split at its escapes (RFC 1468, 1554, 1557, 1922, 2237) and every stretch is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ISO_2022 = ("iso2022_jp_ext", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr", "iso2022_cn")

_ESCAPE = re.compile(rb"\x1b(?:\$[()*+.\-/]?[@-S]|\([ -~]|[.NO]?[A-O])|[\x0e\x0f]+")
_EACH_LINE = re.compile(rb"([\r\n]+)")


def decoded(data: bytes, name: str) -> str:
    """The text of bytes in an ISO 2022 charset or HZ; what fits no character becomes U+FFFD."""
    try:
        return data.decode("iso2022_jp_ext" if name == "iso2022_cn" else name)
    except (UnicodeError, LookupError):
        return "".join(_hz(data) if name == "hz" else _iso_2022(data, name))


def _iso_2022(data: bytes, name: str) -> Iterator[str]:
    """Stretch after stretch, each by the set that the escape before it calls; a line begins in ASCII."""
    shifted = "cp949" if name == "iso2022_kr" else "gb18030" if name == "iso2022_cn" else "katakana"
    for line in _EACH_LINE.split(data):
        called, place, out_shifted = "", 0, False
        for escape in _ESCAPE.finditer(line):
            yield _stretch(line[place : escape.start()], shifted if out_shifted else called)
            place, sign = escape.end(), escape[0]
            if sign[0] != 0x1B:
                out_shifted = sign.endswith(b"\x0e")
            elif sign.startswith((b"\x1b$)", b"\x1b$*")):
                shifted = _SETS.get(sign[-1:], shifted)
            else:
                called = _called(sign)
        yield _stretch(line[place:], shifted if out_shifted else called)


_SETS = {b"A": "gb18030", b"C": "cp949", b"B": "jis", b"@": "jis", b"D": "jis-2", b"E": "gb18030"}


def _called(sign: bytes) -> str:
    """The set that an escape sequence calls; "" for ASCII and its variants."""
    if sign.startswith(b"\x1b$"):
        return _SETS.get(sign[-1:], "jis")
    return "katakana" if sign in (b"\x1b(I", b"\x1b)I") else ""


def _stretch(data: bytes, charset: str) -> str:
    if not data or not charset:
        return data.decode("ascii" if data.isascii() else "cp932", "replace")
    high = bytes(byte | 0x80 if byte > 0x20 else byte for byte in data)
    if charset == "katakana":
        return high.decode("cp932", "replace")
    if charset == "jis-2":
        return b"".join(b"\x8f" + high[n : n + 2] for n in range(0, len(high) - 1, 2)).decode(
            "euc_jp", "replace"
        )
    if charset == "jis":
        return euc_jp(high)
    return high.decode(charset, "replace")


def euc_jp(data: bytes) -> str:
    """EUC-JP with the vendor rows of Windows (NEC 13, IBM 89-92 and 115-119), which Python's codec lacks."""
    for name in ("euc_jp", "euc_jis_2004"):
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return _EUC.sub(_from_euc, data.decode("latin-1"))


_EUC = re.compile("\x8f[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|[\xa1-\xfe]{2}|[\x80-\xff]")


def _from_euc(found: re.Match[str]) -> str:
    pair = found[0].encode("latin-1")
    if len(pair) == 2 and pair[0] != 0x8E:
        return _shifted(pair[0] - 0x80, pair[1] - 0x80).decode("cp932", "replace")
    return pair.decode("euc_jp", "replace")


def _shifted(row: int, cell: int) -> bytes:
    """The Shift_JIS bytes of a JIS X 0208 code point."""
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    if row % 2:
        return bytes((lead, cell + (0x1F if cell < 0x60 else 0x20)))
    return bytes((lead, cell + 0x7E))


_HZ = re.compile(rb"~\{(.*?)(?:~\}|\n|\Z)|~~|~\n", re.DOTALL)


def _hz(data: bytes) -> Iterator[str]:
    """HZ (RFC 1843), where a line that was cut may have lost its closing `~}`."""
    place = 0
    for found in _HZ.finditer(data):
        yield data[place : found.start()].decode("gb18030", "replace")
        place = found.end()
        if found[1] is not None:
            yield _stretch(found[1], "gb18030") + ("\n" if found[0].endswith(b"\n") else "")
        elif found[0] == b"~~":
            yield "~"
    yield data[place:].decode("gb18030", "replace")
