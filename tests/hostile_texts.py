"""Mails that were made to keep a reader busy: in their texts, and in the files that have to be opened."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable
from struct import pack
from typing import NamedTuple

from tests import winmail

PLAIN = b"From: Ann <ann@customer.example>\nSubject: Late\nMessage-ID: <1@customer.example>\n"
KB = 1024


class Hostile(NamedTuple):
    """A kind of hostile mail."""

    make: Callable[[int], bytes]
    """The mail of a size."""
    full: int
    """The size at which it must still be read within the promised time and memory."""


def part(kind: bytes, content: bytes, encoding: bytes = b"") -> bytes:
    """The fields and content of a part or, behind other fields, of a mail."""
    said = b"Content-Transfer-Encoding: " + encoding + b"\n" if encoding else b""
    return b"Content-Type: " + kind + b"\n" + said + b"\n" + content + b"\n"


def several(parts: Iterable[bytes]) -> bytes:
    """A mail of several parts."""
    inner = b"".join(b"--b\n" + one for one in parts)
    return PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n" + inner + b"--b--\n"


def text(unit: bytes, before: bytes = b"", after: bytes = b"", kind: bytes = b"text/plain") -> Hostile:
    """A text that says the same thing a million times, in 20 MB."""
    full = 20 * KB * KB // len(unit)
    return Hostile(lambda n: PLAIN + part(kind, before + unit * n + after), full)


def encoded(unit: bytes, encoding: bytes, count: int, kind: bytes = b"text/plain; charset=utf-8") -> Hostile:
    """A text that is encoded for its way, or pretends to be."""
    return Hostile(lambda n: PLAIN + part(kind, unit * n, encoding), count)


def page(unit: bytes, count: int, before: bytes = b"<p>Hello.</p>", after: bytes = b"") -> Hostile:
    """A page in HTML that says the same thing many times."""
    return Hostile(lambda n: PLAIN + part(b"text/html", before + unit * n + after + b"<p>Bye.</p>"), count)


def attached(kind: bytes, make: Callable[[int], bytes], full: int) -> Hostile:
    """A mail with one part whose content has to be opened."""
    return Hostile(
        lambda n: several([part(b"text/plain", b""), part(kind, base64.encodebytes(make(n)), b"base64")]),
        full,
    )


def numbered(unit: bytes, count: int) -> Hostile:
    """A page whose elements all differ."""
    return Hostile(
        lambda n: PLAIN + part(b"text/html", b"".join(unit.replace(b"#", b"%d" % one) for one in range(n))),
        count,
    )


def styles(n: int) -> bytes:
    rules = b"".join(b".c%d, #i%d > p { display: none }\n" % (one, one) for one in range(n))
    uses = b"".join(b"<p class='c%d c1 c2'>Hello.</p>" % (one % 1000) for one in range(n // 10))
    return PLAIN + part(b"text/html", b"<style>" + rules + b"</style>" + uses)


def huge_attribute(n: int) -> bytes:
    """Of n kB."""
    return PLAIN + part(b"text/html", b"<div style='" + b"display:none;" * (n * 80) + b"'>Hello.</div>")


def attributes(n: int) -> bytes:
    named = b"".join(b" a%d=x" % one for one in range(n))
    return PLAIN + part(b"text/html", b"<div" + named + b">Hello.</div>")


def uuencoded(n: int) -> bytes:
    return PLAIN + part(b"text/plain", b"begin 644 a.txt\n" + b"M" + b"!" * 60 + b"\n" * n)


def uu_lines(n: int) -> bytes:
    return PLAIN + part(b"text/plain", b"begin 644 a.txt\n" + (b"M" + b"!" * 60 + b"\n") * n)


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes((size,)) if size < 128 else bytes((0x84,)) + pack(">I", size)
    return bytes((tag,)) + length + content


def signed_in_signed(n: int) -> bytes:
    """Octet strings in octet strings, with indefinite lengths that never end."""
    return bytes.fromhex(
        "3080 06092a864886f70d010702 a080 3080 020101 3100 3080 06092a864886f70d010701 a080"
    ) + (b"\x24\x80" * n)


def in_pieces(n: int) -> bytes:
    return signed_in_signed(1) + b"\x04\x01x" * n


def compressed(n: int) -> bytes:
    """n MB of nothing, compressed (RFC 3274)."""
    packer = zlib.compressobj(9)
    return in_compressed_data(b"".join(packer.compress(bytes(KB * KB)) for _ in range(n)) + packer.flush())


def packed(content: bytes) -> bytes:
    return in_compressed_data(zlib.compress(content))


def in_compressed_data(squeezed: bytes) -> bytes:
    inner = der(0x30, der(0x06, bytes.fromhex("2a864886f70d010701")) + der(0xA0, der(0x04, squeezed)))
    algorithm = der(0x30, der(0x06, bytes.fromhex("2a864886f70d0109100308")))
    whole = der(0x30, der(0x02, b"\0") + algorithm + inner)
    return der(0x30, der(0x06, bytes.fromhex("2a864886f70d0109100109")) + der(0xA0, whole))


def tnef_properties(n: int) -> bytes:
    each = winmail.properties(*[winmail.prop(0x1000, winmail.STRING8, b"x")] * n)
    return winmail.stream(winmail.attribute(winmail.MESSAGE, winmail.PROPERTIES, each))


def tnef_files(n: int) -> bytes:
    return winmail.stream(*[winmail.file(b"a.txt", b"x")] * n)


def tnef_in_tnef(n: int) -> bytes:
    inner = winmail.stream()
    for _ in range(n):
        value = winmail.properties(winmail.prop(winmail.FILE_DATA, winmail.OBJECT, bytes(16) + inner))
        method = winmail.prop(winmail.METHOD, winmail.LONG, pack("<I", 5))
        inner = winmail.stream(winmail.file(b"a", b"", method, value[4:]))
    return inner


def tnef_that_lies(n: int) -> bytes:
    return winmail.stream() + pack("<BII", 1, winmail.PROPERTIES, 0xFFFFFFFF) + b"\xff" * n


def rtf(unit: bytes) -> Callable[[int], bytes]:
    def make(n: int) -> bytes:
        stored = winmail.stored_rtf(b"{\\rtf1\\ansi " + unit * n)
        each = winmail.properties(winmail.prop(winmail.RTF, winmail.BINARY, stored))
        return winmail.stream(winmail.attribute(winmail.MESSAGE, winmail.PROPERTIES, each))

    return make


def rtf_compressed(n: int) -> bytes:
    """n units, of which each asks for 8 times the longest repetition."""
    data = b"\xff" + b"\x00\x0f" * 8
    head = pack("<IIII", len(data) * n + 12, 0xFFFFFFFF, 0x75465A4C, 0)
    each = winmail.properties(winmail.prop(winmail.RTF, winmail.BINARY, head + data * n))
    return winmail.stream(winmail.attribute(winmail.MESSAGE, winmail.PROPERTIES, each))


def status(unit: bytes) -> Callable[[int], bytes]:
    """A bounce whose delivery status says the same thing many times."""

    def make(n: int) -> bytes:
        head = b"Return-Path: <>\nFrom: mailer-daemon@firm.example\nSubject: Undelivered mail\n"
        kind = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        report = part(b"message/delivery-status", b"Reporting-MTA: dns; x\n\n" + unit * n)
        return head + kind + b"--b\n" + part(b"text/plain", b"Failed.") + b"--b\n" + report + b"--b--\n"

    return make


def told_in_text(unit: bytes) -> Callable[[int], bytes]:
    """A bounce in plain words that says the same thing many times."""
    head = (
        b"Return-Path: <>\nFrom: mailer-daemon@firm.example\nSubject: Undelivered mail returned to sender\n"
    )
    return lambda n: head + b"\nThis mail could not be delivered:\n\n" + unit * n + b"\n"


def reply(unit: bytes) -> Hostile:
    head = PLAIN.replace(b"Subject: ", b"Subject: Re: ") + b"In-Reply-To: <0@firm.example>\n"
    return Hostile(lambda n: head + part(b"text/plain", b"Hello.\n" + unit * n), 20 * KB * KB // len(unit))


OF_TEXT: dict[str, Hostile] = {
    "50 MB of text": Hostile(lambda n: PLAIN + b"\n" + b"My parcel is lost, and it rains.\n" * n, 1_500_000),
    "50 MB in one line": Hostile(lambda n: PLAIN + b"\n" + b"lost " * n, 10_000_000),
    "50 MB of one letter": Hostile(lambda n: PLAIN + b"\n" + b"x" * n, 50_000_000),
    "50 MB of NUL": Hostile(lambda n: PLAIN + b"\n" + b"\0" * n, 50_000_000),
    "NULs from the first byte": Hostile(lambda n: b"\0" * n, 50_000_000),
    "20 MB of bytes above 127": text(bytes(range(128, 256))),
    "20 MB of UTF-16": Hostile(
        lambda n: (PLAIN + b"\n" + b"Late. " * n).decode().encode("utf-16"), 1_700_000
    ),
    "50 MB of base64": encoded(base64.encodebytes(b"My parcel is lost. " * 3), b"base64", 650_000),
    "base64 in lines of one letter": encoded(b"A\n", b"base64", 10_000_000),
    "base64 that is none": encoded("שלום\n".encode(), b"base64", 2_000_000),
    "=\\n, 10,000,000 times": encoded(b"=\n", b"quoted-printable", 10_000_000),
    "=3D, 7,000,000 times": encoded(b"=3D", b"quoted-printable", 7_000_000),
    "=, 20,000,000 times": encoded(b"=", b"quoted-printable", 20_000_000),
    "= and blanks, 10,000,000 times": encoded(b"= ", b"quoted-printable", 10_000_000),
    "blanks at the end, quoted-printable": encoded(b" " * 1000 + b"x\n", b"quoted-printable", 20_000),
    "format=flowed, 20 MB": text(b"> x \n", kind=b"text/plain; format=flowed; delsp=yes"),
    "format=flowed, one quote": text(b">", kind=b"text/plain; format=flowed"),
    "format=flowed, blanks": text(b" \n", kind=b"text/plain; format=flowed"),
    "UTF-7": text(b"+AAAA-", kind=b"text/plain; charset=utf-7"),
    "UTF-7 that never ends": text(b"+", kind=b"text/plain; charset=utf-7"),
    "HZ": text(b"~{VPND~}", kind=b"text/plain; charset=hz-gb-2312"),
    "HZ that never closes": text(b"~{", kind=b"text/plain; charset=hz-gb-2312"),
    "ISO-2022-JP": text(b"\x1b$B\x30\x21\x1b(B", kind=b"text/plain; charset=iso-2022-jp"),
    "ISO-2022-JP, vendor's": text(b"\x1b$B\x2d\x21\x1b(I1", kind=b"text/plain; charset=iso-2022-jp"),
    "ISO-2022-KR": text(b"\x0e\x30\x21\x0f\n", before=b"\x1b$)C", kind=b"text/plain; charset=iso-2022-kr"),
    "escapes alone": text(b"\x1b", kind=b"text/plain; charset=iso-2022-jp"),
    "punycode": text(b"a-", kind=b"text/plain; charset=punycode"),
    "GB18030": text(b"\x81\x30\x81\x30", kind=b"text/plain; charset=gb18030"),
    "unknown charset": text("שלום\n".encode("cp1255"), kind=b"text/plain; charset=x-none"),
    "mixed charsets": text("שלום é\n".encode() + "سلام\n".encode("cp1256"), kind=b"text/plain"),
    "blank lines": text(b"\n"),
    "blank lines with blanks": text(b" \t\n"),
    "blank lines, CR and LF": text(b"\r\n", after=b"x"),
    "no-break blanks": text("\u00a0".encode(), kind=b"text/plain; charset=utf-8"),
    "accents on one letter": text("\u0301".encode(), before=b"a", kind=b"text/plain; charset=utf-8"),
    "marks of direction": text("\u202e".encode(), kind=b"text/plain; charset=utf-8"),
    "letters that grow when composed": text("\ufdfa".encode(), kind=b"text/plain; charset=utf-8"),
    "uuencoded": Hostile(uu_lines, 330_000),
    "uuencoded, blank lines": Hostile(uuencoded, 20_000_000),
    "uuencoded, begins alone": text(b"begin 644 a.txt\n"),
    "uuencoded, begins and lines": text(b"begin 644 a.txt\nM" + b"!" * 60 + b"\n"),
    "uuencoded, base64 begins": text(b"begin-base64 644 a.txt\nAAAA\n"),
    "x-uuencode": encoded(b"M" + b"!" * 60 + b"\n", b"x-uuencode", 330_000),
    "PGP begins": text(b"-----BEGIN PGP MESSAGE-----\n\n"),
    "PGP signed begins": text(b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n\nHello.\n"),
    "enriched": text(b"<bold><", kind=b"text/enriched"),
    "richtext": text(b"<nl><lt>", kind=b"text/richtext"),
}  # fmt: skip

QUOTES: dict[str, Hostile] = {
    f"20 MB of {name}": reply(unit)
    for name, unit in {
        ">": b">",
        "> lines": b">\n",
        "> > >": b"> ",
        "colons": b":",
        "lines of a colon": b":\n",
        "lines that begin with On": b"On \n",
        "On without an end": b"On ",
        "lines that end with wrote": b"On Mon, Ann wrote:\n",
        "half introductions": b"On Mon, 2 Mar 2026 at 09:30, Ann\n",
        "introductions and quotes": b"On Mon, 2 Mar 2026 at 09:30, Ann <ann@x.example> wrote:\n> x\n",
        "From lines": b"From: x\n",
        "Outlook's heads": b"From: Ann\nSent: Monday\nTo: Bo\nSubject: x\n\n",
        "bold heads": b"*From:* Ann\n*Sent:* Monday\n",
        "lines of dashes": b"-- \n",
        "dashes": b"-",
        "underscores": b"_",
        "original messages": b"-----Original Message-----\n",
        "sent from": b"Sent from my phone\n",
        "addresses": b"<a@x.example> ",
        "at signs": b"@",
        "links": b"https://x.example/ ",
        "half links": b"https://",
        "brackets": b"[",
        "angles": b"<",
        "parentheses": b"(",
        "stars": b"*",
        "bars": b"|",
        "digits": b"1",
        "times": b"09:30 ",
        "dates": b"2026-03-02 ",
        "Persian": "در تاریخ دوشنبه نوشت:\n".encode(),
        "Hebrew": "ב-2 במרץ כתב:\n".encode(),
        "tabs": b"\t",
        "disclaimers": b"This e-mail is confidential.\n",
        "regards": b"Regards,\nAnn\n",
    }.items()
}

HTML: dict[str, Hostile] = {
    "a page of 1 MB": page(b"<p>Hello.</p>", 80_000),
    "a page of 20 MB": page(b"<p>Hello.</p>", 1_600_000),
    **{
        f"100,000 nested {name}": page(b"<" + tag + b">", 100_000)
        for name, tag in (
            ("div", b"div"), ("b", b"b"), ("a", b"a href='https://x.example/'"), ("font", b"font"),
            ("table", b"table"), ("cells", b"table><tr><td"), ("blockquote", b"blockquote"),
            ("li", b"ul><li"),
            ("p", b"p"), ("select", b"select"), ("svg", b"svg"), ("template", b"template"), ("form", b"form"),
            ("b and p", b"b><p"), ("a and div", b"a><div"), ("gmail_quote", b"div class=gmail_quote"),
            ("hidden", b"div style='display:none'"),
        )
    },
    "nested and closed": Hostile(
        lambda n: PLAIN + part(b"text/html", b"<div>" * n + b"x" + b"</div>" * n), 100_000
    ),
    "20 MB of nested div": page(b"<div>", 4_000_000),
    "20 MB of nested b": page(b"<b>", 6_500_000),
    "ends without a begin": page(b"</div></b></p>", 1_000_000),
    "a million siblings": page(b"<i></i>", 1_000_000),
    "a million br": page(b"<br>", 1_000_000),
    "a million hidden": page(b"<i style='display:none'>x</i>", 600_000),
    "a million rows": page(b"<tr><td>x", 1_000_000, before=b"<table>"),
    "a million links": page(b"<a href='https://x.example/'>https://x.example/</a>", 400_000),
    "a million quotes": page(b"<blockquote>x</blockquote>", 700_000),
    "a million images": page(b"<img alt=x src=cid:x>", 900_000),
    "100,000 rules": Hostile(styles, 100_000),
    "a million other classes": numbered(b"<p class='a# b# c#'>x</p>", 400_000),
    "an attribute of 10 MB": Hostile(huge_attribute, 10 * KB),
    "a million attributes": Hostile(attributes, 1_000_000),
    "entities": page(b"&amp;", 4_000_000),
    "half entities": page(b"&", 20_000_000),
    "numbers as entities": page(b"&#x5e9;", 2_800_000),
    "comments that never end": page(b"<!--", 5_000_000),
    "comments of Word": page(b"<!--[if mso]>x<![endif]-->", 700_000),
    "less-than signs": page(b"<", 20_000_000),
    "styles that never end": page(b"<style>", 2_800_000),
    "scripts": page(b"<script>x</script>", 1_000_000),
    "textareas": page(b"<textarea>", 2_000_000),
    "declarations": page(b"<!DOCTYPE html><html><body>", 700_000),
    "CDATA": page(b"<![CDATA[", 2_000_000),
    "a text of 20 MB in one element": page(b"Hello. ", 2_800_000, before=b"<pre>"),
    "blanks": page(b" ", 20_000_000),
}  # fmt: skip

OPENED: dict[str, Hostile] = {
    "S/MIME without an end": attached(b"application/pkcs7-mime", signed_in_signed, 1_000_000),
    "S/MIME in pieces": attached(b"application/pkcs7-mime", in_pieces, 1_000_000),
    "S/MIME, 2 GB compressed": attached(b"application/pkcs7-mime", compressed, 2 * KB),
    "winmail.dat, 100,000 properties": attached(b"application/ms-tnef", tnef_properties, 100_000),
    "winmail.dat, 50,000 files": attached(b"application/ms-tnef", tnef_files, 50_000),
    "winmail.dat in winmail.dat": attached(b"application/ms-tnef", tnef_in_tnef, 300),
    "winmail.dat that lies": attached(b"application/ms-tnef", tnef_that_lies, 3_000_000),
    "RTF, groups": attached(b"application/ms-tnef", rtf(b"{"), 3_000_000),
    "RTF, words": attached(b"application/ms-tnef", rtf(b"\\b\\par "), 400_000),
    "RTF, signs": attached(b"application/ms-tnef", rtf(b"\\'e9\\u233?"), 300_000),
    "RTF, compressed": attached(b"application/ms-tnef", rtf_compressed, 170_000),
    "an invitation of properties": attached(
        b"text/calendar", lambda n: b"BEGIN:VEVENT\n" + b"SUMMARY;A=b;C=d:x\n" * n, 500_000
    ),
    "an invitation in one line": attached(
        b"text/calendar", lambda n: b"BEGIN:VEVENT\nDESCRIPTION" + b';A="b"' * n, 1_000_000
    ),
    "an invitation of folds": attached(
        b"text/calendar", lambda n: b"BEGIN:VEVENT\nDESCRIPTION:x" + b"\n x" * n, 3_000_000
    ),
    "an invitation of begins": attached(b"text/calendar", lambda n: b"BEGIN:VEVENT\n" * n, 700_000),
    "a status of recipients": Hostile(
        status(b"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n"), 120_000
    ),
    "a status of blank lines": Hostile(status(b"\n"), 10_000_000),
    "a status of fields": Hostile(status(b"Final-Recipient: rfc822; a@x.example\n"), 250_000),
    "a bounce of addresses": Hostile(told_in_text(b"<a@x.example>: 550 5.1.1 unknown user\n"), 250_000),
    "a bounce of begins": Hostile(told_in_text(b"------ This is a copy of the message ------\n"), 200_000),
    "a bounce of fields": Hostile(told_in_text(b"To: a@x.example\nMessage-ID: <1@x.example>\n\n"), 200_000),
    "a bounce of codes": Hostile(told_in_text(b"550 "), 2_500_000),
}

TEXTS: dict[str, Hostile] = {**OF_TEXT, **QUOTES, **HTML, **OPENED}
