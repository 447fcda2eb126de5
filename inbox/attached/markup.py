"""Scripts in pages, drawings and PDFs: found as programs that show them would find them."""

from __future__ import annotations

import re
from typing import Any

import re2

from inbox.attached.types import text_of


def linear(pattern: bytes) -> Any:
    """A pattern whose search takes as long as the text is, whatever stands in it."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(pattern, options)


_LOOKED_AT = 2_000_000
_SCRIPT = linear(
    rb"<\s{0,9}/?[\w-]{0,20}:?(?:script|iframe|object|embed|applet|frameset|handler|foreignobject|base|portal|hta:)\b"
    rb"|<\?(?:php|xml-stylesheet)"
    rb"|[\s\"'/]on[a-z]{3,24}\s{0,9}="
    rb"|\b(?:java|vb|live)script\s{0,9}:"
    rb"|data:(?:text/html|application/(?:xhtml|javascript|x-javascript))"
    rb"|http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh"
    rb"|<!entity\b|msxsl:|\bsrcdoc\s{0,9}="
)
_REFERENCE = re.compile(rb"&#(?:(x)0*([0-9a-f]{1,6})|0*([0-9]{1,7}));?")
_NAMED = ((b"&colon;", b":"), (b"&tab;", b"\t"), (b"&newline;", b"\n"))
"""What may stand within a script's address by its name."""
# A form feed parts two words, as a blank does.
_UNSEEN = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


def _spelt(name: bytes) -> bytes:
    """A name of PDF, in which any letter may be written as its number."""
    return b"".join(b"(?:%c|#%02x|#%02X)" % (one, one, one) for one in name)


_PDF_ACTIVE = re.compile(
    b"/(?:" + b"|".join(map(_spelt, (b"JavaScript", b"Launch", b"RichMedia"))) + b")(?![A-Za-z])"
)


def has_script(data: bytes) -> bool:
    """Whether a page or drawing can do more than be looked at."""
    text = _UNSEEN.sub(b"", text_of(data[:_LOOKED_AT]))
    plain = _REFERENCE.sub(_referred, text) if b"&#" in text else text
    for name, sign in _NAMED:
        plain = plain.replace(name, sign)
    # Within an address, browsers pass over line ends and tabs.
    joined = plain.translate(None, b"\t\r\n")
    return any(_SCRIPT.search(one) is not None for one in dict.fromkeys((text, plain, joined)))


def _referred(found: re.Match[bytes]) -> bytes:
    value = int(found[2], 16) if found[1] else int(found[3])
    return b"" if value in (9, 10, 13) else (bytes((value,)).lower() if value < 128 else b"?")


def pdf_is_active(data: bytes) -> bool:
    """Whether a PDF runs or starts something; what stands compressed in it is not seen."""
    return _PDF_ACTIVE.search(data) is not None
