"""An IMAP server that misbehaves: what is lost is the connection, never a mail, and the words are plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from demo.host import LOOPBACK
from inbox.imap import ImapMailbox
from inbox.imap_waiting import LINGER, SOONEST, between_questions
from inbox.mailbox import MailboxDown, NotFiled
from tests.hosts import PASSWORD, Dovecot, Line
from tests.imap_script import LOGGED_IN, NOTHING_FOUND, SELECTED, Script

USER = "faults@peygir.example"
MAIL = b"From: Sara <sara@example.org>\r\nSubject: late parcel\r\n\r\nIt never came.\r\n"
SIZES = b"* 1 FETCH (UID 5 RFC822.SIZE 10)\r\n* 2 FETCH (UID 6 RFC822.SIZE 10)\r\nTAG OK x\r\n"


@pytest.fixture
def speaking() -> Iterator[Callable[..., ImapMailbox]]:
    """Mailboxes, opened, on servers that go on as told."""
    made: list[tuple[Script, ImapMailbox]] = []

    def make(*answers: bytes, filed_folder: str = "") -> ImapMailbox:
        script = Script(LOGGED_IN, SELECTED, *answers)
        box = script.mailbox(filed_folder)
        box.open()
        made.append((script, box))
        return box

    yield make
    for script, box in made:
        box.close()
        script.stop()


def at(dovecot: Dovecot, folder: str, port: int = 0, filed_folder: str = "Peygir") -> ImapMailbox:
    """A mailbox on Dovecot, in a folder that is made when it is not there."""
    with dovecot.client(USER) as client:
        if not client.folder_exists(folder):
            client.create_folder(folder)
    return ImapMailbox(
        host=LOOPBACK,
        port=port or dovecot.imap_port,
        user=USER,
        password=PASSWORD,
        tls="none",
        folder=folder,
        filed_folder=filed_folder,
        timeout=10,
    )


def put(dovecot: Dovecot, folder: str, count: int = 1) -> None:
    with dovecot.client(USER) as client:
        for number in range(count):
            client.append(folder, MAIL + str(number).encode())


Speaking = Callable[..., ImapMailbox]

# -- how often a server is asked


@pytest.mark.parametrize(
    ("since_news", "took", "nearest", "gap"),
    [
        (0.0, 0.0, 0.0, SOONEST),
        (0.0, 0.001, 0.001, SOONEST),
        (1.0, 0.001, 0.001, 0.05),  # a twentieth of the time that has passed
        (0.1, 0.2, 0.001, 0.4),  # it is near but busy
        (0.1, 0.05, 0.05, None),  # it is far away
        (LINGER, 0.001, 0.001, None),
        (3600.0, 0.0, 0.0, None),
    ],
)
def test_a_server_is_asked_often_only_shortly_after_news_and_when_it_is_near(
    since_news: float, took: float, nearest: float, gap: float | None
) -> None:
    asked = between_questions(since_news, took, nearest)
    assert asked == (None if gap is None else pytest.approx(gap))


# -- refusals


@pytest.mark.parametrize("code", [b"UNAVAILABLE", b"INUSE", b"LIMIT", b"SERVERBUG"])
def test_a_folder_refused_for_now_may_open_later(code: bytes) -> None:
    script = Script(LOGGED_IN, b"TAG NO [" + code + b"] not now\r\n")
    box = script.mailbox()
    with pytest.raises(MailboxDown, match=r"would not open the folder 'INBOX': .*not now") as caught:
        box.open()
    assert not caught.value.permanent
    script.stop()


@pytest.mark.parametrize("said", [b"Too many connections", b"[UNAVAILABLE] Maintenance"])
def test_a_server_that_says_bye_at_once_is_quoted_and_blamed_on_no_setting(said: bytes) -> None:
    script = Script(greeting=b"* BYE " + said + b"\r\n")
    with pytest.raises(MailboxDown) as caught:
        script.mailbox().open()
    assert str(caught.value) == (
        f"the IMAP server 127.0.0.1:{script.port} hung up at once, saying: {said.decode()}; "
        "a running worker tries again by itself"
    )
    assert not caught.value.permanent
    script.stop()


def test_what_greets_us_and_is_no_imap_server_is_a_matter_of_the_settings() -> None:
    script = Script(greeting=b"220 mail.example.com ESMTP\r\n")
    with pytest.raises(MailboxDown, match=r"220 mail\.example\.com.*; check IMAP_HOST and IMAP_PORT"):
        script.mailbox().open()
    script.stop()


def test_a_search_that_is_refused_is_no_silence(speaking: Speaking) -> None:
    with pytest.raises(MailboxDown, match=r"would not look for mail: .*\[UNAVAILABLE\] the disk sleeps"):
        speaking(b"TAG NO [UNAVAILABLE] the disk sleeps\r\n").uids()


def test_a_mail_that_is_refused_is_named(speaking: Speaking) -> None:
    box = speaking(b"TAG NO [SERVERBUG] it is broken\r\n")
    with pytest.raises(MailboxDown, match=r"would not give mail 5 to 6: .*it is broken"):
        list(box.fetch([5, 6]))


@pytest.mark.parametrize("answer", [b"TAG NO [OVERQUOTA] no room\r\n", b"TAG BAD what?\r\n"])
def test_a_server_that_files_no_mail_is_still_read(speaking: Speaking, answer: bytes) -> None:
    namespaces = b'* LIST () "/" ""\r\nTAG OK x\r\n'
    box = speaking(namespaces, answer, b"TAG NO it exists\r\n", answer, NOTHING_FOUND, filed_folder="Done")
    with pytest.raises(NotFiled, match=r"would not file mail in 'Done': .*mail is read all the same"):
        box.file([5])
    assert box.uids() == []


def test_a_server_that_marks_no_mail_is_still_read(speaking: Speaking) -> None:
    box = speaking(b"TAG NO [NOPERM] hands off\r\n", NOTHING_FOUND)
    with pytest.raises(NotFiled, match=r"would not file mail in 'INBOX': .*hands off"):
        box.file([5])
    assert box.uids() == []


# -- answers that are wrong


def test_mail_that_was_not_asked_for_is_left_out(speaking: Speaking) -> None:
    bodies = (
        b"* 9 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"
        b"* 1 FETCH (UID 5 BODY[] {10}\r\n0123456789)\r\nTAG OK x\r\n"
    )
    box = speaking(SIZES, bodies)
    assert [(one.uid, one.raw) for one in box.fetch([5, 6])] == [(5, b"0123456789")]


def test_a_server_that_counts_too_few_mails_has_them_read_all_the_same(speaking: Speaking) -> None:
    box = speaking(b"* 0 EXISTS\r\n* SEARCH 5 6\r\nTAG OK x\r\n")
    assert box.uids() == [5, 6]


def test_a_folder_that_is_made_anew_under_our_hands_is_opened_again(speaking: Speaking) -> None:
    box = speaking(b"* OK [UIDVALIDITY 8] made anew\r\n" + NOTHING_FOUND)
    box.uids()
    with pytest.raises(MailboxDown, match="has made the folder 'INBOX' anew"):
        box.uids()


def test_a_mail_cut_in_its_middle_is_no_mail(speaking: Speaking) -> None:
    box = speaking(SIZES, b"* 1 FETCH (UID 5 BODY[] {10000}\r\nFrom: sara")
    box._line.timeout = 1.0
    box._client.socket().settimeout(1.0)
    with pytest.raises(MailboxDown, match="stopped answering"):
        list(box.fetch([5, 6]))


def test_a_mail_cut_off_by_a_hang_up_is_no_mail() -> None:
    size = b"* 1 FETCH (UID 5 RFC822.SIZE 10000)\r\nTAG OK x\r\n"
    script = Script(LOGGED_IN, SELECTED, size)
    box = script.mailbox()
    box.open()
    with pytest.raises(MailboxDown, match="stopped answering"):
        list(box.fetch([5]))
    script.stop()


def test_a_bye_is_no_answer(speaking: Speaking) -> None:
    with pytest.raises(MailboxDown, match=r"stopped answering: .*shutting down"):
        speaking(b"* BYE shutting down\r\n").uids()


# -- Dovecot, and other hands on the same mailbox


def test_mail_that_another_hand_deletes_while_we_read_is_left_out(dovecot: Dovecot) -> None:
    box = at(dovecot, "Shared")
    put(dovecot, "Shared", 3)
    box.open()
    first, second, third = box.uids()
    with dovecot.client(USER) as client:
        client.select_folder("Shared")
        client.delete_messages([second])
        client.expunge()
    assert [one.uid for one in box.fetch([first, second, third])] == [first, third]
    box.close()


def test_a_server_that_tells_of_deleted_mail_first_is_asked_again(speaking: Speaking) -> None:
    box = speaking(
        b"* 2 EXPUNGE\r\nTAG NO [EXPUNGEISSUED] some are gone\r\n",
        b"TAG OK x\r\n",
        b"* 1 FETCH (UID 5 RFC822.SIZE 10)\r\nTAG OK x\r\n",
        b"* 1 FETCH (UID 5 BODY[] {10}\r\n0123456789)\r\nTAG OK x\r\n",
    )
    assert [one.uid for one in box.fetch([5, 6])] == [5]


@pytest.mark.parametrize("how", ["rename", "delete"])
def test_a_folder_that_goes_away_while_it_is_open_is_named_and_opens_when_it_is_back(
    dovecot: Dovecot, how: str
) -> None:
    name = f"Box-{how}"
    box = at(dovecot, name)
    box.open()
    assert box.uids() == []
    with dovecot.client(USER) as client:
        if how == "rename":
            client.rename_folder(name, f"Old-{how}")
        else:
            client.delete_folder(name)
    with pytest.raises(MailboxDown):
        box.uids()
        box.reopen()
    with pytest.raises(MailboxDown, match=rf"would not open the folder '{name}'.*make the folder again"):
        box.open()
    with dovecot.client(USER) as client:
        client.create_folder(name)
    put(dovecot, name)
    box.open()
    assert len(box.uids()) == 1
    box.close()


def test_why_the_folder_for_filed_mail_could_not_be_made_is_said(dovecot: Dovecot) -> None:
    box = at(dovecot, "Sealed", filed_folder="Sealed-Done")
    put(dovecot, "Sealed")
    box.open()
    folder = dovecot._folder / "mail" / USER
    folder.chmod(0o500)
    try:
        with pytest.raises(NotFiled, match="would not file mail in 'Sealed-Done': create failed"):
            box.file(box.uids())
    finally:
        folder.chmod(0o700)
    box.file(box.uids())
    assert box.uids() == []
    box.close()


# -- a line that is dead and does not say so


def test_a_line_that_died_in_idle_is_noticed_when_the_time_of_waiting_is_up(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap_waiting.PATIENCE", 0.3)
    line = Line(dovecot.imap_port)
    box = at(dovecot, "Silent", line.port)
    box.open()
    box.uids()
    line.fall_silent()
    put(dovecot, "Silent")
    with pytest.raises(MailboxDown, match=r"hung up while waiting for mail: .*timed out"):
        box.wait(0.2)
    box.close()
    line.stop()


def test_a_line_that_died_shortly_after_news_is_noticed_at_once(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap_waiting.PATIENCE", 0.3)
    line = Line(dovecot.imap_port)
    put(dovecot, "INBOX")
    box = at(dovecot, "INBOX", line.port)
    box.open()
    assert box.uids()
    line.fall_silent()
    with pytest.raises(MailboxDown, match=r"hung up while waiting for mail: .*timed out"):
        box.wait(3600)
    box.close()
    line.stop()


def test_mail_that_follows_mail_is_heard_of_by_asking(dovecot: Dovecot) -> None:
    box = at(dovecot, "Quick")
    put(dovecot, "Quick")
    box.open()
    assert len(box.uids()) == 1
    box._ear._idle = lambda seconds: pytest.fail("it rested in IDLE")  # type: ignore[method-assign]
    put(dovecot, "Quick")
    assert box.wait(LINGER / 2)
    assert len(box.uids()) == 2
    box.close()


def test_shortly_after_news_the_waiting_can_be_ended_too(dovecot: Dovecot) -> None:
    put(dovecot, "INBOX")
    box = at(dovecot, "INBOX")
    box.open()
    assert box.uids()
    box.wake()
    assert not box.wait(3600)
    box.close()
