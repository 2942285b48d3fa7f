import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from meetings.models import ContactFrequency, Meeting
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from outbox.models import Message
from partnerships.models import EndReason
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DisclosedFactFactory

pytestmark = pytest.mark.django_db


def person(partnership, part="mentee"):
    rows = partnership.memberships.filter(part=part).select_related("application__user").order_by("pk")
    return rows[0].application.user


def log_url(partnership):
    return reverse("log_meeting", args=[partnership.pk])


def frequency_url(partnership):
    return reverse("change_frequency", args=[partnership.pk])


FACTS = {"held_on": "2026-01-12", "minutes": "60", "format": "video", "frequency": "fortnightly"}


# Log a meeting


@pytest.mark.clause("EI-1b", "EI-1c")
def test_a_first_meeting_is_logged_with_the_agreed_frequency(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=3))
    client.force_login(person(partnership))

    answer = client.post(log_url(partnership), FACTS | {"is_official": "on"}, follow=True)

    meeting = Meeting.objects.get()
    assert answer.redirect_chain == [(reverse("partnership", args=[partnership.pk]), 302)]
    assert (meeting.held_on, meeting.minutes, meeting.format, meeting.is_official, meeting.logged_by) == (
        date(2026, 1, 12),
        60,
        "video",
        True,
        person(partnership),
    )
    assert meeting.attendances.count() == 2
    assert ContactFrequency.objects.get().frequency == "fortnightly"


def test_the_form_comes_filled_so_that_one_tick_is_enough(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=3, programme__meeting_minutes=45))
    ContactFrequencyFactory(partnership=partnership)
    client.force_login(person(partnership, "mentor"))

    form = client.get(log_url(partnership)).context["form"]
    filled = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    assert filled == {"held_on": date(2026, 1, 14), "format": None, "minutes": 45, "is_official": True}


def test_official_is_not_ticked_once_all_official_meetings_are_held(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=1))
    MeetingFactory(partnership=partnership, is_official=True)
    client.force_login(person(partnership))

    form = client.get(log_url(partnership)).context["form"]

    assert form.get_initial_for_field(form.fields["is_official"], "is_official") is False


def test_a_programme_without_official_meetings_does_not_ask_for_them(client):
    partnership = pair()
    client.force_login(person(partnership))

    assert list(client.get(log_url(partnership)).context["form"].fields) == [
        "held_on",
        "format",
        "minutes",
        "frequency",
    ]


@pytest.mark.clause("EI-6")
@pytest.mark.parametrize("make", [pair, circle])
def test_no_field_of_the_page_takes_words(client, make):
    partnership = make()
    client.force_login(person(partnership))

    page = client.get(log_url(partnership)).content.decode()

    assert page.count("<textarea") == 0
    assert page.count('type="text"') == 0


@pytest.mark.clause("EI-6")
def test_words_that_are_sent_all_the_same_are_kept_nowhere(client):
    partnership = pair()
    client.force_login(person(partnership))

    client.post(log_url(partnership), FACTS | {"notes": "what-we-talked-about", "format": "video"})

    kept = [str(value) for row in Meeting.objects.values() for value in row.values()]
    kept += [str(value) for row in Message.objects.values() for value in row.values()]
    assert Meeting.objects.count() == 1
    assert [value for value in kept if "what-we-talked-about" in value] == []


def test_sending_twice_makes_one_meeting_and_the_same_answer(client):
    partnership = pair()
    client.force_login(person(partnership))

    answers = [client.post(log_url(partnership), FACTS) for _ in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, reverse("partnership", args=[partnership.pk]))
    ] * 2
    assert Meeting.objects.count() == 1


def test_a_wrong_day_is_said_beside_its_field_with_a_link_to_it(client):
    partnership = pair()
    client.force_login(person(partnership))

    answer = client.post(log_url(partnership), FACTS | {"held_on": "2026-01-15"})

    assert answer.context["form"].errors == {
        "held_on": ["That day is still to come. Log the meeting once you have met."]
    }
    assert answer.content.decode().count('href="#id_held_on"') == 1
    assert Meeting.objects.count() == 0


def test_a_day_with_other_facts_is_refused_on_the_page(client):
    partnership = pair()
    MeetingFactory(partnership=partnership, held_on=date(2026, 1, 12), minutes=30)
    client.force_login(person(partnership))

    answer = client.post(log_url(partnership), FACTS)

    assert answer.context["form"].non_field_errors() == [
        (
            "A meeting on 12 January 2026 is logged already. One a day is enough: please choose another day,"
            " or correct that one on your page."
        )
    ]
    assert Meeting.objects.get().minutes == 30


def test_what_is_missing_is_named(client):
    partnership = pair()
    client.force_login(person(partnership))

    errors = client.post(log_url(partnership), {"minutes": ""}).context["form"].errors

    assert list(errors) == ["held_on", "format", "minutes", "frequency"]


