"""The full-text index beside the entries, kept by the database: FTS5, or a generated tsvector."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "title_words, words, content='search_entry', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', detail=column)",
    "CREATE TRIGGER search_words_insert AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_words(rowid, title_words, words) "
    "VALUES (new.id, new.title_words, new.words); END",
    "CREATE TRIGGER search_words_delete AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_words(search_words, rowid, title_words, words) "
    "VALUES ('delete', old.id, old.title_words, old.words); END",
    "CREATE TRIGGER search_words_update AFTER UPDATE ON search_entry BEGIN "
    "INSERT INTO search_words(search_words, rowid, title_words, words) "
    "VALUES ('delete', old.id, old.title_words, old.words); "
    "INSERT INTO search_words(rowid, title_words, words) "
    "VALUES (new.id, new.title_words, new.words); END",
)
SQLITE_BACK = (
    "DROP TRIGGER search_words_update",
    "DROP TRIGGER search_words_delete",
    "DROP TRIGGER search_words_insert",
    "DROP TABLE search_words",
)
# The lexemes as they are: the words were folded and stemmed before, the same on either engine.
POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN lexemes tsvector GENERATED ALWAYS AS ("
    "array_to_tsvector(array_remove(string_to_array("
    "regexp_replace(title_words, '([^ ]+)', 't:\\1', 'g') || ' ' || words, ' '), ''))) STORED",
    "CREATE INDEX search_entry_lexemes ON search_entry USING gin (lexemes)",
)
POSTGRESQL_BACK = ("ALTER TABLE search_entry DROP COLUMN lexemes",)


def _run(apps, schema_editor, on_sqlite, on_postgresql):
    for statement in on_postgresql if schema_editor.connection.vendor == "postgresql" else on_sqlite:
        schema_editor.execute(statement, params=None)


def add(apps, schema_editor):
    _run(apps, schema_editor, SQLITE, POSTGRESQL)


def remove(apps, schema_editor):
    _run(apps, schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
