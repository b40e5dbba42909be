"""How a log line is written: structured, and without anything a person typed or a link that lets in."""

import logging
import re

import structlog

# What follows these addresses lets somebody in; it may also stand encoded within another address.
_LETS_IN = re.compile(
    r"""((?:/|%2F)(?:uitnodiging|wachtwoord(?:/|%2F)nieuw)(?:/|%2F))[^\s'"<>]+""", re.IGNORECASE
)


def without_links(line: str) -> str:
    """The line with everything behind /uitnodiging/ and /wachtwoord/nieuw/ cut off."""
    return _LETS_IN.sub(r"\1...", line)


class Line(structlog.stdlib.ProcessorFormatter):
    """Cuts the finished line, so that no field, message or traceback is forgotten."""

    def format(self, record: logging.LogRecord) -> str:
        return without_links(super().format(record))


def formatter() -> logging.Formatter:
    """One line of key=value pairs; request paths hold only UUIDs, never names."""
    return Line(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
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
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
