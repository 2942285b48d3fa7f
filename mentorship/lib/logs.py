"""Lines of the log: what happened and where, never what people wrote, who they are or where they come from.

Of an exception stand its type, its codes and the lines of code that it came through. Its own words may hold anything
that somebody typed, and so may local variables: neither is written. Nor is anything that a record carries besides its
message.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from celery import current_task

request_id: ContextVar[str] = ContextVar("request_id", default="")

GONE = "…"
_EMAIL = re.compile(r"[^\s@<>\"'“”(),;:=\[\]{}/?]+@[^\s@<>\"'“”(),;:=\[\]{}/?]+")
_QUERY = re.compile(r"\?[^\s'\"]+")
_VALUES = re.compile(r"=\s?\([^)]*\)")  # PostgreSQL: “Key (email)=(somebody@…) already exists”
_ADDRESS = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|(?<![\w:])[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*(?![\w:])",
    re.IGNORECASE,
)
# A long part of a path is a link's secret (a welcome, a new password), unless it is the id of a row.
_SECRET = re.compile(r"(?<=/)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)[^\s/'\"]{20,}")
_CODES = ("pgcode", "sqlite_errorname", "errno", "smtp_code")
# What Celery's lines are filled with: a task's arguments, and its exception in words.
_NEVER_FILLED_IN = ("args", "kwargs", "exc", "traceback", "return_value")


def configuration(formatter: str, *, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error by one formatter: "json", "plain" or, in full, "full".

    A logger with a handler of its own would pass it by: Django's would mail the whole request to ADMINS, gunicorn's
    write who asked for what. Statements are logged with their values, so never.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": f"{__name__}.Json"},
            "plain": {"()": f"{__name__}.Plain"},
            "full": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "NOTSET"},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.db.backends": {"level": "INFO"},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }


class Json(logging.Formatter):
    """One object of JSON a line, for machines: production."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "moment": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request": request_id.get(),
            "task": _task_id(),
            "exception": list(_told(_error_of(record))),
        }
        return json.dumps({name: value for name, value in line.items() if value})


class Plain(logging.Formatter):
    """The same for people: the rehearsal."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(" ", "milliseconds")
        line = f"{moment} {record.levelname} {record.name} {message_of(record)}"
        return "\n".join([line, *_told(_error_of(record))])


def message_of(record: logging.LogRecord) -> str:
    """A record's message without exceptions' words, addresses, query strings and links' secrets."""
    try:
        message = str(record.msg) % _harmless(record.args) if record.args else str(record.msg)
    except (TypeError, ValueError, KeyError):
        message = str(record.msg)
    if isinstance(record.msg, BaseException):
        message = described(record.msg)
    for error in _chain(_error_of(record)):
        message = _without_words_of(error, message)
    return cleaned(message)


def cleaned(text: str) -> str:
    for pattern in (_QUERY, _EMAIL, _VALUES, _SECRET):
        text = pattern.sub(_said_in_short, text)
    return _ADDRESS.sub(lambda found: GONE if _is_address(found[0]) else found[0], text)


def described(error: BaseException) -> str:
    """An exception without its words: its type and, where there are any, its codes and the constraint it broke."""
    codes = [getattr(error, name, None) for name in _CODES]
    codes.append(getattr(getattr(error, "diag", None), "constraint_name", None))
    told = ", ".join(str(code) for code in codes if code)
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} ({told})" if told else name


def _said_in_short(found: re.Match[str]) -> str:
    return {"?": f"?{GONE}", "=": f"=({GONE})"}.get(found[0][0], GONE)


def _is_address(text: str) -> bool:
    """Whether this is an address of a machine rather than a time or a version; one that means nobody may stay."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _harmless(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {name: GONE if name in _NEVER_FILLED_IN else _by_id(args[name]) for name in args}
    return tuple(map(_by_id, args))


def _by_id(value: object) -> object:
    """A row by its key and an exception by its type; what has no words of its own stays."""
    if isinstance(value, BaseException):
        return described(value)
    return f"{type(value).__name__} {value.pk}" if hasattr(value, "pk") else value


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _without_words_of(error: BaseException, message: str) -> str:
    for words in (repr(error), str(error)):
        if len(words) > 2:
            message = message.replace(words, described(error))
    return message


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those that led to it, the last one first."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return iter(seen)


def _told(error: BaseException | None) -> Iterator[str]:
    """The first cause first: its lines of code, then what it is."""
    for each in reversed(list(_chain(error))):
        yield from _lines_of_code(each.__traceback__)
        yield described(each)


def _lines_of_code(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"


def _task_id() -> str:
    return current_task.request.id or "" if current_task else ""
