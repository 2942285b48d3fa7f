import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from meetings.models import Attendance
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory, PlannedFactory, noted
from overview.tests.answers import without_token
from partnerships.models import Disclosure, EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, DutyFactory, PathwayFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)


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


def timeline(page):
    """The words of the list of meetings."""
    text = page.content.decode().partition('<ol class="timeline">')[2].partition("</ol>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def links(page, name, *args):
    return page.content.decode().count(f'href="{reverse(name, args=args)}')


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

    page = page_for(client, people(partnership, "mentor")[0], partnership)

    assert [(line.when, line.what) for line in page.context["meetings"].lines] == [
        ("Friday 9 January 2026", "In person, 45 minutes"),
        ("Wednesday 10 December 2025", "Video call, 60 minutes, official"),
    ]
    assert timeline(page) == (
        "Friday 9 January 2026 In person, 45 minutes Correct it : Friday 9 January 2026"
        " Wednesday 10 December 2025 Video call, 60 minutes, official Correct it : Wednesday 10 December 2025"
    )
    assert "1 of 3 official meetings" in page.content.decode()


def test_the_list_of_a_circle_says_how_many_were_there(client, cohort):
    partnership = circle(cohort=cohort, members=3)
    meeting = MeetingFactory(partnership=partnership)
    for membership in partnership.memberships.order_by("pk")[:3]:
        Attendance.objects.create(meeting=meeting, membership=membership)

    page = page_for(client, people(partnership, "facilitator")[0], partnership)

    assert [line.what for line in page.context["meetings"].lines] == ["Video call, 60 minutes; 3 were there"]


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


# Who has confirmed what is noted


def lines_for(client, user, partnership):
    return [(line.says, line.asks) for line in page_for(client, user, partnership).context["meetings"].lines]


@pytest.mark.clause("EI-1b", "BM-7")
@pytest.mark.parametrize(
    ("by", "confirmed_by", "reader", "expected"),
    [
        ("mentor", ["mentor"], "mentee", ("Noted by your partner: is that right?", True)),
        ("mentor", ["mentor"], "mentor", ("Your partner hasn’t confirmed it yet.", False)),
        ("mentor", ["mentor", "mentee"], "mentor", ("Confirmed by you both.", False)),
        ("mentor", ["mentor", "mentee"], "mentee", ("Confirmed by you both.", False)),
        (None, [], "mentee", ("Noted by the programme’s team: is that right?", True)),
    ],
)
def test_the_page_of_a_pair_says_in_words_who_still_has_to_confirm(
    client, partnership, by, confirmed_by, reader, expected
):
    noted(
        partnership,
        logged_by=people(partnership, by)[0] if by else DutyFactory().user,
        confirmed_by=[people(partnership, part)[0] for part in confirmed_by],
    )

    assert lines_for(client, people(partnership, reader)[0], partnership) == [expected]


@pytest.mark.clause("BM-7")
def test_the_page_of_a_circle_says_how_many_have_confirmed(client, cohort):
    partnership = circle(cohort=cohort, members=3)
    facilitator, (first, _, third) = people(partnership, "facilitator")[0], people(partnership, "mentee")
    present = list(partnership.memberships.select_related("application__user").order_by("pk")[:3])
    noted(partnership, present=present, logged_by=facilitator, confirmed_by=[facilitator])

    assert lines_for(client, first, partnership) == [
        ("Noted by somebody in your circle: is that right?", True)
    ]
    assert lines_for(client, facilitator, partnership) == [("1 of 3 have confirmed it.", False)]
    assert lines_for(client, third, partnership) == [("1 of 3 have confirmed it.", False)]


def test_who_is_asked_can_say_yes_or_correct_it(client, partnership):
    meeting = noted(partnership, logged_by=people(partnership, "mentor")[0])

    page = page_for(client, people(partnership, "mentee")[0], partnership)

    assert page.content.decode().count(f'action="{reverse("confirm_meeting", args=[meeting.pk])}"') == 1
    assert links(page, "correct_meeting", meeting.pk) == 1


# What is planned


def planned_for(client, user, partnership):
    return page_for(client, user, partnership).context["meetings"].planned


@pytest.mark.clause("EI-1b", "BM-6")
@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("Europe/London", "Thursday 15 January 2026, 17:00 (London)"),
        ("Asia/Tokyo", "Friday 16 January 2026, 02:00 (Tokyo)"),
    ],
)
def test_what_is_planned_stands_there_by_the_readers_clock_with_its_buttons(client, partnership, zone, when):
    reader = people(partnership, "mentee")[0]
    type(reader).objects.filter(pk=reader.pk).update(time_zone=zone)
    meeting = PlannedFactory(partnership=partnership)

    page = page_for(client, reader, partnership)

    assert page.content.decode().count(f"<strong>{when}</strong>") == 1
    assert [
        links(page, name, meeting.pk)
        for name in ("change_plan", "cancel_plan", "meeting_calendar", "miss_meeting")
    ] == [1, 1, 1, 0]


def test_once_its_time_has_passed_the_page_asks_whether_they_have_met(client, partnership):
    meeting = PlannedFactory(partnership=partnership, starts_at=NOW, place="Room 3")

    page = page_for(client, people(partnership, "mentee")[0], partnership)

    assert [links(page, name, meeting.pk) for name in ("miss_meeting", "change_plan", "cancel_plan")] == [
        1,
        1,
        0,
    ]
    assert links(page, "log_meeting", partnership.pk) == 2
    assert page.content.decode().count("?on=2026-01-14") == 1
    assert "Room 3" not in page.content.decode()


