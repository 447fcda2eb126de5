from __future__ import annotations

import pytest

from cases.sendable import sendable
from tests.test_cases_rules_rulebook import told


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("ann@example.com", "ann@example.com"),
        ("ann+tag@mail.example", "ann+tag@mail.example"),
        ("ann@exämple.de", "ann@xn--exmple-cua.de"),
        ("jürgen@example.de", ""),
        ('"john doe"@example.com', ""),
        ("ann@[192.0.2.1]", ""),
        ("ann@example.com.", ""),
        ("a" * 65 + "@example.com", ""),
        ("ann", ""),
        ("", ""),
    ],
)
def test_an_address_is_sendable_in_its_ascii_form_or_not_at_all(address: str, plain: str) -> None:
    assert sendable(address) == plain


def test_an_agent_needs_an_address_that_mail_can_be_sent_to() -> None:
    agents = "agents:\n  - {address: jürgen@example.de, name: Jürgen, roles: [admin]}\n"
    assert any("no mail can be sent there" in problem for problem in told(agents=agents))
