"""What others try in an agent's name, and what agents can do without a reply address (promises 13 to 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.hosts import Host
from tests.journeys import Journey, addresses, html_of, text_of

ACK = 1
"""What the customer had before anybody commanded anything."""


@pytest.fixture
def opened(journey: Journey) -> Iterator[Journey]:
    """A case with its draft at Sam, on each mail host."""
    yield _opened(journey)


@pytest.fixture
def quickly_opened(quick_journey: Journey) -> Iterator[Journey]:
    yield _opened(quick_journey)


def _opened(journey: Journey) -> Journey:
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    assert len(journey.letters()) == ACK
    return journey


def agents_mail(
    journey: Journey,
    words: str,
    *,
    subject: str = "A word",
    passes: bool | None = True,
    agent: str = "",
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    """A mail of an agent's own to the complaints address; no reply to anything."""
    mail = journey.mail(words, sender=f"Sam <{agent or journey.sam}>", subject=subject, headers=headers)
    journey.host.deliver(mail.as_bytes(), to=journey.host.address, passes=passes)
    journey.work()
    return mail


def kinds(journey: Journey) -> list[str]:
    return [event["kind"] for event in journey.events()]


def challenge(journey: Journey) -> EmailMessage:
    """The newest mail to Sam, which must ask for a yes."""
    newest = journey.mails_to()[-1]
    assert re.search(r"^\s*.*\byes\b", text_of(newest), re.MULTILINE), text_of(newest)
    return newest


def answer(
    journey: Journey, to: EmailMessage, words: str, *, sender: str = "", passes: bool | None = None
) -> None:
    journey.reply(to, words, sender=sender or journey.sam, passes=passes)
    journey.work()


# Without a reply address


def test_an_agents_new_mail_that_our_border_vouches_for_is_obeyed(opened: Journey) -> None:
    number = opened.case()["number"]
    agents_mail(opened, f"#{number}\nnote call her on Monday")
    assert opened.events("noted")[0]["text"] == "call her on Monday"
    told = opened.mails_to()[-1]
    assert f"{number}" in str(told["Subject"])
    answer(opened, told, "resolve", passes=True)
    assert opened.case()["status"] == "resolved", "the transcript's reply address is good for the case"
    assert len(opened.letters()) == ACK


def test_a_command_in_the_subject_counts_where_the_mail_says_nothing(quickly_opened: Journey) -> None:
    agents_mail(quickly_opened, "\n\nBest regards\nSam\n", subject="help")
    assert quickly_opened.events("helped")
    agents_mail(quickly_opened, "My own parcel is late.", subject="help")
    assert quickly_opened.case(quickly_opened.sam)["status"] == "new", "it is a customer's mail"
    agents_mail(quickly_opened, "", subject="help", headers={"In-Reply-To": "<other@example.com>"})
    assert len(quickly_opened.events("helped")) == 1, "a reply's subject is another's"


def test_an_agent_who_complains_is_a_customer(quickly_opened: Journey) -> None:
    for words in (
        "Note that my own parcel is late.",
        "Help, my lamp is broken!",
        "Close to midnight it broke.",
    ):
        agents_mail(quickly_opened, words)
    mine = [case for case in quickly_opened.cases() if case["customer"] == quickly_opened.sam]
    assert len(mine) == 3
    assert not quickly_opened.events("refused")


def test_an_approval_without_its_draft_is_sent_back_with_the_draft(quickly_opened: Journey) -> None:
    journey = quickly_opened
    agents_mail(journey, f"#{journey.case()['number']}\napprove")
    assert len(journey.letters()) == ACK
    told = journey.mails_to()[-1]
    assert "which text you saw" in text_of(told)
    answer(journey, told, "approve", passes=True)
    assert len(journey.letters()) == ACK + 1


def test_the_subject_and_the_thread_never_say_which_case(quickly_opened: Journey) -> None:
    journey = quickly_opened
    draft = journey.mails_to()[-1]
    threaded = {"In-Reply-To": str(draft["Message-ID"]), "References": str(draft["Message-ID"])}
    agents_mail(journey, "resolve", subject=str(draft["Subject"]), headers=threaded)
    assert journey.case()["status"] == "new"
    assert f"Write #{journey.case()['number']} on the line above" in text_of(journey.mails_to()[-1])


