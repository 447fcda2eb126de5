"""Several complaint addresses and mailboxes in one worker: whose case it is, what leaves from where, and that
the trouble of one is none of another's.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from engine import doing, retaining
from engine.case_page import page
from engine.views import where_several
from inbox.mailbox import MailboxDown
from settings import Settings
from tests.hosts import Host, free_ports, until
from tests.journeys import Journey, read, running, text_of


class Shops(Journey):
    """The firm's own complaints address, and one for returns."""

    def __init__(self, host: Host, url: str, folder: Path, **changes: Any) -> None:
        common = {name: value for name, value in changes.items() if not name.startswith("RETURNS_")}
        super().__init__(host, url, folder, **common)
        self.returns = host.account("returns")
        own = {"COMPLAINTS_ADDRESS": self.returns, "IMAP_USER": self.returns, "FROM_NAME": "Returns Desk"}
        own |= {name.removeprefix("RETURNS_"): value for name, value in changes.items() if name not in common}
        values = self.settings.model_dump() | {"ALIASES": ""} | own
        self.settings = self.settings.beside([Settings.model_validate(values).named("returns")])

    def of(self, mailbox: str) -> list[dict[str, Any]]:
        return [case for case in self.cases() if case["mailbox"] == mailbox]

    def reply_at_main(self, words: str) -> None:
        """The agent's reply to their newest mail arrives at the main address, with its token."""
        told = self.mails_to()[-1]
        token = str(told["Reply-To"]).split("+")[1].split("@")[0]
        elsewhere = self.host.address.replace("@", f"+{token}@")
        self.reply(told, words, sender=f"Sam <{self.sam}>", address=elsewhere)
        self.work()

    def leaves_from(self, customer: str = "ann@example.com") -> list[tuple[str, str]]:
        """The sender and envelope of each letter that a customer got."""
        found = [one for one in self.host.sent() if customer in one.recipients]
        return [(str(read(one.data)["From"]), one.envelope_from) for one in found]


@pytest.fixture
def shops(embedded_host: Host, tmp_path: Path) -> Iterator[Shops]:
    made = Shops(embedded_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path)
    yield made
    made.stop()


def sender_of(mail: EmailMessage) -> str:
    return str(mail["From"])


@pytest.fixture
def with_changes(embedded_host: Host, tmp_path: Path) -> Iterator[Any]:
    made: list[Shops] = []

    def make(**changes: Any) -> Shops:
        made.append(Shops(embedded_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path, **changes))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_each_mailbox_has_its_cases_and_answers_under_its_own_name(shops: Shops) -> None:
    shops.customer_writes("My parcel is late.", sender="Ann <ann@example.com>")
    shops.customer_writes("I sent the lamp back.", sender="Bob <bob@example.com>", to=shops.returns)
    shops.work()
    assert [case["customer"] for case in shops.of("main")] == ["ann@example.com"]
    assert [case["customer"] for case in shops.of("returns")] == ["bob@example.com"]
    assert sender_of(shops.letters()[0]) == f"Example Shop <{shops.host.address}>"
    [ack] = shops.letters("bob@example.com")
    assert sender_of(ack) == f"Returns Desk <{shops.returns}>"
    assert str(ack["Reply-To"]).split("+")[0] == shops.returns.split("@")[0]
    assert "Returns Desk" in text_of(ack)


def test_all_letters_of_a_case_leave_by_its_mailbox(shops: Shops) -> None:
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.work()
    told = shops.mails_to()[-1]
    assert sender_of(told) == f"Returns Desk <{shops.returns}>"
    assert shops.returns.split("@")[0] in str(told["Reply-To"])
    shops.agent_replies("approve\nresolve")
    shops.clock.skip(days=20)
    shops.work()
    senders = {sender for sender, _ in shops.leaves_from()}
    assert len(shops.leaves_from()) >= 3, "acknowledgement, answer and check-in"
    assert senders == {f"Returns Desk <{shops.returns}>"}
    assert {envelope for _, envelope in shops.leaves_from()} <= {"", shops.returns}


