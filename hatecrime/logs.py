"""Application logs: one JSON line an entry, never with case text (bar row 69)."""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from cases.audit import context


class OneLine(logging.Formatter):
    """Time, level, logger, message and request id.  No arguments' contents, no SQL."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request": context.request_id(),
        }
        if record.exc_info and record.exc_info[0]:
            # The exception's text may quote what somebody typed: only its kind and place.
            entry["fault"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace and trace.tb_next:
                trace = trace.tb_next
            if trace:
                entry["where"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return json.dumps(entry)


def _message(record: logging.LogRecord) -> str:
    """What happened, never at which address: somebody may type a name into one.

    Django says the address of what it refused, the host it was asked as, and how a request
    was malformed, in the requester's own words.
    """
    request = getattr(record, "request", None)
    if record.name.startswith("django.security"):
        return "A request was refused as unsafe."
    if request is None or not record.name.startswith("django.request"):
        return record.getMessage()
    route = request.resolver_match.route if request.resolver_match else "an unknown address"
    return f"{getattr(record, 'status_code', '')} {request.method} {route}".strip()


def configure(options: dict[str, Any]) -> None:
    """Send everything to standard error as JSON lines at the configured level."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": "hatecrime.logs.OneLine"}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": options.get("level", "INFO")},
            "loggers": {
                "django": {"handlers": [], "level": "WARNING", "propagate": True},
                "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
                "weasyprint": {"level": "ERROR"},
                "fontTools": {"level": "ERROR"},
            },
        }
    )
