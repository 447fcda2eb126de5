"""HTML as text: what a reader would see, and what of it the sender wrote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.html import to_own_text, to_text, to_texts
from tests.reading import soon


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>two</b></p><p>three</p>", "One two\n\nthree"),
        ("<h1>A</h1>b<h2>c</h2>", "A\n\nb\n\nc"),
        ("<div>One</div><div><br></div><div>two<br>three</div>", "One\n\ntwo\nthree"),
        ("<div>one</div>two<div>three</div>", "one\ntwo\nthree"),
        ("Hello,<br><br>it broke.<br><br><br><br>Ann<br>", "Hello,\n\nit broke.\n\nAnn"),
        ("<p>a</p><p></p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        ("a<hr>b", "a\n\nb"),
        ("a\n  b\t<b>c </b> d", "a b c d"),
        ("a<span> </span>b", "a b"),
        ("<center>a</center>b", "a\nb"),
        ("<q>Never</q> again", "“Never” again"),
        ("4 m<sup>2</sup>, 19<sup>99</sup>, 1<sup>st</sup>, CO<sub>2</sub>", "4 m², 19⁹⁹, 1st, CO₂"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字", "漢(kan)字"),
        ("<p dir=rtl>\u200fשלום\u200f</p>", "\u200fשלום\u200f"),
        (
            "<button>Pay</button> <input value=x><select><option>one</select><textarea>t</textarea>now",
            "Pay now",
        ),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "a\n\nb\n\nc"),
        ("", ""),
    ],
)
def test_html_reads_as_lines_and_paragraphs(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n  - c"),
        ("<ol><li>a<ol><li>b</ol><li>c</ol>", "1. a\n  1. b\n2. c"),
        ("<ol start=3 type=a><li>x<li>y<li value=9>z</ol>", "c. x\nd. y\ni. z"),
        ("<ol type=I start=4><li>x<li>y</ol>", "IV. x\nV. y"),
        ("<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>d", "- a\n- b\nc\n\nd"),
        ("<ul><li>a</ul>b<ul><li></li><li>c</ul>", "- a\n\nb\n\n- c"),
        ("<dl><dt>Lamp<dd>broken<dt>Chair<dd>fine</dl>", "Lamp\n  broken\nChair\n  fine"),
        ("<li>alone", "- alone"),
    ],
)
def test_lists_have_their_bullets_and_numbers(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://x.example/1">Track</a> it', "Track (https://x.example/1) it"),
        ('<a href="https://www.x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@x.example?subject=y">Ann</a>', "Ann (a@x.example)"),
        ('<a href="mailto:a@x.example">Ann &lt;a@x.example&gt;</a>', "Ann <a@x.example>"),
        (
            '<a href="tel:+49%2030%20123">+49 (30) 123</a>, <a href="tel:123">call</a>',
            "+49 (30) 123, call (123)",
        ),
        ('<a href="javascript:alert(1)">click</a> <a href="#top">up</a> <a name=x>here</a>', "click up here"),
        ('<a href="https://x.example/1"><img src=x alt=Logo></a>', "[Logo] (https://x.example/1)"),
        ('<a href="https://x.example/1"><img src=x></a>after', "after"),
        ('<a href="https://x.example/"><div>Big</div></a>next', "Big (https://x.example/)\nnext"),
        (
            '<a href="https://x.example/1">a<a href="https://x.example/2">b</a>',
            "a (https://x.example/1)b (https://x.example/2)",
        ),
        (
            '<a href="https://wrapped.example/?url=x" originalsrc="https://real.example/a">it</a>',
            "it (https://real.example/a)",
        ),
        ("<a href=https://x.example/>bare</a>", "bare (https://x.example/)"),
        ('<img src="x" alt="broken lamp"><img alt="pixel" width="1" height="1">', "[broken lamp]"),
        ('Thanks <img src="s.png" alt="😀"> <img alt=":-)"> <img alt="">', "Thanks 😀 :-)"),
    ],
)
def test_links_and_images_say_where_they_lead_and_what_they_show(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<table><tr><th>No</th><td>7</td></tr><tr><td></td><td>8</td></tr></table>", "No | 7\n8"),
        (
            "<table border=1><tr><th>Item<th>Price<tr><td>Lamp<td>10<tr><td colspan=2>Total</table>",
            "Item | Price\nLamp | 10\nTotal",
        ),
        ("<table><tr><td><p>One</p><p>Two</p></td><td>Three</td></tr></table>", "One\n\nTwo\n\nThree"),
        ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
        (
            (
                "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr>"
                "<tr><td>d</table>"
            ),
            "a | b | c\nd",
        ),
        (
            (
                "<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td><td>"
                "c</td></tr></table>"
            ),
            "a\nb\n\nc",
        ),
        (
            "<table><tr><td>" + "long " * 30 + "<td>" + "words " * 30 + "</table>",
            ("long " * 30).strip() + "\n" + ("words " * 30).strip(),
        ),
        ("<table><tr><td>one</td></tr><tr><td>&nbsp;</td></tr><tr><td>two</td></tr></table>", "one\ntwo"),
        (
            (
                "<table class=MsoTableGrid><tr><td><p class=MsoNormal>Item</p></td><td><p "
                "class=MsoNormal>10</p></td></tr></table>"
            ),
            "Item | 10",
        ),
        ("x<table><td>a<td>b<tr><td>c</table>y", "x\n\na | b\nc\n\ny"),
        ("<td>a<td>b", "a\nb"),
        ("<table><caption>Orders</caption><thead><tr><th>No<tbody><tr><td>1</table>", "Orders\nNo\n1"),
    ],
)
def test_tables_read_as_rows_and_layout_as_lines(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
        ('<div style="white-space: pre-wrap">a\n  b</div>c\nd', "a\n  b\nc d"),
        ('<div style="white-space:pre-line">a\n  b</div>', "a\nb"),
        ('<pre style="white-space:normal">a\nb</pre>', "a b"),
        ("a<wbr>b co&shy;operate zero\u200bwidth", "ab cooperate zerowidth"),
        ("a&nbsp;&amp;&nbsp;b &lt;c&gt; &eacute; &eacute &bogus; AT&T", "a & b <c> é é &bogus; AT&T"),
        ("<b>&#146;x&#8217; &#x80; &#99999999999; &#" + "9" * 5000 + ";</b>", "’x’ € � �"),
        ("می\u200cخواهم <b>👩\u200d💻</b>", "می\u200cخواهم 👩\u200d💻"),
        ("<div>-- <br>Ann</div>", "-- \nAnn"),
    ],
)
def test_white_space_and_entities_read_as_they_are_shown(html: str, text: str) -> None:
    assert to_text(html) == text


BULLET = (
    "<![if !supportLists]><span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>"
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            (
                "<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal>b</p><p class=MsoNormal>"
                "<o:p>&nbsp;</o:p></p><p class=MsoNormal>c</p>"
            ),
            "a\nb\n\nc",
        ),
        (
            (
                "<style>p.MsoNormal {margin:0cm; margin-bottom:8.0pt}</style><p class=MsoNormal>"
                "a</p><p class=MsoNormal>b</p>"
            ),
            "a\n\nb",
        ),
        (
            (
                f"<p class=MsoListParagraph>{BULLET.format('·')}First</p><p class=MsoListParagraph>"
                f"{BULLET.format('2.')}Second</p>"
            ),
            "- First\n2. Second",
        ),
        (
            "<!--[if mso]><p>Outlook only</p><![endif]--><!--[if !mso]><!--><p>others</p><!--<![endif]-->",
            "others",
        ),
        ("<![if !vml]><b>seen</b><![endif]>", "seen"),
        ("<style>P {margin-top:0;margin-bottom:0;}</style><p>a</p><p>b</p><p><br></p><p>c</p>", "a\nb\n\nc"),
        ('<p style="margin:0cm 0cm 0.0001pt">a</p><p style="margin:0">b</p><p>c</p>', "a\nb\n\nc"),
        (
            (
                '<b id="docs-internal-guid-1" style="font-weight:normal"><p dir="ltr" '
                'style="line-height:1.38;margin-top:0pt;margin-bottom:0pt"><span '
                'style="white-space:pre-wrap">One</span></p><br><ul style="margin:0"><li dir="ltr">'
                '<p dir="ltr" style="margin-top:0pt;margin-bottom:0pt"><span>two</span></p></li>'
                "</ul></b>"
            ),
            "One\n\n- two",
        ),
        ('<div dir="auto">Hi<div dir="auto"><br></div><div dir="auto">there</div></div>', "Hi\n\nthere"),
        ("<p>a&nbsp;</p><div>&nbsp;</div><div>b</div>", "a\n\nb"),
    ],
)
def test_mail_programs_paragraphs_and_bullets_become_lines(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("no tags at all,\nin two lines &amp; more", "no tags at all,\nin two lines & more"),
        ("a < b and <b>c</b> > d <3", "a < b and c > d <3"),
        (
            "From Ann <ann@x.example> at <http://x.example/1> <b>now</b>",
            "From Ann <ann@x.example> at <http://x.example/1> now",
        ),
        ('<img alt="a > b" src="x">after', "[a > b]after"),
        ("<p>a <b>b <i>c</b> d</i> e</p></div></span>f", "a b c d e\n\nf"),
        ("<P>UP<BR>PER</P><TABLE><TR><TD>x</TD></TR></TABLE>", "UP\nPER\n\nx"),
        ("<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'><head><title/></head><p>a<p/>b", "a\n\nb"),
        ("<p>one<![CDATA[ < two ]]></p>", "one < two"),
        ("<p>text <!-- never closed <b>bold</b>", "text bold"),
        ("<!-- <p>x</p> -->y<!---->z<!-->!", "yz!"),
        ("<title>never closed<p>words", "never closed\n\nwords"),
        ("<style>p{color:red}<p>words", "words"),
        ("<script>if (a < b) { write('</p>') }</script><p>words", "words"),
        ("<p>kept</p><a href='http://cut.exam", "kept"),
        ("<p>kept</p></di", "kept"),
        ("<p>size</p> <M", "size\n\n<M"),
        ('<a href="never closed>one</a> <b>two</b>', "one two"),
        ("<html><body><p>a</p></body></html><html><body>second</body></html>", "a\n\nsecond"),
        (
            "before<html><body>inside</body></html>\n\n--\nadded below\nby a gateway\n",
            "before\ninside\n\n--\nadded below\nby a gateway",
        ),
        ("<div>a<div>b<p>c", "a\nb\n\nc"),
        ("<ann@x.example> wrote <b>x</b>", "<ann@x.example> wrote x"),
        ("<a b='>' <c", "' <c"),
        ("</ x <b>y</> <!z><?w>", "</ x y"),
        ("<!-", "<!-"),
        ('<p title="' + "x" * 100_000 + '">a<p ' + "y " * 50_000 + ">b", "a\n\nb"),
        ("<font size=1>" * 60 + "deep<p style='display:none'>no</p>", "deep"),
        ("<div>" * 50_000 + "lost &amp; found" + "<b>x", "lost & foundx"),
        ("<div>" * 100_000 + "lost &amp; found" + "<b>x", "lost & found\nx"),
        ("<p>a\x00b", "ab"),
        ("&lt;p&gt;", "<p>"),
    ],
)
def test_broken_html_loses_no_words(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>no</p>",
        "<p style='Display : NONE'>no</p>",
        '<p style="font-family:&quot;A B&quot;;display:none!important">no</p>',
        "<p style='visibility:hidden'>no</p>",
        "<p style='opacity: 0.0'>no</p>",
        "<p style='font-size:0px'>no</p>",
        "<p style='font-size:1px;line-height:1px'>no</p>",
        "<p style='font:0/0 a'>no</p>",
        "<div style='max-height:0;overflow:hidden'>no</div>",
        "<div style='height:1px;width:1px;overflow:hidden'>no</div>",
        "<div style='text-indent:-9999px'>no</div>",
        "<div style='position:absolute;left:-9999px'>no</div>",
        "<div style='position:absolute;clip:rect(0 0 0 0)'>no</div>",
        "<p style='color:#FFF;background-color: white'>no</p>",
        "<p style='color:rgb(255, 255, 255)' bgcolor=#ffffff>no</p>",
        "<div style='background:#fff'><font color=white>no</font></div>",
        "<style>.preheader{display:none}</style><div class='x preheader'>no</div>",
        (
            "<style>@import url(x); div#pre.a, .b { max-height:0; overflow:hidden }</style><div "
            "id=pre class=a>no</div>"
        ),
        "<title>no</title><style>no</style><script>no</script><!-- no --><template>no</template>",
        "<noscript>no</noscript>",
        "<svg><text>no</text></svg><object>no</object>",
        "<img src=x alt=no width=1 height=1>",
        "<img src=x alt=no style='display:none'>",
        "&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;&#847; &#847; &#847; \u200b\u200b&#8199;&#65279;",
    ],
)
def test_what_nobody_sees_is_left_out(hidden: str) -> None:
    assert to_text(f"<b>seen</b> {hidden} <i>too</i>").split() == ["seen", "too"]


@pytest.mark.parametrize(
    "shown",
    [
        "<p style='font-size:0.9em'>yes</p>",
        "<td style='font-size:0px'><div style='font-size:13px'>yes</div></td>",
        "<style>.t{font-size:13px}</style><td style='font-size:0px'><div class=t>yes</div></td>",
        (
            "<style>@media (max-width:480px){.t{display:none}} @media "
            "(prefers-color-scheme:dark){.t{display:none}}</style><p class=t>yes</p>"
        ),
        "<style>u + .body .t{display:none} [data-ogsc] .t{display:none}</style><p class=t>yes</p>",
        "<style>.t{display:none}</style><p class=t style='display:block'>yes</p>",
        "<p style='opacity:0.5'>yes</p>",
        "<a style='mso-hide:all'>yes</a>",
        "<td style='max-width:0;overflow:hidden;text-overflow:ellipsis'>yes</td>",
        "<div style='height:100%;overflow:hidden'>yes</div>",
        "<p style='text-indent:-18.0pt'>yes</p>",
        "<div style='background:#fff'><table bgcolor=black><tr><td style='color:#fff'>yes</table></div>",
        "<div style='background:#fff'><p style='color:#fff;background:url(dark.png)'>yes</p></div>",
        (
            "<style>.h td{background:#000}</style><div style='background:#fff'><table class=h><td "
            "style='color:#fff'>yes</table></div>"
        ),
        "<div style='color:white'>yes</div>",
        "<div aria-hidden=true>yes</div>",
        "<noscript>yes</noscript>",
        "<div style='font-size:0'>yes</div>",
        "<p class='hidden' id=hidden>yes</p>",
    ],
)
def test_what_only_looks_hidden_is_read(shown: str) -> None:
    assert to_text(shown) == "yes"


ATTRIBUTION = "On Mon, Mar 2, 2026 at 9:30 AM Firm &lt;care@firm.example&gt; wrote:"


@pytest.mark.parametrize(
    ("html", "own"),
    [
        ('New.<div class="yahoo_quoted">old</div>', "New."),
        ('New.<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">x</div>old', "New."),
        ('New.<hr tabindex="-1" style="display:inline-block; width:98%"><b>Von:</b> x<br>old', "New."),
        (
            '<p>New.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">From: x</div><p>old</p>',
            "New.",
        ),
        (
            f'New.<div>{ATTRIBUTION}</div><blockquote type="cite">old</blockquote>Below.',
            "New.\n\n> old\n\nBelow.",
        ),
        (
            '<p class="moz-cite-prefix">Irgendwer:</p><blockquote type=cite>old</blockquote>Below.',
            "> old\n\nBelow.",
        ),
        (
            (
                f'New.<div class="gmail_quote">{ATTRIBUTION}<br><blockquote class="gmail_quote">'
                "old</blockquote>Below.</div>"
            ),
            "New.\n\n> old\n\nBelow.",
        ),
        (
            (
                '<div class="gmail_quote"><blockquote class="gmail_quote">a</blockquote>'
                'one<blockquote class="gmail_quote">b</blockquote>two</div>'
            ),
            "> a\n\none\n\n> b\n\ntwo",
        ),
        (
            "New.<blockquote type=cite>a<blockquote type=cite>b</blockquote></blockquote>",
            "New.\n\n> a\n\n>> b",
        ),
        ("New.<blockquote style='border-left:2px solid blue'>old</blockquote>", "New.\n\n> old"),
        (
            (
                "New.<div style='border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm "
                "4.0pt'><p>From: x<p>Sent: y<p>old</div>"
            ),
            "New.",
        ),
        (
            'New.<div class="x_gmail_quote"><blockquote class="x_gmail_quote">old</blockquote></div>',
            "New.\n\n> old",
        ),
        ('New.<div id="m_-12345divRplyFwdMsg">x</div>old', "New."),
    ],
)
def test_what_mail_programs_mark_as_quoted_is_told_apart(html: str, own: str) -> None:
    assert to_own_text(html) == own


@pytest.mark.parametrize(
    "html",
    [
        "<p>They say:</p><blockquote>no refunds</blockquote><p>That is wrong.</p>",
        "<p>They say:</p><blockquote>no refunds</blockquote>",
        "<p>A</p><blockquote style='border-left:2px solid'>no refunds</blockquote><p>B</p>",
        (
            "<p>A</p><div style='border-top:solid 1px #E1E1E1;padding:3px'><p>Order: 1</p><p>Name: "
            "Ann</p></div><p>B</p>"
        ),
        (
            "<p>A</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in "
            "0in'><p>My story</p></div><p>B</p>"
        ),
        "<p>A</p><hr><p><b>Product:</b> lamp</p><p><b>Order:</b> 1</p>",
        "<p>A</p><div id='signature-problem'>B</div><div class='quote'>C</div><div id='original'>D</div>",
        "<p>A</p><div id='signature'>" + "It was not me who signed. " * 100 + "</div>",
        "<p>A</p><div style='background:#efefef;padding:8px'>a grey box of my own</div><p>B</p>",
    ],
)
def test_a_customers_own_words_are_no_quote(html: str) -> None:
    assert to_own_text(html) == to_text(html)


SIGNATURE = '<div class="gmail_signature" data-smartmail="gmail_signature">Ann Bee</div>'


def test_a_marked_signature_is_no_part_of_the_own_text_but_of_the_whole() -> None:
    html = f"Where is it?<br><br>-- <br>{SIGNATURE}"
    assert to_own_text(html) == "Where is it?"
    assert to_text(html).endswith("Ann Bee")


def test_a_signature_is_kept_when_nothing_else_is_left() -> None:
    assert to_own_text(SIGNATURE) == "Ann Bee"
    assert to_own_text(f"{SIGNATURE}<blockquote type=cite>old</blockquote>") == "Ann Bee\n\n> old"


def test_a_letter_written_into_a_signature_is_no_signature() -> None:
    letter = "I still wait for my money. " * 100
    assert letter.strip() in to_own_text(f'Hello<div id="AppleMailSignature">{letter}</div>')
    kept = to_own_text('A<div class="gmail_signature">B<blockquote type=cite>old</blockquote></div>')
    assert kept == "A\nB\n\n> old"


def test_a_line_of_the_senders_is_not_taken_for_the_introduction_that_the_quote_holds_itself() -> None:
    html = f"Order of 02.03.2026, 09:30:<blockquote type=cite>{ATTRIBUTION}<br>old</blockquote>"
    assert to_own_text(html).startswith("Order of 02.03.2026, 09:30:")


def test_what_follows_a_quote_with_a_mark_inside_is_not_cut_with_it() -> None:
    html = "<blockquote type=cite>a<div id=divRplyFwdMsg>b</div></blockquote>Under."
    assert to_own_text(html).endswith("Under.")


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>All of it.</blockquote>",
        '<blockquote type="cite">All of it.</blockquote>',
        '<div class="gmail_quote">---------- Forwarded message ---------<br>From: x<br><br>All of it.</div>',
        '<div id="divRplyFwdMsg">From: x</div>All of it.',
    ],
)
def test_html_that_is_only_a_quote_is_kept_whole(html: str) -> None:
    assert to_own_text(html) == to_text(html)
    assert "All of it." in to_own_text(html)


def test_both_texts_at_once_are_the_same_as_each() -> None:
    html = (
        f"<p>New.</p><div class=gmail_quote>{ATTRIBUTION}<blockquote class=gmail_quote>old</blockquote></div>"
    )
    assert to_texts(html) == (to_text(html), to_own_text(html))


MEGABYTE = {
    "deep blocks": "<div>" * 200_000,
    "deep links": "<a href=x>" * 100_000,
    "deep formatting": "<b>" * 300_000,
    "deep links around one long text": "<a href=http://x.example><table><td>" * 2000 + "x" * 900_000,
    "deep tables": "<table><tr><td>x<td>" * 50_000,
    "deep quotes": "<blockquote type=cite>q" * 45_000,
    "deep containers": "<div class=gmail_quote>" * 43_000,
    "containers and introductions": "<div class=gmail_quote><div class=gmail_attr>a</div>" * 20_000
    + "<blockquote type=cite>",
    "deep signatures": "<div class=gmail_signature>x" * 38_000,
    "deep lists": "<ul><li>x" * 110_000,
    "many siblings": "<p>x" * 250_000,
    "many quotes": "On 1.1.2020 12:00 a@b:<blockquote>q</blockquote>" * 20_000,
    "end tags of nothing": "<span><div>" + "<x>" * 100_000 + "</span>" * 80_000,
    "crossed tags": "<a><div>" * 50_000 + "</a>" * 100_000,
    "crossed links": "<a>" + "<div>" * 50_000 + "</a><a>" * 90_000,
    "unclosed tags": "<a " * 330_000,
    "unclosed quotes": '<a b="' * 160_000 + ">",
    "quoted brackets": '<a c=">" ' * 110_000 + ">",
    "unclosed comments": "<!--" * 250_000,
    "unclosed sections": "<![CDATA[" * 110_000,
    "unclosed scripts": "<script></scrip" * 66_000,
    "brackets": "<" * 1_000_000,
    "attributes": "<p " + "a=b " * 250_000 + ">x",
    "spaces in a tag": "<p a" + " " * 1_000_000 + "=b>x",
    "entities": "<p>" + "&amp" * 200_000 + "&#" + "9" * 200_000,
    "rules": "<style>" + "".join(f".c{n}{{display:none}}" for n in range(50_000)) + "</style><p class=c1>x",
    "rules for nodes": "<style>"
    + ".c.d{display:none}" * 25_000
    + "</style>"
    + "".join(f"<p class=c a={n}>" for n in range(20_000)),
    "braces": "<style>" + "a{b" * 300_000 + "</style>",
    "classes": "<style>.c{display:none}</style><p class='" + "a " * 490_000 + "'>x",
    "styles": "".join(f'<p style="font-size:{n}px;color:#{n:06x}">x' for n in range(26_000)),
    "spaces": "<p>" + " " * 500_000 + "&nbsp;" * 80_000 + "x",
    "invisible letters": "<b>" + "\u200c  " * 300_000,
    "lines": "<pre>" + "\n" * 500_000 + " x\n" * 150_000,
}


@pytest.mark.parametrize("html", MEGABYTE.values(), ids=MEGABYTE)
def test_a_megabyte_of_any_html_is_read_in_a_moment(html: str) -> None:
    with soon():
        to_texts(html)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/abpdivtrulqote=\"' \n&;!-"), max_size=200))
def test_no_html_raises(html: str) -> None:
    to_text(html)
    to_own_text(html)


PIECES = (
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "</td>",
    "<a href='http://x.example'>",
    "</a>",
    "<ul>",
    "<li>",
    "</ul>",
    "<blockquote>",
    "<blockquote type=cite>",
    "</blockquote>",
    "<br>",
    "<pre>",
    "</pre>",
    "&nbsp;",
    "<div class=gmail_quote>",
    "<div class=gmail_attr>",
    "<div id=divRplyFwdMsg>",
    "<div class=gmail_signature>",
    "<span style='display:none'>",
    "<span style='font-size:0'>",
    "</span>",
    "<style>p{margin:0}</style>",
    "<!--",
    "-->",
    "<hr>",
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>",
    "word ",
    "From: a@b ",
    "\n",
    "<",
    ">",
    "<html>",
    "</html>",
    "<q>",
    "<br id=lineBreakAtBeginningOfSignature>",
    "<sup>2</sup>",
    "<ruby>",
    "<rt>",
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_order_of_tags_raises_or_leaves_a_sign_of_ours(html: str) -> None:
    for text in to_texts(html):
        assert not {"\x00", "\x01"} & set(text)
