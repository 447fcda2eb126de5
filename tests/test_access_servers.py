"""Logging in with access tokens at real servers: Dovecot's own oauth2 for IMAP, aiosmtpd for SMTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from access.token_file import Kept, TokenFile
from access.tokens import Tokens
from inbox.imap import ImapMailbox
from inbox.mailbox import LoginRefused, MailboxDown
from outbox.smtp import Smtp, SmtpDown
from tests.hosts import DOVECOT, NO_DOVECOT, Dovecot
from tests.imap_script import Script
from tests.oauth_hosts import OauthSmtp, own
from tests.token_endpoint import Endpoint


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint().start()
    yield made
    made.stop()


@pytest.fixture(scope="module", params=["xoauth2 oauthbearer", "oauthbearer"])
def server(request: pytest.FixtureRequest, endpoint: Endpoint) -> Iterator[Dovecot]:
    if DOVECOT is None:
        pytest.skip(NO_DOVECOT)
    made = Dovecot(
        introspection=endpoint.url("/introspect"), more=[f"auth_mechanisms = plain {request.param}"]
    )
    yield made
    made.stop()


@pytest.fixture
def tokens(endpoint: Endpoint, tmp_path: Path) -> Tokens:
    file = TokenFile(tmp_path / "oauth.json")
    with file.locked():
        file.write(Kept(endpoint.consented(), "one"))
    return Tokens(own(endpoint), file)


def mailbox(port: int, tokens: Tokens, user: str = "complaints@peygir.example") -> ImapMailbox:
    return ImapMailbox(
        host="127.0.0.1",
        port=port,
        user=user,
        password="",
        tls="none",
        folder="INBOX",
        filed_folder="",
        timeout=10,
        tokens=tokens,
    )


def way_out(port: int, tokens: Tokens) -> Smtp:
    user = "complaints@peygir.example"
    return Smtp(host="127.0.0.1", port=port, user=user, password="", tls="none", timeout=10, tokens=tokens)


def test_a_token_opens_the_mailbox(server: Dovecot, tokens: Tokens) -> None:
    made = mailbox(server.imap_port, tokens)
    assert made.open() > 0
    assert made.uids() == []
    made.close()


def test_a_token_that_expired_meanwhile_is_replaced_in_silence(
    server: Dovecot, tokens: Tokens, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.token("imap")
    endpoint.expire()
    monkeypatch.setattr("access.tokens.FRESH", -1.0)
    made = mailbox(server.imap_port, tokens)
    made.open()
    made.close()


def test_a_token_for_another_account_says_whose_it_must_be(server: Dovecot, tokens: Tokens) -> None:
    with pytest.raises(MailboxDown, match="the account that consented") as down:
        mailbox(server.imap_port, tokens, "somebody@peygir.example").open()
    assert down.value.permanent
    # The pause is the tokens' own, so that a new consent ends it.
    assert not isinstance(down.value, LoginRefused)


# What servers say, word for word

CHALLENGED = (b"+ \r\n", b"+ eyJzdGF0dXMiOiI0MDAiLCJzY29wZSI6Imh0dHBzOi8vbWFpbC5nb29nbGUuY29tLyJ9\r\n")


def saying(*answers: bytes) -> Script:
    return Script(*answers, offers=b"IDLE AUTH=PLAIN AUTH=XOAUTH2")


def test_after_a_refusal_the_server_is_left_alone_for_a_while(tokens: Tokens) -> None:
    gmail = saying(*CHALLENGED, b"TAG NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n")
    made = gmail.mailbox(tokens=tokens)
    with pytest.raises(
        MailboxDown, match=r"\(Failure\) \(status 400, scope https://mail.google.com/\)"
    ) as first:
        made.open()
    # The script takes no second connection.
    with pytest.raises(MailboxDown) as second:
        made.open()
    assert str(first.value) == str(second.value)
    gmail.stop()
    assert gmail.commands[-1] == b"", "the challenge is answered by an empty line"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((b"+ \r\n", b"TAG NO AUTHENTICATE failed.\r\n"), "must be the account that consented"),
        ((b"+ \r\n", b"TAG OK in\r\n", b"TAG BAD User is authenticated but not connected.\r\n"),
         "opens no mailbox of this name: .*Add-MailboxPermission"),
        ((b"+ \r\n", b"TAG NO [ALERT] Your account is not enabled for IMAP\r\n"), "IMAP is switched off"),
        ((b"+ \r\n", b"TAG NO [UNAVAILABLE] come back later\r\n"), "come back later"),
    ],
)  # fmt: skip
def test_what_large_providers_say_is_told_with_what_to_do(
    tokens: Tokens, answers: tuple[bytes, ...], words: str
) -> None:
    server = saying(*answers)
    with pytest.raises(MailboxDown, match=words):
        server.mailbox(tokens=tokens).open()
    server.stop()


def test_a_refusal_that_may_pass_is_no_fault_of_the_token(tokens: Tokens) -> None:
    server = saying(b"+ \r\n", b"TAG NO [UNAVAILABLE] come back later\r\n")
    with pytest.raises(MailboxDown) as down:
        server.mailbox(tokens=tokens).open()
    assert not down.value.permanent
    assert tokens.token("imap")
    server.stop()


def test_a_server_that_takes_no_tokens_is_named(tokens: Tokens) -> None:
    server = Script(offers=b"IDLE AUTH=PLAIN")
    with pytest.raises(MailboxDown, match=r"offers no login by OAuth .*set IMAP_AUTH=password"):
        server.mailbox(tokens=tokens).open()
    server.stop()


def test_a_token_that_the_server_repeats_is_not_said(tokens: Tokens) -> None:
    token = tokens.token("imap")
    server = saying(b"+ \r\n", b"TAG NO user=u\x01auth=Bearer " + token.encode() + b" is bad\r\n")
    with pytest.raises(MailboxDown) as down:
        server.mailbox(tokens=tokens).open()
    assert token not in str(down.value)
    server.stop()


def test_without_a_consent_no_server_is_bothered(tokens: Tokens) -> None:
    assert tokens.file
    tokens.file.path.unlink()
    with pytest.raises(MailboxDown, match="no login as u: nobody has consented yet"):
        Script().mailbox(tokens=tokens).open()
    with pytest.raises(SmtpDown, match=r"no login as .*: nobody has consented yet"):
        way_out(1, tokens).check()


# SMTP


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
def smtp(request: pytest.FixtureRequest, endpoint: Endpoint) -> Iterator[OauthSmtp]:
    made = OauthSmtp(endpoint, request.param)
    yield made
    made.stop()


def test_a_token_lets_letters_out(smtp: OauthSmtp, tokens: Tokens) -> None:
    way = way_out(smtp.port, tokens)
    way.check()
    way.close()
    assert smtp.logins == ["good"]


def test_a_token_that_expired_meanwhile_is_replaced_before_a_letter_fails(
    smtp: OauthSmtp, tokens: Tokens, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.token("smtp")
    endpoint.expire()
    monkeypatch.setattr("access.tokens.FRESH", -1.0)
    way = way_out(smtp.port, tokens)
    way.check()
    way.close()
    assert smtp.logins == ["refused", "good"]


def test_a_refused_token_tells_the_servers_reason(
    smtp: OauthSmtp, tokens: Tokens, endpoint: Endpoint
) -> None:
    tokens.token("smtp")
    endpoint.expire()
    way = way_out(smtp.port, tokens)
    with pytest.raises(
        SmtpDown, match=r"535 5\.7\.3 .*\(status 401, scope https://mail\.example\.com/\)"
    ) as down:
        way.check()
    assert not down.value.login, "the pause is the tokens' own"
    with pytest.raises(SmtpDown, match="535"):
        way.check()
    assert smtp.logins == ["refused"], "and nobody is asked meanwhile"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
         "Visit https://aka.ms/smtp_auth_disabled", "switched off for the whole organisation: an admin"),
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
         "switched off for this account: an admin"),
        ("535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults "
         "policy.", "Entra ID's security defaults"),
        ("535 5.7.3 Authentication unsuccessful", "the account that consented"),
        ("535-5.7.8 Username and Password not accepted\r\n535 5.7.8 Bad", "the account that consented"),
    ],
)  # fmt: skip
def test_what_large_providers_say_of_smtp_is_told_with_what_to_do(
    endpoint: Endpoint, tokens: Tokens, said: str, words: str
) -> None:
    server = OauthSmtp(endpoint, said=said)
    with pytest.raises(SmtpDown, match=words):
        way_out(server.port, tokens).check()
    server.stop()


def test_a_refusal_of_smtp_that_may_pass_is_no_fault_of_the_token(endpoint: Endpoint, tokens: Tokens) -> None:
    server = OauthSmtp(endpoint, said="454 4.7.0 Temporary authentication failure")
    with pytest.raises(SmtpDown, match="454"):
        way_out(server.port, tokens).check()
    assert tokens.token("smtp")
    server.stop()


def test_an_smtp_server_that_takes_no_tokens_is_named(endpoint: Endpoint, tokens: Tokens) -> None:
    server = OauthSmtp(endpoint, "GSSAPI")
    with pytest.raises(SmtpDown, match=r"offers no login by OAuth .*set SMTP_AUTH=password"):
        way_out(server.port, tokens).check()
    server.stop()
