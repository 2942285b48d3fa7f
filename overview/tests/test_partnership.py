import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from meetings.models import Attendance
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from overview.tests.answers import without_token
from partnerships.models import Disclosure, EndReason
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, DutyFactory

pytestmark = pytest.mark.django_db


def url(partnership):
    return reverse("partnership", args=[partnership.pk])


def people(partnership, part):
    rows = partnership.memberships.filter(part=part).select_related("application__user").order_by("pk")
    return [row.application.user for row in rows]


def page_for(client, user, partnership):
    client.force_login(user)
    return client.get(url(partnership))


def shown_cards(page):
    return [
        (partner.part, [(line.label, line.value) for line in partner.card.lines])
        for partner in page.context["partners"]
    ]


@pytest.fixture
def cohort():
    """A cohort whose policy shows the mentor's name and role, and the mentee's name."""
    made = CohortFactory(programme__official_meetings=3)
    for direction, fact in [("of_mentor", "name"), ("of_mentor", "job_role"), ("of_mentee", "name")]:
        DisclosedFactFactory(policy_version=made.policy, direction=direction, fact=fact)
    for fact in ("name", "job_title"):
        DisclosedFactFactory(policy_version=made.policy, direction="in_circle", fact=fact)
    return made


@pytest.fixture
def partnership(cohort):
    mentor = MentorFactory(
        cohort=cohort, user__name="Rosa Mentor", job_role="Analyst", country="CanaryCountry", bio="CanaryBio"
    )
    mentee = ApplicationFactory(cohort=cohort, user__name="Ilse Mentee", study_programme="CanaryCourse")
    return pair(mentor=mentor, mentee=mentee)


@pytest.mark.clause("EI-4a", "EI-4f")
def test_the_mentee_sees_of_the_mentor_what_the_policy_lists_and_nothing_else(client, partnership):
    page = page_for(client, people(partnership, "mentee")[0], partnership)

    assert shown_cards(page) == [("mentor", [("Name", "Rosa Mentor"), ("Current job role", "Analyst")])]
    text = page.content.decode()
    assert (text.count("Rosa Mentor"), text.count("Canary")) == (1, 0)
    assert people(partnership, "mentor")[0].email not in text


@pytest.mark.clause("EI-5a")
def test_the_mentor_sees_of_the_mentee_what_the_policy_lists_and_nothing_else(client, partnership):
    page = page_for(client, people(partnership, "mentor")[0], partnership)

    assert shown_cards(page) == [("mentee", [("Name", "Ilse Mentee")])]
    text = page.content.decode()
    assert (text.count("Ilse Mentee"), text.count("Canary")) == (1, 0)
    assert people(partnership, "mentee")[0].email not in text


@pytest.mark.clause("ALL-2")
def test_looking_is_written_down_once_a_day_for_the_one_who_was_looked_at(client, partnership):
    viewer = people(partnership, "mentee")[0]

    for _ in range(2):
        page_for(client, viewer, partnership)

    (row,) = Disclosure.objects.all()
    assert (row.to, row.of.user, row.facts, row.channel, row.on) == (
        viewer,
        people(partnership, "mentor")[0],
        "name,job_role",
        "page",
        date(2026, 1, 14),
    )


def test_in_a_circle_everybody_sees_everybody_else_with_the_facilitator_first(client, cohort):
    partnership = circle(cohort=cohort, members=2)
    facilitator, (first, second) = people(partnership, "facilitator")[0], people(partnership, "mentee")

    page = page_for(client, first, partnership)

    assert shown_cards(page) == [
        ("facilitator", [("Name", facilitator.name)]),
        ("mentee", [("Name", second.name)]),
    ]
    assert page.content.decode().count(f"<h1>{partnership.name}</h1>") == 1


@pytest.mark.clause("EI-1b", "EI-6")
def test_meetings_are_listed_as_facts_with_the_newest_first(client, partnership):
    MeetingFactory(partnership=partnership, is_official=True)
    MeetingFactory(partnership=partnership, held_on=date(2026, 1, 9), minutes=45, format="in_person")

    text = page_for(client, people(partnership, "mentor")[0], partnership).content.decode()

    timeline = " ".join(
        re.sub(r"<[^>]+>", " ", text.partition('<ol class="timeline">')[2].partition("</ol>")[0]).split()
    )
    assert timeline == (
        "Friday 9 January 2026 In person, 45 minutes"
        " Wednesday 10 December 2025 Video call, 60 minutes, official"
    )
    assert "1 of 3 official meetings" in text


def test_the_list_of_a_circle_says_how_many_were_there(client, cohort):
    partnership = circle(cohort=cohort, members=3)
    meeting = MeetingFactory(partnership=partnership)
    for membership in partnership.memberships.order_by("pk")[:3]:
        Attendance.objects.create(meeting=meeting, membership=membership)

    page = page_for(client, people(partnership, "facilitator")[0], partnership)

    assert [row.present for row in page.context["meetings"]] == [3]
    assert "Video call, 60 minutes; 3 were there" in page.content.decode()


