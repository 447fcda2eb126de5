"""Looking from outside: at a database as it is now, and at what the rules make of a text."""

from __future__ import annotations

from typing import Any

from cases.rules.classify import judged
from cases.rules.fold import fold
from cases.rules.holding import Around
from cases.rules.rulebook import Rulebook
from engine import views
from engine.learned import joined
from language.detect import detect, likely
from learning.model import Model
from settings import Settings
from store import lists
from store.database import Database


def look(settings: Settings) -> dict[str, Any]:
    """The cases and events as they are now."""
    database = Database(settings.DATABASE_URL)
    try:
        with database.read() as session:
            return {
                "cases": views.case_rows(session, lists.cases(session)),
                "events": views.event_rows(session, lists.events(session)),
            }
    finally:
        database.close()


def classified(
    name: object, subject: str, text: str, rulebook: Rulebook, model: Model | None = None
) -> dict[str, Any]:
    """A verdict as `classify --jsonl` gives it; a model may name whatever it was taught."""
    words = rulebook.words
    language = detect(text, words) or detect(subject, words) or likely(f"{subject} {text}")
    mail = fold(subject, text)
    facts = rulebook.extracting.facts_in(mail, language=language)
    verdict = judged(mail, Around(language, facts=facts), rulebook)
    if model is not None:
        verdict = joined(verdict, subject, text, rulebook, model, any_name=True)
    return {
        "id": name,
        "category": verdict.category,
        "kind": verdict.kind.value,
        "severity": verdict.severity.value,
        "language": verdict.language,
        "confidence": round(verdict.confidence, 3),
        "why": [{"rule": hit.rule, "words": list(hit.words), "says": hit.says} for hit in verdict.hits],
    }
