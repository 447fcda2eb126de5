"""The signs that a program wrote a mail, as rules/automatic.yaml lists them.

In every entry `*` stands for any run of characters and letters match in either case; nothing is a regular
expression. A list that the file leaves out has the entries of language/usual_signs.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property, lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from language import usual_signs as usual
from language.normalise import normalise

_NAME = re.compile(r"[!-9;-~]{1,100}")
_STARS = re.compile(r"\*{2,}")
_LONGEST = 200
_MOST = 2_000
_NO = frozenset({"no", "false", "0", "none", "off"})


class Role(Enum):
    """What the presence of a header field tells."""

    PROGRAM = "a program wrote the mail"
    VALUED = "a program wrote the mail if its value says so"
    LIST = "a mailing list passed it on"
    MARKETING = "it may be advertising"
    UNANSWERED = "it gets no automatic answer"


class Patterns:
    """Texts with `*` in them, found in about the time of one look-up."""

    def __init__(self, texts: Iterable[str]) -> None:
        written = {_STARS.sub("*", text.lower()): text for text in texts}
        self._exact = {text: written[text] for text in written if "*" not in text}
        self._others = [(text.split("*"), written[text]) for text in written if "*" in text]
        self.find = lru_cache(2048)(self._find)
        """The entry that fits a text in lower case; "" when none does."""

    def _find(self, text: str) -> str:
        if found := self._exact.get(text):
            return found
        return next((entry for pieces, entry in self._others if _fits(text, pieces)), "")


def _fits(text: str, pieces: list[str]) -> bool:
    """Whether a text has these pieces in order, the first at its beginning and the last at its end."""
    first, *between, last = pieces
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in between:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _texts(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _bounded(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) > _MOST:
        raise ValueError(f"at most {_MOST} entries, or every mail takes long")
    return texts


def _sensible(text: str) -> str:
    if not text.strip(" *"):
        raise ValueError("this fits every mail; write letters beside the star, or delete the line")
    if len(text) > _LONGEST:
        raise ValueError(f"this is longer than {_LONGEST} characters; a shorter beginning and a * will do")
    return text.strip()


def _field_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("write the name of a header field alone, without colon or spaces: 'X-Autoreply'")
    return text


def _field_value(text: str) -> str:
    name, colon, value = text.partition(":")
    if not colon or not _NAME.fullmatch(name) or not value.strip(" *"):
        raise ValueError("write a header field and its value, in quotes: 'X-Mailer: vacation*'")
    return f"{name}: {value.strip()}"


def _before_at(text: str) -> str:
    if "@" in text or any(char.isspace() for char in text):
        raise ValueError("write only what stands before the @ of an address: 'no-reply'")
    return text


Text = Annotated[str, AfterValidator(_sensible)]
FieldName = Annotated[Text, AfterValidator(_field_name)]
FieldValue = Annotated[Text, AfterValidator(_field_value)]
LocalPart = Annotated[Text, AfterValidator(_before_at)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts), AfterValidator(_bounded)]
FieldNames = Annotated[tuple[FieldName, ...], BeforeValidator(_texts), AfterValidator(_bounded)]
FieldValues = Annotated[tuple[FieldValue, ...], BeforeValidator(_texts), AfterValidator(_bounded)]
LocalParts = Annotated[tuple[LocalPart, ...], BeforeValidator(_texts), AfterValidator(_bounded)]


class Signs(BaseModel):
    """What speaks for a program as the writer of a mail, and what forbids to answer it (promise 11)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    program_fields: FieldNames = usual.PROGRAM_FIELDS
    """Header fields that only a program sets on what it writes by itself."""
    program_values: FieldValues = usual.PROGRAM_VALUES
    """Header fields that say it by their value."""
    unanswered_fields: FieldNames = usual.UNANSWERED_FIELDS
    """Header fields that only forbid an automatic answer."""
    list_fields: FieldNames = usual.LIST_FIELDS
    """Header fields of mailing lists."""
    marketing_fields: FieldNames = usual.MARKETING_FIELDS
    """Header fields of senders of advertising and newsletters."""
    marketing_senders: LocalParts = usual.MARKETING_SENDERS
    """Local parts of addresses that send newsletters; they count only beside another sign."""
    unsubscribe_words: Texts = usual.UNSUBSCRIBE_WORDS
    """What newsletters write beside the way out; it counts only beside another sign."""
    precedence: Texts = usual.PRECEDENCE
    """Values of Precedence that forbid an automatic answer."""
    auto_response_suppress: Texts = usual.AUTO_RESPONSE_SUPPRESS
    """Words in X-Auto-Response-Suppress that forbid one."""
    system_senders: LocalParts = usual.SYSTEM_SENDERS
    """What stands before the @ of addresses that no person reads."""
    most_received: int = Field(50, ge=1, le=10_000)
    """A mail with more Received fields than this goes round in circles."""
    subjects: Texts = usual.SUBJECTS
    """Subjects of automatic replies besides those of words/<language>.yaml."""
    receipt_subjects: Texts = usual.RECEIPT_SUBJECTS
    """Beginnings of the subjects of read receipts; they count only above the text of one."""

    def is_system(self, address: str) -> bool:
        """Whether no person reads what is sent to this address."""
        return bool(self.systems.find(local_part(address)))

    def is_newsletter(self, address: str) -> bool:
        """Whether newsletters come from such an address."""
        return bool(self.newsletters.find(local_part(address)))

    def __getstate__(self) -> dict[Any, Any]:
        """What the file says; what was worked out from it is worked out again."""
        state = super().__getstate__()
        return {**state, "__dict__": {name: getattr(self, name) for name in type(self).model_fields}}

    @cached_property
    def roles(self) -> Callable[[str], frozenset[Role]]:
        """What the presence of a field tells, by its name in lower case."""
        known = {
            Role.PROGRAM: Patterns(self.program_fields),
            Role.VALUED: Patterns(self.valued),
            Role.LIST: Patterns(self.list_fields),
            Role.MARKETING: Patterns(self.marketing_fields),
            Role.UNANSWERED: Patterns((*self.unanswered_fields, *self.list_fields, *self.marketing_fields)),
        }
        return lru_cache(4096)(lambda name: frozenset(role for role in known if known[role].find(name)))

    @cached_property
    def valued(self) -> dict[str, Patterns]:
        """The telling values of a field, by its name in lower case."""
        found: dict[str, list[str]] = {}
        for one in self.program_values:
            name, _, value = one.partition(": ")
            found.setdefault(name.lower(), []).append(value)
        return {name: Patterns(values) for name, values in found.items()}

    @cached_property
    def systems(self) -> Patterns:
        return Patterns(map(_dashed, self.system_senders))

    @cached_property
    def newsletters(self) -> Patterns:
        return Patterns(map(_dashed, self.marketing_senders))

    @cached_property
    def precedences(self) -> Patterns:
        return Patterns(self.precedence)

    @cached_property
    def suppressed(self) -> Patterns:
        return Patterns(self.auto_response_suppress)

    @cached_property
    def ways_out(self) -> tuple[str, ...]:
        return tuple(normalise(one) for one in self.unsubscribe_words)

    @cached_property
    def receipts(self) -> tuple[str, ...]:
        return tuple(normalise(one) for one in self.receipt_subjects)


def local_part(address: str) -> str:
    """What stands before the @, as lists of local parts are compared with it.

    Dots and underscores are dashes; a +tag and what follows a = are gone, and so is a number at the end.
    """
    address = address.strip().lower()
    local = (address.rpartition("@")[0] or address)[:_LONGEST]
    local = _dashed(local.split("+")[0].split("=")[0])
    return local.rstrip("0123456789").rstrip("-") or local


def _dashed(local_part: str) -> str:
    return local_part.replace(".", "-").replace("_", "-")


def denies(value: str) -> bool:
    """Whether a field's value takes the field back: `X-Autoreply: no`."""
    return value.strip().lower() in _NO


def carries(name: str) -> str:
    """The reason that a header field gives against an automatic answer, in words for the case."""
    return f"it carries {name.title()}"
