"""A customer's mail as mail clients forward it, in several languages: in text and in HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ANN = "Ann Bee <ann@example.com>"
WORDS = {
    "en": "My parcel has not arrived for two weeks.",
    "fa": "بسته‌ام دو هفته است که نرسیده است.",
    "he": "החבילה שלי לא הגיעה כבר שבועיים.",
    "ar": "لم تصل طلبيتي منذ أسبوعين.",
    "de": "Mein Paket ist seit zwei Wochen nicht angekommen.",
    "fr": "Mon colis n'est pas arrivé depuis deux semaines.",
}
SUBJECT = {
    "en": "Late parcel",
    "fa": "تأخیر بسته",
    "he": "חבילה מאחרת",
    "ar": "تأخر الطلب",
    "de": "Paket verspätet",
    "fr": "Colis en retard",
}
# title, from, date, subject, to
GMAIL = {
    "en": ("Forwarded message", "From", "Date", "Subject", "To"),
    "fa": ("پیام هدایت شده", "از", "تاریخ", "موضوع", "به"),
    "he": ("הודעה שהועברה", "מאת", "תאריך", "נושא", "אל"),
    "ar": ("رسالة معاد توجيهها", "من", "التاريخ", "الموضوع", "إلى"),
    "de": ("Weitergeleitete Nachricht", "Von", "Datum", "Betreff", "An"),
    "fr": ("Message transféré", "De", "Date", "Objet", "À"),
}
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject"),
    "fa": ("از", "ارسال شده", "به", "موضوع"),
    "he": ("מאת", "נשלח", "אל", "נושא"),
    "ar": ("من", "تم الإرسال", "إلى", "الموضوع"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
}
APPLE = {
    "en": "Begin forwarded message:",
    "fa": "شروع پیام هدایت‌شده:",
    "he": "תחילת ההודעה שהועברה:",
    "ar": "بداية الرسالة المعاد توجيهها:",
    "de": "Anfang der weitergeleiteten Nachricht:",
    "fr": "Début du message transféré :",
}
THUNDERBIRD = {
    "en": "Forwarded Message",
    "fa": "پیام هدایت شده",
    "he": "הודעה שהועברה",
    "ar": "الرسالة المعاد توجيهها",
    "de": "Weitergeleitete Nachricht",
    "fr": "Message transféré",
}


@dataclass(frozen=True, slots=True)
class Forward:
    """One shape of a forwarded mail."""

    name: str
    language: str
    text: str
    html: str = ""


def forwards(note: str = "") -> list[Forward]:
    """Every shape in every language, with the agent's note above."""
    return list(_each(note))


def _each(note: str) -> Iterator[Forward]:
    for language in WORDS:
        yield Forward(f"gmail-{language}", language, _gmail(language, note), _gmail_html(language, note))
        yield Forward(
            f"outlook-{language}", language, _outlook(language, note), _outlook_html(language, note)
        )
        yield Forward(f"apple-{language}", language, _apple(language, note), _apple_html(language, note))
        yield Forward(f"thunderbird-{language}", language, _thunderbird(language, note))


def _gmail(language: str, note: str) -> str:
    title, sender, date, subject, to = GMAIL[language]
    return (
        f"{note}\n\n---------- {title} ---------\n{sender}: {ANN}\n{date}: Mon, Nov 23, 2026 at 10:00 AM\n"
        f"{subject}: {SUBJECT[language]}\n{to}: <shop@example.org>\n\n\n{WORDS[language]}\n\nAnn\n"
    )


def _gmail_html(language: str, note: str) -> str:
    title, sender, date, subject, to = GMAIL[language]
    return (
        f'<div dir="auto">{note}<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'---------- {title} ---------<br>{sender}: <strong class="gmail_sendername">Ann Bee</strong> '
        f'<span dir="auto">&lt;<a href="mailto:ann@example.com">ann@example.com</a>&gt;</span><br>'
        f"{date}: Mon, Nov 23, 2026 at 10:00 AM<br>{subject}: {SUBJECT[language]}<br>"
        f'{to}:  &lt;<a href="mailto:shop@example.org">shop@example.org</a>&gt;<br></div><br><br>'
        f"<div><p>{WORDS[language]}</p><p>Ann</p></div></div></div>"
    )


def _outlook(language: str, note: str) -> str:
    sender, sent, to, subject = OUTLOOK[language]
    return (
        f"{note}\n\n________________________________\n{sender}: {ANN}\n"
        f"{sent}: Monday, November 23, 2026 10:00\n{to}: shop@example.org\n"
        f"{subject}: {SUBJECT[language]}\n\n{WORDS[language]}\n\nAnn\n"
    )


def _outlook_html(language: str, note: str) -> str:
    sender, sent, to, subject = OUTLOOK[language]
    return (
        f'<div class="WordSection1"><p class="MsoNormal">{note}</p><p class="MsoNormal">&nbsp;</p>'
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
        f'<p class="MsoNormal"><b>{sender}:</b> Ann Bee &lt;ann@example.com&gt; <br>'
        f"<b>{sent}:</b> Monday, November 23, 2026 10:00<br><b>{to}:</b> shop@example.org<br>"
        f'<b>{subject}:</b> {SUBJECT[language]}</p></div><p class="MsoNormal">&nbsp;</p>'
        f'<p class="MsoNormal">{WORDS[language]}</p><p class="MsoNormal">Ann</p></div>'
    )


def _apple(language: str, note: str) -> str:
    sender, date, subject, to = (GMAIL[language][place] for place in (1, 2, 3, 4))
    return (
        f"{note}\n\n{APPLE[language]}\n\n> {sender}: {ANN}\n> {subject}: {SUBJECT[language]}\n"
        f"> {date}: 23 November 2026 at 10:00:00 GMT\n> {to}: shop@example.org\n> \n"
        f"> {WORDS[language]}\n> \n> Ann\n"
    )


def _apple_html(language: str, note: str) -> str:
    sender, date, subject, to = (GMAIL[language][place] for place in (1, 2, 3, 4))
    lines = (
        (sender, 'Ann Bee &lt;<a href="mailto:ann@example.com">ann@example.com</a>&gt;'),
        (subject, f"<b>{SUBJECT[language]}</b>"),
        (date, "23 November 2026 at 10:00:00 GMT"),
        (to, "shop@example.org"),
    )
    head = "".join(
        f'<div style="margin: 0px;"><span style="color:rgba(0,0,0,1.0);"><b>{name}: </b></span>'
        f"<span>{value}<br></span></div>"
        for name, value in lines
    )
    return (
        f'<html><body>{note}<br><div><br><blockquote type="cite"><div>{APPLE[language]}</div>'
        f'<br class="Apple-interchange-newline">{head}<br><div>{WORDS[language]}<br><br>Ann</div>'
        f"</blockquote></div></body></html>"
    )


def _thunderbird(language: str, note: str) -> str:
    _, sender, date, subject, to = GMAIL[language]
    return (
        f"{note}\n\n-------- {THUNDERBIRD[language]} --------\n{subject}: \t{SUBJECT[language]}\n"
        f"{date}: \tMon, 23 Nov 2026 10:00:00 +0000\n{sender}: \t{ANN}\n{to}: \tshop@example.org\n\n\n\n"
        f"{WORDS[language]}\n\nAnn\n"
    )
