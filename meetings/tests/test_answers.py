"""The four answers to a reminder, by a signed link and without sign-in (users.md 2)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.models import Absence
from meetings import links
from meetings.models import Arranging, Meeting
from outbox.models import Message
from partnerships.models import EndReason, Flag
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.facts import Direction
from programmes.tests.factories import DisclosedFactFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
ANSWERS = [answer.value for answer in links.Answer]


def member_of(partnership, part="mentee"):
    return partnership.memberships.select_related("application__user").filter(part=part).first()


def page(membership, answer):
    return reverse(f"answer_{answer}", args=[links.token_of(membership)])


def rows():
    return [model.objects.count() for model in (Arranging, Flag, Meeting, Absence, Message)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_opening_a_link_needs_no_sign_in_and_changes_nothing(client, answer):
    member = member_of(pair())

    with CaptureQueriesContext(connection) as queries:
        shown = client.get(page(member, answer))

    assert shown.status_code == 200
    assert rows() == [0] * 5
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_page_behind_a_link_is_neutral_and_names_nobody(client, answer):
    made = pair()
    member = member_of(made)

    shown = client.get(page(member, answer)).content.decode()

    assert "<title>Your mentoring programme</title>" in shown
    for membership in made.memberships.select_related("application__user"):
        assert membership.application.user.name not in shown
        assert membership.application.user.email not in shown
    assert made.cohort.programme.name not in shown


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + "_", lambda t: "x", lambda t: signing.dumps([1, 1])])
def test_a_link_that_we_never_made_is_not_there(client, answer, spoil):
    token = spoil(links.token_of(member_of(pair())))

    assert client.get(reverse(f"answer_{answer}", args=[token])).status_code == 404


def test_a_link_is_of_one_person_in_one_place():
    mine, theirs = member_of(pair()), member_of(pair())
    theirs.application.user_id = mine.application.user_id

    assert links.read(links.token_of(mine)).membership == mine
    assert links.read(links.token_of(theirs)) is None


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_link_that_is_too_old_does_nothing_and_says_so(client, clock, answer):
    address = page(member_of(pair()), answer)
    clock.shift(links.LIVES + timedelta(seconds=1))

    shown = client.post(address)

    assert (shown.status_code, rows()) == (410, [0] * 5)
    assert "Nothing has been changed" in shown.content.decode()


@pytest.mark.parametrize("answer", ANSWERS)
def test_who_has_left_or_whose_partnership_has_ended_answers_nothing_more(client, answer):
    made, left = pair(), circle()
    ended, gone = member_of(made), member_of(left)
    end(made, by=None, at=NOW, reason=EndReason.PROGRAMME)
    gone.left_on = timezone.localdate()
    gone.save()
    before = rows()

    assert [client.post(page(member, answer)).status_code for member in (ended, gone)] == [410, 410]
    assert rows() == before


def test_arranging_rests_the_reminders_of_both_sides_for_a_week(client):
    member = member_of(pair())

    first = client.post(page(member, "arranging"))
    client.post(page(member, "arranging"))

    said = Arranging.objects.get()
    assert "Reminders rest for a week" in first.content.decode()
    assert (said.membership, said.until_on - said.said_on) == (member, timedelta(days=6))


def test_help_reaches_the_office_at_once_and_nobody_else(client):
    made = pair()
    member = member_of(made)

    client.post(page(member, "help"))
    client.post(page(member, "help"))

    flag = Flag.objects.get()
    assert (flag.kind, flag.membership, flag.settled_at) == (Flag.Kind.HELP, member, None)
    assert list(Message.objects.values_list("to", flat=True)) == [made.cohort.programme.contact_email]


@pytest.mark.clause("EI-6")
def test_we_have_met_takes_the_facts_of_the_meeting(client):
    made = pair()

    facts = {"held_on": "2026-01-12", "format": "video", "minutes": 60, "frequency": "weekly"}
    shown = client.post(page(member_of(made), "met"), facts)

    held = Meeting.objects.get()
    assert "The meeting is noted" in shown.content.decode()
    assert (held.partnership, held.state, held.logged_by) == (made, "held", member_of(made).application.user)


def test_a_wrong_day_is_said_beside_the_field_and_what_was_typed_stays(client):
    shown = client.post(
        page(member_of(pair()), "met"),
        {"held_on": "2026-01-20", "format": "video", "minutes": 55, "frequency": "weekly"},
    )

    assert Meeting.objects.count() == 0
    assert shown.context["form"].errors["held_on"]
    assert 'value="55"' in shown.content.decode()


@pytest.mark.clause("ALL-2")
def test_the_log_of_a_circle_names_people_and_therefore_wants_a_sign_in(client):
    made = circle(members=3)
    DisclosedFactFactory(policy_version=made.cohort.policy, direction=Direction.IN_CIRCLE, fact="name")

    asked = client.get(page(member_of(made), "met"), follow=True)

    assert asked.redirect_chain[0][0] == reverse("log_meeting", args=[made.pk])
    assert asked.redirect_chain[1][0].startswith(reverse("account_login"))
    assert made.disclosures.count() == 0


@pytest.mark.clause("EI-1d")
def test_away_until_announces_an_absence_of_the_one_who_answers(client):
    member = member_of(pair())

    client.post(page(member, "away"), {"from_on": "2026-01-14", "until_on": "2026-01-25"})

    found = Absence.objects.get()
    assert (found.application, found.until_on.isoformat()) == (member.application, "2026-01-25")


def test_a_link_never_signs_anybody_in(client):
    client.post(page(member_of(pair()), "arranging"))

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_link_that_is_over_says_the_same_whatever_has_become_of_the_partnership(client, answer):
    ended, left = pair(), circle()
    one, other = member_of(ended), member_of(left)
    end(ended, by=None, at=NOW, reason=EndReason.PROGRAMME)
    other.left_on = timezone.localdate()
    other.save()

    pages = [client.get(page(member, answer)).content.decode() for member in (one, other)]

    assert re.sub(r"reminders/[^/]+/", "", pages[0]) == re.sub(r"reminders/[^/]+/", "", pages[1])
