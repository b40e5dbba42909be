"""The database itself keeps the words of a text for the press as they were released."""

from django.db import migrations

FROZEN = ("title", "text", "sort", "embargo_until", "released_at", "released_by_id", "shelf", "subject_id")
REFUSED = "a released text for the press keeps its words"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
        schema_editor.execute(
            "CREATE FUNCTION press_text_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF OLD.released_at IS NOT NULL AND ({changed}) THEN RAISE EXCEPTION '{REFUSED}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER press_text_frozen BEFORE UPDATE ON papers_presstext "
            "FOR EACH ROW EXECUTE FUNCTION press_text_frozen()"
        )
        return
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
    schema_editor.execute(
        "CREATE TRIGGER press_text_frozen BEFORE UPDATE ON papers_presstext "
        f"WHEN OLD.released_at IS NOT NULL AND ({changed}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER press_text_frozen ON papers_presstext")
        schema_editor.execute("DROP FUNCTION press_text_frozen()")
        return
    schema_editor.execute("DROP TRIGGER press_text_frozen")


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_press")]
    operations = [migrations.RunPython(add, remove)]
