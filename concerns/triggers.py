"""Entries of a case are append-only in the database itself: it refuses to alter or delete one, whoever asks.

A migration installs this. On SQLite a later migration that remakes the table (any change of a column) drops
its triggers with it, so such a migration installs them again at its end.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "concerns_entry"
REFUSAL = "Entries of a case are append-only."
VERBS = ("UPDATE", "DELETE")


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse UPDATE and DELETE of entries; may be called again."""
    for statement in _on_postgresql() if _is_postgresql(schema_editor) else _on_sqlite():
        schema_editor.execute(statement, params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the refusal away, for a migration that goes backwards."""
    for verb in VERBS:
        suffix = f" ON {TABLE}" if _is_postgresql(schema_editor) else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {_name(verb)}{suffix}", params=None)


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


def _name(verb: str) -> str:
    return f"{TABLE}_refuses_{verb.lower()}"


def _on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {_name(verb)} BEFORE {verb} ON {TABLE}"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in VERBS
    ]


def _on_postgresql() -> list[str]:
    statements = [
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuses() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    ]
    for verb in VERBS:
        statements += [
            f"DROP TRIGGER IF EXISTS {_name(verb)} ON {TABLE}",
            f"CREATE TRIGGER {_name(verb)} BEFORE {verb} ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuses()",
        ]
    return statements
