"""A ceiling over all programmes, and training that comes first: what matching may use, and what nobody learns of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from matching import gathering, readiness
from matching.services import releasing
from matching.tests.people import NOW, mentee, mentor, run
from partnerships.models import Partnership
from partnerships.services import circles
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def taken_elsewhere(user):
    """A partnership that this person mentors in another programme."""
    cohort = CohortFactory()
    return pair(cohort=cohort, mentor=mentor(cohort, user=user))


@pytest.mark.clause("BM-8")
@pytest.mark.parametrize(("ceiling", "rooms"), [(None, 2), (3, 2), (2, 1), (1, 0)])
def test_matching_offers_no_more_than_the_ceiling_that_a_person_set_over_all_programmes(
    cohort, ceiling, rooms
):
    row = mentor(cohort, places=2, user__most_partnerships=ceiling)
    taken_elsewhere(row.user)

    found = gathering.gather(cohort, on=TODAY).rooms.get(row.pk, {})

    assert found.get("one_to_one", 0) == rooms


@pytest.mark.clause("BM-8", "ALL-1")
def test_no_page_of_the_office_says_why_a_place_is_not_free(client, cohort, admin):
    row = mentor(cohort, places=1, user__most_partnerships=1)
    mentee(cohort)
    other = taken_elsewhere(row.user)
    made = run(cohort)
    client.force_login(admin)

    pages = [
        client.get(reverse("admin:matching_matchrun_change", args=[made.pk])),
        client.get(reverse("admin:applications_application_change", args=[row.pk])),
    ]

    assert made.placed == 0
    for page in pages:
        shown = page.content.decode().lower()
        assert "ceiling" not in shown
        assert "most_partnerships" not in shown
        assert other.cohort.programme.name.lower() not in shown


@pytest.mark.clause("BM-8")
def test_who_takes_nobody_on_counts_with_those_whose_places_are_taken(cohort):
    row = mentor(cohort, places=1, user__most_partnerships=1)
    taken_elsewhere(row.user)

    found = readiness.readiness(cohort, on=TODAY)

    assert (found.full, [group.key for group in found.groups]) == (1, [])


@pytest.mark.clause("BM-8")
def test_a_place_that_went_elsewhere_before_the_release_holds_the_pair_back_in_the_usual_words(cohort, admin):
    row = mentor(cohort, "Law", user__most_partnerships=1)
    mentee(cohort, "Law")
    made = run(cohort)
    taken_elsewhere(row.user)

    outcome = releasing.release(made, by=admin, at=NOW, delay=timedelta(0))

    assert (outcome.released, Partnership.objects.filter(cohort=cohort).count()) == (0, 0)
    assert [held.reason for held in outcome.held_back] == [f"{row.user} has no free place."]


# Training comes first


@pytest.fixture
def trained_first(cohort):
    cohort.programme.pathways.update(requires_training=True)
    return SessionFactory(cohort=cohort, kind="one_to_one", starts_at=datetime(2026, 1, 10, 14, tzinfo=UTC))


@pytest.mark.clause("BM-12")
def test_a_release_holds_back_a_mentor_without_the_training_and_says_so(cohort, admin, trained_first):
    row = mentor(cohort, "Law")
    mentee(cohort, "Law")

    outcome = releasing.release(run(cohort), by=admin, at=NOW, delay=timedelta(0))

    assert outcome.released == 0
    assert [held.reason for held in outcome.held_back] == [
        f"{row.user} hasn't attended the training that comes first."
    ]


@pytest.mark.clause("BM-12")
@pytest.mark.parametrize(("kind", "was_there", "released"), [
    ("one_to_one", True, 1), ("one_to_one", False, 0), ("one_to_one", None, 0), ("circle", True, 0),
])  # fmt: skip
def test_only_who_was_at_a_training_of_that_kind_is_introduced(
    cohort, admin, trained_first, kind, was_there, released
):
    row = mentor(cohort, "Law")
    mentee(cohort, "Law")
    trained_first.kind = kind
    trained_first.save()
    BookingFactory(session=trained_first, application=row, has_attended=was_there)

    outcome = releasing.release(run(cohort), by=admin, at=NOW, delay=timedelta(0))

    assert outcome.released == released


def test_what_another_programme_taught_does_not_count(cohort, admin, trained_first):
    row = mentor(cohort, "Law")
    mentee(cohort, "Law")
    elsewhere = mentor(CohortFactory(), user=row.user)
    BookingFactory(session=SessionFactory(cohort=elsewhere.cohort), application=elsewhere, has_attended=True)

    assert releasing.release(run(cohort), by=admin, at=NOW, delay=timedelta(0)).released == 0


def test_the_office_of_another_programme_sees_no_ceiling_either(client, cohort):
    row = mentor(cohort, user__most_partnerships=7)
    client.force_login(DutyFactory(programme=taken_elsewhere(row.user).cohort.programme).user)

    shown = client.get(reverse("admin:applications_application_changelist")).content.decode()

    assert row.user.name in shown
    assert "most" not in shown.partition('id="result_list"')[2]


@pytest.mark.clause("BM-7")
def test_who_left_a_circle_is_not_suggested_for_it_again(cohort):
    PathwayFactory(programme=cohort.programme, kind="circle", smallest=2, largest=6)
    made = circle(cohort=cohort, members=3)
    leaver = made.memberships.filter(part="mentee").first()

    circles.let_go(leaver, by=None, at=NOW)

    pool = gathering.gather(cohort, on=NOW.date())
    lead = made.memberships.get(part="facilitator").application_id
    assert leaver.application_id in pool.mentees
    assert (leaver.application_id, lead) in pool.former
    assert run(cohort).suggestions.filter(members__application=leaver.application).count() == 0
