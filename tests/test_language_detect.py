"""Which language a text is in, from one word to a whole mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.detect import detect, likely
from language.words import Words

SENTENCES = {
    "fa": [
        "سلام، سفارش من هنوز نرسیده",
        "پول من را پس بدهيد",
        "چرا جواب نمی‌دهید؟",
        "با تشکر",
        "کیفیت گوشی بد است",
    ],
    "ar": [
        "لم يصل طلبي حتى الآن",
        "السلام عليكم ورحمة الله",
        "أريد استرداد المبلغ",
        "شكرا",
        "متى تصل البضاعة؟",
    ],
    "he": ["ההזמנה לא הגיעה", "תודה", "מתי תחזירו לי את הכסף?", "אני מאוד לא מרוצה מהשירות"],
    "en": ["My order has not arrived", "Where is my money?", "I am very unhappy with this", "Thank you"],
    "de": ["Meine Bestellung ist noch nicht da", "Wo bleibt mein Geld?", "Vielen Dank für die Hilfe"],
    "fr": ["Ma commande n'est pas arrivée", "Où est mon argent ?", "Je suis très déçu"],
    "es": ["Mi pedido no ha llegado", "¿Dónde está mi dinero?", "Estoy muy enfadado con el servicio"],
    "it": ["Il mio ordine non è arrivato", "Dove sono i miei soldi? Non ho ancora ricevuto il rimborso"],
    "pt": ["O meu pedido não chegou", "Onde está o meu dinheiro?"],
    "bg": ["Поръчката ми още не е дошла"],
    "nl": [
        "De doos was open en er ontbreken twee borden.",
        "Mijn bestelling is nog niet aangekomen",
        "Waar blijft het geld van mijn bestelling?",
    ],
    "tr": ["Siparişim hâlâ gelmedi, neden?", "Param nerede? Çok kötü bir hizmet"],
    "ru": ["Мой заказ не пришёл", "Где мои деньги? Я жду уже месяц", "Чайник сгорел на второй день"],
    "uk": ["Моє замовлення ще не прийшло", "Де мої гроші? Я чекаю вже місяць"],
    "ja": ["注文した商品がまだ届いていません", "ありがとう"],
    "zh": ["我的订单还没有到"],
    "ko": ["주문한 상품이 아직 안 왔어요"],
    "el": ["Η παραγγελία μου δεν ήρθε"],
    "da": [
        "Det accepterer jeg ikke. Jeg vil have hele beløbet tilbage.",
        "Kassen var åben, og der mangler to.",
    ],
    "no": ["Dette godtar jeg ikke. Jeg vil ha hele beløpet tilbake.", "Esken var åpen, og det mangler to."],
    "sv": ["Kartongen var öppen och två tallrikar saknas."],
    "fi": ["En hyväksy tätä ratkaisua. Haluan koko summan takaisin."],
    "pl": ["Czajnik spalił się po dwóch dniach."],
    "cs": ["Velikost nesedí. Díky, Petr"],
    "hu": ["Sötétkék, ahogy a számlán is szerepel."],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in SENTENCES.items() for text in texts]
)
def test_a_sentence_is_known_by_its_language(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "12345", "ok", "ABC-123", ":-)", "https://the.and.example/of", "the@and.example"]
)
def test_what_says_too_little_has_no_language(text: str) -> None:
    assert detect(text) == ""


def test_persian_typed_on_an_arabic_keyboard_is_persian() -> None:
    assert detect("سفارش من هنوز نرسيده است، لطفا پيگيري کنيد") == "fa"


def test_latin_names_and_links_do_not_outweigh_the_writers_script() -> None:
    text = "ההזמנה של Samsung Galaxy S24 Ultra לא הגיעה https://shop.example/the/order/of/the/day"
    assert detect(text) == "he"


def test_a_word_of_another_script_does_not_make_the_language() -> None:
    assert detect("I would like to know why the word שלום is printed on the box that I have bought") == "en"


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert len(detect(text)) in (0, 2, 3)


@pytest.mark.parametrize(
    ("text", "language"),
    [("سفارشم نرسیده", "fa"), ("أين طلبي", "ar"), ("שלום", "he"), ("late", "en"), ("???", "en"), ("", "en")],
)
def test_a_word_or_two_are_of_the_likeliest_language_of_their_script(text: str, language: str) -> None:
    assert likely(text) == language


def words_of(language: str, common: str, letters: str = "") -> Words:
    return Words(language=language, name=language, common=tuple(common.split()), letters=letters)


SWAHILI = words_of("sw", "na ya wa kwa ni katika yangu bado sijapata lakini siku nataka pesa zangu")
BENGALI = words_of("bn", "আমার এখনো আসেনি টাকা ফেরত চাই কেন এবং না আমি আপনার")
MARATHI = words_of("mr", "माझा आहे नाही अजून आला मला पैसे परत हवे", letters="ळ")


@pytest.mark.parametrize(
    ("text", "before", "now", "words"),
    [
        ("Kifurushi changu bado sijapata, nataka pesa zangu", "", "sw", SWAHILI),
        ("আমার পার্সেল এখনো আসেনি", "", "bn", BENGALI),
        ("माझा माल अजून आला नाही", "hi", "mr", MARATHI),
        ("मेरा पार्सल कहाँ है", "hi", "hi", MARATHI),
    ],
)
def test_a_words_file_teaches_a_language(text: str, before: str, now: str, words: Words) -> None:
    assert detect(text) == before
    assert detect(text, [words]) == now


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in SENTENCES.items() for text in texts]
)
def test_a_taught_language_takes_no_sentence_from_another(language: str, text: str) -> None:
    assert detect(text, [SWAHILI, BENGALI, MARATHI]) == language


def test_words_that_say_nothing_teach_nothing() -> None:
    assert detect("আমার পার্সেল", [words_of("bn", "... !")]) == ""
    assert detect("Wo bleibt mein Geld?", [words_of("xx", "... !")]) == "de"
