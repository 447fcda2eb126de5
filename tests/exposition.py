"""A strict reader of Prometheus's text format, as `promtool check metrics` is one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
PAIR = re.compile(rf'({LABEL})="((?:[^"\\\n]|\\[\\"n])*)"(,|$)')
UNITS = ("_seconds", "_bytes", "_total", "_info", "_count", "_sum", "_bucket")


@dataclass
class Metric:
    kind: str
    help: str
    samples: dict[tuple[str, tuple[tuple[str, str], ...]], float] = field(default_factory=dict)

    def value(self, suffix: str = "", **labels: str) -> float:
        return self.samples[suffix, tuple(sorted(labels.items()))]


def read(page: str) -> dict[str, Metric]:
    """The metrics of a page; AssertionError for whatever a scraper or a linter would mind."""
    assert page.endswith("\n"), "the last line must end"
    found: dict[str, Metric] = {}
    helps: dict[str, str] = {}
    current = ""
    for line in page.splitlines():
        if line.startswith("# HELP "):
            name, _, words = line.removeprefix("# HELP ").partition(" ")
            assert re.fullmatch(NAME, name) and name not in helps and words, line
            helps[name] = words
        elif line.startswith("# TYPE "):
            name, kind = line.removeprefix("# TYPE ").split(" ")
            assert name in helps and name not in found, f"{name}: HELP first, and once"
            assert kind in ("counter", "gauge", "histogram", "summary", "untyped")
            found[name], current = Metric(kind, helps[name]), name
        else:
            _sample(line, current, found[current])
    for name, metric in found.items():
        _lint(name, metric)
    return found


def _sample(line: str, current: str, metric: Metric) -> None:
    match = SAMPLE.fullmatch(line)
    assert match, line
    name, labels, number = match.groups()
    assert name.startswith(current), f"{name} stands under {current}"
    key = (name.removeprefix(current), tuple(sorted(_labels(labels or ""))))
    assert key not in metric.samples, f"twice: {line}"
    metric.samples[key] = math.inf if number == "+Inf" else float(number)


def _labels(text: str) -> Iterator[tuple[str, str]]:
    at, names = 0, set[str]()
    while at < len(text):
        match = PAIR.match(text, at)
        assert match, text
        name, value, _ = match.groups()
        assert name not in names, text
        names.add(name)
        yield name, value.replace(r"\"", '"').replace(r"\n", "\n").replace("\\\\", "\\")
        at = match.end()


def _lint(name: str, metric: Metric) -> None:
    assert metric.samples, f"{name} has no samples"
    assert name.startswith("peygir_") and name == name.lower()
    assert (metric.kind == "counter") == name.endswith("_total"), name
    if metric.kind == "histogram":
        _histogram(name, metric)
    else:
        assert all(suffix == "" for suffix, _ in metric.samples), name


def _histogram(name: str, metric: Metric) -> None:
    classes = [
        (math.inf if dict(labels)["le"] == "+Inf" else float(dict(labels)["le"]), value)
        for (suffix, labels), value in metric.samples.items()
        if suffix == "_bucket"
    ]
    assert classes == sorted(classes) and classes[-1][0] == math.inf, name
    counts = [count for _, count in classes]
    assert counts == sorted(counts), f"{name}: classes add up"
    assert metric.value("_count") == counts[-1]
    assert metric.value("_sum") >= 0
