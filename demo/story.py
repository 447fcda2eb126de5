"""`worker.py demo`: the real worker on an embedded mail host, with customers and an agent played to it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol, TextIO

from demo import people
from demo.clock import FastClock
from demo.host import MailHost
from demo.telling import Teller, until
from settings import Settings

DOMAIN = "demo.example"
COMPLAINTS = f"complaints@{DOMAIN}"
AGENTS = {"sara": "Sara", "noa": "Noa", "karim": "Karim"}
PASSWORD = "demo"  # noqa: S105 - of a mail host that lives for a minute, on loopback, in memory
LOG, PAGE = "worker.log", "page.html"
NO_CASE = ("09", "10", "11", "12")
AGENTS_YAML = """\
# The agents of the demo. In your own folder, put your colleagues here.
agents:
  - address: sara@demo.example
    name: Sara
    languages: [en, fa]
    roles: [agent, admin]
  - address: noa@demo.example
    name: Noa
    languages: [he]
    roles: [agent]
  - address: karim@demo.example
    name: Karim
    languages: [ar]
    roles: [agent]
"""
DOTENV = f"""\
# The demo's settings: with them worker.py shows the demo's cases when it is called in this folder.
IMAP_HOST=127.0.0.1
IMAP_USER={COMPLAINTS}
SMTP_HOST=127.0.0.1
COMPLAINTS_ADDRESS={COMPLAINTS}
FROM_NAME="Demo Shop"
TRUSTED_AUTHSERV_ID=mx.{DOMAIN}
"""
HERE = Path(__file__).resolve().parent.parent


class RunningWorker(Protocol):
    """What the story needs of a worker."""

    def start(self) -> None: ...

    def wait(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What the story takes from the program it tells of."""

    start: Callable[[Settings, FastClock], AbstractContextManager[RunningWorker]]
    look: Callable[[Settings], dict[str, Any]]
    """Gives the cases and events that the database has now."""
    write_page: Callable[[Settings, Path, datetime], None]
    log_to: Callable[[TextIO], None]


class Story:
    """One telling, with everything in one folder."""

    def __init__(
        self,
        folder: Path,
        teller: Teller,
        look: Callable[[], dict[str, Any]],
        host: MailHost,
        clock: FastClock,
    ) -> None:
        self.folder, self.teller, self.host, self.clock = folder, teller, host, clock
        self._look = look
        self._read: dict[str, int] = {}

    def cases(self) -> dict[str, dict[str, Any]]:
        """The cases by their customer's address."""
        return {case["customer"]: case for case in self._look()["cases"]}

    def events(self, kind: str) -> list[dict[str, Any]]:
        """All events of a kind so far."""
        return [event for event in self._look()["events"] if event["kind"] == kind]

    def letters(self, address: str) -> list[EmailMessage]:
        """The letters that left for a customer."""
        return [people.read(one.data) for one in list(self.host.outside) if address in one.recipients]

    def mail_about(self, agent: str, number: int) -> EmailMessage:
        """The agent's newest mail about a case; waits for the first one."""
        until(lambda: self._mails_about(agent, number), f"the mail about case {number}")
        return self._mails_about(agent, number)[-1]

    def _mails_about(self, agent: str, number: int) -> list[EmailMessage]:
        mails = [people.read(raw) for raw in self.host.mails(f"{agent}@{DOMAIN}")]
        return [mail for mail in mails if str(number) in str(mail["Subject"])]

    def agent_says(self, customer: str, words: str) -> str:
        """The case's agent replies to their newest mail about it; waits for the transcript; who it was."""
        case = self.cases()[customer]
        agent = case["assignee"].partition("@")[0]
        before = len(self.host.mails(case["assignee"]))
        mail = self.mail_about(agent, case["number"])
        sender = f"{AGENTS[agent]} <{case['assignee']}>"
        to, raw = people.reply(mail, sender, words, self.clock())
        self.host.deliver(raw, to, passes=True, return_path=case["assignee"])
        until(lambda: len(self.host.mails(case["assignee"])) > before, f"the answer to “{words}”")
        return AGENTS[agent]


