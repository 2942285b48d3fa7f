"""The page on which a declaration is taken back, and what the office and the person find afterwards (BM-2)."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from applications.models import Application, State
from applications.services import importing
from applications.tests.factories import ApplicationFactory
from applications.tests.sheets import cohort_with_a_sheet, sheet
from declarations.models import Declaration
from declarations.services import declare, has_declared
from outbox.models import Message
from overview.tests.answers import without_token
from partnerships.tests.factories import circle, pair
from partnerships.tests.people import member
from programmes.models import Role
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-2")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def cohort():
    return CohortFactory(programme__declaration_wording="I identify as …")


def declared(application):
    declare(by=application.user, cohort=application.cohort, at=application.started_at)
    return application


@pytest.fixture
def own(cohort, client):
    """A declared application of who is signed in."""
    application = declared(ApplicationFactory(cohort=cohort))
    client.force_login(application.user)
    return application


def url(application, name="withdraw_declaration"):
    return reverse(name, args=[application.pk])


def test_ones_application_leads_there_while_it_stands(client, own):
    before = client.get(url(own, "application")).content.decode()
    client.post(url(own))
    after = client.get(url(own, "application")).content.decode()

    assert [f'href="{url(own)}"' in page for page in (before, after)] == [True, False]


def test_the_page_says_what_it_means_and_a_look_changes_nothing(client, own):
    page = client.get(url(own)).content.decode()

    assert "Take back your declaration?" in page
    assert "Your partnership ends now" not in page
    assert has_declared(user=own.user, cohort=own.cohort)


@pytest.mark.parametrize(
    ("made", "says"), [(pair, "Your partnership ends now."), (circle, "You leave Circle 1 now.")]
)
def test_whoever_is_introduced_reads_what_becomes_of_it_and_nobodys_name(client, cohort, made, says):
    own = declared(member(partnership := made(cohort)).application)
    client.force_login(own.user)

    page = client.get(url(own)).content.decode()

    assert says in page
    others = partnership.memberships.exclude(application=own).select_related("application__user")
    assert [row for row in others if row.application.user.name in page] == []


def test_pressed_twice_it_is_taken_back_once_and_leads_to_ones_application(client, own):
    answers = [client.post(url(own)), client.post(url(own))]

    own.refresh_from_db()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, url(own, "application"))] * 2
    assert own.state == State.WITHDRAWN
    assert (Declaration.objects.get().withdrawn_at, Message.objects.count()) == (NOW, 0)


def test_without_one_the_page_leads_back(client, own):
    Declaration.objects.all().delete()

    assert client.get(url(own)).url == url(own, "application")


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_persons_is_as_good_as_none(client, own, cohort, method):
    other = declared(ApplicationFactory(cohort=cohort))
    send = getattr(client, method)

    theirs, missing = send(url(other)), send(reverse("withdraw_declaration", args=[987654]))

    assert (theirs.status_code, without_token(theirs)) == (404, without_token(missing))
    assert has_declared(user=other.user, cohort=cohort)


def test_it_wants_a_sign_in(client, own):
    client.logout()

    assert client.post(url(own)).status_code == 302
    assert has_declared(user=own.user, cohort=own.cohort)


# The office


def told(client, application):
    """What the office's pages say of an application, but for whose it is."""
    page = reverse("admin:applications_application_change", args=[application.pk])
    rows = reverse("admin:applications_application_changelist")
    answers = [client.get(page), client.get(rows, {"q": application.user.email})]
    number = rf'(ids=|/application/|action" value="){application.pk}\b'
    said = [re.sub(number, "n", without_token(answer)) for answer in answers]
    whose = f"{application.user.name}|{application.user.email.replace('@', '(@|%40|%2540)')}"
    return [re.sub(whose, "…", text) for text in said]


def test_the_office_reads_as_much_as_of_any_application_that_is_withdrawn(client, cohort):
    one, other = (declared(ApplicationFactory(cohort=cohort)) for _ in range(2))
    for own, way in ((one, "withdraw_declaration"), (other, "withdraw_application")):
        theirs = Client()
        theirs.force_login(own.user)
        theirs.post(url(own, way))
    client.force_login(DutyFactory(programme=cohort.programme).user)

    assert told(client, one) == told(client, other)
    assert LogEntry.objects.count() == 0


def test_who_decides_eligibility_reads_it_no_more(client, cohort):
    own = declared(ApplicationFactory(cohort=cohort))
    reader = DutyFactory(programme=cohort.programme, kind="eligibility").user
    before = Declaration.objects.visible_to(reader).count()
    client.force_login(own.user)
    client.post(url(own))

    assert (before, Declaration.objects.visible_to(reader).count()) == (1, 0)


# The office's sheet


@pytest.mark.parametrize("role", [Role.MENTEE, Role.MENTOR])
def test_who_came_by_a_sheet_takes_theirs_back_and_no_sheet_of_before_brings_it_again(client, role):
    cohort = cohort_with_a_sheet()
    importing.import_people(cohort=cohort, role=Role.MENTEE, data=sheet({}), by=None, at=NOW)
    application = Application.objects.get()
    client.force_login(application.user)

    client.post(url(application))
    importing.import_people(cohort=cohort, role=role, data=sheet({}), by=None, at=NOW)

    assert not has_declared(user=application.user, cohort=cohort)
    assert Declaration.objects.get().withdrawn_at == NOW
