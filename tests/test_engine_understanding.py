"""What is read of a mail before anybody looks which case it belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.understanding import understand
from inbox.mime.limits import Limits
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import AGENT, CUSTOMER, OURS, rulebook

CARRYING = """\
From: {sender}
Subject: Fwd: Late
Message-ID: <1@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

See below.
--b
Content-Type: message/rfc822

From: Ann <ann@example.com>
Subject: Late

It is late.
--b--
"""


@pytest.mark.parametrize(("sender", "found"), [(AGENT, ["ann@example.com"]), (CUSTOMER, [])])
def test_the_mail_that_an_agents_carries_is_read_with_it(sender: str, found: list[str]) -> None:
    raw = CARRYING.format(sender=sender).encode()
    carried = understand(raw, rulebook(), Limits(), OURS).carried
    assert [one.message.sender.key for one in (carried,) if one] == found


def test_the_facts_of_a_mail_are_found_where_it_is_read() -> None:
    rules = replace(rulebook(), extracting=extracting(SHIPPED))
    head, words = b"From: a@example.com\r\nSubject: Order AB-4711\r\n\r\n", b"It is late.\r\n\r\n"
    raw = head + words + b"-- \r\nAnn\r\nbooking no. 88231\r\n"
    found = understand(raw, rules, Limits(), OURS).facts
    assert [(one.name, one.value, one.where) for one in found] == [
        ("order_number", "AB-4711", "subject"),
        ("order_number", "88231", "signature"),
    ]
