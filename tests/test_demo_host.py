"""The embedded mail host does what a real one does."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from demo.host import LOOPBACK, MailHost, authenticated, folded

MAIL = b"From: Sara <sara@example.org>\r\nSubject: late\r\n\r\nIt never came.\r\n"
OURS, AGENT = "complaints@shop.example", "maryam@shop.example"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[MailHost]:
    users = {OURS: "one", AGENT: "two"}
    host = MailHost(users=users, domain="shop.example", folder=tmp_path / "outside")
    host.start()
    yield host
    host.stop()


def submit(host: MailHost, *recipients: str, sender: str = AGENT, mail: bytes = MAIL) -> None:
    with smtplib.SMTP(LOOPBACK, host.smtp_port, local_hostname="agent.example") as wire:
        wire.sendmail(sender, list(recipients), mail)


def test_a_plus_address_arrives_with_its_full_name(host: MailHost) -> None:
    host.deliver(MAIL, "Complaints+abc@shop.example", return_path="sara@example.org")
    (mail,) = host.mails(OURS)
    assert mail == b"Return-Path: <sara@example.org>\r\nDelivered-To: Complaints+abc@shop.example\r\n" + MAIL


@pytest.mark.parametrize(("passes", "verdict"), [(True, b"pass"), (False, b"fail")])
def test_the_border_writes_its_verdict_on_top(host: MailHost, passes: bool, verdict: bytes) -> None:
    host.deliver(MAIL, OURS, passes=passes)
    first = host.mails(OURS)[0].partition(b"\r\n")[0]
    field = b"Authentication-Results: mx.demo.example; dmarc=%b header.from=example.org"
    assert first == field % verdict


def test_a_forged_verdict_is_removed_and_another_hosts_stays() -> None:
    forged = (
        b"authentication-results: mx.demo.example;\r\n dmarc=pass\r\n"
        b"Authentication-Results: other.example; dmarc=pass\r\n"
    )
    mail = authenticated(forged + MAIL, "mx.demo.example", passes=False)
    assert mail.count(b"mx.demo.example") == 1
    assert b"dmarc=fail" in mail.partition(b"\r\n")[0]
    assert b"other.example; dmarc=pass" in mail
    assert mail.endswith(MAIL)


def test_a_mail_to_nobody_is_refused(host: MailHost) -> None:
    with pytest.raises(ValueError, match="no user"):
        host.deliver(MAIL, "nobody@shop.example")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        submit(host, "nobody@shop.example")


def test_local_mail_is_delivered_and_other_mail_is_kept_aside(host: MailHost, tmp_path: Path) -> None:
    submit(host, "complaints+abc@shop.example", "sara@example.org")
    (inside,) = host.mails(OURS)
    assert inside.startswith(b"Authentication-Results: mx.demo.example; dmarc=pass")
    assert b"Return-Path: <maryam@shop.example>\r\n" in inside
    (outside,) = host.outside
    assert (outside.envelope_from, outside.recipients) == (AGENT, ("sara@example.org",))
    assert outside.data == MAIL
    assert (tmp_path / "outside" / "0001.eml").read_bytes() == MAIL


def test_a_null_sender_stays_null(host: MailHost) -> None:
    submit(host, AGENT, "sara@example.org", sender="")
    assert b"Return-Path: <>\r\n" in host.mails(AGENT)[0]
    assert host.outside[0].envelope_from == ""


def test_keywords_are_kept(host: MailHost) -> None:
    host.deliver(MAIL, OURS)
    with IMAPClient(LOOPBACK, host.imap_port, ssl=False, timeout=10) as client:
        client.login(OURS, "one")
        client.select_folder("INBOX")
        (uid,) = client.search()
        client.add_flags([uid], ["$Peygir"])
        assert b"$Peygir" in client.get_flags([uid])[uid]


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data", "dot", "kept"])
def test_smtp_misbehaves_on_demand_and_then_behaves(host: MailHost, stage: str) -> None:
    host.smtp_behaviour = lambda now, _envelope: "451 4.3.0 not now" if now == stage else None
    with pytest.raises(smtplib.SMTPException, match="not now"):
        submit(host, "sara@example.org")
    assert len(host.outside) == (stage == "kept")
    host.smtp_behaviour = None
    submit(host, "sara@example.org")


def test_idle_smtp_connections_can_be_cut(host: MailHost) -> None:
    wire = smtplib.SMTP(LOOPBACK, host.smtp_port, local_hostname="agent.example")
    host.cut_smtp()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        wire.noop()


def test_a_host_can_be_stopped_twice(host: MailHost) -> None:
    host.stop()
    host.stop()


def test_a_folder_that_is_not_there_has_no_mail(host: MailHost) -> None:
    assert host.mails(OURS, "Nowhere") == []


@pytest.mark.parametrize(
    ("address", "mailbox"), [("A+b+c@X.example", "a@x.example"), (" a@x.example ", "a@x.example")]
)
def test_what_follows_a_plus_is_folded_away(address: str, mailbox: str) -> None:
    assert folded(address) == mailbox
