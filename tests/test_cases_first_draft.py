"""The first draft of a case, right after its acknowledgement."""

from __future__ import annotations

from typing import Any

import pytest

from cases.decision import Decision, LetterRequest
from cases.facts import History, Remark
from cases.first_draft import enclosed
from cases.saying import Say
from cases.timers import on_timer
from store.models import EventKind, LetterKind, Mail, MailKind, Status, TimerKind, TokenPurpose
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, NOW, case, draft, waiting_facts

WHY = [{"rule": "late-words", "words": ["late"], "says": "category late", "weight": 1.0}]


def fired(of: dict[str, Any] | None = None, **changes: Any) -> Decision:
    facts = waiting_facts(of, **changes)
    assert facts.case
    return on_timer(facts, facts.case, TimerKind.DRAFT)


def to_the_agent(decision: Decision) -> LetterRequest:
    (letter,) = decision.letters
    assert letter.kind is LetterKind.DRAFT
    return letter


def a_mail(mail_id: int, **changes: Any) -> Mail:
    values: dict[str, Any] = {
        "id": mail_id,
        "fingerprint": f"f{mail_id}",
        "raw_id": mail_id,
        "size": 1,
        "received_at": NOW,
    }
    return Mail(**(values | {"kind": MailKind.CUSTOMER} | changes))


def test_the_agent_gets_the_customers_words_the_reasons_and_the_draft() -> None:
    said = History(last_words="It is late.", attachments=("photo.jpg (2,048 bytes)",))
    decision = fired({"why": WHY}, history=said)
    mail = to_the_agent(decision)
    shown = mail.variables
    assert (mail.recipient.key, mail.attach_original, shown["headline"]) == (AGENT, True, "new")
    assert (shown["words"], shown["attachments"]) == ("It is late.", ("photo.jpg (2,048 bytes)",))
    assert shown["hits"][0]["words"] == ["late"]
    assert mail.reply_to
    assert (mail.reply_to.purpose, mail.reply_to.agent, mail.reply_to.draft_version) == (
        TokenPurpose.DRAFT,
        AGENT,
        1,
    )
    assert decision.draft
    assert (decision.draft.template, decision.draft.version) == ("answer/late", 1)
    assert [event.kind for event in decision.events] == [EventKind.DRAFTED]
    assert (decision.case, decision.case_number) == (None, 7)


@pytest.mark.parametrize("language", ["fa", "he", "ar", "en"])
def test_the_draft_is_in_the_customers_language_and_the_mail_in_the_agents(language: str) -> None:
    decision = fired({"language": language, "assignee": COLLEAGUE})
    assert decision.draft
    assert (decision.draft.language, to_the_agent(decision).language) == (language, "he")


def test_the_agent_learns_why_the_customer_got_no_answer_and_what_could_not_be_read() -> None:
    unread = History(unparsed=True, damage=("its charset is unknown",))
    because = {"acknowledged_at": None, "not_acknowledged_because": "Precedence: bulk"}
    shown = to_the_agent(fired(because, history=unread)).variables
    said = (Say("unanswered-program", {"sign": "Precedence: bulk"}),)
    assert (shown["not_acknowledged"], shown["unparsed"]) == (said, True)
    assert shown["damage"] == ("its charset is unknown",)


def test_another_open_case_about_the_same_is_named_to_the_agent() -> None:
    other = case(number=5, status=Status.OPEN, subject="where is  IT?")
    shown = to_the_agent(fired({"mentions": [5]}, history=History(others=(other,)))).variables
    (told,) = shown["open_cases"]
    assert (told["number"], told["subject"], told["status"]) == (5, "where is  IT?", "open")
    assert told["same"]
    assert shown["earlier"] == ()
    assert shown["mentions"] == ()


def test_a_category_that_is_gone_is_handled_as_unsure() -> None:
    decision = fired({"category": "removed-yesterday"})
    assert decision.draft
    assert decision.draft.template == "answer/default"


def test_a_case_that_came_in_a_flood_has_a_draft_and_no_agent_is_mailed() -> None:
    decision = fired(opened_in_flood=True)
    assert decision.draft
    assert decision.letters == ()


def test_a_case_of_nobodys_has_a_draft_all_the_same() -> None:
    assert fired({"customer": ""}).draft
    assert to_the_agent(fired({"customer": ""})).recipient.key == AGENT


def test_a_case_whose_agent_has_gone_meanwhile_is_anothers() -> None:
    decision = fired({"assignee": "gone@example.com"})
    assert decision.case
    assert decision.case.expected is Status.NEW
    assert decision.case.values["assignee"] == to_the_agent(decision).recipient.key
    assert to_the_agent(decision).recipient.key in (AGENT, COLLEAGUE, ADMIN)
    assert [event.kind for event in decision.events] == [EventKind.ASSIGNED, EventKind.DRAFTED]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_case_that_has_ended_needs_no_draft(status: Status) -> None:
    decision = fired({"status": status})
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.TIMER_SKIPPED, f"draft: the case is {status}")
    assert (decision.case, decision.draft, decision.letters) == (None, None, ())


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.ANSWERED])
def test_a_draft_that_somebody_wrote_meanwhile_stays_the_only_one(status: Status) -> None:
    decision = fired({"status": status}, draft=draft())
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.TIMER_SKIPPED, "draft: the case has a draft already")
    assert (decision.case, decision.draft, decision.letters) == (None, None, ())


def test_a_timer_that_fires_twice_asks_for_the_same_letter() -> None:
    """Its key is unique, so that the second can't be recorded."""
    assert to_the_agent(fired()).key == to_the_agent(fired()).key


def test_the_mail_that_goes_along_is_the_one_that_holds_more_than_its_words() -> None:
    plain, photo, cut = a_mail(1), a_mail(2, attachments=["photo.jpg"]), a_mail(3, damage=["it was cut"])
    assert enclosed([plain]) is plain
    assert enclosed([plain, a_mail(4)]) is plain
    assert enclosed([plain, photo, cut]) is photo
    assert enclosed([cut, photo]) is cut
    assert enclosed([]) is None


def test_what_a_colleague_wrote_above_a_forwarded_mail_is_in_the_agents_mail() -> None:
    mail = to_the_agent(fired(trail=(Remark(NOW, COLLEAGUE, "Please help her."),)))
    assert mail.variables["trail"] == ({"at": NOW, "who": "Dana Levi", "words": "Please help her."},)
