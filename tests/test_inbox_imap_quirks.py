"""Servers that lack something, or have it their own way: a Dovecot that is told so, and servers by script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from imapclient import IMAPClient

from inbox.imap import KEYWORD, ImapMailbox
from inbox.mailbox import MailboxDown
from tests.hosts import DOVECOT, NO_DOVECOT, PASSWORD, Dovecot, until
from tests.imap_script import FOLDER, LOGGED_IN, NOTHING_FOUND, SELECTED, Script

USER = "complaints@peygir.example"
BARE = "IMAP4rev1 SASL-IR"
"""Neither IDLE nor MOVE, UIDPLUS, NAMESPACE, LITERAL+, SPECIAL-USE or anything else."""
COURIER = "prefix = INBOX.\nseparator = ."


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[str], Dovecot]]:
    """Dovecots with less than usual; each is made when it is first wanted."""
    if DOVECOT is None:
        pytest.skip(NO_DOVECOT)
    made: dict[str, Dovecot] = {}

    def server(kind: str) -> Dovecot:
        if kind not in made:
            more = {
                "bare": [f"imap_capability = {BARE}"],
                "no move": [f"imap_capability = {BARE} IDLE UIDPLUS NAMESPACE LITERAL+"],
                "no uidplus": [f"imap_capability = {BARE} IDLE NAMESPACE LITERAL-"],
            }.get(kind, [])
            namespace = {"courier": COURIER, "slashes": "separator = /"}.get(kind, "")
            made[kind] = Dovecot(namespace=namespace, more=more)
        return made[kind]

    yield server
    for one in made.values():
        one.stop()


Open = Callable[..., ImapMailbox]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a mailbox of an account that no other test has."""
    made: list[ImapMailbox] = []

    def open_(
        server: Dovecot, user: str, *, folder: str = "INBOX", filed_folder: str = "Peygir"
    ) -> ImapMailbox:
        made.append(
            ImapMailbox(
                host="127.0.0.1",
                port=server.imap_port,
                user=user,
                password=PASSWORD,
                tls="none",
                folder=folder,
                filed_folder=filed_folder,
                timeout=10,
            )
        )
        made[-1].open()
        return made[-1]

    yield open_
    for one in made:
        one.close()


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    return f"{abs(hash(request.node.name))}@peygir.example"


def mail(number: int) -> bytes:
    return f"From: ann@example.com\r\nSubject: {number}\r\n\r\nBody {number}\r\n".encode()


def flags(server: Dovecot, user: str) -> list[tuple[bytes, ...]]:
    with server.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        return [answer[b"FLAGS"] for _, answer in sorted(client.fetch(client.search(), ["FLAGS"]).items())]


KINDS = ("bare", "no move", "no uidplus", "courier", "slashes")


@pytest.mark.parametrize("kind", KINDS)
def test_mail_is_found_read_and_heard_of_whatever_a_server_lacks(
    servers: Callable[[str], Dovecot], opened: Open, user: str, kind: str
) -> None:
    server = servers(kind)
    server.deliver(mail(1), user, "ann@example.com")
    box = opened(server, user)
    uids = box.uids()
    assert next(iter(box.fetch(uids))).raw.endswith(b"Body 1\r\n")
    assert "ann@example.com" in box.senders(uids)[uids[0]]
    box.uids()
    server.deliver(mail(2), user, "ann@example.com")
    assert box.wait(10)
    assert len(box.uids(above=uids[0])) == 1


@pytest.mark.parametrize("kind", ["bare", "no move", "no uidplus"])
def test_without_move_mail_is_marked_and_what_others_deleted_stays(
    servers: Callable[[str], Dovecot], opened: Open, user: str, kind: str
) -> None:
    server = servers(kind)
    for number in (1, 2):
        server.deliver(mail(number), user, "ann@example.com")
    with server.client(user) as other:
        other.select_folder("INBOX")
        other.add_flags([1], [b"\\Deleted"])
        box = opened(server, user)
        box.file([2])
    assert len(server.mails(user, "INBOX")) == 2, "nothing is expunged, whoever marked it"
    assert server.mails(user, "Peygir") == []
    first, second = flags(server, user)
    assert b"\\Deleted" in first and KEYWORD not in first
    assert {b"\\Seen", KEYWORD} <= set(second) and b"\\Deleted" not in second


@pytest.mark.parametrize(
    ("kind", "folder", "made"),
    [
        ("courier", "Peygir", "INBOX.Peygir"),
        ("courier", "Support/Peygir", "INBOX.Support.Peygir"),
        ("courier", "INBOX.Peygir", "INBOX.Peygir"),
        ("courier", "شکایت‌ها", "INBOX.شکایت‌ها"),
        ("slashes", "Support/Peygir", "Support/Peygir"),
        ("slashes", "תלונות & עוד", "תלונות & עוד"),
        ("slashes", "شکاوى", "شکاوى"),
    ],
)
def test_filed_mail_lies_where_the_server_has_such_folders(
    servers: Callable[[str], Dovecot], opened: Open, user: str, kind: str, folder: str, made: str
) -> None:
    server = servers(kind)
    server.deliver(mail(1), user, "ann@example.com")
    box = opened(server, user, filed_folder=folder)
    box.file(box.uids())
    assert len(server.mails(user, made)) == 1
    assert server.mails(user, "INBOX") == []


