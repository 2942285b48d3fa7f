from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.models import Application, State
from applications.tests.factories import ApplicationFactory
from declarations import services as declarations
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/applications/application/"
NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def admin(client, cohort):
    admin = DutyFactory(programme=cohort.programme).user
    client.force_login(admin)
    return admin


def decide(state, *applications):
    ids = ",".join(str(application.pk) for application in applications)
    return f"/admin/applications/application/decide/{state}/?ids={ids}"


@pytest.mark.clause("ALL-1")
def test_the_list_shows_ones_own_programme_and_no_drafts(client, admin, cohort):
    own = ApplicationFactory(cohort=cohort, user__name="Own Person")
    ApplicationFactory(user__name="Foreign Person")
    ApplicationFactory(cohort=cohort, draft=True)

    response = client.get(LIST)

    assert response.context["cl"].result_list == [own]
    assert "Foreign Person" not in response.content.decode()


@pytest.mark.clause("ALL-1")
def test_another_programmes_application_is_not_there_by_any_page(client, admin, cohort):
    other = ApplicationFactory(waiting=True)

    assert client.post(decide("accepted", other), {"reason": ""}).status_code == 404
    assert client.get(f"/admin/applications/application/record-acceptance/?ids={other.pk}").status_code == 404
    response = client.get(f"{LIST}{other.pk}/change/")
    assert response.status_code == 302
    assert response.url == "/admin/"
    other.refresh_from_db()
    assert other.state == State.SUBMITTED


def test_accepting_several_asks_once_more_and_then_accepts(client, admin, cohort):
    waiting = [ApplicationFactory(cohort=cohort, waiting=True) for _ in range(2)]
    chosen = {"action": "accept", "_selected_action": [a.pk for a in waiting]}

    asked = client.post(LIST, chosen)
    ids = ",".join(str(a.pk) for a in waiting)
    client.post("/admin/applications/application/decide/accepted/", {"reason": "", "ids": ids})

    assert "School address verified." in asked.content.decode()
    assert set(Application.objects.values_list("state", flat=True)) == {State.ACCEPTED}


def test_who_decides_eligibility_reads_and_decides_applications_and_nothing_else(client, cohort):
    duty = DutyFactory(programme=cohort.programme, kind="eligibility")
    client.force_login(duty.user)
    own = ApplicationFactory(cohort=cohort, waiting=True)
    ApplicationFactory(waiting=True)

    listed = client.get(LIST)
    client.post(decide("accepted", own), {"reason": ""})

    assert listed.context["cl"].result_list == [own]
    own.refresh_from_db()
    assert own.state == State.ACCEPTED
    for address in (
        "/admin/matching/matchrun/",
        "/admin/programmes/programme/",
        "/admin/partnerships/partnership/",
    ):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("ids", ["²", "1" * 23, "x", ""])
def test_numbers_that_are_none_are_not_there(client, admin, cohort, ids):
    assert client.get(f"/admin/applications/application/decide/accepted/?ids={ids}").status_code == 404


def test_a_refusal_without_reason_is_sent_back(client, admin, cohort):
    application = ApplicationFactory(cohort=cohort, waiting=True)

    response = client.post(decide("declined", application), {"reason": ""})

    application.refresh_from_db()
    assert application.state == State.SUBMITTED
    assert "errorlist" in response.content.decode()


@pytest.mark.clause("BM-2")
@pytest.mark.parametrize(("kind", "shown"), [("administer", False), ("eligibility", True)])
def test_the_declaration_is_shown_to_who_decides_eligibility_alone(client, admin, cohort, kind, shown):
    cohort.programme.declaration_wording = "the-wording-of-it"
    cohort.programme.save()
    application = ApplicationFactory(cohort=cohort)
    declarations.declare(by=application.user, cohort=cohort, at=NOW)
    if kind == "eligibility":
        DutyFactory(user=admin, programme=cohort.programme, kind=kind)

    page = client.get(f"{LIST}{application.pk}/change/").content.decode()

    assert ("the-wording-of-it" in page) is shown


def test_the_office_records_an_acceptance(client, admin, cohort):
    application = ApplicationFactory(cohort=cohort)
    address = f"/admin/applications/application/record-acceptance/?ids={application.pk}"

    client.post(address, {"accepted_on": "2026-01-05", "note": "Signed form"})

    assert list(application.acceptances.values_list("source", "note")) == [("office", "Signed form")]


@pytest.mark.parametrize("asked", ["yes", "no", "other", ""])
def test_the_list_finds_who_is_in_a_partnership_and_who_waits(client, admin, cohort, asked):
    waits = ApplicationFactory(cohort=cohort)
    inside = pair(cohort=cohort).memberships.get(part="mentee").application
    found = {"yes": [inside], "no": [waits]}.get(asked, [inside, waits])

    rows = client.get(LIST, {"introduced": asked, "role__exact": "mentee"}).context["cl"].result_list

    assert {row.pk for row in rows} == {row.pk for row in found}


def test_the_list_costs_the_same_for_one_and_for_three(client, admin, cohort):
    counts = []
    for _ in range(2):
        ApplicationFactory(cohort=cohort)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
        ApplicationFactory(cohort=cohort)

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["admin:index", "admin:applications_application_changelist"])
def test_without_a_duty_the_admin_is_closed(client, name):
    client.force_login(UserFactory())

    response = client.get(reverse(name), follow=True)

    assert response.status_code == 403


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn", "nonsense"])
def test_there_is_no_page_for_what_the_office_does_not_decide(client, admin, cohort, state):
    own = ApplicationFactory(cohort=cohort, waiting=True)

    assert client.get(decide(state, own)).status_code == 404


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize(("kind", "offered"), [("administer", True), ("eligibility", False)])
def test_a_match_is_looked_for_by_who_administers_alone(client, cohort, kind, offered):
    client.force_login(DutyFactory(programme=cohort.programme, kind=kind).user)
    accepted = ApplicationFactory(cohort=cohort)

    page = client.get(f"{LIST}{accepted.pk}/change/").content.decode()

    assert (">Find a match</button>" in page) is offered
