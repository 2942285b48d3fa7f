"""A pair and a circle whose people may see one another's names."""

import pytest

from applications.tests.factories import ApplicationFactory, MentorFactory
from partnerships.tests.absences.acts import cohort_with_names
from partnerships.tests.factories import circle, pair


@pytest.fixture
def partnership():
    cohort = cohort_with_names()
    return pair(
        cohort,
        mentor=MentorFactory(cohort=cohort, user__name="Ada", user__email="ada@lse.ac.uk", bio="canary-bio"),
        mentee=ApplicationFactory(cohort=cohort, user__name="Ben", user__email="ben@lse.ac.uk"),
    )


@pytest.fixture
def mentor(partnership):
    return partnership.memberships.get(part="mentor").application


@pytest.fixture
def mentee(partnership):
    return partnership.memberships.get(part="mentee").application


@pytest.fixture
def group():
    return circle(cohort_with_names(), members=3)
