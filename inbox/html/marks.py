"""How mail clients mark what they quote, and signatures: by class, id, name or style.

Pages that quote a quoted mail again put a prefix of their own before ids and classes (`x_`, `ecx`, `gmail-`,
`m_123…`, `yiv123…`): a name with one says the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto

from inbox.html.nesting import names


class Mark(Enum):
    """What becomes of an element in the sender's own text."""

    QUOTE = auto()
    """Its lines stand behind `>`."""
    INTRODUCED = auto()
    """As QUOTE; the line that introduces it is marked as well, and was found."""
    DOUBTFUL = auto()
    """It may be a citation of the sender's own: what introduces it decides."""
    BORDERED = auto()
    """As DOUBTFUL, but drawn like a quote: at the end of the mail it is one."""
    CUT = auto()
    """It is left out, with the line that introduces it."""
    DROPPED = auto()
    """It is left out."""
    REST = auto()
    """It is left out, and all that follows it."""
    SIGNATURE = auto()
    SIGNED = auto()
    """The next element is a signature."""
    CONTAINER = auto()
    """It holds a quote and the line that introduces it; what follows the quote is the sender's own."""
    ATTRIBUTION = auto()
    """It introduces a quote."""
    HEADERS = auto()
    """REST if it holds the headers of a mail; else nothing."""
    LABELLED = auto()
    """As HEADERS, and one header is enough."""
    HEADED = auto()
    """DROPPED if it begins with the headers of a mail; else nothing."""


STARTS = {
    Mark.QUOTE: "\x00quote",
    Mark.DOUBTFUL: "\x00doubtful",
    Mark.BORDERED: "\x00bordered",
    Mark.CUT: "\x00quote",
    Mark.REST: "\x00rest",
    Mark.SIGNATURE: "\x00signature",
    Mark.CONTAINER: "\x00introduction",
}
"""Lines that say what was found at a place; no mail can hold them."""
DOUBT = "\x01"
"""As `>`, before lines that may be quoted."""

_PREFIX = re.compile(r"(?:x_|ecx|gmail-|m_-?\d{3,25}|yiv\d{3,15}|ydp[0-9a-f]{6,12}|v1)+")


def _named(**names: str) -> dict[str, Mark]:
    return {name: Mark[mark] for mark, listed in names.items() for name in listed.split()}


_CLASSES = _named(
    CONTAINER="gmail_quote gmail_quote_container protonmail_quote zmail_extra nylas-quote tutanota_quote",
    ATTRIBUTION="gmail_attr gmail_quote_attribution moz-cite-prefix yahoo-quoted-begin airmail_on",
    DROPPED=(
        "yahoo_quoted inoteshistory moz-forward-container moz-email-headers-table bloop_original_html "
        "mail-quote-collapse ms-outlook-mobile-reference-message hs_reply missive_quote "
        "__aliyun_previous_quote alimail-quote"
    ),
    CUT=(
        "iosymail front-blockquote freshdesk_quote history_container cm_quote applemailquote "
        "mailru-blockquote canaryblockquote"
    ),
    SIGNATURE=(
        "gmail_signature gmail_signature_prefix moz-signature protonmail_signature_block yahoo-signature "
        "yahoo_signature front-signature k9mail-signature sh-signature bloop_sign tutasignature "
        "zmail_signature __aliyun_signature_wrap"
    ),
)
_QUOTING = names("cite cite2")
"""Classes of blockquotes alone."""
_IDS = _named(
    REST="divrplyfwdmsg appendonsend olk_src_body_section stopspelling zwchr edo-original",
    DROPPED="mail-editor-reference-message-container",
    CUT="isreplycontent blockquote_zmail canaryblockquote",
    ATTRIBUTION="reply-intro",
    SIGNED="linebreakatbeginningofsignature",
    SIGNATURE=(
        "applemailsignature _mailautosig ms-outlook-mobile-signature ymail_android_signature "
        "composer_signature edo-signature canarysig zm-_id_-sgn _rc_sig signature_old"
    ),
)
_NAMES = _named(
    DROPPED="messagereplysection",
    SIGNATURE="messagesignaturesection _mailautosig",
    REST="_mailoriginal",
)
_DATA = {
    "__divider__": Mark.REST,
    "__headers__": Mark.REST,
    "__quoted_text__": Mark.CUT,
    "__sig_pre__": Mark.SIGNATURE,
    "__sig_post__": Mark.SIGNATURE,
    "gmail_signature": Mark.SIGNATURE,
}
_ANY = re.compile(r"class|\bid\b|name|data-|border|tabindex|cite|background", re.IGNORECASE)
_COLOUR = r"(?:rgb\([\d,]{5,11}\)|#[0-9a-f]{3,6}|windowtext|blue)"
_OUTLOOK = re.compile(r"border:none;border-top:solid(?:#e1e1e1|#b5c4df)1\.?0?pt")
_OUTLOOK_RULE = re.compile(
    rf"border-top:(?:solid{_COLOUR}1\.?0?pt|1pt(?:solid{_COLOUR}|{_COLOUR}solid))"
    r"|border-style:solidnonenone|border-top-color:rgb\(229,229,229\)"
)
_OUTLOOK_SPACE = ("padding:3.0pt0", "padding:3pt0", "padding-top:5px", "padding-top:5pt", "padding:5px")
_OUTLOOK_SIDE = re.compile(
    r"border-left:solid(?:blue|#[0-9a-f]{6})1\.5pt;padding:0(?:cm|in|mm)?0(?:cm|in|mm)?0"
)
_GMAIL_SIDE = re.compile(r"border-left.{0,300}?(?:0?\.8ex|4\.8pt)|(?:0?\.8ex|4\.8pt).{0,300}?border-left")
_QQ = re.compile(r"background(?:-color)?:(?:#efefef|#e6e6e6|rgb\(239,239,239\))")
_CASED = re.compile(r"(?:x_|ecx|m_-?\d{3,25})*Signature\Z")
_NUMBERED = re.compile(r"(?:sig|bloop_sign_)\d{4,25}\Z|ydp[0-9a-f]{6,12}(?:yahoo-)?signature\Z")


