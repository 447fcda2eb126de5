"""A customer whose case is solved, and what comes of it as time goes by."""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from tests.journeys import Journey, html_of

ANN = "ann@example.com"


def case_of(journey: Journey, subject: str, *, words: str = "My parcel has not arrived.") -> int:
    """A case of Ann's that was answered and solved."""
    journey.customer_writes(words, subject=subject)
    journey.work()
    journey.agent_replies("approve\nresolve")
    return int(journey.case()["number"])


def sam_writes(journey: Journey, words: str) -> None:
    """A new mail with commands: replies to old ones come too late."""
    journey.customer_writes(words, sender=f"Sam <{journey.sam}>", subject="to the desk", passes=True)
    journey.work()


def later(journey: Journey, **time: float) -> None:
    journey.clock.skip(**time)
    journey.work()


def asked(journey: Journey) -> EmailMessage:
    case_of(journey, "My parcel")
    later(journey, days=12)
    assert len(journey.events("check-in-sent")) == 1
    return journey.letters()[-1]


def skipped(journey: Journey) -> list[str]:
    return [event["text"] for event in journey.events("timer-skipped") if "check-in" in event["text"]]


def asked_about(journey: Journey) -> list[int]:
    return [event["case"] for event in journey.events("check-in-sent")]


def quiet_end(journey: Journey) -> None:
    """The customer says nothing until the case is closed, and for longer than anybody is left in peace."""
    for _ in range(4):
        later(journey, days=12)


def touched(letter: EmailMessage, place: int) -> tuple[str, str]:
    """Where the mail goes that a button opens, and what it says."""
    links = re.findall(r'href="(mailto:[^"]+)"', html_of(letter).replace("&amp;", "&"))
    parts = urlsplit(links[place])
    return unquote(parts.path), parse_qs(parts.query)["body"][0]
