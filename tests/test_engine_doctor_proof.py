"""What the doctor reads in a sample's headers, and what it says is to be set or published."""

from __future__ import annotations

from typing import Any

import pytest

from engine.doctor import proof
from engine.doctor.finding import Finding, State
from settings import Settings

OURS = "complaints@shop.example"


def settings(**changes: Any) -> Settings:
    values = {"IMAP_HOST": "h", "IMAP_USER": "u", "SMTP_HOST": "h", "COMPLAINTS_ADDRESS": OURS}
    return Settings.model_validate(values | changes)


def mail(*results: str, sender: str = "Ann <ann@example.org>", more: str = "") -> bytes:
    fields = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    return f"{fields}{more}From: {sender}\r\nTo: {OURS}\r\nSubject: x\r\n\r\nwords\r\n".encode()


def told(raw: bytes, **changes: Any) -> list[tuple[str, str, str]]:
    return [(str(one.state), one.words, one.todo) for one in proof.look(raw, settings(**changes))]


GMAIL = (
    "mx.google.com;\r\n dkim=pass header.i=@example.org header.s=s1;\r\n spf=pass smtp.mailfrom=example.org"
)
OUTLOOK = "spf=pass (sender IP is 192.0.2.7)\r\n smtp.mailfrom=example.org; dkim=none; dmarc=bestguesspass"


@pytest.mark.parametrize(
    ("results", "changes", "first"),
    [
        (
            [GMAIL],
            {},
            (
                "wrong",
                "your mail server calls itself mx.google.com in Authentication-Results, and "
                "TRUSTED_AUTHSERV_ID is not set",
                "set TRUSTED_AUTHSERV_ID=mx.google.com",
            ),
        ),
        (
            [GMAIL, "mx.forged.example; dmarc=pass"],
            {"TRUSTED_AUTHSERV_ID": "MX.google.com"},
            ("right", "TRUSTED_AUTHSERV_ID=mx.google.com is what your mail server writes", ""),
        ),
        (
            [GMAIL],
            {"TRUSTED_AUTHSERV_ID": "mx.other.example"},
            (
                "wrong",
                "your mail server calls itself mx.google.com, but TRUSTED_AUTHSERV_ID=mx.other.example",
                "if this mail came straight into the mailbox: set TRUSTED_AUTHSERV_ID=mx.google.com",
            ),
        ),
        (
            [OUTLOOK],
            {},
            (
                "wrong",
                "your mail server writes no name of its own into Authentication-Results, as Exchange Online "
                "does, so that it can't be told from a forger's",
                "set TOKEN_ONLY_COMMANDS=true: then the secret reply address alone is the proof",
            ),
        ),
        (
            [OUTLOOK],
            {"TOKEN_ONLY_COMMANDS": True},
            (
                "right",
                "your mail server writes no name of its own into Authentication-Results, as Exchange Online "
                "does; TOKEN_ONLY_COMMANDS=true is set, which is the way for it",
                "",
            ),
        ),
        (
            [],
            {},
            (
                "wrong",
                "your mail server wrote no Authentication-Results on this mail",
                "set TOKEN_ONLY_COMMANDS=true: then the secret reply address alone is the proof; or let the "
                "server check mail (OpenDMARC, Rspamd) and write it",
            ),
        ),
        (
            ['mx.example.net; spf=pass (it said "(")'],
            {},
            (
                "wrong",
                'the topmost Authentication-Results can\'t be read: mx.example.net; spf=pass (it said "(")',
                "set TOKEN_ONLY_COMMANDS=true: then the secret reply address alone is the proof",
            ),
        ),
    ],
)
def test_a_mail_that_came_in_says_by_what_name_the_border_speaks(
    results: list[str], changes: dict[str, Any], first: tuple[str, str, str]
) -> None:
    assert told(mail(*results), **changes)[0] == first


def test_what_the_border_says_of_the_sender_is_shown() -> None:
    last = told(mail(GMAIL), TRUSTED_AUTHSERV_ID="mx.google.com")[-1]
    assert last == ("right", "of this sender (example.org) it says: dkim=pass, spf=pass", "")


def test_no_mail_is_told_with_how_to_save_one() -> None:
    ((state, words, todo),) = told(b"\x00\xff")
    assert (state, words) == ("wrong", "the sample is no mail: it has no sender")
    assert "Show original" in todo


def of_ours(results: str, more: str = "") -> dict[str, tuple[str, str, str]]:
    """What is said of a letter of ours that came elsewhere, by the first word of each sentence."""
    found = told(mail(results, sender=f"Shop <{OURS}>", more=more))
    return {words.partition(":")[0]: (state, words, todo) for state, words, todo in found}


ALL_WELL = (
    "mx.google.com; dkim=pass header.i=@shop.example; spf=pass smtp.mailfrom=complaints@shop.example; "
    "dmarc=pass (p=NONE) header.from=shop.example"
)


