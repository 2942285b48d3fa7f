"""The strict bed: every test runs at one frozen moment, with a cache of its own, and with Django made less lenient.

`pytest.ini` adds the rest: warnings are errors, no socket leaves this machine, random order.
"""

import importlib
import random
import uuid
from datetime import UTC, datetime

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.urls import clear_url_caches

from programmes import triggers

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile(
    "tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)  # a Wednesday in the middle of the cohort 2025-26


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Published texts can be altered by tests, which set them up in one line; `programmes/tests/test_triggers.py` tries
    what refuses it everywhere else.
    """
    with django_db_blocker.unblock():
        triggers.remove(connection.schema_editor())


@pytest.fixture
def transactional_db(transactional_db):
    """Who goes through migrations brings the refusals of published texts back."""
    yield
    triggers.remove(connection.schema_editor())


@pytest.fixture(autouse=True)
def clock():
    """Time stands still at `NOW`; `clock.shift(timedelta(...))` and `clock.move_to(...)` go elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def own_cache():
    """No test finds what another left in the cache (limits of sign-in, for one), in memory or in Redis."""
    cache.key_prefix = uuid.uuid4().hex


@pytest.fixture(autouse=True, scope="session")
def unordered_querysets_are_shuffled():
    """Rows without an order come in a random one, as they may in production; the seed of the run repeats it."""
    fetch = QuerySet._fetch_all

    def fetch_and_shuffle(self):
        is_new = self._result_cache is None
        fetch(self)
        if is_new and not self.ordered:
            random.shuffle(self._result_cache)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", fetch_and_shuffle)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """What waits for a commit never runs in a test that is rolled back: fail, so that nobody believes it ran."""
    outcome = yield
    if connection.run_on_commit and "django_capture_on_commit_callbacks" not in pyfuncitem.fixturenames:
        pytest.fail("Something waits for a commit: use django_capture_on_commit_callbacks(execute=True).")
    return outcome


@pytest.fixture
def example(settings):
    """The site as `make run` starts it: with `/mailbox/`, which production doesn't have."""
    settings.EXAMPLE = True
    _reload_urls()
    yield
    settings.EXAMPLE = False
    _reload_urls()


def _reload_urls():
    importlib.reload(importlib.import_module("mentorship.urls"))
    clear_url_caches()
