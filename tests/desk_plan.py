"""How a week at the desk is written down: the people, what agents write, and what each mail leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import yaml

from tests.journeys import ROOT

_INVISIBLE = re.compile("[\u200e\u200f\u2066-\u2069]")
_BRANCH = re.compile(r"({%.*?%}|{{.*?}})")


class Step(NamedTuple):
    """A mail of an agent, and what it leads to."""

    words: str
    """{approve} is the command as the lane's language has it, {other} the number of that lane's case."""
    said: str
    """The sentences of the answer, by their codes."""
    shows: tuple[str, ...] = ()
    """What the answer says besides."""
    by: str = ""
    """Another agent than the lane's."""
    new: bool = False
    """A mail to the complaints address, with the case's number above; else a reply to the newest mail."""
    desk: bool = False
    """A mail to the complaints address that names no case."""
    subject: str = "to the desk"
    """Of a mail that replies to none."""
    earlier: int = 0
    """How many mails about the case came after the one that is replied to."""
    changed: Mapping[str, Any] = {}
    """Columns of the case afterwards; of `SET` is only said that they are not empty. Where there is no case,
    whether the agent is away."""
    holds: Mapping[str, str] = {}
    """The states of the case's rows in another table afterwards, the oldest first."""
    events: str = ""
    """Kinds of events that were added to the case, in this order."""
    mails: tuple[str, ...] = ()
    """The other agents who get a mail about the case."""
    opens: str = ""
    """What the case is called that it opens."""
    refused: bool = False
    """Nothing is done, and the answer says why."""


def no(words: str, code: str, *shows: str, by: str = "", **how: Any) -> Step:
    """A mail that is sent back: nothing of it is done."""
    return Step(words, code, shows, by, refused=True, **how)


LATER = Step("", "")
"""Time passes for all, first until approved answers leave, then until wishes run out."""
SET = "anything"


class Lane(NamedTuple):
    """One case, whose steps come one after the other; the lanes of a plan go on side by side."""

    name: str
    agent: str
    language: str
    steps: tuple[Step, ...]
    customer: str = ""
    """Whose case it is, where it has no customer to itself; with "nobody" there is no case to begin with."""
    mails: int = 1
    """How many mails the customer wrote before."""
    got: tuple[str, ...] = ()
    """What the letters say that the customer gets after the acknowledgement, and no others."""

    @property
    def address(self) -> str:
        return f"{self.customer or self.name}@example.com"


COMPLAINTS = {
    "en": ("My parcel has not arrived.", "And the lamp came broken."),
    "fa": ("بستهٔ من هنوز نرسیده است و خیلی دیر شده.", "و چراغ شکسته بود."),
    "he": ("החבילה שלי עדיין לא הגיעה וזה מאוד מאוחר.", "והמנורה הגיעה שבורה."),
    "ar": ("لم يصل طردي حتى الآن وقد تأخر كثيرا.", "ووصل المصباح مكسورا."),
}
AUTHORITY = "authority: {EUR: {per_case: 50, per_customer_year: 50}}"
PEOPLE = {
    "sam": f"name: Sam, languages: [en], roles: [agent, admin], {AUTHORITY}",
    "sara": f"name: Sara, languages: [fa], {AUTHORITY}",
    "noa": f"name: Noa, languages: [he], {AUTHORITY}",
    "layla": f"name: Layla, languages: [ar], {AUTHORITY}",
    "ola": f"name: Ola, languages: [en], roles: [approver], {AUTHORITY}",
    "may": "name: May, languages: [en], draft_only: true",
    "kim": "name: Kim, languages: [en]",
    "omar": f"name: Omar, languages: [en], roles: [approver], {AUTHORITY}",
}
LANGUAGE_OF = {
    "sam": "en",
    "sara": "fa",
    "noa": "he",
    "layla": "ar",
    "ola": "en",
    "may": "en",
    "kim": "en",
    "omar": "en",
}


def plain(text: str) -> str:
    """A text on one line, without the signs that turn directions."""
    return " ".join(_INVISIBLE.sub("", text).split())


@cache
def _sentences(language: str) -> dict[str, str]:
    found = yaml.safe_load((ROOT / "templates" / language / "sentences.yaml").read_text("utf-8"))
    return {str(name): text for name, text in found.items()}


def sentence(language: str, code: str) -> str:
    """The longest part of a sentence that is always there, whatever its values are."""
    depth, parts = 0, [""]
    for part in _BRANCH.split(_sentences(language)[code]):
        if part.startswith("{%"):
            depth += part.startswith(("{% if", "{%- if")) - part.startswith(("{% endif", "{%- endif"))
        elif not part.startswith("{{") and not depth:
            parts.append(plain(part))
    return max(parts, key=len)


@cache
def vocabulary(language: str) -> dict[str, str]:
    """The commands, and what stands behind them, as the language has them; in English as they are."""
    words = yaml.safe_load((ROOT / "rules" / "words" / f"{language}.yaml").read_text("utf-8"))
    english = yaml.safe_load((ROOT / "rules" / "words" / "fa.yaml").read_text("utf-8"))
    names = {str(name) for kind in ("commands", "choices") for name in english[kind]}
    own = {} if language == "en" else words["choices"] | words["commands"]
    days = words["dates"]
    return {name: own.get(name, [name])[0] for name in names} | {
        "by": days["by"][0],
        "tomorrow": days["days"][1][0],
    }
