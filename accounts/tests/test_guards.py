"""What stands between people and the addresses of others."""

import pytest

from accounts.queries import school_address
from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-5b")]


def test_nobody_is_given_somebody_elses_school_address():
    UserFactory(email="ada@lse.ac.uk")

    assert school_address(UserFactory(email="ben@home.example")) == ""
