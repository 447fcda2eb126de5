"""What lies in a rules folder, from bytes to texts: which files are meant as rules, and what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from language.problem import Problem

ENDING = ".yaml"
LEFTOVER = re.compile(r"(^|/)[.~#]|[~#]$|\.(sw[opx]|bak|orig|rej|tmp|old|save|part)$", re.IGNORECASE)
"""What editors leave beside a file while it is open, or of an earlier version of it."""
MISNAMED = re.compile(r"\.(yml|yaml\.txt|yml\.txt|yaml\.docx?|yaml\.rtf)$", re.IGNORECASE)
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF8_MARK = b"\xef\xbb\xbf"
OTHER_PROGRAMS = (
    (re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE), "a web page"),
    (re.compile(rb"\s*\{\\rtf"), "a word processor's file"),
    (re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"), "a word processor's file"),
    (re.compile(rb"%PDF-"), "a PDF"),
)
WINDOWS = {"fa": "Windows-1256", "ar": "Windows-1256", "he": "Windows-1255"}
GARBLED = re.compile(
    "(?:[ÃÂØÙÚÛ×][\u0080-\u00bf\u2013-\u203a\u20ac\u2122\u0152-\u0178]){2,}|(?:[طظ][§¸¨©®±¹²³¬¯´][^ ]?){2,}"
)
"""Persian, Arabic or Hebrew that was read as Windows-1252 or Windows-1256."""
LOST = "\ufffd"
SAVE_AS_UTF8 = "in your editor choose 'Save as' with the encoding UTF-8"


def is_leftover(name: str) -> bool:
    """Whether an editor left the file there, by its name."""
    return LEFTOVER.search(name) is not None


def is_meant(name: str) -> bool:
    """Whether a file could be meant as rules, by its name within the folder."""
    return not is_leftover(name) and (name.endswith(ENDING) or _should_be(name) != name)


def texts_of(found: Mapping[str, bytes]) -> tuple[dict[str, str], list[Problem]]:
    """The texts of the files that are meant as rules, and every file that can't be read as one."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name, data in found.items():
        right = _should_be(name)
        if right != name:
            last = right.rsplit("/", maxsplit=1)[-1]
            message = f"this name is not read; rename the file to '{last}', or move it out of the folder"
            problems.append(Problem(name, 0, 0, message))
            continue
        text, problem = _text(name, data)
        if problem is None:
            texts[name] = text
            problems += _garbled(name, text)
        else:
            problems.append(problem)
    return texts, problems


def _should_be(name: str) -> str:
    """The name of a file whose ending is nearly right, as it should be."""
    if MISNAMED.search(name):
        return MISNAMED.sub(ENDING, name)
    return name[: -len(ENDING)] + ENDING if name.lower().endswith(ENDING) else name


def _text(name: str, data: bytes) -> tuple[str, Problem | None]:
    for begins, what in OTHER_PROGRAMS:
        if begins.match(data):
            message = f"this is {what}, not plain text; write the rules in a plain text editor"
            return "", Problem(name, 0, 0, message)
    if data.startswith(UTF16):
        message = f"this file is saved as UTF-16 (some editors call it 'Unicode'); {SAVE_AS_UTF8}"
        return "", Problem(name, 0, 0, message)
    data = data.removeprefix(UTF8_MARK)
    try:
        return data.decode().replace("\r\n", "\n").replace("\r", "\n"), None
    except UnicodeDecodeError as error:
        return "", _not_utf8(name, data, error.start)


def _not_utf8(name: str, data: bytes, start: int) -> Problem:
    line = data.count(b"\n", 0, start) + 1
    column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode(errors="replace")) + 1
    language = next((part for part in name.removesuffix(ENDING).split("/") if part in WINDOWS), "")
    perhaps = f" (but as {WINDOWS[language]}, it seems)" if language else ""
    message = f"the letters from here on are not saved as UTF-8{perhaps}; {SAVE_AS_UTF8}"
    return Problem(name, line, column, message)


@lru_cache(512)
def _is_garbled(text: str) -> bool:
    """Whether any of it is. Kept, for an edit changes one text of hundreds."""
    return GARBLED.search(text) is not None


def _garbled(name: str, text: str) -> list[Problem]:
    """The first line whose letters another encoding has spoilt; the others are like it."""
    if LOST not in text and not _is_garbled(text):
        return []
    for number, line in enumerate(text.split("\n"), 1):
        if LOST in line:
            message = f"the letter at '{LOST}' was lost in an encoding that has it not; type the words anew"
            return [Problem(name, number, line.index(LOST) + 1, message)]
        if found := GARBLED.search(line):
            message = (
                "these letters are garbled: the file was opened in a wrong encoding and saved again; "
                "put back an earlier copy, or type the words anew"
            )
            return [Problem(name, number, found.start() + 1, message)]
    return []
