"""What mail clients put around the words of a reply: quotes, header blocks, device lines, signatures, markup.

Each client is a function from words to a whole mail, as the program really builds it.
"""

from __future__ import annotations

import html
import quopri
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.header import Header
from types import MappingProxyType

QUOTED = (
    "Case 1001, high: Ann wants an answer",
    "approve",
    "edit",
    "FURNITURE (the new text)",
    "end",
    "note FURNITURE",
    "resolve",
)
"""What stands in the mail that is answered: commands as well, and a word that must reach nobody."""
MARK = "FURNITURE"
SHOP, ADDRESS = "Example Shop", "complaints@example.com"


@dataclass(frozen=True, slots=True)
class Tongue:
    """How clients of one language talk."""

    wrote: str
    """Gmail's and Apple's line above a quote."""
    plain_wrote: str
    """Thunderbird's."""
    labels: tuple[str, str, str, str]
    """Outlook's From, Sent, To and Subject."""
    device: str
    outlook_for: str
    closing: str
    name: str
    direction: str = "ltr"


TONGUES: Mapping[str, Tongue] = MappingProxyType(
    {
        "en": Tongue(
            f"On Mon, Mar 2, 2026 at 9:00 AM {SHOP} <{ADDRESS}> wrote:",
            f"On 02/03/2026 09:00, {SHOP} wrote:",
            ("From", "Sent", "To", "Subject"),
            "Sent from my iPhone",
            "Get Outlook for Android",
            "Best regards,",
            "Sally Furnisher",
        ),
        "fa": Tongue(
            f"\u202bدر تاریخ دوشنبه ۲ مارس ۲۰۲۶،\u200f ۹:۰۰ \u202a{SHOP}\u202c\u200f"
            f" <\u202a{ADDRESS}\u202c\u200f> نوشت:\u202c",
            f"در ۱۴۰۴/۱۲/۱۱ ۹:۰۰، {SHOP} نوشت:",
            ("از", "ارسال شده", "به", "موضوع"),
            "ارسال شده از iPhone من",
            "دریافت Outlook برای Android",
            "با احترام",
            "سارا احمدی",
            "rtl",
        ),
        "he": Tongue(
            f"\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-9:00 מאת \u202a{SHOP}\u202c\u200f"
            f" <\u202a{ADDRESS}\u202c\u200f>:\u202c",
            f"בתאריך 02/03/2026 9:00, {SHOP} כתב:",
            ("מאת", "נשלח", "אל", "נושא"),
            "נשלח מה-iPhone שלי",
            "הורד את Outlook עבור Android",
            "בברכה,",
            "דנה לוי",
            "rtl",
        ),
        "ar": Tongue(
            f"\u202bفي الاثنين، 2 مارس 2026 في 9:00 ص تمت كتابة ما يلي بواسطة \u202a{SHOP}\u202c\u200f"
            f" <\u202a{ADDRESS}\u202c\u200f>:\u202c",
            f"في 2/3/2026 09:00، كتب {SHOP}:",
            ("من", "تم الإرسال", "إلى", "الموضوع"),
            "أُرسلت من الـ iPhone",
            "الحصول على Outlook لـ Android",
            "مع التحية،",
            "خالد حسن",
            "rtl",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's words, before their client sends them."""

    words: str
    tongue: Tongue
    signed: bool
    sender: str = "sara@example.com"

    @property
    def below(self) -> str:
        return f"\n\n{self.tongue.closing}\n{self.tongue.name}" if self.signed else ""


Client = Callable[[Reply], bytes]


def gmail(reply: Reply) -> bytes:
    """Gmail on the web: text and HTML, quote marks."""
    quoted = "\n".join(f"> {line}" for line in QUOTED)
    text = f"{reply.words}{reply.below}\n\n{reply.tongue.wrote}\n\n{quoted}\n"
    inner = _divs(f"{reply.words}{reply.below}")
    body = (
        f'<div dir="{reply.tongue.direction}">{inner}</div><br>'
        '<div class="gmail_quote gmail_quote_container">'
        f'<div dir="{reply.tongue.direction}" class="gmail_attr">{html.escape(reply.tongue.wrote)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid #ccc">'
        f"{_divs(chr(10).join(QUOTED))}</blockquote></div>"
    )
    return _both(reply, text, body)


def gmail_html(reply: Reply) -> bytes:
    """A phone that sends HTML alone."""
    body = gmail(reply).partition(b'Content-Type: text/html; charset="UTF-8"\r\n')[2]
    part = body.partition(b"\r\n\r\n")[2].partition(b"\r\n--b--")[0]
    return _head(reply, 'text/html; charset="UTF-8"', "quoted-printable") + part + b"\r\n"


def outlook(reply: Reply) -> bytes:
    """Outlook on Windows: no quote marks, a header block; its plain text doubles every line end."""
    above = _header_block(reply.tongue)
    paragraphs = [*f"{reply.words}{reply.below}".split("\n"), ""]
    text = "\n\n".join(line or "\xa0" for line in paragraphs) + "\n\n" + above
    text += "\n\n" + "\n\n".join(QUOTED) + "\n"
    own = "".join(_mso(line) for line in paragraphs)
    block = "<br>".join(html.escape(line) for line in above.split("\n"))
    body = (
        f'<html><body lang="EN-US" dir="{reply.tongue.direction}"><div class="WordSection1">{own}'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
        f'<p class="MsoNormal">{block}</p></div>{"".join(_mso(line) for line in QUOTED)}</div></body></html>'
    )
    return _both(reply, text, body)


def outlook_html(reply: Reply) -> bytes:
    """Outlook as Exchange may send it: HTML alone."""
    body = outlook(reply).partition(b'Content-Type: text/html; charset="UTF-8"\r\n')[2]
    part = body.partition(b"\r\n\r\n")[2].partition(b"\r\n--b--")[0]
    return _head(reply, 'text/html; charset="UTF-8"', "quoted-printable") + part + b"\r\n"


def outlook_phone(reply: Reply) -> bytes:
    """Outlook on a phone: a rule, a header block, an advertisement."""
    text = (
        f"{reply.words}{reply.below}\n\n{reply.tongue.outlook_for}<https://aka.example/ghei36>\n"
        f"________________________________\n{_header_block(reply.tongue)}\n\n" + "\n".join(QUOTED) + "\n"
    )
    return _plain(reply, text)


def apple_mail(reply: Reply) -> bytes:
    """Apple Mail: text and HTML, its line breaks in div elements."""
    quoted = "\n".join(f"> {line}" for line in QUOTED)
    text = f"{reply.words}{reply.below}\n\n{reply.tongue.wrote}\n\n{quoted}\n"
    body = (
        f'<html><body dir="{reply.tongue.direction}" style="overflow-wrap: break-word;">'
        f'{_divs(reply.words + reply.below)}<div><br><blockquote type="cite"><div>'
        f'{html.escape(reply.tongue.wrote)}</div><br class="Apple-interchange-newline"><div>'
        f"{_divs(chr(10).join(QUOTED))}</div></blockquote></div></body></html>"
    )
    return _both(reply, text, body)


def iphone(reply: Reply) -> bytes:
    """An iPhone: a device line between the words and the quote."""
    quoted = "\n".join(f"> {line}" for line in QUOTED)
    return _plain(reply, f"{reply.words}\n\n{reply.tongue.device}\n\n{reply.tongue.wrote}\n\n{quoted}\n")


def thunderbird(reply: Reply) -> bytes:
    """Thunderbird: format=flowed, and a signature below its delimiter."""
    quoted = "\n".join(f"> {line}" for line in QUOTED)
    signature = f"\n\n-- \n{reply.tongue.name}\n{MARK} Ltd" if reply.signed else ""
    text = f"{_flowed(reply.words)}\n\n{reply.tongue.plain_wrote}\n{quoted}{signature}\n"
    return _plain(reply, text, "text/plain; charset=UTF-8; format=flowed")


def android(reply: Reply) -> bytes:
    """Gmail on Android: the quote has no marks in the plain text."""
    text = f"{reply.words}{reply.below}\n\n{reply.tongue.wrote}\n\n" + "\n".join(QUOTED) + "\n"
    return _plain(reply, text)


CLIENTS: Mapping[str, Client] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            gmail,
            gmail_html,
            outlook,
            outlook_html,
            outlook_phone,
            apple_mail,
            iphone,
            thunderbird,
            android,
        )
    }
)