def test_a_mail_to_both_addresses_is_one_case_of_the_first_and_acknowledged_once(shops: Shops) -> None:
    both = f"{shops.returns}, {shops.host.address}"
    mail = shops.mail("The lamp is broken.", sender="Ann <ann@example.com>", subject="Lamp", to=both)
    shops.host.deliver(mail.as_bytes(), to=shops.host.address)
    shops.work()
    shops.host.deliver(mail.as_bytes(), to=shops.returns)
    shops.work()
    assert [case["mailbox"] for case in shops.cases()] == ["returns"]
    assert len(shops.letters()) == 1
    assert sender_of(shops.letters()[0]) == f"Returns Desk <{shops.returns}>"


def test_what_a_customer_writes_to_another_address_joins_the_case_and_stays_with_its_mailbox(
    shops: Shops,
) -> None:
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.work()
    shops.reply(
        shops.letters()[0], "It is urgent now.", sender="Ann <ann@example.com>", address=shops.host.address
    )
    shops.work()
    [case] = shops.cases()
    assert case["mailbox"] == "returns"
    assert len(case["message_ids"]) == 2
    assert len(shops.letters()) == 1
    assert sender_of(shops.mails_to()[-1]) == f"Returns Desk <{shops.returns}>"


def test_a_command_is_obeyed_at_whichever_mailbox_it_arrives(shops: Shops) -> None:
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.work()
    shops.reply_at_main("approve")
    assert sender_of(shops.letters()[-1]) == f"Returns Desk <{shops.returns}>"
    assert shops.case()["status"] == "answered"


@pytest.mark.parametrize("strict", [True, False])
def test_a_mailbox_that_trusts_reply_addresses_alone_is_no_way_round_another_that_does_not(
    with_changes: Any, strict: bool
) -> None:
    lax = {"TRUSTED_AUTHSERV_ID": "", "TOKEN_ONLY_COMMANDS": True}
    own = {"RETURNS_TRUSTED_AUTHSERV_ID": "mx.example.net", "RETURNS_TOKEN_ONLY_COMMANDS": False}
    shops = with_changes(**lax, **(own if strict else {}))
    shops.customer_writes("It is broken.", to=shops.returns)
    shops.work()
    shops.reply_at_main("note seen\n")
    assert bool(shops.events("noted")) is not strict


def test_mail_between_our_own_addresses_is_answered_by_nobody(shops: Shops) -> None:
    shops.customer_writes("Hello there.", sender=f"Returns <{shops.returns}>")
    shops.customer_writes(
        "Hello there.", sender=f"Shop <{shops.host.address.replace('@', '+x@')}>", to=shops.returns
    )
    shops.work()
    shops.work()
    assert shops.cases() == []
    assert shops.host.sent() == []


def test_a_mailbox_that_refuses_us_keeps_no_other_waiting(with_changes: Any) -> None:
    shops = with_changes(RETURNS_IMAP_PASSWORD="wrong")
    shops.customer_writes("My parcel is late.")
    with pytest.raises(MailboxDown, match="was refused"):
        shops.work()
    assert len(shops.letters()) == 1


def test_a_server_that_is_away_holds_up_only_what_leaves_through_it(with_changes: Any) -> None:
    [closed] = free_ports(1)
    shops = with_changes(RETURNS_SMTP_PORT=closed)
    shops.customer_writes("The lamp is broken.", sender="Bob <bob@example.com>", to=shops.returns)
    with running(shops):
        assert until(lambda: len(shops.of("returns")) == 1)
        shops.customer_writes("My parcel is late.")
        assert until(lambda: len(shops.letters()) == 1)
        assert until(shops.mails_to)
    assert shops.letters("bob@example.com") == []
    assert sender_of(shops.letters()[0]).startswith("Example Shop")


