from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory, PolicyAcceptanceFactory
from matching.tests.factories import OfferFactory, SuggestionFactory
from meetings.tests.factories import MeetingFactory, PlannedFactory
from outbox.tests.factories import MessageFactory
from partnerships.models import EndReason
from partnerships.services import ask_to_leave, end, pause
from partnerships.tests.factories import circle, pair
from programmes.models import Ask, Duty
from programmes.tests.factories import CohortFactory, DutyFactory, KeyDateFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
HOME = reverse("home")


def open_cohort(**facts):
    """A cohort that takes applications of mentees on the day of the tests, 14 January 2026."""
    dates = {
        "sign_up_opens_on": date(2026, 1, 1),
        "sign_up_closes_on": date(2026, 1, 31),
        "starts_on": date(2026, 2, 2),
        "ends_on": date(2026, 9, 30),
    }
    cohort = CohortFactory(**(dates | facts))
    Ask.objects.create(
        programme=cohort.programme, role="mentee", fact="bio", section="You", label="About you"
    )
    return cohort


def home(client, user):
    client.force_login(user)
    return client.get(HOME)


def accepted(**facts):
    """An application with its acceptance of the policy, so that nothing is left to do about it."""
    application = ApplicationFactory(**facts)
    PolicyAcceptanceFactory(application=application)
    return application


def mentee_of(partnership):
    return partnership.memberships.get(part="mentee").application.user


# Visitors


def test_the_front_page_names_every_public_programme_and_no_other(client):
    first = open_cohort(programme__position=1).programme
    second = CohortFactory(programme__position=2).programme
    ProgrammeFactory(is_public=False, name="In the making")

    page = client.get(HOME)

    assert [shown.programme for shown in page.context["programmes"]] == [first, second]
    text = page.content.decode()
    for programme in (first, second):
        assert text.count(f'<a href="{programme.get_absolute_url()}">{programme.name}</a>') == 1
    assert "In the making" not in text


def test_the_front_page_lets_one_apply_in_the_roles_that_are_open(client):
    programme = open_cohort().programme

    text = client.get(HOME).content.decode()

    assert text.count(f'href="{reverse("apply", args=[programme.slug, "mentee"])}"') == 1
    assert text.count(f'href="{reverse("apply", args=[programme.slug, "mentor"])}"') == 0


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "words"),
    [
        (date(2026, 1, 14), date(2026, 1, 14), "Open until 14 January 2026"),
        (date(2026, 1, 15), date(2026, 1, 31), "Not open yet from 15 January 2026"),
        (date(2025, 10, 1), date(2026, 1, 13), "Closed"),
    ],
)
def test_the_front_page_says_whether_sign_up_is_open(client, opens_on, closes_on, words):
    open_cohort(sign_up_opens_on=opens_on, sign_up_closes_on=closes_on)

    text = " ".join(client.get(HOME).content.decode().split())

    said = text.partition("<dt>Sign-up</dt><dd>")[2].partition("</dd>")[0]
    assert strip_tags(said).strip() == words


def test_of_several_cohorts_the_one_that_is_open_is_shown(client):
    programme = ProgrammeFactory()
    CohortFactory(programme=programme, slug="2024-25", starts_on=date(2024, 12, 1), ends_on=date(2025, 4, 30))
    now_open = open_cohort(programme=programme, slug="2026")
    CohortFactory(
        programme=programme,
        slug="2027",
        starts_on=date(2027, 12, 1),
        ends_on=date(2028, 4, 30),
        sign_up_opens_on=date(2027, 10, 1),
        sign_up_closes_on=date(2027, 11, 1),
    )

    assert [shown.cohort for shown in client.get(HOME).context["programmes"]] == [now_open]


def test_a_programme_without_a_cohort_is_shown_as_closed(client):
    ProgrammeFactory()

    (shown,) = client.get(HOME).context["programmes"]

    assert (shown.cohort, shown.is_open, shown.opens_later) == (None, False, False)


