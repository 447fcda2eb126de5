"""What an attachment is called: never a path, never a control character, and a good one where it has none."""

from __future__ import annotations

import re

from inbox.header.encoded_words import clean

_UNSEEN = dict.fromkeys((*range(8234, 8239), *range(8294, 8298), 8206, 8207, 8203, 8288))
_SEPARATORS = str.maketrans(dict.fromkeys("/\\", " "))
_KNOWN = (
    "png|jpe?g|jfif|gif|bmp|webp|svg|tiff?|heic|heif|ico|emf|wmf|pdf|docx?|xlsx?|pptx?|odt|ods|rtf|txt|csv|html?|xml"
    "|json|zip|eml|msg|ics|vcf|mp[34]|m4a|mov|wav|avi|ogg|amr|3gp"
)
_FILE = re.compile(
    rf"(?:[^/?#]{{0,300}}/)*([\w %.,()&+=~\[\]-]{{1,100}}\.(?:{_KNOWN}))"
    r"(?:@[^/]{0,200})?(?:[?#].{0,500})?",
    re.IGNORECASE,
)
_LONGEST = 255
_EXTENSIONS = {
    "jpeg": "jpg", "pjpeg": "jpg", "svg+xml": "svg", "tiff": "tif", "x-png": "png", "x-icon": "ico",
    "vnd.microsoft.icon": "ico", "x-ms-bmp": "bmp", "x-bmp": "bmp",
}  # fmt: skip
_USUAL = {
    "text/calendar": "invite.ics",
    "application/ics": "invite.ics",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
}


def safe(name: str) -> str:
    """The last component of a name that may be a path, without what can't be seen (promise 19)."""
    name = clean(name).translate(_UNSEEN)
    if "/" in name or "\\" in name:
        name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = " ".join(name.split())
    if len(name) > 2 and name[0] == name[-1] == "'":
        name = name[1:-1]
    if not name.strip(". "):
        return ""
    if len(name) <= _LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = dot + extension if stem and len(extension) < 20 else ""
    return name[: _LONGEST - len(ending)] + ending


def from_subject(subject: str, ending: str) -> str:
    """The name of a mail that is carried as an attachment."""
    name = subject.translate(_SEPARATORS).strip()
    return safe(f"{name or 'message'}{ending}")


def usual(kind: str, *hints: str) -> str:
    """A name for a part that has none: the first hint that looks like a file's name, else one by its type.

    "" where no name is good.
    """
    for hint in hints:
        found = _FILE.fullmatch(hint[:1000]) if "." in hint else None
        if found:
            return safe(found[1])
    main, _, sub = kind.partition("/")
    if main == "image" and sub:
        return f"image.{_EXTENSIONS.get(sub, sub.removeprefix('x-'))}"
    return _USUAL.get(kind, "")
