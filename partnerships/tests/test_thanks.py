"""The certificate of thanks."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from partnerships import services
from partnerships.models import EndReason
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-2")]
AFTER = datetime(2026, 5, 1, 5, tzinfo=UTC)


@pytest.fixture
def cohort():
    return CohortFactory(programme__name="Alumni mentoring", programme__team_name="alumni office")


def ended(made, reason=EndReason.PROGRAMME):
    services.end(made, by=None, at=AFTER, reason=reason)
    return made


def page_of(client, made, part):
    client.force_login(made.memberships.get(part=part).application.user)
    return client.get(reverse("certificate_of_thanks", args=[made.pk]))


def test_a_mentor_who_stayed_to_the_end_has_one_with_name_programme_cohort_and_dates(client, cohort):
    mentor = MentorFactory(cohort=cohort, user__name="Mireille Sandoval")
    made = ended(pair(cohort, mentor, ApplicationFactory(cohort=cohort, user__name="Tobias Arkwright")))

    page = page_of(client, made, "mentor").content.decode()

    assert "With thanks to Mireille Sandoval" in page
    assert "Alumni mentoring · 2025–26" in page
    assert "Mentor, 1 December 2025 to 30 April 2026" in page
    assert "Tobias" not in page


def test_a_facilitator_has_one_without_the_names_of_the_circle(client, cohort):
    made = ended(circle(cohort, name="The Thursday circle"))
    for row in made.memberships.filter(part="mentee").select_related("application__user"):
        row.application.user.name = f"Unmentioned {row.pk}"
        row.application.user.save()

    page = page_of(client, made, "facilitator").content.decode()

    assert "Facilitator of a mentoring circle, 1 December 2025 to 30 April 2026" in page
    assert "Unmentioned" not in page
    assert "Thursday" not in page


def test_before_the_end_it_is_not_there(client, cohort):
    assert page_of(client, pair(cohort), "mentor").status_code == 404


@pytest.mark.parametrize("reason", [EndReason.OFFICE, EndReason.LEAVING])
def test_a_partnership_that_ended_early_has_none(client, cohort, reason):
    assert page_of(client, ended(pair(cohort), reason), "mentor").status_code == 404


def test_a_mentor_who_left_before_the_end_has_none(client, cohort):
    made = circle(cohort)
    made.memberships.filter(part="facilitator").update(left_on=date(2026, 2, 1))

    assert page_of(client, ended(made), "facilitator").status_code == 404


def test_it_is_for_mentors_and_facilitators(client, cohort):
    assert page_of(client, ended(pair(cohort)), "mentee").status_code == 404


def test_somebody_elses_is_not_there(client, cohort):
    made = ended(pair(cohort))
    client.force_login(UserFactory())

    theirs = client.get(reverse("certificate_of_thanks", args=[made.pk]))
    missing = client.get(reverse("certificate_of_thanks", args=[made.pk + 1000]))

    assert (theirs.status_code, theirs.content) == (404, missing.content)


def test_who_is_not_signed_in_signs_in_first(client, cohort):
    made = ended(pair(cohort))

    response = client.get(reverse("certificate_of_thanks", args=[made.pk]))

    assert (response.status_code, response.url.split("?")[0]) == (302, "/account/login/")
