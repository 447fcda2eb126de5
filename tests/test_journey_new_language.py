"""Journeys: a language is added by files alone, and what it lacks comes from others (L1)."""

from __future__ import annotations

import pytest

from tests.journeys import Journey, html_of, text_of

FILES = {
    "tr/ack_complaint.md": """---
subject: "{{ subject|re }} (dosya {{ number|digits }})"
---
Merhaba{% if name %} {{ name|isolated }}{% endif %},

Bize yazdığınız için teşekkür ederiz. Yaşadığınız sorun için özür dileriz.
Dosya numaranız {{ number|digits }}.

{% if deadline %}Yanıtımız {{ deadline|within(days) }} sizde olacak.{% endif %}

{{ firm|isolated }}
""",
    "tr/answer/late.md": """---
parts: [thanks, apology, date]
---
Merhaba{% if name %} {{ name|isolated }}{% endif %},

Teşekkür ederiz. Gecikme için özür dileriz.

Size {% if deadline %}{{ deadline|within(days) }}{% else %}en kısa zamanda{% endif %} yazacağız.

{{ firm|isolated }}
""",
    "tr/labels.yaml": """within:
  one: "bir iş günü içinde ({day} gününe kadar)"
  other: "{number} iş günü içinde ({day} gününe kadar)"
  by: "{day} gününe kadar"
number:
  2: iki
""",
}
PHRASES = """language: tr
rules:
  - name: late-tr
    description: Comes later than promised.
    when:
      phrase: [hâlâ gelmedi, gecikti]
    says: {category: late}
    examples:
      match: [Paketim hâlâ gelmedi.]
      no-match: [Teşekkürler.]
"""
LATE = "Paketim hâlâ gelmedi. İki haftadır bekliyorum, neden kimse cevap vermiyor?"


@pytest.fixture
def turkish(quick_journey: Journey) -> Journey:
    """A firm that writes two letters in Turkish, and whose Sam reads it."""
    for name, text in FILES.items():
        (quick_journey.templates / name).parent.mkdir(parents=True, exist_ok=True)
        (quick_journey.templates / name).write_text(text, "utf-8")
    (quick_journey.rules / "turkish.yaml").write_text(PHRASES, "utf-8")
    reads(quick_journey, "tr")
    (quick_journey.rules / "letters.yaml").write_text("stand_ins: {tr: [de], default: [en]}\n", "utf-8")
    return quick_journey


def reads(journey: Journey, language: str) -> None:
    """Sam gets mail in English and reads this language."""
    journey.edit_agents("[en, fa, ar]", f"[en, {language}]")


def test_two_letters_in_a_folder_make_a_language(turkish: Journey) -> None:
    turkish.customer_writes(LATE, subject="Paketim")
    turkish.work()
    assert (turkish.case()["language"], turkish.case()["category"]) == ("tr", "late")
    (acknowledged,) = turkish.letters()
    assert "özür dileriz" in text_of(acknowledged)
    assert " iş günü içinde (" in text_of(acknowledged)
    assert 'lang="tr"' in html_of(acknowledged)
    to_agent = text_of(turkish.mails_to()[-1])
    assert "Language: Turkish" in to_agent
    assert "Gecikme için" in to_agent
    assert "the draft is in" not in to_agent
    turkish.agent_replies("approve")
    assert "Gecikme için" in text_of(turkish.letters()[-1]), "in the frame of a language that has one"


def test_what_the_new_language_lacks_comes_from_the_one_that_stands_in(turkish: Journey) -> None:
    turkish.customer_writes("Ürünü merak ediyorum: fiyatı ne kadar, nerede bulabilirim?", subject="Soru")
    turkish.work()
    turkish.customer_writes(LATE, sender="Can <can@example.com>", subject="Paketim")
    turkish.work()
    turkish.agent_replies("approve\nresolve")
    turkish.clock.skip(days=12)
    turkish.work()
    check_in = turkish.letters("can@example.com")[-1]
    assert "Ist das Problem für Sie gelöst?" in text_of(check_in)
    assert 'lang="de"' in html_of(check_in)


def test_a_language_that_nobody_has_heard_of_is_taught_by_its_words_file(quick_journey: Journey) -> None:
    folder = quick_journey.templates / "sw"
    folder.mkdir()
    (folder / "ack_complaint.md").write_text(
        '---\nsubject: "{{ subject|re }}"\n---\nAsante kwa kutuandikia. Nambari yako ni {{ number }}.\n',
        "utf-8",
    )
    (quick_journey.own_rules("words") / "sw.yaml").write_text(
        "language: sw\nname: Kiswahili\ncommon: [na, ya, wa, kwa, bado, sijapata, nataka, pesa, zangu]\n",
        "utf-8",
    )
    reads(quick_journey, "sw")
    quick_journey.customer_writes("Kifurushi changu bado sijapata, nataka pesa zangu.", subject="Kifurushi")
    quick_journey.work()
    assert quick_journey.case()["language"] == "sw"
    (acknowledged,) = quick_journey.letters()
    assert "Asante kwa kutuandikia." in text_of(acknowledged)
    to_agent = " ".join(text_of(quick_journey.mails_to()[-1]).split())
    assert "Language: Swahili" in to_agent
    assert "the draft is in English" in to_agent, "the agent is told what stands in"
