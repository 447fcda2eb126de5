"""What the sender newly wrote, told from quotes, forwarded mail, signatures and device lines."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.quoting import Written, newly_written, read_reply
from inbox.quoting.patterns import Patterns
from language.words import Words
from tests.reading import all_words, mail, soon


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


KEPT = [
    "Ann> is what my shell says before each line.\nAnn> and nothing more.",
    "The shell wrote this to my screen\nsql> select 1\nsql> quit\nand nothing more.",
    ">>> import shop\n>>> shop.order(1)\nKeyError: 1\n\nThis is what I get.",
    "It went like this:\n\nTo\n\nthe shop\n\nSubject\n\nThe lamp",
    "Disclaimer\n\nI am no lawyer, but this is wrong.",
    "Many thanks,\nthe lamp | no. 020 7946 0000 | is broken.",
    "[External] doors are what I ordered.\n\nThey are too small.",
    "The lamp came at last on 3 May, 10:15 by help@shop.example it was promised for April.",
    "From: Tehran, To: Shiraz",
    "From: Tehran, To: Shiraz, Date: 3 May 2026 10:30, Subject: lost luggage\nI want it back.",
    "My flight:\nFrom: Tehran\nTo: Shiraz\nDate: 3 May 2026\nSubject: lost luggage\n\nPlease find it.",
    "My flight:\n\nDate: 3 May 2026 10:30\nFrom: Tehran\nTo: Shiraz\n\nPlease find it.",
    "On Monday your driver wrote:\n\nnobody home\n\nThat is false.",
    "On 3 May 2026 your colleague wrote:\n\nWe will refund you.\n\nThat never happened.",
    "On 3 May 2026 at 10:15 your colleague wrote:\n\nWe will refund you.\n\nThat never happened.",
    "I wrote: where is my order?\nYou wrote: tomorrow.\nToday is Friday.",
    "I wrote:\n\nwhere is it\n\nYou wrote:\n\ntomorrow",
    "On 3 May 2026 at 10:15 I wrote:\n\nWhere is it?\n\nNobody answered.",
    "I wrote to help@shop.example on 3 May 2026 at 10:15:\n\nWhere is it?",
    "The order number is: 4711\nDate: 3 May\nTime: 10:30\nDriver: Bob\nThe lamp is broken.",
    "Date: 3 May\nThe driver shouted at me.\nSubject: his manners\nPlease act.",
    "To: the manager\n\nI am very angry about this whole thing.",
    "To: the manager\nFrom: Ann Bee\nSubject: bad service\n\nI am very angry.",
    "First paragraph here.\n\n-----\n\nSecond paragraph here.\n\n-----\n\nThird paragraph.",
    "First paragraph here.\n--\nSecond paragraph here, which is longer.\n--\nThird paragraph.",
    "First\n--\nSecond\n--\nThird",
    "- one\n- two\n- three",
    "We need:\n- Lamp\n- Chair\n- Table",
    "- Ann\n- Bob",
    "I typed this:\n--option\n--force\nand it broke",
    "--option is broken",
    "It failed with\n\n--verbose",
    "5 > 3\n> 50 euros were charged\nwhy?",
    "I paid\n>50 euros",
    ">From the beginning I said so.",
    "Original message: none.\nForwarded message? none.",
    "Original Message\n\nI never got one.",
    "Forwarded by: Bob the driver\nHe threw it over the fence.",
    "Sent from my office to yours on Monday and lost since then.",
    "It was\n\nSent from my old flat in London to the new one last week.",
    "When was it sent?\n\nSent via DHL on Monday.",
    "Please reply above this line of reasoning.\nThanks",
    "I can't reply above this line because your form is broken.",
    "This email is confidential. My manager steals from you.",
    "Hello,\n\nThis email is my third one about order 4711.\n\nPlease answer it.",
    "Hello,\n\nThe information contained in this brochure is wrong.\n\nIt says free delivery.",
    "Caution: the lamp burns!\n\nIt burnt my hand.",
    "External monitor is broken.\n\nPlease replace it.",
    "Warning: your product is dangerous.\n\nIt exploded.",
    "Kind regards,\nAnn",
    "The lamp is broken.\n\nThanks,\nAnn Bee",
    "The lamp is broken.\n\nRegards\nAnn Bee\nOrder 4711",
    "Please call me.\n\nThanks\n\nMy number is 020 7946 0000, call after six.",
    "Best,\n\nThe lamp is the best, but the cable is too short: see https://shop.example/lamp and tell me.",
    "Please write to both:\nann@customer.example\nben@customer.example",
    "My order numbers are\n\n4711-2233-9944\n4711-2233-9945",
    "Link to the item:\n\nhttps://shop.example/lamp?id=4711",
    "Here is what I need\n\nAnn Bee\n12 High Street\n020 7946 0000",
    "What is wrong:\n1. lamp\n2. chair\n\nPhone: 020 7946 0000",
    "***\nImportant\n***\nThe lamp is broken",
    "________________\n\nThe lamp is broken",
    "It broke\n\n______________________\nPlease see http://shop.example/lamp where it says it never does.",
    "He said on 3.5.2026 at 10:30:\nI don't care.",
    'Your driver said:\n\n"I don\'t care."',
    "Message from my neighbour: the parcel lay in the rain",
    "Quoting your terms:\n\nDelivery is free.\n\nIt was not.",
    "De: Paris\nA: Lyon\nDate: 3 mai\n\nLe train n'est pas venu.",
    "Von: Berlin\nNach: Bonn\nDatum: 3. Mai 2026 um 10:30\n\nDer Zug kam nicht.",
    "Subject: my complaint\nI want my money back.",
    "Your bill says\n\nTotal: 50 EUR\nDate: 2026-03-02 09:00\nTo: Ann Bee\nFrom: Shop Ltd\n\nbut I paid 40.",
    "Only once I wrote:\n\nI was never answered.",
    "PS: I forgot\n-Ann said it was blue",
    "a:\nb:\nc:",
    "I have 2 questions - one\n- Two",
    "Get Outlook working again please",
    "Thanks",
    "Cheers mate\nhttps://shop.example/x is broken",
    "Yours is broken, mine too: 020 7946 0000 is my number.",
    "Your manager wrote: come back tomorrow.\nI did.",
    "From: Tehran\nTo: Isfahan\nDate: Monday\nThe parcel took a month.",
    "Sent from my warehouse on Monday.\nI have the receipt.\nIt was never there.\nWhy?",
    "The original message said nothing.",
    "Forwarded message",
    "5 > 3, and you charged me 5.",
    "- one\n- two\n\n---\n\nthree",
    "Sent from my desk, is much easier than my mobile phone.",
    "Page: you > account > orders:\nnothing there.",
]


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("greeting", ["", "Hello,\n\n"], ids=["", "greeting"])
@pytest.mark.parametrize("names", [(), ("Ann Bee",)], ids=["nameless", "named"])
def test_in_doubt_the_text_is_kept(text: str, greeting: str, names: tuple[str, ...]) -> None:
    assert read_reply(greeting + text, all_words(), names) == Written(greeting + text)


def test_a_quote_made_by_hand_amid_own_text_is_kept() -> None:
    text = (
        "Your page says about this lamp:\n> Delivery in two days\nThat was three weeks ago, and nothing came."
    )
    assert newly_written(text, all_words()) == text


def test_in_a_reply_a_quote_amid_own_text_is_the_other_sides() -> None:
    text = "It is about what you asked me:\n> When was it?\nThat was three weeks ago, and nothing came."
    assert read_reply(text, all_words(), is_reply=True).new == (
        "It is about what you asked me:\nThat was three weeks ago, and nothing came."
    )
    assert mail("In-Reply-To: <0@firm.example>", body=text).reply_text.count("\n") == 1


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


SIGNATURES = {
    "delimiter": ("-- \n", "Ann Bee\nTel. 020 7946 0000"),
    "delimiter without its space": ("--\n", "Ann Bee\nExample Ltd"),
    "underscores": ("__\n", "Ann Bee\nTel. 020 7946 0000"),
    "long dash": ("—\n", "Ann Bee\n+44 20 7946 0000"),
    "long rule": ("----------------------\n", "Ann Bee\nExample Ltd\nTel. 020 7946 0000"),
    "closing line": ("", "Kind regards,\nAnn Bee\nHead of Purchasing\nTel. 020 7946 0000"),
    "closing line and a gap": ("", "Kind regards\n\nAnn Bee | Example Ltd\n\nwww.customer.example"),
    "closing line and the name in one": ("", "Best regards, Ann\nann@customer.example\n+44 20 7946 0000"),
    "last line": ("", "-Ann Bee"),
    "name alone": ("", "Ann Bee\nExample Ltd\nwww.customer.example"),
}


@pytest.mark.parametrize(("delimiter", "signature"), SIGNATURES.values(), ids=SIGNATURES)
@pytest.mark.parametrize("below", ["", "\n\nOn 2/3/2026 9:00, Shop <shop@firm.example> wrote:\n> old"])
def test_a_signature_is_told_from_the_words_above_it(delimiter: str, signature: str, below: str) -> None:
    text = f"Nothing has arrived, and nobody answers my letters.\n\n{delimiter}{signature}{below}"
    written = read_reply(text, all_words(), ("Ann Bee",))
    assert written.new == "Nothing has arrived, and nobody answers my letters."
    assert written.signature == f"{delimiter.strip()}\n{signature}".strip()


def test_a_mail_keeps_the_signature_that_was_taken_off_it() -> None:
    read = mail("From: Ann Bee <a@customer.example>", body="Nothing came.\n\n-- \nAnn Bee\n020 7946 0000\n")
    assert (read.reply_text, read.signature) == ("Nothing came.", "--\nAnn Bee\n020 7946 0000")


def test_what_is_kept_as_text_is_no_signature_too() -> None:
    assert read_reply("-- \nAnn Bee", all_words()) == Written("-- \nAnn Bee")


def test_text_below_a_footer_is_kept() -> None:
    footer = "This email and any attachments are confidential and intended for the addressee."
    assert own(f"Nothing.\n\n{footer}\n\nHe threatened me.") == "Nothing.\n\nHe threatened me."


def test_a_rule_below_a_banner_goes_with_it_and_one_below_the_text_stays() -> None:
    text = "_____\nThis email originated from outside of the firm.\n_____\n\nNothing.\n\n-----\n\nAt all."
    assert own(text) == "Nothing.\n\n-----\n\nAt all."


def test_a_name_and_a_time_alone_introduce_no_unmarked_quote_on_top() -> None:
    text = "On 3 May 2026 at 10:15 your Driver Bob wrote:\nNobody at home.\n\nThat is not true."
    assert newly_written(text, all_words()) == text


def test_two_banners_and_the_signs_around_them_go() -> None:
    text = "*** EXTERNAL EMAIL ***\n\n[CAUTION: This email originated from outside of the firm.]\n\nNothing."
    assert own(text) == "Nothing."


def test_an_attribution_on_top_takes_only_itself_when_quotes_follow_further_down() -> None:
    text = "On 2/3/2026 9:00, Shop <s@x.example> wrote:\n\nSee below.\n\n> When?\nOn Monday."
    assert own(text) == "See below.\n\nOn Monday."


def test_an_answer_below_a_quoted_header_block_is_kept() -> None:
    text = "-----Original Message-----\n> From: Shop\n> When?\n\nOn Monday."
    assert own(text) == "On Monday."


def test_the_colon_of_a_wide_keyboard_ends_labels_and_attributions() -> None:
    block = "发件人：Shop <shop@firm.example>\n发送时间：2026年3月2日 9:00\n主题：Re"
    assert own(f"还没到。\n\n{block}\n\n我们在处理。") == "还没到。"


def test_a_pattern_without_a_letter_matches_nothing() -> None:
    words = Words(language="xx", name="X", attribution=("*:", "* *:"), footer=("*",), sent_from=("*",))
    text = "One:\n\ntwo\n\nthree 2026 10:00:"
    assert newly_written(text, (words,)) == text


def test_a_pattern_is_found_by_its_beginning_its_end_or_a_word_inside() -> None:
    patterns = Patterns()
    for text in ("on * wrote:", "* schrieb:", "* this line *", "exactly"):
        patterns.add(text)
    for line in ("on monday x wrote:", "x schrieb:", "reply above this line now", "this line", "exactly"):
        assert patterns.match(line), line
    for line in ("on monday", "only x wrote", "schrieb:", "thisline", "exactly so"):
        assert not patterns.match(line), line


HOSTILE = {
    "blank lines": "\n",
    "quote marks": ">",
    "quoted lines": ">\n",
    "quoted and own lines": "> a\nb\n",
    "colons": ":\n",
    "half attributions": "On 3 May 2014 at 10:10, <a@b.c> wrote\n",
    "attributions": "wrote:\n",
    "attributions by hand": "I wrote:\n> x\n",
    "beginnings": "On \n",
    "labels": "From: a\nb\nb\nb\n",
    "other labels": "to:\n",
    "titles": "-----Original Message-----\n> x\n",
    "rules": "-----\n",
    "delimiters": "--\n",
    "names": "-Ann\n\n> a\n",
    "devices": "Sent from my iPhone\n\n",
    "footers": "This email and any attachments are confidential\n\nx\n\n",
    "banners": "CAUTION: This email originated from outside\n",
    "closings": "Kind regards,\nAnn\na@b.cd\n",
    "lines above": "##- reply above this line -##\n",
    "digits": "1 ",
    "telephones": "+44 20 7946 0000\n",
    "addresses": "<a@",
    "marks": "\u0651",
    "initials": "x wrote:\nAB> x\n",
    "cards": "3.3.2010 10:01\nTo\n",
    "sentences": "Aaaa bbbb. " * 30 + "you wrote:\n> x\n",
    "prompts": ">>> x\n",
    "headings": "Disclaimer\n\nDisclaimer: confidential\n\n",
    "ligatures": "ﷺ:\n",
    "spaces": "\xa0",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    with soon():
        read_reply(text, all_words(), ("Ann Bee",))
        read_reply(f"{text}\n> x", all_words(), ("Ann Bee",))


PIECES = st.sampled_from(
    [
        "Hello.",
        "> old",
        "On 2/3/2026 9:00, Shop <s@x.example> wrote:",
        "wrote:",
        "From: Shop <s@x.example>",
        "Subject: Re: x",
        "To: Ann",
        "-----Original Message-----",
        "-- ",
        "--",
        "_____",
        "Kind regards,",
        "Ann Bee",
        "+44 20 7946 0000",
        "www.x.example",
        "Sent from my iPhone",
        "CAUTION: This email originated from outside x",
        "This email and any attachments are confidential",
        "-Ann",
        "",
        " ",
        ":",
        ">>> a >>>",
        "##- reply above this line -##",
        "של:",
        "از: x",
        "发件人：x",
        "* a@b.c [2026-03-02 09:00]:",
    ]
)


@given(st.lists(PIECES, max_size=25), st.booleans())
def test_new_words_and_signature_are_lines_of_the_text_in_their_order(
    pieces: list[str], is_reply: bool
) -> None:
    written = read_reply("\n".join(pieces), all_words(), ("Ann Bee",), is_reply=is_reply)
    for text in (written.new, written.signature):
        left = iter(line.strip() for line in [*pieces, ""])
        assert all(line.strip() in left for line in text.split("\n") if line.strip())
