"""From a decision to what is recorded: drafts and letters rendered, their bytes and Message-IDs fixed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from cases import agent_mail, tokens
from cases.commands.registry import COMMANDS
from cases.decision import AlsoDecided, Decision, DraftRequest, LetterRequest, Preview, ReplyTo, Sample
from cases.digest import is_held
from cases.facts import Facts, Listing
from cases.naming import TEMPLATE
from cases.people import alias_of
from cases.saying import Say
from engine import advising, buttons, stand_ins
from engine.enclosing import NOTHING, Encloser, Enclosing, Original, events_of
from engine.scans import NO_SCANS, Scans
from outbox.compose import compose, new_message_id, reply_address
from outbox.letters import Letters
from settings import Settings
from store import restores
from store.models import TO_CUSTOMERS, DraftState, LetterKind, TokenPurpose
from store.values import (
    Address,
    Beside,
    Enclosed,
    NewDraft,
    NewEvent,
    NewLetter,
    NewTimer,
    NewToken,
    Recording,
)

__all__ = ["Finisher", "Original"]
NO_DRAFT = NewDraft(0, "", "", "", "")


class _Made(NamedTuple):
    """Letters, and what is recorded with them."""

    letters: tuple[NewLetter, ...]
    events: tuple[NewEvent, ...]
    timers: tuple[NewTimer, ...]


@dataclass(frozen=True, slots=True)
class Finisher:
    """Turns requests into finished mails, with one set of letters and one set of settings."""

    settings: Settings
    letters: Letters
    scans: Scans = NO_SCANS

    def finish(self, decision: Decision, facts: Facts, original: Original = lambda: None) -> Recording:
        """Everything that the decision writes. `original` gives the customer's mail when it is wanted."""
        draft = self._draft(decision.draft) if decision.draft else None
        shown = _open_after(decision, draft, facts)
        made = self._letters(decision.letters, facts, shown, original)
        return Recording(
            case=decision.case,
            case_number=decision.case_number,
            events=(*decision.events, *made.events),
            drafts=(draft,) if draft else (),
            approve_draft=decision.approve_draft,
            reject_draft=decision.reject_draft,
            letters=made.letters,
            timers=(*decision.timers, *made.timers),
            cancel_timers=decision.cancel_timers,
            use_token=decision.use_token,
            undelivered=decision.undelivered,
            beside=self._beside(decision.beside, facts, original) if decision.beside else None,
            reopen_draft=decision.reopen_draft,
            withdraw=decision.withdraw,
            revoke_tokens=decision.revoke_tokens,
            rows=decision.rows,
            changes=decision.changes,
            facts=decision.found,
        )

    def _beside(self, also: AlsoDecided, facts: Facts, original: Original) -> Beside:
        draft = self._draft(also.draft) if also.draft else None
        made = self._letters(also.letters, facts, draft or NO_DRAFT, original)
        return Beside(
            case=also.case,
            events=(*also.events, *made.events),
            takes_all=also.takes_all,
            takes_mails=also.takes_mails,
            drafts=(draft,) if draft else (),
            letters=made.letters,
            timers=(*also.timers, *made.timers),
            revokes_tokens=also.revokes_tokens,
            facts=also.found,
        )

    def _draft(self, request: DraftRequest) -> NewDraft:
        body, language = request.body, request.language
        if request.template:
            values = dict(request.variables) | {"firm": self.settings.FROM_NAME}
            rendered = self.letters.render(request.template, request.language, values)
            body, language = rendered.text, rendered.language
        return NewDraft(request.version, body, request.template, language, request.agent)

    def _letters(
        self, requests: Sequence[LetterRequest], facts: Facts, draft: NewDraft, original: Original
    ) -> _Made:
        """The letters, without those that wait for an agent's digest."""
        sent = [self._made(one, facts, draft, original) for one in requests if not is_held(one, facts)]
        enclosed = [one for _, one in sent]
        timers = tuple(timer for one in enclosed for timer in one.timers)
        return _Made(tuple(one for one, _ in sent), events_of(enclosed), timers)

    def letter(
        self,
        request: LetterRequest,
        facts: Facts,
        draft: NewDraft = NO_DRAFT,
        original: Original = lambda: None,
    ) -> NewLetter:
        """One finished mail. `draft` is the open one that it may show."""
        return self._made(request, facts, draft, original)[0]

    def _made(
        self, request: LetterRequest, facts: Facts, draft: NewDraft, original: Original
    ) -> tuple[NewLetter, Enclosing]:
        """A finished mail, and what it encloses."""
        token = tokens.mint(os.urandom(tokens.TOKEN_BYTES)) if request.reply_to else request.case_token
        sender = self._sender(request, facts)
        reply_address = self._reply_address(token, sender)
        language = request.language
        encloses = (
            Encloser(self.settings, self.scans).enclosed(request, original, facts)
            if request.attach_original
            else NOTHING
        )
        told = {name: self._said(one, language) for name, one in encloses.values.items()}
        values = self._values(request, facts, reply_address, draft) | told
        if request.words:
            written = self._draft(request.words)
            values["body"], language = written.body, written.language
        rendered = self.letters.render(request.template, language, values)
        message_id = new_message_id(self.settings.domain, os.urandom(16).hex())
        data, place = compose(
            rendered=rendered,
            sender=Address(sender, self.settings.FROM_NAME),
            recipient=request.recipient,
            reply_to=reply_address,
            message_id=message_id,
            date=facts.now,
            in_reply_to=request.thread[-1] if request.thread else "",
            references=request.thread,
            automatic=request.automatic,
            original=encloses.original,
            files=encloses.files,
            case_number=request.variables.get("number"),
        )
        letter = NewLetter(
            kind=request.kind,
            key=request.key,
            to=request.recipient.key,
            envelope_from="" if request.automatic else sender,
            message_id=message_id,
            subject=rendered.subject,
            data=data,
            encloses=Enclosed(*place, encloses.raw_id) if place else None,
            priority=request.priority,
            due_at=facts.now + request.wait,
            token=_token(request.reply_to, token, facts) if request.reply_to else None,
            mailbox=self.settings.name,
            copied=bool(self.settings.SENT_FOLDER) and request.kind in TO_CUSTOMERS,
            kept_back=restores.WHY if facts.before_restore and request.kind in TO_CUSTOMERS else "",
        )
        return letter, encloses

    def _sender(self, request: LetterRequest, facts: Facts) -> str:
        """The address that a letter comes from: to a customer it may be the one that they wrote to."""
        ours = self.settings.COMPLAINTS_ADDRESS
        if not self.settings.ANSWER_FROM_ALIAS or request.kind not in TO_CUSTOMERS:
            return ours
        first = alias_of(facts, facts.message) if facts.message else ""
        alias = facts.case.alias if facts.case else first
        return alias if alias in self.settings.addresses else ours

    def _reply_address(self, token: str, sender: str) -> str:
        """A token goes with the mailbox's own address, of which it is known that it takes one."""
        ours = self.settings.COMPLAINTS_ADDRESS
        return reply_address(ours, token, self.settings.REPLY_ADDRESS_FORM) if token else sender

    def _values(
        self, request: LetterRequest, facts: Facts, reply_address: str, draft: NewDraft
    ) -> dict[str, Any]:
        language, number = request.language, request.variables.get("number")
        names = self.letters.names
        called = partial(names.command, language=language)
        values = dict(request.variables)
        values |= {
            name: self._said(one, language) for name, one in values.items() if isinstance(one, Say | tuple)
        }
        values["firm"] = self.settings.FROM_NAME
        if "lists" in values:
            values["lists"] = tuple(self.listed(one, language) for one in request.variables["lists"])
        if request.answer and draft.body:
            values |= self._shown(request.answer, draft)
            values["advice"] = self._advice(request.answer, draft, facts, language)
            values["edit_is_empty"] = not buttons.holds(reply_address, number, draft.body, called)
        if request.samples:
            values["samples"] = tuple(self._sampled(one, language) for one in request.samples)
        if request.offers:
            offered = [COMMANDS[name] for name in request.offers]
            values["buttons"] = buttons.of_commands(reply_address, number, offered, draft.body, called)
            values["commands"] = [(one.name, one.usage, one.summary) for one in offered]
        if request.ready:
            ready = buttons.as_meant(reply_address, number, request.ready, called)
            values["buttons"] = [*ready, *values.get("buttons", ())]
        if request.template == "agent_draft":
            said = stand_ins.told(self.letters, values, draft.language if draft.body else "")
            values["stands_in"] = self.say(said, language) if said else ""
        if request.letter:
            named = partial(names.value, kind=TEMPLATE, language=language)
            made = buttons.of_letter(reply_address, number, request.letter, called, named)
            values["buttons"] = [made, *values.get("buttons", ())]
        if "cases" in values:
            values["cases"] = [
                {**one, "link": buttons.to_show(reply_address, one["number"], called)}
                for one in values["cases"]
            ]
        if request.kind is LetterKind.SIGNAL:
            facts_shared = tuple((one["name"], one["value"]) for one in request.variables["facts"])
            values["issue"] = buttons.to_open_issue(
                reply_address, request.variables["categories"], facts_shared, language, called
            )
        if request.choices and number:
            values["choices"] = buttons.of_choices(
                reply_address, number, request.choices, called, partial(names.category, language=language)
            )
        if request.reply_to and request.reply_to.purpose is TokenPurpose.CHECK_IN:
            values["buttons"] = buttons.of_scores(reply_address, str(number), facts, language)
            word, link = buttons.to_stop_asking(reply_address, str(number), facts, language)
            values |= {"stop_word": word, "stop_link": link}
        return values

    def _shown(self, answer: Preview, draft: NewDraft) -> dict[str, str]:
        """The draft exactly as it would leave: the whole letter, its subject and whom it goes to."""
        values = {**answer.variables, "body": draft.body, "firm": self.settings.FROM_NAME}
        language = draft.language or answer.language
        rendered = self.letters.render("answer", language, values, html=False)
        to, name = answer.recipient.address, answer.recipient.name
        return {
            "draft": rendered.text,
            "draft_subject": rendered.subject,
            "draft_to": to,
            "draft_to_name": name,
        }

    def _sampled(self, sample: Sample, language: str) -> dict[str, Any]:
        """One letter of a batch as it would leave, and what is said of it to whoever reads it here."""
        draft = self._draft(sample.draft)
        about = {name: self._said(one, language) for name, one in sample.about.items()}
        return {**about, **self._shown(sample.answer, draft), "written_in": draft.language}

    def _advice(self, answer: Preview, draft: NewDraft, facts: Facts, language: str) -> tuple[str, ...]:
        """What may be looked at in the draft's tone, a line each."""
        return tuple(self.say(one, language) for one in advising.on_draft(answer, draft, facts, self.letters))

    def draft_as_it_leaves(self, told: LetterRequest, decision: Decision, facts: Facts) -> dict[str, Any]:
        """The open draft as `told`, a letter about it, would show it; nothing when none is open."""
        made = self._draft(decision.draft) if decision.draft else None
        draft = _open_after(decision, made, facts)
        if told.answer is None or not draft.body:
            return {}
        advice = self._advice(told.answer, draft, facts, told.language)
        return {**self._shown(told.answer, draft), "advice": advice}

    def listed(self, listing: Listing, language: str) -> dict[str, Any]:
        """A table as templates take it."""
        return {
            "title": self.say(listing.title, language),
            "columns": listing.columns,
            "rows": self._said(listing.rows, language),
            "parts": tuple((isinstance(one, str), self._said(one, language)) for one in listing.parts),
        }

    def _said(self, value: Any, language: str) -> Any:
        if isinstance(value, tuple):
            made = getattr(value, "_make", tuple)  # a named one keeps its names
            return made(self._said(one, language) for one in value)
        if isinstance(value, dict):
            return {name: self._said(one, language) for name, one in value.items()}
        return self.say(value, language) if isinstance(value, Say) else value

    def say(self, say: Say, language: str) -> str:
        """A sentence in a person's language, and so are the sentences that stand in it."""
        values = {name: self._said(one, language) for name, one in say.values.items()}
        return self.letters.sentence(say.code, language, values)


def _open_after(decision: Decision, made: NewDraft | None, facts: Facts) -> NewDraft:
    """The draft that waits for a decision once this one has happened."""
    if decision.approve_draft or decision.reject_draft:
        return NO_DRAFT
    known = facts.draft
    if made or known is None:
        return made or NO_DRAFT
    if known.state is not DraftState.OPEN and not decision.reopen_draft:
        return NO_DRAFT
    return NewDraft(known.version, known.body, known.template, known.language, known.agent)


def _token(reply_to: ReplyTo, token: str, facts: Facts) -> NewToken:
    is_check_in = reply_to.purpose is TokenPurpose.CHECK_IN
    until = facts.now + timedelta(days=facts.policy.check_in_days)
    return NewToken(
        sha256=tokens.digest(token),
        purpose=reply_to.purpose,
        expires_at=until if is_check_in else agent_mail.expiry(facts),
        agent=reply_to.agent,
        draft_version=reply_to.draft_version,
        verbs=reply_to.verbs,
        check_in=reply_to.check_in,
        request_key=reply_to.request_key,
    )
