"""The light markup: what lines mean, in text and in HTML, and what a value can never become."""

import re
from datetime import UTC
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox.filters import environment, reply_subject
from outbox.markup import START, as_text, blocks, translate
from outbox.page import shown

TAGS = '</?bdi>|<br>|<span style="white-space:nowrap;">|</span>'
NO_LABELS: dict[tuple[str, str], str] = {}


class Part(NamedTuple):
    """A part of a page, as the layout gets it."""

    kind: str
    direction: str
    content: str
    link: str = ""


def render(source: str, language: str = "en", /, **values: object) -> tuple[str, list[Part]]:
    """The text that a source gives, and the parts of its page."""
    body, errors = translate(source, 1)
    assert not errors
    made = blocks(environment(language, UTC, NO_LABELS, html=False).from_string(body).render(values))
    return as_text(made), [Part(kind, *part) for kind, members in shown(made, language) for part in members]


def test_paragraphs_are_parted_by_an_empty_line_and_keep_their_line_ends() -> None:
    text, page = render("One\ntwo\n\nthree")
    assert text == "One\ntwo\n\nthree\n"
    assert [block.content for block in page] == ["One<br>\ntwo", "three"]


def test_headings_lists_and_quotes_are_seen_by_their_first_characters() -> None:
    text, page = render("# Head\n- a\n- b\n\n> said\n> so")
    assert text == "■ Head\n- a\n- b\n\n> said\n> so\n"
    assert [block.kind for block in page] == ["heading", "item", "item", "quote"]


def test_a_lone_control_line_leaves_nothing_behind() -> None:
    text, page = render(
        "{% for x in xs %}\n- {{ x }}\n{% endfor %}\n{% if no %}\nnever\n{% endif %}\nend", xs="ab", no=0
    )
    assert text == "- a\n- b\n\nend\n"
    assert [block.content for block in page] == ["a", "b", "end"]


def test_a_condition_inside_of_a_line_is_part_of_its_paragraph() -> None:
    assert render("{% if name %}Dear {{ name }},{% else %}Hello,{% endif %}", name="Ann")[0] == "Dear Ann,\n"


def test_a_paragraph_that_comes_out_empty_is_left_out() -> None:
    assert render("a\n\n{{ nothing }}\n\nb", nothing="")[0] == "a\n\nb\n"


def test_a_link_is_written_out_in_text_and_a_mailto_is_not() -> None:
    source = "[Our page](https://example.com/?a=1&b=2)\n\n[Yes](mailto:a@example.com)\n\nBye"
    text, page = render(source)
    assert text == "Our page: https://example.com/?a=1&b=2\n\nBye\n"
    assert [(b.content, b.link) for b in page[:2]] == [
        ("Our page", "https://example.com/?a=1&amp;b=2"),
        ("Yes", "mailto:a@example.com"),
    ]


def test_a_button_takes_its_link_from_a_value_but_never_a_script() -> None:
    source = "{{ good|button('a & b') }}\n{{ bad|button('x') }}"
    _, page = render(source, good='https://example.com/"onclick=', bad="javascript:alert(1)")
    assert page[0] == Part("button", "", "a &amp; b", "https://example.com/&#34;onclick=")
    assert page[1] == Part("paragraph", "", "x", "javascript:alert(1)")


def test_what_the_admin_writes_is_text_in_both_forms() -> None:
    text, page = render("1 < 2 & <b>bold</b>")
    assert text == "1 < 2 & <b>bold</b>\n"
    assert page[0].content == "1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;"


@pytest.mark.parametrize(
    "value", ["# a\n- b\n> c", "[x](https://example.org)", "{{ 7*7 }}{% if x %}", START + "bl", "<b>"]
)
def test_a_value_is_never_read_as_markup_or_as_a_template(value: str) -> None:
    text, page = render("Words: {{ value }}", value=value)
    assert text == f"Words: {value.replace(START, '')}\n"
    assert [block.kind for block in page] == ["paragraph"]
    assert "<" not in page[0].content.replace("<br>", "")


