"""Finished letters: the customer's own mail goes with a draft, and is stored once."""

import email
import email.policy

from cases.decide import on_mail
from cases.facts import History
from cases.saying import Say
from cases.timers import on_timer
from engine.finish import Finisher, Original
from settings import Settings
from store.enclosed import whole
from store.models import LetterKind, Status, TimerKind
from store.values import NewLetter, Recording
from tests import shipped
from tests.facts_factory import COLLEAGUE, agent, command, draft, policy, token, waiting_facts
from tests.facts_factory import case as a_case
from tests.facts_factory import facts as facts_on_a_case

RAW = b"From: customer@example.org\r\nSubject: Where is it?\r\n\r\nMy parcel is late.\r\n"
LETTERS = shipped.letters()
assert LETTERS
FINISHER = Finisher(
    Settings(
        IMAP_HOST="mail.example.com",
        IMAP_USER="complaints",
        IMAP_PASSWORD="secret",
        SMTP_HOST="mail.example.com",
        COMPLAINTS_ADDRESS="complaints@example.com",
        FROM_NAME="Example Shop",
        DATABASE_URL="sqlite:///peygir.sqlite3",
    ),
    LETTERS,
)


def drafted(original: Original) -> Recording:
    facts, case = waiting_facts(), a_case()
    return FINISHER.finish(on_timer(facts, case, TimerKind.DRAFT), facts, original)


def to_the_agent(recording: Recording) -> NewLetter:
    return next(one for one in recording.letters if one.kind is LetterKind.DRAFT)


def test_a_draft_encloses_the_stored_mail_and_does_not_hold_it() -> None:
    letter = to_the_agent(drafted(lambda: (41, RAW)))
    assert letter.encloses is not None
    assert letter.encloses.raw_id == 41
    assert b"customer@example.org\r\nSubject" not in letter.data


def test_put_together_it_is_a_mail_with_the_original_and_the_same_each_time() -> None:
    letter = to_the_agent(drafted(lambda: (None, RAW)))
    assert letter.encloses is not None
    data = whole(letter.data, letter.encloses.at, letter.encloses.how, RAW)
    assert data == whole(letter.data, letter.encloses.at, letter.encloses.how, RAW)
    mail = email.message_from_bytes(data, policy=email.policy.default)
    (part,) = mail.iter_attachments()
    assert part.get_content().as_bytes().replace(b"\n", b"\r\n").replace(b"\r\r", b"\r") == RAW
    assert mail["Message-ID"] == letter.message_id
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "The original mail is attached." in plain.get_content()


def test_a_colleague_who_takes_a_case_gets_the_customers_mail_from_where_it_is_stored() -> None:
    facts = facts_on_a_case(
        case=a_case(status=Status.OPEN), draft=draft(), token=token(), agent=agent(), joined_by="address"
    )
    decision = on_mail(facts, command(f"assign {COLLEAGUE}"))
    recording = FINISHER.finish(decision, facts, lambda: (41, RAW))
    assert [one.encloses.raw_id for one in recording.letters if one.encloses] == [41]


def test_a_draft_without_an_original_says_nothing_of_one() -> None:
    letter = to_the_agent(drafted(lambda: None))
    assert letter.encloses is None
    assert b"original mail is attached" not in letter.data


def test_the_original_is_fetched_only_for_letters_that_carry_it() -> None:
    asked = []

    def original() -> tuple[int | None, bytes]:
        asked.append(1)
        return None, RAW

    recording = drafted(original)
    assert [one.kind for one in recording.letters if one.encloses] == [LetterKind.DRAFT]
    assert len(asked) == 1


def shown(recording: Recording) -> str:
    """The text of the only mail to an agent."""
    (letter,) = [one for one in recording.letters if one.kind in (LetterKind.DRAFT, LetterKind.TRANSCRIPT)]
    data = (
        whole(letter.data, letter.encloses.at, letter.encloses.how, RAW) if letter.encloses else letter.data
    )
    body = email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def after(words: str) -> str:
    facts = facts_on_a_case(
        case=a_case(status=Status.OPEN), draft=draft(), token=token(), agent=agent(), joined_by="address"
    )
    return shown(FINISHER.finish(on_mail(facts, command(words)), facts, lambda: (41, RAW)))


def test_the_draft_is_shown_as_the_letter_that_would_leave() -> None:
    text = shown(drafted(lambda: None))
    assert "To: A name, customer@example.org\n" in text
    assert "Subject: Re: Where is it? (case 7)\n" in text
    assert "Case number: 7\n────" in text


def test_a_draft_that_was_decided_on_is_shown_no_more() -> None:
    assert "We are sorry." in after("note she called")
    assert "We are sorry." not in after("approve")
    assert "We are sorry." not in after("reject it is wrong")


def test_an_edited_draft_is_shown_as_it_was_edited() -> None:
    text = after("edit\nAll is well.\nend")
    assert "All is well.\n\nCase number: 7" in text
    assert "We are sorry." not in text


def test_a_mail_past_the_limit_that_could_not_be_read_is_left_out_and_that_is_said() -> None:
    facts = waiting_facts(policy=policy(attach_bytes=10), history=History(unparsed=True, last_words="?"))
    recording = FINISHER.finish(on_timer(facts, a_case(), TimerKind.DRAFT), facts, lambda: (41, RAW))
    assert to_the_agent(recording).encloses is None
    assert "- original.eml (1 kB)" in shown(recording)


def test_a_sentence_within_a_sentence_is_said_in_the_same_language() -> None:
    offer = Say("wish-offer", {"kind": "refund", "amount": "45", "currency": "EUR", "reason": "late"})
    both = Say("wishes", {"all": (offer, Say("wish-approve", {"version": 2}))})
    said = FINISHER.say(Say("granted-told", {"who": "Noa", "command": both}), "en")
    assert said == "Noa said yes: refund, 45.00 euros, because: late; send version 2 of the draft"
    said = FINISHER.say(Say("denied-told", {"who": "نوا", "command": offer}), "fa")
    assert "۴۵" in said
    assert "EUR" not in said


def test_a_draft_in_a_stand_ins_language_is_said_to_be_so_to_its_agent() -> None:
    letters = FINISHER.letters.standing_in({"ckb": ("fa",)})
    facts = waiting_facts({"language": "ckb"})
    recording = Finisher(FINISHER.settings, letters).finish(
        on_timer(facts, a_case(language="ckb"), TimerKind.DRAFT), facts
    )
    (draft,) = recording.drafts
    assert draft.language == "fa"
    assert "the acknowledgement was in Persian, the draft is in Persian." in shown(recording)
    assert "there is no such letter in it" not in shown(drafted(lambda: None))