@pytest.mark.parametrize(
    ("kind", "there", "written"),
    [
        ("courier", "INBOX.Complaints", "Complaints"),
        ("courier", "INBOX.Shop.Complaints", "Shop/Complaints"),
        ("courier", "INBOX.Complaints", "INBOX.Complaints"),
        ("courier", "INBOX.شکایت", "شکایت"),
        ("slashes", "Shop/Complaints", "Shop/Complaints"),
        ("bare", "Shop.Complaints", "Shop/Complaints"),
    ],
)
def test_the_folder_to_read_may_be_written_with_slashes_and_without_the_servers_prefix(
    servers: Callable[[str], Dovecot], opened: Open, user: str, kind: str, there: str, written: str
) -> None:
    server = servers(kind)
    with server.client(user) as client:
        client.create_folder(there)
        client.append(there, mail(7))
    box = opened(server, user, folder=written)
    assert [one.raw for one in box.fetch(box.uids())] == [mail(7)]


def test_a_folder_that_is_nowhere_is_named_as_it_was_written(
    servers: Callable[[str], Dovecot], opened: Open, user: str
) -> None:
    with pytest.raises(MailboxDown, match=r"'No/Such'.*check IMAP_FOLDER"):
        opened(servers("courier"), user, folder="No/Such")


