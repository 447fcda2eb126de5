"""The examples that stand in rule files: mails that a rule must hit, and others that it must not."""

from __future__ import annotations

from collections.abc import Iterator

from cases.rules.conditions import Rule, RulesFile
from cases.rules.fold import fold, fold_ahead
from cases.rules.holding import Around
from cases.rules.matcher import Matcher, RuleHit
from cases.rules.strict_yaml import Document
from language.problem import Problem

LONGEST_SHOWN = 60


def mistakes(engine: Matcher, document: Document, file: RulesFile) -> Iterator[Problem]:
    """Every example of a file that its rule does not keep."""
    around = Around(language=file.language or "")
    fold_ahead(text for rule in file.rules for text in (*rule.examples.match, *rule.examples.no_match))
    for number, rule in enumerate(file.rules):
        examples = [("match", text, place) for place, text in enumerate(rule.examples.match)]
        examples += [("no-match", text, place) for place, text in enumerate(rule.examples.no_match)]
        for key, text, place in examples:
            hit = engine.hit(rule.name, fold("", text), around)
            if (hit is not None) != (key == "match"):
                at = document.place(("rules", number, "examples", key, place))
                yield Problem(document.file, *at, _told(rule, text, hit))


def _told(rule: Rule, text: str, hit: RuleHit | None) -> str:
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    if hit is None:
        if rule.when.asks_more_than_words:
            return "an example is a text alone, and this rule asks for more than words; leave 'match' out"
        return f"the rule '{rule.name}' doesn't match '{short}'; add words of it, or change the example"
    words = ", ".join(f"'{one.words}'" for one in hit.evidence if one.words)
    because = f" because of {words}" if words else ""
    return (
        f"the rule '{rule.name}' matches '{short}'{because}, which it must not; "
        "make it more precise, or change the example"
    )