@pytest.mark.clause("BM-7")
def test_in_a_circle_one_ticks_who_was_there_by_the_names_that_the_policy_shows(client):
    cohort = CohortFactory()
    DisclosedFactFactory(policy_version=cohort.policy, direction="in_circle", fact="name")
    partnership = circle(cohort=cohort, members=3)
    viewer = person(partnership)
    members = list(partnership.memberships.select_related("application__user").order_by("pk"))
    client.force_login(viewer)

    form = client.get(log_url(partnership)).context["form"]
    there = [str(member.pk) for member in members[:2]]
    client.post(log_url(partnership), {**FACTS, "attendees": there})

    assert dict(form.fields["attendees"].choices) == {
        member.pk: "You" if member.application.user == viewer else member.application.user.name
        for member in members
    }
    assert "frequency" not in form.fields
    assert [
        str(row.membership_id) for row in Meeting.objects.get().attendances.order_by("membership")
    ] == there


def test_a_name_that_the_policy_keeps_is_not_on_the_list_of_a_circle(client):
    partnership = circle(members=2)
    client.force_login(person(partnership))

    choices = dict(client.get(log_url(partnership)).context["form"].fields["attendees"].choices)

    assert sorted(choices.values()) == sorted(
        "You" if row.application.user == person(partnership) else f"Member {row.pk}"
        for row in partnership.memberships.select_related("application__user")
    )


def test_ticks_for_people_of_another_circle_are_refused(client):
    partnership, other = circle(), circle()
    client.force_login(person(partnership))
    there = [str(row.pk) for row in [*partnership.memberships.order_by("pk")[:2], other.memberships.first()]]

    answer = client.post(log_url(partnership), {**FACTS, "attendees": there})

    assert list(answer.context["form"].errors) == ["attendees"]
    assert Meeting.objects.count() == 0


@pytest.mark.clause("EI-2")
def test_after_the_end_the_page_leads_back_with_a_word(client):
    partnership = pair()
    client.force_login(person(partnership))
    end(partnership, by=None, at=datetime(2026, 1, 13, tzinfo=UTC), reason=EndReason.OFFICE)

    answer = client.post(log_url(partnership), FACTS, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "This partnership has ended. You are free to go on meeting; nothing more is logged."
    ]
    assert Meeting.objects.count() == 0


@pytest.mark.clause("EI-1b", "EI-2")
def test_after_the_end_of_the_programme_the_page_takes_a_meeting_of_the_last_days(client, clock):
    partnership = pair()
    over = datetime(2026, 5, 1, 3, tzinfo=UTC)
    end(partnership, by=None, at=over, reason=EndReason.PROGRAMME)
    clock.move_to(over)
    client.force_login(person(partnership))

    form = client.get(log_url(partnership)).context["form"]
    answer = client.post(log_url(partnership), FACTS | {"held_on": "2026-04-30"})

    assert (list(form.fields), form.initial["held_on"]) == (
        ["held_on", "format", "minutes"],
        date(2026, 4, 30),
    )
    assert form.fields["held_on"].widget.attrs["max"] == "2026-04-30"
    assert answer.url == reverse("partnership", args=[partnership.pk])
    assert (Meeting.objects.get().held_on, ContactFrequency.objects.count()) == (date(2026, 4, 30), 0)
    assert client.get(frequency_url(partnership)).status_code == 404


# How often to be in touch


@pytest.mark.clause("EI-1c")
def test_either_side_changes_the_frequency_on_a_page_and_the_other_hears_of_it(client):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")
    client.force_login(person(partnership, "mentor"))

    shown = client.get(frequency_url(partnership)).context["form"].initial
    answer = client.post(frequency_url(partnership), {"frequency": "monthly"})

    assert (shown, answer.url) == ({"frequency": "weekly"}, reverse("partnership", args=[partnership.pk]))
    assert ContactFrequency.objects.get().frequency == "monthly"
    assert [message.to for message in Message.objects.all()] == [person(partnership).email]


def test_an_unknown_frequency_changes_nothing(client):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")
    client.force_login(person(partnership))

    answer = client.post(frequency_url(partnership), {"frequency": "hourly"})

    assert list(answer.context["form"].errors) == ["frequency"]
    assert ContactFrequency.objects.get().frequency == "weekly"


def test_before_the_first_meeting_the_page_leads_to_logging_it(client):
    partnership = pair()
    client.force_login(person(partnership))

    assert client.get(frequency_url(partnership)).url == log_url(partnership)


def test_a_circle_has_no_such_page(client):
    partnership = circle()
    client.force_login(person(partnership))

    assert client.get(frequency_url(partnership)).status_code == 404


# Whose pages they are


def without_token(answer):
    """The page but for the token of its sign-out button, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("url", [log_url, frequency_url])
@pytest.mark.parametrize("method", ["get", "post"])
def test_not_yours_answers_like_not_there(client, url, method):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership)
    client.force_login(UserFactory())

    not_yours = getattr(client, method)(url(partnership))
    missing = getattr(client, method)(url(partnership).replace(str(partnership.pk), "987654321"))

    assert (not_yours.status_code, missing.status_code) == (404, 404)
    assert without_token(not_yours) == without_token(missing)


def test_who_has_left_finds_nothing_there(client):
    partnership = circle()
    membership = partnership.memberships.filter(part="mentee").order_by("pk").first()
    membership.left_on = date(2026, 1, 5)
    membership.save()
    client.force_login(membership.application.user)

    assert client.get(log_url(partnership)).status_code == 404


@pytest.mark.parametrize("url", [log_url, frequency_url])
def test_who_is_signed_out_is_asked_to_sign_in(client, url):
    address = url(pair())

    assert client.get(address).url == f"{reverse('account_login')}?next={address}"