def test_a_mailbox_speaks_its_language_where_nothing_tells_another(with_changes: Any) -> None:
    shops = with_changes(RETURNS_LANGUAGE="fa")
    shops.customer_writes("12345", subject="12345", to=shops.returns)
    shops.customer_writes("12345", subject="12345", sender="Bob <bob@example.com>")
    shops.work()
    assert shops.letters()[0]["Content-Language"] == "fa"
    assert shops.letters("bob@example.com")[0]["Content-Language"] == "en"


def test_a_mailboxs_team_gets_its_cases(with_changes: Any) -> None:
    shops = with_changes(RETURNS_TEAM="returns")
    path = shops.rules / "agents.yaml"
    listed = path.read_text("utf-8").replace("name: Noa,", "name: Noa, team: returns,")
    path.write_text(listed, "utf-8")
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.customer_writes("My parcel is late.", sender="Bob <bob@example.com>")
    shops.work()
    assert [case["assignee"] for case in shops.of("returns")] == [shops.noa]
    assert [case["assignee"] for case in shops.of("main")] == [shops.sam]


def test_a_rule_may_ask_which_mailbox_a_mail_came_to(shops: Shops) -> None:
    (shops.rules / "by_mailbox.yaml").write_text(
        "rules:\n  - name: all-returns\n    when: {mailbox: returns}\n    says: {severity: urgent}\n", "utf-8"
    )
    shops.customer_writes("Hello, a question.", to=shops.returns)
    shops.customer_writes("Hello, a question.", sender="Bob <bob@example.com>")
    shops.work()
    assert [case["severity"] for case in shops.of("returns")] == ["urgent"]
    assert [case["severity"] for case in shops.of("main")] != ["urgent"]


def test_each_mailbox_keeps_its_cases_as_long_as_its_own_rules_say(with_changes: Any, tmp_path: Path) -> None:
    own = tmp_path / "returns-rules"
    own.mkdir()
    (own / "retention.yaml").write_text("closed_cases: 7 years\nwhole_mails: 3 years\n", "utf-8")
    shops = with_changes(RETURNS_RULES_DIR=own)
    (shops.rules / "retention.yaml").write_text("closed_cases: 2 years\nwhole_mails: 1 year\n", "utf-8")
    shops.customer_writes("My lamp is late.")
    shops.customer_writes("My chair is late.", to=shops.returns, sender="Bob <bob@example.com>")
    shops.work()
    for case in shops.cases():
        doing.do(shops.worker.desk, "close", agent=shops.sam, number=case["number"])
    kept = []
    for months in (20, 10, 10, 60):
        shops.clock.skip(days=months * 31)
        retaining.keep_no_longer(shops.worker.desk, at_any_hour=True)
        dropped = {event["case"] for event in shops.events("originals-dropped")}
        # Both mailboxes are read at once: nobody promises which of them has the first case.
        kept.append(({case["mailbox"] for case in shops.cases() if case["customer"]}, len(dropped)))
    assert kept == [({"main", "returns"}, 1), ({"returns"}, 1), ({"returns"}, 2), (set(), 2)]


def test_a_rules_folder_of_its_own_says_only_what_differs(with_changes: Any, tmp_path: Path) -> None:
    own = tmp_path / "returns-rules"
    own.mkdir()
    (own / "mine.yaml").write_text(
        "rules:\n  - name: lamps\n    when: {phrase: lamp}\n    says: {severity: urgent}\n", "utf-8"
    )
    shops = with_changes(RETURNS_RULES_DIR=own)
    shops.customer_writes("The lamp, the lamp.", to=shops.returns)
    shops.customer_writes("The lamp, the lamp.", sender="Bob <bob@example.com>")
    shops.work()
    assert [case["severity"] for case in shops.of("returns")] == ["urgent"]
    assert [case["severity"] for case in shops.of("main")] != ["urgent"]
    assert shops.mails_to(), "the main folder's agents are everybody's"


