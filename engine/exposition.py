"""The text format of Prometheus (0.0.4), by hand: the client library would cost a worker megabytes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Labels = Mapping[str, str]
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, what it says, and its samples."""

    name: str
    kind: str
    """counter, gauge or histogram."""
    help: str
    samples: Sequence[tuple[Labels, float]] = ()


def counter(name: str, help_text: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """A number that only grows, until the worker starts again."""
    return Family(name, "counter", help_text, tuple(samples))


def gauge(name: str, help_text: str, samples: Iterable[tuple[Labels, float]] | float) -> Family:
    """A number that grows and falls."""
    found = (({}, samples),) if isinstance(samples, int | float) else tuple(samples)
    return Family(name, "gauge", help_text, found)


def histogram(
    name: str, help_text: str, bounds: Sequence[float], counts: Sequence[int], total: float
) -> Family:
    """How many were at most so large; `counts` has one class more than `bounds`, for all above them."""
    below, samples = 0, list[tuple[Labels, float]]()
    for bound, count in zip((*bounds, math.inf), counts, strict=True):
        below += count
        samples.append(({"": "_bucket", "le": _number(bound)}, below))
    samples += [({"": "_sum"}, total), ({"": "_count"}, below)]
    return Family(name, "histogram", help_text, samples)


def text(families: Iterable[Family]) -> str:
    """The whole page; a metric without samples is left out."""
    lines: list[str] = []
    for family in families:
        if family.samples:
            lines.append(f"# HELP {family.name} {_escaped(family.help)}")
            lines.append(f"# TYPE {family.name} {family.kind}")
            lines += [_sample(family.name, labels, value) for labels, value in family.samples]
    return "\n".join(lines) + "\n"


def _sample(name: str, labels: Labels, value: float) -> str:
    """A label without a name is what is added to the metric's own."""
    named = ",".join(f'{key}="{_quoted(one)}"' for key, one in labels.items() if key)
    return f"{name}{labels.get('', '')}{f'{{{named}}}' if named else ''} {_number(value)}"


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(words: str) -> str:
    return _escaped(words).replace('"', r"\"")
