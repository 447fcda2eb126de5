"""Every letter to agents with values that try its look: long words, both directions, all facts at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cases.commands.registry import COMMANDS
from cases.verbs import FOR_A_CASE, FOR_THE_DESK, YES_OR_NO
from engine import buttons
from language.direction import direction
from outbox.letters import Letters, Rendered
from outbox.variables import LETTERS, samples

LANGUAGES = ("en", "fa", "he", "ar")
AGENTS_LETTERS = (
    *(name for name in LETTERS if name.startswith("agent_")),
    "transcript",
    "admin_alert",
)
"""Each letter to agents and admins."""
AN_HOUR = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
REPLY = "complaints+ftbuqwkd3wo5esv7ppzx4ynadm@example.com"
LONG = "https://shop.example.com/orders/4f8d0c31a9e84be2b6a5f1c7d9e0a2b4c6d8e0f2a4b6c8d0e2f4a6b8c0d2e4f6a8"
WORDS = {
    "en": f"Where is my parcel?\n\nIt is two weeks late, and nobody answers. See {LONG}\n\nAnn",
    "fa": f"بستهٔ من کجاست؟\n\nدو هفته دیر شده و هیچ‌کس جواب نمی‌دهد. شمارهٔ سفارش: AB-4711\n{LONG}\n\nبا احترام",
    "he": f"איפה החבילה שלי?\n\nהיא מאחרת כבר שבועיים, ואף אחד לא עונה. הזמנה AB-4711\n{LONG}\n\nתודה",
    "ar": f"أين طردي؟\n\nتأخر أسبوعين ولا يجيب أحد. رقم الطلب AB-4711\n{LONG}\n\nمع التحية",
}
DRAFTS = {
    "en": "Dear Ann,\n\nthank you for writing. We are sorry that your parcel is late.\n\nIt leaves tomorrow.",
    "fa": "سارا احمدی گرامی،\n\nاز اینکه نوشتید سپاسگزاریم. از دیرکرد عذر می‌خواهیم.\n\nفردا فرستاده می‌شود.",
    "he": "שלום דנה,\n\nתודה שכתבת לנו. אנחנו מצטערים על האיחור בחבילה שלך.\n\nהיא תישלח מחר.",
    "ar": "السيدة ليلى حسن المحترمة،\n\nنشكركم على رسالتكم، ونعتذر عن تأخر الطرد.\n\nسيُرسَل غدًا.",
}
NAMES = {"en": "Ann Example", "fa": "سارا احمدی", "he": "דנה לוי", "ar": "ليلى حسن"}
CUSTOMERS = {"en": "ann.with-a-rather-long-address.of-many-letters@customer-service.example.com"}


def letters(folder: Path) -> Letters:
    """The shipped letters."""
    found, problems = Letters.load(folder, ZoneInfo("Asia/Tehran"))
    assert found, problems
    return found


VARIANTS: dict[str, dict[str, Any]] = {
    "transcript refused": {"refused": True, "outgoing": (), "headline": ""},
    "transcript done": {"refused": False, "lists": (), "headline": ""},
    "agent_request four-eyes": {"kind": "four-eyes"},
    "agent_request challenge": {"kind": "challenge", "number": None, "customer": "", "words": ""},
    "agent_draft without an address": {"customer": "", "customer_name": "", "draft_to": "", "draft": ""},
}
"""Letters that look otherwise for other values, by their names and what is different."""


def rendered(shipped: Letters, variant: str, language: str, of: str) -> Rendered:
    """A letter to an agent of the language about a customer who writes another one, or the same."""
    letter = variant.partition(" ")[0]
    values = samples(letter)[0] | _values(letter, language, of) | VARIANTS.get(variant, {})
    known = LETTERS[letter]
    return shipped.render(letter, language, {name: one for name, one in values.items() if name in known})


def _values(letter: str, language: str, of: str) -> dict[str, Any]:
    desk = dict.fromkeys(("agent_digest", "agent_signal"), FOR_THE_DESK)
    verbs = {**desk, "agent_request": YES_OR_NO}.get(letter, FOR_A_CASE)
    offered = [COMMANDS[name] for name in verbs if name in COMMANDS]
    draft = DRAFTS[of]
    case = samples("agent_draft")[0]["open_cases"][0] | {"subject": WORDS[of].partition("\n")[0]}
    waits = {"customer": NAMES[of], "subject": case["subject"], "words": WORDS[of], "opened": AN_HOUR}
    return {
        "customer": CUSTOMERS.get(of, "customer@example.org"),
        "customer_name": NAMES[of],
        "subject": case["subject"],
        "words": WORDS[of],
        "attachments": (
            "IMG_20261123_a_photo_of_the_box_with_a_very_long_name_that_a_phone_gave.jpg (3,120,994 bytes)",
        ),
        "left_out": ("film.mp4 (31,208,555 bytes)",),
        "language": of,
        "deadline": AN_HOUR,
        "open_cases": (case,),
        "earlier": (case | {"number": 987, "status": "closed", "same": False, "score": 2},),
        "draft": draft,
        "draft_to": "customer@example.org",
        "draft_to_name": NAMES[of],
        "draft_subject": f"Re: {case['subject']} (1042)",
        "buttons": buttons.of_commands(REPLY, 1042, offered, draft),
        "choices": buttons.of_choices(REPLY, 1042, ("damaged", "missing_item", "wrong_item")),
        "commands": [(one.name, one.usage, one.summary) for one in offered],
        "cases": tuple(
            one | waits | {"link": buttons.to_show(REPLY, one["number"])}
            for one in samples("agent_digest")[0]["cases"]
        ),
        "lists": (
            {**samples("transcript")[0]["lists"][0], "rows": _rows(of), "parts": ((True, WORDS[of]),)},
        ),
    }


def _rows(of: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (f"#{number}", "high", NAMES[of], WORDS[of].partition("\n")[0], "2026-11-25") for number in (7, 8)
    )


def other_direction(language: str) -> str:
    """A language that is written the other way."""
    return "fa" if direction(language) == "ltr" else "en"
