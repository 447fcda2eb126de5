"""The letters: the shipped ones in four languages, how they fall back, and what a wrong edit is told."""

import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.about import FactValues
from language.dates import day
from language.direction import direction, first_strong, subject_line
from language.problem import Problem
from outbox.kinds import ADMIN, AGENT, kind_of
from outbox.letters import Letters, Rendered, stand_ins
from outbox.sentences import SENTENCES
from outbox.variables import LETTERS, samples

TEMPLATES = Path(__file__).parent.parent / "templates"
LANGUAGES = ("ar", "en", "fa", "he")
OF_CUSTOMERS = (*LANGUAGES, "de")
"""With those that no letter to agents is written in."""
CUSTOMER_LETTERS = ("ack_complaint", "ack_question", "ack_praise", "answer", "check_in", "check_in_reminder")
ANSWERS = tuple(sorted(f"answer/{path.stem}" for path in (TEMPLATES / "en" / "answer").glob("*.md")))
NAMES = {"en": "Ann Example", "fa": "سارا احمدی", "he": "דנה לוי", "ar": "ليلى حسن", "de": "Jana Beispiel"}
VOID = {"meta", "br"}


def load(folder: Path = TEMPLATES) -> Letters:
    letters, problems = Letters.load(folder, ZoneInfo("Asia/Tehran"))
    assert problems == []
    assert letters is not None
    return letters


SHIPPED = load()


def render(letter: str, language: str, /, **values: object) -> Rendered:
    return SHIPPED.render(letter, language, samples(letter)[0] | values)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped templates that a test may spoil."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """The same of one language, for mistakes that are found in each by itself."""
    others = shutil.ignore_patterns(*(one for one in OF_CUSTOMERS if one != "en"))
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates", ignore=others))


def problems_after(folder: Path, file: str, text: str) -> list[Problem]:
    (folder / file).write_text(text, encoding="utf-8")
    letters, problems = Letters.load(folder)
    assert letters is None
    return problems


class Page(HTMLParser):
    """What stands in an HTML letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_written_in_each_shipped_language(language: str) -> None:
    assert [name for name in (*LETTERS, *ANSWERS) if not SHIPPED.has(name, language)] == []
    assert language in SHIPPED.languages()


