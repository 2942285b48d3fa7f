"""The table of periods as a superuser sets it, with what is due and what has gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from overview.models import RetentionPeriod, RetentionRun
from overview.services import periods, purging
from overview.tests.factories import KeptMessageFactory
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
PERIODS = reverse("admin:overview_retentionperiod_changelist")
RUNS = reverse("admin:overview_retentionrun_changelist")
AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def root(client):
    """The client, signed in as a superuser, with the table as it is delivered."""
    periods.install()
    client.force_login(UserFactory(is_superuser=True))
    return client


def change_url(row):
    return reverse(f"admin:overview_{row._meta.model_name}_change", args=[row.pk])


def test_a_superuser_sets_a_period_and_nothing_else_of_a_row(root):
    row = RetentionPeriod.objects.get(category="mail")

    root.post(change_url(row), {"months": "7", "category": "other"})

    row.refresh_from_db()
    assert (row.category, row.months) == ("mail", 7)
    assert LogEntry.objects.get().object_id == str(row.pk)


@pytest.mark.parametrize("months", ["0", "121", "-1", "x", ""])
def test_a_period_is_between_a_month_and_ten_years(root, months):
    row = RetentionPeriod.objects.get(category="mail")

    page = root.post(change_url(row), {"months": months}).content.decode()

    row.refresh_from_db()
    assert (row.months, "errorlist" in page) == (24, True)


def test_no_row_is_added_or_deleted(root):
    row = RetentionPeriod.objects.get(category="mail")

    answers = [
        root.get(reverse("admin:overview_retentionperiod_add")).status_code,
        root.post(
            reverse("admin:overview_retentionperiod_delete", args=[row.pk]), {"post": "yes"}
        ).status_code,
    ]

    assert answers == [403, 403]
    assert RetentionPeriod.objects.filter(pk=row.pk).exists()


def test_the_list_shows_a_dry_run_and_what_is_announced(root):
    KeptMessageFactory(state="sent", sent_at=datetime(2023, 6, 1, 9, tzinfo=UTC))
    assert [(each.rule.key, each.rows) for each in root.get(PERIODS).context["due"]] == [("mail", 1)]
    assert "Nothing is announced" in root.get(PERIODS).content.decode()

    run = purging.announce(at=AT)

    page = root.get(PERIODS).content.decode()
    assert change_url(run) in page
    assert "Kept e-mails" in page
    assert "1 June 2025" in page


def test_a_past_run_says_what_went(root):
    KeptMessageFactory(state="sent", sent_at=datetime(2023, 6, 1, 9, tzinfo=UTC))
    run = purging.announce(at=AT)
    purging.carry_out(run, at=AT + timedelta(days=7))

    assert "Kept e-mails: 1 announced, 1 gone" in root.get(change_url(run)).content.decode()
    assert root.post(change_url(run), {"planned": "{}"}).status_code == 403


def test_an_office_sees_none_of_it(client):
    periods.install()
    row = RetentionPeriod.objects.get(category="mail")
    client.force_login(DutyFactory().user)

    answers = [client.get(url).status_code for url in (PERIODS, RUNS, change_url(row))]

    assert answers == [403, 403, 403]


def test_the_list_of_runs_asks_as_often_for_one_row_as_for_three(root, django_assert_num_queries):
    def one_more():
        number = RetentionRun.objects.count()
        RetentionRun.objects.create(
            planned_at=AT,
            reported_at=AT,
            begins_at=AT + timedelta(days=7),
            months={"mail": 1},
            planned={"mail": number},
            is_done=True,
            done_at=AT + timedelta(days=7),
        )

    one_more()
    root.get(RUNS)
    with CaptureQueriesContext(connection) as for_one:
        root.get(RUNS)
    one_more()
    one_more()

    with django_assert_num_queries(len(for_one)):
        assert len(root.get(RUNS).context["cl"].result_list) == 3


def test_a_period_wants_a_fresh_proof(root, settings, clock):
    settings.STEP_UP = True
    row = RetentionPeriod.objects.get(category="mail")
    clock.shift(timedelta(minutes=20))

    assert root.get(change_url(row)).status_code == 302
