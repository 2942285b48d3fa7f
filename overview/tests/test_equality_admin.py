"""What the office sees of the questionnaire: rounded figures of its own programme, on paper and as a file."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from applications.tests.factories import ApplicationFactory
from equality import services as answering
from equality.questions import QUESTIONS
from matching.tests.factories import RunFactory
from overview.equality import snapshots
from overview.models import Snapshot
from overview.tests.factories import SnapshotFactory
from overview.tests.people import mentees, run_of
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-7", "ALL-1")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
CHANGELIST, FILE = "admin:overview_snapshot_changelist", "admin:overview_snapshot_csv"


@pytest.fixture
def cohort():
    return CohortFactory(programme__name="=Alumni")


@pytest.fixture
def office(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme).user)
    return client


def waiting(cohort, number, age):
    for application in ApplicationFactory.create_batch(number, cohort=cohort, waiting=True):
        answering.give(cohort=cohort, account=application.user_id, answers={"age": age}, at=NOW)


def counted(cohort, month=JANUARY):
    snapshots.take(cohort, month=month)
    return Snapshot.objects.get(cohort=cohort, month=month)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def body(response):
    """The page's own part, without the menu beside it."""
    return response.content.decode().partition('<div class="run readiness">')[2]


def test_a_month_shows_each_stage_and_each_answer_rounded(office, cohort):
    waiting(cohort, 26, "35_44"), waiting(cohort, 12, "45_54")

    text = text_of(office.get(counted(cohort).get_absolute_url()))

    assert "Applied 40 January 2026" in text
    assert "Eligible – Not shown" in text
    assert "35 to 44 25 (62%) – – –" in text
    assert "45 to 54 10 (25%) – – –" in text


def test_its_tables_have_names_and_headings(office, cohort):
    waiting(cohort, 10, "35_44")

    page = office.get(counted(cohort).get_absolute_url())

    tables = re.findall(r"<section>.*?</section>", body(page), re.DOTALL)
    wanted = ['<h2 id="', 'role="region" aria-labelledby="', '<th scope="row">', 'scope="col">']
    assert len(tables) == 1 + len(QUESTIONS)
    assert [table for table in tables if any(mark not in table for mark in wanted)] == []


def test_a_stage_to_which_too_few_have_come_says_as_before(office, cohort):
    waiting(cohort, 10, "35_44")
    counted(cohort)
    waiting(cohort, 9, "45_54")

    text = text_of(office.get(counted(cohort, FEBRUARY).get_absolute_url()))

    assert "Applied 10 As in January 2026: none or too few have come or gone since." in text
    assert "45 to 54 0 – – –" in text


def test_a_month_stays_as_it_was(office, cohort):
    waiting(cohort, 10, "35_44")
    january = counted(cohort)
    before = text_of(office.get(january.get_absolute_url()))
    waiting(cohort, 20, "45_54")
    counted(cohort, FEBRUARY)

    assert text_of(office.get(january.get_absolute_url())) == before


def test_a_month_without_figures_says_so(office, cohort):
    assert "No figures yet" in text_of(office.get(counted(cohort).get_absolute_url()))


def test_the_figures_come_as_a_file_that_no_spreadsheet_program_runs(office, cohort):
    waiting(cohort, 26, "35_44")

    response = office.get(reverse(FILE, args=[counted(cohort).pk]))

    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Disposition"] == 'attachment; filename="figures-2026-01.csv"'
    whose = ["'=Alumni", cohort.name, "2026-01", "Applied", "2026-01"]
    assert lines[1] == [*whose, "All", "", "25", ""]
    assert [*whose, "Age", "35 to 44", "25", "100%"] in lines
    assert {len(line) for line in lines} == {9}


def test_another_offices_figures_are_not_there(office):
    theirs = SnapshotFactory()

    assert theirs.get_absolute_url() not in office.get(reverse(CHANGELIST)).content.decode()
    assert office.get(reverse(FILE, args=[theirs.pk])).status_code == 404
    assert office.get(theirs.get_absolute_url()).url == reverse("admin:index")


@pytest.mark.parametrize(("kind", "status"), [("eligibility", 403), ("concerns", 302)])
def test_who_decides_eligibility_or_handles_concerns_has_no_figures(client, cohort, kind, status):
    user = DutyFactory(programme=cohort.programme, kind=kind).user
    client.force_login(user)
    counted(cohort)

    assert client.get(reverse(CHANGELIST)).status_code == status
    assert Snapshot.objects.visible_to(user).count() == 0


def test_the_list_takes_the_same_queries_for_one_month_and_for_three(
    office, cohort, django_assert_max_num_queries
):
    def asked():
        with django_assert_max_num_queries(50) as queries:
            office.get(reverse(CHANGELIST))
        return len(queries)

    SnapshotFactory(cohort=cohort)
    asked()
    few = asked()
    for month in (2, 3):
        SnapshotFactory(cohort=cohort, month=date(2026, month, 1))

    assert asked() == few


def test_nobody_writes_figures_by_hand(office, cohort):
    snapshot = counted(cohort)
    urls = [
        reverse("admin:overview_snapshot_add"),
        reverse("admin:overview_snapshot_delete", args=[snapshot.pk]),
    ]

    assert [office.post(url).status_code for url in urls] == [403, 403]


def fairness(run):
    return reverse("admin:overview_fairness", args=[run.pk])


def test_a_run_leads_to_its_fairness_by_group_which_waits_for_the_monthly_count(office, cohort):
    run = RunFactory(cohort=cohort)

    assert fairness(run) in office.get(run.get_absolute_url()).content.decode()
    assert "No figures. They come with the monthly count" in text_of(office.get(fairness(run)))


def test_the_fairness_of_a_run_stands_in_a_table_for_each_question(office, cohort):
    people = mentees(cohort, 40)
    run = run_of(cohort, placed=people[:30], left_out=people[30:])
    counted(cohort)

    page = office.get(fairness(run))

    assert "Woman 40 30 75% 70%" in text_of(page)
    assert body(page).count('role="region"') == len(QUESTIONS)


@pytest.mark.parametrize("facts", [{"is_trial": True}, {"state": "waiting", "finished_at": None}])
def test_a_trial_or_a_run_that_is_not_done_has_no_page_of_fairness(office, cohort, facts):
    assert office.get(fairness(RunFactory(cohort=cohort, **facts))).status_code == 404


def test_another_offices_run_has_none(office):
    assert office.get(fairness(RunFactory())).status_code == 404


def test_figures_are_only_read(office, cohort):
    urls = [fairness(RunFactory(cohort=cohort)), reverse(FILE, args=[counted(cohort).pk])]

    assert [office.post(url).status_code for url in urls] == [405, 405]


def test_who_takes_figures_along_has_lately_shown_that_it_is_them(office, cohort, settings, clock):
    url = reverse(FILE, args=[counted(cohort).pk])
    settings.STEP_UP = settings.ACCOUNT_REAUTHENTICATION_REQUIRED = True

    assert office.get(url).url.partition("?")[0] == reverse("account_reauthenticate")