def test_every_letter_that_customers_read_is_written_in_german() -> None:
    ours = {*(one for one in LETTERS if kind_of(one) not in (AGENT, ADMIN)), *ANSWERS}
    assert [name for name in sorted(ours) if not SHIPPED.has(name, "de")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("full", [True, False])
def test_every_letter_is_sound_in_text_and_html(letter: str, language: str, full: bool) -> None:
    made = SHIPPED.render(letter, language, samples(letter)[0 if full else 1])
    assert made.language == language
    assert made.text.endswith("\n")
    assert not re.search(r"\n{4}|\{\{|\{%|[\x00-\x09\x0b-\x1f]|None| ,|  +\S", made.text)
    if letter.startswith("answer/"):
        assert (made.subject, made.html) == ("", "")
        return
    assert made.subject
    assert not re.search("[\r\n\u202a-\u202e]", made.subject)
    assert made.subject == subject_line(made.subject)
    assert language != "en" or "\u2068" not in made.subject, "nothing in it runs the other way"
    page = Page(made.html)
    assert page.open == []
    root = dict(page.tags)["html"]
    assert (root["lang"], root["dir"]) == (language, direction(language))
    assert len(made.html.encode()) < 100_000
    assert not any(name in attrs for _, attrs in page.tags for name in ("src", "onclick", "class"))
    assert not re.search(r"<(script|img|link|style|iframe)|url\(", made.html)


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", CUSTOMER_LETTERS)
def test_every_customer_letter_carries_the_case_number_in_the_digits_of_its_language(
    letter: str, language: str
) -> None:
    number = {"fa": "۱۰۴۲", "ar": "١٠٤٢"}.get(language, "1042")
    made = render(letter, language)
    assert number in made.subject
    if not letter.startswith("check_in"):
        assert number in made.text
        assert number in made.html


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", [*CUSTOMER_LETTERS, *ANSWERS])
def test_text_of_a_customer_letter_begins_in_the_direction_of_its_language(
    letter: str, language: str
) -> None:
    body = SHIPPED.render("answer/late", language, samples("answer/late")[0]).text
    made = render(letter, language, **({"body": body} if letter == "answer" else {}), name=NAMES[language])
    assert first_strong(made.text) == direction(language)


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", [*CUSTOMER_LETTERS, *ANSWERS])
def test_customers_are_not_cheered_at(letter: str, language: str) -> None:
    made = render(letter, language)
    assert "!" not in made.text
    assert not re.search("[\U0001f000-\U0001faff\u2600-\u27bf]", made.text)


SORRY = {
    "en": "sorry|apolog|regret",
    "fa": "عذر|متأسف|پوزش|ببخشید",
    "he": "מצטער|מתנצל|סליחה",
    "ar": "نعتذر|عذر|آسف",
    "de": "leid|[Ee]ntschuldig|bedauer",
}
UNAPOLOGETIC = ("answer/praise", "answer/question", "answer/follow_up")
"""A further mail can belong to praise or a question as well, so its answer does not apologise."""
OF_NEWS = tuple(f"answer/{name}" for name in ("promise_made", "promise_kept", "fixed", "commitment_done"))
"""They say what will be or was done; the apology was in the answer before them."""
APOLOGETIC = tuple(one for one in ANSWERS if one not in (*UNAPOLOGETIC, *OF_NEWS, "answer/details"))
WITHOUT_DEADLINE = (
    *OF_NEWS,
    *(f"answer/{name}" for name in ("praise", "promise_delayed", "compensation", "resolution", "final")),
)
"""They name another day, or none."""


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", ["ack_praise", "ack_question", *UNAPOLOGETIC])
def test_praise_and_questions_are_never_apologised_for(letter: str, language: str) -> None:
    for kind in ("praise", "question"):
        assert not re.search(SORRY[language], render(letter, language, kind=kind).text)


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", ["ack_complaint", *APOLOGETIC])
def test_a_complaint_is_apologised_for_without_an_if_or_a_you(letter: str, language: str) -> None:
    ours = {"fault": "ours"} if letter in ANSWERS else {}
    text = render(letter, language, kind="complaint", **ours).text
    assert re.search(SORRY[language], text)
    assert not re.search("sorry (if|that you (feel|experience|had))|any inconvenience", text)


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", ANSWERS)
@pytest.mark.parametrize("full", [True, False])
def test_an_answer_can_be_approved_as_it_stands(letter: str, language: str, full: bool) -> None:
    made = SHIPPED.render(letter, language, samples(letter)[0 if full else 1])
    assert made.language == language
    assert not re.search(r"[\[\]]|\{|\}|None|…|\.\.", made.text)
    # Greeting, thanks, at least a plan, thanks again with who to turn to, and who signs.
    assert len(made.text.split("\n\n")) >= 5


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", [one for one in ANSWERS if one not in WITHOUT_DEADLINE])
def test_an_answer_says_by_which_day_the_customer_hears_more(letter: str, language: str) -> None:
    deadline = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
    shown = day(deadline, language, ZoneInfo("Asia/Tehran"))
    told = {"days": None, "facts": FactValues(), "promises": (), "score": None}
    assert render(letter, language, deadline=deadline, **told).text.count(shown) == 1
    assert not re.search(r"[0-9۰-۹٠-٩]", render(letter, language, deadline=None, **told).text)


@pytest.mark.parametrize("language", OF_CUSTOMERS)
@pytest.mark.parametrize("letter", ANSWERS)
def test_an_answer_names_its_agent_as_the_one_to_turn_to(letter: str, language: str) -> None:
    assert render(letter, language, agent_name="Zed").text.count("Zed") >= 2


def test_the_acknowledgement_says_who_answers_and_by_when() -> None:
    made = render(
        "ack_complaint",
        "fa",
        deadline=datetime(2026, 11, 22, 21, 30, tzinfo=UTC),
        days=None,
        agent_name="مینا",
    )
    assert "مینا" in made.text
    assert "دوشنبه ۲ آذر ۱۴۰۵" in made.text


def test_a_customer_without_a_name_or_subject_is_greeted_all_the_same() -> None:
    made = SHIPPED.render("ack_complaint", "en", {"number": 7, "firm": "Example Shop"})
    assert made.subject == "We have your complaint (case 7)"
    assert made.text.startswith("Hello,\n\nThank you")


def test_latin_names_are_isolated_in_right_to_left_letters_and_their_subjects() -> None:
    made = render("ack_complaint", "he", subject="AB-1 (late)")
    assert "שלום \u2068Ann Example\u2069," in made.text
    assert "<bdi>Ann Example</bdi>" in made.html
    assert made.subject == "Re: \u2068AB-1 (late)\u2069 (פנייה 1042)"


@pytest.mark.parametrize(
    ("language", "subject", "expected"),
    [
        ("fa", "بسته‌ام نرسید", "Re: بسته‌ام نرسید (پروندهٔ ۱۰۴۲)"),
        ("fa", "Re: fwd: Parcel (2)", "Re: \u2068Parcel (2)\u2069 (پروندهٔ ۱۰۴۲)"),
        ("he", "7 / 3", "Re: 7 / 3 (פנייה 1042)"),
        ("en", "بسته", "Re: \u2068بسته\u2069 (case 1042)"),
        ("en", "\u2067\u202e\u2066بسته", "Re: \u2068بسته\u2069 (case 1042)"),
        ("en", "\u2067late\u2069", "Re: late (case 1042)"),
    ],
)
def test_what_runs_the_other_way_in_a_subject_is_isolated_and_customers_isolate_nothing(
    language: str, subject: str, expected: str
) -> None:
    assert render("ack_complaint", language, subject=subject).subject == expected


def test_an_agents_subject_keeps_the_number_of_the_case_as_programs_look_for_it() -> None:
    made = render("agent_draft", "fa", customer_name="Ann (Sales) \u2067")
    assert made.subject.startswith("[#1042] ")
    assert "\u2068Ann (Sales)\u2069 – " in made.subject


@given(st.text("ab אב()#1\u2066\u2067\u2068\u2069\u202e\n"), st.sampled_from(["en", "fa", "he"]))
@settings(deadline=None, max_examples=50)
def test_every_isolate_of_a_subject_is_closed_whatever_a_customer_is_called(name: str, language: str) -> None:
    made = render("agent_draft", language, customer_name=name, customer=name)
    assert made.subject == subject_line(made.subject)
    assert "\n" not in made.subject


def test_the_customers_words_are_escaped_and_run_their_own_way() -> None:
    words = "<script>alert(1)</script> {{ number }} {% for %}\n\n- سلام"
    made = render("agent_draft", "fa", words=words)
    assert "<script" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ number }} {% for %}" in made.html
    quote = next(attrs for tag, attrs in Page(made.html).tags if tag == "blockquote")
    assert quote["dir"] == "ltr"
    assert "> <script>alert(1)</script> {{ number }} {% for %}\n>\n> - سلام\n" in made.text


