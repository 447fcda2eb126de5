"""The texts that `search` reads are kept up to date beside the mails."""

from __future__ import annotations

import threading
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlmodel import select

from engine import searchable
from engine.desk import Desk
from store import case_texts
from store.case_texts import SETTLES
from store.database import Database, opened
from store.models import CaseText
from tests.store_samples import NOW, a_case


def renew(database: Database, at: datetime) -> None:
    desk = SimpleNamespace(database=database, clock=lambda: at, stop=threading.Event())
    searchable.renew_texts(cast(Desk, desk))


def test_what_was_said_becomes_searchable_once_it_is_at_rest(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(database_url) as database:
        with database.write() as session:
            a_case(session, "one")
        renew(database, NOW)
        renew(database, NOW + 2 * SETTLES)
        with database.read() as session:
            assert session.exec(select(CaseText.case_number)).all() == [1001]

        def never(*_: Any) -> bool:
            raise AssertionError("there is nothing to do")

        monkeypatch.setattr(case_texts, "renew", never)
        renew(database, NOW + 3 * SETTLES)
