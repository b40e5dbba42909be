"""The guard at the database cursor: a reading request changes nothing a person made."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_WRITE = re.compile(
    r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)"?',
    re.IGNORECASE,
)
# Sessions and sign-in counters are the portal's own housekeeping, not something a person made.
_HOUSEKEEPING = frozenset({"django_session", "portal_cache"})

_open_door: ContextVar[frozenset[str]] = ContextVar("open_door", default=frozenset())


class ReadingRequestWrote(RuntimeError):
    """A GET or HEAD tried to change a table."""


@contextmanager
def door(*tables: str) -> Iterator[None]:
    """Let the named tables be written during a reading request; used by audit.record_view only."""
    token = _open_door.set(_open_door.get() | frozenset(tables))
    try:
        yield
    finally:
        _open_door.reset(token)


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """A database execute wrapper that raises on a write outside the named doors."""
    found = _WRITE.match(sql)
    if found and found.group(1) not in _HOUSEKEEPING | _open_door.get():
        raise ReadingRequestWrote(f"a reading request wrote to {found.group(1)}")
    return execute(sql, params, many, context)
