"""Logs: plain lines on a terminal, JSON elsewhere. No words or addresses of customers at INFO."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog


def configure(level: str, form: str, stream: TextIO = sys.stderr) -> None:
    """Set up logging once for the whole process."""
    as_json = form == "json" or (form == "auto" and not stream.isatty())
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
