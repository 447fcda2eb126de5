"""What a rule may say: its conditions, and what it speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator

from cases.channels import Channel
from cases.rules.attachments import checked
from cases.rules.fields import Language, Languages, Name, Strict, Texts, as_texts, filled
from cases.rules.past import History
from store.kinds import CaseKind, Severity

FileNames = Annotated[tuple[Annotated[str, AfterValidator(checked)], ...], BeforeValidator(as_texts)]
Channels = Annotated[tuple[Channel, ...], BeforeValidator(as_texts)]


class Conditions(Strict):
    """What must hold: every line of it. Within a line, one of its texts is enough."""

    phrase: Texts = ()
    """Words of the mail; * stands for up to three words."""
    fuzzy: StrictBool = False
    """Whether words of the phrases with a typing error count too: one from five letters on, two from nine."""
    pattern: Texts = ()
    """Regular expressions (RE2) that the normalised mail is looked through for."""
    header: Texts = ()
    """A header field, or a field and its value: 'X-Shop: north*'."""
    sender: Texts = ()
    """The sender's address; * stands for anything."""
    language: Languages = ()
    """The language of the mail, by its short name."""
    channel: Channels = ()
    """How it came: mail, phone, letter, review, post, person, chat or form."""
    mailbox: Texts = ()
    """The mailbox that it came to, by its name in MAILBOXES; main is the first one."""
    attachment: FileNames = ()
    """What came with it: image, video, audio, pdf, document, archive, any; or a file's name with *."""
    history: History | None = None
    """What is known of the customer's earlier cases."""
    fact: Mapping[Name, Texts] = Field(default_factory=dict)
    """What an extractor found: its name, and what it says; '*' for anything."""
    all: tuple[Conditions, ...] = ()
    """Further conditions that must all hold."""
    any: tuple[Conditions, ...] = ()
    """Further conditions of which one is enough."""
    not_: Conditions | None = Field(None, alias="not")
    """A condition that must not hold."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.fuzzy and not self.phrase:
            raise ValueError("'fuzzy' is about phrases; add 'phrase: …' beside it")
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("name at least one thing to look for, such as 'phrase: …'")
        return self

    @property
    def asks_more_than_words(self) -> bool:
        """Whether something of it can't be told from a text alone."""
        beside = (self.header, self.sender, self.channel, self.mailbox, self.attachment, self.history)
        return any((*beside, self.fact)) or any(inner.asks_more_than_words for inner in self.inner)

    @property
    def asks_history(self) -> bool:
        """Whether the customer's earlier cases must be known, however deep that is said."""
        return self.history is not None or any(inner.asks_history for inner in self.inner)

    @property
    def inner(self) -> tuple[Conditions, ...]:
        """The conditions within."""
        return (*self.all, *self.any, *((self.not_,) if self.not_ else ()))


class Says(Strict):
    """What a rule speaks for when it hits."""

    category: str = ""
    """A cause of categories.yaml."""
    severity: Severity | None = None
    """The case is at least so severe."""
    kind: CaseKind | None = None
    """Complaint, praise, question or other."""
    tag: Texts = ()
    """A word that routes may name."""
    assign: str = ""
    """The agent who gets the case, by address."""
    alert: str = ""
    """Who is mailed at once: a role (owner, admin, approver) or an agent's address."""
    escalate: str = ""
    """Who gets the case as an escalation: a role (approver, owner, admin), a team or an agent's address."""
    stop: StrictBool = False
    """Take this rule's category and weigh no other."""

    @cached_property
    def told(self) -> str:
        """All that it says, in words for the log: "category late, tag again"."""
        spoken = {
            "category": self.category,
            "severity": self.severity,
            "kind": self.kind,
            "assign": self.assign,
            "alert": self.alert,
            "escalate": self.escalate,
        }
        parts = [f"{what} {value}" for what, value in spoken.items() if value]
        return ", ".join([*parts, *(f"tag {tag}" for tag in self.tag)])


class Examples(Strict):
    """Mails that the rule must and must not match; looked at whenever the rules are read."""

    match: Texts = ()
    no_match: Texts = Field((), alias="no-match")


class Rule(Strict):
    """One rule: when it holds, what it says."""

    name: Name
    description: str = ""
    when: Conditions
    says: Says
    weight: float = Field(1.0, gt=0, le=100)
    """How much its category counts."""
    examples: Examples = Examples()


class RulesFile(Strict):
    language: Language | None = None
    """The language of the file's phrases; in a mail of another one they count less than half."""
    prefixes: tuple[str, ...] = ()
    """Letters that may stand before a word of a phrase, written as one word with it."""
    suffixes: tuple[str, ...] = ()
    """Letters that may follow a word of a phrase, written as one word with it."""
    rules: Annotated[tuple[Rule, ...], AfterValidator(filled)]
