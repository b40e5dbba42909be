"""How a log line is written: structured, and without anything a person typed or a link that lets in."""

import logging
import re
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

# What follows these addresses lets somebody in; it may also stand encoded within another address.
_LETS_IN = re.compile(
    r"""((?:/|%2F)(?:agenda|antwoord|uitnodiging|uitschrijven|wachtwoord(?:/|%2F)nieuw)(?:/|%2F))[^\s'"<>]+""",
    re.IGNORECASE,
)
# What follows the question mark of an address; the quote that closes a field stays.
_QUERY = re.compile(r"""\?[^\s'"]\S*?(?=['"]?(?:\s|$))""")
# In these fields of its messages Celery tells what a task was given and how it ended.
_TOLD_BY_CELERY = frozenset({"args", "exc", "kwargs", "return_value", "traceback"})
_FRAMES = 40


def without_links(line: str) -> str:
    """The line without queries, and with what follows an address that lets somebody in cut off."""
    return _QUERY.sub("", _LETS_IN.sub(r"\1...", line))


def _name(error: type[BaseException] | BaseException) -> str:
    kind = error if isinstance(error, type) else type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _plain(value: Any) -> Any:
    """An exception by its type, because its message may hold what somebody typed."""
    return _name(value) if isinstance(value, BaseException) else value


def _places(trace: TracebackType | None) -> str:
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return ", ".join(places[-_FRAMES:])


def _told(error: BaseException, trace: TracebackType | None) -> str:
    """The types and places of an exception and of those it came from."""
    told = [f"{_name(error)} ({_places(trace)})"]
    seen = {id(error)}
    while True:
        earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if earlier is None or id(earlier) in seen:
            return " after ".join(told)
        error = earlier
        seen.add(id(error))
        told.append(f"{_name(error)} ({_places(error.__traceback__)})")


def _exceptions(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Instead of exc_info, in any form a library gives it, the types and the places."""
    found = event.pop("exc_info", None)
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    elif found and not isinstance(found, tuple):
        found = sys.exc_info()
    if found and len(found) == 3 and isinstance(found[1], BaseException):
        event["exception"] = _told(found[1], found[2])
    return event


def _fields(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """No exception's message in any field, and of a request its path alone."""
    plain = {field: _plain(value) for field, value in event.items()}
    if isinstance(plain.get("request"), str):
        plain["request"] = plain["request"].partition("?")[0]
    return plain


def _without_messages(record: logging.LogRecord) -> logging.LogRecord:
    """A copy of the record whose text names exceptions and does not quote them."""
    copied = logging.makeLogRecord(record.__dict__)
    if isinstance(record.args, Mapping):
        copied.args = {
            name: "..." if name in _TOLD_BY_CELERY else _plain(value) for name, value in record.args.items()
        }
    elif record.args:
        copied.args = tuple(_plain(value) for value in record.args)
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if isinstance(record.msg, BaseException):
        copied.msg = _name(record.msg)
    elif error is not None and record.msg == str(error):
        copied.msg = _name(error)
    return copied


class Line(structlog.stdlib.ProcessorFormatter):
    """Cuts the finished line, so that no field, message or traceback is forgotten."""

    def format(self, record: logging.LogRecord) -> str:
        return without_links(super().format(_without_messages(record)))


def formatter() -> logging.Formatter:
    """One line of key=value pairs; request paths hold only UUIDs, never names."""
    return Line(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _exceptions,
            _fields,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
