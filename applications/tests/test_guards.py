"""What stands between an office and applications that aren't its own, each wall by itself (ALL-1)."""

import pytest
from django.contrib import admin

from applications.models import Application
from applications.tests.factories import ApplicationFactory
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]


@pytest.mark.parametrize("kind", ["administer", "eligibility"])
def test_the_page_of_an_application_asks_whose_it_is_even_if_the_list_had_let_it_through(rf, kind):
    own = ApplicationFactory()
    request = rf.get("/")
    request.user = DutyFactory(programme=own.cohort.programme, kind=kind).user
    page = admin.site._registry[Application]

    asked = [page.has_view_permission(request, each) for each in (own, ApplicationFactory())]

    assert asked == [True, False]
