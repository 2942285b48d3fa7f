"""Cases that were filed before there were two doors."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from concerns.models import Case, Entry
from concerns.services import answer
from concerns.tests.factories import AT, file_case, handler

# A flush between tests deletes rows, which the triggers refuse on SQLite.
pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="tried where offices run it")


@pytest.fixture
def cases(transactional_db):
    """One that waits and one that was answered, gone back to the tables of before and forward again."""
    waiting, answered = file_case(), file_case()
    answer(answered, by=handler(answered.programme), text="Thank you.", at=AT)
    MigrationExecutor(connection).migrate([("concerns", "0002_entries_only_grow")])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    return waiting, answered


def test_who_waits_is_known_afterwards_and_entries_are_still_refused_a_change(cases):
    waiting, answered = cases

    waits = dict(Case.objects.values_list("pk", "unanswered_since"))

    assert waits == {waiting.pk: AT, answered.pk: None}
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.update(number=7)