def test_a_letter_of_ours_that_is_believed_elsewhere_is_right() -> None:
    found = told(mail(ALL_WELL, sender=f"Shop <{OURS}>"))
    assert [(state, words) for state, words, _ in found] == [
        ("right", "this is a letter of ours, as mx.google.com saw it"),
        ("right", "SPF: pass for shop.example"),
        ("right", "DKIM: pass for shop.example"),
        ("right", "DMARC: pass for shop.example"),
    ]


@pytest.mark.parametrize(
    ("result", "words", "todo"),
    [
        (
            "spf=none smtp.mailfrom=shop.example",
            "SPF: shop.example does not say which servers may send its mail",
            "publish the TXT record of shop.example: v=spf1 include:… ~all, with the include: that your mail "
            "provider names, or ip4:192.0.2.7 for a server of your own",
        ),
        (
            "spf=softfail smtp.mailfrom=complaints@shop.example",
            "SPF: softfail for shop.example: the server that sent it (192.0.2.7) is not among those that may",
            "add it to the TXT record of shop.example that begins with v=spf1 (include:… of your provider, "
            "or ip4:192.0.2.7)",
        ),
        (
            "spf=permerror smtp.mailfrom=shop.example",
            "SPF: permerror: the record of shop.example is broken or could not be read",
            "see that there is one TXT record that begins with v=spf1 at shop.example, with at most ten "
            "include:",
        ),
    ],
)
def test_spf_that_fails_is_told_with_what_to_publish(result: str, words: str, todo: str) -> None:
    spf = of_ours(f"mx.google.com; {result}", more="Received-SPF: x (y) client-ip=192.0.2.7;\r\n")["SPF"]
    assert spf == ("wrong", words, todo)


def test_spf_for_another_domain_leaves_it_to_dkim() -> None:
    state, words, todo = of_ours("mx.google.com; spf=pass smtp.mailfrom=bounces@mailer.example")["SPF"]
    assert (state, words) == ("note", "SPF: pass, but for mailer.example, not for shop.example")
    assert todo.startswith("DKIM must pass for shop.example then")


SIGNATURE = "DKIM-Signature: v=1; a=rsa-sha256; d=Shop.example; s=key7;\r\n bh=x; b=y\r\n"


@pytest.mark.parametrize(
    ("result", "more", "words", "todo"),
    [
        (
            "dkim=none",
            "",
            "DKIM: letters from shop.example are not signed",
            "switch DKIM on at your mail provider and publish the record that it shows, at "
            "SELECTOR._domainkey.shop.example",
        ),
        (
            "dkim=fail header.d=shop.example",
            SIGNATURE,
            "DKIM: fail: the signature of shop.example does not hold",
            "publish the key as the TXT record of key7._domainkey.shop.example, as your provider shows it; "
            "if it is there, a server on the way changes letters after they are signed",
        ),
        (
            "dkim=pass header.d=mailer.example",
            SIGNATURE,
            "DKIM: pass, but signed by mailer.example, not by shop.example",
            "let your provider sign with shop.example: it shows two or three records to publish at "
            "shop.example",
        ),
    ],
)
def test_dkim_that_fails_is_told_with_what_to_publish(result: str, more: str, words: str, todo: str) -> None:
    assert of_ours(f"mx.google.com; {result}", more)["DKIM"] == ("wrong", words, todo)


@pytest.mark.parametrize(
    ("result", "words", "begins"),
    [
        (
            "dmarc=none header.from=shop.example",
            "DMARC: shop.example does not say what to do with forged mail; large providers want that",
            "publish the TXT record of _dmarc.shop.example: v=DMARC1; p=none; "
            "rua=mailto:postmaster@shop.example",
        ),
        (
            "dmarc=fail header.from=shop.example",
            "DMARC: fail: neither SPF nor DKIM passes for shop.example itself",
            "mend SPF or DKIM as said above",
        ),
    ],
)
def test_dmarc_that_fails_is_told_with_what_to_publish(result: str, words: str, begins: str) -> None:
    state, said, todo = of_ours(f"mx.google.com; spf=pass; {result}")["DMARC"]
    assert (state, said) == ("wrong", words)
    assert todo.startswith(begins)


def test_only_the_topmost_field_counts() -> None:
    found = told(mail("mx.google.com; dmarc=fail header.from=shop.example", ALL_WELL, sender=OURS))
    assert any(words.startswith("DMARC: fail") for _, words, _ in found)


def test_a_letter_of_ours_without_results_says_where_to_send_one() -> None:
    ((state, words, todo),) = told(mail(sender=OURS))
    assert (state, words) == (
        "note",
        "who received this letter of ours did not write down whether it is genuine",
    )
    assert "Gmail" in todo


def test_every_sentence_of_a_hostile_sample_is_bounded() -> None:
    raw = mail("mx" * 40_000 + "; dmarc=" + "x" * 40_000 + "(" * 10)
    found: list[Finding] = list(proof.look(raw, settings()))
    assert found[0].state is State.WRONG
    assert all(len(one.words) < 500 for one in found)
