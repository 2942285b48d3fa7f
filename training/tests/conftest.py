import pytest

from applications.tests.factories import MentorFactory
from training.tests.factories import SessionFactory


@pytest.fixture
def session():
    return SessionFactory(role="mentor", title="Listening")


@pytest.fixture
def me(client, session):
    """A mentor in the session's cohort, signed in."""
    application = MentorFactory(cohort=session.cohort)
    client.force_login(application.user)
    return application
