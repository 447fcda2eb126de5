"""What commands about the whole desk show."""

from __future__ import annotations

import pytest

from cases.facts import Listing
from cases.listing import LONGEST_SEARCH
from cases.saying import Say
from engine.desk_views import LOOKS
from store import case_texts
from store.database import opened
from tests.facts_factory import agent, facts
from tests.store_samples import NOW, a_case


@pytest.mark.parametrize("words", ["word " * 1500, "w" * 60_000])
def test_a_search_for_a_whole_mail_is_sent_back(database_url: str, words: str) -> None:
    with opened(database_url) as database, database.read() as session:
        found = LOOKS["search"](session, facts(), agent(), words)
    assert found == Say("search-too-long", {"most": LONGEST_SEARCH})


@pytest.mark.parametrize("words", ["a b " * 50, "ﷺ" * LONGEST_SEARCH, "%" * LONGEST_SEARCH])
def test_the_longest_search_is_one_that_every_database_does(database_url: str, words: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_case(session, "one", subject="A lamp")
        case_texts.renew(session, NOW)
        assert isinstance(LOOKS["search"](session, facts(), agent(), words), Listing)
