"""What is published stays: the database refuses to alter or delete a published text, or what it shows of people.

A migration installs this (EI-1, EI-4, EI-5). On SQLite a later migration that remakes one of the two tables (any
change of a column) drops its triggers with it, so such a migration installs them again at its end.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "A published text never changes."
_VERSIONS, _FACTS = "programmes_policyversion", "programmes_disclosedfact"


def _is_published(row: str) -> str:
    return f"(SELECT published_on FROM {_VERSIONS} WHERE id = {row}.policy_version_id) IS NOT NULL"  # noqa: S608


# Table, verb, and when it is refused. A fact can neither be put into a published version nor taken out of one.
RULES = [
    (_VERSIONS, "UPDATE", "OLD.published_on IS NOT NULL"),
    (_VERSIONS, "DELETE", "OLD.published_on IS NOT NULL"),
    (_FACTS, "INSERT", _is_published("NEW")),
    (_FACTS, "UPDATE", f"{_is_published('OLD')} OR {_is_published('NEW')}"),
    (_FACTS, "DELETE", _is_published("OLD")),
]


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse every change of what is published; may be called again."""
    for table, verb, refused in RULES:
        for statement in _statements(table, verb, refused, is_postgresql=_is_postgresql(schema_editor)):
            schema_editor.execute(statement, params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the refusal away, for a migration that goes backwards."""
    for table, verb, _ in RULES:
        suffix = f" ON {table}" if _is_postgresql(schema_editor) else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {_name(table, verb)}{suffix}", params=None)


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


def _name(table: str, verb: str) -> str:
    return f"{table}_refuses_{verb.lower()}"


def _statements(table: str, verb: str, refused: str, *, is_postgresql: bool) -> list[str]:
    name = _name(table, verb)
    if not is_postgresql:
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} WHEN {refused}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        ]
    row = "OLD" if verb == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {refused} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;"
        f" RETURN {row}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
