"""Delivery reports: whom could a mail not reach, and which mail was it (RFC 3464; qmail, exim and others)."""

from __future__ import annotations

from inbox.kind.bounces.report import Bounce, read
from inbox.kind.bounces.signs import because, is_daemon, may_bounce

__all__ = ["Bounce", "because", "is_daemon", "may_bounce", "read"]
