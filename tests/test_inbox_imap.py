"""The IMAP mailbox, against the embedded host and against Dovecot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from demo.host import LOOPBACK
from inbox.imap import ImapMailbox
from inbox.mailbox import Fetched, Mailbox, MailboxDown
from tests.hosts import PASSWORD, Dovecot, Host, Line, free_ports
from tests.imap_script import FOLDER, LOGGED_IN, NOTHING_FOUND, SELECTED, Script

MAIL = b"From: Sara <sara@example.org>\r\nSubject: late parcel\r\n\r\nIt never came.\r\n"

Make = Callable[..., ImapMailbox]


@pytest.fixture
def mailbox(mail_host: Host) -> Iterator[Make]:
    """Make mailboxes of this test's account, and close them afterwards."""
    made: list[ImapMailbox] = []

    def make(**changes: Any) -> ImapMailbox:
        settings: dict[str, Any] = {
            "host": LOOPBACK,
            "port": mail_host.imap_port,
            "user": mail_host.user,
            "password": PASSWORD,
            "tls": "none",
            "folder": "INBOX",
            "filed_folder": "Peygir",
            "timeout": 10.0,
        }
        made.append(ImapMailbox(**(settings | changes)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def opened(mailbox: ImapMailbox) -> ImapMailbox:
    mailbox.open()
    return mailbox


def in_the_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def flags_of(mailbox: ImapMailbox, uid: int) -> set[bytes]:
    return set(mailbox._client.get_flags([uid])[uid])


def test_an_imap_mailbox_is_a_mailbox_and_says_which(mailbox: Make, mail_host: Host) -> None:
    some: Mailbox = mailbox()
    assert some.name == f"{mail_host.user}@127.0.0.1/INBOX"


def test_opening_gives_the_same_uidvalidity_each_time(mailbox: Make) -> None:
    first = mailbox().open()
    assert first > 0
    assert mailbox().open() == first


def test_an_empty_mailbox_has_no_uids_and_gives_nothing(mailbox: Make) -> None:
    empty = opened(mailbox())
    assert empty.uids() == []
    assert list(empty.fetch([])) == []
    empty.file([])


def test_every_mail_is_found_whether_somebody_read_it_or_not(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    first, second = box.uids()
    box._client.add_flags([first], [b"\\Seen"])
    assert box.uids() == [first, second]


def test_only_mail_above_a_uid_is_looked_for(mailbox: Make, mail_host: Host) -> None:
    for _ in range(3):
        mail_host.deliver(MAIL)
    box = opened(mailbox())
    first, second, third = box.uids()
    assert box.uids(first) == [second, third]
    assert box.uids(third) == [], "though the server names the last mail even then"


def test_a_folder_that_is_opened_again_shows_what_came(mailbox: Make, mail_host: Host) -> None:
    box = mailbox()
    uidvalidity = box.open()
    mail_host.deliver(MAIL)
    assert box.reopen() == uidvalidity
    assert len(box.uids()) == 1


def test_a_fetched_mail_is_whole_and_stays_unread(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    (uid,) = box.uids()
    (fetched,) = box.fetch([uid])
    assert fetched.raw.endswith(MAIL)
    assert fetched.uid == uid
    assert fetched.size == len(fetched.raw)
    assert not fetched.cut
    assert b"\\Seen" not in flags_of(box, uid)


def test_a_mail_that_has_gone_is_left_out(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    (uid,) = box.uids()
    assert [fetched.uid for fetched in box.fetch([uid, uid + 1000])] == [uid]


def test_bytes_of_every_kind_arrive_as_they_are(mailbox: Make, mail_host: Host) -> None:
    odd = MAIL + bytes(range(128, 256)) + b") {3}\r\n.\r\n..\r\n"
    mail_host.deliver(odd)
    box = opened(mailbox())
    (fetched,) = box.fetch(box.uids())
    assert fetched.raw.endswith(odd)


def test_many_mails_come_in_batches_and_in_order(mailbox: Make, mail_host: Host) -> None:
    for number in range(120):
        mail_host.deliver(MAIL + str(number).encode())
    box = opened(mailbox())
    uids = box.uids()
    assert len(uids) == 120
    got = list(box.fetch(uids))
    assert [fetched.uid for fetched in got] == uids
    assert [int(fetched.raw.split(b"\r\n")[-1] or fetched.raw.split(b"\r\n")[-2]) for fetched in got] == [
        *range(120)
    ]


def test_no_batch_holds_more_than_eight_megabytes(mailbox: Make, mail_host: Host) -> None:
    sizes = dict.fromkeys(range(1, 8), 3 * 2**20)
    assert [len(batch) for batch in mailbox()._batches(sizes)] == [2, 2, 2, 1]


def test_of_a_mail_over_the_limit_only_the_headers_and_the_start_are_read(
    mailbox: Make, mail_host: Host
) -> None:
    mail_host.deliver(MAIL)
    mail_host.deliver(MAIL + b"a line of a long story\r\n" * 10_000)
    mail_host.deliver(MAIL)
    box = opened(mailbox(size_limit=100_000))
    small, big, last = box.fetch(box.uids())
    assert [small.cut, big.cut, last.cut] == [False, True, False]
    assert b"Subject: late parcel\r\n" in big.raw
    assert b"\r\n\r\nIt never came.\r\n" in big.raw
    assert len(big.raw) < 70_000
    assert big.size > 220_000


def test_filing_moves_mail_into_a_folder_that_is_made_when_needed(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    first, second = box.uids()
    box.file([first])
    assert box.uids() == [second]
    box.file([second])
    assert box.uids() == []
    assert len(mail_host.inbox(folder="Peygir")) == 2


def test_a_filed_folder_may_lie_in_another_with_the_servers_own_separator(
    mailbox: Make, mail_host: Host
) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox(filed_folder="Done/Peygir"))
    box.file(box.uids())
    separator = {"embedded": "/", "dovecot": "."}[mail_host.kind]
    assert len(mail_host.inbox(folder=f"Done{separator}Peygir")) == 1


def test_filing_what_has_gone_is_no_error(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    uids = box.uids()
    box.file([*uids, uids[-1] + 1000])
    box.file(uids)
    assert len(mail_host.inbox(folder="Peygir")) == 1


def test_without_a_filed_folder_mail_stays_and_is_marked(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox(filed_folder=""))
    (uid,) = box.uids()
    box.file([uid, uid + 1000])
    assert box.uids() == [uid]
    assert {b"\\Seen", b"$Peygir"} <= flags_of(box, uid)


def test_without_move_mail_is_never_copied_or_deleted(
    mailbox: Make, mail_host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    able = box._client.has_capability
    monkeypatch.setattr(box._client, "has_capability", lambda name: name != "MOVE" and able(name))
    box.file(box.uids())
    assert len(box.uids()) == 1
    assert mail_host.inbox(folder="Peygir") == []


def test_waiting_ends_when_a_mail_arrives(mailbox: Make, mail_host: Host) -> None:
    box = opened(mailbox())
    assert box.uids() == []
    in_the_background(lambda: mail_host.deliver(MAIL))
    assert box.wait(30)
    assert len(box.uids()) == 1


def test_a_mail_that_came_while_we_were_busy_is_not_slept_over(mailbox: Make, mail_host: Host) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox())
    (uid,) = box.uids()
    mail_host.deliver(MAIL)
    list(box.fetch([uid]))
    box.file([uid])
    assert box.wait(30)
    assert len(box.uids()) == 1


def test_a_mail_that_came_between_looking_and_waiting_is_not_slept_over(
    mailbox: Make, mail_host: Host
) -> None:
    box = opened(mailbox())
    for number in range(1, 11):
        box.uids()
        mail_host.deliver(MAIL)
        assert box.wait(30)
        assert len(box.uids()) == number


def test_waiting_ends_with_the_time_when_nothing_comes(mailbox: Make) -> None:
    box = opened(mailbox())
    box.uids()
    assert not box.wait(0.2)
    assert box.uids() == []


def test_idle_is_renewed_before_the_server_tires_of_it(
    mailbox: Make, mail_host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap_waiting.RENEWAL", 0.05)
    box = opened(mailbox())
    box.uids()
    begin = Mock(wraps=box._ear._begin_idle)
    monkeypatch.setattr(box._ear, "_begin_idle", begin)
    assert not box.wait(0.4)
    assert begin.call_count > 1
    in_the_background(lambda: mail_host.deliver(MAIL))
    assert box.wait(30)


def test_waking_from_another_thread_ends_the_waiting(mailbox: Make) -> None:
    box = opened(mailbox())
    box.uids()
    in_the_background(box.wake)
    assert not box.wait(60)
    assert box.uids() == []


def test_a_wake_before_the_waiting_is_not_lost(mailbox: Make) -> None:
    box = opened(mailbox())
    box.uids()
    for _ in range(100_000):
        box.wake()
    assert not box.wait(60)


@pytest.fixture
def without_idle(mailbox: Make, monkeypatch: pytest.MonkeyPatch) -> ImapMailbox:
    box = opened(mailbox())
    able = box._client.has_capability
    monkeypatch.setattr(box._client, "has_capability", lambda name: name != "IDLE" and able(name))
    monkeypatch.setattr("inbox.imap_waiting.STEP", 0.05)
    box.uids()
    return box


def test_without_idle_the_server_is_asked_now_and_then(without_idle: ImapMailbox, mail_host: Host) -> None:
    in_the_background(lambda: mail_host.deliver(MAIL))
    assert without_idle.wait(30)
    assert len(without_idle.uids()) == 1


def test_without_idle_waiting_can_be_ended_too(without_idle: ImapMailbox) -> None:
    assert not without_idle.wait(0.2)
    in_the_background(without_idle.wake)
    assert not without_idle.wait(60)


def test_a_refused_login_says_what_to_check_and_will_not_pass(mailbox: Make, mail_host: Host) -> None:
    with pytest.raises(MailboxDown, match=r"was refused: .*; check IMAP_USER and IMAP_PASSWORD") as caught:
        mailbox(password="wrong").open()
    assert f"IMAP login as {mail_host.user} at 127.0.0.1:{mail_host.imap_port}" in str(caught.value)
    assert caught.value.permanent


def test_a_password_in_any_script_is_sent(mailbox: Make) -> None:
    with pytest.raises(MailboxDown) as caught:
        mailbox(password="گذرواژه").open()
    assert caught.value.permanent


def test_a_missing_folder_is_named(mailbox: Make) -> None:
    with pytest.raises(
        MailboxDown, match=r"would not open the folder 'Nowhere': .*; check IMAP_FOLDER, or make the folder"
    ) as caught:
        mailbox(folder="Nowhere").open()
    assert caught.value.permanent


def test_a_server_that_does_not_listen_may_come_back(mailbox: Make) -> None:
    (port,) = free_ports(1)
    with pytest.raises(MailboxDown, match=f"127.0.0.1:{port} can't be reached: Connection refused") as caught:
        mailbox(port=port).open()
    assert not caught.value.permanent


def test_a_mailbox_that_is_not_open_says_so(mailbox: Make) -> None:
    box = mailbox()
    box.close()
    for use in (box.uids, lambda: list(box.fetch([1])), lambda: box.file([1]), lambda: box.wait(1)):
        with pytest.raises(MailboxDown, match="is not connected"):
            use()


def test_a_server_that_goes_away_in_idle_is_noticed(mailbox: Make, imap_line: Line) -> None:
    box = opened(mailbox(port=imap_line.port))
    box.uids()
    in_the_background(imap_line.cut)
    with pytest.raises(MailboxDown, match="hung up while waiting for mail") as caught:
        box.wait(60)
    assert not caught.value.permanent


def test_after_a_cut_the_mailbox_opens_again(mailbox: Make, mail_host: Host, imap_line: Line) -> None:
    mail_host.deliver(MAIL)
    box = opened(mailbox(port=imap_line.port))
    imap_line.cut()
    with pytest.raises(MailboxDown):
        box.uids()
    box.open()
    assert len(box.uids()) == 1


def test_a_line_that_went_dead_without_a_word_is_noticed(
    mailbox: Make, imap_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap_waiting.RENEWAL", 0.05)
    box = opened(mailbox(port=imap_line.port, timeout=0.5))
    box.uids()
    imap_line.fall_silent()
    with pytest.raises(MailboxDown, match="timed out"):
        box.wait(60)
    box.close()


def test_starttls_is_never_done_without(mailbox: Make, mail_host: Host) -> None:
    if mail_host.kind != "embedded":
        return
    with pytest.raises(MailboxDown, match="offers no STARTTLS; nothing is said without TLS") as caught:
        mailbox(tls="starttls").open()
    assert caught.value.permanent


def test_tls_to_a_port_without_it_says_which_setting(mailbox: Make) -> None:
    with pytest.raises(MailboxDown, match="check IMAP_TLS and IMAP_PORT") as caught:
        mailbox(tls="tls").open()
    assert caught.value.permanent


@pytest.mark.parametrize("mail_host", ["dovecot"], indirect=True)
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_mail_comes_over_tls_too(
    mailbox: Make, mail_host: Host, dovecot: Dovecot, certificate: tuple[Path, Path], tls: str
) -> None:
    port = dovecot.imaps_port if tls == "tls" else dovecot.imap_port
    box = opened(mailbox(port=port, tls=tls, ca_file=str(certificate[0])))
    assert box.uids() == []
    in_the_background(lambda: mail_host.deliver(MAIL))
    assert box.wait(30)
    assert [fetched.raw.endswith(MAIL) for fetched in box.fetch(box.uids())] == [True]
    in_the_background(box.wake)
    box.wait(60)


@pytest.mark.parametrize("mail_host", ["dovecot"], indirect=True)
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_refused(mailbox: Make, dovecot: Dovecot, tls: str) -> None:
    port = dovecot.imaps_port if tls == "tls" else dovecot.imap_port
    with pytest.raises(MailboxDown, match=r"certificate that is not trusted.*TLS_CA_FILE") as caught:
        mailbox(port=port, tls=tls).open()
    assert caught.value.permanent


def test_a_missing_authority_file_is_named(mailbox: Make, tmp_path: Path) -> None:
    with pytest.raises(MailboxDown, match=r"none\.pem.*check TLS_CA_FILE") as caught:
        mailbox(tls="tls", ca_file=str(tmp_path / "none.pem")).open()
    assert caught.value.permanent


@pytest.fixture
def scripted() -> Iterator[Callable[..., ImapMailbox]]:
    made: list[tuple[Script, ImapMailbox]] = []

    def make(*answers: bytes) -> ImapMailbox:
        script = Script(*answers)
        made.append((script, script.mailbox()))
        return made[-1][1]

    yield make
    for script, box in made:
        box.close()
        script.stop()


def test_a_login_refused_for_now_may_pass(scripted: Make) -> None:
    with pytest.raises(MailboxDown, match=r"was refused: .*UNAVAILABLE") as caught:
        scripted(b"TAG NO [UNAVAILABLE] the directory is away\r\n").open()
    assert not caught.value.permanent


def test_a_hang_up_during_the_login_is_no_refusal(scripted: Make) -> None:
    with pytest.raises(MailboxDown, match="hung up during the login") as caught:
        scripted().open()
    assert not caught.value.permanent


def test_a_folder_that_can_only_be_read_is_refused_plainly(scripted: Make) -> None:
    with pytest.raises(MailboxDown, match=r"not writable.*check IMAP_FOLDER") as caught:
        scripted(LOGGED_IN, FOLDER + b"TAG OK [READ-ONLY] x\r\n").open()
    assert caught.value.permanent


def test_news_before_the_server_agrees_to_idle_is_not_lost(scripted: Make) -> None:
    idle = b"* 1 EXISTS\r\n+ idling\r\n"
    box = opened(scripted(LOGGED_IN, SELECTED, NOTHING_FOUND, idle, b"A0 OK\r\n"))
    box.uids()
    box._client.idle_done = lambda: None
    assert box.wait(60)


def test_news_in_one_piece_with_the_agreement_is_not_slept_over(scripted: Make) -> None:
    agreed = b"+ idling\r\n* OK still here\r\n"
    box = opened(scripted(LOGGED_IN, SELECTED, NOTHING_FOUND, agreed))
    box.uids()
    box._ear._begin_idle()
    assert box._ear._buffered()
    assert box._wire.file.readline() == b"* OK still here\r\n"
    assert not box._ear._buffered()


def test_a_bye_in_idle_is_noticed(scripted: Make) -> None:
    box = opened(scripted(LOGGED_IN, SELECTED, NOTHING_FOUND, b"+ idling\r\n* BYE too long\r\n"))
    box.uids()
    with pytest.raises(MailboxDown, match="hung up while waiting for mail"):
        box.wait(60)


def test_a_server_that_takes_no_keywords_gets_only_the_seen_flag(scripted: Make) -> None:
    box = opened(scripted(LOGGED_IN, SELECTED))
    assert box._flags == (b"\\Seen",)


def test_what_a_server_says_is_shown_without_control_characters(scripted: Make) -> None:
    with pytest.raises(MailboxDown) as caught:
        scripted("TAG NO go \x1b[31m\u202eaway\r\n".encode()).open()
    assert str(caught.value).isprintable()
    assert "go [31m away" in str(caught.value)


def test_a_fetched_mail_is_a_value() -> None:
    assert Fetched(1, b"x", 1, cut=False) == Fetched(1, b"x", 1, cut=False)
