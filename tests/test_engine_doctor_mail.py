"""What the doctor finds at mail servers, each thing with the very sentence that is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.host import LOOPBACK
from engine.doctor import mailboxes, round_trip, secured, sending
from engine.doctor.finding import Finding
from engine.doctor.sending import CantSend
from inbox.mailbox import MailboxDown
from settings import Settings
from tests.hosts import Border, Dovecot, DovecotHost, Host
from tests.imap_script import LOGGED_IN, SELECTED, Script
from tests.test_outbox_smtp import Server, tls_server

Told = list[tuple[str, str]]


def settings(**changes: Any) -> Settings:
    values: dict[str, Any] = {
        "IMAP_HOST": LOOPBACK,
        "IMAP_USER": "u",
        "IMAP_PASSWORD": "p",
        "IMAP_TLS": "none",
        "SMTP_HOST": LOOPBACK,
        "SMTP_TLS": "none",
        "COMPLAINTS_ADDRESS": "complaints@shop.example",
    }
    return Settings.model_validate(values | changes)


def of_host(host: Host, **changes: Any) -> Settings:
    there = {
        "IMAP_PORT": host.imap_port,
        "IMAP_USER": host.user,
        "IMAP_PASSWORD": host.password,
        "SMTP_PORT": host.smtp_port,
        "COMPLAINTS_ADDRESS": host.address,
    }
    return settings(**(there | changes))


def now() -> datetime:
    return datetime.now(UTC)


def told(findings: Iterator[Finding]) -> Told:
    return [(str(one.state), one.words) for one in findings]


def todo_of(findings: Iterator[Finding], words: str) -> str:
    return next(one.todo for one in findings if words in one.words)


# -- mailboxes


def test_a_good_mailbox_is_right_in_every_way(mail_host: Host) -> None:
    found = told(mailboxes.look(of_host(mail_host), now))
    assert found == [
        ("right", f"logged in as {mail_host.user} at {LOOPBACK}:{mail_host.imap_port}"),
        ("right", f"without TLS, on this machine ({LOOPBACK})"),
        ("right", "the folder 'INBOX' can be read: 0 mails wait in it"),
        ("right", "it tells of new mail at once (IDLE)"),
        ("right", "mail that was read is moved (MOVE)"),
        ("right", "the folder 'Peygir' for mail that was read is there"),
        ("right", "the mail server's clock and this machine's agree"),
    ]
    assert mail_host.inbox(folder="Peygir") == [], "what was written to compare clocks is gone"


@pytest.mark.parametrize(
    ("seconds", "state"), [(30, "note"), (-30, "note"), (3 * 3600, "wrong"), (-3 * 3600, "wrong")]
)
def test_a_clock_that_differs_is_told_with_how_far(mail_host: Host, seconds: int, state: str) -> None:
    def ours() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=seconds)

    found = list(mailboxes.look(of_host(mail_host), ours))
    ((how, words, todo),) = [(str(one.state), one.words, one.todo) for one in found if "clock" in one.words]
    assert how == state
    begins, _, rest = words.partition(" by ")
    assert begins == "the mail server's clock and this machine's differ"
    assert abs(seconds) - 3 <= int(rest.removesuffix(" s")) <= abs(seconds) + 3
    assert todo == (
        "set this machine's clock by the network (timedatectl set-ntp true), or tell the server's admin"
    )


def test_a_login_that_is_refused_is_told_without_the_password(mail_host: Host) -> None:
    with pytest.raises(MailboxDown) as down:
        list(mailboxes.look(of_host(mail_host, IMAP_PASSWORD="not-this-one"), now))
    assert "was refused" in str(down.value)
    assert "check IMAP_USER and IMAP_PASSWORD" in str(down.value)
    assert "not-this-one" not in str(down.value)


def test_a_folder_that_is_not_there_is_told(mail_host: Host) -> None:
    with pytest.raises(MailboxDown, match=r"would not open the folder 'Nowhere'.*check IMAP_FOLDER"):
        list(mailboxes.look(of_host(mail_host, IMAP_FOLDER="Nowhere"), now))


def test_a_certificate_that_ends_soon_is_wrong(
    dovecot: Dovecot, border: Border, certificate: tuple[Path, Path]
) -> None:
    host, port = DovecotHost(dovecot, border), dovecot.imaps_port
    there = of_host(host, IMAP_PORT=port, IMAP_TLS="tls", TLS_CA_FILE=str(certificate[0]))
    found = list(mailboxes.look(there, now))
    assert str(found[1].state) == "wrong"
    assert found[1].words.startswith("encrypted (TLS 1.3); its certificate is good for 1 more day, until 20")
    assert found[1].todo == (
        f"ask the admin of {LOOPBACK} to renew its certificate: from that day on nothing connects"
    )
    later = list(mailboxes.look(there, lambda: now() - timedelta(days=15)))
    assert str(later[1].state) == "note"
    assert str(list(mailboxes.look(there, lambda: now() - timedelta(days=60)))[1].state) == "right"


def test_a_line_to_another_machine_without_tls_is_wrong() -> None:
    ((state, words),) = told(secured.told(None, "imap.example.com", "IMAP_TLS", now()))
    assert (state, words) == (
        "wrong",
        "the connection to imap.example.com is not encrypted: passwords and mail can be read on the way",
    )


FULL = b'* QUOTAROOT INBOX ""\r\n* QUOTA "" (STORAGE %d 1000)\r\nTAG OK done\r\n'
FOUND_NONE = b"* SEARCH\r\nTAG OK found\r\n"


@pytest.fixture
def scripted() -> Iterator[Callable[..., Script]]:
    made: list[Script] = []

    def script(*answers: bytes, offers: bytes) -> Script:
        made.append(Script(LOGGED_IN, *answers, offers=offers))
        return made[-1]

    yield script
    for each in made:
        each.stop()


@pytest.mark.parametrize(
    ("used", "state", "words"),
    [
        (980, "wrong", "the mailbox is 98% full (980 KB of 1000 KB)"),
        (900, "note", "the mailbox is 90% full (900 KB of 1000 KB)"),
        (10, "right", "the mailbox is 1% full (10 KB of 1000 KB)"),
    ],
)
def test_a_mailbox_without_room_is_told(
    scripted: Callable[..., Script], used: int, state: str, words: str
) -> None:
    script = scripted(SELECTED, FOUND_NONE, FULL % used, b"TAG OK bye\r\n", offers=b"IDLE QUOTA UIDPLUS")
    assert told(mailboxes.look(settings(IMAP_PORT=script.port), now))[-1] == (state, words)


def test_a_server_that_can_do_little_is_told_as_notes(scripted: Callable[..., Script]) -> None:
    script = scripted(SELECTED, FOUND_NONE, b"TAG OK bye\r\n", offers=b"LITERAL+")
    found = list(mailboxes.look(settings(IMAP_PORT=script.port), now))
    assert [one.words for one in found if str(one.state) == "note"] == [
        "it does not tell of new mail (no IDLE): it is asked every few seconds, and every 60 s at the latest",
        "it can't move mail (no MOVE) nor keep a mark of ours: what was read stays, marked as read only",
        "it has no UIDPLUS, so that its clock can't be compared with ours",
    ]
    assert not any(str(one.state) == "wrong" for one in found)


def test_a_folder_that_can_not_be_made_is_wrong(scripted: Callable[..., Script]) -> None:
    listed = b'* LIST (\\Noselect) "/" ""\r\nTAG OK done\r\n'
    refused = b"TAG NO [NOPERM] not allowed here\r\n"
    script = scripted(
        SELECTED,
        FOUND_NONE,
        listed,
        b"TAG OK none\r\n",
        refused,
        b"TAG OK bye\r\n",
        offers=b"IDLE MOVE UIDPLUS",
    )
    found = list(mailboxes.look(settings(IMAP_PORT=script.port), now))
    assert str(found[-1].state) == "wrong"
    assert found[-1].words.startswith(
        "the folder 'Peygir' for mail that was read is not there and can't be made: "
    )
    assert "not allowed here" in found[-1].words
    assert found[-1].todo == "make it in a mail program, or name another one in IMAP_FILED_FOLDER"


# -- sending


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(**options: Any) -> Server:
        made.append(Server(**options))
        return made[-1]

    yield make
    for server in made:
        server.stop()


def test_a_good_way_out_is_right_and_nothing_is_sent(serve: Callable[..., Server]) -> None:
    server = serve(pipelining=True)
    chosen = settings(SMTP_PORT=server.port, SMTP_USER="desk", SMTP_PASSWORD="a-password")
    found = told(sending.look(chosen, now))
    assert found[:5] == [
        ("right", f"logged in as desk at {LOOPBACK}:{server.port}"),
        ("right", f"without TLS, on this machine ({LOOPBACK})"),
        ("right", "it takes letters of up to 32 MB"),
        ("right", "it takes several commands at once (PIPELINING), so that letters leave quickly"),
        ("right", "it takes letters from complaints@shop.example"),
    ]
    assert found[5][1].startswith("it takes reply addresses such as complaints+doctor")
    assert (server.kept, "data" in server.asked) == ([], False)


def test_smtp_over_starttls_tells_its_version(
    serve: Callable[..., Server], certificate: tuple[Path, Path]
) -> None:
    server = serve(tls_context=tls_server(certificate))
    chosen = settings(SMTP_PORT=server.port, SMTP_TLS="starttls", TLS_CA_FILE=str(certificate[0]))
    assert told(sending.look(chosen, now))[1][1].startswith("encrypted (TLS 1.3); its certificate")


def test_reply_addresses_that_are_refused_are_wrong(serve: Callable[..., Server]) -> None:
    server = serve()
    server.fails("rcpt", None, "550 5.1.1 no such user")
    found = list(sending.look(settings(SMTP_PORT=server.port), now))
    assert str(found[-1].state) == "wrong"
    assert found[-1].words == (
        "it takes no reply addresses such as complaints+doctor00000000000000000000@shop.example: "
        "550 5.1.1 no such user"
    )
    assert "change REPLY_ADDRESS_FORM" in found[-1].todo


def test_an_address_that_we_may_not_send_as_is_wrong(serve: Callable[..., Server]) -> None:
    server = serve()
    server.fails("mail", "553 5.7.1 not yours")
    found = list(sending.look(settings(SMTP_PORT=server.port), now))
    assert found[-1].words == "it takes no letters from complaints@shop.example: 553 5.7.1 not yours"
    assert found[-1].todo == "let this machine send as complaints@shop.example, at the mail server"


def test_letters_that_are_too_large_for_the_server_are_wrong(serve: Callable[..., Server]) -> None:
    server = serve()
    found = list(sending.look(settings(SMTP_PORT=server.port, ATTACH_LIMIT_MB=40), now))
    (large,) = [one for one in found if "MB" in one.words]
    assert large.words == (
        "it takes letters of at most 32 MB, and ATTACH_LIMIT_MB=40 makes some of up to 58 MB"
    )
    assert large.todo == "set ATTACH_LIMIT_MB=20, or let the server take larger letters"


def test_a_way_out_that_is_closed_is_told_without_the_password(serve: Callable[..., Server]) -> None:
    server = serve()
    chosen = settings(SMTP_PORT=server.port, SMTP_USER="desk", SMTP_PASSWORD="not-this-one")
    with pytest.raises(CantSend, match="refused the login as desk: 535") as down:
        list(sending.look(chosen, now))
    assert "not-this-one" not in str(down.value)


def test_a_server_that_is_not_there_is_told(free_port: int) -> None:
    with pytest.raises(CantSend, match="check SMTP_HOST and SMTP_PORT, and that the server runs"):
        list(sending.look(settings(SMTP_PORT=free_port), now))


def second(port: int, **changes: Any) -> Settings:
    there = {"ALERT_ADDRESS": "me@example.org", "ALERT_SMTP_HOST": LOOPBACK, "ALERT_SMTP_PORT": port}
    return settings(SMTP_HOST="localhost", ALERT_SMTP_TLS="none", **there, **changes)


def test_the_second_way_of_alerts_is_tried_too(serve: Callable[..., Server], free_port: int) -> None:
    server = serve()
    found = told(sending.look_at_second(second(server.port), now))
    assert found == [
        ("right", f"alerts to me@example.org can leave by {LOOPBACK}:{server.port}"),
        ("right", f"without TLS, on this machine ({LOOPBACK})"),
    ]
    with pytest.raises(CantSend, match="check ALERT_SMTP_HOST and ALERT_SMTP_PORT, and that the server runs"):
        list(sending.look_at_second(second(free_port), now))
    wrong = second(server.port, ALERT_SMTP_USER="desk", ALERT_SMTP_PASSWORD="not-this-one")
    with pytest.raises(CantSend, match="check ALERT_SMTP_USER and ALERT_SMTP_PASSWORD") as down:
        list(sending.look_at_second(wrong, now))
    assert "not-this-one" not in str(down.value)


def test_a_second_way_over_the_same_server_is_no_second_way(serve: Callable[..., Server]) -> None:
    chosen = second(serve().port).model_copy(update={"SMTP_HOST": LOOPBACK})
    assert told(sending.look_at_second(chosen, now))[-1] == (
        "note",
        "alerts leave by the same server as letters, so that nobody hears when that one is away",
    )


# -- there and back


def test_a_letter_to_a_reply_address_comes_back(mail_host: Host) -> None:
    found = told(round_trip.look(of_host(mail_host), "me@example.org", now()))
    back = mail_host.address.replace("@", "+doctor00000000000000000000@")
    assert found == [
        ("right", "a letter left for me@example.org (250); see that it came, not as spam"),
        ("right", f"reply addresses arrive: a letter to {back} came back within 1 s"),
    ]
    (sent,) = mail_host.sent()
    assert sent.recipients == ("me@example.org",)
    assert b"Auto-Submitted: auto-generated" in sent.data


def test_a_letter_that_does_not_come_back_is_wrong(mail_host: Host, serve: Callable[..., Server]) -> None:
    swallows = serve()
    there = of_host(mail_host, SMTP_PORT=swallows.port)
    found = list(round_trip.look(there, "me@example.org", now(), patience=0.1))
    assert str(found[-1].state) == "wrong"
    assert found[-1].words.endswith("left, but did not come into 'INBOX' in 0 s")
    assert "spam folder" in found[-1].todo


def test_a_letter_that_does_not_leave_is_wrong(mail_host: Host, serve: Callable[..., Server]) -> None:
    server = serve()
    server.fails("dot", "554 5.7.1 spam", "554 5.7.1 spam")
    found = told(round_trip.look(of_host(mail_host, SMTP_PORT=server.port), "me@example.org", now()))
    assert found[0] == ("wrong", "a letter to me@example.org did not leave: dot: 554 5.7.1 spam")