def test_quoted_words_are_marked_line_by_line_and_take_their_own_direction() -> None:
    text, page = render("They wrote: {{ words|quoted }} Indeed.", words="سلام\r\n\r\n<b>\x00")
    assert text == "They wrote:\n\n> سلام\n>\n> <b>\n\nIndeed.\n"
    assert [(b.kind, b.direction, b.content) for b in page] == [
        ("paragraph", "", "They wrote:"),
        (
            "words",
            "rtl",
            '<div dir="rtl" style="text-align:right;">سلام<br>\n<br></div>\n'
            '<div dir="ltr" style="text-align:left;">&lt;b&gt;</div>',
        ),
        ("paragraph", "", "Indeed."),
    ]


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("سلام\nAB-4711 را نفرستادید", 0),
        ("سلام\nhttps://shop.example.com/1\n\nممنون", 1),
        ("Hello\nسلام\nدوباره\nBye", 1),
        ("Hello\nBye", 0),
        ("سلام\n123\n...", 0),
    ],
)
def test_of_words_in_one_direction_only_lines_wholly_in_the_other_one_are_turned(
    words: str, turned: int
) -> None:
    """A line with a word of the text's own direction is a sentence of it, whatever it begins with."""
    _, page = render("{{ words|quoted }}", "fa", words=words)
    against = "ltr" if page[0].direction == "rtl" else "rtl"
    assert page[0].content.count(f'<div dir="{against}"') == turned


def test_prose_becomes_paragraphs_and_only_a_foreign_one_has_a_direction() -> None:
    text, page = render("{{ body|prose }}", "fa", body="سلام\nخط دو\n\n\nHello\n\n123")
    assert text == "سلام\nخط دو\n\n\nHello\n\n123\n"
    assert [(b.direction, b.content) for b in page] == [
        ("", "سلام<br>\nخط دو"),
        ("ltr", "Hello"),
        ("", "123"),
    ]


def test_a_framed_draft_is_shown_exactly() -> None:
    text, page = render("{{ draft|framed }}", draft="Dear Ann,\n\n  - a\n# b\n")
    assert text.split("\n")[1:-2] == ["Dear Ann,", "", "  - a", "# b"]
    assert page == [Part("frame", "ltr", "Dear Ann,<br>\n<br>\n  - a<br>\n# b")]


def test_a_value_is_isolated_where_directions_could_mix() -> None:
    assert render("{{ x|isolated }}", "fa", x="AB 1\n<")[0] == "\u2068AB 1 <\u2069\n"
    assert render("{{ x|isolated }}", "fa", x="AB 1\n<")[1][0].content == "<bdi>AB 1 &lt;</bdi>"
    assert render("{{ x|isolated }}", "fa", x="Re: بسته")[1][0].content == '<bdi dir="rtl">Re: بسته</bdi>'
    assert render("{{ x|isolated }}", "en", x="AB-1")[0] == "AB-1\n"
    assert render("{{ x|isolated }}", "en", x="سارا")[0] == "\u2068سارا\u2069\n"


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("en", "photo (1).jpg (3,120,994 bytes)", "photo (1).jpg (3.1 MB)"),
        ("fa", "عکس.jpg (4,000 bytes)", "\u2068عکس.jpg\u2069 (\u2068۴ کیلوبایت\u2069)"),
        ("fa", "عکس.jpg", "\u2068عکس.jpg\u2069"),
    ],
)
def test_a_files_name_and_its_size_each_run_their_own_way(language: str, name: str, shown: str) -> None:
    assert render("{{ x|file }}", language, x=name)[0] == f"{shown}\n"


def test_an_isolate_is_an_element_on_the_page_but_in_words_of_others_it_stays_as_they_wrote_it() -> None:
    said = "a \u2068b\u2069"
    _, page = render("{{ x }}\n\n{{ x|quoted }}\n{{ x|framed }}\n{{ x|prose }}", x=said)
    assert [part.content for part in page] == ["a <bdi>b</bdi>", said, said, said]