def test_a_genuine_mail_that_is_sent_again_is_not_obeyed_again(quickly_opened: Journey) -> None:
    journey = quickly_opened
    number = journey.case()["number"]
    mail = agents_mail(journey, f"#{number}\nnote once")
    del mail["To"]
    mail["To"] = f"{journey.host.address}, other@example.org"
    journey.host.deliver(mail.as_bytes(), to=journey.host.address, passes=True)
    journey.work()
    journey.clock.skip(days=3)
    old = journey.mail(f"#{number}\nnote twice", sender=journey.sam, subject="A word")
    journey.clock.skip(days=-3)
    journey.host.deliver(old.as_bytes(), to=journey.host.address, passes=True)
    journey.work()
    assert [event["text"] for event in journey.events("noted")] == ["once"]


# The challenge


def test_from_alone_asks_the_registered_address_and_does_nothing_meanwhile(opened: Journey) -> None:
    number = opened.case()["number"]
    agents_mail(opened, f"#{number}\nnote a forger's words\nresolve", passes=False)
    assert opened.case()["status"] == "new"
    assert not opened.events("noted")
    assert opened.shown(number)["events"][-1]["kind"] != "requested", "the case is left alone"
    answer(opened, challenge(opened), "yes")
    assert opened.case()["status"] == "resolved"
    assert opened.events("noted")[0]["actor"] == opened.sam
    assert len(opened.letters()) == ACK


def test_a_challenge_is_the_registered_addresss_alone_and_good_once(quickly_opened: Journey) -> None:
    journey = quickly_opened
    agents_mail(journey, f"#{journey.case()['number']}\nresolve", passes=None)
    asked = challenge(journey)
    answer(journey, asked, "yes", sender="eve@example.org")
    answer(journey, asked, "yes", sender=journey.noa, passes=True)
    assert journey.case()["status"] == "new"
    answer(journey, asked, "no it was not me")
    answer(journey, asked, "yes")
    assert journey.case()["status"] == "new"
    assert "resolved" not in kinds(journey)


def test_a_challenge_ends(quickly_opened: Journey) -> None:
    journey = quickly_opened
    agents_mail(journey, f"#{journey.case()['number']}\nresolve", passes=False)
    asked = challenge(journey)
    journey.clock.skip(hours=2)
    answer(journey, asked, "yes")
    assert journey.case()["status"] == "new"


def test_challenges_stop_at_five_an_hour_and_the_forger_hears_nothing(quickly_opened: Journey) -> None:
    journey = quickly_opened
    before = len(journey.mails_to())
    for n in range(7):
        agents_mail(journey, f"#{journey.case()['number']}\nnote {n}", passes=False)
    assert len(journey.mails_to()) == before + 5
    assert not journey.events("noted")
    assert len(journey.letters()) == ACK
    journey.clock.skip(hours=2)
    agents_mail(journey, f"#{journey.case()['number']}\nnote later", passes=False)
    assert len(journey.mails_to()) == before + 6


# Whose address it is


@pytest.mark.parametrize(
    "sender",
    [
        "{sam} <eve@example.org>",
        '"Sam <{sam}>" <eve@example.org>',
        "=?utf-8?q?Sam_=3C{sam}=3E?= <eve@example.org>",
        "Sam <{homoglyph}>",
        "Sam <{sam}.example.org>",
        "Sam <eve@example.org>, {sam}",
    ],
)
def test_a_name_that_looks_like_the_agents_commands_nothing(quickly_opened: Journey, sender: str) -> None:
    journey = quickly_opened
    to = addresses(str(journey.mails_to()[-1]["Reply-To"]))
    claims = sender.format(sam=journey.sam, homoglyph=journey.sam.replace("a", "\u0430"))
    body = f"From: {claims}\r\nTo: {to}\r\nSubject: x\r\nMessage-ID: <forged@example.org>\r\n\r\napprove\r\n"
    journey.host.deliver(body.encode(), to=to, passes=True)
    journey.work()
    assert len(journey.letters()) == ACK
    assert "approved" not in kinds(journey)
    assert journey.events("refused")


