"""Has customers' files scanned by ClamAV before agents get them, in a thread that nothing waits for.

What is to be scanned is what a waiting timer will send: a first draft, or files that were held back before.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlmodel import Session

from cases.first_draft import enclosed
from cases.held_files import reference_in
from cases.saying import Say
from engine.desk import Desk
from engine.drafting import MOST_MAILS
from engine.enclosing import VIRUS
from engine.scans import Scanned
from engine.troubles import tell_admins
from inbox import clamd
from inbox.clamd import ClamdDown, place_of
from inbox.files import Came, files_of
from store import gone, queries, threads, timers
from store.database import StoreDown
from store.models import Case, Mail, Timer, TimerKind
from store.values import Recording

log = structlog.get_logger()

NEEDS_FILES = (TimerKind.DRAFT, TimerKind.FILES)
AT_ONCE = 20
LOOK = 2.0
"""Seconds between two looks at what is to be scanned, where nobody asks for one."""
AGAIN = 15.0
"""Seconds until a scanner that is away is asked again."""
A_MOMENT, WHILE_AWAY = timedelta(seconds=1), timedelta(seconds=30)
"""How long what needs a scan is put off while the scanner works, and while it is away."""
KEY = "scanner"
TRIES = 2
"""So often a mail is scanned over which the scanner fails, while it takes other things."""
HARMLESS, A_PROBE = b"Is anybody there?\n", 10.0
"""What shows whether it does, and the seconds for that."""


def put_off(desk: Desk, session: Session, timer: Timer) -> timedelta | None:
    """For how long a timer has to wait for the scanner; None when it need not.

    A first draft waits a moment at most, and not at all while the scanner is away: it leaves without files.
    """
    if not desk.settings.CLAMAV or timer.kind not in NEEDS_FILES:
        return None
    raw_id = _stored(session, timer)
    raw = gone.whole(session, raw_id) if raw_id is not None else None
    if raw is None or desk.scans.of(raw) is not None:
        return None
    desk.scans.wanted.set()
    if timer.kind is TimerKind.FILES:
        if not desk.scans.away:
            return A_MOMENT
        return WHILE_AWAY if desk.settings.CLAMAV_AWAY == "hold" else None
    return A_MOMENT if desk.scans.is_patient(timer.key) and not desk.scans.away else None


class Scanner:
    """Scans what waits, until the desk stops."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._place = place_of(desk.settings.CLAMAV)

    def run(self) -> None:
        """Scan what is wanted; while the scanner is away, ask again now and then."""
        stop, wanted = self._desk.stop, self._desk.scans.wanted
        while not stop.is_set():
            try:
                self.look()
                self._desk.outage.over(self)
            except StoreDown as down:
                self._desk.outage.met(self, down)
            except Exception:
                log.exception("scanning failed; it is tried again")
            self._desk.pulse.beat(max(AGAIN, LOOK))
            if self._desk.scans.away:
                stop.wait(AGAIN)
            else:
                wanted.wait(LOOK)
                wanted.clear()

    def look(self) -> None:
        """Scan what is waited for; says whether the scanner is there."""
        scans = self._desk.scans
        try:
            if scans.away:
                clamd.ping(self._place)
            done = sum(self._tried(one) for one in self._waiting())
        except ClamdDown as down:
            if not scans.away:
                log.error("the virus scanner can't be asked; mails go on without files", why=str(down))
            scans.away = True
            self._desk.alerts.trouble(KEY, str(down), self._desk.clock())
            return
        if scans.away:
            log.info("the virus scanner is there again")
        scans.away = False
        self._desk.alerts.recovered(KEY, self._desk.clock())
        if done:
            now = self._desk.clock()
            with self._desk.database.write() as session:
                timers.hurry_files(session, now, now + WHILE_AWAY)
            self._desk.timers_wait.set()

    def _waiting(self) -> list[bytes]:
        with self._desk.database.read() as session:
            wanted = timers.waiting_for_files(session, AT_ONCE)
            stored = dict.fromkeys(_stored(session, one) for one in wanted)
            raws = [gone.whole(session, raw_id) for raw_id in stored if raw_id is not None]
        return [one for one in raws if one and self._desk.scans.of(one) is None]

    def _tried(self, raw: bytes) -> bool:
        """Scan one mail; raises ClamdDown.

        One over which the scanner fails, but over nothing else, stops no other: its files are kept out.
        """
        came = files_of(raw, self._desk.limits, self._desk.settings.ATTACH_LIMIT_MB * 2**20)
        for _ in range(TRIES):
            try:
                return self._scan(raw, came)
            except ClamdDown:
                clamd.scan(self._place, HARMLESS, min(A_PROBE, self._desk.settings.CLAMAV_SECONDS))
        log.warning("the virus scanner fails over a mail; its files are kept out")
        self._desk.scans.keep(raw, Scanned(too_large=frozenset(range(len(came.files)))))
        return True

    def _scan(self, raw: bytes, came: Came) -> bool:
        """Scan one mail: its files, and it as a whole; raises ClamdDown."""
        told = {place: self._asked(file.data) for place, file in enumerate(came.files) if file.data}
        whole = self._asked(raw)
        viruses = {place: one.virus for place, one in told.items() if one.virus}
        too_large = frozenset(place for place, one in told.items() if one.too_large)
        self._desk.scans.keep(raw, Scanned(viruses, whole.virus, too_large))
        if viruses or whole.virus:
            log.warning("a virus was found; it is kept out of all mails")
        return True

    def _asked(self, data: bytes) -> clamd.Answer:
        seconds = self._desk.settings.CLAMAV_SECONDS
        # A scanner that takes its time over each of many files is no thread that hangs.
        self._desk.pulse.beat(seconds)
        return clamd.scan(self._place, data, seconds)


def pinged(written: str, seconds: float = 5.0) -> str:
    """The scanner's version, for those who look whether all is well; raises ClamdDown."""
    return clamd.ping(place_of(written), seconds)


def tell_of_viruses(desk: Desk, session: Session, recording: Recording, case: Case) -> None:
    """Mail the admins what was found, once for a case."""
    found = [event.text for event in recording.events if event.data.get(VIRUS)]
    if found:
        say = Say("virus-found", {"number": case.number})
        tell_admins(desk, session, f"virus/{case.number}", say, lines=tuple(found))


def held(session: Session, key: str) -> int | None:
    """Where the mail is stored whose files were held back, by the timer's key."""
    reference = reference_in(key)
    if len(reference) < len("a SHA-256 in hex") * 2:
        return int(reference)
    mail = queries.mail_by_fingerprint(session, reference)
    return mail.raw_id if mail else None


def _stored(session: Session, timer: Timer) -> int | None:
    """Where the mail is stored whose files a timer will send; None where it has none."""
    if timer.kind is TimerKind.FILES:
        return held(session, timer.key)
    mail = enclosed(threads.first_mails(session, timer.case_number, MOST_MAILS))
    return mail.raw_id if mail and _has_files(mail) else None


def _has_files(mail: Mail) -> bool:
    """Whether there is anything to be scanned; what could not be read may hold anything."""
    return bool(mail.attachments or mail.unparsed or mail.damage)
