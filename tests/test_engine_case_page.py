"""`worker.py show` for a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from engine.case_page import Plain, page
from tests.facts_factory import AGENT, rulebook

AT = "2026-03-02T09:30:00+00:00"
SHOWN = "Mon 02 Mar 2026 09:30"


def shown(*, everything: bool = False, **changes: Any) -> str:
    case: dict[str, Any] = dict.fromkeys(
        ("status", "kind", "category", "severity", "language", "customer", "note"), ""
    )
    case |= {
        "number": 7,
        "subject": "Late",
        "assignee": AGENT,
        "opened": AT,
        "deadline": None,
        "mailbox": "main",
    }
    case |= {name: [] for name in ("why", "mails", "drafts", "letters", "events")}
    case |= {name: [] for name in ("promises", "compensations", "waiting")}
    case["facts"] = {}
    return page(case | changes, rulebook(), everything=everything)


def test_facts_are_shown_with_all_their_values() -> None:
    words = shown(facts={"order_number": ["AB-4711", "AB-4712"], "product": ["kettle"]})
    assert "fact       order_number: AB-4711, AB-4712\nfact       product: kettle" in words


def event(kind: str, text: str = "", actor: str = "peygir") -> dict[str, Any]:
    return {"at": AT, "kind": kind, "actor": actor, "text": text}


def letter(kind: str, to: str, note: str = "") -> dict[str, Any]:
    return {"id": 3, "kind": kind, "state": "sent", "sent": AT, "to": to, "note": note}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (f"to {AGENT}", "to Sara Ahmadi"),
        (f"a new one, by {AT}", f"a new one, by {SHOWN}"),
        ("until 2026-03-02T09:30+00:00", f"until {SHOWN}"),
        (f"x{AGENT}", f"x{AGENT}"),
        (f"{AGENT}.au", f"{AGENT}.au"),
        (f"by {AGENT}.", "by Sara Ahmadi."),
        ("order 2026-03-02T4", "order 2026-03-02T4"),
        (None, ""),
    ],
)
def test_agents_stand_there_by_name_and_times_as_a_clock_shows_them(written: str | None, plain: str) -> None:
    assert Plain.by(rulebook()).words(written) == plain


def test_without_right_rules_a_case_is_shown_all_the_same() -> None:
    assert Plain.by(None).words(f"to {AGENT}, {AT}") == f"to {AGENT}, {SHOWN}"


def test_letters_to_agents_and_what_says_nothing_are_left_out_unless_asked_for() -> None:
    parts: dict[str, Any] = {
        "letters": [letter("ack", "ann@example.com"), letter("draft", AGENT)],
        "events": [event("sent", "transcript left for it"), event("noted", "she called", AGENT)],
    }
    for everything, count in ((False, 1), (True, 2)):
        lines = shown(everything=everything, **parts).splitlines()
        assert len([line for line in lines if line.startswith("  3 ")]) == count
        assert sum("transcript left" in line for line in lines) == count - 1
    assert f"  {SHOWN}  noted            Sara Ahmadi: she called" in shown(**parts)


def test_a_letter_that_may_not_have_arrived_is_never_left_out() -> None:
    assert "it came back" in shown(letters=[letter("draft", AGENT, "it came back")])


def test_what_a_customer_wrote_is_not_changed() -> None:
    mail = {"received": AT, "kind": "customer", "from": "ann@example.com", "signature": ""}
    assert f"  at {AT} I wrote to {AGENT}" in shown(mails=[mail | {"words": f"at {AT} I wrote to {AGENT}"}])


def test_a_corrected_category_says_who_corrected_it() -> None:
    by_rule = {"rule": "late-en", "words": ["still waiting"], "says": "category late"}
    by_hand = {"rule": "", "words": [], "says": "category lost", "by": AGENT}
    assert "late-en: still waiting → category late" in shown(why=[by_rule])
    assert "corrected by Sara Ahmadi → category lost" in shown(why=[by_hand])
