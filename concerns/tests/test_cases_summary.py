"""The figures of a year as a page and as a file: who reads them, and that they tell of nobody (EI-6b, ALL-1)."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from concerns.models import AtRisk, Category
from concerns.tests.factories import AT, file_case, handler
from concerns.tests.pages import body, text_of
from programmes.models import Duty
from programmes.tests.factories import CohortFactory, DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
LAST_YEAR = datetime(2025, 12, 1, 10, tzinfo=UTC)
PAGES = ["cases_summary", "cases_summary_csv"]


@pytest.fixture
def programme():
    return CohortFactory(programme__name="Pairs").programme


@pytest.fixture
def administrator(client, programme):
    user = DutyFactory(programme=programme).user
    client.force_login(user)
    return user


def rows(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("name", PAGES)
def test_figures_are_nowhere_for_everybody_else(client, programme, name):
    people = [
        UserFactory(),
        UserFactory(is_superuser=True),
        DutyFactory(programme=programme, kind=Duty.Kind.ELIGIBILITY).user,
    ]
    found = []
    for user in people:
        client.force_login(user)
        found.append(client.get(reverse(name)).status_code)
    client.logout()

    assert found == [404, 404, 404]
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("name", PAGES)
def test_figures_of_another_programme_answer_like_those_of_none(client, programme, administrator, name):
    other = CohortFactory().programme

    asked = [client.get(reverse(name), {"programme": pk}) for pk in (other.pk, 987654, "x")]

    assert [response.status_code for response in asked] == [404] * 3
    assert len({body(response, "") for response in asked}) == 1


@pytest.mark.clause("ALL-1")
def test_an_administrator_reads_the_figures_and_no_case(client, programme, administrator):
    cases = [file_case(programme, at=LAST_YEAR, text="Secret words.") for _ in range(6)]

    page = client.get(reverse("cases_summary"))

    words = text_of(page)
    assert "Pairs Concerns in figures, 2025" in words
    assert "came in during 2025 5 What they were about" in words
    assert client.get(reverse("cases")).status_code == 404
    assert client.get(cases[0].get_absolute_url()).status_code == 404
    assert [case.reference for case in cases if case.reference in page.content.decode()] == []
    assert reverse("cases") not in page.content.decode().replace(reverse("cases_summary"), "")


@pytest.mark.clause("ALL-1")
def test_one_case_more_or_less_changes_nothing(client, programme, administrator):
    for _ in range(3):
        file_case(programme, at=LAST_YEAR)
    pages = [reverse(name) for name in PAGES]
    before = [body(client.get(page), "") for page in pages]

    file_case(programme, at=LAST_YEAR, category=Category.CONDUCT, at_risk=AtRisk.YES)

    assert [body(client.get(page), "") for page in pages] == before
    assert {row[-1] for row in rows(client.get(pages[1]))[1:]} == {"fewer than 5"}


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("year", ["2026", "2027", "2024", "x", "-1"])
def test_a_year_that_isnt_over_or_was_before_the_programme_is_not_offered(
    client, programme, administrator, name, year
):
    for _ in range(6):
        file_case(programme, at=AT)

    assert client.get(reverse(name), {"year": year}).status_code == 404
    assert "2026" not in text_of(client.get(reverse("cases_summary")))


def test_before_its_first_year_is_over_a_programme_has_no_figures(client):
    opens, closes = AT.date(), AT.date().replace(month=2)
    programme = CohortFactory(sign_up_opens_on=opens, sign_up_closes_on=closes).programme
    client.force_login(handler(programme))

    assert "No year is over yet" in text_of(client.get(reverse("cases_summary")))
    assert client.get(reverse("cases_summary_csv")).status_code == 404


@pytest.mark.parametrize(
    ("count", "told"), [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (7, "5"), (8, "10")]
)
def test_each_figure_of_the_file_is_rounded(client, programme, administrator, count, told):
    for _ in range(count):
        file_case(programme, at=LAST_YEAR, category=Category.CONDUCT)

    found = rows(client.get(reverse("cases_summary_csv")))

    assert found[0] == ["Programme", "Year", "Question", "Answer", "Cases"]
    assert found[1] == ["Pairs", "2025", "All", "", told]
    assert ["Pairs", "2025", "What they were about", Category.CONDUCT.label, told] in found


def test_the_file_has_a_name_that_says_nothing_and_no_cell_that_is_a_formula(client):
    programme = CohortFactory(programme__name="=1+1").programme
    client.force_login(handler(programme))

    response = client.get(reverse("cases_summary_csv"))

    assert response["Content-Disposition"] == 'attachment; filename="figures-2025.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert {row[0] for row in rows(response)[1:]} == {"'=1+1"}


def test_the_file_asks_for_a_fresh_proof_and_the_page_does_not(client, administrator, settings):
    settings.STEP_UP = True

    assert client.get(reverse("cases_summary_csv")).status_code == 302
    assert client.get(reverse("cases_summary")).status_code == 200


def test_who_has_two_programmes_chooses_one_and_its_year_by_links(client, programme, administrator):
    second = ProgrammeFactory(name="Circles")
    DutyFactory(user=administrator, programme=second, kind=Duty.Kind.CONCERNS)
    CohortFactory(programme=second, sign_up_opens_on=datetime(2024, 9, 1, tzinfo=UTC).date())

    response = client.get(reverse("cases_summary"), {"programme": second.pk, "year": 2024})

    assert "Circles Concerns in figures, 2024" in text_of(response)
    html = response.content.decode()
    assert f"?programme={programme.pk}" in html
    assert f"?programme={second.pk}&amp;year=2025" in html


def test_the_office_finds_the_figures_on_its_first_page_and_a_superuser_by_rank_does_not(
    client, administrator
):
    link = f'href="{reverse("cases_summary")}"'
    theirs = client.get(reverse("admin:index")).content.decode()
    client.force_login(UserFactory(is_superuser=True))

    assert (theirs.count(link), client.get(reverse("admin:index")).content.decode().count(link)) == (1, 0)


def test_other_methods_are_refused(client, administrator):
    assert {client.post(reverse(name)).status_code for name in PAGES} == {405}
