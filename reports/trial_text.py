"""What `rules try` prints: what would change, which cases, and whether it is for the better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reports.quoting import quoted, shown
from reports.trial import LIKELY, Changed, Judgement, Reason, Side, Trial

FEW = 50
"""Mails of which people said what they are about; with fewer, figures of a category say little."""


def as_json(trial: Trial, rules: tuple[str, str], *, labels: bool) -> dict[str, Any]:
    """A trial for programs; `rules` are the versions of both rulebooks."""
    return {
        "rules": {"before": rules[0], "after": rules[1]},
        "mails": trial.mails,
        "changed": trial.changes,
        "categories": _counts(trial.categories),
        "kinds": _counts(trial.kinds),
        "moves": _moves(trial.moves),
        "severities": _moves(trial.severities),
        "routes": _moves(trial.routes),
        "cases": [_case(one) for one in trial.shown],
        "labels": _labels(trial.judgement) if labels else None,
    }


def _counts(both: tuple[Counter[str], Counter[str]]) -> list[dict[str, Any]]:
    before, after = both
    return [{"name": name, "before": before[name], "after": after[name]} for name in _names(before, after)]


def _names(before: Counter[str], after: Counter[str]) -> list[str]:
    return sorted({*before, *after}, key=lambda name: (-max(before[name], after[name]), name))


def _moves(moves: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"before": before, "after": after, "mails": count} for (before, after), count in moves.most_common()
    ]


def _case(one: Changed) -> dict[str, Any]:
    return {
        "number": one.number,
        "subject": one.subject,
        "before": one.compared.before._asdict(),
        "after": one.compared.after._asdict(),
        "why": [{**reason._asdict(), "words": list(reason.words)} for reason in one.compared.reasons],
        "meant": one.meant or None,
    }


def _labels(judged: Judgement) -> dict[str, Any]:
    both = {"before": judged.before, "after": judged.after}
    return {
        "mails": judged.mails,
        "corrected": judged.corrected,
        "right": {name: marks.right for name, marks in both.items()},
        "macro_f1": {name: round(judged.macro_f1(marks), 4) for name, marks in both.items()},
        "mended": judged.mended,
        "broken": judged.broken,
        "chance": round(judged.chance, 4),
        "verdict": verdict(judged),
        "categories": [
            {
                "name": category,
                "mails": judged.before.meant[category],
                **{
                    name: {
                        "precision": round(marks.precision(category), 4),
                        "recall": round(marks.recall(category), 4),
                        "f1": round(marks.f1(category), 4),
                    }
                    for name, marks in both.items()
                },
            }
            for category in judged.categories
        ],
    }


def verdict(judged: Judgement) -> str:
    """Better or worse, in one sentence."""
    told = (
        f"right on {judged.after.right} of {judged.mails} mails instead of {judged.before.right} "
        f"({judged.mended} mended, {judged.broken} broken)"
    )
    if judged.mended == judged.broken:
        return f"Neither better nor worse: the changed rules are {told}."
    better = "Better" if judged.mended > judged.broken else "Worse"
    if judged.chance > LIKELY:
        return f"{better}, but by so few mails that it may be chance: the changed rules are {told}."
    return f"{better}: the changed rules are {told}."


def text(trial: Trial, *, labels: bool) -> str:
    """A trial for a terminal."""
    parts = (_head(trial), _table(trial), _others(trial), _cases(trial), _judged(trial) if labels else ())
    return "\n".join(line.rstrip() for part in parts for line in part)


def _head(trial: Trial) -> Iterator[str]:
    if not trial.mails:
        yield "There is no stored mail to try the rules on."
        return
    yield f"{trial.mails} mails tried; {trial.changes or 'none'} would be handled otherwise."


def _table(trial: Trial) -> Iterator[str]:
    before, after = trial.categories
    rows = [
        (name, str(before[name]), str(after[name]), f"{after[name] - before[name]:+d}")
        for name in _names(before, after)
        if before[name] != after[name] or any(name in move for move in trial.moves)
    ]
    if rows:
        yield from ("", *columns([("category", "before", "after", ""), *rows]))


def _others(trial: Trial) -> Iterator[str]:
    for title, moves in (
        ("Category", trial.moves),
        ("Severity", trial.severities),
        ("Who gets it", trial.routes),
    ):
        if moves:
            yield from ("", title)
            yield from (
                f"  {count:>6}  {before or 'nobody'} → {after or 'nobody'}"
                for (before, after), count in moves.most_common(20)
            )
            if len(moves) > 20:
                yield f"          … and {len(moves) - 20} more ways; --json has all of them"


def _cases(trial: Trial) -> Iterator[str]:
    if not trial.shown:
        return
    yield from ("", "Cases")
    for one in trial.shown:
        meant = f"  (it was {one.meant})" if one.meant else ""
        name = f"#{one.number}" if one.number else "given"
        yield f"  {name}  {shown(one.subject, 70)}"
        yield f"      {difference(one.compared.before, one.compared.after)}{meant}"
        yield from (f"      {told}" for told in map(because, one.compared.reasons))
        if not one.compared.reasons:
            yield "      no rule hits otherwise: categories.yaml, routing.yaml or agents.yaml makes it"
    if trial.changes > len(trial.shown):
        yield f"  … and {trial.changes - len(trial.shown)} more; --limit {trial.changes} shows all"


def difference(before: Side, after: Side) -> str:
    """What differs: "late → lost, severity normal → high"."""
    names = ("", "kind ", "severity ", "goes to ")
    return ", ".join(
        f"{name}{one or 'nobody'} → {other or 'nobody'}"
        for name, one, other in zip(names, before, after, strict=True)
        if one != other
    )


def because(reason: Reason) -> str:
    """A rule, its words, and how its score changes: "+ lost-en: “never came” → category lost (1.5)"."""
    sign = "+" if not reason.before else "-" if not reason.after else "~"
    words = quoted(reason.words)
    score = " → ".join(f"{one:g}" for one in (reason.before, reason.after) if one)
    return f"{sign} {reason.rule}{': ' + words if words else ''} → {reason.says} ({score})"


def _judged(trial: Trial) -> Iterator[str]:
    judged = trial.judgement
    yield ""
    if not judged.mails:
        yield "Nobody has corrected a category or approved an answer yet: nothing to judge the rules by."
        return
    approved = judged.mails - judged.corrected
    yield f"Against what agents said ({judged.corrected} corrections, {approved} approvals):"
    rows: list[Sequence[str]] = [("category", "mails", "precision", "", "recall", "", "F1", "")]
    for category in judged.categories:
        both = (judged.before, judged.after)
        figures = [_share(marks.precision(category)) for marks in both]
        figures += [_share(marks.recall(category)) for marks in both]
        figures += [_share(marks.f1(category)) for marks in both]
        rows.append((category, str(judged.before.meant[category]), *_pairs(figures)))
    yield from columns(rows)
    yield verdict(judged)
    if judged.mails < FEW:
        yield f"These are few mails; from about {FEW} on, the figures of a category begin to say something."


def _pairs(figures: Sequence[str]) -> tuple[str, ...]:
    """Before, and "→ after" where that differs."""
    return tuple(
        part
        for at in range(0, len(figures), 2)
        for part in (figures[at], f"→ {figures[at + 1]}" if figures[at] != figures[at + 1] else "")
    )


def _share(value: float) -> str:
    return f"{value:.0%}"


def columns(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows as aligned columns: the first to the left, numbers to the right."""
    table = list(rows)
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        cells = [
            cell.ljust(width) if not at or cell.startswith("→") else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells)
