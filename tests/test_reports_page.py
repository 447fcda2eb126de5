"""The page, and the same figures for programs."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from engine.page_words import LAST_RESORT
from reports import exporting
from reports.tables import Column, Table
from tests.histories import NOA, SAM
from tests.report_made import LANGUAGES, made

PERSIAN, ARABIC = "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"


def text_of(page: str) -> str:
    """What people read, without tags and style."""
    return re.sub(r"<[^>]+>", " ", page.partition("</style>")[2])


def test_the_page_says_what_the_tables_hold() -> None:
    report = made("en")
    came = sum(row[-1] for row in report.tables["volumes"].rows)
    assert came == report.figures.received
    assert came > 20, "there is something to tell"
    assert f"{came} cases came in" in text_of(report.page)
    for name in (
        "time_to_answer",
        "deadlines",
        "satisfaction",
        "reopened",
        "compensation",
        "signals",
        "oldest",
    ):
        assert report.tables[name].rows, name


def test_every_chart_has_a_sentence_and_a_table_behind_it() -> None:
    page = made("en").page
    figures = re.findall(r"<figure>(.*?)</figure>\s*(<\w+)", page, re.S)
    assert len(figures) >= 10
    for figure, following in figures:
        assert re.search(r"<figcaption>[^<]{10,}", figure)
        assert following == "<details"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_one_language_with_its_digits(language: str) -> None:
    page = made(language).page
    said = re.sub(r"<bdi>.*?</bdi>|<title>.*?</title>", "", page.partition("</style>")[2])
    read = re.sub(r"<[^>]+>", " ", said)
    digits = set(re.findall(r"\d", read))
    own = {"fa": set(PERSIAN), "ar": set(ARABIC)}.get(language, set("0123456789"))
    assert digits == own
    if language != LAST_RESORT:
        assert re.findall(r"\b(?:cases|days|hours|of|the)\b", read) == []


def test_persian_dates_are_jalali() -> None:
    assert "فروردین" in made("fa").page
    assert "2026" not in text_of(made("fa").page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_customers_wrote_is_never_markup(language: str) -> None:
    page = made(language).page
    for written in ("<b>", "<u>light", "kettle & <i>"):
        assert written not in page
    assert "no &lt;u&gt;light" in page


def test_figures_by_agent_are_for_those_alone_who_may_see_them() -> None:
    all_of_it, without = made("en"), made("en", by_agent=False)
    assert "By agent" in all_of_it.page
    assert "Sam" in all_of_it.page
    assert "agents" in all_of_it.tables
    for told in ("By agent", "Sam", "Noa", SAM, NOA):
        assert told not in text_of(without.page), told
        assert not any(told in exporting.as_csv(table) for table in without.tables.values()), told


def test_no_customer_is_named() -> None:
    assert (
        re.findall(
            r"c\d+@example", made("en").page + exporting.as_json(made("en").figures, made("en").tables)
        )
        == []
    )


def test_every_figure_is_in_the_csv_and_json_files() -> None:
    report = made("fa")
    told = json.loads(exporting.as_json(report.figures, report.tables))
    assert (told["from"], told["to"], told["time_zone"]) == ("2026-03-15", "2026-04-11", "UTC")
    assert set(told["tables"]) == set(report.tables)
    for name, table in report.tables.items():
        read = list(csv.DictReader(io.StringIO(exporting.as_csv(table))))
        assert [tuple(row) for row in read] == [table.keys for _ in table.rows]
        assert len(told["tables"][name]) == len(read)
    [row] = [one for one in told["tables"]["kinds"] if one["kind"] == "complaint"]
    assert row["cases"] == sum(one["complaint"] for one in told["tables"]["volumes"])


def test_what_a_spreadsheet_would_take_for_a_formula_is_text() -> None:
    table = Table("a", (Column("value", "text"),), (("=HYPERLINK(1)",), ("-1",), ("plain",), (-1,)))
    assert exporting.as_csv(table) == "value\n'=HYPERLINK(1)\n'-1\nplain\n-1\n"