def mark_of(tag: str, raw: str, attributes: Mapping[str, str]) -> Mark | None:
    """What an element's name and attributes say of it."""
    if tag == "img" or (tag == "a" and "_Mail" not in raw):
        return None
    mark = _named_mark(tag, attributes) if _ANY.search(raw) else None
    if tag == "blockquote":
        return _of_blockquote(mark, attributes)
    if tag == "br":
        return mark if mark is Mark.SIGNED else None
    if tag == "signature":
        return Mark.SIGNATURE
    return mark or _of_style(tag, attributes)


def _named_mark(tag: str, attributes: Mapping[str, str]) -> Mark | None:
    for one in attributes.get("class", "").split(None, 20)[:20]:
        if found := _CLASSES.get(_plain(one)):
            return found
    name = attributes.get("id", "")
    if name:
        if found := _IDS.get(_plain(name)):
            return found
        if (_CASED.match(name) and tag == "div") or _NUMBERED.match(name):
            return Mark.SIGNATURE
    for one in attributes.get("class", "").split(None, 20)[:20]:
        if _NUMBERED.match(one):
            return Mark.SIGNATURE
    data = attributes.get("data-marker") or attributes.get("data-smartmail") or ""
    if "data-signatureblock" in attributes:
        return Mark.SIGNATURE
    return _DATA.get(data.lower()) or _NAMES.get(attributes.get("name", "").lower())


def _plain(name: str) -> str:
    """An id or class in lower case, without the prefixes of those who quoted it."""
    name = name.lower()
    found = _PREFIX.match(name)
    return name[found.end() :] if found else name


def _of_blockquote(mark: Mark | None, attributes: Mapping[str, str]) -> Mark:
    if mark is not None and mark is not Mark.SIGNATURE:
        return Mark.QUOTE
    if attributes.get("type", "").lower() == "cite" or attributes.get("cite", "").lower().startswith("mid:"):
        return Mark.QUOTE
    if any(one in _QUOTING for one in attributes.get("class", "").lower().split()[:20]):
        return Mark.QUOTE
    style = _style(attributes)
    if "border-left" not in style:
        return Mark.DOUBTFUL
    return Mark.QUOTE if _GMAIL_SIDE.search(style) else Mark.BORDERED


def _of_style(tag: str, attributes: Mapping[str, str]) -> Mark | None:
    style = _style(attributes)
    if tag == "hr":
        return Mark.REST if attributes.get("tabindex") == "-1" and "width:98%" in style else None
    if tag not in ("div", "td", "p"):
        return None
    if "border-" in style:
        return _of_border(style, attributes)
    is_qq = "padding:8px" in style and "background" in style and _QQ.search(style)
    return Mark.HEADERS if is_qq else None


def _of_border(style: str, attributes: Mapping[str, str]) -> Mark | None:
    """What a border says: the line that Outlook draws above headers, or a bar beside a quote."""
    if _OUTLOOK.search(style):
        return Mark.LABELLED
    if _OUTLOOK_RULE.search(style) and any(space in style for space in _OUTLOOK_SPACE):
        return Mark.HEADERS
    if _OUTLOOK_SIDE.search(style):
        return Mark.HEADED
    is_quote = attributes.get("name", "").lower() == "quote" and "border-left" in style
    return Mark.DROPPED if is_quote else None


def _style(attributes: Mapping[str, str]) -> str:
    return "".join(attributes.get("style", "")[:1000].lower().split())
