"""What changed rules would change, counted and judged."""

from __future__ import annotations

import pytest

from reports.trial import Compared, Reason, Side, Trial, reasons, sign_test
from reports.trial_text import as_json, because, difference, text, verdict
from store.values import Hit

LATE = Side("late", "complaint", "normal", "sara@example.com")
LOST = Side("lost", "complaint", "high", "dana@example.com")
UNSURE = Side("unsure", "other", "normal", "sara@example.com")


def trial(*mails: tuple[Side, Side, str], limit: int = 20) -> Trial:
    made = Trial(limit)
    for number, (before, after, meant) in enumerate(mails, 1001):
        compared = Compared(before, after, (Reason("lost-en", ("never came",), "category lost", 0, 1.5),))
        made.add(number, "My parcel", compared, meant)
        if meant:
            made.judge(compared, meant, corrected=True)
    return made


def test_mails_are_counted_category_by_category_and_the_changed_ones_are_named() -> None:
    made = trial((LATE, LATE, ""), (LATE, LOST, ""), (UNSURE, LATE, ""))
    assert (made.mails, made.changes) == (3, 2)
    assert [dict(one) for one in made.categories] == [{"late": 2, "unsure": 1}, {"late": 2, "lost": 1}]
    assert made.moves == {("late", "lost"): 1, ("unsure", "late"): 1}
    assert made.severities == {("normal", "high"): 1}
    assert made.routes == {("sara@example.com", "dana@example.com"): 1}
    assert [one.number for one in made.shown] == [1002, 1003]


def test_no_more_cases_are_kept_than_are_shown_but_all_are_counted() -> None:
    made = trial(*[(LATE, LOST, "")] * 5, limit=2)
    assert (made.changes, len(made.shown)) == (5, 2)
    assert "… and 3 more; --limit 5 shows all" in text(made, labels=False)


def test_rulebooks_are_judged_by_what_people_said() -> None:
    judged = trial(
        (LATE, LOST, "lost"), (LATE, LOST, "late"), (LATE, LATE, "late"), (UNSURE, LOST, "lost")
    ).judgement
    assert (judged.before.right, judged.after.right, judged.mended, judged.broken) == (2, 3, 2, 1)
    assert judged.before.precision("late") == pytest.approx(2 / 3)
    assert judged.before.recall("late") == 1
    assert judged.after.precision("lost") == pytest.approx(2 / 3)
    assert judged.after.recall("lost") == 1
    assert judged.after.f1("lost") == pytest.approx(0.8)
    # late: precision 1, recall 1/2, so F1 2/3.
    assert judged.macro_f1(judged.after) == pytest.approx((0.8 + 2 / 3) / 2)


@pytest.mark.parametrize(
    ("mended", "broken", "said", "counts"),
    [
        (9, 0, "Better", "9 of 9 mails instead of 0 (9 mended, 0 broken)"),
        (0, 9, "Worse", "0 of 9 mails instead of 9 (0 mended, 9 broken)"),
        (
            2,
            1,
            "Better, but by so few mails that it may be chance",
            "2 of 3 mails instead of 1 (2 mended, 1 broken)",
        ),
        (1, 1, "Neither better nor worse", "1 of 2 mails instead of 1 (1 mended, 1 broken)"),
    ],
)
def test_better_or_worse_is_one_sentence(mended: int, broken: int, said: str, counts: str) -> None:
    made = trial(*[(LATE, LOST, "lost")] * mended, *[(LATE, LOST, "late")] * broken)
    assert verdict(made.judgement) == f"{said}: the changed rules are right on {counts}."


@pytest.mark.parametrize(
    ("one", "other", "chance"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (3, 3, 1.0)]
)
def test_a_difference_is_weighed_against_chance(one: int, other: int, chance: float) -> None:
    assert sign_test(one, other) == pytest.approx(chance)
    assert sign_test(other, one) == pytest.approx(chance)


def test_a_difference_of_thousands_of_mails_is_weighed_too() -> None:
    assert sign_test(3_000, 0) == pytest.approx(0)
    assert sign_test(2_000, 2_000) == 1


def test_only_rules_that_differ_are_reasons() -> None:
    same, before = Hit("a", ("x",), "category late", 1.0), Hit("b", ("y",), "category late", 1.0)
    heavier, new = Hit("b", ("y",), "category late", 2.0), Hit("c", ("z",), "category lost", 1.5)
    found = reasons([same, before], [same, heavier, new])
    assert found == (
        Reason("b", ("y",), "category late", 1.0, 2.0),
        Reason("c", ("z",), "category lost", 0.0, 1.5),
    )
    assert [because(one) for one in (*found, *reasons([new], []))] == [
        "~ b: “y” → category late (1 → 2)",
        "+ c: “z” → category lost (1.5)",
        "- c: “z” → category lost (1.5)",
    ]


def test_what_differs_is_told_in_one_line() -> None:
    assert difference(LATE, LOST) == (
        "late → lost, severity normal → high, goes to sara@example.com → dana@example.com"
    )


def test_words_from_right_to_left_turn_nothing_around_them() -> None:
    told = because(Reason("lost-he", ("לא הגיע",), "category lost", 0, 1.5))
    assert "“\u2068לא הגיע\u2069”" in told


def test_programs_get_the_same_as_json() -> None:
    told = as_json(trial((LATE, LOST, "lost")), ("a", "b"), labels=True)
    assert told["moves"] == [{"before": "late", "after": "lost", "mails": 1}]
    assert told["cases"][0]["why"][0]["words"] == ["never came"]
    assert told["labels"]["categories"][0]["after"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert as_json(trial(), ("a", "b"), labels=False)["labels"] is None


def test_where_nothing_is_stored_that_is_said() -> None:
    assert text(trial(), labels=True).splitlines() == [
        "There is no stored mail to try the rules on.",
        "",
        "Nobody has corrected a category or approved an answer yet: nothing to judge the rules by.",
    ]
