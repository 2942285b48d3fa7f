import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from partnerships.models import Partnership
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, PathwayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    cohort = CohortFactory(programme__slug="alumni")
    PathwayFactory(programme=cohort.programme)
    for direction in ("of_mentor", "of_mentee"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    return cohort


def accepted(cohort, factory):
    """Somebody accepted, who has accepted the policy."""
    return PolicyAcceptanceFactory(application=factory(cohort=cohort)).application


def match(*arguments):
    out = StringIO()
    call_command("match", *arguments, stdout=out)
    return out.getvalue()


def test_it_suggests_and_tells_nobody(cohort):
    mentor, mentee = accepted(cohort, MentorFactory), accepted(cohort, ApplicationFactory)

    said = match("alumni", "2025-26")

    assert f"{mentor.user.name} (mentor); {mentee.user.name} (mentee)" in said
    assert Partnership.objects.count() == 0


@pytest.mark.clause("EI-1")
def test_release_introduces_at_once_and_who_has_not_accepted_is_named(cohort):
    accepted(cohort, MentorFactory)
    mentee = ApplicationFactory(cohort=cohort)

    waiting = json.loads(match("alumni", "2025-26", "--release", "--json"))
    PolicyAcceptanceFactory(application=mentee)
    done = json.loads(match("alumni", "2025-26", "--release", "--json"))

    assert (waiting["released"], done["released"]) == (0, 1)
    assert {row["name"]: row["reason"] for row in waiting["left_out"]}[mentee.user.name] == (
        "Hasn't accepted this cohort's policy and guidance yet."
    )
    assert Partnership.objects.count() == 1


def test_the_json_has_every_pair_with_reasons_and_everybody_left_out(cohort):
    mentor, mentee = accepted(cohort, MentorFactory), accepted(cohort, ApplicationFactory)
    left = accepted(cohort, ApplicationFactory)

    report = json.loads(match("alumni", "2025-26", "--json"))

    assert (report["placed"], report["optimal"], report["released"]) == (1, True, None)
    (suggestion,) = report["suggestions"]
    in_pair = {member["application"] for member in suggestion["members"]}
    assert mentor.pk in in_pair
    assert [row["application"] for row in report["left_out"]] == list({mentee.pk, left.pk} - in_pair)


def test_an_unknown_cohort_is_answered_by_those_there_are(cohort):
    with pytest.raises(CommandError, match="There is no cohort alumni 1999. There are: alumni 2025-26."):
        match("alumni", "1999")


def test_a_cohort_that_has_ended_is_refused(cohort, clock):
    clock.move_to("2026-05-01T09:00:00+00:00")

    with pytest.raises(CommandError, match="ended on 30 April 2026"):
        match("alumni", "2025-26", "--release")
