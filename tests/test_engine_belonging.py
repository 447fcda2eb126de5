"""Which case a mail belongs to, where it carries an address that was given to one person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from cases import tokens
from engine.belonging import Belonging, belonging
from store import ledger
from store.database import opened
from store.models import LetterKind, RequestKind, RequestState, Status, TokenPurpose
from store.values import Address, CaseChange, NewRow, NewToken, Recording
from tests.facts_factory import AGENT, COLLEAGUE, message, policy, rulebook
from tests.store_samples import NOW, a_case, letter

ANN = "ann@example.net"
TOKEN = "abcdefghijklmnopqrstuvwx23"
ADDRESS = Address(f"complaints+{TOKEN}@example.com")


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with opened(database_url) as database, database.write() as session:
        yield session


def given_out(session: Session, purpose: TokenPurpose, number: int | None, **fields: Any) -> None:
    agent = "" if purpose is TokenPurpose.CHECK_IN else AGENT
    token = NewToken(tokens.digest(TOKEN), purpose, agent=agent, **fields)
    carries = letter(f"{LetterKind.DRAFT}/x", to=AGENT, token=token)
    ledger.record(session, Recording(case_number=number, letters=(carries,)), now=NOW)


def of(session: Session, sender: str, text: str = "Where is it?") -> Belonging:
    mail = message(text, sender=sender, to=(ADDRESS,))
    return belonging(session, mail, rulebook(), policy())


@pytest.mark.parametrize("purpose", [TokenPurpose.DRAFT, TokenPurpose.REQUEST])
def test_an_agents_address_is_known_by_its_token(session: Session, purpose: TokenPurpose) -> None:
    number, _ = a_case(session, sender=ANN)
    given_out(session, purpose, number)
    for agent in (AGENT, COLLEAGUE):
        belongs = of(session, agent)
        assert belongs.token
        assert belongs.case
        assert belongs.case.number == number


def test_a_customer_at_an_agents_address_is_a_customer_of_the_case(session: Session) -> None:
    number, _ = a_case(session, sender=ANN)
    given_out(session, TokenPurpose.DRAFT, number)
    belongs = of(session, ANN, "approve")
    assert (belongs.token, belongs.joined_by) == (None, "address")
    assert belongs.case
    assert belongs.case.number == number


def test_a_stranger_at_an_agents_address_joins_nothing(session: Session) -> None:
    number, _ = a_case(session, sender=ANN)
    given_out(session, TokenPurpose.DRAFT, number)
    belongs = of(session, "eve@example.org")
    assert (belongs.case, belongs.token) == (None, None)
    assert belongs.mentioned
    assert belongs.mentioned.number == number


def test_a_stranger_who_tries_a_command_there_is_one_who_forges(session: Session) -> None:
    number, _ = a_case(session, sender=ANN)
    given_out(session, TokenPurpose.DRAFT, number)
    assert of(session, "eve@example.org", "approve").token


def test_a_check_in_is_answered_by_the_customer_and_nobody_else(session: Session) -> None:
    number, _ = a_case(session, sender=ANN)
    given_out(session, TokenPurpose.CHECK_IN, number)
    assert of(session, ANN, "1").token
    stranger = of(session, "eve@example.org", "1")
    assert (stranger.case, stranger.token) == (None, None)


def test_a_check_ins_answer_about_a_merged_case_counts_where_the_matter_is_now(session: Session) -> None:
    merged, _ = a_case(session, sender=ANN)
    other, _ = a_case(session, "two", sender=ANN)
    given_out(session, TokenPurpose.CHECK_IN, merged)
    into = CaseChange(merged, Status.NEW, {"merged_into": other, "status": Status.CLOSED})
    ledger.record(session, Recording(into), now=NOW)
    belongs = of(session, ANN, "5")
    assert belongs.case
    assert belongs.token
    assert (belongs.case.number, belongs.token.purpose) == (other, TokenPurpose.CHECK_IN)


def test_a_desks_address_is_for_no_case(session: Session) -> None:
    given_out(session, TokenPurpose.DESK, None)
    belongs = of(session, AGENT, "help")
    assert belongs.token
    assert belongs.case is None


def test_the_case_of_a_challenge_stands_in_its_request(session: Session) -> None:
    number, _ = a_case(session, sender=ANN)
    values = {
        "key": "challenge/f1",
        "kind": RequestKind.CHALLENGE,
        "case_number": number,
        "agent": AGENT,
        "given": [["resolve", ""]],
        "draft_version": 0,
        "state": RequestState.WAITING,
        "made_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
        "decided_by": "",
        "reason": "",
        "decided_at": None,
    }
    ledger.record(session, Recording(rows=(NewRow("request", values),)), now=NOW)
    given_out(session, TokenPurpose.REQUEST, None, request_key="challenge/f1")
    belongs = of(session, AGENT, "yes")
    assert belongs.case
    assert belongs.case.number == number
