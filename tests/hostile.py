"""Mails that were made to keep a reader busy: in their headers and their structure, each of any size.

`ALL` has every one of them, those of tests/hostile_texts.py too; tests/test_inbox_hostile.py reads them small
and bench/hostile.py whole.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from tests import hostile_texts
from tests.hostile_texts import PLAIN, Hostile, part, several

WORD = b"=?utf-8?Q?=D7=A9?= "
BASE64_WORD = b"=?utf-8?B?16nXnNeV150=?= "
ADDRESS_FIELDS = (b"From", b"To", b"Reply-To")


def field(name: bytes, value: bytes) -> bytes:
    """A mail with this field, in the place of the usual one of that name."""
    rest = [line for line in PLAIN.splitlines() if not line.startswith(name + b":")]
    return b"\n".join([*rest, name + b": " + value]) + b"\n\nHello.\n"


def nested_multiparts(n: int) -> bytes:
    opened = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one) for one in range(n))
    return PLAIN + b"".join(opened) + b"\nhello\n"


def nested_and_closed(n: int) -> bytes:
    closed = b"".join(b"\n--b%d--\n" % one for one in reversed(range(n)))
    return nested_multiparts(n) + closed


def nested_messages(n: int) -> bytes:
    return PLAIN + b"Content-Type: message/rfc822\n\n" * n + b"hello\n"


def nested_in_turn(n: int) -> bytes:
    both = b"Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
    return PLAIN + b"".join(both % (one, one) for one in range(n // 2)) + b"\nhello\n"


def nested_with_one_boundary(n: int) -> bytes:
    return PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * n + b"\nhello\n--b--\n"


def nested_beside_each_other(n: int) -> bytes:
    inner = b"Content-Type: multipart/mixed; boundary=i%d\n\n--i%d\n\nx\n--i%d--\n"
    return several(inner % (one, one, one) for one in range(n))


def boundaries_that_begin_alike(n: int) -> bytes:
    names = [b"b" * (one + 1) for one in range(19)]
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n" % (one, one) for one in names)
    return PLAIN + opened + b"\nx\n" + (b"--" + b"b" * 20 + b"\n") * n


def parts(n: int) -> bytes:
    return several(b"\nx\n" for _ in range(n))


def parts_with_fields(n: int) -> bytes:
    return several(part(b"text/plain", b"Hello.") for _ in range(n))


def parts_closed_again_and_again(n: int) -> bytes:
    return PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n--b--\n" * n


def boundary_lines(n: int) -> bytes:
    return PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * n


def lines_like_boundaries(n: int) -> bytes:
    return PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + b"--c\n" * n


def boundary_untold(n: int) -> bytes:
    return PLAIN + b"Content-Type: multipart/mixed\n\n" + b"--y\n\nz\n" * n


def attachments(n: int) -> bytes:
    """In all n kB, in 150 parts."""
    data = (b"A" * 76 + b"\n") * (n * 1024 // 150 // 77 + 1)
    fields = b"Content-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: base64\n\n"
    return several(fields + data for _ in range(150))


def small_attachments(n: int) -> bytes:
    return several(part(b"application/pdf; name=a.pdf", b"%PDF") for _ in range(n))


def messages_beside_each_other(n: int) -> bytes:
    return several(part(b"message/rfc822", PLAIN + b"\nHello.\n") for _ in range(n))


def encoded_messages(n: int) -> bytes:
    inner = b"TWltZS1WZXJzaW9uOiAxLjAKCkhlbGxvLgo=\n"
    fields = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    return several(fields + inner for _ in range(n))


def a_digest(n: int) -> bytes:
    opened = PLAIN + b"Content-Type: multipart/digest; boundary=b\n\n"
    return opened + b"--b\n\nSubject: one\n\nHello.\n" * n + b"--b--\n"


def fields(n: int) -> bytes:
    return PLAIN + b"".join(b"X-Field-%d: y\n" % one for one in range(n)) + b"\nHello.\n"


def fields_of_one_name(n: int) -> bytes:
    return PLAIN + b"From: Bo <bo@customer.example>\n" * n + b"\nHello.\n"


def broken_fields(n: int) -> bytes:
    return PLAIN + b"no field\nX: y\n" * n + b"\nHello.\n"


def blank_folds(n: int) -> bytes:
    return PLAIN + b"X: y\n" + b" \n" * n + b"\nHello.\n"


def folded_field(n: int) -> bytes:
    return field(b"Subject", b"late\n " * n)


def long_field(n: int) -> bytes:
    """A field of n kB."""
    return field(b"X-Long", b"y" * 1024 * n)


def received(n: int) -> bytes:
    """n kB of one Received."""
    return field(b"Received", b"from a (b [192.0.2.1])\n\tby c; " * (n * 32))


def many_received(n: int) -> bytes:
    return PLAIN + b"Received: from a by b; Mon, 02 Mar 2026 09:30:00 +0330\n" * n + b"\nHello.\n"


def no_line_end(n: int) -> bytes:
    """An mbox line of n kB without an end, full of times."""
    return b"From " + b"00:00 " * (n * 1024 // 6)


def blanks_before(n: int) -> bytes:
    return b" \t\r" * n + PLAIN + b"\nHello.\n"


def carriage_returns(n: int) -> bytes:
    return PLAIN + b"X: " + b"\r" * n + b"\n\n" + b"\r" * n + b"\r\n"


def words_in(name: bytes, word: bytes) -> Callable[[int], bytes]:
    return lambda n: field(name, word * n)


def words_in_a_filename(n: int) -> bytes:
    return several([part(b'application/pdf; name="' + WORD * n + b'"', b"%PDF")])


def half_words(n: int) -> bytes:
    return field(b"Subject", b"=?utf-8?Q?" * n)


def charsets_of_words(n: int) -> bytes:
    return field(b"Subject", b"".join(b"=?x-%d?Q?=D7=A9?= " % one for one in range(n)))


def recipients(n: int) -> bytes:
    return field(b"To", b", ".join(b"Bo <bo%d@firm.example>" % one for one in range(n)))


def letters_in(name: bytes, letter: bytes) -> Callable[[int], bytes]:
    return lambda n: field(name, letter * n + b" ann@customer.example")


def group(n: int) -> bytes:
    return field(b"To", b"a:" * n + b";" * n)


def route(n: int) -> bytes:
    return field(b"From", b"<" + b"@a.example," * n + b":ann@customer.example>")


def references(n: int) -> bytes:
    return field(b"References", b"".join(b"<%d@customer.example>\n " % one for one in range(n)))


def long_id(n: int) -> bytes:
    """A Message-ID of n kB."""
    return field(b"Message-ID", b"<" + b"a" * 1024 * n + b"@x>")


def identifiers_unclosed(n: int) -> bytes:
    return field(b"In-Reply-To", b"<a@x " * n)


def content_parameters(n: int) -> bytes:
    return field(b"Content-Type", b"text/plain" + b"".join(b";\n p%d=v" % one for one in range(n)))


def pieces(n: int) -> bytes:
    named = b"".join(b";\n name*%d=a" % one for one in range(n))
    return several([part(b"application/pdf" + named, b"%PDF")])


def encoded_pieces(n: int) -> bytes:
    named = b"".join(b";\n name*%d*=%s%%D7%%A9" % (one, b"" if one else b"utf-8''") for one in range(n))
    return several([part(b"application/pdf" + named, b"%PDF")])


def pieces_of_one_number(n: int) -> bytes:
    return several([part(b"application/pdf" + b"; name*0=a" * n, b"%PDF")])


def many_content_types(n: int) -> bytes:
    return PLAIN + b"Content-Type: text/plain; charset=utf-8\n" * n + b"\nHello.\n"


def many_encodings(n: int) -> bytes:
    return PLAIN + b"Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 8bit\n" * n + b"\nHello.\n"


def date(n: int) -> bytes:
    return field(b"Date", b"Mon, (" * n + b"02 Mar 2026 09:30:00 +0330")


def subject_marks(n: int) -> bytes:
    return field(b"Subject", b"Re: Fwd: [x] " * n)


def authentication(n: int) -> bytes:
    return field(b"Authentication-Results", b"mx.example; " + b"dkim=pass (x) header.d=x.example; " * n)


def delivered_to(n: int) -> bytes:
    return PLAIN + b"".join(b"Delivered-To: a%d@x.example\n" % one for one in range(n)) + b"\nHello.\n"


def all_at_once(n: int) -> bytes:
    """Fields, recipients, words, parts, depth, quotes and HTML together."""
    head = PLAIN + b"To: " + b"a@x.example, " * n + b"\nReferences: " + b"<a@x> " * n + b"\n"
    head += b"X: y\n" * n + b"Content-Type: multipart/mixed; boundary=b\n\n"
    texts = b"--b\n\n" + b"> " * n + b"\nOn x wrote:\n" * n + b"\n"
    page = b"--b\nContent-Type: text/html\n\n" + b"<div><table>" * n + b"\n"
    return head + texts + page + b"--b\nContent-Type: message/rfc822\n\n" * n + b"--b\n\nx\n" * n


def pages(unit: bytes) -> Callable[[int], bytes]:
    """n kB of HTML, in eight parts."""

    def make(n: int) -> bytes:
        page = b"<p>Hello.</p>" + unit * (n * 1024 // 8 // len(unit))
        return several(part(b"text/html", page) for _ in range(8))

    return make


def texts_of_no_charset(n: int) -> bytes:
    """n texts of 20 kB, each in bytes that fit many charsets."""
    letters = bytes(range(0xC0, 0x100)) * 320
    return several(part(b"text/plain; charset=x-%d" % one, letters) for one in range(n))


def compressed_parts(n: int) -> bytes:
    squeezed = base64.encodebytes(hostile_texts.compressed(20))
    return several(part(b"application/pkcs7-mime", squeezed, b"base64") for _ in range(n))


def compressed_in_compressed(n: int) -> bytes:
    inner = PLAIN + b"\nHello.\n"
    for _ in range(n):
        squeezed = hostile_texts.packed(inner)
        inner = part(b"application/pkcs7-mime", base64.encodebytes(squeezed), b"base64")
    return PLAIN + inner


def winmails(n: int) -> bytes:
    inner = base64.encodebytes(hostile_texts.rtf(b"{\\b x")(4_000))
    return several(part(b"application/ms-tnef", inner, b"base64") for _ in range(n))


def forwarded_pages(n: int) -> bytes:
    """n mails in one, each with a page of quotes in quotes."""
    page = PLAIN + part(b"text/html", b"<blockquote>x" * 1000)
    return several(part(b"message/rfc822", page) for _ in range(n))


def alternatives(n: int) -> bytes:
    both = part(b"text/plain", b"> x\n" * 5000) + b"--b\n" + part(b"text/html", b"<div>x" * 5000)
    opened = PLAIN + b"Content-Type: multipart/alternative; boundary=b\n\n"
    return opened + (b"--b\n" + both) * n + b"--b--\n"


def bounce_of_everything(n: int) -> bytes:
    head = b"Return-Path: <>\nFrom: mailer-daemon@firm.example\nSubject: Undelivered mail\n"
    kind = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    status = b"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n" * 50
    each = (
        b"--b\n" + part(b"message/delivery-status", status) + b"--b\n" + part(b"text/rfc822-headers", PLAIN)
    )
    return head + kind + each * n + b"--b--\n"


HEADERS: dict[str, Hostile] = {
    "100,000 fields": Hostile(fields, 100_000),
    "100,000 From fields": Hostile(fields_of_one_name, 100_000),
    "100,000 broken fields": Hostile(broken_fields, 100_000),
    "100,000 folds of nothing": Hostile(blank_folds, 100_000),
    "1,000,000 folds": Hostile(folded_field, 1_000_000),
    "a field of 10 MB": Hostile(long_field, 10 * 1024),
    "a Received of 1 MB": Hostile(received, 1024),
    "100,000 Received": Hostile(many_received, 100_000),
    "an mbox line of 5 MB without an end": Hostile(no_line_end, 5 * 1024),
    "5,000,000 blanks before the mail": Hostile(blanks_before, 5_000_000),
    "10,000,000 carriage returns": Hostile(carriage_returns, 10_000_000),
    "10,000 words in Subject": Hostile(words_in(b"Subject", WORD), 10_000),
    "200,000 words in Subject": Hostile(words_in(b"Subject", WORD), 200_000),
    "200,000 base64 words in Subject": Hostile(words_in(b"Subject", BASE64_WORD), 200_000),
    "200,000 words in From": Hostile(words_in(b"From", WORD), 200_000),
    "200,000 words in To": Hostile(words_in(b"To", WORD), 200_000),
    "200,000 words in an unknown field": Hostile(words_in(b"X-Field", WORD), 200_000),
    "200,000 words in a filename": Hostile(words_in_a_filename, 200_000),
    "200,000 half words": Hostile(half_words, 200_000),
    "200,000 charsets of words": Hostile(charsets_of_words, 200_000),
    "50,000 recipients": Hostile(recipients, 50_000),
    "200,000 groups": Hostile(group, 200_000),
    "100,000 routes": Hostile(route, 100_000),
    "a quote bomb of 50 kB": Hostile(letters_in(b"From", b'"'), 50_000),
    "a quote bomb of 5 MB": Hostile(letters_in(b"From", b'"'), 5_000_000),
    **{
        f"200,000 times {letter.decode()} in {name.decode()}": Hostile(letters_in(name, letter), 200_000)
        for letter in (b"<", b"(", b'"', b",", b"@", b"\\", b"[", b";", b":", b'"a" ', b"a@b ", b"(<")
        for name in ADDRESS_FIELDS
    },
    "100,000 references": Hostile(references, 100_000),
    "100,000 unclosed identifiers": Hostile(identifiers_unclosed, 100_000),
    "a Message-ID of 1 MB": Hostile(long_id, 1024),
    "100,000 parameters": Hostile(content_parameters, 100_000),
    "100,000 pieces of a name": Hostile(pieces, 100_000),
    "100,000 encoded pieces": Hostile(encoded_pieces, 100_000),
    "100,000 times piece 0": Hostile(pieces_of_one_number, 100_000),
    "100,000 Content-Type": Hostile(many_content_types, 100_000),
    "100,000 encodings": Hostile(many_encodings, 100_000),
    "100,000 comments in Date": Hostile(date, 100_000),
    "100,000 marks in Subject": Hostile(subject_marks, 100_000),
    "100,000 results of authentication": Hostile(authentication, 100_000),
    "100,000 Delivered-To": Hostile(delivered_to, 100_000),
}

STRUCTURE: dict[str, Hostile] = {
    "depth 5,000, multiparts": Hostile(nested_multiparts, 5_000),
    "depth 100,000, multiparts": Hostile(nested_multiparts, 100_000),
    "depth 5,000, closed": Hostile(nested_and_closed, 5_000),
    "depth 5,000, messages": Hostile(nested_messages, 5_000),
    "depth 300,000, messages": Hostile(nested_messages, 300_000),
    "depth 5,000, in turn": Hostile(nested_in_turn, 5_000),
    "depth 100,000, one boundary": Hostile(nested_with_one_boundary, 100_000),
    "100,000 multiparts in one": Hostile(nested_beside_each_other, 100_000),
    "1,000,000 boundaries that begin alike": Hostile(boundaries_that_begin_alike, 1_000_000),
    "10,000 parts": Hostile(parts, 10_000),
    "100,000 parts": Hostile(parts, 100_000),
    "100,000 parts with fields": Hostile(parts_with_fields, 100_000),
    "100,000 ends": Hostile(parts_closed_again_and_again, 100_000),
    "6,000,000 boundary lines": Hostile(boundary_lines, 6_000_000),
    "6,000,000 lines like boundaries": Hostile(lines_like_boundaries, 6_000_000),
    "1,000,000 parts without a boundary": Hostile(boundary_untold, 1_000_000),
    "50 MB of attachments": Hostile(attachments, 50 * 1024),
    "100,000 attachments": Hostile(small_attachments, 100_000),
    "100,000 messages": Hostile(messages_beside_each_other, 100_000),
    "100,000 encoded messages": Hostile(encoded_messages, 100_000),
    "a digest of 100,000": Hostile(a_digest, 100_000),
    "all at once": Hostile(all_at_once, 100_000),
}

COMBINED: dict[str, Hostile] = {
    "8 MB of nested div in eight pages": Hostile(pages(b"<div>"), 8 * 1024),
    "8 MB of nested quotes in eight pages": Hostile(pages(b"<blockquote>"), 8 * 1024),
    "8 MB of lists in eight pages": Hostile(pages(b"<ul><li>x"), 8 * 1024),
    "8 MB of tables in eight pages": Hostile(pages(b"<table><tr><td>"), 8 * 1024),
    "8 MB of classes in eight pages": Hostile(pages(b"<p class='a b c'>x</p>"), 8 * 1024),
    "8 MB of hidden words in eight pages": Hostile(pages(b"<i style='display:none'>x</i>"), 8 * 1024),
    "8 MB of b in eight pages": Hostile(pages(b"<b>"), 8 * 1024),
    "1 MB of b in eight pages": Hostile(pages(b"<b>"), 1024),
    "1 MB of lists in eight pages": Hostile(pages(b"<ul><li>x"), 1024),
    "8 MB of line breaks in eight pages": Hostile(pages(b"<br>"), 8 * 1024),
    "190 texts of no charset": Hostile(texts_of_no_charset, 190),
    "190 parts of compressed S/MIME": Hostile(compressed_parts, 190),
    "S/MIME in S/MIME, compressed": Hostile(compressed_in_compressed, 100),
    "190 winmail.dat": Hostile(winmails, 190),
    "190 forwarded pages of quotes": Hostile(forwarded_pages, 190),
    "190 alternatives": Hostile(alternatives, 95),
    "a bounce of 190 statuses": Hostile(bounce_of_everything, 95),
}

ALL: dict[str, Hostile] = {**HEADERS, **STRUCTURE, **hostile_texts.TEXTS, **COMBINED}