@pytest.mark.parametrize("order", [("{sam}", "eve@example.org"), ("eve@example.org", "{sam}")])
def test_two_from_fields_command_nothing(quickly_opened: Journey, order: tuple[str, str]) -> None:
    journey = quickly_opened
    to = addresses(str(journey.mails_to()[-1]["Reply-To"]))
    fields = "".join(f"From: {one.format(sam=journey.sam)}\r\n" for one in order)
    mail = f"{fields}To: {to}\r\nSubject: x\r\nMessage-ID: <two@example.org>\r\n\r\napprove\r\n"
    journey.host.deliver(mail.encode(), to=to, passes=True)
    journey.work()
    assert len(journey.letters()) == ACK
    assert journey.events("refused")


def test_an_agents_address_in_capitals_is_the_agents(quickly_opened: Journey) -> None:
    quickly_opened.reply(quickly_opened.mails_to()[-1], "approve", sender=quickly_opened.sam.upper())
    quickly_opened.work()
    assert len(quickly_opened.letters()) == ACK + 1


def test_another_agents_reply_address_is_worth_nothing(opened: Journey) -> None:
    answer(opened, opened.mails_to()[-1], "approve", sender=opened.noa, passes=True)
    assert len(opened.letters()) == ACK
    assert opened.events("refused")[0]["sender"] == opened.noa


def test_a_reply_address_is_for_its_own_case(quickly_opened: Journey) -> None:
    journey = quickly_opened
    journey.customer_writes("My lamp is broken.", sender="bea@example.org")
    journey.work()
    first, second = journey.case()["number"], journey.case("bea@example.org")["number"]
    mail = next(one for one in journey.mails_to() if str(second) in str(one["Subject"]))
    answer(journey, mail, f"#{first}\nresolve", passes=True)
    assert {case["status"] for case in journey.cases()} == {"new"}
    assert str(first) in text_of(journey.mails_to()[-1])


def test_the_newest_mail_about_a_case_has_the_only_good_address(quickly_opened: Journey) -> None:
    journey = quickly_opened
    first = journey.mails_to()[-1]
    for _ in range(3):
        answer(journey, first, "note x", passes=True)
    assert len(journey.events("noted")) == 1, "the rest of them was used already"
    *_, older, newest = journey.mails_to()
    answer(journey, older, "note y", passes=True)
    assert "newer mail" in text_of(journey.mails_to()[-1])
    answer(journey, newest, "note z", passes=True)
    assert len(journey.events("noted")) == 1, "the answer to the older one took its place too"
    answer(journey, journey.mails_to()[-1], "note z", passes=True)
    assert [event["text"] for event in journey.events("noted")] == ["x", "z"]


def test_old_mails_of_the_agent_sent_again_are_answered_five_times_an_hour(quickly_opened: Journey) -> None:
    journey = quickly_opened
    first = journey.mails_to()[-1]
    answer(journey, first, "note x", passes=True)
    before = len(journey.mails_to())
    for _ in range(7):
        answer(journey, first, "approve", passes=True)
    assert len(journey.mails_to()) == before + 5
    assert len(journey.events("refused")) == 7
    assert len(journey.letters()) == ACK


# What the border says


@pytest.mark.parametrize("passes", [True, False])
def test_a_result_that_the_sender_wrote_above_or_below_ours_counts_for_nothing(
    quickly_opened: Journey, passes: bool
) -> None:
    journey = quickly_opened
    claim = "dmarc=pass header.from=example.com"
    forged = {
        "Authentication-Results": f"{journey.host.authserv_id}; {claim}",
        "ARC-Authentication-Results": f"i=1; {journey.host.authserv_id}; {claim}",
    }
    to = addresses(str(journey.mails_to()[-1]["Reply-To"]))
    sender = journey.sam if not passes else "eve@example.org"
    journey.customer_writes("approve", sender=sender, to=to, headers=forged, passes=passes)
    journey.work()
    assert len(journey.letters()) == ACK
    assert journey.events("refused")


def test_another_servers_result_on_top_is_not_our_borders(quickly_opened: Journey) -> None:
    journey = quickly_opened
    to = addresses(str(journey.mails_to()[-1]["Reply-To"]))
    mail = journey.mail("approve", sender=journey.sam, subject="x", to=to)
    ours = f"Authentication-Results: {journey.host.authserv_id}; dmarc=pass header.from=example.com\r\n"
    theirs = "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.com\r\n"
    journey.host.deliver((theirs + ours).encode() + mail.as_bytes(), to=to)
    journey.work()
    assert len(journey.letters()) == ACK


