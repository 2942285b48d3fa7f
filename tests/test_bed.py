"""The bed is as strict as it says (conftest.py, pytest.ini, tests/undefined.py)."""

import random
import socket
import warnings
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template import Context, Engine, Origin, Template
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.tests.factories import UserFactory

OURS = settings.BASE_DIR / "templates" / "somewhere.html"
ANOTHERS = settings.BASE_DIR / ".venv" / "somewhere.html"


def render(file, text, **context):
    return Template(text, Origin(str(file)), engine=Engine.get_default()).render(Context(context))


@pytest.mark.parametrize(
    "text",
    ["{{ person.nam }}", "{{ person.nam|default:'-' }}", "{% with nam=person.nam %}{{ nam }}{% endwith %}"],
)
def test_an_undefined_variable_in_a_template_of_ours_fails(text):
    with pytest.raises(pytest.fail.Exception, match="somewhere.html, line 2: “person.nam” is undefined"):
        render(OURS, "\n" + text, person=User(name="Ada"))


def test_a_template_of_ours_may_ask_whether_something_is_there():
    text = "{% if person.nam %}no{% endif %}{% for x in people %}no{% empty %}none{% endfor %}"

    assert render(OURS, text, person=User(name="Ada")) == "none"


def test_templates_of_other_packages_keep_their_ways():
    assert render(ANOTHERS, "{{ person.nam }}{{ person.nam|default:'-' }}", person=User(name="Ada")) == "-"


def test_a_warning_is_an_error():
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_no_socket_leaves_this_machine():
    with pytest.raises(Exception, match="192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_time_stands_still(clock):
    assert datetime.now(UTC) == datetime.now(UTC) == datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("_", range(2))
def test_the_cache_is_empty_at_first(_):
    assert cache.get("key") is None
    cache.set("key", "value")


@pytest.mark.django_db
def test_rows_without_an_order_come_in_a_random_one():
    UserFactory.create_batch(8)
    random.seed(1)

    orders = {tuple(User.objects.order_by().values_list("pk", flat=True)) for _ in range(8)}

    assert len(orders) > 1


@pytest.mark.django_db
def test_rows_with_an_order_keep_it():
    UserFactory.create_batch(8)

    keys = list(User.objects.order_by("pk").values_list("pk", flat=True))

    assert keys == sorted(keys)


@pytest.mark.django_db
def test_what_waits_for_a_commit_runs_when_asked_for(django_capture_on_commit_callbacks):
    ran = []

    with django_capture_on_commit_callbacks(execute=True):
        transaction.on_commit(lambda: ran.append(1))

    assert ran == [1]


def test_the_mailbox_is_a_route_of_the_example_only(example):
    assert reverse("mailbox") == "/mailbox/"


def test_production_has_no_mailbox():
    with pytest.raises(NoReverseMatch):
        reverse("mailbox")
