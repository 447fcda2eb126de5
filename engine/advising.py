"""The tone of drafts and of templates, looked at by the words of their language."""

from __future__ import annotations

from cases.decision import Preview
from cases.facts import Facts
from cases.saying import Say
from cases.tone import Written, findings
from cases.toning.advice import advice
from outbox.letters import Letters
from store.values import NewDraft


def on_draft(answer: Preview, draft: NewDraft, facts: Facts, letters: Letters) -> tuple[Say, ...]:
    """What to look at before the draft leaves; nothing in a language that has no words for its tone."""
    language = draft.language or answer.language
    guide = facts.rulebook.tone.of(language)
    if guide is None:
        return ()
    values = answer.variables
    parts = letters.parts(draft.template, language) if draft.template else None
    written = Written(
        text=draft.body,
        language=language,
        kind=values["kind"],
        parts=parts,
        fault=answer.fault,
        name=values["name"],
        subject=values["subject"],
        words=values["words"],
        facts=tuple(values["facts"]),
    )
    return advice(findings(written, guide), written)