def tell(folder: Path, tools: Tools, *, pace: float) -> int:
    """Tell the whole story; everything it leaves lies in the folder."""
    begun = time.monotonic()
    settings = _prepare(folder)
    clock = FastClock()
    users = {COMPLAINTS: PASSWORD} | {f"{name}@{DOMAIN}": PASSWORD for name in AGENTS}
    host = MailHost(
        users=users,
        domain=DOMAIN,
        authserv_id=settings.TRUSTED_AUTHSERV_ID,
        folder=folder / "mails",
        clock=clock,
    )
    host.start()
    settings = settings.model_copy(update={"IMAP_PORT": host.imap_port, "SMTP_PORT": host.smtp_port})
    story = Story(folder, Teller(pace), lambda: tools.look(settings), host, clock)
    with (folder / LOG).open("w", encoding="utf-8") as log:
        tools.log_to(log)
        try:
            _play(story, tools.start(settings, clock))
        finally:
            host.stop()
    tools.write_page(settings, folder / PAGE, clock())
    _the_end(story, settings, time.monotonic() - begun)
    return 0


def _play(story: Story, running: AbstractContextManager[RunningWorker]) -> None:
    with running as worker:
        worker.start()
        ticking = threading.Thread(target=worker.wait, daemon=True)
        ticking.start()
        for scene in (_mail_comes, _acknowledged, _agents_decide, _time_passes, _customers_answer):
            scene(story)
        worker.stop()
        ticking.join()


def _prepare(folder: Path) -> Settings:
    """A fresh folder with rules of its own, and the settings of the demo."""
    if folder.exists():
        if not (folder / LOG).exists() and any(folder.iterdir()):
            raise SystemExit(f"{folder} is not a folder of an earlier demo; name another with --dir")
        shutil.rmtree(folder)
    (folder / "mails").mkdir(parents=True)
    shutil.copytree(HERE / "rules", folder / "rules")
    (folder / ".env").write_text(DOTENV, "utf-8")
    (folder / "rules" / "agents.yaml").write_text(AGENTS_YAML, "utf-8")
    (folder / LOG).touch()
    return Settings(
        IMAP_HOST="127.0.0.1",
        IMAP_USER=COMPLAINTS,
        IMAP_PASSWORD=PASSWORD,
        IMAP_TLS="none",
        SMTP_HOST="127.0.0.1",
        SMTP_TLS="none",
        COMPLAINTS_ADDRESS=COMPLAINTS,
        FROM_NAME="Demo Shop",
        DATABASE_URL=f"sqlite:///{folder / 'peygir.sqlite3'}",
        RULES_DIR=(folder / "rules").resolve(),
        TRUSTED_AUTHSERV_ID=f"mx.{DOMAIN}",
        POLL_SECONDS=5,
        RETRY_SECONDS=1,
    )


def _mail_comes(story: Story) -> None:
    tell, mails = story.teller, people.customers_mails(story.clock())
    tell.scene("1. Mail comes in")
    tell.say(
        f"""A mail host for {DOMAIN} has started inside this process, and the real worker reads
        {COMPLAINTS} by IMAP. {len(mails)} mails arrive, and the first of them twice, as happens."""
    )
    for name, raw in [*mails.items(), next(iter(mails.items()))]:
        story.host.deliver(
            raw, _recipient(raw), passes=name[:2] != "12", return_path="" if name[:2] == "10" else None
        )
    expected = len([name for name in mails if name[:2] not in NO_CASE])
    until(
        lambda: (
            len(story.cases()) == expected and story.events("duplicate") and len(story.events("ignored")) > 2
        ),
        "the cases",
    )
    for case in story.cases().values():
        tell.item(_summary(case))
    tell.say("What is no customer's mail opens no case, is never answered, and is listed with the reason:")
    for event in story.events("ignored") + story.events("duplicate") + story.events("refused"):
        tell.item(f"{event['kind']:<9} {event['sender']:<28} {event['text'][:70]}")


def _summary(case: dict[str, Any]) -> str:
    about = f"{case['kind']:<9} {case['category']:<12} {case['language']}"
    return f"case {case['number']}  {about}  {case['customer']:<20} → {case['assignee']}"


def _recipient(raw: bytes) -> str:
    return str(people.read(raw)["To"])


def _acknowledged(story: Story) -> None:
    tell = story.teller
    tell.scene("2. Every customer is acknowledged at once, in their language")
    waiting = [case for case in story.cases().values() if case["acknowledged"]]
    until(lambda: all(story.letters(case["customer"]) for case in waiting), "the acknowledgements")
    for customer in ("maryam@example.com", "dana@example.org"):
        letter = story.letters(customer)[0]
        tell.mail(f"to {customer}: {letter['Subject']}", people.text_of(letter).splitlines(), most=9)


