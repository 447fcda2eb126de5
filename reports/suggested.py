"""What `rules suggest` prints: lines to paste into the rule files, with what speaks for and against each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from cases.rules.proposing import FEWEST, SURE, Proposal, yaml_line

SHOWN = 6
"""Case numbers that are named in a line."""
TOO_LITTLE = (
    "There is too little to learn from: agents have corrected {corrected} of the stored mails, and the rules "
    "get {missed} of them wrong; a phrase must stand in {fewest} mails of its category at least. Agents "
    "correct with 'category NAME'."
)
NOTHING = (
    "Nothing to suggest: of {corrected} corrected mails the rules get {missed} wrong, and these have no "
    "phrase in common that would not hit others as well, or that no rule has yet."
)


class Place(NamedTuple):
    """Where a phrase belongs."""

    file: str
    rule: str
    """Its rule; "" where there is none yet."""


class Suggestion(NamedTuple):
    """A phrase, where it belongs, and who has it already."""

    proposal: Proposal
    place: Place
    rivals: tuple[str, ...] = ()
    """Rules that have its words for other categories, with these."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What to add, and what that was learned from."""

    mails: int
    corrected: int
    missed: int
    """Of the corrected ones those that today's rules get wrong."""
    proposals: tuple[Suggestion, ...]


def as_json(found: Suggested) -> dict[str, Any]:
    """For programs."""
    return {
        "mails": found.mails,
        "corrected": found.corrected,
        "missed": found.missed,
        "statistic": f"Fisher's exact test, one-sided, at most {SURE}",
        "note": "" if found.proposals else _nothing(found),
        "suggestions": [
            {
                "file": place.file,
                "rule": place.rule,
                "category": one.category,
                "language": one.language,
                "phrase": one.phrase,
                "mails": one.mine,
                "other_mails": one.others,
                "unjudged_mails": one.unjudged,
                "chance": one.chance,
                "would_catch": list(one.catches),
                "would_also_hit": list(one.also_hits),
                "rivals": list(rivals),
                "yaml": yaml_line(one.phrase).strip(),
            }
            for one, place, rivals in found.proposals
        ],
    }


def text(found: Suggested) -> str:
    """For a terminal: YAML that can be pasted as it is."""
    if not found.proposals:
        return _nothing(found)
    lines = [
        f"# From {found.corrected} corrections, {found.missed} of which today's rules get wrong, "
        f"and {found.mails} stored mails.",
        "# Paste what you find right; then: worker.py check, or try it before in a copy of the folder with",
        "# worker.py rules try --rules COPY --labels",
    ]
    for place, several in groupby(found.proposals, key=lambda one: (one.place, one.proposal.category)):
        lines += ["", *_lines(place[0], list(several))]
    return "\n".join(lines)


def _nothing(found: Suggested) -> str:
    few = found.missed < FEWEST
    return (TOO_LITTLE if few else NOTHING).format(
        corrected=found.corrected or "none", missed=found.missed or "none", fewest=FEWEST
    )


def _lines(place: Place, several: Sequence[Suggestion]) -> Iterator[str]:
    one = several[0].proposal
    if place.rule:
        yield f"# {place.file}: in the rule {place.rule}, below 'phrase:'"
    else:
        yield f"# {place.file}: a new rule, at the end of the file"
        yield f"  - name: {one.category}-{one.language}"
        yield "    when:"
        yield "      phrase:"
    for proposal, _, rivals in several:
        yield f"        # {_speaks(proposal)}"
        if rivals:
            yield f"        # {', '.join(rivals)} has these words too: move them, or it stays unsure"
        yield yaml_line(proposal.phrase)
    if not place.rule:
        yield f"    says: {{category: {one.category}}}"


def _speaks(one: Proposal) -> str:
    """What speaks for and against a phrase."""
    against = f"{one.others} of other categories{_named(one.also_hits)}" if one.others else "no other"
    unjudged = f", {one.unjudged} that nobody judged" if one.unjudged else ""
    catches = f"would catch {len(one.catches)} that were missed{_named(one.catches)}"
    return f"in {one.mine} mails of {one.category}, {against}{unjudged}; {catches}"


def _named(numbers: Sequence[int]) -> str:
    known = [f"#{number}" for number in numbers if number]
    return f" ({', '.join(known[:SHOWN])}{' …' if len(known) > SHOWN else ''})" if known else ""
