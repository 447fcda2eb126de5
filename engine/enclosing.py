"""What of a customer's mail goes along with a letter to an agent: all of it, or the files that may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cases.attached import Kept, Sorted, shortly, sorted_out
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.held_files import timer_for
from cases.saying import Say
from engine.limits import limits_in
from engine.scans import Scanned, Scans
from inbox.files import Came, files_of, fitting
from inbox.mime.limits import Limits
from inbox.plainly import as_text
from settings import Settings
from store.attached import Attached, Seen
from store.models import EventKind, TimerKind
from store.values import SOFTWARE, File, NewEvent, NewTimer

Original = Callable[[], tuple[int | None, bytes] | None]
"""Gives the id that the customer's mail is stored under (None is the mail being recorded), and the mail."""
WHOLE, AS_TEXT = "original.eml", "original.txt"
_FIRST_TOLD = (f"{TimerKind.DRAFT}/", f"{TimerKind.FILES}/")
"""The timers whose letters are the first that agents get of a mail; later ones bring no news."""
VIRUS = "virus"
"""In what an event keeps of a file that was kept out: what the scanner called it."""


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What goes along, and what the letter says of it."""

    raw_id: int | None = None
    original: bytes | None = None
    files: tuple[File, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    timers: tuple[NewTimer, ...] = ()
    """By which files come later."""
    kept: tuple[Kept, ...] = ()


NOTHING = Enclosing()


@dataclass(frozen=True, slots=True)
class Encloser:
    """Decides it by the rules in force, and by what the scanner has said so far: it never waits for one."""

    settings: Settings
    scans: Scans

    def enclosed(self, request: LetterRequest, original: Original, facts: Facts) -> Enclosing:
        """The whole mail where nothing in it may harm and the policy's limit allows it; else its files."""
        found = original()
        if found is None:
            return Enclosing(values={"original_attached": False})
        raw_id, raw = found
        limits, most = limits_in(self.settings), facts.policy.attach_bytes
        came = Came() if facts.history.unparsed else files_of(raw, limits, most)
        scanned = self.scans.of(raw) if self._is_scanned(came, facts) else Scanned()
        if scanned is None and not self._goes_unchecked:
            return self._later(request, facts, came, (raw_id, raw), limits)
        sorted_files = _sorted(came, scanned or Scanned(), facts, len(raw))
        values = self._said(sorted_files, scanned, facts)
        kept = sorted_files.kept
        if not kept and len(raw) <= most:
            return Enclosing(raw_id, raw, values=values | {"original_attached": True})
        files, others = fitting(sorted_files.going, most)
        left_out = others if files or others or kept else [(WHOLE, len(raw))]
        values |= {"original_attached": False, "left_out": _told(left_out)}
        if kept and not facts.history.unparsed:
            files.append(_text_of(raw, facts, limits))
            values["words_attached"] = True
        news = raw_id is None or facts.cause.startswith(_FIRST_TOLD)
        return Enclosing(files=tuple(files), values=values, kept=kept if news else ())

    def _is_scanned(self, came: Came, facts: Facts) -> bool:
        return bool(self.settings.CLAMAV) and bool(came.files or facts.history.unparsed or not came.sure)

    @property
    def _goes_unchecked(self) -> bool:
        return self.scans.away and self.settings.CLAMAV_AWAY == "send"

    def _said(self, files: Sorted, scanned: Scanned | None, facts: Facts) -> dict[str, Any]:
        odd = files.odd
        if facts.history.unparsed and not files.kept:
            odd = (*odd, Say("file-unchecked-mail"))
        return {
            "kept_out": tuple({"file": _name(one.file), "why": one.why} for one in files.kept),
            "odd_files": odd,
            "unchecked": scanned is None,
        }

    def _later(
        self,
        request: LetterRequest,
        facts: Facts,
        came: Came,
        stored: tuple[int | None, bytes],
        limits: Limits,
    ) -> Enclosing:
        """Nothing but the mail's words; the files come when they have been scanned."""
        raw_id, raw = stored
        self.scans.wanted.set()
        reference = str(raw_id) if raw_id is not None else _fingerprint(facts)
        waiting = tuple(map(_name, came.files)) or _told([(WHOLE, len(raw))])
        text = () if facts.history.unparsed else (_text_of(raw, facts, limits),)
        values = {"original_attached": False, "being_checked": waiting, "words_attached": bool(text)}
        return Enclosing(files=text, values=values, timers=(timer_for(reference, request, facts),))


def events_of(enclosings: Iterable[Enclosing]) -> tuple[NewEvent, ...]:
    """What is written down of files that were kept out, once for each."""
    told: dict[str, NewEvent] = {}
    for one in (kept for enclosing in enclosings for kept in enclosing.kept):
        text = f"{_name(one.file)}: {shortly(one.why)}"
        data = {VIRUS: one.virus} if one.virus else {}
        told[text] = NewEvent(EventKind.KEPT_OUT, text, SOFTWARE, data)
    return tuple(told.values())


def _sorted(came: Came, scanned: Scanned, facts: Facts, size: int) -> Sorted:
    found = sorted_out(came.files, facts.rulebook.attachments, scanned.viruses, scanned.too_large)
    going, kept = found.going, list(found.kept)
    whole = Attached(Seen(WHOLE, size), "message/rfc822", size)
    if scanned.whole and not any(one.virus for one in kept):
        kept.append(Kept(whole, Say("danger-virus", {"virus": scanned.whole}), scanned.whole))
        going = ()
    elif not came.sure:
        kept.append(Kept(whole, Say("danger-structure")))
    return Sorted(going, tuple(kept), found.odd)


def _text_of(raw: bytes, facts: Facts, limits: Limits) -> File:
    rules = facts.rulebook
    return File(AS_TEXT, "text/plain", as_text(raw, rules.words, limits, rules.signs))


def _fingerprint(facts: Facts) -> str:
    if facts.message is None:
        raise ValueError("a mail that is being recorded is known by its fingerprint, and there is none")
    return facts.message.fingerprint


def _name(file: Attached) -> str:
    return f"{file.seen.name} ({file.size:,} bytes)"


def _told(files: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    return tuple(f"{name} ({size:,} bytes)" for name, size in files)
