"""Journeys: agents decide by replying; approved answers leave; nobody else decides (points 5 and 6)."""

from __future__ import annotations

import pytest

from tests.journeys import Journey, addresses, text_of

AUTO = {"Auto-Submitted": "auto-replied"}


@pytest.fixture
def opened(journey: Journey) -> Journey:
    """A case with its draft at the agent's."""
    journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    journey.work()
    return journey


@pytest.fixture
def quickly_opened(quick_journey: Journey) -> Journey:
    quick_journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    quick_journey.work()
    return quick_journey


def test_approve_sends_the_stored_draft_and_nothing_else(opened: Journey) -> None:
    draft = opened.shown(opened.case()["number"])["drafts"][0]["body"]
    opened.agent_replies("approve\n\nBest regards,\nSam\nSent from my iPhone")
    answer = opened.letters()[-1]
    assert draft.split("\n\n")[1] in text_of(answer)
    assert "iPhone" not in text_of(answer)
    assert "Best regards" not in text_of(answer)
    assert answer["In-Reply-To"] == opened.case()["message_ids"][0]
    assert answer["Auto-Submitted"] is None
    assert opened.host.sent()[-1].envelope_from == opened.host.address
    assert opened.case()["status"] == "answered"
    assert "resolve" in text_of(opened.mails_to()[-1]), "the transcript says what to do next"


def test_edit_replaces_the_draft_and_only_the_text_between_its_limits_leaves(opened: Journey) -> None:
    opened.agent_replies("edit\nDear Ann,\n\nit leaves us tomorrow.\nend\n\n-- \nSam, Example Shop")
    assert len(opened.letters()) == 1, "an edited draft waits for approval"
    assert "it leaves us tomorrow." in text_of(opened.mails_to()[-1])
    opened.agent_replies("approve")
    answer = text_of(opened.letters()[-1])
    assert "Dear Ann,\n\nit leaves us tomorrow." in answer
    assert "Sam, Example Shop" not in answer


