"""A duty that is taken away is gone with the next request of a session that goes on (ALL-1)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.models import Application
from applications.tests.factories import ApplicationFactory
from concerns import urls
from concerns.models import Case
from concerns.tests.factories import file_case
from overview.tests.answers import without_token
from partnerships.models import Partnership
from partnerships.tests.factories import pair
from programmes import services
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def root():
    return UserFactory(is_superuser=True)


@pytest.fixture
def signed_in(client):
    """Signs somebody with a duty in and gives it."""

    def sign_in(kind, programme=None):
        duty = DutyFactory(kind=kind, **({"programme": programme} if programme else {}))
        client.force_login(duty.user)
        return duty

    return sign_in


def statuses(client, pages):
    return [client.get(page).status_code for page in pages]


def in_admin(*names, **args):
    return [reverse(f"admin:{name}", **args) for name in names]


def test_who_administered_has_no_list_no_row_and_no_verb(client, signed_in, root):
    duty = signed_in("administer")
    partnership = pair(CohortFactory(programme=duty.programme))
    pages = in_admin("index", "partnerships_partnership_changelist", "applications_application_changelist")
    pages += in_admin(
        "partnerships_partnership_change", "partnerships_partnership_pause", args=[partnership.pk]
    )
    before = statuses(client, pages)

    services.take_duty(duty, by=root, at=AT)

    assert (before, statuses(client, pages)) == ([200] * 5, [302] * 5)
    assert client.post(pages[-1]).status_code == 302
    assert Partnership.objects.get().is_active


def test_who_decided_eligibility_decides_no_more(client, signed_in, root):
    duty = signed_in("eligibility")
    application = ApplicationFactory(cohort=CohortFactory(programme=duty.programme), waiting=True)
    pages = in_admin("index", "applications_application_changelist")
    pages += in_admin("applications_application_change", args=[application.pk])
    before = statuses(client, pages)

    services.take_duty(duty, by=root, at=AT)

    assert (before, statuses(client, pages)) == ([200] * 3, [302] * 3)
    client.post(
        reverse("admin:applications_application_decide", args=["waitlisted"]), {"ids": application.pk}
    )
    assert Application.objects.get().state == "submitted"


def test_who_handled_concerns_has_no_case_and_no_list_of_them(client, signed_in, root):
    duty = signed_in("concerns")
    case = file_case(programme=duty.programme)
    pages = [reverse("cases"), reverse("case", args=[case.pk])]
    before = statuses(client, pages)

    services.take_duty(duty, by=root, at=AT)

    assert (before, statuses(client, pages)) == ([200, 200], [404, 404])
    assert client.post(reverse("case_note", args=[case.pk]), {"text": "Too late."}).status_code == 404
    assert [entry.kind for entry in case.entries.order_by("number")][-1] != "note"


def test_who_keeps_a_duty_elsewhere_keeps_no_more_than_that(client, signed_in, root):
    duty = signed_in("administer")
    there = DutyFactory(user=duty.user).programme
    cohorts = [CohortFactory(programme=each) for each in (duty.programme, there)]
    pages = [reverse("admin:programmes_cohort_change", args=[cohort.pk]) for cohort in cohorts]

    services.take_duty(duty, by=root, at=AT)

    assert statuses(client, pages) == [302, 200]


# Rank alone


def of_a_case(pk):
    names = [route.name for route in urls.urlpatterns if ":pk>" in str(route.pattern)]
    return [reverse(name, args=[pk]) for name in names]


@pytest.mark.clause("EI-6")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("duty", [None, "administer", "eligibility"])
def test_a_superusers_rank_opens_no_case_by_any_of_its_addresses(client, root, method, duty):
    case = file_case()
    if duty:
        DutyFactory(user=root, programme=case.programme, kind=duty)
    client.force_login(root)
    send = getattr(client, method)

    theirs = [send(page) for page in of_a_case(case.pk)]
    missing = [send(page) for page in of_a_case(UUID(int=1))]

    assert len(theirs) >= 6
    assert [(a.status_code, without_token(a)) for a in theirs] == [
        (a.status_code, without_token(a)) for a in missing
    ]
    assert {answer.status_code for answer in theirs} <= {404, 405}
    assert client.get(reverse("cases")).status_code == 404


@pytest.mark.clause("EI-6")
def test_a_superuser_sees_no_case_in_any_query(root):
    file_case()

    assert Case.objects.visible_to(root).count() == 0
