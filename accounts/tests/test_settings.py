import re
from zoneinfo import available_timezones

import pytest
from django.urls import reverse

from accounts import zones
from accounts.models import User
from accounts.services import change_settings
from accounts.tests.factories import UserFactory
from mentorship.lib.refusals import NotPossible

pytestmark = pytest.mark.django_db
URL = "/account/settings/"
SENT = {"time_zone": "Asia/Tokyo", "most_partnerships": "2"}


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def kept(person):
    return User.objects.values_list("time_zone", "most_partnerships").get(pk=person.pk)


@pytest.mark.clause("BM-8")
def test_a_person_sets_a_time_zone_and_a_ceiling(client, person):
    answer = client.post(URL, SENT, follow=True)

    assert answer.redirect_chain == [(URL, 302)]
    assert kept(person) == ("Asia/Tokyo", 2)
    assert "Your settings are saved." in answer.content.decode()


@pytest.mark.clause("BM-8")
def test_an_empty_ceiling_is_none(client, person):
    change_settings(person, time_zone="Europe/London", most_partnerships=3)

    client.post(URL, SENT | {"most_partnerships": ""})

    assert kept(person) == ("Asia/Tokyo", None)


def test_the_page_comes_with_what_is_set(client, person):
    change_settings(person, time_zone="America/Toronto", most_partnerships=3)

    form = client.get(URL).context["form"]

    assert (form["time_zone"].value(), form["most_partnerships"].value()) == ("America/Toronto", 3)


@pytest.mark.clause("BM-8")
def test_the_page_says_that_no_office_sees_the_ceiling(client, person):
    page = client.get(URL).content.decode()

    assert "No office sees this number" in page
    assert "What runs already isn’t touched." in page


@pytest.mark.parametrize(
    ("sent", "field", "error"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose one from the list."),
        ({"time_zone": ""}, "time_zone", "Choose one."),
        ({"most_partnerships": "-1"}, "most_partnerships", "Give a number from 0 to 50, or leave it empty."),
        ({"most_partnerships": "51"}, "most_partnerships", "Give a number from 0 to 50, or leave it empty."),
        ({"most_partnerships": "two"}, "most_partnerships", "Give a number from 0 to 50, or leave it empty."),
    ],
)
def test_errors_stand_beside_their_field(client, person, sent, field, error):
    answer = client.post(URL, SENT | sent)

    assert answer.context["form"].errors == {field: [error]}
    assert kept(person) == ("Europe/London", None)


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"most_partnerships": 51}, {"most_partnerships": -1}]
)
def test_the_service_keeps_the_same_rules(person, wrong):
    with pytest.raises(NotPossible):
        change_settings(person, **{"time_zone": "Europe/London", "most_partnerships": 1, **wrong})
    assert kept(person) == ("Europe/London", None)


def test_nothing_else_of_the_account_changes(client, person):
    before = User.objects.values().get(pk=person.pk)

    client.post(URL, SENT | {"name": "Somebody", "is_superuser": "on", "email": "other@lse.ac.uk"})

    after = User.objects.values().get(pk=person.pk)
    assert {name for name in before if before[name] != after[name]} == {"time_zone", "most_partnerships"}


def test_everybody_changes_their_own(client, person):
    other = UserFactory()

    client.post(URL, SENT | {"pk": other.pk, "user": other.pk})

    assert kept(other) == ("Europe/London", None)


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.post(URL, SENT).url == f"{reverse('account_login')}?next={URL}"


def test_the_account_page_leads_there(client, person):
    assert f'href="{URL}"' in client.get(reverse("account_email")).content.decode()


# Zones


def test_every_zone_is_offered_once_the_usual_ones_first():
    groups = zones.choices("Europe/London")

    names = [name for _, group in groups for name, _ in group]
    assert groups[0][0] == "Often chosen"
    assert names[: len(zones.USUAL)] == list(zones.USUAL)
    assert len(names) == len(set(names))
    assert set(names) <= available_timezones()


def test_places_are_written_as_people_say_them():
    labels = {name: label for _, group in zones.choices("UTC") for name, label in group}

    assert [labels[name] for name in ("Europe/London", "America/Argentina/Ushuaia", "America/New_York")] == [
        "London (the School)",
        "Ushuaia (Argentina)",
        "New York",
    ]


def test_an_old_name_of_a_zone_is_kept_for_who_has_it(client, person):
    change_settings(person, time_zone="US/Eastern", most_partnerships=None)

    page = client.get(URL).content.decode()
    client.post(URL, {"time_zone": "US/Eastern", "most_partnerships": "1"})

    assert re.findall(r'<option value="([^"]+)" selected', page) == ["US/Eastern"]
    assert kept(person) == ("US/Eastern", 1)


@pytest.mark.parametrize("gone", ["Mars/Olympus", "", "../etc"])
def test_a_zone_that_has_left_the_database_reads_as_the_schools(gone):
    assert UserFactory.build(time_zone=gone).zone.key == "Europe/London"
