import pytest
from django.db import IntegrityError, connection, transaction

from concerns import triggers
from concerns.models import Entry
from concerns.tests.factories import file_case

pytestmark = pytest.mark.django_db

CHANGES = [
    ("UPDATE concerns_entry SET number = 2", "append-only"),
    ("UPDATE concerns_entry SET kind = 'note'", "append-only"),
    ("DELETE FROM concerns_entry", "append-only"),
]


@pytest.fixture
def editor():
    """Installs the triggers as a migration does, twice: the second time must change nothing."""
    editor = connection.schema_editor()
    triggers.install(editor)
    triggers.install(editor)
    return editor


@pytest.mark.clause("EI-6a")
@pytest.mark.parametrize(("statement", "reason"), CHANGES)
def test_the_database_itself_refuses_to_change_or_delete_an_entry(editor, statement, reason):
    file_case()

    with pytest.raises(IntegrityError, match=reason), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Entry.objects.filter(number=1, kind="filed").count() == 1


def test_entries_can_still_be_added(editor):
    case = file_case()

    Entry.objects.create(case=case, number=2, kind="note", at=case.created_at, sealed_content=b"")

    assert case.entries.count() == 2


def test_a_migration_that_goes_backwards_takes_the_refusal_away(editor):
    file_case()
    triggers.remove(editor)

    Entry.objects.update(kind="note")

    assert Entry.objects.get().kind == "note"
