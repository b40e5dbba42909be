"""A question to the database that is put into SQL once per process: for what every page asks.

Putting a question with joins into SQL costs many times what the database needs to answer it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

# No row holds these: they mark where a value must come.
_MARKS: dict[type, Any] = {date: date(1900, 1, 2), UUID: UUID(int=0xA5CED)}


def _hex(value: Any) -> Any:
    return getattr(value, "hex", None)


def _plain(value: Any) -> Any:
    return value


# How an engine may want to have a value.
_SPELLINGS: tuple[Callable[[Any], Any], ...] = (_plain, str, _hex)


class AskedOnce:
    """`build(*values)` gives a values_list; `kinds` are the types of the values: date or UUID, each once.

    `rows(*values)` gives its rows as Django would. Its other values, those in `build`, stay what they
    were at the first asking: they must not depend on time or person.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, tuple[Any, ...]]"], *kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._known: dict[str, tuple[str, list[Any], list[tuple[int, int, Any]], Any]] = {}

    def _put(self) -> tuple[str, list[Any], list[tuple[int, int, Any]], Any]:
        marks = [_MARKS[kind] for kind in self._kinds]
        compiler: Any = self._build(*marks).query.get_compiler(connection=connection)
        sql, given = compiler.as_sql()
        places = [
            (at, nr, spell)
            for at, value in enumerate(given)
            for nr, mark in enumerate(marks)
            for spell in _SPELLINGS
            if type(value) is type(spell(mark)) and value == spell(mark)
        ]
        if {nr for _at, nr, _spell in places} != set(range(len(marks))):
            raise RuntimeError("a value was not found back in the question")
        converters = compiler.get_converters([one[0] for one in compiler.select])
        return sql, list(given), places, converters

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values; one query."""
        if connection.vendor not in self._known:
            self._known[connection.vendor] = self._put()
        sql, given, places, converters = self._known[connection.vendor]
        params = list(given)
        for at, nr, spell in places:
            params[at] = spell(values[nr])
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchall()
        return [_converted(row, converters) for row in found]


def _converted(row: tuple[Any, ...], converters: Any) -> tuple[Any, ...]:
    values = list(row)
    for at, (convs, expression) in converters.items():
        for one in convs:
            values[at] = one(values[at], expression, connection)
    return tuple(values)