def test_the_next_meeting_comes_first(client, partnership):
    later = PlannedFactory(partnership=partnership, starts_at=NOW + timedelta(days=9))
    sooner = PlannedFactory(partnership=partnership, starts_at=NOW + timedelta(days=2))

    planned = planned_for(client, people(partnership, "mentee")[0], partnership)

    assert [row.pk for row in planned] == [sooner.pk, later.pk]


@pytest.mark.parametrize(
    ("place", "link"),
    [
        ("https://meet.example/42", "https://meet.example/42"),
        ("Room 3", ""),
        ("javascript:alert(1)", ""),
        ("https://meet.example code 42", ""),
        ('https://x"><script>', 'https://x"><script>'),
    ],
)
def test_only_an_address_on_its_own_is_a_link_and_nothing_is_markup(client, partnership, place, link):
    PlannedFactory(partnership=partnership, place=place)
    reader = people(partnership, "mentee")[0]

    (row,) = planned_for(client, reader, partnership)

    text = page_for(client, reader, partnership).content.decode()
    assert (row.place, row.link) == (place, link)
    assert (text.count('"><script>'), text.count('href="javascript')) == (0, 0)


def test_what_came_to_nothing_is_in_the_list_and_can_be_logged_after_all(client, partnership):
    PlannedFactory(partnership=partnership, state="missed", starts_at=NOW - timedelta(days=2))
    PlannedFactory(partnership=partnership, state="cancelled", starts_at=NOW - timedelta(days=1))

    page = page_for(client, people(partnership, "mentee")[0], partnership)

    assert timeline(page) == (
        "Tuesday 13 January 2026 Planned, and cancelled"
        " Monday 12 January 2026 Planned, and didn’t take place We did meet on Monday 12 January 2026"
    )
    assert page.content.decode().count("?on=2026-01-12") == 1


def test_the_page_asks_the_database_as_much_for_one_meeting_of_each_kind_as_for_three(
    client, partnership, django_assert_num_queries, django_assert_max_num_queries
):
    def some(day):
        noted(partnership, held_on=date(2026, 1, day))
        for state, hours in (("planned", 1), ("planned", -1), ("missed", 0), ("cancelled", 0)):
            starts_at = NOW + timedelta(days=day if hours > 0 else -day, hours=hours)
            PlannedFactory(partnership=partnership, state=state, starts_at=starts_at)

    reader = people(partnership, "mentee")[0]
    some(2)
    page_for(client, reader, partnership)
    with django_assert_max_num_queries(60) as once:
        client.get(url(partnership))
    some(3)
    some(4)

    with django_assert_num_queries(len(once)):
        client.get(url(partnership))


# A pause


@pytest.mark.clause("EI-6a")
@pytest.mark.parametrize("make", [pair, circle])
def test_in_a_pause_the_page_says_so_shows_nobody_and_asks_nothing(client, cohort, make):
    partnership = make(cohort=cohort)
    reader = people(partnership, "mentee")[0]
    noted(partnership, logged_by=None)
    PlannedFactory(partnership=partnership)
    partnership.move_to(State.PAUSED, at=NOW)

    page = page_for(client, reader, partnership)

    text = page.content.decode()
    assert text.count("The programme’s team has paused it.") == 1
    assert (shown_cards(page), Disclosure.objects.count(), page.context["meetings"].planned) == ([], 0, [])
    names = ("log_meeting", "plan_meeting", "change_frequency")
    assert [links(page, name, partnership.pk) for name in names] == [0, 0, 0]
    assert [(line.asks, line.is_open) for line in page.context["meetings"].lines] == [(False, False)]


# Absences, agreements and ways out


@pytest.mark.clause("EI-1d")
def test_an_absence_that_partners_were_told_of_stands_on_the_page(client, partnership):
    mentor = partnership.memberships.get(part="mentor").application
    AbsenceFactory(application=mentor, tells_partners=True)

    text = page_for(client, people(partnership, "mentee")[0], partnership).content.decode()

    assert text.count("<h2>Away for a while</h2>") == 1
    assert text.count("<li>Rosa Mentor: ") == 1


@pytest.mark.clause("BM-5")
def test_who_has_not_accepted_what_the_circle_agrees_to_sees_nobody_yet(client, cohort):
    PathwayFactory(programme=cohort.programme, kind="circle", agreement="Be kind.")
    partnership = circle(cohort=cohort)

    page = page_for(client, people(partnership, "mentee")[0], partnership)

    assert (shown_cards(page), Disclosure.objects.count(), links(page, "agreement", partnership.pk)) == (
        [],
        0,
        1,
    )


@pytest.mark.clause("EI-1b")
@pytest.mark.parametrize(("how", "offers"), [("active", 1), ("paused", 1), ("ended", 0)])
def test_a_quiet_link_leads_to_saying_that_one_cannot_go_on_as_long_as_it_runs(
    client, partnership, how, offers
):
    reader = people(partnership, "mentee")[0]
    if how == "paused":
        partnership.move_to(State.PAUSED, at=NOW)
    if how == "ended":
        end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    assert links(page_for(client, reader, partnership), "leave", partnership.pk) == offers


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
    assert len(page.context["meetings"].lines) == 1


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
