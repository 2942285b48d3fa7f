"""A programme that exists in nobody's code: set up in the admin by HTTP, then applied to as people do."""

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.models import Application, State
from programmes.tests.setting_up import set_up_a_third_programme

pytestmark = pytest.mark.django_db

ANSWERS = {
    "mentor": {"bio": "I count birds.", "places": "2"},
    "mentee": {"bio": "I count fish.", "support_areas": ["Writing"]},
}
SHOWN = {
    "mentor": [("Name", "Ada Quayle"), ("About me", "I count birds.")],
    "mentee": [("Name", "Ada Quayle"), ("Areas of support", ("Writing",))],
}
KEPT_BACK = {"mentor": ["One-to-one mentees"], "mentee": ["About me"]}


@pytest.fixture
def programme(client):
    client.force_login(UserFactory(is_superuser=True))
    return set_up_a_third_programme(client)


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_who_applies_sees_exactly_what_its_policy_discloses_and_submits(client, programme, role):
    person = UserFactory(name="Ada Quayle")
    client.force_login(person)

    page = client.get(reverse("apply", args=["research", role]))
    check = client.post(page.request["PATH_INFO"], ANSWERS[role] | {"continue": "1"}, follow=True)
    done = client.post(check.redirect_chain[-1][0], {"accepts_policy": "on"}, follow=True)

    (preview,) = check.context["cards"]
    assert [(line.label, line.value or line.values) for line in preview.card.lines] == SHOWN[role]
    assert check.context["outsiders"] == KEPT_BACK[role]
    application = Application.objects.get()
    assert (application.user, application.state) == (person, State.SUBMITTED)
    assert (application.cohort.programme, application.role) == (programme, role)
    assert [a.policy_version.label for a in application.acceptances.all()] == ["2026"]
    assert [line.label for line in done.context["cards"][0].card.lines] == [label for label, _ in SHOWN[role]]
