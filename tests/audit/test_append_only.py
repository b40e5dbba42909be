"""The audit record: rows are chained, and the database refuses to change them."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal.audit import record
from portal.audit.models import AuditRow, AuditSeal, ViewRow
from tests.cast import World, start


@pytest.fixture
def rows(world: World) -> list[AuditRow]:
    start(world.kabinet_a, world.a, "visits")
    start(world.kabinet_b, world.b, "visits")
    record.seal()
    record.record_view(world.kabinet_a, AuditRow.objects.order_by("id")[0])
    return list(AuditRow.objects.order_by("id"))


@pytest.mark.parametrize("model", [AuditRow, AuditSeal, ViewRow])
@pytest.mark.parametrize("statement", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}"])
def test_the_database_refuses(rows: list[AuditRow], model, statement: str) -> None:
    column = "event" if model is AuditRow else "digest" if model is AuditSeal else "object_type"
    before = model.objects.count()
    assert before
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(t=model._meta.db_table, c=column))
    assert model.objects.count() == before


def test_seals_chain_per_scope_and_hold(rows: list[AuditRow]) -> None:
    assert AuditSeal.objects.count() == len(rows)
    assert AuditSeal.objects.values("chain").distinct().count() == 2
    assert record.seal() == 0
    assert record.broken_seals() == []


def test_a_changed_row_breaks_its_seal(rows: list[AuditRow], monkeypatch: pytest.MonkeyPatch) -> None:
    """The triggers are in the way of a real change, so the check is shown a changed row."""
    real = record.digest
    victim = rows[0].pk

    def looks_changed(row: AuditRow, previous: str) -> str:
        if row.pk == victim:
            row.event = "something.else"
        return real(row, previous)

    monkeypatch.setattr(record, "digest", looks_changed)
    assert [seal.row_id for seal in record.broken_seals()] == [victim]


def test_of_a_text_only_its_length_is_recorded(world: World) -> None:
    from measures.tracking import actions
    from tests.cast import any_action

    action = any_action(start(world.kabinet_a, world.a, "visits"))
    actions.drop(by=world.kabinet_a, action=action, reason="Een heel bijzonder woord")
    row = AuditRow.objects.get(event="action.dropped")
    assert row.changes["reason"] == {"length": 24}
    assert "bijzonder" not in str(row.changes)
