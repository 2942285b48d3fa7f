from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts.tasks import forget_sessions
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_forgotten(client, clock):
    client.force_login(UserFactory())
    clock.shift(timedelta(hours=13))
    client.force_login(UserFactory())

    forget_sessions()

    assert Session.objects.count() == 1
