"""The one place that asks the full-text index, in the words of either engine."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from portal.search.words import short

# A stem, and the beginning of a word as it was typed or ''.
Term = tuple[str, str]


@dataclass(frozen=True)
class Match:
    """An entry in which every term stands."""

    id: int
    searchable: str
    object_id: UUID


def matching(
    readers: Collection[str], terms: Sequence[Term], *, in_title: bool, below: int | None, limit: int
) -> list[Match]:
    """The newest entries under one of these readers' marks that hold every term, at most `limit`.

    `in_title` asks for every term in the title; otherwise anywhere. `below` is the id after which to go
    on. Terms and marks hold letters and digits only: neither engine has a sign for those.
    """
    if not readers or not terms:
        return []
    for one in (*readers, *(part for term in terms for part in term if part)):
        if not one.isalnum():
            raise ValueError("a search term is letters and digits")
    ask, place = (_postgresql, "e.id") if connection.vendor == "postgresql" else (_sqlite, "w.rowid")
    sql, words = ask([short(mark) for mark in sorted(readers)], terms, in_title)
    params: list[str | int] = [words]
    if below is not None:
        params.append(below)
    after = "" if below is None else f"AND {place} < %s"
    rows = _asked(sql.format(below=after, limit=int(limit)), params)
    return [Match(pk, key, one if isinstance(one, UUID) else UUID(one)) for pk, key, one in rows]


def _asked(sql: str, params: Sequence[str | int]) -> list[tuple[int, str, Any]]:
    with ExitStack() as stack:
        if connection.vendor == "postgresql":
            stack.enter_context(_by_index())
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[tuple[int, str, Any]] = cursor.fetchall()
    return rows


@contextmanager
def _by_index() -> Iterator[None]:
    """Many marks look to PostgreSQL as if half the table fits, and then it reads all of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def _sqlite(marks: Sequence[str], terms: Sequence[Term], in_title: bool) -> tuple[str, str]:
    column = "title_words" if in_title else "words"
    parts = []
    for stem, beginning in terms:
        either = [f'"{mark}{stem}"' for mark in marks]
        either += [f'"{mark}{beginning}" *' for mark in marks if beginning]
        parts.append(f"{column} : ({' OR '.join(either)})")
    sql = (
        "SELECT e.id, e.searchable, e.object_id FROM search_words w JOIN search_entry e ON e.id = w.rowid "
        "WHERE search_words MATCH %s {below} ORDER BY w.rowid DESC LIMIT {limit}"
    )
    return sql, " AND ".join(parts)


def _postgresql(marks: Sequence[str], terms: Sequence[Term], in_title: bool) -> tuple[str, str]:
    before = "t:" if in_title else ""
    parts = []
    for stem, beginning in terms:
        either = [f"'{before}{mark}{stem}'" for mark in marks]
        either += [f"'{before}{mark}{beginning}':*" for mark in marks if beginning]
        parts.append(f"({' | '.join(either)})")
    # Found first and put in order then: otherwise PostgreSQL walks down the ids until enough of them fit.
    sql = (
        "WITH found AS MATERIALIZED (SELECT e.id, e.searchable, e.object_id FROM search_entry e "
        "WHERE e.lexemes @@ %s::tsquery {below}) SELECT * FROM found ORDER BY id DESC LIMIT {limit}"
    )
    return sql, " & ".join(parts)