def _header_block(tongue: Tongue) -> str:
    sender, sent, to, subject = tongue.labels
    return (
        f"{sender}: {SHOP} <{ADDRESS}>\n{sent}: Monday, March 2, 2026 9:00 AM\n"
        f"{to}: Sara <sara@example.com>\n{subject}: Case 1001"
    )


def _divs(text: str) -> str:
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _mso(line: str) -> str:
    return f'<p class="MsoNormal">{html.escape(line) or "<o:p>&nbsp;</o:p>"}<o:p></o:p></p>'


def _flowed(text: str) -> str:
    """Long lines broken as RFC 3676 says: with a space at the end."""
    lines = []
    for line in text.split("\n"):
        words, row = line.split(" "), ""
        for word in words:
            if row and len(row) + len(word) > 66:
                lines.append(row + " ")
                row = word
            else:
                row = f"{row} {word}" if row else word
        lines.append(row)
    return "\n".join(lines)


def _head(reply: Reply, content_type: str, encoding: str) -> bytes:
    subject = Header("Re: Case 1001", "utf-8").encode()
    name = Header(reply.tongue.name, "utf-8").encode()
    return (
        f"From: {name} <{reply.sender}>\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\n"
        "Message-ID: <reply@example.com>\r\nIn-Reply-To: <draft@example.com>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode()


def _encoded(text: str) -> bytes:
    return b"\r\n".join(
        quopri.encodestring(line.encode(), quotetabs=False).replace(b"\n", b"\r\n")
        for line in text.split("\n")
    )


def _plain(reply: Reply, text: str, content_type: str = "text/plain; charset=UTF-8") -> bytes:
    return _head(reply, content_type, "quoted-printable") + _encoded(text)


def _both(reply: Reply, text: str, body: str) -> bytes:
    out = _head(reply, 'multipart/alternative; boundary="b"', "7bit")
    for kind, content in (("plain", _encoded(text)), ("html", _encoded(body))):
        out += (
            f'--b\r\nContent-Type: text/{kind}; charset="UTF-8"\r\n'
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        ).encode()
        out += content + b"\r\n"
    return out + b"--b--\r\n"