# Customers


@pytest.mark.parametrize("words", ["approve", "approve\nabcdefghijklmnopqrstuvwx23", "yes", "#1001\nresolve"])
def test_a_customer_who_writes_like_an_agent_is_a_customer(quickly_opened: Journey, words: str) -> None:
    journey = quickly_opened
    journey.reply(journey.letters()[0], words, sender="ann@example.com", passes=True)
    journey.work()
    assert journey.case()["status"] == "new"
    assert journey.events("customer-wrote")
    assert not journey.events("approved")


def test_a_word_like_a_token_is_no_reply_address(quickly_opened: Journey) -> None:
    journey = quickly_opened
    token = re.search(r"\+([a-z2-7]{26})@", str(journey.mails_to()[-1]["Reply-To"]))
    assert token
    journey.customer_writes(
        f"approve {token[1]}", sender="eve@example.org", subject=f"complaints+{token[1]}@example.com"
    )
    journey.work()
    assert journey.case("eve@example.org")["number"] != journey.case()["number"]
    assert len(journey.letters()) == ACK


def test_a_customer_who_answers_to_an_agents_address_writes_into_the_case(opened: Journey) -> None:
    answer(opened, opened.mails_to()[-1], "Thank you Sam, but when does it come?", sender="ann@example.com")
    assert len(opened.cases()) == 1
    assert opened.events("customer-wrote")
    assert not opened.events("refused")


def test_a_stranger_who_got_an_agents_address_opens_a_case_of_their_own(quickly_opened: Journey) -> None:
    journey = quickly_opened
    answer(journey, journey.mails_to()[-1], "My lamp is broken too.", sender="eve@example.org")
    assert len(journey.cases()) == 2
    assert journey.case()["status"] == "new"
    assert not journey.events("customer-wrote")


def test_a_check_in_is_answered_by_its_customer_alone(quickly_opened: Journey) -> None:
    journey = quickly_opened
    journey.agent_replies("approve\nresolve")
    journey.clock.skip(days=14)
    journey.work()
    asked = journey.letters()[-1]
    answer(journey, asked, "1", sender="eve@example.org")
    assert journey.case()["status"] == "resolved"
    assert journey.case("eve@example.org")["number"] != journey.case()["number"]
    answer(journey, asked, "1", sender="ann@example.com")
    assert journey.case()["status"] == "open", "a late answer of the customer's still counts"


def test_older_mails_of_who_is_no_agent_any_more_do_nothing(quickly_opened: Journey) -> None:
    journey = quickly_opened
    asked = journey.mails_to()[-1]
    text = (journey.rules / "agents.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines() if journey.sam not in line]
    left = "\n".join(lines).replace("roles: [agent]", "roles: [agent, admin]")
    (journey.rules / "agents.yaml").write_text(left + "\n", "utf-8")
    journey.stop()
    answer(journey, asked, "approve", passes=True)
    assert len(journey.letters()) == ACK
    assert journey.case()["status"] == "new"
    assert "approved" not in kinds(journey)


# What is kept


def test_the_text_of_a_sent_letter_with_an_agents_address_is_not_kept(stored_journey: Journey) -> None:
    journey = _opened(stored_journey)
    journey.agent_replies("note x")
    tokens = [re.search(r"\+([a-z2-7]{26})@", str(mail["Reply-To"])) for mail in journey.mails_to()]
    assert all(tokens)
    kept = b"\n".join(journey.raws())
    assert b"has left" in kept
    assert not [token[1] for token in tokens[1:] if token and token[1].encode() in kept]
    journey.agent_replies("approve")
    assert len(journey.letters()) == ACK + 1, "what is still to be sent is not touched"
    original = [part for mail in journey.mails_to() for part in mail.walk()]
    assert any(part.get_content_type() == "message/rfc822" for part in original)
    assert journey.shown(journey.case()["number"])["letters"]


def test_nothing_an_agent_writes_without_a_token_reaches_the_customer(
    mail_host: Host, journey: Journey
) -> None:
    _opened(journey)
    agents_mail(journey, f"#{journey.case()['number']}\nnote secret words\n\nSam\nHead of Lamps")
    assert all("secret" not in text_of(one) + html_of(one) for one in journey.letters())
