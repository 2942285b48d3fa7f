"""Whose pages of planned and of noted meetings they are."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from meetings.models import Meeting
from meetings.tests.factories import PlannedFactory, noted
from meetings.tests.pages import FACTS, NOTED, VERBS, plan_url, url
from meetings.tests.people import members, person
from outbox.models import Message
from partnerships.tests.factories import circle, pair

pytestmark = pytest.mark.django_db


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["plan_meeting", *VERBS, *NOTED, "meeting_calendar", "confirm_meeting"])
@pytest.mark.parametrize("who", ["a stranger", "who has left", "a superuser"])
def test_not_yours_is_not_there(client, who, name, method):
    partnership = circle()
    if name in [*NOTED, "confirm_meeting"]:
        meeting = noted(partnership)
    else:
        meeting = PlannedFactory(partnership=partnership)
    user = UserFactory(is_superuser=who == "a superuser")
    if who == "who has left":
        left = members(partnership, "mentee")[0]
        left.left_on = date(2026, 1, 5)
        left.save()
        user = left.application.user
    client.force_login(user)
    address = plan_url(partnership) if name == "plan_meeting" else url(name, meeting)
    refused = {("confirm_meeting", "get"), ("meeting_calendar", "post")}

    answer = getattr(client, method)(address, FACTS)

    assert answer.status_code == (405 if (name, method) in refused else 404)
    assert list(Meeting.objects.values_list("pk", "state")) == [(meeting.pk, meeting.state)]


@pytest.mark.parametrize("name", [*VERBS, *NOTED, "meeting_calendar"])
def test_who_is_signed_out_is_asked_to_sign_in(client, name):
    address = url(name, PlannedFactory(partnership=pair()))

    assert client.get(address).url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", [*VERBS, *NOTED, "meeting_calendar"])
def test_looking_changes_nothing(client, name):
    partnership = pair()
    meeting = noted(partnership) if name in NOTED else PlannedFactory(partnership=partnership)
    client.force_login(person(partnership))
    before = Meeting.objects.values().get()

    client.get(url(name, meeting))

    assert (Meeting.objects.values().get(), Message.objects.count()) == (before, 0)
