"""Names of charsets as mails write them → the Python codec that reads what is really sent under that name."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_SUPERSETS = {
    # A name without its separators → the codec. Where a vendor's charset is what is sent under the name of a
    # smaller standard, the vendor's one (https://encoding.spec.whatwg.org/ does likewise).
    "usascii": "ascii", "ascii": "ascii", "ansix341968": "ascii", "iso646us": "ascii", "646": "ascii",
    "unicode11utf8": "utf-8", "unicode20utf8": "utf-8", "xunicode20utf8": "utf-8", "utf8mb4": "utf-8",
    "cesu8": "utf-8", "unicode11utf7": "utf-7", "unicode20utf7": "utf-7", "xunicode20utf7": "utf-7",
    "iso10646ucs2": "utf-16", "ucs2": "utf-16", "unicode": "utf-16", "csunicode": "utf-16",
    "iso10646": "utf-16", "unicodefffe": "utf-16-be", "unicodefeff": "utf-16-le", "iso10646ucs4": "utf-32",
    "ucs4": "utf-32",
    "iso88591": "cp1252", "iso88599": "cp1254", "iso885911": "cp874", "utf8sig": "utf-8",
    "latin1": "cp1252", "l1": "cp1252", "isolatin1": "cp1252", "xansi": "cp1252", "ansi": "cp1252",
    "ansi1252": "cp1252", "winlatin1": "cp1252", "cp819": "cp1252", "latin2": "iso8859-2", "l2": "iso8859-2",
    "latin3": "iso8859-3", "latin4": "iso8859-4", "latin5": "cp1254", "l5": "cp1254",
    "latin6": "iso8859-10", "latin9": "iso8859-15", "latin0": "iso8859-15", "latin10": "iso8859-16",
    "cyrillic": "iso8859-5", "greek": "iso8859-7", "greek8": "iso8859-7", "ecma118": "iso8859-7",
    "elot928": "iso8859-7", "suneugreek": "iso8859-7", "hebrew": "iso8859-8", "logical": "iso8859-8",
    "visual": "iso8859-8", "dos862": "cp862", "arabic": "iso8859-6", "asmo708": "iso8859-6",
    "dos720": "cp720", "ecma114": "iso8859-6", "turkish": "cp1254", "arabicwindows": "cp1256",
    "koi": "koi8-r", "koi8": "koi8-r", "cskoi8r": "koi8-r", "koi8ru": "koi8-u", "xcyrillic": "cp1251",
    "gb2312": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "gb231280": "gb18030", "gb23121980": "gb18030",
    "xgb2312": "gb18030", "gb": "gb18030", "euccn": "gb18030", "xeuccn": "gb18030", "chinese": "gb18030",
    "csgb2312": "gb18030", "csiso58gb231280": "gb18030", "iso2022cn": "iso2022_cn",
    "iso2022cnext": "iso2022_cn", "hzgb2312": "hz", "hz": "hz", "big5": "cp950", "big5eten": "cp950",
    "xbig5": "cp950", "xxbig5": "cp950", "cnbig5": "cp950", "csbig5": "cp950", "big5hkscs": "big5hkscs",
    "xbig5hkscs": "big5hkscs", "big5hkscs2004": "big5hkscs",
    "shiftjis": "cp932", "xshiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "windows31j": "cp932",
    "cswindows31j": "cp932", "csshiftjis": "cp932", "ms932": "cp932", "mskanji": "cp932", "cp943": "cp932",
    "ibm943": "cp932", "cp942": "cp932", "xmsfsjis": "cp932", "cp51932": "euc_jp",
    "iso2022jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext", "iso2022jpms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "cp50222": "iso2022_jp_ext",
    "jis": "iso2022_jp_ext", "jis7": "iso2022_jp_ext", "iso2022jp1": "iso2022_jp_ext",
    "iso2022jp2": "iso2022_jp_2", "iso2022jp3": "iso2022_jp_3", "xeucjp": "euc_jp", "xeuc": "euc_jp",
    "eucjp": "euc_jp", "ujis": "euc_jp", "eucjpms": "euc_jp", "cseucpkdfmtjapanese": "euc_jp",
    "euckr": "cp949", "cseuckr": "cp949", "ksc56011987": "cp949", "ksc56011989": "cp949",
    "ksc5601": "cp949", "kscode": "cp949", "ksx1001": "cp949", "korean": "cp949", "uhc": "cp949",
    "isoir149": "cp949", "xwindows949": "cp949", "iso2022kr": "iso2022_kr", "csiso2022kr": "iso2022_kr",
    "johab": "johab", "xjohab": "johab", "ms1361": "johab", "cp1361": "johab",
    "tis620": "cp874", "tis6202533": "cp874", "xmacthai": "cp874", "dos874": "cp874",
    "xmacroman": "mac_roman", "macintosh": "mac_roman", "mac": "mac_roman", "xmacwestern": "mac_roman",
    "macroman": "mac_roman", "xmaccyrillic": "mac_cyrillic", "xmacukrainian": "mac_cyrillic",
    "xmacce": "mac_latin2", "xmaccentralroman": "mac_latin2", "maccentraleurope": "mac_latin2",
    "xmacgreek": "mac_greek", "xmacturkish": "mac_turkish", "xmacicelandic": "mac_iceland",
    "xmacromanian": "mac_romanian", "xmaccroatian": "mac_croatian", "xmachebrew": "cp1255",
    "xmacarabic": "mac_arabic", "xmacfarsi": "mac_farsi", "xmacjapanese": "cp932", "xmackorean": "cp949",
    "xmacchinesesimp": "gb18030", "xmacchinesetrad": "cp950",
}  # fmt: skip
_CODE_PAGES = {
    "1200": "utf-16-le", "1201": "utf-16-be", "12000": "utf-32-le", "65000": "utf-7", "65001": "utf-8",
    "20127": "ascii", "20866": "koi8-r", "21866": "koi8-u", "28591": "cp1252", "28592": "iso8859-2",
    "28593": "iso8859-3", "28594": "iso8859-4", "28595": "iso8859-5", "28596": "iso8859-6",
    "28597": "iso8859-7", "28598": "iso8859-8", "38598": "iso8859-8", "28599": "cp1254",
    "28605": "iso8859-15", "932": "cp932", "936": "gb18030", "949": "cp949", "950": "cp950",
    "951": "big5hkscs", "52936": "hz", "54936": "gb18030", "51936": "gb18030", "51949": "cp949",
    "51932": "euc_jp", "20932": "euc_jp", "50220": "iso2022_jp_ext", "50221": "iso2022_jp_ext",
    "50222": "iso2022_jp_ext", "50225": "iso2022_kr", "10000": "mac_roman", "10004": "mac_arabic",
    "10005": "cp1255", "10006": "mac_greek", "10007": "mac_cyrillic", "10029": "mac_latin2",
    "10081": "mac_turkish",
}  # fmt: skip
_ISO_8859 = {"1": "cp1252", "8": "iso8859-8", "9": "cp1254", "11": "cp874", "12": ""}
_UNICODE = re.compile(r"utf[-_ ]?(8|7|16|32)[-_ ]?(le|be)?(?![0-9])")
_PART_OF_8859 = re.compile(r"8859[-_: ]*(1[0-6]|[1-9])(?![0-9])")
_CODE_PAGE = re.compile(r"(?:windows|win|cp|ibm|dos|codepage|xcp|ms|pc)[-_ ]?0*([0-9]{3,5})(?![0-9])")
_BARE_CODE_PAGE = re.compile(
    r"(?:x-)?(12(?:5[0-8]|00|01)|6500[01]|2859[1-9]|2085\d|936|932|949|950|862|866|874)\Z"
)
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_WRAPPING = " \"'\t\r\n\x00<>()[]=;,`"
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
)
_LONGEST_NAME = 80


def _hebrew_direction_names(name: str) -> codecs.CodecInfo | None:
    """Makes ISO-8859-8-I and -E known to Python, and so to mail-parser."""
    return codecs.lookup("iso8859-8") if name in ("iso_8859_8_i", "iso_8859_8_e") else None


codecs.register(_hebrew_direction_names)


@lru_cache(maxsize=512)
def codec(charset: str) -> str:
    """The Python codec for a declared charset; "" when there is no such charset.

    What mailers glue to a name is passed over: quotes, `charset=`, a language, the rest of a broken field.
    """
    name = charset[:_LONGEST_NAME].lower().strip(_WRAPPING)
    while name.startswith("charset"):
        name = name.removeprefix("charset").lstrip(_WRAPPING)
    for tried in dict.fromkeys((name, re.split(r"[*;,\s\"']", name, maxsplit=1)[0])):
        found = _plain_name(tried)
        if found:
            return found
    return _name_inside(name)


def _plain_name(name: str) -> str:
    """The codec of a name that is nothing but a name."""
    squeezed = _SEPARATORS.sub("", name)
    if squeezed in _SUPERSETS:
        return _SUPERSETS[squeezed]
    for whole in (_UNICODE, _PART_OF_8859, _CODE_PAGE, _BARE_CODE_PAGE):
        if whole.fullmatch(
            name.removeprefix("x-").removeprefix("cs").removeprefix("iso-").removeprefix("iso")
        ):
            return _name_inside(name)
    return _known_to_python(name) or _known_to_python(name.removeprefix("x-"))


def _name_inside(name: str) -> str:
    """The codec of the well-known name that stands somewhere in a longer one."""
    if found := _UNICODE.search(name):
        return f"utf-{found[1]}-{found[2]}" if found[2] and found[1] in ("16", "32") else f"utf-{found[1]}"
    if found := _PART_OF_8859.search(name):
        return _ISO_8859.get(found[1], f"iso8859-{found[1]}")
    if (found := _CODE_PAGE.search(name)) or (found := _BARE_CODE_PAGE.match(name)):
        return _CODE_PAGES.get(found[1]) or _known_to_python(f"cp{found[1]}")
    return ""


def _known_to_python(name: str) -> str:
    """The name of Python's codec, when it has one that makes text of bytes."""
    if not name.isascii() or not name.isprintable():
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not found._is_text_encoding or found.name.replace("_", "-") in _NO_CHARSETS:
        return ""
    squeezed = _SEPARATORS.sub("", found.name)
    return _SUPERSETS.get(squeezed, found.name)
