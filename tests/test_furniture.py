"""The same commands are read whatever a mail client puts around them, and none of it reaches a customer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.commands.by_mail import on_command_mail
from cases.commands.reading import read_mail
from cases.facts import Facts
from inbox.parse import parse
from store.models import LetterKind
from store.values import Message
from tests import shipped
from tests.facts_factory import GENUINE, command_facts, token
from tests.furniture import CLIENTS, MARK, TONGUES, Reply

WORDS = st.sampled_from(
    [
        "it came late",
        "the parcel was broken, she says, and nobody at the warehouse can tell why it was so",
        "#12",
    ]
)
ONE = st.one_of(
    st.sampled_from(["approve", "resolve", "help", "Approve.", "RESOLVE"]),
    WORDS.map("note {}".format),
)
TEXT = st.lists(
    st.sampled_from(
        ["Dear Ann,", "", "we refund it at once.", "You have it in three days.", "Yours", "1 < 2 & 3"]
    ),
    min_size=1,
    max_size=6,
).filter(any)
ALIASES = {"en": "approve", "fa": "تأیید", "he": "אשר", "ar": "موافقة"}


def received(raw: bytes) -> Message:
    return parse(raw, shipped.rules().words, None, shipped.rules().signs)


def of_mail(message: Message) -> list[tuple[str, str]]:
    return [(one.name, " ".join(one.argument.split())) for one in read_mail(message, shipped.rules())]


def facts() -> Facts:
    with_words = replace(command_facts().rulebook, words=shipped.rules().words)
    return command_facts(rulebook=with_words, token=token(verbs=["all"]))


def to_customer(raw: bytes) -> list[str]:
    """All that a decision on the mail writes to the customer, and the draft that it makes."""
    message = replace(received(raw), authentication_results=GENUINE)
    decision = on_command_mail(replace(facts(), message=message), message)
    letters = [repr(one) for one in decision.letters if one.kind in (LetterKind.ANSWER, LetterKind.ACK)]
    return letters + ([decision.draft.body] if decision.draft else [])


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("client", CLIENTS)
@settings(max_examples=15)
@given(commands=st.lists(ONE, min_size=1, max_size=3), signed=st.booleans())
def test_a_client_changes_no_command(client: str, language: str, commands: list[str], signed: bool) -> None:
    words = "\n".join(commands)
    bare = of_mail(Message("f", text=words, reply_text=words))
    reply = Reply(words, TONGUES[language], signed)
    assert of_mail(received(CLIENTS[client](reply))) == bare


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("client", CLIENTS)
@settings(max_examples=15)
@given(text=TEXT, signed=st.booleans())
def test_nothing_of_a_client_reaches_a_customer(
    client: str, language: str, text: list[str], signed: bool
) -> None:
    words = "\n".join(["edit", *text, "end", "approve"])
    sent = to_customer(CLIENTS[client](Reply(words, TONGUES[language], signed)))
    tongue = TONGUES[language]
    assert sent, "the answer leaves"
    assert all(part not in one for one in sent for part in (MARK, tongue.name, tongue.device, "aka.example"))
    assert " ".join(sent[-1].split()) == " ".join(" ".join(text).split())


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("signed", [True, False])
def test_an_approval_in_the_agents_language_sends_the_stored_draft_alone(
    client: str, language: str, signed: bool
) -> None:
    raw = CLIENTS[client](Reply(ALIASES[language], TONGUES[language], signed))
    (answer,) = to_customer(raw)
    assert "We are sorry." in answer
    assert MARK not in answer
    assert TONGUES[language].name not in answer


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("client", CLIENTS)
def test_an_empty_reply_obeys_nothing_of_what_it_quotes(client: str, language: str) -> None:
    assert to_customer(CLIENTS[client](Reply("", TONGUES[language], False))) == []