@pytest.mark.parametrize("broken", ["\u2068a", "a\u2069", "\u2069a\u2068", "\u2068a \u2067b"])
def test_half_an_isolate_makes_no_element(broken: str) -> None:
    assert render("{{ x }}", x=broken)[1][0].content == broken


@pytest.mark.parametrize("filters", ["safe", "e", "forceescape"])
def test_no_filter_lets_a_value_be_read_as_html(filters: str) -> None:
    text, page = render(f"{{{{ x|{filters} }}}}", x="<b>")
    assert (text, page[0].content) == ("<b>\n", "&lt;b&gt;")


def test_items_and_buttons_that_stand_together_are_one_group() -> None:
    body, _ = translate("- a\n- b\n\nc\n- d\n[x](https://x.example)\n[y](https://y.example)", 1)
    kinds = [(kind, len(parts)) for kind, parts in shown(blocks(body), "en")]
    assert kinds == [("item", 2), ("paragraph", 1), ("item", 1), ("button", 2)]


def test_nothing_is_shown_as_nothing() -> None:
    assert render("a{{ x }}b", x=None)[0] == "ab\n"


@pytest.mark.parametrize(
    ("source", "line", "column", "says"),
    [
        ("a\n{{ name", 2, 1, "not closed"),
        ("x {% if a\n", 1, 3, "not closed"),
        ("x }} y", 1, 3, "closes nothing"),
        ("a\tb", 1, 2, "tab"),
        ("[x](javascript:y)", 1, 5, "https"),
    ],
)
def test_a_line_that_cannot_be_read_has_a_place_and_advice(
    source: str, line: int, column: int, says: str
) -> None:
    (error,) = translate(source, 1)[1]
    assert (error.line, error.column) == (line, column)
    assert says in error.message


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Parcel", "Re: Parcel"),
        ("RE: Fwd: re[2]: Parcel", "Re: Parcel"),
        ("پاسخ: بسته", "Re: بسته"),
        ("השב: חבילה", "Re: חבילה"),
        ("Reminder: Parcel", "Re: Reminder: Parcel"),
        ("a\r\nBcc: b", "Re: a Bcc: b"),
    ],
)
def test_an_answer_has_one_mark_of_a_reply(subject: str, expected: str) -> None:
    assert reply_subject(subject) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Order AB-4711.", ["AB-4711"]),
        ("call 021-555-1234, from 9-17", ["021-555-1234", "9-17"]),
        ("(2026-11-25)", ["2026-11-25"]),
        ("\u2068AB-4711\u2069", ["AB-4711"]),
        ("two-day well-known", []),
        ("https://shop.example/AB-4711 a@b-2.example b-2.example", []),
        ("AB-4711-of-a-length-that-no-phone-shows", []),
        ("a &lt;b-1&gt;", []),
    ],
)
def test_a_number_of_several_parts_is_never_broken(text: str, kept: list[str]) -> None:
    for source in ("{{ x }}", "{{ x|prose }}", "{{ x|quoted }}"):
        content = render(source, "fa", x=text)[1][0].content
        assert re.findall(r"nowrap;\">(.*?)</span>", content) == kept


@given(st.text(), st.sampled_from(["en", "fa"]))
def test_no_value_ever_makes_a_block_or_a_tag(value: str, language: str) -> None:
    _, page = render(
        "A {{ v }}.\n\n{{ v|quoted }}\n{{ v|framed }}\n\nEnd {{ v|isolated }}", language, v=value
    )
    kinds = [block.kind for block in page]
    assert (kinds[0], kinds[-1]) == ("paragraph", "paragraph")
    assert set(kinds[1:-1]) <= {"words", "frame"}
    assert len(kinds) <= 4
    content = "".join(block.content for block in page)
    assert content.count("<bdi") == content.count("</bdi>")
    assert "<" not in re.sub(TAGS, "", content)
