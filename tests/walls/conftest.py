"""The world stands once for a module; every test knocks and leaves it as it was. And the tally at the end."""

import pytest
import time_machine
from django.db import transaction

from tests.walls.crawl import walk
from tests.walls.side import NOW
from tests.walls.table import ROWS
from tests.walls.world import build_world

_tally = pytest.StashKey[str]()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two programmes in a transaction that is rolled back once the module is done."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
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
