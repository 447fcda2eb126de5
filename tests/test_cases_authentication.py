"""Whom our own mail server vouches for, and what a forger writes to look vouched for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.authentication import is_genuine

BORDER = "mx.example.com"
SENDER = "sara@example.com"


def genuine(*fields: str, authserv_id: str = BORDER, sender: str = SENDER) -> bool:
    return is_genuine(fields, authserv_id, sender)


GOOD = {
    "the least": "mx.example.com; dmarc=pass",
    "gmail": (
        "mx.example.com; dkim=pass header.i=@example.com header.s=s1 header.b=aBc12D/e; "
        "spf=pass (mx.example.com: domain of sara@example.com designates 192.0.2.1 as permitted sender) "
        "smtp.mailfrom=sara@example.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com"
    ),
    "opendmarc": "mx.example.com; dmarc=pass (p=none dis=none) header.from=example.com",
    "opendkim alone": (
        "mx.example.com;\tdkim=pass (2048-bit key; unprotected) header.d=example.com header.i=@example.com "
        'header.a=rsa-sha256 header.s=mail header.b="k3/Tx;=Q";\tdkim-atps=neutral'
    ),
    "postfix policy, spf alone": (
        "mx.example.com; spf=pass (sender SPF authorized) smtp.mailfrom=example.com "
        "(client-ip=192.0.2.7; helo=out.example.com; envelope-from=sara@example.com; receiver=<UNKNOWN>)"
    ),
    "exchange behind a named border": (
        "mx.example.com; spf=pass (sender IP is 192.0.2.3) smtp.mailfrom=example.com; dkim=pass "
        "(signature was verified) header.d=example.com;dmarc=pass action=none "
        "header.from=example.com;compauth=pass reason=100"
    ),
    "rspamd": (
        "mx.example.com;\tdkim=pass header.d=example.com header.s=default header.b=Zz9;\t"
        "dmarc=pass (policy=quarantine) header.from=example.com;\tspf=pass (mx.example.com: domain of "
        "sara@example.com designates 192.0.2.9 as permitted sender) smtp.mailfrom=sara@example.com"
    ),
    "a version": "mx.example.com 1; dmarc=pass header.from=example.com",
    "upper case": "MX.Example.COM; DMARC=Pass header.From=EXAMPLE.com",
    "a quoted name": '"mx.example.com"; dmarc=pass',
    "comments everywhere": "(by us) mx.example.com (really) 1 (one); (so) dmarc (x) = (y) pass (z)",
    "nested comments": "mx.example.com; dmarc=pass (a (b (c;d) e) ; dmarc=fail) header.from=example.com",
    "a version of the method": "mx.example.com; dkim/1=pass header.d=example.com",
    "spaces": "  mx.example.com ;  dmarc = pass   header.from = example.com  ",
    "no policy, but aligned": (
        "mx.example.com; dmarc=none header.from=example.com; dkim=pass header.d=example.com"
    ),
    "a mail sent through a list of selectors": (
        'mx.example.com; dkim=fail reason="bad" header.d=example.com; dkim=pass header.d=example.com'
    ),
    "an address in angle brackets": "mx.example.com; spf=pass smtp.mailfrom=<sara@example.com>",
    "an escaped bracket": r"mx.example.com; dmarc=pass (a \) b) header.from=example.com",
}

BAD = {
    "nothing": "",
    "no result": "mx.example.com; none",
    "another server": "mx.example.org; dmarc=pass header.from=example.com",
    "a server that begins like ours": "mx.example.com.example.net; dmarc=pass",
    "a server that ends like ours": "evil-mx.example.com; dmarc=pass",
    "our name in a comment": "evil.example.net (mx.example.com); dmarc=pass",
    "our name second": "evil.example.net mx.example.com; dmarc=pass",
    "no name at all, as outlook.com writes it": (
        "spf=pass (sender IP is 192.0.2.3) smtp.mailfrom=example.com; dkim=pass header.d=example.com;"
        "dmarc=pass action=none header.from=example.com"
    ),
    "a later version": "mx.example.com 2; dmarc=pass",
    "fail": "mx.example.com; dmarc=fail header.from=example.com",
    "a result that begins like pass": "mx.example.com; dmarc=passed",
    "a result that goes on after pass": "mx.example.com; dmarc=pass-not",
    "outlook's best guess": "mx.example.com; dmarc=bestguesspass action=none header.from=example.com",
    "pass for another domain": "mx.example.com; dmarc=pass header.from=example.net",
    "pass for a domain that ends like ours": "mx.example.com; dmarc=pass header.from=notexample.com",
    "pass for both": "mx.example.com; dmarc=pass header.from=example.net header.from=example.com",
    "dkim of another domain": "mx.example.com; dkim=pass header.d=example.net",
    "dkim that claims another identity": (
        "mx.example.com; dkim=pass header.d=example.net header.i=sara@example.com"
    ),
    "spf of another domain": "mx.example.com; spf=pass smtp.mailfrom=sara@example.net",
    "spf of the greeting": "mx.example.com; spf=pass smtp.helo=example.com",
    "dmarc failed although spf passed": (
        "mx.example.com; spf=pass smtp.mailfrom=sara@example.com; dmarc=fail header.from=example.com"
    ),
    "two opinions": "mx.example.com; dmarc=pass header.from=example.com; dmarc=fail header.from=example.com",
    "pass in a comment": "mx.example.com; dmarc=fail (; dmarc=pass header.from=example.com)",
    "pass in a nested comment": "mx.example.com; dmarc=fail (a (b) ; dmarc=pass header.from=example.com)",
    "pass in a comment that never ends": "mx.example.com; spf=fail (; dmarc=pass",
    "pass in a quoted sender": (
        'mx.example.com; spf=pass smtp.mailfrom="; dmarc=pass header.from=example.com"@evil.example.net'
    ),
    "pass in a quoted sender with quotes": (
        r'mx.example.com; spf=pass smtp.mailfrom="a\"; dmarc=pass header.from=example.com"@evil.example.net'
    ),
    "a property in a quoted sender": (
        'mx.example.com; spf=pass smtp.mailfrom="x\tsmtp.mailfrom=sara@example.com"@evil.example.net'
    ),
    "our domain in a quoted sender": (
        'mx.example.com; spf=pass smtp.mailfrom="sara@example.com"@evil.example.net'
    ),
    "a quoted sender that closes the comment about it": (
        'mx.example.com; spf=pass (domain of "x); dmarc=pass header.from=example.com; y=("@evil.example.net '
        "designates 192.0.2.3 as permitted sender) smtp.mailfrom=evil.example.net"
    ),
    "a bracket too many": "mx.example.com; spf=fail ) ; dmarc=pass header.from=example.com",
    "a quote that never ends": 'mx.example.com; dmarc=pass header.from=example.com; x="',
    "an escape outside of quotes": r"mx.example.com; dmarc=pass header.from=example.com \; x=y",
    "a method named in another": "mx.example.com; x-dmarc=pass header.from=example.com",
    "a method put together around a comment": "mx.example.com; dm(x)arc=pass",
    "a reason that says pass": 'mx.example.com; dmarc=fail reason="x; dmarc=pass header.from=example.com"',
    "a property that says pass": "mx.example.com; policy.dmarc=pass header.from=example.com",
}


@pytest.mark.parametrize("field", GOOD.values(), ids=GOOD)
def test_our_border_vouches(field: str) -> None:
    assert genuine(field)


@pytest.mark.parametrize("field", BAD.values(), ids=BAD)
def test_nobody_vouches(field: str) -> None:
    assert not genuine(field)


def test_only_the_topmost_field_counts() -> None:
    ours = "mx.example.com; dmarc=pass header.from=example.com"
    assert genuine(ours, "evil.example.net; dmarc=pass")
    assert not genuine("mx.example.com; dmarc=fail header.from=example.com", ours)
    assert not genuine("mx.example.com; none", ours)
    assert not genuine("other.example.net; dmarc=pass", ours)
    assert not genuine("", ours)


def test_without_a_field_or_a_name_to_trust_nobody_vouches() -> None:
    assert not genuine()
    assert not genuine("; dmarc=pass", authserv_id="")
    assert not genuine("mx.example.com; dmarc=pass", authserv_id="")


@pytest.mark.parametrize("sender", ["", "sara", "sara@"])
def test_an_address_without_a_domain_is_nobodys(sender: str) -> None:
    assert not genuine("mx.example.com; dmarc=pass", sender=sender)


def test_the_domain_of_the_sender_is_compared_in_any_case_of_letters() -> None:
    field = "mx.example.com; dmarc=pass header.from=example.com"
    assert genuine(field, sender="Sara@Example.COM")
    assert not genuine(field, sender="sara@sub.example.com")


hostile = st.lists(
    st.sampled_from(
        ["; ", "dmarc=pass ", "header.from=example.com ", "(", ")", " ", "x", "=", "@", "smtp.mailfrom="]
    ),
    max_size=12,
).map("".join)


@given(hostile)
def test_nothing_inside_a_quoted_sender_makes_it_genuine(local: str) -> None:
    field = (
        f'mx.example.com; spf=pass smtp.mailfrom="{local}"@evil.example.net; dmarc=fail header.from=x.example'
    )
    assert not genuine(field)
    assert not genuine(field.rpartition(";")[0])


@given(st.text(max_size=200))
def test_any_text_can_stand_in_the_field(text: str) -> None:
    assert genuine(text) in (True, False)
    assert not genuine(f"other.example.net; {text}")
