"""Commands without proof: what may wait for the registered address's yes, and what is refused at once."""

from __future__ import annotations

import pytest

from cases.commands.by_mail import on_command_mail
from cases.saying import Say
from store.models import EventKind, LetterKind
from tests.facts_factory import command, command_facts


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("#7\nyes", "no-request"),
        ("#7\nno too much", "no-request"),
        ("#7\nnote x\nyes", "no-request"),
        ("#7\nsplit\nmerge 5", "conflict"),
        ("#7\nresolve\nclose", "conflict"),
        ("#7\nresolve\nresolve", "twice"),
        (
            "open\nchannel: phone\nfrom: a@example.org\n\nIt broke.\nend\n"
            "open\nchannel: phone\nfrom: b@example.org\n\nLate.\nend",
            "twice",
        ),
    ],
)
def test_what_no_yes_could_let_happen_is_not_asked_about(words: str, code: str) -> None:
    decision = on_command_mail(command_facts(token=None), command(words, authentication_results=()))
    assert (decision.rows, [event.kind for event in decision.events]) == ((), [EventKind.REFUSED])
    (alert,) = decision.letters
    reason = alert.variables["reason"]
    assert isinstance(reason, Say)
    assert (alert.kind, reason.code) == (LetterKind.ALERT, code)