def test_without_idle_the_server_is_asked_and_not_too_often(
    servers: Callable[[str], Dovecot], opened: Open, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap_waiting.STEP", 0.05)
    server = servers("bare")
    box = opened(server, user)
    box.uids()
    assert not box.wait(0.2)
    server.deliver(mail(1), user, "ann@example.com")
    assert until(lambda: box.wait(0.2), 10)


def test_a_client_in_utf8_mode_and_ours_mean_the_same_folder(
    servers: Callable[[str], Dovecot], opened: Open, user: str
) -> None:
    server = servers("slashes")
    server.deliver(mail(1), user, "ann@example.com")
    box = opened(server, user, filed_folder="Beschwerden & Größe")
    box.file(box.uids())
    client = IMAPClient("127.0.0.1", server.imap_port, ssl=False, timeout=10)
    client.login(user, PASSWORD)
    client.folder_encode = False
    assert b"Beschwerden &- Gr&APYA3w-e" in [name for _, _, name in client.list_folders()]
    client.logout()


# What servers say, line by line

Scripted = Callable[..., ImapMailbox]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    servers: list[Script] = []

    def make(*answers: bytes, offers: bytes = b"IDLE MOVE", **more: str) -> ImapMailbox:
        servers.append(Script(LOGGED_IN, *answers, offers=offers))
        return servers[-1].mailbox(**more)

    yield make
    for one in servers:
        one.stop()


def body(uid: int, number: int) -> bytes:
    raw = mail(number)
    return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (number, uid, len(raw), raw)


def sizes(*uids: int) -> bytes:
    lines = b"".join(b"* %d FETCH (UID %d RFC822.SIZE 60)\r\n" % (uid, uid) for uid in uids)
    return lines + b"TAG OK done\r\n"


def read(box: ImapMailbox, *uids: int) -> list[int]:
    return [one.uid for one in box.fetch(uids)]


def test_a_folder_without_uidvalidity_is_not_read(scripted: Scripted) -> None:
    box = scripted(b"* 0 EXISTS\r\nTAG OK [READ-WRITE] x\r\n")
    with pytest.raises(MailboxDown, match="gives no UIDVALIDITY") as down:
        box.open()
    assert down.value.permanent
    box.close()


@pytest.mark.parametrize("value", [0, 2**32 - 1, 2**40])
def test_odd_values_of_uidvalidity_are_taken_as_they_are(scripted: Scripted, value: int) -> None:
    box = scripted(b"* OK [UIDVALIDITY %d] x\r\nTAG OK [READ-WRITE] x\r\n" % value)
    assert box.open() == value
    box.close()


def test_a_search_that_finds_nothing_may_say_nothing(scripted: Scripted) -> None:
    box = scripted(SELECTED, b"TAG OK UID SEARCH completed\r\n")
    box.open()
    assert box.uids() == []
    box.close()


def test_a_search_may_answer_in_several_lines(scripted: Scripted) -> None:
    box = scripted(SELECTED, b"* SEARCH 3 1\r\n* SEARCH 9 (MODSEQ 917)\r\nTAG OK done\r\n")
    box.open()
    assert box.uids() == [1, 3, 9]
    box.close()


def test_what_others_do_meanwhile_is_no_mail_of_ours(scripted: Scripted) -> None:
    noise = (
        b"* OK [ALERT] Your mailbox is nearly full\r\n* 9 EXISTS\r\n* 1 RECENT\r\n* 4 EXPUNGE\r\n"
        b"* FLAGS (\\Seen)\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (FLAGS (\\Seen) UID 30)\r\n"
    )
    box = scripted(SELECTED, sizes(5), noise + body(5, 1) + noise + b"TAG OK done\r\n")
    box.open()
    assert read(box, 5) == [5]
    box.close()


def test_a_bye_in_the_middle_of_mails_ends_with_those_that_came_whole(scripted: Scripted) -> None:
    box = scripted(SELECTED, sizes(5, 6), body(5, 1) + b"* BYE going down for maintenance\r\n")
    box.open()
    with pytest.raises(MailboxDown, match=r"maintenance|stopped answering"):
        read(box, 5, 6)
    box.close()


def test_exchange_may_give_no_body_for_a_broken_mail_and_the_others_all_the_same(scripted: Scripted) -> None:
    some = body(5, 1) + b"* 2 FETCH (UID 6)\r\nTAG NO The requested item could not be found.\r\n"
    box = scripted(SELECTED, sizes(5, 6), some)
    box.open()
    with pytest.raises(MailboxDown, match=r"would not give mail 5 to 6: .*could not be found"):
        read(box, 5, 6)
    box.close()


def test_a_mail_that_is_nil_is_an_empty_mail(scripted: Scripted) -> None:
    box = scripted(SELECTED, sizes(5), b"* 1 FETCH (UID 5 BODY[] NIL)\r\nTAG OK done\r\n")
    box.open()
    assert [one.raw for one in box.fetch([5])] == [b""]
    box.close()


def test_a_short_mail_may_come_in_quotes(scripted: Scripted) -> None:
    box = scripted(SELECTED, sizes(5), b'* 1 FETCH (UID 5 BODY[] "Subject: x")\r\nTAG OK done\r\n')
    box.open()
    assert [one.raw for one in box.fetch([5])] == [b"Subject: x"]
    box.close()


def test_a_size_that_is_wrong_does_no_harm(scripted: Scripted) -> None:
    wrong = b"* 1 FETCH (UID 5 RFC822.SIZE 1)\r\nTAG OK done\r\n"
    box = scripted(SELECTED, wrong, body(5, 1) + b"TAG OK done\r\n")
    box.open()
    assert [one.raw for one in box.fetch([5])] == [mail(1)]
    box.close()


def test_a_server_that_wants_to_know_the_program_is_told_it(scripted: Scripted) -> None:
    unsafe = b"TAG NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n"
    known = b"* ID NIL\r\nTAG OK ID completed\r\n"
    box = scripted(unsafe, known, SELECTED, NOTHING_FOUND, offers=b"ID")
    assert box.open() == 7
    assert box.uids() == []
    box.close()


def test_a_server_that_refuses_even_then_is_quoted(scripted: Scripted) -> None:
    unsafe = b"TAG NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n"
    box = scripted(unsafe, b"TAG OK done\r\n", unsafe, offers=b"ID")
    with pytest.raises(MailboxDown, match="Unsafe Login"):
        box.open()
    box.close()


def test_at_gmail_a_folder_that_is_not_there_is_made_and_mail_moved(scripted: Scripted) -> None:
    box = scripted(
        SELECTED,
        b'* NAMESPACE (("" "/")) NIL NIL\r\nTAG OK done\r\n',
        b"TAG NO [TRYCREATE] No folder Peygir (Failure)\r\n",
        b"TAG OK Success\r\n",
        b"* 1 EXPUNGE\r\n* 0 EXISTS\r\nTAG OK [COPYUID 1 5 1] (Success)\r\n",
        offers=b"IDLE MOVE UIDPLUS NAMESPACE X-GM-EXT-1",
        filed_folder="Peygir",
    )
    box.open()
    box.file([5])
    box.close()


def test_gmail_may_keep_a_moved_mail_in_the_folder_of_all_mail(scripted: Scripted) -> None:
    """Moving out of it only adds a label: the mail stays, and is not new."""
    box = scripted(
        FOLDER + b"TAG OK [READ-WRITE] x\r\n",
        b'* NAMESPACE (("" "/")) NIL NIL\r\nTAG OK done\r\n',
        b"TAG OK (Success)\r\n",
        b"* SEARCH 5\r\nTAG OK done\r\n",
        offers=b"IDLE MOVE NAMESPACE",
        filed_folder="Peygir",
        folder="[Gmail]/All Mail",
    )
    box.open()
    box.file([5])
    assert box.uids(above=5) == []
    box.close()
