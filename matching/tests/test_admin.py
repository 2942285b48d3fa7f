from datetime import UTC, datetime

import pytest

from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from matching import services
from matching.models import MatchRun, Suggestion
from partnerships.models import Partnership
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
RUNS = "/admin/matching/matchrun/"


@pytest.fixture
def cohort():
    cohort = CohortFactory()
    PathwayFactory(programme=cohort.programme)
    for direction in ("of_mentor", "of_mentee"):
        DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact="name")
    return cohort


@pytest.fixture
def admin(client, cohort):
    admin = DutyFactory(programme=cohort.programme).user
    client.force_login(admin)
    return admin


def pool_of(cohort, pairs=1):
    for _ in range(pairs):
        for factory in (MentorFactory, ApplicationFactory):
            PolicyAcceptanceFactory(application=factory(cohort=cohort))


def run_of(cohort):
    return services.run(cohort=cohort, by=None, at=NOW)


def test_an_administrator_runs_reviews_and_releases(client, admin, cohort):
    pool_of(cohort, pairs=2)

    review = client.post(f"{RUNS}start/", {"cohort": cohort.pk, "pathway": ""}, follow=True)
    run = MatchRun.objects.get()
    assert review.redirect_chain[-1][0] == f"{RUNS}{run.pk}/change/"
    assert Partnership.objects.count() == 0

    one = run.suggestions.order_by("pk")[0]
    asked = client.post(f"{RUNS}{run.pk}/release/", {"suggestion": [one.pk]})
    assert list(asked.context["suggestions"]) == [one]
    assert Partnership.objects.count() == 0

    client.post(f"{RUNS}{run.pk}/release/", {"suggestion": [one.pk], "confirm": "1"})
    assert Partnership.objects.count() == 1
    assert sorted(run.suggestions.values_list("state", flat=True)) == ["proposed", "released"]


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("lock", "proposed", "locked"),
        ("unlock", "locked", "proposed"),
        ("take-out", "proposed", "taken_out"),
        ("put-back", "taken_out", "proposed"),
    ],
)
def test_each_button_moves_what_is_ticked_and_nothing_else(client, admin, cohort, verb, before, after):
    pool_of(cohort, pairs=2)
    run = run_of(cohort)
    run.suggestions.update(state=before)
    ticked, other = run.suggestions.order_by("pk")

    client.post(f"{RUNS}{run.pk}/{verb}/", {"suggestion": [ticked.pk]})

    assert dict(Suggestion.objects.values_list("pk", "state")) == {ticked.pk: after, other.pk: before}


def test_a_button_without_a_tick_changes_nothing(client, admin, cohort):
    pool_of(cohort)
    run = run_of(cohort)

    page = client.post(f"{RUNS}{run.pk}/take-out/", {}, follow=True)

    assert Suggestion.objects.get().state == "proposed"
    assert "tick at least one" in page.content.decode()


def test_an_administrator_who_takes_part_learns_nothing_of_their_own_match(client, admin, cohort):
    PolicyAcceptanceFactory(application=MentorFactory(cohort=cohort, user=admin))
    other = ApplicationFactory(cohort=cohort)
    PolicyAcceptanceFactory(application=other)
    run = run_of(cohort)

    page = client.get(f"{RUNS}{run.pk}/change/").content.decode()
    client.post(f"{RUNS}{run.pk}/release/", {"confirm": "1"})

    assert "A match of your own" in page
    assert other.user.name not in page
    assert Partnership.objects.count() == 0


@pytest.mark.clause("ALL-1")
def test_who_only_decides_eligibility_has_no_page_of_matching(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)
    run = run_of(cohort)

    asked = [client.get(RUNS), client.get(f"{RUNS}start/"), client.get(f"{RUNS}{run.pk}/release/")]

    assert [answer.status_code for answer in asked] == [403, 403, 404]


def test_looking_at_a_button_s_address_changes_nothing(client, admin, cohort):
    pool_of(cohort)
    run = run_of(cohort)

    assert client.get(f"{RUNS}{run.pk}/lock/").status_code == 405
    client.get(f"{RUNS}{run.pk}/release/?confirm=1")
    assert Suggestion.objects.get().state == "proposed"


@pytest.mark.clause("ALL-1")
def test_another_programmes_run_and_cohort_are_not_there(client, admin):
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    pool_of(other)
    run = run_of(other)

    for address in ("release/", "lock/", "unlock/", "take-out/", "put-back/"):
        assert client.post(f"{RUNS}{run.pk}/{address}", {"confirm": "1"}).status_code == 404
    assert client.get(f"{RUNS}{run.pk}/change/").url == "/admin/"
    started = client.post(f"{RUNS}start/", {"cohort": other.pk})
    assert started.context["form"].errors["cohort"] == [
        "Select a valid choice. That choice is not one of the available choices."
    ]
    assert Partnership.objects.count() == 0


def test_the_review_costs_the_same_for_one_pair_and_for_three(client, admin, cohort):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for pairs in (1, 2):
        pool_of(cohort, pairs)
        run = run_of(cohort)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{RUNS}{run.pk}/change/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
