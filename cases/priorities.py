"""Which letters leave before which."""

from __future__ import annotations

ACK_FIRST, TO_CUSTOMER, TO_AGENT, ALERT = 0, 10, 20, 30
"""Priorities; the lowest leaves first (promise 9)."""