def test_the_front_page_asks_the_database_as_often_for_one_programme_as_for_three(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    open_cohort()
    with django_assert_max_num_queries(25) as for_one:
        client.get(HOME)
    for _ in range(2):
        open_cohort()

    with django_assert_num_queries(len(for_one)):
        client.get(HOME)


# One's own affairs


def test_somebody_in_nothing_is_shown_where_they_can_start(client):
    takes_applications = open_cohort(programme__position=1).programme
    closed = CohortFactory(programme__position=2).programme

    page = home(client, UserFactory())

    shown = [(row.programme, row.is_open) for row in page.context["programmes"]]
    text = page.content.decode()
    assert shown == [(takes_applications, True), (closed, False)]
    assert text.count(f'href="{reverse("apply", args=[takes_applications.slug, "mentee"])}"') == 1
    assert "in no programme yet" in text


def test_somebody_in_a_programme_is_shown_what_else_takes_applications_now(client):
    other = open_cohort().programme
    CohortFactory()

    page = home(client, accepted().user)

    assert [row.programme for row in page.context["programmes"]] == [other]


@pytest.mark.parametrize(
    ("kind", "doors"),
    [
        (Duty.Kind.ADMINISTER, [True, False]),
        (Duty.Kind.ELIGIBILITY, [True, False]),
        (Duty.Kind.CONCERNS, [False, True]),
        (None, [False, False]),
    ],
)
def test_who_has_a_duty_finds_the_door_to_it_and_nobody_else_does(client, kind, doors):
    user = DutyFactory(kind=kind).user if kind else UserFactory()

    main = home(client, user).content.decode().partition("<main")[2]

    assert [f'href="{reverse(name)}"' in main for name in ("admin:index", "cases")] == doors


@pytest.mark.parametrize(
    ("facts", "label", "says"),
    [
        ({"draft": True}, "Draft", "Sign-up has closed. What you wrote is kept."),
        (
            {"waiting": True},
            "Waiting for a decision",
            "The T is reading it and writes to you as soon as it is decided.",
        ),
        ({"state": "queried"}, "More information asked", "The T has asked you for something more."),
        (
            {"state": "waitlisted"},
            "On the waiting list",
            "There isn’t a place for everybody just now. We write when one opens for you.",
        ),
        (
            {"state": "accepted"},
            "Accepted",
            "You have a place. Your introduction reaches you by e-mail as soon as you are matched.",
        ),
        (
            {"hold_until": date(2026, 3, 1), "has_mentor_until": date(2026, 3, 1)},
            "Accepted",
            "On hold until 1 March, as you wished; it is taken up again by itself.",
        ),
        ({"state": "declined"}, "Declined", "The T could not offer you a place this time."),
        (
            {"state": "declined", "reason": "Please come back next year."},
            "Declined",
            "Please come back next year.",
        ),
    ],
)
def test_an_application_says_where_it_stands_and_what_comes_next(client, facts, label, says):
    application = ApplicationFactory(cohort__programme__team_name="T", **facts)

    (own,) = home(client, application.user).context["applications"]

    assert (own.application.get_state_display(), own.says) == (label, says)


@pytest.mark.parametrize(
    ("facts", "since"),
    [
        ({"draft": True}, date(2025, 10, 6)),
        ({"waiting": True}, date(2025, 10, 7)),
        ({"state": "accepted"}, date(2025, 11, 17)),
    ],
)
def test_an_application_says_since_when_it_waits(client, facts, since):
    application = ApplicationFactory(**facts)

    (own,) = home(client, application.user).context["applications"]

    assert own.since == since


def test_a_withdrawn_application_and_one_of_an_ended_cohort_are_gone(client):
    user = UserFactory()
    ApplicationFactory(user=user, state="withdrawn")
    ApplicationFactory(user=user, cohort__ends_on=date(2026, 1, 13))

    assert home(client, user).context["applications"] == []


@pytest.mark.clause("EI-1")
def test_who_has_not_accepted_the_policy_is_asked_to(client):
    application = ApplicationFactory()

    (step,) = home(client, application.user).context["steps"]

    assert (step.what, step.url) == (
        "Read and accept the policy and guidance in force",
        application.get_absolute_url(),
    )


def test_a_draft_is_to_be_finished_while_sign_up_is_open(client):
    application = ApplicationFactory(cohort=open_cohort(), draft=True)

    page = home(client, application.user)

    assert [(step.what, step.by) for step in page.context["steps"]] == [
        ("Finish and send your application", date(2026, 1, 31))
    ]
    assert page.context["programmes"] == []


def test_a_question_of_the_team_is_to_be_answered(client):
    application = ApplicationFactory(cohort__programme__team_name="T", state="queried")

    assert [step.what for step in home(client, application.user).context["steps"]] == ["The T asks for more"]


def waiting(**offer):
    """An accepted mentee who was told that they wait, and to whom a place is offered."""
    person = accepted(cohort=CohortFactory())
    MessageFactory(key=f"waiting/{person.cohort_id}/{person.pk}")
    if offer:
        suggestion = SuggestionFactory(run__cohort=person.cohort, **offer.pop("suggestion", {}))
        OfferFactory(suggestion=suggestion, application=person, **offer)
    return person


CLOSED_AT = datetime(2026, 1, 14, 9, tzinfo=UTC)
ON_THE_LIST = "You are on the waiting list. We write as soon as a place comes free for you."


@pytest.mark.parametrize(
    ("offer", "says"),
    [
        ({}, ON_THE_LIST),
        ({"answer_by": date(2026, 1, 14)}, "A place has come free for you."),
        ({"answer_by": date(2026, 1, 13)}, ON_THE_LIST),
        ({"state": "declined", "closed_at": CLOSED_AT}, ON_THE_LIST),
        (
            {
                "state": "accepted",
                "closed_at": CLOSED_AT,
                "suggestion": {"state": "leaving", "leaves_at": CLOSED_AT},
            },
            "You have taken the place that came free. Your introduction reaches you by e-mail.",
        ),
    ],
)
def test_who_waits_for_a_partner_is_told_so(client, offer, says):
    (own,) = home(client, waiting(**offer).user).context["applications"]

    assert own.says == says


def test_a_place_that_came_free_is_to_be_answered(client):
    person = waiting(answer_by=date(2026, 1, 19))

    (step,) = home(client, person.user).context["steps"]

    assert (step.what, step.action, step.by) == ("A place has come free", "Answer", date(2026, 1, 19))
    assert step.url == person.offers.get().get_absolute_url()


def test_somebody_else_s_offer_is_no_step_of_mine(client):
    waiting(answer_by=date(2026, 1, 19))

    assert home(client, accepted().user).context["steps"] == []


def test_a_suggestion_that_leaves_is_nothing_that_its_people_see(client):
    person = accepted()
    suggestion = SuggestionFactory(run__cohort=person.cohort, state="leaving", leaves_at=CLOSED_AT)
    suggestion.members.create(application=person, part="mentee")

    (own,) = home(client, person.user).context["applications"]

    assert own.says == "You have a place. Your introduction reaches you by e-mail as soon as you are matched."


@pytest.mark.clause("EI-1b")
def test_a_partnership_shows_its_official_meetings_and_the_next_window(client):
    cohort = CohortFactory(programme__official_meetings=3)
    for number, closes_on in enumerate([date(2026, 1, 31), date(2026, 3, 15), date(2026, 4, 15)]):
        KeyDateFactory(cohort=cohort, opens_on=date(2025, 12, 1 + number), closes_on=closes_on)
    KeyDateFactory(cohort=cohort, kind="training", opens_on=date(2025, 12, 1), closes_on=date(2025, 12, 1))
    partnership = pair(cohort=cohort)
    MeetingFactory(partnership=partnership, is_official=True)

    page = home(client, mentee_of(partnership))

    text = page.content.decode()
    assert "1 of 3 official meetings" in text
    assert [(step.what, step.by, step.is_late) for step in page.context["steps"]] == [
        ("Your next official meeting", date(2026, 3, 15), False)
    ]


def test_a_partnership_of_a_rhythm_shows_when_it_last_met(client):
    cohort = CohortFactory(
        programme__weeks_between_meetings_least=4, programme__weeks_between_meetings_most=6
    )
    partnership = pair(cohort=cohort)
    MeetingFactory(partnership=partnership, held_on=date(2025, 12, 24))

    text = home(client, mentee_of(partnership)).content.decode()

    assert "1 meeting so far; you meet every 4–6 weeks." in text
    assert "You last met 3 weeks ago." in text


def test_a_meeting_in_the_diary_is_shown_and_not_asked_for(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=3))
    PlannedFactory(partnership=partnership, starts_at=datetime(2026, 1, 20, 17, tzinfo=UTC))

    page = home(client, mentee_of(partnership))

    assert page.context["steps"] == []
    assert 'planned for <span class="nowrap">Tuesday 20 January.' in page.content.decode()


