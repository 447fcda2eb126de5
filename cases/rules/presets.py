"""The presets of rules/deadlines.yaml, and what a file and its preset say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cases.rules.deadlines import (
    AGENT,
    ChainStep,
    Deadline,
    Deadlines,
    DeadlinesFile,
    Late,
    Preset,
    Promises,
)
from cases.rules.durations import Duration
from cases.rules.types import Role
from store.kinds import CaseKind, Severity

APPROVER, OWNER = Role.APPROVER.value, Role.OWNER.value


def _step(to: Sequence[str], *, before: str = "", after: str = "") -> ChainStep:
    return ChainStep(to=tuple(to), before=_time(before), after=_time(after))


def _time(written: str) -> Duration | None:
    return Duration.parse(written) if written else None


def _complaints(severities: Sequence[Severity], resolve: str, final: str) -> Deadline:
    return Deadline(
        kind=(CaseKind.COMPLAINT,),
        severity=tuple(severities),
        resolve_within=_time(resolve),
        final_within=_time(final),
    )


_ANSWER = (
    _step([AGENT], before="4 working hours"),
    _step([AGENT, APPROVER]),
    _step([OWNER], after="1 working day"),
)
_PROMISE = (_step([AGENT]), _step([APPROVER], after="4 working hours"), _step([OWNER], after="1 working day"))
_PROMISES = Promises(
    remind_before=_time("4 working hours"),
    customer_told_after=_time("2 working hours"),
    next_update_within=_time("2 working days"),
)
_ISO10002 = Deadlines(
    lines=(
        _complaints([Severity.URGENT], "2 working days", "8 weeks"),
        _complaints([Severity.HIGH], "5 working days", "8 weeks"),
        _complaints([], "10 working days", "8 weeks"),
    ),
    chains={
        Late.ANSWER: _ANSWER,
        Late.RESOLVE: (
            _step([AGENT], before="1 working day"),
            _step([AGENT, APPROVER]),
            _step([OWNER], after="3 working days"),
        ),
        Late.FINAL: (
            _step([AGENT], before="5 working days"),
            _step([AGENT, APPROVER], before="1 working day"),
            _step([AGENT, OWNER]),
        ),
        Late.PROMISE: _PROMISE,
    },
    promises=_PROMISES,
)
"""ISO 10002 names no numbers: complaints are assessed for severity, resolved as soon as that asks for, and
closed with the customer told of the decision and of where else to turn."""
_FCA_DISP = Deadlines(
    lines=(_complaints([], "3 working days", "8 weeks"),),
    chains={
        Late.ANSWER: _ANSWER,
        Late.RESOLVE: (_step([AGENT], before="1 working day"), _step([AGENT, APPROVER])),
        Late.FINAL: (
            _step([AGENT], before="2 weeks"),
            _step([AGENT, APPROVER], before="1 week"),
            _step([AGENT, OWNER], before="2 working days"),
            _step([AGENT, APPROVER, OWNER]),
        ),
        Late.PROMISE: _PROMISE,
    },
    promises=_PROMISES,
)
"""UK FCA DISP 1.5 and 1.6: a summary resolution by the close of business on the third business day after the
day of receipt, else a final response by the end of eight weeks that names the ombudsman."""
PRESETS: Mapping[Preset, Deadlines] = {
    Preset.NONE: Deadlines(),
    Preset.ISO10002: _ISO10002,
    Preset.FCA_DISP: _FCA_DISP,
}


def together(file: DeadlinesFile) -> Deadlines:
    """The lines of the file, then its preset's; of a chain and a time the file's, where it says one."""
    preset = PRESETS[file.preset]
    own = {late: chain for late in Late if (chain := getattr(file.chains, late)) is not None}
    said = {name: value for name, value in file.promises if value is not None}
    return Deadlines(
        lines=(*file.deadlines, *preset.lines),
        chains={**preset.chains, **own},
        promises=preset.promises.model_copy(update=said),
    )