def test_agents_see_the_words_then_facts_then_the_draft_then_the_commands() -> None:
    made = render("agent_draft", "en")
    order = [
        "New case",
        "Where is my parcel?",
        "photo.jpg",
        "late parcel",
        "Earlier case: #987",
        "Dear Ann",
        "approve:",
    ]
    for text in (made.text, made.html):
        places = [text.index(part) for part in order]
        assert places == sorted(places)
    assert made.subject == "[#1042] New case, high: Ann Example – approve or edit the draft"


def test_check_in_buttons_open_a_ready_mail_and_text_says_what_to_answer() -> None:
    buttons = [(str(n), f"mailto:c%2Bx@example.com?body={n}") for n in range(1, 6)] + [
        ("not-solved", "mailto:y@example.com")
    ]
    stop = "mailto:z@example.com"
    made = render("check_in", "fa", buttons=buttons, stop_link=stop, stop_word="نپرسید")
    links = [attrs["href"] for tag, attrs in Page(made.html).tags if tag == "a"]
    assert links == [*(link for _, link in buttons), stop]
    assert "نپرسید" in made.text
    assert ">۱</a>" in made.html
    assert ">حل نشده</a>" in made.html
    assert "mailto" not in made.text
    assert "از ۱ (اصلاً) تا ۵ (کاملاً)" in made.text


def test_an_admin_is_told_file_line_and_what_to_write() -> None:
    made = render(
        "admin_alert",
        "en",
        problems=[Problem("rules/en.yaml", 3, 7, "write “category”"), Problem("a", 0, 0, "b")],
    )
    assert "- rules/en.yaml, line 3, column 7: write “category”\n- a: b\n" in made.text


@pytest.mark.parametrize(
    ("asked", "chain"),
    [("fa", ("fa", "en")), ("pt-BR", ("pt-br", "pt", "en")), ("en_GB", ("en-gb", "en")), ("", ("", "en"))],
)
def test_languages_stand_in_for_each_other_down_to_english(asked: str, chain: tuple[str, ...]) -> None:
    assert stand_ins(asked) == chain


def test_a_letter_that_a_language_lacks_comes_in_english_and_says_so(folder: Path) -> None:
    (folder / "he" / "check_in.md").unlink()
    letters = load(folder)
    assert not letters.has("check_in", "he")
    assert letters.render("check_in", "he", samples("check_in")[0]).language == "en"
    assert letters.render("ack_praise", "tr", samples("ack_praise")[0]).language == "en"


