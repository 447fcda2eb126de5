"""From a decision to what is recorded: drafts and letters rendered, their bytes and Message-IDs fixed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cases import asks, tokens
from cases.commands.command import Command
from cases.commands.registry import COMMANDS
from cases.facts import AlsoDecided, Decision, DraftRequest, Facts, LetterRequest, Listing, ReplyTo
from cases.saying import Say
from outbox.compose import compose, mailto, new_message_id, reply_address
from outbox.letters import Letters
from settings import Settings
from store.models import TokenPurpose
from store.values import Address, Beside, Enclosed, NewDraft, NewLetter, NewToken, Recording

SCORES = ("1", "2", "3", "4", "5")
NOT_SOLVED = "not solved"
WITH_COMMANDS = ("agent_draft", "transcript")
Original = Callable[[], tuple[int | None, bytes] | None]
"""Gives the id that the customer's mail is stored under (None is the mail being recorded), and the mail."""


@dataclass(frozen=True, slots=True)
class Finisher:
    """Turns requests into finished mails, with one set of letters and one set of settings."""

    settings: Settings
    letters: Letters

    def finish(self, decision: Decision, facts: Facts, original: Original = lambda: None) -> Recording:
        """Everything that the decision writes. `original` gives the customer's mail when it is wanted."""
        draft = self._draft(decision.draft) if decision.draft else None
        body = draft.body if draft else (facts.draft.body if facts.draft else "")
        return Recording(
            case=decision.case,
            case_number=decision.case_number,
            events=decision.events,
            drafts=(draft,) if draft else (),
            approve_draft=decision.approve_draft,
            reject_draft=decision.reject_draft,
            letters=tuple(self.letter(one, facts, body, original) for one in decision.letters),
            timers=decision.timers,
            cancel_timers=decision.cancel_timers,
            use_token=decision.use_token,
            undelivered=decision.undelivered,
            beside=self._beside(decision.beside, facts, original) if decision.beside else None,
            reopen_draft=decision.reopen_draft,
            withdraw=decision.withdraw,
            revoke_tokens=decision.revoke_tokens,
            rows=decision.rows,
            changes=decision.changes,
        )

    def _beside(self, also: AlsoDecided, facts: Facts, original: Original) -> Beside:
        draft = self._draft(also.draft) if also.draft else None
        body = draft.body if draft else ""
        return Beside(
            case=also.case,
            events=also.events,
            takes_all=also.takes_all,
            takes_mails=also.takes_mails,
            drafts=(draft,) if draft else (),
            letters=tuple(self.letter(one, facts, body, original) for one in also.letters),
            timers=also.timers,
            revokes_tokens=also.revokes_tokens,
        )

    def _draft(self, request: DraftRequest) -> NewDraft:
        body, language = request.body, request.language
        if request.template:
            values = dict(request.variables) | {"firm": self.settings.FROM_NAME}
            rendered = self.letters.render(request.template, request.language, values)
            body, language = rendered.text, rendered.language
        return NewDraft(request.version, body, request.template, language, request.agent)

    def letter(self, request: LetterRequest, facts: Facts, draft: str, original: Original) -> NewLetter:
        """One finished mail."""
        token = tokens.mint(os.urandom(tokens.TOKEN_BYTES)) if request.reply_to else request.case_token
        reply_address = self._reply_address(token)
        raw_id, attached = (original() if request.attach_original else None) or (None, None)
        values = self._values(request, facts, reply_address, draft)
        if request.attach_original:
            values["original_attached"] = attached is not None
        rendered = self.letters.render(request.template, request.language, values)
        message_id = new_message_id(self.settings.domain, os.urandom(16).hex())
        data, place = compose(
            rendered=rendered,
            sender=Address(self.settings.COMPLAINTS_ADDRESS, self.settings.FROM_NAME),
            recipient=request.recipient,
            reply_to=reply_address,
            message_id=message_id,
            date=facts.now,
            in_reply_to=request.thread[-1] if request.thread else "",
            references=request.thread,
            automatic=request.automatic,
            original=attached,
            case_number=request.variables.get("number"),
        )
        return NewLetter(
            kind=request.kind,
            key=request.key,
            to=request.recipient.key,
            envelope_from="" if request.automatic else self.settings.COMPLAINTS_ADDRESS,
            message_id=message_id,
            subject=rendered.subject,
            data=data,
            encloses=Enclosed(*place, raw_id) if place else None,
            priority=request.priority,
            due_at=facts.now + request.wait,
            token=_token(request.reply_to, token, facts) if request.reply_to else None,
        )

    def _reply_address(self, token: str) -> str:
        ours = self.settings.COMPLAINTS_ADDRESS
        return reply_address(ours, token, self.settings.REPLY_ADDRESS_FORM) if token else ours

    def _values(self, request: LetterRequest, facts: Facts, reply_address: str, draft: str) -> dict[str, Any]:
        language = request.language
        values = dict(request.variables)
        values |= {
            name: self._said(one, language) for name, one in values.items() if isinstance(one, Say | tuple)
        }
        values["firm"] = self.settings.FROM_NAME
        if "lists" in values:
            values["lists"] = tuple(self._listed(one, language) for one in request.variables["lists"])
        if request.template in WITH_COMMANDS:
            values["draft"] = draft
            offered = [COMMANDS[name] for name in request.offers]
            values["buttons"] = _command_buttons(reply_address, offered)
            values["commands"] = [(one.name, one.usage, one.summary) for one in offered]
        if request.reply_to and request.reply_to.purpose is TokenPurpose.CHECK_IN:
            values["buttons"] = _score_buttons(
                reply_address, str(request.variables["number"]), facts, language
            )
        return values

    def _listed(self, listing: Listing, language: str) -> dict[str, Any]:
        """A table as templates take it."""
        return {
            "title": self.say(listing.title, language),
            "columns": listing.columns,
            "rows": listing.rows,
            "words": listing.words,
        }

    def _said(self, value: Any, language: str) -> Any:
        if isinstance(value, tuple):
            return tuple(self._said(one, language) for one in value)
        return self.say(value, language) if isinstance(value, Say) else value

    def say(self, say: Say, language: str) -> str:
        """A sentence in a person's language."""
        return self.letters.sentence(say.code, language, say.values)


def _command_buttons(address: str, offered: Sequence[Command]) -> list[tuple[str, str, str]]:
    """Commands that need no words of their own, ready to send."""
    return [
        (one.name, mailto(address, one.name, one.name), one.summary)
        for one in offered
        if one.takes == "nothing"
    ]


def _score_buttons(address: str, subject: str, facts: Facts, language: str) -> list[tuple[str, str]]:
    """The answers to a check-in, each ready to send; the last in the words that the rules know."""
    known = (words.not_solved for words in facts.rulebook.words if words.language == language)
    not_solved = next((phrases[0] for phrases in known if phrases), NOT_SOLVED)
    return [(score, mailto(address, subject, score)) for score in SCORES] + [
        ("not-solved", mailto(address, subject, not_solved))
    ]


def _token(reply_to: ReplyTo, token: str, facts: Facts) -> NewToken:
    is_check_in = reply_to.purpose is TokenPurpose.CHECK_IN
    return NewToken(
        sha256=tokens.digest(token),
        purpose=reply_to.purpose,
        expires_at=None if is_check_in else asks.expiry(facts),
        agent=reply_to.agent,
        draft_version=reply_to.draft_version,
        verbs=reply_to.verbs,
        check_in=reply_to.check_in,
        request_key=reply_to.request_key,
    )