def test_edit_and_approve_can_stand_in_one_mail(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("edit\nComing tomorrow.\nend\napprove\nresolve")
    assert "Coming tomorrow." in text_of(quickly_opened.letters()[-1])
    assert quickly_opened.case()["status"] == "resolved"


def test_reject_sends_nothing(opened: Journey) -> None:
    opened.agent_replies("reject it is already solved by phone")
    assert len(opened.letters()) == 1
    assert "already solved by phone" in opened.events("rejected")[0]["text"]
    opened.agent_replies("approve")
    assert len(opened.letters()) == 1
    assert "no draft is open" in text_of(opened.mails_to()[-1])


def test_assign_gives_the_case_and_its_draft_to_a_colleague(opened: Journey) -> None:
    opened.agent_replies("assign Noa")
    assert opened.case()["assignee"] == opened.noa
    (given,) = opened.mails_to(opened.noa)
    (attached,) = (part.get_content() for part in given.iter_attachments())
    original = attached if isinstance(attached, bytes) else bytes(attached)
    assert b"ann@example.com" in original.partition(b"\n\n")[0].replace(b"\r", b""), "the customer's mail"
    assert b"assign Noa" not in original, "never the agent's, with their reply address in it"
    opened.agent_replies("approve", agent=opened.noa)
    assert len(opened.letters()) == 2


def test_note_is_for_colleagues_only(opened: Journey) -> None:
    opened.agent_replies("note she is a regular customer")
    assert opened.events("noted")[0]["text"] == "she is a regular customer"
    assert len(opened.letters()) == 1


def test_help_lists_the_commands_and_a_reply_to_it_works(opened: Journey) -> None:
    opened.agent_replies("help")
    assert "reject REASON" in text_of(opened.mails_to()[-1])
    opened.agent_replies("approve")
    assert len(opened.letters()) == 2


def test_commands_are_understood_in_persian_and_hebrew(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("یادداشت مشتری قدیمی است")
    assert "مشتری قدیمی است" in quickly_opened.events("noted")[0]["text"]
    quickly_opened.agent_replies("אשר")
    assert len(quickly_opened.letters()) == 2


def test_a_slip_of_the_pen_does_nothing_and_helps(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("note keep this\naprove")
    assert quickly_opened.events("noted") == []
    assert len(quickly_opened.letters()) == 1
    sent_back = text_of(quickly_opened.mails_to()[-1])
    assert "aprove" in sent_back
    assert "approve" in sent_back
    quickly_opened.agent_replies("approve")
    assert len(quickly_opened.letters()) == 2


def test_a_draft_with_a_gap_left_to_fill_in_is_not_sent(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("edit\nDear Ann, it comes on [the date].\nend\napprove")
    assert len(quickly_opened.letters()) == 1
    assert "[the date]" in text_of(quickly_opened.mails_to()[-1])


def test_a_reply_address_is_good_once(opened: Journey) -> None:
    first = opened.agent_replies("note one")
    opened.reply(first, "note two", sender=opened.sam)
    opened.work()
    assert [event["text"] for event in opened.events("noted")] == ["one"]
    assert "used" in text_of(opened.mails_to()[-1])


def test_a_reply_to_a_draft_that_changed_is_refused(quickly_opened: Journey) -> None:
    old = quickly_opened.mails_to()[-1]
    quickly_opened.reply(quickly_opened.letters()[0], "It is order 4412.", sender="ann@example.com")
    quickly_opened.work()
    quickly_opened.reply(old, "approve", sender=quickly_opened.sam)
    quickly_opened.work()
    assert len(quickly_opened.letters()) == 1
    assert quickly_opened.events("refused")


def test_a_reply_address_expires(quickly_opened: Journey) -> None:
    quickly_opened.clock.skip(days=8)
    quickly_opened.agent_replies("approve")
    assert all(one["Auto-Submitted"] for one in quickly_opened.letters())
    assert any("expired" in text_of(mail) for mail in quickly_opened.mails_to())


def test_from_alone_commands_nothing(opened: Journey) -> None:
    opened.customer_writes("approve", sender=opened.sam, passes=True)
    opened.work()
    assert len(opened.letters()) == 1
    assert [event["sender"] for event in opened.events("refused")] == [opened.sam]
    assert len(opened.cases()) == 1, "a command opens no case"


def test_a_token_in_a_strangers_hands_is_worth_nothing(opened: Journey) -> None:
    newest = opened.mails_to()[-1]
    opened.reply(newest, "approve", sender="eve@example.org")
    opened.work()
    assert len(opened.letters()) == 1
    assert opened.letters("eve@example.org") == []
    assert opened.events("refused")[0]["sender"] == "eve@example.org"
    assert "eve@example.org" in text_of(opened.mails_to()[-1]), "the agent is told"
    opened.reply(newest, "approve", sender=opened.sam)
    opened.work()
    assert len(opened.letters()) == 2, "the agent's own reply still counts"


@pytest.mark.parametrize("passes", [False, None])
def test_a_sender_that_our_border_does_not_vouch_for_is_refused(opened: Journey, passes: bool | None) -> None:
    opened.agent_replies("approve", passes=passes)
    assert len(opened.letters()) == 1
    assert opened.events("refused")


def test_a_forged_result_below_ours_does_not_count(quickly_opened: Journey) -> None:
    journey = quickly_opened
    newest = journey.mails_to()[-1]
    to = addresses(str(newest["Reply-To"]))
    forged = {"Authentication-Results": f"{journey.host.authserv_id}; dmarc=pass"}
    journey.customer_writes("approve", sender=journey.sam, to=to, headers=forged, passes=False)
    journey.work()
    assert len(journey.letters()) == 1


def test_without_authentication_results_the_operator_must_allow_tokens_alone(quick_journey: Journey) -> None:
    quick_journey.settings = quick_journey.settings.model_copy(
        update={"TRUSTED_AUTHSERV_ID": "", "TOKEN_ONLY_COMMANDS": True}
    )
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    quick_journey.agent_replies("approve", passes=None)
    assert len(quick_journey.letters()) == 2


def test_a_command_in_the_quoted_part_is_not_read(quickly_opened: Journey) -> None:
    newest = quickly_opened.mails_to()[-1]
    quickly_opened.reply(newest, "> approve", sender=quickly_opened.sam)
    quickly_opened.work()
    assert len(quickly_opened.letters()) == 1


def test_an_agents_vacation_notice_commands_nothing(quickly_opened: Journey) -> None:
    to = addresses(str(quickly_opened.mails_to()[-1]["Reply-To"]))
    quickly_opened.customer_writes("approve", sender=quickly_opened.sam, to=to, headers=AUTO, passes=True)
    quickly_opened.work()
    assert len(quickly_opened.letters()) == 1
    assert len(quickly_opened.mails_to()) == 1
    assert quickly_opened.events("auto-reply")


def test_alerts_about_forgeries_stop_at_five_an_hour(quickly_opened: Journey) -> None:
    newest = quickly_opened.mails_to()[-1]
    for _ in range(7):
        quickly_opened.reply(newest, "approve", sender="eve@example.org")
    quickly_opened.work()
    assert len(quickly_opened.events("refused")) == 7
    assert len(quickly_opened.mails_to()) == 1 + 5


def test_two_replies_at_once_act_once(opened: Journey) -> None:
    newest = opened.mails_to()[-1]
    for words in ("edit\nOne.\nend\napprove", "edit\nTwo.\nend\napprove"):
        opened.reply(newest, words, sender=opened.sam)
    opened.work()
    assert len(opened.letters()) == 2
    assert "One." in text_of(opened.letters()[-1])


def test_a_customer_who_writes_approve_is_a_customer(quickly_opened: Journey) -> None:
    quickly_opened.reply(quickly_opened.letters()[0], "approve", sender="ann@example.com")
    quickly_opened.work()
    assert len(quickly_opened.letters()) == 1
    assert quickly_opened.case()["status"] == "new"
    assert quickly_opened.events("customer-wrote")


def test_every_change_is_an_event_with_who_when_and_from_which_mail(quickly_opened: Journey) -> None:
    quickly_opened.agent_replies("approve")
    (approved,) = quickly_opened.events("approved")
    assert approved["actor"] == quickly_opened.sam
    assert approved["message_id"].startswith("<mail-")
    kinds = [event["kind"] for event in quickly_opened.events()]
    assert kinds[:3] == ["opened", "acknowledged", "assigned"]
    assert kinds.index("drafted") < kinds.index("approved")


def test_two_cases_about_one_matter_are_merged(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.customer_writes("My parcel is late.", subject="Parcel")
    journey.work()
    first = journey.case()["number"]
    journey.customer_writes("It is still not here, and I am angry!", subject="Parcel")
    journey.work()
    second = journey.case()["number"]
    letter = journey.letters()[-1]
    journey.agent_replies(f"merge {first}")
    assert "Merged" in text_of(journey.mails_to()[-1])
    shown = journey.shown(first)
    assert len(journey.case_of(first)["message_ids"]) == 2
    assert journey.case_of(second)["status"] == "closed"
    assert "took-in" in [event["kind"] for event in shown["events"]]
    journey.reply(letter, "Any news?", sender="ann@example.com")
    journey.work()
    assert len(journey.case_of(first)["message_ids"]) == 3, "a reply to the merged case goes where it went"


def test_a_case_of_another_customer_is_not_merged(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel is late.", sender="eve@example.org")
    journey.customer_writes("My parcel is late.")
    journey.work()
    other = journey.case("eve@example.org")["number"]
    journey.agent_replies(f"merge {other}")
    assert "another customer" in text_of(journey.mails_to()[-1])
    assert {case["status"] for case in journey.cases()} == {"new"}
