"""The page of what is held about oneself: what, why, who has seen it, and what one can do about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from concerns.tests.factories import file_case
from declarations.models import Declaration
from matching.tests.factories import ExclusionFactory, RunFactory
from overview.models import RetentionPeriod
from overview.personal.categories import CATEGORIES
from overview.queries.held import Held
from overview.services import erasing
from overview.tests.factories import DisclosureFactory
from partnerships.tests.factories import pair
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("my_data")


def held(client, user):
    """The categories that the page names."""
    client.force_login(user)
    return [row.category.key for row in client.get(PAGE).context["categories"]]


def page(client, user):
    client.force_login(user)
    return client.get(PAGE).content.decode()


def test_who_is_signed_out_is_asked_to_sign_in(client):
    assert client.get(PAGE).url == f"{reverse('account_login')}?next={PAGE}"


def test_who_has_an_account_alone_finds_that_alone(client):
    assert held(client, UserFactory()) == ["account", "sign-in"]


def test_only_what_is_held_of_the_person_is_named(client):
    partnership = pair()
    mentor = partnership.memberships.first().application.user

    assert held(client, mentor) == [
        *("account", "sign-in", "applications", "acceptances", "partnerships", "matching"),
    ]
    assert held(client, DutyFactory().user) == ["account", "sign-in", "duties"]


def test_the_page_does_not_tell_that_the_matching_has_run(client):
    application = ApplicationFactory()
    before = held(client, application.user)

    ExclusionFactory(run=RunFactory(cohort=application.cohort), application=application)

    assert held(client, application.user) == before
    assert "matching" not in held(client, ApplicationFactory(draft=True).user)


@pytest.mark.clause("EI-6")
def test_whom_a_concern_is_about_finds_nothing_of_it(client):
    partnership = pair()
    mentor, mentee = (row.application.user for row in partnership.memberships.order_by("pk"))
    file_case(by=mentee, named=f"{mentor.name}, {mentor.email}")

    assert "concerns" in held(client, mentee)
    assert "concerns" not in held(client, mentor)


def test_why_by_whom_and_how_long_stands_beside_each(client):
    text = page(client, ApplicationFactory().user)

    assert "To decide who takes part in a programme" in text
    assert '<span class="nowrap">2 years</span> from the end of the cohort' in text


def test_a_period_that_an_administrator_set_is_the_one_that_is_told(client):
    RetentionPeriod.objects.create(category="applications", months=7)

    assert '<span class="nowrap">7 months</span> from the end of the cohort' in page(
        client, ApplicationFactory().user
    )


@pytest.mark.parametrize(
    ("months", "said"), [(1, "1 month"), (12, "1 year"), (18, "18 months"), (24, "2 years")]
)
def test_periods_read_as_people_say_them(months, said):
    assert Held(CATEGORIES[0], months).period == said


@pytest.mark.clause("ALL-2")
def test_the_latest_lines_of_who_has_seen_what_stand_there(client):
    partnership = pair()
    mentor, mentee = (row.application for row in partnership.memberships.order_by("pk"))
    for channel in ("page", "email"):
        DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user, channel=channel)

    text = page(client, mentee.user)

    assert (text.count("mentor: Name"), reverse("seen") in text) == (2, True)
    assert "Nobody has been shown your details yet" in page(client, mentor.user)


def test_each_thing_leads_to_where_it_is_changed_or_taken_back(client):
    waiting = ApplicationFactory(waiting=True)
    Declaration.objects.create(
        user=waiting.user, cohort=waiting.cohort, wording="Yes", made_at=waiting.started_at
    )

    text = page(client, waiting.user)

    for route in ("edit_application", "withdraw_application", "withdraw_declaration"):
        assert reverse(route, args=[waiting.pk]) in text
    for route in ("account_email", "account_settings", "concern", "download_my_data", "delete_account"):
        assert reverse(route) in text


def test_who_has_been_introduced_leaves_by_the_partnership_and_not_by_withdrawing(client):
    partnership = pair()
    mentor = partnership.memberships.first().application

    text = page(client, mentor.user)

    assert reverse("leave", args=[partnership.pk]) in text
    assert reverse("withdraw_application", args=[mentor.pk]) not in text


def test_what_was_decided_against_offers_nothing_to_change(client):
    declined = MentorFactory(state="declined")

    text = page(client, declined.user)

    assert declined.get_absolute_url() in text
    assert reverse("edit_application", args=[declined.pk]) not in text


def test_it_is_reached_from_every_page_and_from_the_account(client):
    client.force_login(UserFactory())

    assert f'href="{PAGE}"' in client.get(reverse("home")).content.decode()
    assert client.get(reverse("account_email")).content.decode().count(f'href="{PAGE}"') == 2


def test_the_page_asks_the_database_as_often_for_one_row_as_for_three(client, django_assert_num_queries):
    user = UserFactory()

    def one_more():
        partnership = pair(mentee=ApplicationFactory(user=user))
        mentor, mentee = (row.application for row in partnership.memberships.order_by("pk"))
        DisclosureFactory(partnership=partnership, of=mentee, to=mentor.user)

    one_more()
    page(client, user)
    with CaptureQueriesContext(connection) as for_one:
        client.get(PAGE)
    one_more()
    one_more()

    with django_assert_num_queries(len(for_one)):
        client.get(PAGE)


# Deleting the account

DELETE, KEEP = reverse("delete_account"), reverse("keep_account")


def test_who_is_sure_asks_for_deletion_and_reads_until_when_it_can_be_called_back(client):
    user = ApplicationFactory().user
    client.force_login(user)

    answer = client.post(DELETE, {"understood": "on"}, follow=True)

    erasure = erasing.standing_request(user)
    assert erasure.ready_at - erasure.asked_at == timedelta(days=3)
    text = answer.content.decode()
    assert ("Your account will be deleted" in text, KEEP in text, DELETE in text) == (True, True, False)
    assert "It begins on 17 January 2026, 09:30: until then" in text


def test_who_does_not_tick_deletes_nothing(client):
    user = UserFactory()
    client.force_login(user)

    text = client.post(DELETE, {}).content.decode()

    assert "Tick this if you are sure" in text
    assert erasing.standing_request(user) is None


def test_a_deletion_that_is_not_possible_says_why(client):
    only = UserFactory(is_superuser=True)
    client.force_login(only)

    text = client.post(DELETE, {"understood": "on"}).content.decode()

    assert "You are the only one who runs this site" in text
    assert erasing.standing_request(only) is None


def test_who_has_asked_calls_it_back_by_one_button(client):
    user = UserFactory()
    client.force_login(user)
    client.post(DELETE, {"understood": "on"})

    text = client.post(KEEP, follow=True).content.decode()

    assert "Your account stays as it is" in text
    assert erasing.standing_request(user) is None


def test_there_is_nothing_to_call_back_where_nothing_was_asked(client):
    client.force_login(UserFactory())

    assert "There is no request" in client.post(KEEP, follow=True).content.decode()


def test_who_has_asked_is_led_to_where_it_stands(client):
    client.force_login(UserFactory())
    client.post(DELETE, {"understood": "on"})

    assert client.get(DELETE).url == PAGE


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_deletion_wants_a_fresh_proof(client, settings, clock, method):
    user = UserFactory()
    client.force_login(user)
    settings.STEP_UP = True
    clock.shift(timedelta(minutes=50))

    answer = getattr(client, method)(DELETE, {"understood": "on"})

    assert (answer.status_code, answer.url.startswith(DELETE)) == (302, False)
    assert erasing.standing_request(user) is None


@pytest.mark.parametrize(("method", "route"), [("get", DELETE), ("post", DELETE), ("post", KEEP)])
def test_who_is_signed_out_deletes_and_keeps_nothing(client, method, route):
    assert getattr(client, method)(route).url == f"{reverse('account_login')}?next={route}"
