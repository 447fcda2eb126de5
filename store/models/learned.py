"""What is learned from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, Text
from sqlmodel import Field

from store.models.base import Row


class Correction(Row, table=True):
    """What a person said that a mail is about: learned from. The last word counts."""

    key: str = Field(primary_key=True)
    """case/NUMBER where an agent corrected a case, given/ID where it was given from outside."""
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    """Its words are those of the mail that opened this case; they are not kept twice."""
    mail_id: int | None = Field(default=None, foreign_key="mail.id", index=True)
    """The mail that the words were taken from, where they were: who erases it erases this too."""
    subject: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    text: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    """What was given from outside; "" where the words are a stored mail's."""
    category: str = ""
    kind: str = ""
    language: str = ""
    actor: str
    at: datetime = Field(index=True)


class LearnedModel(Row, table=True):
    """What was learned; see store/learned.py. The newest one speaks."""

    __tablename__ = "learned_model"

    id: int | None = Field(default=None, primary_key=True)
    version: str
    made_at: datetime
    """When what it was learned from was gathered."""
    rules_version: str
    corrections: int
    cases: int
    """How many cases there were."""
    figures: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """How good it was on what was held back, by language and over all."""
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
