from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import MatchRun, Suggestion
from matching.services import runs
from matching.tests.factories import RunFactory, suggested
from matching.tests.people import NOW, mentee, mentor, people_of, run
from partnerships.models import Partnership
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db
RUNS = "/admin/matching/matchrun/"
STATE = MatchRun.State


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def pool_of(cohort, pairs=1):
    for _ in range(pairs):
        mentor(cohort), mentee(cohort)


def page_of(client, run):
    return client.get(f"{RUNS}{run.pk}/change/")


def test_a_run_that_nobody_takes_up_says_so_after_a_minute(office, cohort, clock):
    pool_of(cohort)
    office.post(f"{RUNS}start/", {"cohort": cohort.pk, "pathway": ""})
    clock.shift(timedelta(seconds=61))

    shown = page_of(office, MatchRun.objects.get()).content.decode()

    assert "the worker may not be running" in shown
    assert "a few seconds, as a rule" not in shown


def test_an_administrator_asks_for_a_run_and_reads_it_once_it_is_done(office, cohort):
    pool_of(cohort, pairs=2)

    asked = office.post(f"{RUNS}start/", {"cohort": cohort.pk, "pathway": ""}, follow=True)
    made = MatchRun.objects.get()
    assert asked.redirect_chain[-1][0] == f"{RUNS}{made.pk}/change/"
    assert "It waits for its turn" in asked.content.decode()
    assert made.suggestions.count() == 0

    runs.carry_out_waiting(lambda: NOW)

    assert [row.suggestion for row in page_of(office, made).context["reviewed"]] == list(
        made.suggestions.order_by("fit", "pk")
    )
    assert Partnership.objects.count() == 0


def test_a_run_says_how_far_it_is_and_can_be_cancelled(office, cohort):
    from uuid import uuid4

    going = RunFactory(
        cohort=cohort,
        state=STATE.RUNNING,
        claim=uuid4(),
        alive_at=NOW,
        finished_at=None,
        input_hash="",
        progress="Round 3: 12 people placed so far",
    )
    assert "Round 3: 12 people placed so far." in page_of(office, going).content.decode()

    after = office.post(f"{RUNS}{going.pk}/cancel/", follow=True)

    assert "It stops at its next step." in after.content.decode()


def test_a_run_that_was_not_possible_says_why(office, cohort):
    failed = RunFactory(
        cohort=cohort, state=STATE.FAILED, failure="The locked places can't all be kept.", input_hash=""
    )

    assert "The locked places can&#x27;t all be kept." in page_of(office, failed).content.decode()


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("lock", ("proposed", False), ("proposed", True)),
        ("unlock", ("proposed", True), ("proposed", False)),
        ("refuse", ("proposed", False), ("refused", False)),
        ("put-back", ("refused", False), ("proposed", False)),
    ],
)
def test_each_button_moves_what_is_ticked_and_nothing_else(office, cohort, verb, before, after):
    pool_of(cohort, pairs=2)
    made = run(cohort)
    made.suggestions.update(state=before[0], is_locked=before[1])
    ticked, other = made.suggestions.order_by("pk")

    office.post(f"{RUNS}{made.pk}/{verb}/", {"suggestion": [ticked.pk]})

    now = {row.pk: (row.state, row.is_locked) for row in Suggestion.objects.all()}
    assert now == {ticked.pk: after, other.pk: before}


@pytest.mark.parametrize("ticks", [{}, {"suggestion": ["x"]}, {"suggestion": ["9" * 30]}])
def test_a_button_without_a_tick_changes_nothing(office, cohort, ticks):
    pool_of(cohort)
    made = run(cohort)

    page = office.post(f"{RUNS}{made.pk}/refuse/", ticks, follow=True)

    assert Suggestion.objects.get().state == "proposed"
    assert "tick at least one" in page.content.decode()


def test_an_administrator_who_takes_part_learns_nothing_of_their_own_match(office, admin, cohort):
    mentor(cohort, user=admin)
    other = mentee(cohort)

    page = page_of(office, run(cohort)).content.decode()

    assert "A match of your own" in page
    assert other.user.name not in page


def test_an_administrator_who_was_left_out_does_not_read_why(office, admin, cohort):
    mentee(cohort, user=admin)

    page = page_of(office, run(cohort))

    assert list(page.context["left_out"]) == []