def test_letters_of_its_own_are_that_mailboxs_alone(with_changes: Any, tmp_path: Path) -> None:
    own = tmp_path / "returns-letters"
    shutil.copytree("templates", own)
    path = own / "en" / "ack_complaint.md"
    path.write_text(path.read_text("utf-8") + "\nKeep the box, please.\n", "utf-8")
    shops = with_changes(RETURNS_TEMPLATES_DIR=own)
    shops.customer_writes("The lamp is broken, I want to complain.", to=shops.returns)
    shops.customer_writes("The lamp is broken, I want to complain.", sender="Bob <bob@example.com>")
    shops.work()
    assert "Keep the box" in text_of(shops.letters()[0])
    assert "Keep the box" not in text_of(shops.letters("bob@example.com")[0])


def test_a_mailbox_is_read_apart_as_the_main_one_is(with_changes: Any) -> None:
    shops = with_changes(READ_APART=True)
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.customer_writes("My parcel is late.", sender="Bob <bob@example.com>")
    shops.work()
    assert {case["mailbox"] for case in shops.cases()} == {"main", "returns"}


def test_what_is_left_of_a_mailbox_that_was_taken_away_leaves_by_the_main_one(shops: Shops) -> None:
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.work()
    shops.stop()
    shops.settings = shops.settings.beside([])
    shops.reply_at_main("approve")
    assert sender_of(shops.letters()[-1]) == f"Example Shop <{shops.host.address}>"


def test_letters_come_from_the_alias_that_the_customer_wrote_to(with_changes: Any) -> None:
    shops = with_changes(ALIASES="help@peygir.example", ANSWER_FROM_ALIAS=True)
    mail = shops.mail("It is late.", sender="Ann <ann@example.com>", subject="Late", to="help@peygir.example")
    shops.host.deliver(mail.as_bytes(), to=shops.host.address)
    shops.work()
    shops.agent_replies("approve")
    assert {str(one["From"]) for one in shops.letters()} == {"Example Shop <help@peygir.example>"}
    assert shops.host.address.split("@")[0] in str(shops.letters()[0]["Reply-To"])
    assert "help@" not in str(shops.mails_to()[0]["From"])


def test_an_alias_is_ours_although_letters_do_not_come_from_it(with_changes: Any) -> None:
    shops = with_changes(ALIASES="help@peygir.example")
    shops.customer_writes("Hello.", sender="Help <help@peygir.example>")
    mail = shops.mail("It is late.", sender="Ann <ann@example.com>", subject="Late", to="help@peygir.example")
    shops.host.deliver(mail.as_bytes(), to=shops.host.address)
    shops.work()
    [case] = shops.cases()
    assert shops.shown(case["number"])["participants"] == ["ann@example.com"]
    assert sender_of(shops.letters()[0]) == f"Example Shop <{shops.host.address}>"


def test_two_copies_that_are_read_at_the_same_moment_are_one_case(
    embedded_host: Host, database_url: str, tmp_path: Path
) -> None:
    shops = Shops(embedded_host, database_url, tmp_path)
    both = f"{shops.host.address}, {shops.returns}"
    for number in range(8):
        sender = f"Ann <ann{number}@example.com>"
        mail = shops.mail(f"Lamp {number} is broken.", sender=sender, subject=f"Lamp {number}", to=both)
        for address in (shops.host.address, shops.returns):
            shops.host.deliver(mail.as_bytes(), to=address)
    shops.work()
    assert [case["mailbox"] for case in shops.cases()] == ["main"] * 8
    assert [len(shops.letters(f"ann{number}@example.com")) for number in range(8)] == [1] * 8
    assert len(shops.events("duplicate")) == 8
    shops.stop()


def test_lists_name_the_mailbox_where_there_is_more_than_one(shops: Shops) -> None:
    shops.customer_writes("My parcel is late.", sender="Bob <bob@example.com>")
    shops.work()
    assert where_several(shops.cases(), ("number",)) == ("number",)
    shops.customer_writes("The lamp is broken.", to=shops.returns)
    shops.work()
    for rows in (shops.cases(), shops.events()):
        assert where_several(rows, ("number",)) == ("number", "mailbox")
        assert {row["mailbox"] for row in rows} - {""} == {"main", "returns"}
    [case] = shops.of("returns")
    assert "mailbox    returns" in page(shops.shown(case["number"]))
