"""What stands around a running worker for those who watch it: the heartbeat, and metrics if they are on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from engine.desk import Desk
from engine.heart import Heart, Notifier

SERVER = "engine.metrics_server"
"""Loaded only where metrics are on."""


@contextmanager
def watched(desk: Desk, environment: Mapping[str, str]) -> Iterator[None]:
    """A worker whose loops have begun. Raises CantListen where the port of the metrics is taken."""
    server: Any = import_module(SERVER).MetricsServer(desk) if desk.settings.METRICS_PORT else None
    heart = Heart(desk, Notifier.of(environment))
    if server:
        server.start()
    heart.start()
    try:
        yield
    finally:
        heart.end()
        if server:
            server.stop()
