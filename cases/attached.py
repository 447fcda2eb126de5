"""Which of a customer's files go along with a letter to an agent, and what the letter says of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.rules.kept_files import KeptFiles
from cases.saying import Say
from store.attached import Attached, Danger, Family, Seen

NEVER = frozenset({Danger.BOMB})
"""What no rule lets through."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept out, and why."""

    file: Attached
    why: Say
    virus: str = ""
    """The name that a scanner gave to what it found."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The files of a mail."""

    going: tuple[Attached, ...] = ()
    kept: tuple[Kept, ...] = ()
    odd: tuple[Say, ...] = ()
    """What agents should know of files that go."""


def sorted_out(
    files: Sequence[Attached],
    rules: KeptFiles,
    viruses: Mapping[int, str],
    unscanned: Collection[int] = (),
) -> Sorted:
    """The files that go and those that don't.

    `viruses` is what a scanner found, by the file's place; `unscanned`, the places of what it did not take.
    """
    going: list[Attached] = []
    kept: list[Kept] = []
    for place, file in enumerate(files):
        virus = viruses.get(place, "")
        why = Say("danger-virus", {"virus": virus}) if virus else why_kept(file.seen, rules)
        why = why or (Say("danger-unscanned") if place in unscanned else None)
        if why is None:
            going.append(file)
        else:
            kept.append(Kept(file, why, virus))
    return Sorted(tuple(going), tuple(kept), tuple(_odd(one.seen) for one in going if one.seen.claims))


def why_kept(seen: Seen, rules: KeptFiles) -> Say | None:
    """Why a file is kept out, in words; None when it goes."""
    return next(_reasons(seen, rules, is_let_through=seen.ending in rules.let_through), None)


def _reasons(seen: Seen, rules: KeptFiles, *, is_let_through: bool) -> Iterator[Say]:
    for danger in _dangers(seen, rules):
        if danger in NEVER or (danger in rules.keep_out and not is_let_through):
            yield Say(f"danger-{danger}")
    if rules.unknown == "keep-out" and not seen.kind and seen.size and not is_let_through:
        yield Say("danger-unknown")
    for one in seen.inside:
        for why in _reasons(one, rules, is_let_through=is_let_through or one.ending in rules.let_through):
            yield _inside(one, why)


def _dangers(seen: Seen, rules: KeptFiles) -> Iterator[Danger]:
    yield from seen.dangers
    named = rules.danger_of(seen.ending)
    if named and named not in seen.dangers:
        yield named


def _inside(seen: Seen, why: Say) -> Say:
    """A reason that lies in a file within the file: the innermost is named."""
    return why if why.code == "danger-inside" else Say("danger-inside", {"file": seen.name, "why": why})


def shortly(why: Say) -> str:
    """A reason in a word or two, for the audit log and the command line."""
    values = why.values
    if why.code == "danger-inside":
        return f"{values['file']} in it: {shortly(values['why'])}"
    words = why.code.removeprefix("danger-").replace("-", " ")
    return f"{words} {values['virus']}" if values else words


def _odd(seen: Seen) -> Say:
    claims = seen.claims or Family.OTHER
    values = {"file": seen.name, "claims": Say(f"family-{claims}"), "is": Say(f"family-{seen.family}")}
    return Say("file-is-another", values)
