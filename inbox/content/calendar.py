"""What an invitation says (iCalendar, RFC 5545), for mails that say nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINES = 5000
_LONGEST = 20_000
_COMPONENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL"})
_WANTED = ("SUMMARY", "DTSTART", "DTEND", "DUE", "LOCATION", "DESCRIPTION")
_NAME = re.compile(r"([A-Za-z0-9-]{1,60})((?:;[^:;\"]{1,200}(?:\"[^\"]{0,500}\")?)*):")
_ZONE = re.compile(r"TZID=\"?([^\";:]{1,100})", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d{0,2}(Z?))?")
_ESCAPED = re.compile(r"\\([\\;,nN:\"])")


def describe(text: str) -> str:
    """Summary, time, place and description of the first entry, a line each; "" when there is none."""
    found: dict[str, tuple[str, str]] = {}
    for name, parameters, value in _first_entry(text):
        if name in _WANTED and name not in found:
            found[name] = (parameters, value)
    when = _when(found)
    said = {name: _unescaped(value).strip() for name, (_, value) in found.items()}
    lines = (said.get("SUMMARY", ""), when, said.get("LOCATION", ""), said.get("DESCRIPTION", ""))
    return "\n".join(line for line in lines if line)


def _first_entry(text: str) -> Iterator[tuple[str, str, str]]:
    """Name, parameters and value of each property of the first event, task or note, its alarms left out."""
    depth = 0
    for line in _unfolded(text):
        found = _NAME.match(line)
        if not found:
            continue
        name, value = found[1].upper(), line[found.end() :]
        if name == "BEGIN":
            depth += 1 if depth or value.strip().upper() in _COMPONENTS else 0
        elif name == "END" and depth:
            depth -= 1
            if not depth:
                return
        elif depth == 1:
            yield name, found[2], value


def _unfolded(text: str) -> Iterator[str]:
    """The content lines: a line that begins with white space goes on with the one before it."""
    waiting: list[str] = []
    size = 0
    for line in text.split("\n", _LINES)[:_LINES]:
        if line.startswith((" ", "\t")) and waiting:
            size += len(line)
            if size <= _LONGEST:
                waiting.append(line[1:])
            continue
        if waiting:
            yield "".join(waiting)
        waiting, size = [line[:_LONGEST]], 0
    yield "".join(waiting)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _when(found: dict[str, tuple[str, str]]) -> str:
    """Begin and end: 2026-03-05 10:00 – 11:00 (Asia/Tehran)."""
    parameters, begin = found.get("DTSTART", ("", ""))
    day, time, zone = _time(begin)
    if not day:
        return ""
    last_day, last_time, _ = _time((found.get("DTEND") or found.get("DUE") or ("", ""))[1])
    until = last_time if last_day == day else f"{last_day} {last_time}".strip()
    named = _ZONE.search(parameters)
    where = f" ({named[1] if named else zone})" if time and (named or zone) else ""
    start = f"{day} {time}".strip()
    return (f"{start} – {until}" if until and time else start) + where


def _time(value: str) -> tuple[str, str, str]:
    """Day, hour and zone of a DATE or DATE-TIME; empty ones when it is none."""
    found = _TIME.match(value.strip())
    if not found:
        return "", "", ""
    hour = f"{found[4]}:{found[5]}" if found[4] else ""
    return f"{found[1]}-{found[2]}-{found[3]}", hour, "UTC" if found[6] else ""