def test_a_match_is_looked_for_for_one_person(office, cohort):
    pool_of(cohort, pairs=2)
    asked = mentee(cohort)

    office.post(f"{RUNS}start-for/{asked.pk}/")
    runs.carry_out_waiting(lambda: NOW)

    made = MatchRun.objects.get()
    assert made.only_for == asked
    assert [asked.pk in people for people in people_of(made)] == [True]


def test_a_person_s_page_has_a_button_that_looks_for_a_match(office, cohort):
    free = mentee(cohort)
    button = f'action="{RUNS}start-for/{free.pk}/"'

    assert button in office.get(f"/admin/applications/application/{free.pk}/change/").content.decode()
    free.state = "waitlisted"
    free.save()
    assert button not in office.get(f"/admin/applications/application/{free.pk}/change/").content.decode()


@pytest.mark.clause("EI-M")
def test_the_proof_of_a_run_is_worked_out_anew(office, cohort):
    pool_of(cohort)
    made = run(cohort)

    assert all(finding.holds for finding in office.get(f"{RUNS}{made.pk}/proof/").context["findings"])

    MatchRun.objects.filter(pk=made.pk).update(total=1)
    assert not all(finding.holds for finding in office.get(f"{RUNS}{made.pk}/proof/").context["findings"])


def test_a_long_review_comes_in_pages(office, cohort, monkeypatch):
    from matching import queries

    monkeypatch.setattr(queries, "ROWS_PER_PAGE", 2)
    pool_of(cohort, pairs=3)
    made = run(cohort)

    first, second = page_of(office, made), office.get(f"{RUNS}{made.pk}/change/?page=2")

    assert [len(page.context["reviewed"]) for page in (first, second)] == [2, 1]


@pytest.mark.clause("ALL-1")
def test_who_only_decides_eligibility_has_no_page_of_matching(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)
    made = run(cohort)
    someone = mentee(cohort)

    pages = [RUNS, f"{RUNS}start/", f"{RUNS}{made.pk}/proof/"]
    assert [client.get(page).status_code for page in pages] == [403, 403, 404]
    assert client.post(f"{RUNS}start-for/{someone.pk}/").status_code == 404


def test_looking_at_a_button_s_address_changes_nothing(office, cohort):
    pool_of(cohort)
    made = run(cohort)
    verbs = ["lock", "unlock", "refuse", "put-back", "cancel"]

    assert [office.get(f"{RUNS}{made.pk}/{verb}/").status_code for verb in verbs] == [405] * 5
    assert office.get(f"{RUNS}start-for/{mentee(cohort).pk}/").status_code == 405
    assert Suggestion.objects.get().state == "proposed"


@pytest.mark.clause("ALL-1")
def test_another_programmes_run_person_and_cohort_are_not_there(office):
    other = CohortFactory()
    PathwayFactory(programme=other.programme)
    pool_of(other)
    made = run(other)

    for address in ("lock/", "unlock/", "refuse/", "put-back/", "cancel/"):
        assert office.post(f"{RUNS}{made.pk}/{address}").status_code == 404
    assert office.get(f"{RUNS}{made.pk}/proof/").status_code == 404
    assert office.post(f"{RUNS}start-for/{other.applications.first().pk}/").status_code == 404
    assert page_of(office, made).url == "/admin/"
    started = office.post(f"{RUNS}start/", {"cohort": other.pk})
    assert started.context["form"].errors["cohort"] == [
        "Select a valid choice. That choice is not one of the available choices."
    ]
    assert str(other) not in office.get(f"{RUNS}start/").content.decode()


def test_the_review_costs_the_same_for_few_pairs_and_for_more(office, cohort):
    pool_of(cohort)
    mentee(cohort), run(cohort)
    counts = []
    for pairs in (1, 3):
        pool_of(cohort, pairs)
        made = run(cohort)
        with CaptureQueriesContext(connection) as queries:
            page_of(office, made)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_list_of_runs_costs_the_same_for_one_and_for_three(office, cohort):
    counts = []
    for _ in (1, 2):
        suggested(RunFactory(cohort=cohort), mentor(cohort), mentee(cohort))
        with CaptureQueriesContext(connection) as queries:
            office.get(RUNS)
        counts.append(len(queries))

    assert counts[0] == counts[1]
