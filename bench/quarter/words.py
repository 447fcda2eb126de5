"""What the customers and agents of the quarter write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from bench.quarter.firm import ADDRESS, ROOT
from cases.rules.rulebook import Rulebook
from engine.understanding import understand
from inbox.mime.limits import Limits
from store.kinds import Severity

CAUSES = {
    "late": 20,
    "lost": 7,
    "damaged": 8,
    "defective": 12,
    "wrong_item": 8,
    "missing_item": 6,
    "quality": 7,
    "billing": 8,
    "refund": 8,
    "account": 5,
    "praise": 6,
}
"""Of a hundred mails, as many as they add up to."""
LANGUAGES = {"en": 45, "fa": 25, "he": 20, "ar": 10}
SUBJECTS = {"en": "My order", "fa": "سفارش من", "he": "ההזמנה שלי", "ar": "طلبي"}
DEFECTIVE = {
    "en": (
        "The {product} does not work, it stopped working after two days.",
        "My new {product} is defective, it does not turn on.",
    ),
    "fa": ("{product} که خریدم خراب است و کار نمی‌کند.", "{product} بعد از دو روز خراب شد و روشن نمی‌شود."),
    "he": ("ה {product} שקניתי לא עובד, הוא הפסיק לעבוד אחרי יומיים.", "ה {product} מקולקל ולא נדלק."),
    "ar": (
        "{product} الذي اشتريته لا يعمل، توقف عن العمل بعد يومين.",
        "{product} معطل ولا يشتغل أبدا.",
    ),
}
NEWS = {
    "en": "Is there any news? I am still waiting for your answer about my order.",
    "fa": "خبری شد؟ هنوز منتظر جواب شما دربارهٔ سفارشم هستم.",
    "he": "יש חדש? אני עדיין מחכה לתשובה שלכם לגבי ההזמנה שלי.",
    "ar": "هل من جديد؟ ما زلت أنتظر ردكم بشأن طلبي.",
}
NOT_CONTENT = {
    "en": "That does not help me at all. My problem is still not solved, please look at it again.",
    "fa": "این جواب کمکی نکرد. مشکل من هنوز حل نشده، لطفاً دوباره بررسی کنید.",
    "he": "זה לא עוזר לי בכלל. הבעיה שלי עדיין לא נפתרה, בבקשה תבדקו שוב.",
    "ar": "هذا لا يفيدني أبدا. مشكلتي لم تحل بعد، أرجو النظر فيها من جديد.",
}
THANKS = {"en": "Thank you!", "fa": "ممنون", "he": "תודה רבה", "ar": "شكرا"}
OTHER_DIGITS = {"fa": "۰۱۲۳۴۵", "ar": "٠١٢٣٤٥"}
YES = {"en": "yes", "fa": "بله", "he": "כן", "ar": "نعم"}
NO = {"en": "no", "fa": "نه", "he": "לא", "ar": "لا"}
STOP = {"en": "stop", "fa": "نپرسید", "he": "הסר", "ar": "إيقاف"}

Texts = Mapping[str, Mapping[str, Sequence[str]]]


def texts(rulebook: Rulebook) -> Texts:
    """Mails by cause and language that the rules understand as they are meant, and that alarm nobody."""
    written: Any = yaml.safe_load((ROOT / "tests" / "mails_by_cause.yaml").read_text("utf-8"))
    written["defective"] = DEFECTIVE
    found: dict[str, dict[str, list[str]]] = {}
    for cause in CAUSES:
        for language in LANGUAGES:
            good = [one for one in written[cause][language] if _is_meant(one, cause, language, rulebook)]
            found.setdefault(cause, {})[language] = good
    return found


def _is_meant(text: str, cause: str, language: str, rulebook: Rulebook) -> bool:
    raw = mail(text.format(product="kettle"), "Ann", "ann@example.com", SUBJECTS[language], "<a@example.com>")
    verdict = understand(raw, rulebook, Limits(), ADDRESS).verdict
    return (
        verdict is not None
        and (verdict.category, verdict.language) == (cause, language)
        and not verdict.alarms
        and not verdict.escalate
        and verdict.severity in (Severity.NORMAL, Severity.HIGH, Severity.LOW)
    )


def mail(
    text: str,
    name: str,
    sender: str,
    subject: str,
    message_id: str,
    *,
    to: str = ADDRESS,
    date: str = "Mon, 01 Feb 2027 09:00:00 +0000",
    answers: str = "",
) -> bytes:
    """The bytes of a mail."""
    thread = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    head = (
        f"From: {name} <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\n"
        f"Message-ID: {message_id}\r\n{thread}MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return (head + text.replace("\n", "\r\n") + "\r\n").encode()
