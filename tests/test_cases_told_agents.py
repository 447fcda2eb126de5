"""What an agent is told of a case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.agent_mail import draft_to_agent, transcript
from cases.facts import Facts, History, Listing
from cases.saying import Say
from cases.told_agents import MOST_CHOICES, choices, told
from store.models import (
    Case,
    CaseKind,
    Compensation,
    CompensationState,
    Promise,
    PromiseState,
    Request,
    RequestKind,
    RequestState,
    Status,
)
from store.values import Fact
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import CATEGORIES, NOW, agent, case, case_facts, rulebook

MORE = CATEGORIES + "".join(
    f"  {name}: {{kind: complaint, description: x, answer_template: default}}\n"
    for name in ("damaged", "lost", "wrong_item", "billing", "staff")
)


def facts(others: tuple[Case, ...] = (), **changes: Any) -> Facts:
    made = case_facts(**changes)
    return replace(made, history=replace(made.history, others=others))


def given(
    amount: str, currency: str = "EUR", state: CompensationState = CompensationState.OFFERED
) -> Compensation:
    return Compensation(
        case_number=7,
        customer="customer@example.org",
        kind="refund",
        amount=amount,
        currency=currency,
        reason="late",
        offered_by="sara@example.com",
        state=state,
        offered_at=NOW,
    )


def promise(what: str, state: PromiseState = PromiseState.OPEN, hours: float = 24) -> Promise:
    due = NOW + timedelta(hours=hours)
    return Promise(case_number=7, what=what, due_at=due, made_by="sara@example.com", state=state, made_at=NOW)


def test_open_cases_and_ended_ones_are_told_apart_each_with_its_history() -> None:
    ended = case(number=5, status=Status.CLOSED, score=2, category="late", subject="Late again")
    shown = told(facts((case(number=6, status=Status.OPEN), ended)), case(mentions=[6]))
    assert [(one["number"], one["same"]) for one in shown["open_cases"]] == [(6, True)]
    (earlier,) = shown["earlier"]
    assert (earlier["number"], earlier["score"], earlier["category"]) == (5, 2, "late")
    assert earlier["opened"] == ended.opened_at


def test_a_case_that_became_part_of_another_is_none_of_its_own() -> None:
    shown = told(facts((case(number=5, status=Status.CLOSED, merged_into=7),)), case())
    assert (shown["earlier"], shown["open_cases"], shown["complaints"]) == ((), (), 1)


def test_it_says_which_complaint_within_a_year_this_is() -> None:
    others = (
        case(number=1, opened_at=NOW - timedelta(days=400)),
        case(number=2, opened_at=NOW - timedelta(days=300)),
        case(number=3, kind=CaseKind.PRAISE),
        case(number=4, spam=True),
        case(number=5, status=Status.CLOSED, merged_into=2),
    )
    assert told(facts(others), case())["complaints"] == 2
    assert told(facts(others), case(kind=CaseKind.QUESTION))["complaints"] == 0


def test_only_promises_that_are_still_open_are_named_and_late_ones_are_said_to_be() -> None:
    made = (promise("a call"), promise("a lamp", PromiseState.KEPT), promise("a refund", hours=-1))
    shown = told(facts(promises=made), case())["promises"]
    assert [(one["what"], one["overdue"]) for one in shown] == [("a call", False), ("a refund", True)]


def test_compensation_is_added_up_by_currency_without_what_was_withdrawn() -> None:
    all_of_it = (
        given("19.90"),
        given("0.10"),
        given("5", "USD", CompensationState.PAID),
        given("100", state=CompensationState.WITHDRAWN),
    )
    assert told(facts(given_lately=all_of_it), case())["given"] == (("20.00", "EUR"), ("5", "USD"))


def test_what_waits_for_a_yes_is_named_with_who_wants_it() -> None:
    request = Request(
        key="r1",
        kind=RequestKind.AUTHORITY,
        case_number=7,
        agent="sara@example.com",
        given=[["offer", "refund 90 EUR late"]],
        state=RequestState.WAITING,
        made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    (shown,) = told(facts(waiting=(request,)), case())["waiting"]
    assert shown["by"] == "Sara Ahmadi"
    assert shown["wish"] == Say(
        "wish-offer", {"kind": "refund", "amount": "90.00", "currency": "EUR", "reason": "late"}
    )


def test_the_deadline_is_told_in_working_time() -> None:
    assert told(facts(), case())["left"] == {"overdue": False, "unit": "hours", "amount": 7}
    late = case(deadline_at=NOW - timedelta(minutes=30))
    assert told(facts(), late)["left"] == {"overdue": True, "unit": "minutes", "amount": 30}
    assert told(facts(), case(deadline_at=None))["left"] is None


@pytest.mark.parametrize(
    ("category", "says", "offered"),
    [
        ("late", ["category lost, severity high", "category late", "tag x"], ("lost",)),
        ("late", [], ()),
        ("late", ["category gone"], ()),
        ("unsure", ["category lost"], ("lost", "late", "damaged", "wrong_item")),
    ],
)
def test_categories_are_offered_that_the_words_spoke_for_or_any_where_nothing_is_known(
    category: str, says: list[str], offered: tuple[str, ...]
) -> None:
    hits = [{"rule": "r", "words": [], "says": one, "weight": 1.0} for one in says]
    of = case(category=category, why=hits)
    assert choices(facts(rulebook=rulebook(categories=MORE)), of) == offered
    assert len(offered) <= MOST_CHOICES


def test_without_an_open_draft_an_answer_is_wanted_and_nothing_can_be_approved() -> None:
    letter = draft_to_agent(facts(), case(), agent(), headline="assigned", version=2, draft_is_open=False)
    assert letter.variables["wanted"] == "write"
    assert letter.answer is None
    assert not {"approve", "reject"} & set(letter.offers)
    assert "edit" in letter.offers


def test_an_open_draft_is_shown_as_this_agent_would_send_it() -> None:
    letter = draft_to_agent(facts(), case(language="fa"), agent(), headline="new", version=1)
    assert letter.variables["wanted"] == "decide"
    assert letter.answer is not None
    assert (letter.answer.language, letter.answer.recipient.address) == ("fa", "customer@example.org")
    assert letter.answer.variables["agent_name"] == "Sara Ahmadi"


def test_a_transcript_names_severity_and_customer_and_wants_nothing_when_no_draft_is_open() -> None:
    known = replace(facts(), history=History())
    done = transcript(known, case(), agent(), (Say("noted"),), version=1, draft_is_open=False)
    assert (done.variables["customer"], done.variables["severity"]) == ("A name", "normal")
    assert (done.variables["wanted"], done.answer) == ("", None)


def test_a_customer_who_cannot_be_mailed_has_no_answer_to_approve() -> None:
    letter = draft_to_agent(case_facts(), case(customer=""), agent(), headline="new", version=1)
    assert not {"approve", "edit"} & set(letter.offers)
    assert {"note", "resolve"} <= set(letter.offers)
    assert letter.variables["wanted"] == ""
    assert letter.answer is None


def test_a_corrected_category_is_told_with_who_corrected_it_and_no_confidence() -> None:
    corrected = {"rule": "", "words": [], "says": "category late", "by": "sara@example.com"}
    values = told(facts(), case(why=[corrected], confidence=1.0))
    assert (values["corrected_by"], values["confidence"], values["hits"]) == ("Sara Ahmadi", None, ())
    values = told(facts(), case(confidence=0.6))
    assert (values["corrected_by"], values["confidence"]) == ("", 0.6)


@pytest.mark.parametrize(
    ("words", "in_subject"),
    [(("Broken",), True), (("broken", "vase"), True), (("vase", "Monday"), False), ((), False)],
)
def test_a_rule_that_found_its_words_in_the_subject_alone_says_so(
    words: tuple[str, ...], in_subject: bool
) -> None:
    made = facts()
    made = replace(made, history=History(last_words="It came on monday."))
    hit = {"rule": "r", "words": list(words), "says": "category damaged"}
    (shown,) = told(made, case(subject="A broken vase", why=[hit]))["hits"]
    assert shown["in_subject"] is in_subject


def test_merge_is_offered_where_there_is_another_case_to_merge_with() -> None:
    for others, offered in (
        ((), False),
        ((case(number=5, status=Status.CLOSED),), False),
        ((case(number=5),), True),
    ):
        made = facts(others)
        draft = draft_to_agent(made, case(), agent(), headline="new", version=1)
        done = transcript(made, case(), agent(), (Say("noted"),), version=1, draft_is_open=True)
        assert [("merge" in letter.offers) for letter in (draft, done)] == [offered, offered]


@pytest.mark.parametrize(
    ("changes", "next_steps", "wanted"),
    [
        ({}, ("next-approve",), "decide"),
        ({}, (), "decide"),
        ({"assignee": ""}, ("next-approve",), "decide"),
        ({}, ("next-snoozed",), ""),
        ({}, ("next-wait",), ""),
        ({"assignee": "dana@example.com"}, ("next-take",), ""),
        ({"assignee": "dana@example.com"}, ("next-approve",), ""),
        ({"customer": ""}, ("next-approve",), ""),
    ],
)
def test_a_subject_asks_to_decide_only_where_that_is_next_and_the_agents(
    changes: dict[str, Any], next_steps: tuple[str, ...], wanted: str
) -> None:
    letter = transcript(
        facts(),
        case(**changes),
        agent(),
        (Say("noted"),),
        version=1,
        draft_is_open=True,
        next_steps=tuple(map(Say, next_steps)),
    )
    assert letter.variables["wanted"] == wanted


def test_where_agents_only_looked_the_first_list_says_what_the_mail_is() -> None:
    found = (Listing(Say("queue", {"count": 0, "shown": 0})), Listing(Say("help-all")))
    only = transcript(
        facts(), None, agent(), (Say("looked"), Say("helped")), version=0, draft_is_open=False, lists=found
    )
    assert (only.variables["lines"], only.variables["headline"]) == ((), found[0].title)
    more = transcript(
        facts(), case(), agent(), (Say("looked"), Say("noted")), version=1, draft_is_open=True, lists=found
    )
    assert (more.variables["lines"], more.variables["headline"]) == ((Say("noted"),), "")


def test_what_is_known_and_what_the_mail_adds_is_told_once_in_the_order_of_the_rules() -> None:
    rules = replace(rulebook(), extracting=extracting(SHIPPED))
    order, other = Fact("order_number", "AB-1"), Fact("order_number", "AB-2")
    known = facts(
        rulebook=rules,
        case_facts=(Fact("place", "airport"), Fact("colour", "red"), order),
        mail_facts=(order, other, Fact("product", "lamp")),
        removed_facts=(Fact("product", "lamp"),),
    )
    assert told(known, case())["facts"] == (
        {"name": "order_number", "kind": "number", "found": ("AB-1", "AB-2")},
        {"name": "place", "kind": "place", "found": ("airport",)},
        {"name": "colour", "kind": "text", "found": ("red",)},
    )
