"""Journeys of a second person's yes: above the authority, four eyes, and where nothing proves senders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from engine import doing
from tests.hosts import Host
from tests.journeys import Journey, addresses, html_of, text_of

AUTHORITY = "authority: {EUR: {per_case: 50, per_customer_year: 80}}"
ABOVE = "offer refund 60 EUR the vase came in pieces"
WISH = "refund, 60.00 euros, because: the vase came in pieces"
IN_BRIEF = "refund, 60.00 euros"


class Desk(Journey):
    """Sam may give 50 EUR alone; Noa, who reads Hebrew, and Ola decide about more; May only drafts."""

    ola = may = ""

    def staff(self) -> None:
        self.ola, self.may = self.host.account("ola"), self.host.account("may")
        self.write_agents(
            {
                self.sam: f"name: Sam, languages: [en], roles: [agent, admin], {AUTHORITY}",
                self.may: "name: May, languages: [en], draft_only: true",
                self.noa: "name: Noa, languages: [he], roles: [approver]",
                self.ola: "name: Ola, languages: [en], roles: [owner]",
            }
        )
        routes = f"routes:\n  - {{assign: [{self.sam}]}}\n"
        (self.rules / "routing.yaml").write_text(routes, "utf-8")

    def newest(self, agent: str) -> EmailMessage:
        return self.mails_to(agent)[-1]

    def said(self, agent: str) -> str:
        return " ".join(text_of(self.newest(agent)).split())

    def kinds(self) -> list[str]:
        return [event["kind"] for event in self.events()]

    def money(self) -> list[tuple[str, str, str]]:
        given = self.shown(self.case()["number"])["compensations"]
        return [(one["amount"], one["by"], one["granted_by"]) for one in given]

    def waiting(self) -> list[str]:
        return [one["commands"] for one in self.shown(self.case()["number"])["waiting"]]


@pytest.fixture
def opened(embedded_host: Host, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with a case whose draft waits for Sam."""
    desks: list[Desk] = []

    def made(**changes: Any) -> Desk:
        desk = Desk(embedded_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path, **changes)
        desks.append(desk)
        desk.staff()
        desk.customer_writes("The vase arrived in pieces.", subject="Broken vase")
        desk.work()
        return desk

    yield made
    for desk in desks:
        desk.stop()


@pytest.fixture
def desk(opened: Callable[..., Desk]) -> Desk:
    return opened()


