"""A year of concerns in figures, with nobody in them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import UserFactory
from concerns import services, summary
from concerns.contents import reporter_of
from concerns.models import Case, Category
from concerns.tests.factories import AT, file_case, handler
from programmes.models import Duty
from programmes.permissions import programmes_with_concern_figures
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
LAST_YEAR = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)


def test_a_year_counts_what_came_in_during_it_in_this_programme():
    programme = CohortFactory().programme
    for _ in range(6):
        file_case(programme, at=LAST_YEAR, category=Category.CONDUCT)
    file_case(programme, at=AT)
    file_case(at=LAST_YEAR)

    for _ in range(5):
        file_case(at=LAST_YEAR)

    found = summary.summary_of(programme, 2025, viewer=UserFactory())

    assert found.total == "5"
    assert dict(found.tables[0].rows)[Category.CONDUCT.label] == "5"
    assert {value for table in found.tables for _, value in table.rows} == {"5", "fewer than 5"}


def test_only_years_that_are_over_are_told_also_those_without_a_case():
    programme = CohortFactory().programme  # sign-up opened in 2025

    assert summary.years_of(programme, at=AT) == [2025]
    assert summary.years_of(programme, at=AT.replace(year=2028)) == [2027, 2026, 2025]
    assert summary.years_of(ProgrammeFactory(), at=AT) == [2025]


@pytest.mark.clause("ALL-1")
def test_handlers_and_administrators_read_their_own_programmes_and_nobody_else_any():
    programme = ProgrammeFactory()
    administrator = DutyFactory(programme=programme).user
    clerk = DutyFactory(programme=programme, kind="eligibility").user
    DutyFactory()

    allowed = [list(programmes_with_concern_figures(user)) for user in (handler(programme), administrator)]
    refused = [
        programmes_with_concern_figures(user).count()
        for user in (clerk, UserFactory(), UserFactory(is_superuser=True), AnonymousUser())
    ]

    assert (allowed, refused) == ([[programme], [programme]], [0, 0, 0, 0])


def test_a_year_costs_the_same_however_much_came_in(django_assert_num_queries):
    programme = CohortFactory().programme
    for _ in range(3):
        file_case(programme, at=LAST_YEAR)

    viewer = DutyFactory(programme=programme).user
    with django_assert_num_queries(2):
        summary.summary_of(programme, 2025, viewer=viewer)
    assert Case.objects.count() == 3


def test_an_answer_is_in_time_by_what_was_said_first_whatever_is_written_later():
    programme = CohortFactory().programme
    person = handler(programme)
    for days in [1] * 5 + [9] * 10:
        case = file_case(programme, at=LAST_YEAR)
        services.answer(case, by=person, text="Thank you.", at=LAST_YEAR + timedelta(days=days))
        services.add(case, by=reporter_of(case), text="And more.", at=AT)

    tables = {
        table.heading: dict(table.rows) for table in summary.summary_of(programme, 2025, viewer=person).tables
    }

    assert tables["First answer"] == {summary.IN_TIME: "5", summary.LATE: "10"}


@pytest.mark.clause("EI-6", "ALL-1")
def test_a_handler_counts_nothing_that_is_kept_from_them():
    programme = CohortFactory().programme
    ada, other = handler(programme, name="Ada Lovelace"), handler(programme)
    for named in ["", "", "", "", "Lovelace"]:
        file_case(programme, at=LAST_YEAR, named=named)

    told = {user: summary.summary_of(programme, 2025, viewer=user).total for user in (ada, other)}

    assert told == {ada: "fewer than 5", other: "5"}


@pytest.mark.clause("ALL-1")
def test_an_administrator_who_handles_for_another_programme_counts_all_of_this_one():
    programme = CohortFactory().programme
    both = DutyFactory(programme=programme).user
    DutyFactory(user=both, kind=Duty.Kind.CONCERNS)
    for _ in range(5):
        file_case(programme, at=LAST_YEAR)

    assert summary.summary_of(programme, 2025, viewer=both).total == "5"
