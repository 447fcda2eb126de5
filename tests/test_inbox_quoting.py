"""What the sender newly wrote, told from quotes, forwarded mail, signatures and device lines."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.quoting import newly_written
from tests.reading import all_words


def own(text: str) -> str:
    return newly_written(dedent(text).strip("\n"), all_words())


ATTRIBUTIONS = {
    "gmail": "On Mon, Mar 2, 2026 at 9:00 AM Shop <shop@firm.example> wrote:",
    "apple": "On 2 Mar 2026, at 09:00, Shop <shop@firm.example> wrote:",
    "persian": "در تاریخ دوشنبه ۲ مارس ۲۰۲۶، ۹:۰۰ Shop <shop@firm.example> نوشت:",
    "hebrew": "\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-9:00 מאת \u202aShop\u202c\u200f "
    "<\u202ashop@firm.example\u202c\u200f>:\u202c",
    "arabic": "في الاثنين، ٢ مارس ٢٠٢٦ ٩:٠٠ كتب Shop <shop@firm.example>:",
    "german": "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Shop <shop@firm.example>:",
    "german, name first": "Shop <shop@firm.example> schrieb am Mo., 2. März 2026, 09:00:",
    "french": "Le lun. 2 mars 2026 à 09:00, Shop <shop@firm.example> a écrit :",
    "spanish": "El lun, 2 mar 2026 a las 9:00, Shop (<shop@firm.example>) escribió:",
}


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
@pytest.mark.parametrize(
    "quote", ["> We are looking into it.", "We are looking into it."], ids=["marked", "bare"]
)
def test_a_quote_goes_with_the_line_that_introduces_it(line: str, quote: str) -> None:
    assert (
        newly_written(f"Nothing has arrived.\n\n{line}\n\n{quote}\n", all_words()) == "Nothing has arrived."
    )


HEADER_BLOCKS = {
    "english": "From: Shop <shop@firm.example>\nSent: Monday, March 2, 2026 9:00\nTo: Ann\nSubject: RE: Late",
    "bold": "*From:* Shop <shop@firm.example>\n*Sent:* Monday\n*To:* Ann\n*Subject:* RE: Late",
    "hebrew": "מאת: Shop\nנשלח: יום שני\nאל: Ann\nנושא: RE",
    "persian": "از: Shop\nتاریخ: دوشنبه\nبه: Ann\nموضوع: RE",
    "arabic": "من: Shop\nتم الإرسال: الاثنين\nإلى: Ann\nالموضوع: RE",
    "german": "Von: Shop\nGesendet: Montag\nAn: Ann\nBetreff: RE",
    "french": "De : Shop\nEnvoyé : lundi\nÀ : Ann\nObjet : RE",
    "spanish": "De: Shop\nEnviado: lunes\nPara: Ann\nAsunto: RE",
}


@pytest.mark.parametrize("block", HEADER_BLOCKS.values(), ids=HEADER_BLOCKS)
@pytest.mark.parametrize("rule", ["", "________________________________\n", "-----Original Message-----\n"])
def test_everything_below_copied_header_lines_is_a_quote(block: str, rule: str) -> None:
    text = f"Nothing has arrived.\n\n{rule}{block}\n\nWe are looking into it.\n"
    assert newly_written(text, all_words()) == "Nothing has arrived."


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Get Outlook for Android<https://aka.example/x>",
        "ارسال شده از گوشی من",
        "נשלח מהטלפון שלי",
        "נשלח מה-iPhone שלי",
        "أرسلت من هاتفي",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
    ],
)
@pytest.mark.parametrize("quote", ["", "\n\n> old words"])
def test_a_line_that_a_device_adds_is_not_the_senders(line: str, quote: str) -> None:
    assert newly_written(f"Nothing has arrived.\n\n{line}{quote}", all_words()) == "Nothing has arrived."
    assert newly_written(f"{line}\n\nNothing has arrived.{quote}", all_words()) == "Nothing has arrived."


def test_answers_between_quotes_are_kept() -> None:
    text = """
        On 2 March 2026, Shop <shop@firm.example> wrote:
        > When was it sent?
        On Monday.

        > What is the number?

        It is 4711.
        """
    assert own(text) == "On Monday.\n\nIt is 4711."


def test_an_answer_below_the_quote_is_kept() -> None:
    assert own("On 2/3/2026 a@x.example wrote:\n> When?\n> Where?\n\nIn March.") == "In March."


def test_an_introduction_wrapped_over_lines_goes() -> None:
    text = """
        Nothing.

        On Monday, 2 March 2026 at 09:00,
        The Customer Service of the Firm
        <shop@firm.example> wrote:

        > old
        """
    assert own(text) == "Nothing."


def test_a_signature_goes_up_to_the_quote_below_it() -> None:
    assert (
        own("Nothing.\n-- \nAnn Bee\nphone 123\n\n> old\n\nAnd one more thing.")
        == "Nothing.\n\nAnd one more thing."
    )


def test_a_rule_of_ones_own_hides_no_long_text() -> None:
    text = "First.\n--\n" + "\n".join(f"Line {n} of my complaint." for n in range(30))
    assert newly_written(text, all_words()) == text


@pytest.mark.parametrize(
    "text",
    [
        "On Monday your driver wrote:\nyou were not at home.",
        "Your manager wrote: come back tomorrow.\nI did.",
        "From: Tehran\nTo: Isfahan\nDate: Monday\nThe parcel took a month.",
        "Only once I wrote:\n\nI was never answered.",
        "Sent from my warehouse on Monday.\nI have the receipt.\nIt was never there.\nWhy?",
        "The original message said nothing.",
        "Forwarded message",
        "Subject: my complaint\nI want my money back.",
        "5 > 3, and you charged me 5.",
        "- one\n- two\n\n---\n\nthree",
    ],
)
def test_in_doubt_the_text_is_kept(text: str) -> None:
    assert newly_written(text, all_words()) == text


def test_a_forwarded_mail_without_own_words_is_kept_whole() -> None:
    text = "Begin forwarded message:\n\nFrom: Shop <shop@firm.example>\nSubject: Late\n\nWe are sorry."
    assert newly_written(text, all_words()) == text


def test_the_words_above_a_forwarded_mail_are_the_senders() -> None:
    text = "See what they sent me.\n\n---------- Forwarded message ---------\nFrom: Shop <s@x.example>\n\nNo."
    assert newly_written(text, all_words()) == "See what they sent me."


def test_a_mail_that_is_only_a_quote_says_nothing_new() -> None:
    assert own("On 2/3/2026 a@x.example wrote:\n> When?\n> Where?") == ""
    assert own("> When?\n\nSent from my iPhone") == ""


def test_a_mail_that_is_only_a_signature_is_kept() -> None:
    assert own("-- \nAnn Bee") == "-- \nAnn Bee"


def test_without_any_words_only_marked_quotes_go() -> None:
    assert newly_written("Hello\n> old\nOn 2/3/2026 a@x.example wrote:\nold", ()) == (
        "Hello\nOn 2/3/2026 a@x.example wrote:\nold"
    )


@given(st.text(alphabet=st.sampled_from(" \n>-:*_@1aFrom: wroteאن"), max_size=300))
def test_only_lines_of_the_text_come_out(text: str) -> None:
    lines = {line.strip() for line in text.split("\n")}
    assert {line.strip() for line in newly_written(text, all_words()).split("\n")} <= lines | {""}