def test_what_is_above_the_authority_waits_until_an_approver_says_yes(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    assert desk.money() == []
    assert desk.waiting() == [ABOVE]
    assert f"Waits for somebody's yes: {WISH}. Noa or Ola may say it until" in desk.said(desk.sam)
    desk.agent_replies("yes", agent=desk.ola)
    assert desk.money() == [("60.00", desk.sam, desk.ola)]
    assert desk.waiting() == []
    assert f"You said yes: {IN_BRIEF}" in desk.newest(desk.ola)["Subject"]
    assert "Sam is told." in desk.said(desk.ola)
    assert "Thank you for writing" not in desk.said(desk.ola), "the draft is Sam's"
    assert "approve" not in desk.said(desk.ola)
    assert f"Ola said yes: {IN_BRIEF}" in desk.newest(desk.sam)["Subject"]
    assert f"Written down: {WISH}." in desk.said(desk.sam)
    who = [
        (one["kind"], one["actor"])
        for one in desk.events()
        if one["kind"] in ("requested", "granted", "offered")
    ]
    assert who == [("requested", desk.sam), ("granted", desk.ola), ("offered", desk.sam)]


def test_the_letter_that_asks_shows_the_case_in_the_deciders_language_with_buttons(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    asked = desk.newest(desk.noa)
    assert f"[#{desk.case()['number']}]" in asked["Subject"]
    text, html = text_of(asked), html_of(asked)
    for shown in ("60", "the vase came in pieces", "The vase arrived in pieces.", "ann@example.com", "Sam"):
        assert shown in text
    assert "בקשה" in asked["Subject"]
    assert 'dir="rtl"' in html
    assert html.count("mailto:") >= 2
    assert "yes" in html
    assert "It is more than Sam may give alone." in desk.said(desk.ola)


def test_a_no_with_its_reason_ends_it_and_the_giver_is_told(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    desk.agent_replies("no a voucher is enough here", agent=desk.noa)
    assert desk.money() == []
    assert desk.waiting() == []
    assert f"Noa said no: {IN_BRIEF}" in desk.newest(desk.sam)["Subject"]
    assert "Why: a voucher is enough here" in desk.said(desk.sam)
    assert "denied" in desk.kinds()
    question, settled = desk.mails_to(desk.ola)
    assert f"Noa said no: {IN_BRIEF}" in settled["Subject"]
    assert settled["In-Reply-To"] == question["Message-ID"]
    desk.reply(question, "yes", sender=desk.ola)
    desk.work()
    assert "Noa said no to this already" in desk.said(desk.ola)
    assert "Thank you for writing" not in desk.said(desk.ola)


def test_a_slip_brings_the_question_again_and_a_bare_no_is_enough(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    question = desk.newest(desk.ola)
    assert [part.get_content_type() for part in question.iter_attachments()] == ["message/rfc822"]
    desk.agent_replies("yess", agent=desk.ola)
    again = desk.newest(desk.ola)
    assert again["Subject"].startswith("[#1001] Please look again: Sam asks for your yes")
    assert again["In-Reply-To"]
    said = desk.said(desk.ola)
    assert "“yess” is not a command. Did you mean “yes”?" in said
    assert WISH in said
    assert "approve" not in said
    assert html_of(again).count("mailto:") >= 2
    assert [part.get_content_type() for part in again.iter_attachments()] == ["message/rfc822"]
    desk.agent_replies("no", agent=desk.ola)
    assert desk.waiting() == []
    assert f"Ola said no: {IN_BRIEF}" in desk.said(desk.sam)
    assert "No reason was given." in desk.said(desk.sam)


def test_of_two_approvers_at_once_one_acts_and_the_other_is_told_who(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    for one, words in ((desk.ola, "yes"), (desk.noa, "no too much")):
        desk.reply(desk.newest(one), words, sender=one)
    desk.work()
    assert desk.money() == [("60.00", desk.sam, desk.ola)]
    assert desk.kinds().count("granted") == 1
    assert "denied" not in desk.kinds()
    assert "Ola" in desk.said(desk.noa)


def test_a_yes_counts_once(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    asked = desk.newest(desk.ola)
    for _ in range(2):
        desk.reply(asked, "yes", sender=desk.ola)
        desk.work()
    assert len(desk.money()) == 1


@pytest.mark.parametrize("forger", ["stranger", "customer", "giver", "unproved", "from-alone"])
def test_a_forged_yes_grants_nothing(desk: Desk, forger: str) -> None:
    desk.agent_replies(ABOVE)
    asked = desk.newest(desk.ola)
    sender, passes, address = {
        "stranger": ("eve@example.net", True, ""),
        "customer": ("ann@example.com", True, ""),
        "giver": (desk.sam, True, ""),
        "unproved": (desk.ola, False, ""),
        "from-alone": (desk.ola, False, desk.host.address),
    }[forger]
    desk.reply(asked, "yes", sender=sender, passes=passes, address=address)
    desk.work()
    assert desk.money() == []
    assert desk.waiting() == [ABOVE]
    assert "granted" not in desk.kinds()


def test_the_giver_can_not_say_yes_on_their_own_address_either(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    desk.agent_replies("yes")
    assert desk.money() == []
    assert "your own wish" in desk.said(desk.sam)


def test_a_yes_in_a_new_mail_decides_nothing_and_asks_once_more(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    desk.agent_replies("no too much", agent=desk.noa)
    desk.agent_replies("offer refund 90000 EUR the vase came in pieces")
    asked = len(desk.mails_to(desk.ola))
    mail = desk.mail(f"#{desk.case()['number']}\nyes", sender=desk.ola, subject="about Sam's wish")
    desk.host.deliver(mail.as_bytes(), to=desk.host.address, passes=True)
    desk.work()
    assert desk.money() == [], "Ola may have written it for the 60 EUR that she was asked for first"
    again = [one for one in desk.mails_to(desk.ola)[asked:] if "asks for your yes" in str(one["Subject"])]
    assert "90,000.00 euros" in text_of(again[0])
    desk.reply(again[0], "yes", sender=desk.ola)
    desk.work()
    assert desk.money() == [("90000.00", desk.sam, desk.ola)]


def test_nobody_answers_in_time_and_the_giver_is_told(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    asked = desk.newest(desk.ola)
    desk.clock.skip(days=desk.settings.REQUEST_DAYS, minutes=1)
    desk.work()
    assert "Nobody said yes or no" in desk.said(desk.sam)
    assert desk.waiting() == []
    desk.reply(asked, "yes", sender=desk.ola)
    desk.work()
    assert desk.money() == []


def test_limits_count_what_the_customer_was_given_on_other_cases(desk: Desk) -> None:
    desk.agent_replies("offer refund 50 EUR the vase came in pieces")
    assert desk.money() == [("50.00", desk.sam, "")]
    desk.customer_writes("And the second parcel never came.", subject="Second parcel")
    desk.work()
    desk.agent_replies("offer refund 30.01 EUR it was lost")
    assert desk.waiting() == ["offer refund 30.01 EUR it was lost"]
    desk.agent_replies("offer refund 30 EUR it was lost")
    assert desk.money() == [("30.00", desk.sam, "")]


def test_a_year_later_the_limit_is_free_again(desk: Desk) -> None:
    desk.agent_replies("offer refund 50 EUR the vase came in pieces")
    desk.clock.skip(days=366)
    desk.customer_writes("The next parcel never came.", subject="Next parcel")
    desk.work()
    desk.agent_replies("offer refund 50 EUR it was lost")
    assert desk.money() == [("50.00", desk.sam, "")]


def drafts_may(desk: Desk) -> None:
    """May, who only drafts, has the case."""
    desk.agent_replies("assign May")
    assert desk.case()["assignee"] == desk.may


def test_what_a_draft_only_agent_approves_leaves_when_another_says_yes(desk: Desk) -> None:
    drafts_may(desk)
    letters = len(desk.letters())
    desk.agent_replies("edit\nDear Ann, a new vase comes tomorrow.\nend\napprove", agent=desk.may)
    assert len(desk.letters()) == letters
    asked = text_of(desk.newest(desk.ola))
    assert "Dear Ann, a new vase comes tomorrow." in asked
    assert "writes drafts, and somebody else approves them" in asked
    desk.agent_replies("yes", agent=desk.ola)
    assert "a new vase comes tomorrow." in text_of(desk.letters()[-1])
    assert desk.case()["status"] == "answered"
    assert "Ola said yes: send version 3 of the draft" in desk.said(desk.may)


def test_a_draft_that_changed_meanwhile_does_not_leave_by_an_older_yes(desk: Desk) -> None:
    drafts_may(desk)
    letters = len(desk.letters())
    desk.agent_replies("approve", agent=desk.may)
    asked = desk.newest(desk.ola)
    desk.agent_replies("edit\nDear Ann, other words.\nend", agent=desk.may)
    desk.reply(asked, "yes", sender=desk.ola)
    desk.work()
    assert len(desk.letters()) == letters
    assert "The draft has changed" in desk.said(desk.ola)
    assert "could not be done any more" in desk.said(desk.may)
    assert "approved" not in desk.kinds()


def test_a_no_leaves_the_draft_for_other_words(desk: Desk) -> None:
    drafts_may(desk)
    desk.agent_replies("approve", agent=desk.may)
    desk.agent_replies("no say sorry first", agent=desk.noa)
    assert "say sorry first" in desk.said(desk.may)
    desk.agent_replies("edit\nDear Ann, we are sorry.\nend\napprove", agent=desk.may)
    desk.agent_replies("yes", agent=desk.noa)
    assert "we are sorry." in text_of(desk.letters()[-1])


def test_resolve_does_not_stand_beside_an_approval_that_waits(desk: Desk) -> None:
    drafts_may(desk)
    desk.agent_replies("approve\nresolve", agent=desk.may)
    assert "resolve can't stand in the same mail" in desk.said(desk.may)
    assert "requested" not in desk.kinds()


def test_in_a_category_of_four_eyes_a_second_person_looks(desk: Desk) -> None:
    path = desk.rules / "categories.yaml"
    path.write_text(
        path.read_text("utf-8").replace("kind: complaint", "kind: complaint\n    four_eyes: true"), "utf-8"
    )
    desk.stop()
    letters = len(desk.letters())
    desk.agent_replies("approve")
    assert len(desk.letters()) == letters
    desk.agent_replies("yes", agent=desk.ola)
    assert len(desk.letters()) == letters + 1


def test_a_correction_of_the_category_takes_the_second_look_away_from_no_answer(desk: Desk) -> None:
    path = desk.rules / "categories.yaml"
    wanted = path.read_text("utf-8").replace("  damaged:\n", "  damaged:\n    four_eyes: true\n")
    path.write_text(wanted, "utf-8")
    desk.stop()
    letters = len(desk.letters())
    desk.agent_replies("edit\nWe are sorry.\nend\ncategory late")
    desk.agent_replies("approve")
    assert len(desk.letters()) == letters
    assert "Waits for somebody's yes" in desk.said(desk.sam)


def test_where_nothing_proves_senders_money_needs_a_second_mailed_yes(opened: Callable[..., Desk]) -> None:
    desk = opened(TRUSTED_AUTHSERV_ID="", TOKEN_ONLY_COMMANDS=True)
    desk.agent_replies("offer refund 5 EUR the vase came in pieces", passes=None)
    assert desk.money() == []
    assert "no server proves here who wrote a mail" in text_of(desk.newest(desk.ola))
    desk.reply(desk.newest(desk.ola), "yes", sender=desk.ola, passes=None)
    desk.work()
    assert desk.money() == [("5.00", desk.sam, desk.ola)]


def test_where_nobody_may_say_yes_it_is_refused_at_once(desk: Desk) -> None:
    desk.write_agents({desk.sam: f"name: Sam, roles: [agent, admin], {AUTHORITY}"})
    desk.stop()
    desk.agent_replies(ABOVE)
    assert "there is nobody who may say it" in desk.said(desk.sam)
    assert "requested" not in desk.kinds()


def test_each_decider_has_an_address_of_their_own(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    theirs = {addresses(str(desk.newest(one)["Reply-To"])) for one in (desk.noa, desk.ola, desk.sam)}
    assert len(theirs) == 3
    desk.reply(desk.newest(desk.noa), "yes", sender=desk.ola)
    desk.work()
    assert desk.money() == [], "another's address says nothing for Ola"


def test_commands_other_than_yes_and_no_are_refused_on_such_an_address(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    desk.agent_replies("approve", agent=desk.ola)
    assert "approved" not in desk.kinds()
    assert "not allowed with this reply address" in desk.said(desk.ola)


def test_at_the_command_line_the_only_thing_that_waits_on_a_case_is_answered(desk: Desk) -> None:
    number = desk.case()["number"]

    def do(words: str, agent: str) -> str:
        return "\n".join(doing.do(desk.worker.desk, words, agent=agent, number=number))

    assert "Waits for somebody's yes" in do(ABOVE, desk.sam)
    with pytest.raises(doing.NotDone, match="your own wish"):
        do("yes", desk.sam)
    assert f"You said yes: {IN_BRIEF}" in do("yes", desk.ola)
    desk.work()
    assert desk.money() == [("60.00", desk.sam, desk.ola)]
    assert f"Ola said yes: {IN_BRIEF}" in desk.said(desk.sam)
    assert "60.00" in desk.newest(desk.noa)["Subject"], "in Hebrew"
    with pytest.raises(doing.NotDone, match="It is not clear what this answers"):
        do("yes", desk.ola)


def test_where_two_things_wait_each_is_asked_for_again_when_a_new_mail_says_yes(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    desk.agent_replies("offer voucher 70 EUR the vase came in pieces")
    assert len(desk.waiting()) == 2
    mail = desk.mail(f"#{desk.case()['number']}\nyes", sender=desk.ola, subject="Sam's wishes")
    desk.host.deliver(mail.as_bytes(), to=desk.host.address, passes=True)
    desk.work()
    assert desk.money() == []
    last = [" ".join(text_of(one).split()) for one in desk.mails_to(desk.ola)[-3:]]
    assert sum("Nothing was decided" in one for one in last) == 1
    assert [WISH in one or "voucher, 70.00 euros" in one for one in last] == [True] * 3


def test_the_giver_who_wants_the_same_again_is_told_that_it_waits(desk: Desk) -> None:
    desk.agent_replies(ABOVE)
    asked = len(desk.mails_to(desk.ola))
    desk.agent_replies(ABOVE)
    assert "Sam asked for this already" in desk.said(desk.sam)
    assert len(desk.mails_to(desk.ola)) == asked


def test_who_gets_the_case_sees_what_waits_what_was_promised_and_what_was_given(desk: Desk) -> None:
    desk.agent_replies("promise a call by tomorrow at 12:00\noffer refund 20 EUR late")
    desk.agent_replies(ABOVE)
    desk.agent_replies("assign May")
    said = desk.said(desk.may)
    assert "a call" in said
    assert f"Sam wants “{WISH}”" in said
    assert "20.00" in said
