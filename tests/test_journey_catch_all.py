"""A domain of which every address is delivered into the mailbox, and a server that loses what follows a plus:
reply addresses of another form go there and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.hosts import Host
from tests.journeys import Journey

FORMS = [f"{{local}}{sign}{{token}}@{{domain}}" for sign in ".-_"] + ["{token}.{local}@{domain}"]


@pytest.fixture(params=FORMS)
def catch_all(request: pytest.FixtureRequest, embedded_host: Host, tmp_path: Path) -> Iterator[Journey]:
    url = f"sqlite:///{tmp_path / 'peygir.sqlite3'}"
    made = Journey(embedded_host, url, tmp_path, REPLY_ADDRESS_FORM=request.param)
    yield made
    made.stop()


def reply(journey: Journey, to: EmailMessage, words: str, sender: str, *, shouting: bool = False) -> None:
    """A reply, as the catch-all delivers it: into the one mailbox, whatever its address was."""
    target = str(to["Reply-To"]).rpartition("<")[2].rstrip(">")
    given: dict[str, Any] = {"sender": sender, "subject": f"Re: {to['Subject']}"}
    mail = journey.mail(words, to=target.upper() if shouting else target, **given)
    journey.host.deliver(mail.as_bytes(), to=journey.host.address, passes=True)
    journey.work()


def test_customers_and_agents_reply_to_such_addresses(catch_all: Journey) -> None:
    catch_all.customer_writes("My parcel is late.")
    catch_all.work()
    [ack] = catch_all.letters()
    assert "+" not in str(ack["Reply-To"])
    reply(catch_all, ack, "And it is urgent.", "Ann <ann.other@example.com>", shouting=True)
    assert len(catch_all.cases()) == 1, "the address alone says which case it is"
    reply(catch_all, catch_all.mails_to()[-1], "approve", f"Sam <{catch_all.sam}>")
    assert catch_all.case()["status"] == "answered"
    assert len(catch_all.letters()) == 2


def test_such_an_address_is_ours(catch_all: Journey) -> None:
    catch_all.customer_writes("My parcel is late.")
    catch_all.work()
    ours = str(catch_all.letters()[0]["Reply-To"])
    mail = catch_all.mail("Hello.", sender=f"Us <{ours}>", subject="Hello", to=catch_all.host.address)
    catch_all.host.deliver(mail.as_bytes())
    catch_all.work()
    assert len(catch_all.cases()) == 1
    assert len(catch_all.letters()) == 1


def test_mail_to_any_other_address_of_the_domain_is_a_complaint_like_any_other(catch_all: Journey) -> None:
    mail = catch_all.mail(
        "It is late.", sender="Ann <ann@example.com>", subject="Late", to="shop@peygir.example"
    )
    catch_all.host.deliver(mail.as_bytes(), to=catch_all.host.address)
    catch_all.work()
    assert len(catch_all.letters()) == 1
    guessed = "complaints." + "a" * 26 + "@peygir.example"
    mail = catch_all.mail("It is late, again.", sender="Eve <eve@example.com>", subject="Other", to=guessed)
    catch_all.host.deliver(mail.as_bytes(), to=catch_all.host.address)
    catch_all.work()
    assert len(catch_all.cases()) == 2, "an address that nobody was given leads nowhere"
