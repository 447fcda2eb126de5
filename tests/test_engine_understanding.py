"""What is read of a mail before anybody looks which case it belongs to."""

from __future__ import annotations

import pytest

from engine.understanding import understand
from inbox.mime.limits import Limits
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
