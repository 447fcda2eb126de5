"""What agents get by mail: the draft as it leaves, buttons that work, files up to a limit, a digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.hosts import Host
from tests.journeys import Journey, html_of, text_of

MB = 2**20
SATURDAY = 5


def links(mail: EmailMessage) -> dict[str, str]:
    """The mailto links of a mail by their labels."""
    found = re.findall(r'<a href="(mailto:[^"]+)"[^>]*>([^<]*)</a>', html_of(mail))
    return {label.strip(): unescape(link) for link, label in found}


def press(journey: Journey, link: str, change: Callable[[str], str] = str, agent: str = "") -> None:
    """Open the ready reply of a button, perhaps change it, and send it as it is."""
    parts = urlsplit(link)
    asked = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    words = change(asked["body"].replace("\r\n", "\n"))
    mail = journey.mail(
        words, sender=f"Sam <{agent or journey.sam}>", subject=asked["subject"], to=unquote(parts.path)
    )
    journey.host.deliver(mail.as_bytes(), to=unquote(parts.path), passes=True)
    journey.work()


def framed(mail: EmailMessage) -> str:
    """What stands in the frame of a mail's text: the draft."""
    return text_of(mail).split("────────────\n")[1].strip()


def test_the_draft_stands_in_the_mail_exactly_as_it_leaves(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel is late.", subject="Late parcel")
    journey.work()
    told = journey.mails_to()[-1]
    journey.agent_replies("approve")
    answer = journey.letters()[-1]
    assert framed(told) == text_of(answer).strip()
    assert f"Subject: {answer['Subject']}\n" in text_of(told)
    assert "To: Ann, ann@example.com\n" in text_of(told)


def test_the_subject_names_case_severity_customer_and_what_is_wanted(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is late.", sender="Ann Example <ann@example.com>")
    quick_journey.work()
    subject = str(quick_journey.mails_to()[-1]["Subject"])
    number = quick_journey.case()["number"]
    assert subject == f"[#{number}] New case, normal: Ann Example – approve or edit the draft"


def test_the_approve_button_sends_the_draft(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is late.")
    quick_journey.work()
    press(quick_journey, links(quick_journey.mails_to()[-1])["Approve"])
    assert quick_journey.case()["status"] == "answered"


def test_the_edit_button_opens_the_draft_ready_to_change(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("Thank you for the quick delivery, great service!")
    journey.work()
    mail = journey.mails_to()[-1]
    body = framed(mail).partition("\n\nCase number")[0]

    def changed(words: str) -> str:
        assert words == f"edit\n{body}\nend"
        return words.replace("\nend", "\nP.S. It was a pleasure.\nend\napprove")

    press(journey, links(mail)["Edit…"], changed)
    assert "P.S. It was a pleasure." in text_of(journey.letters()[-1])


def test_buttons_for_words_open_where_the_words_begin(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is late.")
    quick_journey.work()
    press(
        quick_journey, links(quick_journey.mails_to()[-1])["Note…"], lambda words: f"{words}she called, too"
    )
    assert [event["text"] for event in quick_journey.events("noted")] == ["she called, too"]


def test_old_buttons_are_dead_after_a_new_version_and_the_answer_says_so(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel is late.")
    journey.work()
    old = links(journey.mails_to()[-1])["Approve"]
    first = str(journey.letters()[-1]["Message-ID"])
    journey.customer_writes(
        "And it was the wrong size before.", subject="Re: A complaint", headers={"In-Reply-To": first}
    )
    journey.work()
    assert links(journey.mails_to()[-1])["Approve"] != old
    sent = len(journey.letters())
    press(journey, old)
    told = journey.mails_to()[-1]
    assert "The draft has changed since that mail." in text_of(told)
    assert "Nothing was done" in text_of(told)
    assert len(journey.letters()) == sent
    # The answer has the current draft and live buttons.
    press(journey, links(told)["Approve"])
    assert len(journey.letters()) == sent + 1


def with_files(journey: Journey, *sizes: int) -> None:
    mail = journey.mail(
        "My parcel is damaged, see the pictures.", sender="Ann <ann@example.com>", subject="X"
    )
    for number, size in enumerate(sizes, 1):
        mail.add_attachment(
            bytes([number]) * size, maintype="image", subtype="jpeg", filename=f"عکس {number}.jpg"
        )
    journey.host.deliver(mail.as_bytes(), to=journey.host.address)
    journey.work()


def files(mail: EmailMessage) -> dict[str, int]:
    return {
        str(one.get_filename()): len(one.get_payload(decode=True) or b"") for one in mail.iter_attachments()
    }


@pytest.fixture
def small_limit(embedded_host: Host, tmp_path: Path) -> Iterator[Journey]:
    made = Journey(embedded_host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path, ATTACH_LIMIT_MB=1)
    yield made
    made.stop()


def test_a_mail_within_the_limit_goes_along_whole(small_limit: Journey) -> None:
    with_files(small_limit, 1000)
    (name,) = files(small_limit.mails_to()[-1])
    assert name == "original.eml"
    assert "The original mail is attached." in text_of(small_limit.mails_to()[-1])


def test_of_a_mail_past_the_limit_the_files_go_along_that_fit_and_the_others_are_named(
    small_limit: Journey,
) -> None:
    with_files(small_limit, 300_000, 900_000, 400_000)
    mail = small_limit.mails_to()[-1]
    assert files(mail) == {"عکس 1.jpg": 300_000, "عکس 3.jpg": 400_000}
    _, _, left_out = text_of(mail).partition("kept with the mail in the mailbox of Example Shop:\n\n")
    assert left_out.startswith("- \u2068عکس 2.jpg\u2069 (900 kB)\n")
    assert "original mail is attached" not in text_of(mail)
    assert len(mail.as_bytes()) < 2 * MB


def quiet(journey: Journey, digest: str) -> None:
    journey.edit_agents("name: Sam,", f"name: Sam, digest: {digest},")
    (journey.rules / "calendar.yaml").write_text("weekend: [saturday]\nworking_hours: 00:00-23:59\n", "utf-8")


def next_hour(journey: Journey) -> None:
    """Go to five past the next hour of a day on which the firm works."""
    now = journey.clock()
    at = now.replace(minute=5, second=0, microsecond=0) + timedelta(hours=1)
    while at.weekday() == SATURDAY or at.date() != (at - timedelta(hours=2)).date():
        at += timedelta(hours=1)
    journey.clock.skip(seconds=(at - now).total_seconds())


def test_a_quiet_agent_gets_one_digest_instead_of_a_mail_a_draft(quick_journey: Journey) -> None:
    journey = quick_journey
    quiet(journey, "hourly")
    journey.customer_writes("My parcel is late.", subject="Late parcel")
    journey.customer_writes("My lamp is broken.", subject="Lamp", sender="Bob <bob@example.com>")
    journey.customer_writes("It is late. This is already my third complaint!", sender="Cy <cy@example.com>")
    journey.work()
    assert journey.mails_to() == []
    next_hour(journey)
    journey.work()
    (digest,) = journey.mails_to()
    assert digest["Subject"] == "3 cases wait for you"
    text = text_of(digest)
    assert text.index("high: Cy – new") < text.index("normal: Ann – new"), "in the order to take them (D19)"
    for case in (journey.case(), journey.case("bob@example.com")):
        assert f"#{case['number']}, normal: {case['customer_name']} – new" in text
    assert "> My lamp is broken." in text
    # Looked at again within the hour, and an hour later without news, it is not sent again.
    journey.work()
    next_hour(journey)
    journey.work()
    assert len(journey.mails_to()) == 1


def test_from_a_digest_an_agent_comes_to_a_draft_and_decides(quick_journey: Journey) -> None:
    journey = quick_journey
    quiet(journey, "hourly")
    journey.customer_writes("My parcel is late.", subject="Late parcel")
    journey.work()
    next_hour(journey)
    journey.work()
    number = journey.case()["number"]
    press(journey, links(journey.mails_to()[-1])[f"Show {number}"])
    shown = journey.mails_to()[-1]
    assert "My parcel is late." in text_of(shown)
    press(journey, links(shown)["Approve"])
    assert journey.case()["status"] == "answered"


def test_what_is_urgent_is_mailed_to_a_quiet_agent_at_once(quick_journey: Journey) -> None:
    journey = quick_journey
    quiet(journey, "daily 09:00")
    journey.customer_writes("The charger caught fire and burned my hand.", subject="Injury")
    journey.work()
    assert journey.case()["severity"] == "urgent"
    assert [str(mail["Subject"]).startswith("[#") for mail in journey.mails_to()] == [True]
