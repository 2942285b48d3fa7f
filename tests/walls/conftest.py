"""The world stands once for a module; every test knocks and leaves it as it was. And the tally at the end."""

import pytest
import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from tests.walls.crawl import walk
from tests.walls.side import NOW
from tests.walls.table import ROWS
from tests.walls.world import build_world

_tally = pytest.StashKey[str]()


def number_rows_from_one():
    """The engine breaks ties by numbers of rows; without this they would go on after those of earlier tests."""
    tables = [
        model for model in apps.get_models(include_auto_created=True) if not model._base_manager.exists()
    ]
    with connection.cursor() as cursor:
        sequences = [connection.introspection.get_sequences(cursor, each._meta.db_table) for each in tables]
        empty = [sequence for found in sequences for sequence in found]
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), empty):
            cursor.execute(statement)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two programmes in a transaction that is rolled back once the module is done."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        number_rows_from_one()
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def crawl(world, request):
    """The whole table, walked once."""
    walked = walk(world, ROWS)
    request.config.stash[_tally] = walked.tally()
    return walked


def pytest_terminal_summary(terminalreporter, config):
    if tally := config.stash.get(_tally, ""):
        terminalreporter.line(tally)
