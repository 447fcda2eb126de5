"""A week at the desk: many cases and agents on one worker, a mail a step, and what each step changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from store.causes import LOOKED, SWEPT
from tests.desk_plan import (
    COMPLAINTS,
    LANGUAGE_OF,
    LATER,
    PEOPLE,
    SET,
    Lane,
    Step,
    plain,
    sentence,
    vocabulary,
)
from tests.hosts import Host
from tests.journeys import Journey, addresses, read, text_of

WINDOW, REQUEST_DAYS = 5, 3
"""Minutes in which an answer can be taken back, and days for which a wish waits."""
PAUSES = (timedelta(minutes=WINDOW + 1), timedelta(days=REQUEST_DAYS, minutes=1))
"""How long each `LATER` is."""
LOGS = ("event", "mail", "raw", "letter", "token", "arrival", "tally", "worker", "mailbox", "participant")
"""What grows when a mail is refused as well."""
STATES = {
    "draft": "SELECT state FROM draft WHERE case_number = ? ORDER BY id",
    "promise": "SELECT state FROM promise WHERE case_number = ? ORDER BY id",
    "compensation": "SELECT state FROM compensation WHERE case_number = ? ORDER BY id",
    "request": "SELECT state FROM request WHERE case_number = ? ORDER BY id",
}
EVENTS = """SELECT kind FROM event
            WHERE case_number = :number OR (:number IS NULL AND case_number IS NULL AND actor = :agent)
            ORDER BY id"""
_NUMBER = re.compile(r"\[#(\d+)\]")
_TOKEN = re.compile(r"\+([a-z2-7]{20,})@")


class Desk(Journey):
    """A journey with these people; each language's cases go to one of them."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.file = folder / "peygir.sqlite3"
        days = {"UNDO_MINUTES": WINDOW, "REQUEST_DAYS": REQUEST_DAYS}
        super().__init__(host, f"sqlite:///{self.file}", folder, **days)
        self.people = {name: host.account(name) for name in PEOPLE}
        self.write_agents({self.people[name]: one for name, one in PEOPLE.items()})
        routes = "".join(
            f"  - {{language: {LANGUAGE_OF[name]}, assign: [{self.people[name]}]}}\n"
            for name in ("sam", "sara", "noa", "layla")
        )
        (self.rules / "routing.yaml").write_text(f"routes:\n{routes}", "utf-8")
        # Customers hear what agents let leave, and nothing else.
        causes = self.rules / "categories.yaml"
        causes.write_text(re.sub(r"(?m)^ +holding_updates:.*\n", "", causes.read_text("utf-8")), "utf-8")

    def rows(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        """What the store holds, read beside the worker."""
        connection = sqlite3.connect(self.file)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(statement, values)]
        finally:
            connection.close()

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that commands can change; how far signals were looked for moves with every mail."""
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in LOGS]
        return dict(
            self._session_rows(
                lambda session: {
                    table.name: [
                        tuple(row)
                        for row in session.execute(table.select())
                        if table.name != "counter" or row.name not in (LOOKED, SWEPT)
                    ]
                    for table in tables
                }
            )
        )


@dataclass
class Week:
    """The plan as it is carried out on one desk."""

    desk: Desk
    lanes: Sequence[Lane]
    numbers: dict[str, int] = field(default_factory=dict)
    """The cases by what the plan calls them."""
    wrong: list[str] = field(default_factory=list)
    """What was otherwise than planned."""
    _seen: dict[str, int] = field(default_factory=dict)
    _mails: dict[tuple[str, int], list[EmailMessage]] = field(default_factory=dict)
    """The mails to an agent about a case, the oldest first; 0 stands for the desk."""
    _tokens: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Every lane to its end, a step of each at a time."""
        self._customers_write()
        left = {lane.name: list(lane.steps) for lane in self.lanes}
        pauses = list(PAUSES)
        while any(left.values()):
            while any(_goes_on(steps) for steps in left.values()):
                self._round([(one, left[one.name].pop(0)) for one in self.lanes if _goes_on(left[one.name])])
            for steps in left.values():
                del steps[:1]
            self._time_passes(pauses.pop(0) if pauses else timedelta())
        self._customers_got()

    def _time_passes(self, time: timedelta) -> None:
        self.desk.clock.skipped += time
        self.desk.work()
        self._new_mails()

    def _customers_write(self) -> None:
        own = [lane for lane in self.lanes if lane.customer != "nobody"]
        for number in range(2):
            for lane in own:
                if number < lane.mails:
                    self._complains(lane, number)
            self.desk.work()
            for lane in own:
                if not number:
                    self.numbers[lane.name] = self._number_of(lane)
        self._new_mails()

    def _complains(self, lane: Lane, number: int) -> None:
        acks = (one for one in self.desk.letters(lane.address) if lane.name in str(one["Subject"]))
        ack = next(acks) if number else None
        self.desk.customer_writes(
            COMPLAINTS[lane.language][number],
            sender=lane.address,
            subject=f"A complaint: {lane.name}",
            headers={"In-Reply-To": str(ack["Message-ID"])} if ack else None,
        )

    def _number_of(self, lane: Lane) -> int:
        subject = f"A complaint: {lane.name}"
        (row,) = self.desk.rows("SELECT number FROM 'case' WHERE subject = ?", [subject])
        return int(row["number"])

    def _round(self, steps: Sequence[tuple[Lane, Step]]) -> None:
        numbers = dict(self.numbers)
        before = {lane.name: self._state(lane, numbers) for lane, _ in steps}
        everything = self.desk.everything()
        left = len(self.desk.host.sent())
        ids = {lane.name: self._send(lane, step) for lane, step in steps}
        self.desk.work()
        came = self._new_mails()
        if not any(step.opens for _, step in steps):
            self._same("what left for customers", len(self.desk.host.sent()) - left, 0)
        if all(step.refused for _, step in steps):
            self._same("the store", self.desk.everything(), everything)
        for lane, step in steps:
            if step.opens:
                self.numbers[step.opens] = self._case_called(step.opens)
            self._check(lane, step, ids[lane.name], came)
            self._changed(lane, step, before[lane.name], self._state(lane, numbers))

    def _send(self, lane: Lane, step: Step) -> str:
        """The agent's mail; its Message-ID."""
        who = self.desk.people[step.by or lane.agent]
        words = self._words(lane, step)
        number = self.numbers.get(lane.name, 0)
        if step.new or step.desk:
            words = f"#{number}\n{words}" if step.new else words
            subject = step.subject.format_map(self.numbers)
            mail = self.desk.mail(words, sender=who, subject=subject)
            self.desk.host.deliver(mail.as_bytes(), to=self.desk.host.address, passes=True)
            return str(mail["Message-ID"])
        newest = self._mails[who, number][-1 - step.earlier]
        to = addresses(str(newest["Reply-To"]))
        headers = {"In-Reply-To": str(newest["Message-ID"]), "References": str(newest["Message-ID"])}
        quoted = "\n".join(f"> {line}" for line in text_of(newest).splitlines())
        below = f"\n\nOn Mon, 23 Nov 2026 at 10:00, Example Shop <{to}> wrote:\n{quoted}\n"
        mail = self.desk.mail(words + below, sender=who, subject="Re: it", to=to, headers=headers)
        self.desk.host.deliver(mail.as_bytes(), to=to, passes=True)
        return str(mail["Message-ID"])

    def _words(self, lane: Lane, step: Step) -> str:
        numbers = {name: str(number) for name, number in self.numbers.items()}
        return step.words.format_map(vocabulary(lane.language) | numbers | self.desk.people)

    def _new_mails(self) -> list[tuple[str, int, EmailMessage]]:
        """The mails to agents that have come since, with whom they are for and which case they are about."""
        found = []
        for who in self.desk.people.values():
            mails = self.desk.host.inbox(who)
            for raw in mails[self._seen.get(who, 0) :]:
                mail = read(raw)
                about = _NUMBER.search(plain(str(mail["Subject"])))
                found.append((who, int(about[1]) if about else 0, mail))
                self._mails.setdefault(found[-1][:2], []).append(mail)
            self._seen[who] = len(mails)
        return found

    def _check(
        self, lane: Lane, step: Step, mail_id: str, came: Iterable[tuple[str, int, EmailMessage]]
    ) -> None:
        """Who got a mail, and what the answer says."""
        who, number = self.desk.people[step.by or lane.agent], self.numbers.get(lane.name, 0)
        about = f"{lane.name}: {step.words}"
        answers = [mail for agent, _, mail in came if agent == who and mail["In-Reply-To"] == mail_id]
        self._same(f"{about}: answers", len(answers), 1)
        for answer in answers:
            self._says(lane, step, answer, about)
        if number and step.opens != lane.name:
            others = {agent for agent, of, _ in came if of == number and agent != who}
            self._same(f"{about}: others", others, {self.desk.people[name] for name in step.mails})

    def _changed(self, lane: Lane, step: Step, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """What became of the case; nothing where the mail was refused."""
        about = f"{lane.name}: {step.words}"
        self._same(f"{about}: refused", after["refused"] - before["refused"], int(step.refused))
        if step.refused:
            self._same(about, {**after, "refused": 0}, {**before, "refused": 0})
            return
        new = after["events"][len(before["events"]) :]
        self._same(f"{about}: events", new, step.events.split())
        for name, wanted in step.changed.items():
            found = after["case"][name]
            if wanted is SET:
                self._same(f"{about}: {name} is set", bool(found), True)
            else:
                self._same(f"{about}: {name}", found, self.desk.people.get(wanted, wanted))
        for table, states in step.holds.items():
            self._same(f"{about}: {table}", after[table], states.split())

    def _says(self, lane: Lane, step: Step, answer: EmailMessage, about: str) -> None:
        language, text = LANGUAGE_OF[step.by or lane.agent], plain(text_of(answer))
        wanted = [sentence(language, code) for code in step.said.split()]
        wanted += [words.format_map(self.numbers) for words in step.shows]
        self._same(f"{about}: {text}", [one for one in wanted if one not in text], [])
        token = _TOKEN.search(str(answer["Reply-To"]))
        self._same(
            f"{about}: a fresh reply address", token is not None and token[1] not in self._tokens, True
        )
        self._tokens.add(token[1] if token else "")

    def _same(self, about: str, found: object, expected: object) -> None:
        if found != expected:
            self.wrong.append(f"{about}: {found!r}, and not {expected!r}")

    def _case_called(self, name: str) -> int:
        """The newest case: whose customer's name or address it is, or which was split from one."""
        (row,) = self.desk.rows(
            "SELECT max(number) AS n FROM 'case' WHERE customer_name = ? OR customer = ? OR split_from = ?",
            [name, f"{name}@example.com", self.numbers.get(name.removeprefix("from-"), 0)],
        )
        return int(row["n"] or 0)

    def _state(self, lane: Lane, numbers: Mapping[str, int]) -> dict[str, Any]:
        """What the store holds about the lane's case; without one, about its agent."""
        number, who, rows = numbers.get(lane.name), self.desk.people[lane.agent], self.desk.rows
        kinds = [row["kind"] for row in rows(EVENTS, {"number": number, "agent": who})]
        cases = rows("SELECT * FROM 'case' WHERE number = ?", [number])
        now = _stored(self.desk.clock())
        absences = rows("SELECT until > ? AS away FROM absence WHERE agent = ?", [now, who])
        return {
            "case": cases[0] if cases else absences[0] if absences else {},
            "events": [kind for kind in kinds if kind not in ("refused", "sent")],
            "refused": kinds.count("refused"),
            **{
                table: [row["state"] for row in rows(statement, [number])]
                for table, statement in STATES.items()
            },
        }

    def _customers_got(self) -> None:
        for lane in self.lanes:
            if lane.customer:
                continue  # No letter can be told from another of the same customer.
            got = [plain(text_of(letter)) for letter in self.desk.letters(lane.address)[1:]]
            self._same(f"{lane.name}: letters", len(got), len(lane.got))
            for words, text in zip(lane.got, got, strict=False):
                self._same(f"{lane.name}: {text}", words in text, True)


def _goes_on(steps: Sequence[Step]) -> bool:
    return bool(steps) and steps[0] is not LATER


def _stored(when: datetime) -> str:
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
