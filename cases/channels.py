"""The ways a complaint may come (D3)."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    LETTER = "letter"
    REVIEW = "review"
    POST = "post"
    PERSON = "person"
    CHAT = "chat"
    FORM = "form"
