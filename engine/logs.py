"""Logs: plain lines on a terminal, JSON elsewhere; one line an event, each event with a name that stays.

No words or addresses of customers at INFO and above, not even in what went wrong; no secret at any level.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Collection, Mapping, MutableMapping
from functools import lru_cache
from types import TracebackType
from typing import Any, TextIO

import structlog

from engine.log_events import EVENTS
from language.direction import printable
from language.hiding import hidden
from language.masking import masked
from language.trouble import Trouble

Event = MutableMapping[str, Any]
OURS_ALONE = frozenset({"timestamp", "level", "name"})
OWN_NAMES = frozenset({"agent", "mailbox", "account", "key"})
"""Fields that name what is ours, agents among it; nobody else's address can stand in them."""
SHORT = 80
FRAMES = 8
UNNAMED = "other"

log = structlog.get_logger()


def configure(
    level: str,
    form: str,
    stream: TextIO = sys.stderr,
    *,
    secrets: Collection[str] = (),
    ours: Collection[str] = (),
) -> None:
    """Set up logging once for the whole process. `ours` are addresses that may be named."""
    as_json = form == "json" or (form == "auto" and not stream.isatty())
    all_of_it = level.lower() == "debug"
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), sort_keys=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _named,
            _with_messages if all_of_it else _without_messages,
            _Clean(secrets, None if all_of_it else frozenset(one.lower() for one in ours)),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _take_in_others(all_of_it)


def catch_all() -> None:
    """Let what nobody caught be one line of the log, too."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def in_short(error: BaseException) -> dict[str, str]:
    """What went wrong and where, without what it says: that may be a customer's words.

    What we say ourselves stays.
    """
    said = f": {error}" if isinstance(error, Trouble) else ""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    after = f" after {type(before).__name__}" if before else ""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    at = " < ".join(f"{_short(one.filename)}:{one.lineno} {one.name}" for one in reversed(frames))
    return {"error": f"{type(error).__name__}{said}{after}", "at": at}


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _named(_: Any, __: str, event: Event) -> Event:
    """The event's name, right behind its level; what it says in words may change, the name stays."""
    at, level, words = event.pop("timestamp"), event.pop("level"), event.pop("event")
    name = EVENTS.get(words, UNNAMED) if isinstance(words, str) else UNNAMED
    return {"timestamp": at, "level": level, "name": name, "event": words, **event}


def _error_of(event: Event) -> BaseException | None:
    given = event.pop("exc_info", None)
    if isinstance(given, BaseException):
        return given
    found = given if isinstance(given, tuple) else sys.exc_info() if given else (None, None, None)
    error = found[1]
    return error if isinstance(error, BaseException) else None


def _without_messages(_: Any, __: str, event: Event) -> Event:
    if error := _error_of(event):
        event.update(in_short(error))
    return event


def _with_messages(_: Any, __: str, event: Event) -> Event:
    if error := _error_of(event):
        event.update(in_short(error))
        event["traceback"] = "".join(traceback.format_exception(error)).strip()
    return event


class _Clean:
    """The last word on every line: no secret, nobody's address, nothing that a terminal would obey."""

    def __init__(self, secrets: Collection[str], ours: Collection[str] | None) -> None:
        self._secrets = tuple(one for one in secrets if one)
        self._ours = ours
        # Nearly every line says what others before it said: a mail's kind, a letter's result.
        self._short = lru_cache(512)(self._text)

    def __call__(self, _: Any, __: str, event: Event) -> Event:
        known = event["name"] != UNNAMED
        return {
            field: value
            if field in OURS_ALONE or (known and field == "event") or isinstance(value, int)
            else self._clean(field in OWN_NAMES, field == "traceback", value)
            for field, value in event.items()
        }

    def _clean(self, own: bool, long: bool, value: Any) -> Any:
        if isinstance(value, str):
            clean = self._short if len(value) <= SHORT else self._text
            return clean(own, long, value)
        if isinstance(value, list | tuple):
            return [self._clean(own, long, one) for one in value]
        if isinstance(value, Mapping):
            return {str(name): self._clean(own, long, one) for name, one in value.items()}
        return value if value is None or isinstance(value, int | float) else self._text(own, long, str(value))

    def _text(self, own: bool, long: bool, text: str) -> str:
        if self._ours is not None and not own:
            text = masked(text, self._ours)
        text = hidden(text, self._secrets) if self._secrets else text
        return text if long else printable(text)


class _Others(logging.Handler):
    """What a library logs: at INFO and above without its values, which may be anything."""

    def __init__(self, *, all_of_it: bool) -> None:
        super().__init__(logging.DEBUG if all_of_it else logging.WARNING)
        self._all_of_it = all_of_it

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage() if self._all_of_it else str(record.msg) if record.args else ""
        error = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, "a library says", library=record.name, says=said, exc_info=error)


def _take_in_others(all_of_it: bool) -> None:
    root = logging.getLogger()
    for known in [one for one in root.handlers if isinstance(one, _Others)]:
        root.removeHandler(known)
    root.addHandler(_Others(all_of_it=all_of_it))
    warnings.showwarning = _warned  # type: ignore[assignment]


def _warned(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any) -> None:
    log.debug("a library warns", kind=category.__name__, says=str(message), at=f"{_short(filename)}:{lineno}")


def _uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None = None
) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    found = error if error is not None else kind()
    log.critical("something went wrong that nothing caught", exc_info=found.with_traceback(trace))
