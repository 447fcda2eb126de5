"""What kind of mail it is, why it is not answered automatically, and what a bounce tells."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.header.fields import Fields
from inbox.kind.automatic import nature
from inbox.kind.subjects import Found, Subjects, is_reply, known_subjects, without_reply_marks
from inbox.parse import parse
from language.signs import Signs
from language.words import Words
from store.models import MailKind
from store.values import Address, Message
from tests.reading import all_words, mail, read_mail, soon

TELLING = (
    "Return-Path", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "X-Loop", "X-Mailer",
    "Reply-To", "List-Id", "X-Autoreply",
)  # fmt: skip
USUAL = Signs()


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("Auto-Submitted: auto-replied", MailKind.AUTO_REPLY),
        ("Auto-Submitted: auto-generated; x=y", MailKind.AUTO_REPLY),
        ("Auto-Submitted: no", MailKind.CUSTOMER),
        ("X-Autoreply: yes", MailKind.AUTO_REPLY),
        ("X-Autorespond: 1", MailKind.AUTO_REPLY),
        ("Precedence: auto_reply", MailKind.AUTO_REPLY),
        ("Subject: Out of office: Re: Late order", MailKind.AUTO_REPLY),
        ("Subject: Automatische Antwort: x", MailKind.AUTO_REPLY),
        ("Subject: مענה אוטומטי", MailKind.CUSTOMER),
        ("Subject: מענה אוטומטי: פנייתך", MailKind.AUTO_REPLY),
        ("Subject: پاسخ خودکار", MailKind.AUTO_REPLY),
        ("Subject: رد تلقائي: شكوى", MailKind.AUTO_REPLY),
        ("Subject: Automatic replying machine broken", MailKind.CUSTOMER),
        ("List-Id: <x.list.example>", MailKind.LIST),
        ("List-Post: <mailto:x@list.example>", MailKind.LIST),
        ("List-Unsubscribe: <mailto:x@list.example>", MailKind.CUSTOMER),
        ("X-Peygir-Loop: complaints@firm.example", MailKind.LOOP),
        ("X-Auto-Response-Suppress: All", MailKind.CUSTOMER),
        ("Precedence: bulk", MailKind.CUSTOMER),
        ("Feedback-ID: 1:2:3:x", MailKind.CUSTOMER),
        ("X-Loop: x@y.example", MailKind.CUSTOMER),
        ("Return-Path: <>", MailKind.CUSTOMER),
        ("X-Mailer: Thunderbird", MailKind.CUSTOMER),
    ],
)
def test_the_headers_tell_the_kind_of_mail(field: str, kind: MailKind) -> None:
    read = mail(field)
    assert read.kind is kind
    assert bool(read.kind_because) == (kind is not MailKind.CUSTOMER)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("Return-Path: <>", "its Return-Path is empty"),
        ("Auto-Submitted: auto-generated", "Auto-Submitted: auto-generated"),
        ("Precedence: Bulk", "Precedence: Bulk"),
        ("Precedence: junk", "Precedence: junk"),
        ("Precedence: list", "Precedence: list"),
        ("List-Unsubscribe: <mailto:x@y.example>", "it carries List-Unsubscribe"),
        ("Mailing-List: x", "it carries Mailing-List"),
        ("X-Auto-Response-Suppress: DR, OOF", "X-Auto-Response-Suppress: DR, OOF"),
        ("X-Autoreply: yes", "it carries X-Autoreply"),
        ("X-Loop: x", "it carries X-Loop"),
        ("Feedback-ID: x", "it carries Feedback-Id"),
        ("X-FC-MachineGenerated: true", "it carries X-Fc-Machinegenerated"),
        ("X-Peygir-Loop: x", "it carries our own loop header"),
        ("From: noreply@x.example", "noreply@x.example is a system's address"),
        ("From: Do_Not_Reply@x.example", "Do_Not_Reply@x.example is a system's address"),
        ("From: orders-no-reply@x.example", "orders-no-reply@x.example is a system's address"),
        ("From: postmaster@x.example", "postmaster@x.example is a system's address"),
        ("From: owner-news@x.example", "owner-news@x.example is a system's address"),
        ("From: news-request@x.example", "news-request@x.example is a system's address"),
        ("From: bounce+12=x@x.example", "bounce+12=x@x.example is a system's address"),
        ("From: a@x.example, b@x.example", "it has several senders"),
        ("From: nobody in particular", "it has no sender"),
        ("Subject: Automatic reply: x", "its subject begins with “Automatic reply”"),
    ],
)
def test_each_reason_against_an_automatic_answer_is_named(field: str, reason: str) -> None:
    assert reason in mail(field).no_auto_reply


ROBOT_SUBJECTS = """\
Automatic reply
Automatic reply: Late order
AUTOMATIC REPLY: Late order
Automatic reply from Ann Bee
Auto reply from help@shop.example
Auto-Reply: Late order
Autoreply: Late order
Automated reply: Late order
[Auto-Reply] We got your mail
(Auto reply) Thank you
[EXTERNAL] Automatic reply: Late order
EXTERNAL: Automatic reply: Late order
[SPAM?] [EXT] Out of Office: Late order
***SPAM*** Out of office: Late order
Out of Office
Out of office.
Out of Office: Re: Your case
Out of Office AutoReply: Late order
Out of Office - back on Monday
Out of office (Ann Bee)
***Out of office*** Thank you
Out of the office until Monday
Out of Office until 5 May
Out of office 3/5 - 10/5
I am out of the office until Monday
I'm out of the office
I’m out of the office
OOO: back soon
On vacation
Vacation reply: Late order
Ann Bee is out of the office.
Ann Bee/Sales/Firm is out of the office
Ann Bee is out of the office until Monday
AUTO: Ann Bee is out of the office (returning 03/05/2026)
Dr. Müller ist außer Haus
Re: Late order (Out of office)
Late order [Automatic reply]
Automatische Antwort: Ihre Anfrage
Abwesenheitsnotiz: Ihre Anfrage
Außer Haus bis Montag
Réponse automatique : Votre commande
Réponse automatique: Votre commande
Absence du bureau : Ann
Absent jusqu'au 3 mai
Respuesta automática: su pedido
Fuera de la oficina hasta el lunes
پاسخ خودکار
پاسخ خودکار: شکایت
پاسخ‌ خودکار: شکایت
در مرخصی هستم تا شنبه
מענה אוטומטי: פנייתך
תשובה אוטומטית - פנייתך
לא במשרד עד יום ראשון
رد تلقائي: شكوى
رد تلقائي
خارج المكتب حتى الأحد
Risposta automatica: ordine
Resposta automática: pedido
Automatisch antwoord: bestelling
Autoodpowiedź: zamówienie
Автоответ: заказ
Я в отпуске до 5 мая
Автоматична відповідь: замовлення
Autosvar: beställning
Automatisk svar: bestilling
Automaattinen vastaus: tilaus
Αυτόματη απάντηση: παραγγελία
Răspuns automat: comanda
Automatická odpověď: objednávka
Automatikus válasz: rendelés
Otomatik yanıt: sipariş
Yahoo! Auto Response
[Request received] Late order
We have received your request (#12)
Please confirm your message
Return Receipt (displayed) - Late order
Автоматичен отговор: поръчка
Resposta automàtica: comanda
Automatski odgovor: narudžba
Automaatvastus: tellimus
Automātiska atbilde: pasūtījums
Automatinis atsakymas: užsakymas
Automatická odpoveď: objednávka
Samodejni odgovor: naročilo
Trả lời tự động: đơn hàng
ตอบกลับอัตโนมัติ: คำสั่งซื้อ
Balasan otomatis: pesanan
Balasan automatik: pesanan
स्वचालित उत्तर: आदेश
自動応答: 注文
自动回复：订单
自動回覆: 訂單
자동 회신: 주문
Abwesend: Ihre Anfrage
Ich bin im Urlaub Re: Ihre Anfrage
Absent du bureau Re: facture
Fuori ufficio Re: fattura
Afwezig: bestelling
Ikke til stede: ordre
Poissa: tilaus
Plecat din birou: comanda
Automaticka odpoved: objednavka
Távollét értesítő
부재중 알림
不在辦公室
לא נמצא במשרד: הזמנה""".splitlines()


@pytest.mark.parametrize("subject", ROBOT_SUBJECTS)
def test_an_automatic_reply_is_known_by_its_subject_alone(subject: str) -> None:
    read = mail(f"Subject: {subject}")
    assert read.kind is MailKind.AUTO_REPLY
    assert read.no_auto_reply == (read.kind_because,)


CUSTOMER_SUBJECTS = """\
Out of office hours nobody answers
Out of office hours, nobody answers
Out of office-hours support is awful
Your phone line is out of office hours
My out of office chair is late
We have received your broken kettle
Request received but nothing done
Thank you for contacting us about nothing
Your manager is out of the office
Every time I call Mr Bee is out of the office
Automatic reply from your shop is useless
Automatic replies are useless
"Automatic reply" is no answer
Automatic reply's text is rude
Automatic reply?
Auto reply?
Automatic replying machine broken
Automatically renewed subscription
Re: Automatic reply: Late order
Fwd: Automatic reply: Late order
AW: Automatische Antwort: Bestellung
Automatische Antwort hilft mir nicht
Automatische Antwort von Ihnen
Auto: Reparatur mangelhaft
Abwesenheit des Paketboten
Réponse automatique inutile
Absence de réponse
TR: Réponse automatique : commande
Respuesta automática inútil
پاسخ خودکار شما به درد نمی‌خورد
پاسخ: پاسخ خودکار: شکایت
מענה אוטומטי לא עוזר לי
رد تلقائي لا يفيد
Read: your terms
Not read: my letter
Gelesen: Ihre AGB
Return receipt for my shoes is missing
Undelivered parcel
Undeliverable address on my parcel
Delivery failure: my order
Delivery status of my parcel
Failure notice
Returned mail: my parcel
Bounced cheque
Accepted: my complaint
Declined: my card
Vacation ruined by your agency
On vacation and no refund
Please confirm my order
Unsubscribe me
A newsletter that nobody asked for
Afwezig bij levering, pakket weg
Fuori servizio l'ascensore
부재중 배달 완료 표시
外出旅游酒店问题
不在なのに配達済み
Poissa takuusta
Urlaub: Hotelzimmer voller Schimmel""".splitlines()


@pytest.mark.parametrize("subject", CUSTOMER_SUBJECTS)
def test_a_customer_who_writes_about_such_things_is_a_customer(subject: str) -> None:
    read = mail(f"Subject: {subject}", body="Your shop is useless. Please answer.\n")
    assert (read.kind, read.no_auto_reply) == (MailKind.CUSTOMER, ())


@pytest.mark.parametrize(
    "fields",
    [
        ("Return-Path: <>",),
        ("Return-Path: <MAILER-DAEMON>",),
        ("Precedence: bulk",),
        ("X-Auto-Response-Suppress: All",),
        ("In-Reply-To: <sent@firm.example>",),
    ],
)
@pytest.mark.parametrize(
    "subject",
    ["Automatic reply to what you wrote", "Out of office since monday", "Automatische Antwort ohne Inhalt"],
)
def test_words_after_the_beginning_need_a_second_sign(subject: str, fields: tuple[str, ...]) -> None:
    assert mail(f"Subject: {subject}").kind is MailKind.CUSTOMER
    assert mail(f"Subject: {subject}", *fields).kind is MailKind.AUTO_REPLY


def test_an_entry_with_a_colon_wants_one_unless_it_stands_alone() -> None:
    known = Subjects(["Absence:"])
    found = [subject for subject in ABSENCES if known.find(subject)]
    assert found == ["Absence: x", "Absence : x", "Absence", "[Absence] x", "(absence)"]


ABSENCES = (
    "Absence: x", "Absence : x", "Absence", "[Absence] x", "(absence)",
    "Absence of mind", "Absence - x", "Absences: x", "Absence?",
)  # fmt: skip


def test_an_entry_that_ends_with_until_goes_on_with_a_day() -> None:
    assert Subjects(["Away till"]).find("Away till Monday") == Found("Away till", sure=True)
    assert Subjects(["Away"]).find("Away till Monday") == Found("Away", sure=False)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.sampled_from(TELLING))
def test_whatever_a_mail_says_it_is_judged(subject: str, value: str, sender: str, name: str) -> None:
    fields = Fields([(name, value), ("From", sender), ("Subject", subject)])
    found = nature(
        fields, content_type="text/plain", report_type="", senders=[Address(sender)], subject=subject,
        bounce=None, words=all_words(), signs=USUAL, text=value,
    )  # fmt: skip
    assert found.kind is MailKind.CUSTOMER or found.no_auto_reply


def test_a_reply_mark_before_an_automatic_subject_is_a_persons_unless_headers_say_otherwise() -> None:
    assert mail("Subject: Re: Out of office: x", "In-Reply-To: <1@firm.example>").kind is MailKind.CUSTOMER
    assert mail("Subject: Re: Out of office: x", "Return-Path: <>").kind is MailKind.AUTO_REPLY


PROGRAMS = [
    pytest.param(*fields.splitlines(), id=fields.splitlines()[0])
    for fields in (
        "Auto-Submitted: auto-replied (vacation)",
        "Auto-Submitted: (by sieve) auto-replied",
        'Auto-Submitted: auto-notified; owner-email="ann@x.example"',
        "Auto-Submitted: yes",
        "Auto-Submitted: no\nAuto-Submitted: auto-generated",
        "Precedence: bulk\nX-Autoreply: yes",
        "X-Precedence: auto_reply",
        "Preference: auto_reply",
        "X-Autorespond: Late order",
        "X-AutoReply-From: ann@customer.example",
        "X-Mail-Autoreply: vacation",
        "X-Autoresponder-Id: 7",
        "X-FC-MachineGenerated: true",
        "X-Autogenerated: Reply",
        "X-POST-MessageClass: 9; Autoresponder",
        "Delivered-To: Autoresponder",
        "X-Mailer: Vacation/2.1",
        "X-Mailer: The Great Autoresponder 3",
        "X-Loop: Ann@customer.example",
        "X-MS-Exchange-Inbox-Rules-Loop: ann@customer.example",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "X-SFDC-AutoResponse: true",
        "X-Challenge-Response: please",
        "X-List-Administrivia: yes\nList-Id: <x.list.example>\nPrecedence: bulk",
        "From: root@host.example\nX-Cron-Env: <SHELL=/bin/sh>",
        "From: jira@desk.example\nAuto-Submitted: auto-generated\nPrecedence: bulk",
        "From: support@desk.example\nAuto-Submitted: auto-generated\nList-Unsubscribe: <https://desk.example>",
        "From: no-reply@shop.example\nX-Auto-Response-Suppress: All",
        "From: no-reply@shop.example\nReturn-Path: <>",
        "From: MAILER-DAEMON@mx.example\nSubject: Hello",
        "Content-Type: multipart/report; report-type=odd; boundary=b",
        "From: ann@customer.example (Ann Bee via the vacation program)",
        "Return-Path: <>\nPrecedence: junk\nIn-Reply-To: <sent@firm.example>",
    )
]


@pytest.mark.parametrize("fields", [param.values for param in PROGRAMS], ids=[param.id for param in PROGRAMS])
def test_what_a_program_says_of_itself_makes_its_mail_an_automatic_reply(fields: tuple[str, ...]) -> None:
    read = mail(*fields)
    assert (read.kind, bool(read.no_auto_reply)) == (MailKind.AUTO_REPLY, True)


UNANSWERED_CUSTOMERS = [
    ("X-Auto-Response-Suppress: All",),
    ("X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",),
    ("X-Auto-Response-Suppress: DR RN;OOF",),
    ("Precedence: bulk",),
    ("Precedence: junk", "X-Auto-Response-Suppress: All"),
    ("X-Precedence: Bulk",),
    ("List-Unsubscribe: <https://merge.example/u>",),
    ("List-Unsubscribe: <https://merge.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
    ("List-Unsubscribe: <https://m.example/u>", "Precedence: bulk", "In-Reply-To: <sent@firm.example>"),
    ("Feedback-ID: 1:webmail:relay",),
    ("X-Loop: forwarder@relay.example",),
    ("X-OTRS-Loop: yes",),
    ("X-RT-Loop-Prevention: desk.example",),
    ("X-FC-MachineGenerated: false",),
    ("X-Campaign-Id: 7",),
    ("Return-Path: <>",),
    ("Return-Path: <>", "Precedence: bulk"),
    ("From: noreply@shop.example",),
    ("From: no-reply@shop.example", "Reply-To: ann@customer.example", "Precedence: bulk"),
    ("From: postmaster@customer.example",),
    ("Subject: Failure notice", "Return-Path: <>"),
]


@pytest.mark.parametrize("fields", UNANSWERED_CUSTOMERS, ids=" ".join)
def test_a_reason_not_to_answer_alone_makes_no_robot_of_a_customer(fields: tuple[str, ...]) -> None:
    read = mail(*fields)
    assert (read.kind, bool(read.no_auto_reply)) == (MailKind.CUSTOMER, True)


@pytest.mark.parametrize(
    "fields",
    [
        ("Auto-Submitted: No",),
        ("Auto-Submitted: (a person) no (really)",),
        ("Auto-Submitted:",),
        ("Precedence: first-class",),
        ("Precedence: normal",),
        ("X-Auto-Response-Suppress: DR, RN",),
        ("X-Auto-Response-Suppress: None",),
        ("X-Autoreply: no",),
        ("X-Autogenerated: Forward",),
        ("X-MS-Exchange-Inbox-Rules-Loop: info@firm.example",),
        ("X-Mailer: Thunderbird",),
        ("Disposition-Notification-To: ann@customer.example",),
        ("From: norbert.replyman@x.example",),
        ("From: reply@customer.example",),
        ("From: reply.anna@customer.example",),
        ("From: noreen.replyson@x.example",),
        ("From: noreplyssen@x.example",),
        ("From: nora@x.example",),
        ("From: owner@shop.example",),
        ("From: bouncer@club.example",),
        ("From: daemon.jones@x.example",),
        ("From: Bob Bounceton <bob@x.example>",),
        ("From: No Reply <ann@x.example>",),
        ("From: news@paper.example",),
        ("From: Ann <ann@x.example>, Ann Bee <Ann@x.example>",),
        ("Return-Path: <ann@customer.example>",),
        ("Sender: desk@relay.example",),
    ],
    ids=" ".join,
)
def test_a_customer_is_taken_for_no_robot(fields: tuple[str, ...]) -> None:
    read = mail(*fields)
    assert (read.kind, read.no_auto_reply) == (MailKind.CUSTOMER, ())


@pytest.mark.parametrize(
    "fields",
    [
        ("List-Id: <x.list.example>",),
        ("List-Help: <mailto:help@list.example>",),
        ("Mailing-List: contact x-help@list.example; run by ezmlm",),
        ("X-Mailing-List: <x@list.example>",),
        ("X-BeenThere: x@list.example",),
        ("Precedence: list",),
        ("List-Id: <x.list.example>", "Auto-Submitted: auto-generated"),
        ("List-Id: <x.list.example>", "In-Reply-To: <1@list.example>", "Subject: Re: Late order"),
        ("List-Unsubscribe: <https://x.example/u>", "Precedence: bulk"),
        ("List-Unsubscribe: <https://x.example/u>", "Feedback-ID: 1:2:3:esp"),
        ("List-Unsubscribe: <https://x.example/u>", "X-Campaign: spring"),
        ("List-Unsubscribe: <https://x.example/u>", "From: newsletter@shop.example"),
        ("List-Unsubscribe: <https://x.example/u>", "From: no-reply@shop.example"),
        ("X-CSA-Complaints: abuse@esp.example", "Precedence: bulk"),
    ],
    ids=" ".join,
)
def test_lists_and_newsletters_are_list_mail(fields: tuple[str, ...]) -> None:
    read = mail(*fields)
    assert (read.kind, bool(read.no_auto_reply)) == (MailKind.LIST, True)


@pytest.mark.parametrize(
    "local",
    [
        "noreply", "no-reply", "no_reply", "No.Reply", "NoReply", "noreply-orders", "no-reply-12345",
        "noreply2", "noreply+case7", "orders-no-reply", "orders.noreply", "do-not-reply",
        "donotreply", "DoNotReply", "Do_Not_Reply", "dont-reply", "not-reply", "auto-reply",
        "autoresponder", "automated-response", "postmaster", "nobody", "mailer-daemon",
        "MAILER_DAEMON", "bounce+12=x", "bounces-7-ann", "list-bounces", "owner-news",
        "news-request", "nicht-antworten", "nepasrepondre", "no-responder", "nao-responda",
        "non.rispondere", "niet-beantwoorden", "javab-nadahid", "pasokh.nadahid",
        "lo-lehashiv", "al-tashiv", "la-tarud",
    ],
)  # fmt: skip
def test_a_systems_address_is_not_answered(local: str) -> None:
    assert mail(f"From: {local}@x.example").no_auto_reply[0] == f"{local}@x.example is a system's address"


def receipt(subject: str, *lines: str) -> str:
    return f"From: ann@customer.example\nSubject: {subject}\n\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("subject", "lines"),
    [
        (
            "Read: Your order",
            (
                "Your message",
                "",
                "   To: Support",
                "   Subject: Your order",
                "   Sent: Monday",
                "",
                "was read on Tuesday.",
            ),
        ),
        (
            "Not read: Your order",
            ("Your message", "   To: Support", "   Subject: Your order", "was deleted."),
        ),
        (
            "Gelesen: Ihre Bestellung",
            ("Ihre Nachricht", "   An: Support", "   Betreff: Ihre Bestellung", "gelesen."),
        ),
    ],
)
def test_a_read_receipt_in_plain_text_is_an_automatic_reply(subject: str, lines: tuple[str, ...]) -> None:
    assert read_mail(receipt(subject, *lines)).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    "lines",
    [
        ("I read them. They are unfair.",),
        ("Unfair.", "From: Support", "To: Ann", "Subject: Terms", "Sent: Monday", "", "Our terms."),
        ("Subject: your terms",),
        ("To: your manager", "Subject: your terms", "Sent: in anger", "x" * 2000),
    ],
)
def test_a_person_who_writes_read_in_the_subject_is_a_customer(lines: tuple[str, ...]) -> None:
    assert read_mail(receipt("Read: your terms", *lines)).kind is MailKind.CUSTOMER


def parts(*kinds: str, subtype: str = "mixed") -> str:
    inner = "".join(
        f"--b\nContent-Type: {kind}\n\n{body}\n" for kind, _, body in (k.partition("|") for k in kinds)
    )
    head = "From: ann@customer.example\nSubject: Hello\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: multipart/{subtype}; boundary=b\n\n{inner}--b--\n"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (
            parts("text/plain|Yes", "text/calendar; method=REPLY|BEGIN:VCALENDAR", subtype="alternative"),
            MailKind.AUTO_REPLY,
        ),
        (
            parts("text/plain|Yes", "text/calendar|BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR"),
            MailKind.AUTO_REPLY,
        ),
        (parts("text/plain|Come", "text/calendar; method=REQUEST|BEGIN:VCALENDAR"), MailKind.CUSTOMER),
        (parts("text/plain|My booking", "text/calendar|BEGIN:VCALENDAR\nMETHOD:PUBLISH"), MailKind.CUSTOMER),
        (parts("text/plain|text/calendar METHOD:REPLY"), MailKind.CUSTOMER),
        (
            parts("text/plain|Read", "message/disposition-notification|Disposition: x; displayed"),
            MailKind.AUTO_REPLY,
        ),
        (parts("text/plain|Spam", "message/feedback-report|Feedback-Type: abuse"), MailKind.AUTO_REPLY),
        (parts("text/plain|What is a disposition-notification?"), MailKind.CUSTOMER),
    ],
)
def test_the_parts_tell_what_a_program_wrote_on_a_persons_behalf(raw: str, kind: MailKind) -> None:
    assert read_mail(raw).kind is kind


def test_a_mail_that_a_mailbox_rule_passed_on_is_its_writers() -> None:
    rule = "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"
    passed_on = (rule, "X-MS-Exchange-Inbox-Rules-Loop: info@firm.example", "Auto-Submitted: auto-generated")
    assert mail("Subject: FW: Late order", *passed_on).kind is MailKind.CUSTOMER
    assert mail("Subject: Thank you for your mail", *passed_on).kind is MailKind.AUTO_REPLY


def challenge(**changes: tuple[str, ...]) -> Words:
    return Words(language="en", name="English", challenge_subject=("Please confirm your message",), **changes)


def test_a_mail_that_asks_for_a_proof_is_an_automatic_reply() -> None:
    read = parse(b"From: ann@x.example\nSubject: Please confirm your message\n\nClick.\n", [challenge()])
    assert read.kind is MailKind.AUTO_REPLY
    assert read.kind_because == "its subject asks for a proof: “Please confirm your message”"
    read = parse(
        b"From: ann@x.example\nSubject: Please confirm your message arrived\n\nPlease.\n", [challenge()]
    )
    assert read.kind is MailKind.CUSTOMER


def read_by(signs: Signs, *fields: str) -> Message:
    return parse("\n".join(("From: ann@x.example", *fields, "", "Hello.")).encode(), all_words(), signs=signs)


@pytest.mark.parametrize(
    ("changed", "fields", "kind", "answered"),
    [
        ({"program_fields": ("X-Robot*",)}, ("X-Robot-7: y",), MailKind.AUTO_REPLY, False),
        ({"program_fields": ()}, ("X-Autoreply: yes",), MailKind.CUSTOMER, True),
        ({"program_values": ("X-By: our*bot",)}, ("X-By: Our little Bot",), MailKind.AUTO_REPLY, False),
        ({"unanswered_fields": ("X-Quiet",)}, ("X-Quiet: y",), MailKind.CUSTOMER, False),
        ({"unanswered_fields": ()}, ("Feedback-ID: y",), MailKind.CUSTOMER, True),
        ({"list_fields": ("X-Our-List",)}, ("X-Our-List: y",), MailKind.LIST, False),
        ({"marketing_fields": ("X-Ad",)}, ("X-Ad: y", "Precedence: bulk"), MailKind.LIST, False),
        ({"marketing_senders": ("ann",)}, ("List-Unsubscribe: y",), MailKind.LIST, False),
        ({"precedence": ("slow",)}, ("Precedence: Slow",), MailKind.CUSTOMER, False),
        ({"precedence": ("slow",)}, ("Precedence: bulk",), MailKind.CUSTOMER, True),
        ({"auto_response_suppress": ("DR",)}, ("X-Auto-Response-Suppress: DR",), MailKind.CUSTOMER, False),
        ({"auto_response_suppress": ()}, ("X-Auto-Response-Suppress: All",), MailKind.CUSTOMER, True),
        ({"system_senders": ("a*n",)}, (), MailKind.CUSTOMER, False),
        ({"most_received": 1}, ("Received: a", "Received: b"), MailKind.LOOP, False),
        ({"unsubscribe_words": ("tschüss",)}, ("Precedence: bulk", "", "Tschüss"), MailKind.LIST, False),
        ({"unsubscribe_words": ()}, ("Precedence: bulk", "", "Unsubscribe"), MailKind.CUSTOMER, False),
        ({"subjects": ("Gone fishing",)}, ("Subject: Gone fishing: x",), MailKind.AUTO_REPLY, False),
        ({"subjects": ("* ist weg",)}, ("Subject: Ann Bee ist weg",), MailKind.AUTO_REPLY, False),
        (
            {"receipt_subjects": ("Seen:",)},
            ("Subject: Seen: x", "", "To: a", "Subject: x"),
            MailKind.AUTO_REPLY,
            False,
        ),
        ({"program_fields": ()}, ("Auto-Submitted: auto-replied",), MailKind.AUTO_REPLY, False),
        ({"unanswered_fields": ()}, ("Return-Path: <>",), MailKind.CUSTOMER, False),
    ],
)
def test_each_sign_is_a_setting(
    changed: dict[str, tuple[str, ...]], fields: tuple[str, ...], kind: MailKind, answered: bool
) -> None:
    read = read_by(Signs(**changed), *fields)
    assert (read.kind, read.no_auto_reply == ()) == (kind, answered)


def test_usual_mail_is_judged_in_an_instant() -> None:
    headers = [("Received", "from a.example by b.example")] * 6 + [
        (f"X-Header-{n}", "value") for n in range(12)
    ]
    headers += [
        ("From", "Ann <ann@x.example>"),
        ("To", "b@y.example"),
        ("Subject", "My parcel is late"),
        ("Date", "x"),
    ]
    words, signs, subject = all_words(), Signs(), "My parcel has not arrived"

    def judge() -> None:
        nature(Fields(headers), content_type="text/plain", report_type="", senders=[Address("ann@x.example")],
               subject=subject, bounce=None, words=words, signs=signs)  # fmt: skip

    judge()
    assert min(timeit.repeat(judge, number=200, repeat=5)) / 200 < 0.0002  # ten times what it takes


@pytest.mark.parametrize(
    "subject",
    ["[" * 100_000, "[a]" * 50_000, "re: " * 50_000, "* " * 50_000, "out of office " * 9_000, "-" * 99_999],
)
def test_a_hostile_subject_takes_no_time(subject: str) -> None:
    with soon():
        known_subjects(all_words(), Signs()).subjects.find(subject)
        is_reply(subject)
        without_reply_marks(subject)


def test_a_mail_that_went_through_very_many_hands_is_not_answered() -> None:
    assert mail(*["Received: by x"] * 50).no_auto_reply == ()
    circling = mail(*["Received: by x"] * 51)
    assert (circling.kind, circling.no_auto_reply) == (MailKind.LOOP, ("more than 50 Received fields",))


@pytest.mark.parametrize(
    "fields",
    [
        ("Precedence: bulk", "", "Spring sale", "Unsubscribe: https://x.example/u"),
        ("List-Unsubscribe: <https://x.example/u>", "", "Frühling", "Hier können Sie sich abmelden."),
        ("From: newsletter@shop.example", "", "Le printemps", "Se désabonner"),
        ("From: no-reply@shop.example", "Reply-To: no-reply@shop.example", "", "Весна", "Отписаться"),
        ("X-Campaign: spring", "", "Spring", *["More."] * 2000, "Manage your preferences"),
    ],
    ids=" ".join,
)
def test_a_way_out_beside_another_sign_makes_a_newsletter(fields: tuple[str, ...]) -> None:
    assert mail(*fields).kind is MailKind.LIST


@pytest.mark.parametrize(
    "fields",
    [
        ("Subject: Unsubscribe me", "", "Please unsubscribe me!"),
        ("Feedback-ID: 1:2:3:esp", "", "I tried to unsubscribe three times!"),
        ("From: no-reply@form.example", "Reply-To: ann@customer.example", "", "Please unsubscribe me!"),
        ("Precedence: bulk", "In-Reply-To: <1@x.example>", "", "Please unsubscribe me!"),
        ("Precedence: bulk", "Subject: Fwd: Spring sale", "", "How do I unsubscribe?"),
        ("Precedence: bulk", "", "Late.", *["Really."] * 700, "How do I unsubscribe?", *["Really."] * 700),
    ],
    ids=" ".join,
)
def test_a_customer_who_wants_to_unsubscribe_is_a_customer(fields: tuple[str, ...]) -> None:
    assert mail(*fields).kind is MailKind.CUSTOMER


def test_two_from_fields_are_several_senders() -> None:
    read = read_mail("From: a@x.example\nFrom: b@x.example\nSubject: y\n\nz")
    assert [one.address for one in read.senders] == ["a@x.example", "b@x.example"]
    assert read.no_auto_reply == ("it has several senders",)


def report(
    *recipients: str, kind: str = "delivery-status", returned: str = "Message-ID: <sent@firm.example>"
) -> str:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *recipients))
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Undeliverable\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\n\n"
        f"--b\n\nSorry.\n--b\nContent-Type: message/{kind}\n\n{status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    )


def test_a_delivery_report_names_who_was_not_reached_and_which_mail_it_was() -> None:
    read = read_mail(
        report(
            "Final-Recipient: rfc822; one@x.example\nAction: failed",
            "Original-Recipient: rfc822;two@x.example\nFinal-Recipient: rfc822; b@x.example\nAction: Failed",
            "Final-Recipient: utf-8; دانا@x.example\nAction: failed",
            "Final-Recipient: rfc822; <three@x.example>",
            "Final-Recipient: rfc822; fine@x.example\nAction: delivered",
        )
    )
    assert read.kind is MailKind.BOUNCE
    assert read.bounced_recipients == ("one@x.example", "two@x.example", "دانا@x.example", "three@x.example")
    assert read.bounced_message_ids == ("<sent@firm.example>",)


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_a_report_of_another_type_is_no_bounce(kind: str) -> None:
    read = read_mail(report("Final-Recipient: rfc822; one@x.example", kind=kind))
    assert (read.kind, read.bounced_recipients) == (MailKind.AUTO_REPLY, ())


def test_a_customer_who_forwards_a_bounce_is_a_customer() -> None:
    body = "Look what I got:\n\n<help@firm.example>:\nSorry, no mailbox here by that name.\n"
    assert mail("Subject: failure notice", body=body).kind is MailKind.CUSTOMER


def test_mail_of_a_daemon_in_plain_words_is_a_bounce() -> None:
    read = mail(
        "From: postmaster@x.example",
        "Subject: Delivery failure",
        body="Your message did not reach:\n\n    gone@x.example\n\nMessage-ID: <sent@firm.example>\n",
    )
    assert (read.kind, read.bounced_recipients) == (MailKind.BOUNCE, ("gone@x.example",))
    assert read.bounced_message_ids == ("<sent@firm.example>",)
