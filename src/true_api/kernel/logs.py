"""Logs: one line per event with allow-listed fields only, so that no value a caller sent can get into one."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "request_id",
        "door",
        "permission",
        "status",
        "ms",
        "kind",
        "at",
        "state",
        "attempt",
        "host",
        "port",
        "pid",
        "seconds",
    ]
)


def only_allowed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that is not on the list; exceptions are named by kind, never by message."""
    return {name: value for name, value in event.items() if name in ALLOWED}


def configure_logs(*, readable: bool = False, level: int = logging.INFO) -> None:
    """Write logs from a level up to stderr: JSON lines, or `readable` ones for a person at a terminal."""
    last = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log through the standard library, with messages that may hold values: warnings and above by name only.
    logging.basicConfig(level=logging.WARNING, handlers=[_NameOnly()], force=True)


class _NameOnly(logging.Handler):
    """Says which library warned, and never what."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning("library", kind=record.name, at=f"{record.module}:{record.lineno}")