@pytest.mark.clause("EI-1c")
@pytest.mark.parametrize("part", ["mentor", "mentee"])
def test_both_sides_see_what_they_agreed_and_how_to_change_it(client, partnership, part):
    ContactFrequencyFactory(partnership=partnership, frequency="fortnightly")

    text = page_for(client, people(partnership, part)[0], partnership).content.decode()

    assert "You have agreed to be in touch: <strong>every two weeks</strong>." in text
    assert text.count(f'href="{reverse("change_frequency", args=[partnership.pk])}"') == 1


@pytest.mark.clause("EI-1f")
def test_the_page_leads_to_the_schools_policies_and_to_help(client, partnership):
    text = page_for(client, people(partnership, "mentor")[0], partnership).content.decode()

    for address in (partnership.cohort.programme.safeguarding_url, partnership.cohort.programme.privacy_url):
        assert text.count(f'href="{address}"') == 1
    assert f'<a class="btn" href="{reverse("concern")}">' in text


@pytest.mark.parametrize("make", [pair, circle])
def test_an_active_partnership_offers_to_log_a_meeting_and_an_ended_one_does_not(client, make):
    partnership = make()
    user = people(partnership, "mentee")[0]
    button = f'href="{reverse("log_meeting", args=[partnership.pk])}"'

    before = page_for(client, user, partnership).content.decode().count(button)
    end(partnership, by=None, at=datetime(2026, 1, 13, tzinfo=UTC), reason=EndReason.OFFICE)
    after = page_for(client, user, partnership).content.decode().count(button)

    assert (before, after) == (1, 0)


@pytest.mark.clause("EI-1b", "EI-2")
@pytest.mark.parametrize(("days", "offers"), [(0, 1), (29, 0)])
def test_a_partnership_that_the_programme_ended_offers_it_while_its_cards_are_open(
    client, clock, partnership, days, offers
):
    over = datetime(2026, 5, 1, 3, tzinfo=UTC)
    end(partnership, by=None, at=over, reason=EndReason.PROGRAMME)
    clock.move_to(over + timedelta(days=days))

    text = page_for(client, people(partnership, "mentee")[0], partnership).content.decode()

    assert text.count(f'href="{reverse("log_meeting", args=[partnership.pk])}"') == offers
    assert text.count("30 April 2026") == offers


# After the end


@pytest.mark.clause("EI-2")
def test_after_the_end_the_cards_stay_for_some_days_and_the_page_says_until_when(client, partnership):
    user = people(partnership, "mentee")[0]
    end(partnership, by=None, at=datetime(2026, 1, 13, 12, tzinfo=UTC), reason=EndReason.OFFICE)

    page = page_for(client, user, partnership)

    assert [part for part, _ in shown_cards(page)] == ["mentor"]
    assert "You see each other’s details here until 10 February 2026" in page.content.decode()


@pytest.mark.clause("EI-2")
def test_then_the_cards_close_and_nothing_more_is_disclosed(client, clock, partnership):
    user = people(partnership, "mentee")[0]
    MeetingFactory(partnership=partnership)
    end(partnership, by=None, at=datetime(2026, 1, 13, 12, tzinfo=UTC), reason=EndReason.OFFICE)
    clock.shift(timedelta(days=28))

    page = page_for(client, user, partnership)

    text = page.content.decode()
    assert (shown_cards(page), Disclosure.objects.count()) == ([], 0)
    assert "These details are closed" in text
    assert "Rosa Mentor" not in text
    assert len(page.context["meetings"]) == 1


# Whose page it is


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("who", ["outsider", "somebody of the same cohort", "administrator", "superuser"])
def test_not_yours_answers_like_not_there(client, partnership, who):
    user = UserFactory(is_superuser=who == "superuser")
    if who == "administrator":
        DutyFactory(user=user, programme=partnership.cohort.programme)
    if who == "somebody of the same cohort":
        pair(mentee=ApplicationFactory(user=user, cohort=partnership.cohort))
    client.force_login(user)

    not_yours = client.get(url(partnership))
    missing = client.get(reverse("partnership", args=[987654321]))

    assert (not_yours.status_code, missing.status_code) == (404, 404)
    assert without_token(not_yours) == without_token(missing)
    assert Disclosure.objects.count() == 0


def test_who_has_left_finds_nothing_there(client, cohort):
    partnership = circle(cohort=cohort)
    membership = partnership.memberships.filter(part="mentee").order_by("pk").first()
    membership.left_on = date(2026, 1, 5)
    membership.save()

    assert page_for(client, membership.application.user, partnership).status_code == 404


def test_who_is_signed_out_is_asked_to_sign_in(client, partnership):
    assert client.get(url(partnership)).url == f"{reverse('account_login')}?next={url(partnership)}"
