"""日志 (logs): what the machine did, one line each, never what anybody said.

A line holds a time, a level, a name and a message whose parts are chosen by us. A failure is written as its kind and the
places in the code it went through; the words of the error stay out, since a library may quote in them the very text that
it failed on. SHUDAO_LOG_FORMAT=json writes objects for machines, anything else lines for people.
"""

import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def places(failure: Failure) -> str:
    """The kind of a failure and the places it went through, without its words; causes first."""
    said = []
    error: BaseException | None = failure[1]
    while error is not None:
        steps = [
            f"{row.filename.rsplit('/', 1)[-1]}:{row.lineno} {row.name}"
            for row in traceback.extract_tb(error.__traceback__)
        ]
        said.append(f"{type(error).__name__}{_code(error)} at {' < '.join(reversed(steps)) or '?'}")
        error = error.__cause__ or error.__context__
    return " caused by ".join(said)


def _code(error: BaseException) -> str:
    """What a database calls the failure: a lock that was not given, a table that is not there. Holds no words of rows."""
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return f" {code}" if code else ""


class _Wordless:
    """A formatter that lets no error speak."""

    def formatException(self, ei: Failure) -> str:  # noqa: N802 - logging's name
        """See `places`."""
        return places(ei)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """UTC to the millisecond."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class Lines(_Wordless, logging.Formatter):
    """Lines for people."""


class Objects(_Wordless, JsonFormatter):
    """JSON for machines, one object a line."""

    def __init__(self) -> None:
        told = {"asctime": "at", "levelname": "level", "exc_info": "failure"}
        super().__init__("{asctime}{levelname}{name}{message}", style="{", rename_fields=told, json_ensure_ascii=False)


def configuration(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING."""
    formatter = (
        {"()": Objects} if form == "json" else {"()": Lines, "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"own": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "own"}},
        "root": {"handlers": ["stderr"], "level": level},
        # The query log quotes rows, so it is never on; answers of 4xx are no news beside the request's own line.
        "loggers": {"django.db.backends": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
    }