def test_a_category_without_an_answer_of_its_own_gets_the_default_in_the_customers_language() -> None:
    values = samples("answer/default")[0]
    assert SHIPPED.render("answer/unheard-of", "fa", values) == SHIPPED.render("answer/default", "fa", values)


def test_an_admin_adds_an_answer_by_adding_a_file(folder: Path) -> None:
    (folder / "en" / "answer" / "allergy.md").write_text("Dear {{ name }},\n\n[x]\n", encoding="utf-8")
    assert (
        load(folder).render("answer/allergy", "en", samples("answer/allergy")[0]).text
        == "Dear Ann Example,\n\n[x]\n"
    )


def test_an_admin_adds_a_language_by_adding_a_folder(folder: Path) -> None:
    (folder / "nl").mkdir()
    (folder / "nl" / "ack_praise.md").write_text(
        '---\nsubject: "Bedankt"\n---\nBedankt{% if deadline %}, uiterlijk {{ deadline|day }}{% endif %}.\n',
        "utf-8",
    )
    made = load(folder).render("ack_praise", "nl-BE", samples("ack_praise")[0])
    assert (made.language, made.text) == ("nl", "Bedankt, uiterlijk woensdag 25 november 2026.\n")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"number": 1, "firm": "x", "nmae": "y"}, "has no variable nmae"),
        ({"number": 1}, "needs firm"),
    ],
)
def test_a_wrong_set_of_values_is_refused(values: Mapping[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        SHIPPED.render("ack_complaint", "en", values)


def test_an_unknown_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="no letter 'ack_nothing'"):
        SHIPPED.render("ack_nothing", "en", {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_each_shipped_language(language: str) -> None:
    said = {code: SHIPPED.sentence(code, language, SENTENCES[code]) for code in SENTENCES}
    assert [code for code, text in said.items() if not text or "\n" in text] == []
    ways = {direction(language), ""}
    assert [code for code, text in said.items() if first_strong(text) not in ways] == []


def test_a_sentence_in_a_letter_keeps_its_isolates() -> None:
    said = SHIPPED.sentence("wrong-sender", "fa", {"sender": "a@example.org"})
    made = render("agent_refused", "fa", reason=said)
    assert "\u2068a@example.org\u2069" in made.text
    assert "<bdi>a@example.org</bdi>" in made.html


def test_an_unknown_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="no sentence 'nothing'"):
        SHIPPED.sentence("nothing", "fa", {})


def test_a_wrong_sentence_is_told_its_place(folder: Path) -> None:
    text = (folder / "en" / "sentences.yaml").read_text("utf-8")
    found = problems_after(folder, "en/sentences.yaml", text + '\nnotd: "x"\n')
    assert [(p.file, p.line) for p in found] == [("templates/en/sentences.yaml", text.count("\n") + 2)]
    assert "did you mean “noted”?" in found[0].message


GOOD = '---\nsubject: "Hello"\n---\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        (GOOD + "Dear {{ nmae }},\n", 4, 9, "there is no “nmae” here; did you mean “name”?"),
        (GOOD + "{{ name|isolatd }}", 4, 9, "no filter “isolatd”; did you mean “isolated”?"),
        (GOOD + "a\n{% if name %}\nb\n", 5, 1, "write {% endif %}"),
        (GOOD + "a\n\n{{ name", 6, 1, "write {{ … }} on one line"),
        (GOOD + "{% endif %}", 4, 1, "ends nothing"),
        (GOOD + "{{ name nam }}", 4, 9, "“nam” is one word too many"),
        (GOOD + "Hello {% fro x in name %}", 4, 10, "“fro” is not known here; did you mean “for”?"),
        (GOOD + "{{ 1 + }}", 4, 1, "look at"),
        (GOOD + "{{ name.x.y }}", 4, 9, "there is no “x” in it"),
        (GOOD + "{{ number|day }}", 4, 1, "1042 is no date"),
        (GOOD + "{{ deadline|day }}", 4, 1, "put {% if … %} and {% endif %} around it"),
        (GOOD + "{{ name.__class__ }}", 4, 1, "fails with sample values"),
        (GOOD + '{% include "x" %}', 4, 1, "can't take in other files"),
        (GOOD + "\n\n", 4, 1, "the letter is empty"),
        ("Hello", 1, 1, "no front matter"),
        ('---\nsubject: "x"\nHello', 1, 1, "front matter is not closed"),
        ("---\n---\nHello", 1, 1, "there is no subject"),
        ('---\nsubjct: "x"\n---\nHello', 2, 1, "“subjct” is unknown; did you mean “subject”?"),
        ("---\nsubject: {{ subject }}\n---\nHello", 2, 10, "put it between quotes"),
        ("---\nsubject: Your case: {{ number }}\n---\nHello", 2, 19, "straight quotes"),
        ("---\n\tsubject: x\n---\nHello", 2, 1, "tab"),
        ('---\nsubject: "x\n---\nHello', 2, 12, "a quote that was opened is never closed"),
        ('---\nsubject: "a {{ nmae }}"\n---\nHello', 2, 16, "did you mean “name”?"),
        ('---\nsubject: "a"\nsubject: "b"\n---\nHello', 3, 1, "twice"),
    ],
)
def test_a_wrong_edit_is_told_where_it_is_and_what_to_write(
    english: Path, text: str, line: int, column: int, says: str
) -> None:
    (problem,) = problems_after(english, "en/ack_praise.md", text)
    assert (problem.file, problem.line, problem.column) == ("templates/en/ack_praise.md", line, column)
    assert says in problem.message