@pytest.mark.clause("EI-6a")
def test_a_paused_partnership_says_so_and_asks_for_nothing(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=3))
    pause(partnership, by=None, at=datetime(2026, 1, 13, tzinfo=UTC))

    page = home(client, mentee_of(partnership))

    assert page.context["steps"] == []
    assert "Paused" in page.content.decode()
    assert "Ended" not in page.content.decode()


@pytest.mark.clause("EI-1b")
def test_who_said_that_they_cannot_go_on_is_asked_for_no_meeting(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=3))
    mentee = mentee_of(partnership)
    ask_to_leave(
        partnership, by=mentee, reason="time", wants_new_partner=False, at=datetime(2026, 1, 13, tzinfo=UTC)
    )

    assert home(client, mentee).context["steps"] == []


@pytest.mark.clause("EI-2")
def test_an_ended_partnership_asks_for_nothing(client):
    partnership = pair(cohort=CohortFactory(programme__official_meetings=3))
    user = mentee_of(partnership)
    end(partnership, by=None, at=datetime(2026, 1, 13, tzinfo=UTC), reason=EndReason.OFFICE)

    page = home(client, user)

    assert page.context["steps"] == []
    assert [own.partnership for own in page.context["partnerships"]] == [partnership]


def test_what_is_up_to_one_comes_with_the_earliest_day_first_and_what_has_none_before_all(client):
    user = UserFactory()
    ApplicationFactory(user=user, cohort=open_cohort(), draft=True)
    ApplicationFactory(user=user)
    late = pair(
        cohort=CohortFactory(programme__official_meetings=1, ends_on=date(2026, 1, 20)),
    )
    membership = late.memberships.get(part="mentee")
    membership.application.user = user
    membership.application.save()

    steps = home(client, user).context["steps"]

    assert [step.by for step in steps] == [None, date(2026, 1, 20), date(2026, 1, 31)]


@pytest.mark.clause("ALL-1")
def test_a_first_page_shows_nothing_of_anybody_else(client):
    cohort = CohortFactory()
    partnership = pair(
        cohort=cohort,
        mentor=MentorFactory(cohort=cohort, user__name="Canary Mentor", user__email="canary@lse.ac.uk"),
    )
    circle()

    page = home(client, mentee_of(partnership))

    assert [own.partnership for own in page.context["partnerships"]] == [partnership]
    assert "canary" not in page.content.decode().lower()


def test_the_first_page_asks_the_database_as_often_for_one_of_each_as_for_three(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    user = UserFactory()

    def one_more():
        cohort = open_cohort(starts_on=date(2025, 12, 1))
        mentee = ApplicationFactory(user=user, cohort=cohort)
        MeetingFactory(partnership=pair(cohort=cohort, mentee=mentee))

    one_more()
    client.force_login(user)
    client.get(HOME)
    with django_assert_max_num_queries(26) as for_one:
        client.get(HOME)
    one_more()
    one_more()

    with django_assert_num_queries(len(for_one)):
        client.get(HOME)