def _agents_decide(story: Story) -> None:
    tell = story.teller
    tell.scene("3. An agent decides by replying to a mail")
    number = story.cases()["ben@example.com"]["number"]
    agent = story.cases()["ben@example.com"]["assignee"].partition("@")[0]
    mail = story.mail_about(agent, number)
    tell.say("Each case has a draft, mailed to its agent with the customer's words and the reasons:")
    tell.mail(f"to {agent}@{DOMAIN}: {mail['Subject']}", people.text_of(mail).splitlines(), most=40)
    who = story.agent_says("ben@example.com", "approve")
    tell.item(f"{who} replies “approve” for Ben: the draft leaves as it stands")
    words = "edit\nשלום דנה,\n\nאגרטל חדש יוצא אלייך מחר בבוקר, על חשבוננו.\nend\napprove"
    who = story.agent_says("dana@example.org", words)
    tell.item(f"{who} replies “edit … end” and “approve” for Dana: her own words leave instead")
    who = story.agent_says("priya@example.org", "reject I will call her\nnote she prefers the phone")
    tell.item(f"{who} replies “reject …” for Priya: nothing is sent")
    tell.item("for five minutes “undo” would take an approved answer back; then it leaves")
    story.clock.skip(timedelta(minutes=5))
    until(
        lambda: len(story.letters("ben@example.com")) > 1 and len(story.letters("dana@example.org")) > 1,
        "the answers",
    )
    answer = story.letters("dana@example.org")[-1]
    tell.mail(f"to dana@example.org: {answer['Subject']}", people.text_of(answer).splitlines())
    for customer in ("ben@example.com", "dana@example.org"):
        who = story.agent_says(customer, "resolve")
    tell.item("and when the matter is done: “resolve”, for Ben and for Dana")
    tell.say(
        "A stranger who wrote “approve” in an agent's name was refused (see scene 1): From proves nothing."
    )


def _time_passes(story: Story) -> None:
    tell = story.teller
    tell.scene("4. Days pass, and the customers are asked whether they are satisfied")
    story.clock.skip(timedelta(days=12))
    asked = ("ben@example.com", "dana@example.org")
    until(lambda: len(story.events("check-in-sent")) >= len(asked), "the check-ins")
    until(lambda: all(len(story.letters(customer)) > 2 for customer in asked), "the check-ins")
    letter = story.letters("ben@example.com")[-1]
    tell.mail(f"to ben@example.com: {letter['Subject']}", people.text_of(letter).splitlines())


def _customers_answer(story: Story) -> None:
    tell = story.teller
    tell.scene("5. Customers answer with one digit")
    for customer, words in (("ben@example.com", "5"), ("dana@example.org", "1\nהאגרטל החדש עדיין לא הגיע.")):
        to, raw = people.reply(story.letters(customer)[-1], customer, words, story.clock())
        story.host.deliver(raw, to, passes=True, return_path=customer)
    until(lambda: story.events("check-in-good") and story.events("reopened"), "the answers to the check-in")
    dana = story.cases()["dana@example.org"]
    agent = dana["assignee"].partition("@")[0]
    until(lambda: "5" in story.events("check-in-good")[0]["text"], "the score")
    ben = story.cases()["ben@example.com"]
    tell.item(f"Ben: 5, and case {ben['number']} is {ben['status']}")
    tell.item(
        f"Dana: 1, so case {dana['number']} is {dana['status']} again, and {AGENTS[agent]} has a new draft"
    )


def _the_end(story: Story, settings: Settings, seconds: float) -> None:
    tell = story.teller
    tell.scene(f"That was the whole job, in {seconds:.0f} seconds. Look around:")
    tell.item(f"the letters that left   {story.folder / 'mails'}")
    tell.item(f"the page                {story.folder / PAGE}")
    tell.item(f"the database            {settings.DATABASE_URL.removeprefix('sqlite:///')}")
    tell.item(f"the worker's log        {story.folder / LOG}")
    tell.item(f"rules to play with      {story.folder / 'rules'}")
    python, worker = (os.path.relpath(path, story.folder) for path in (sys.executable, HERE / "worker.py"))
    tell.item(f"the cases               cd {story.folder} && {python} {worker} show 1002")
    tell.scene("On a real mailbox")
    tell.say(
        """cp .env.example .env, fill in the lines without #, the passwords and TRUSTED_AUTHSERV_ID; put
        your colleagues into rules/agents.yaml; then .venv/bin/python worker.py check, which says what is
        still missing, and .venv/bin/python worker.py run"""
    )