def test_all_problems_are_told_at_once(folder: Path) -> None:
    (folder / "en" / "check_in.md").unlink()
    (folder / "he" / "transcrpt.md").write_text(GOOD + "x", encoding="utf-8")
    (folder / "fa" / "answer.md").write_bytes(b"\xff\xfe")
    found = problems_after(folder, "ar/answer.md", GOOD + "{{ bdy|prose }}\n{{ frm }}\n")
    assert [(p.file.removeprefix("templates/"), p.line) for p in found] == [
        ("ar/answer.md", 4),
        ("ar/answer.md", 5),
        ("en/check_in.md", 0),
        ("fa/answer.md", 0),
        ("he/transcrpt.md", 0),
    ]
    assert "did you mean “transcript”?" in found[-1].message
    assert "missing" in found[2].message


def test_a_problem_in_a_branch_that_samples_do_not_take_is_found_too(folder: Path) -> None:
    (problem,) = problems_after(
        folder, "en/answer.md", GOOD + "{% if not name %}\n{{ body.x.y }}\n{% endif %}\nx"
    )
    assert problem.line == 5


def test_a_wrong_layout_or_label_file_is_a_problem(folder: Path) -> None:
    (folder / "he" / "labels.yaml").write_text("severity: [", encoding="utf-8")
    (folder / "layout.html").write_text("<p>{{ grops }}</p>", encoding="utf-8")
    found = Letters.load(folder)[1]
    assert [p.file for p in found] == ["layout.html", "templates/he/labels.yaml"]
    assert "did you mean “groups”?" in found[0].message


def test_a_folder_without_letters_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other" / "notes").mkdir(parents=True)
    (tmp_path / "file").write_text("x")
    for name in ("nowhere", "empty", "other", "file"):
        letters, (problem,) = Letters.load(tmp_path / name)
        assert letters is None
        assert (problem.file, problem.line) == (name, 0)
        assert "there are no letters here; set TEMPLATES_DIR" in problem.message


def test_a_folder_without_english_names_every_missing_letter(tmp_path: Path) -> None:
    (tmp_path / "fa").mkdir()
    shutil.copy(TEMPLATES / "fa" / "ack_praise.md", tmp_path / "fa")
    _, problems = Letters.load(tmp_path)
    # Each letter, each sentence, and the layout.
    assert len(problems) == len(LETTERS) + len(SENTENCES) + 1


def test_an_empty_answer_is_told_without_a_word_of_a_subject(folder: Path) -> None:
    (problem,) = problems_after(folder, "en/answer/late.md", "")
    assert "---" not in problem.message


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("en/labels.yaml", "[" * 5000),
        ("en/sentences.yaml", "a: " + "[" * 5000),
        ("en/ack_complaint.md", "---\nsubject: x\n---\n{{ " + "(" * 5000 + " }}"),
        ("layout.html", "{{ " + "-" * 5000 + "1 }}"),
    ],
)
def test_what_is_nested_without_end_is_a_problem_and_no_crash(english: Path, file: str, text: str) -> None:
    assert any("nested too deep" in str(problem) for problem in problems_after(english, file, text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_praise_is_answered_in_other_words_than_it_was_acknowledged(language: str) -> None:
    said = [
        {line for line in render(letter, language, written=written).text.splitlines() if len(line) > 40}
        for letter in ("ack_praise", "answer/praise")
        for written in (True, False)
    ]
    assert all(said)
    for acknowledged, answered in zip(said[:2], said[2:], strict=True):
        assert not acknowledged & answered
