"""A person's own ceiling over all programmes: it holds, and nobody else learns of it (BM-8)."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse

from accounts.services import change_settings
from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from matching.services import releasing
from matching.tests.factories import RunFactory, suggested
from mentorship.lib.refusals import NotPossible
from partnerships import services
from partnerships.models import EndReason, Membership, Partnership
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, DutyFactory, PathwayFactory
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-8")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
Part = Membership.Part


def cohort_of_a_programme():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    PathwayFactory(programme=cohort.programme, kind="circle", label="Circle", smallest=2, largest=8)
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    return cohort


@pytest.fixture
def cohorts():
    """Of two programmes."""
    return [cohort_of_a_programme() for _ in range(2)]


@pytest.fixture
def person():
    return UserFactory(name="Ada")


def accepted(factory, cohort, **details):
    application = factory(cohort=cohort, **details)
    PolicyAcceptanceFactory(application=application)
    return application


def mentor_in(cohort, person, **details):
    return accepted(MentorFactory, cohort, user=person, **details)


def introduce(mentor):
    mentee = accepted(ApplicationFactory, mentor.cohort)
    people = [(mentor, Part.MENTOR), (mentee, Part.MENTEE)]
    return services.introduce(cohort=mentor.cohort, pathway="one_to_one", people=people, by=None, at=NOW)


def introduce_circle(lead):
    mentees = [accepted(ApplicationFactory, lead.cohort, pathway="circle") for _ in range(2)]
    people = [(lead, Part.FACILITATOR), *((mentee, Part.MENTEE) for mentee in mentees)]
    return services.introduce(cohort=lead.cohort, pathway="circle", people=people, by=None, at=NOW)


def limit(person, most):
    change_settings(person, time_zone="Europe/London", most_partnerships=most)


def refusal_of(act, *args):
    with pytest.raises(NotPossible) as refused:
        act(*args)
    return str(refused.value)


def test_a_ceiling_holds_over_two_programmes_in_the_words_of_any_full_place(cohorts, person):
    limit(person, 1)
    one, other = (mentor_in(cohort, person) for cohort in cohorts)
    introduce(one)

    by_the_ceiling = refusal_of(introduce, other)
    limit(person, None)
    by_the_place = refusal_of(introduce, one)

    assert by_the_ceiling == by_the_place == "Ada has no free place."
    assert Partnership.objects.count() == 1


def test_a_circle_counts_as_a_pair_does(cohorts, person):
    limit(person, 1)
    one, other = (mentor_in(cohort, person, can_facilitate=True) for cohort in cohorts)
    introduce_circle(one)

    assert refusal_of(introduce, other) == refusal_of(introduce_circle, other) == "Ada has no free place."


def test_without_a_ceiling_only_the_declared_room_counts(cohorts, person):
    for cohort in cohorts:
        introduce(mentor_in(cohort, person))

    assert Partnership.objects.count() == 2


def test_a_ceiling_of_none_at_all_lets_nothing_begin(cohorts, person):
    limit(person, 0)

    assert refusal_of(introduce, mentor_in(cohorts[0], person)) == "Ada has no free place."


def test_being_mentored_elsewhere_takes_none_of_it(cohorts, person):
    limit(person, 1)
    mentee = accepted(ApplicationFactory, cohorts[1], user=person)
    people = [(accepted(MentorFactory, cohorts[1]), Part.MENTOR), (mentee, Part.MENTEE)]
    services.introduce(cohort=cohorts[1], pathway="one_to_one", people=people, by=None, at=NOW)

    assert introduce(mentor_in(cohorts[0], person)).is_active


def test_what_runs_already_goes_on_below_a_lower_ceiling(cohorts, person):
    made = [introduce(mentor_in(cohort, person, places=2)) for cohort in cohorts]

    limit(person, 1)

    assert list(Partnership.objects.active()) == made
    assert (
        refusal_of(introduce, made[0].memberships.get(part="mentor").application) == "Ada has no free place."
    )


def test_below_a_lower_ceiling_the_first_end_frees_nothing_and_the_second_does(cohorts, person):
    made = [introduce(mentor_in(cohort, person, places=2)) for cohort in cohorts]
    mentor = made[0].memberships.get(part="mentor").application
    limit(person, 1)
    services.end(made[0], by=None, at=NOW, reason=EndReason.OFFICE)

    still = refusal_of(introduce, mentor)
    services.end(made[1], by=None, at=NOW, reason=EndReason.OFFICE)

    assert (still, introduce(mentor).is_active) == ("Ada has no free place.", True)


def test_a_place_that_becomes_free_in_one_programme_is_free_for_the_other(cohorts, person):
    limit(person, 1)
    one, other = (mentor_in(cohort, person) for cohort in cohorts)
    services.end(introduce(one), by=None, at=NOW, reason=EndReason.OFFICE)

    assert introduce(other).is_active


def test_a_higher_ceiling_counts_from_the_moment_it_is_set(cohorts, person):
    limit(person, 1)
    one, other = (mentor_in(cohort, person) for cohort in cohorts)
    introduce(one)

    limit(person, 2)

    assert introduce(other).is_active


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_offices_that_release_at_once_never_pass_the_ceiling(cohorts, person, attempt):
    limit(person, 1)
    runs = [RunFactory(cohort=cohort) for cohort in cohorts]
    for run in runs:
        suggested(run, mentor_in(run.cohort, person), accepted(ApplicationFactory, run.cohort))

    at_once(
        *(partial(releasing.release, run, by=None, at=NOW, delay=timedelta(0)) for run in runs),
    )

    assert Partnership.objects.count() == 1
    assert Membership.objects.current().filter(seat__user=person).count() == 1


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_introductions_at_once_never_pass_the_ceiling(cohorts, person, attempt):
    limit(person, 1)
    mentors = [mentor_in(cohort, person) for cohort in cohorts]

    at_once(*(partial(introduce, mentor) for mentor in mentors))

    assert Partnership.objects.count() == 1


# Nobody else learns of it


def pages_of(client, start="/admin/"):
    """What an office reads, page by page, by following the links of the admin."""
    seen, waiting = {}, [start]
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        answer = client.get(url)
        text = answer.content.decode(errors="replace") if not answer.streaming else ""
        seen[url] = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        waiting += [link for link in re.findall(r'href="(/admin/[^"?#]*)', text) if "/logout/" not in link]
    return seen


@pytest.fixture
def office(client, cohorts, person):
    """An administrator of the first programme, signed in; Ada offers a place there and has a mentee in the other."""
    here, elsewhere = (mentor_in(cohort, person) for cohort in cohorts)
    introduce(elsewhere)
    introduce(accepted(MentorFactory, here.cohort))
    run = RunFactory(cohort=here.cohort)
    suggested(run, here, accepted(ApplicationFactory, here.cohort))
    client.force_login(DutyFactory(programme=here.cohort.programme).user)
    return [
        reverse("admin:applications_application_change", args=[here.pk]),
        reverse("admin:matching_matchrun_change", args=[run.pk]),
    ]


@pytest.mark.clause("BM-8", "ALL-1")
def test_a_ceiling_with_room_below_it_changes_no_page_of_an_office(client, office, person):
    before = pages_of(client)

    limit(person, 2)

    assert [url for url in office if url not in before] == []
    assert [url for url, page in pages_of(client).items() if page != before.get(url)] == []


@pytest.mark.clause("BM-8", "ALL-1")
def test_where_a_ceiling_is_reached_no_page_of_an_office_says_why(client, office, cohorts, person):
    limit(person, 1)

    pages = pages_of(client)

    telling = ["ceiling", "most_partnerships", "at most this many", cohorts[1].programme.name.lower()]
    assert [url for url in office if url not in pages] == []
    assert [url for url, page in pages.items() if any(word in page.lower() for word in telling)] == []
