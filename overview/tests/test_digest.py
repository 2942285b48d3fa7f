"""The weekly letter to each team: figures and links, and nothing that names or betrays anybody."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import (
    AbsenceFactory,
    ApplicationFactory,
    MentorFactory,
    PolicyAcceptanceFactory,
)
from meetings.tests.factories import MeetingFactory
from outbox.models import Message
from overview.queries.digest import figures
from overview.services.digest import send_due
from overview.tasks import send_digests
from partnerships.models import AgreementAcceptance, Flag, State
from partnerships.tests.factories import FlagFactory, circle, pair
from programmes.models import SchoolPage
from programmes.tests.factories import CohortFactory, DutyFactory, PathwayFactory, ProgrammeFactory
from training.models import Session
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-11")]
MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cohort():
    """Of a programme that keeps a rhythm of four to six weeks."""
    rhythm = {"weeks_between_meetings_least": 4, "weeks_between_meetings_most": 6}
    return CohortFactory(programme=ProgrammeFactory(**rhythm))


def counted(cohort, at=NOW):
    """What each figure says, by its label."""
    groups = figures(cohort, at=at).groups
    return {figure.label: figure.count for _, group in groups for figure in group}


# When


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (MONDAY - MINUTE, 0),
        (MONDAY, 1),
        (MONDAY + timedelta(days=3), 1),
        (datetime(2026, 1, 18, 23, 59, tzinfo=UTC), 1),
        (datetime(2026, 1, 19, 8, 59, tzinfo=UTC), 0),
        (datetime(2026, 4, 13, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 4, 13, 8, tzinfo=UTC), 1),
    ],
    ids=["before nine", "Monday", "missed", "Sunday", "next Monday", "summer, before nine", "summer, nine"],
)
def test_it_is_written_from_monday_at_nine_on(cohort, at, written):
    assert send_due(at=at) == written
    assert Message.objects.count() == written


def test_it_is_written_once_a_week(cohort):
    written = [send_due(at=at) for at in (MONDAY, MONDAY + MINUTE, MONDAY + timedelta(days=5))]
    again = send_due(at=MONDAY + timedelta(days=7))

    assert (written, again) == ([1, 0, 0], 1)
    assert list(Message.objects.order_by("pk").values_list("key", flat=True)) == [
        f"digest/{cohort.programme_id}/2026-W3",
        f"digest/{cohort.programme_id}/2026-W4",
    ]


def test_the_week_is_counted_with_its_year(cohort):
    send_due(at=datetime(2025, 12, 29, 9, tzinfo=UTC))

    assert Message.objects.get().key == f"digest/{cohort.programme_id}/2026-W1"


@pytest.mark.parametrize(
    ("dates", "written"),
    [
        ({}, 1),
        ({"sign_up_opens_on": date(2026, 1, 12), "starts_on": date(2026, 2, 1)}, 1),
        ({"sign_up_opens_on": date(2026, 1, 13), "starts_on": date(2026, 2, 1)}, 0),
        ({"starts_on": date(2026, 2, 1)}, 1),
        ({"ends_on": date(2026, 1, 12)}, 1),
        ({"ends_on": date(2026, 1, 11)}, 0),
    ],
    ids=["running", "in sign-up", "before sign-up", "between the two", "last day", "over"],
)
def test_it_is_written_while_something_goes_on(dates, written):
    CohortFactory(**{"sign_up_closes_on": date(2026, 1, 20), **dates})

    assert send_due(at=MONDAY) == written


def test_it_goes_to_the_programmes_team_with_a_neutral_subject(cohort):
    CohortFactory(programme__contact="learning_team", programme__contact_address="")

    send_due(at=MONDAY)

    assert set(Message.objects.values_list("to", "subject", "programme")) == {
        (programme.contact_email, "Your mentoring programme", programme.slug)
        for programme in (cohort.programme, type(cohort).objects.exclude(pk=cohort.pk).get().programme)
    }


def test_one_that_cannot_be_written_holds_back_no_other_and_is_tried_again(settings):
    settings.ORGANISATIONAL_LEARNING_EMAIL = None
    CohortFactory(programme__contact="learning_team", programme__contact_address="")
    fine = CohortFactory()

    written = send_due(at=MONDAY)
    settings.ORGANISATIONAL_LEARNING_EMAIL = "team@lse.example"
    later = send_due(at=MONDAY + MINUTE)

    assert (written, later) == (1, 1)
    assert Message.objects.earliest("pk").programme == fine.programme.slug


def test_the_clock_writes_it(cohort):
    assert send_digests() == 1
    assert send_digests() == 0


# What


def test_people_are_counted_by_where_they_stand(cohort):
    ApplicationFactory(cohort=cohort, waiting=True)
    ApplicationFactory(cohort=cohort, draft=True)
    PolicyAcceptanceFactory(application=ApplicationFactory(cohort=cohort))
    ApplicationFactory(cohort=cohort)
    MentorFactory(cohort=cohort)
    pair(cohort=cohort)

    shown = counted(cohort)

    assert [shown[label] for label in list(shown)[:4]] == [1, 2, 1, 2]
    assert list(shown)[:4] == [
        "Applications waiting for a decision",
        "Mentees accepted, and not introduced yet",
        "Mentors accepted, and not introduced yet",
        "Accepted, and still to accept the policy or its guidance",
    ]


@pytest.mark.clause("BM-5")
def test_who_owes_the_agreement_of_a_circle_is_counted_in_its_round(cohort):
    pathway = PathwayFactory(
        programme=cohort.programme, kind="circle", smallest=2, largest=8, agreement="We agree."
    )
    partnership = circle(cohort=cohort, members=3, agreement_round=2)
    first, second = partnership.memberships.order_by("pk")[:2]
    AgreementAcceptance.objects.create(membership=first, round=2, accepted_at=NOW)
    AgreementAcceptance.objects.create(membership=second, round=1, accepted_at=NOW)

    with_agreement = counted(cohort)["In a circle, and still to accept its agreement"]
    pathway.agreement = ""
    pathway.save()

    assert (with_agreement, counted(cohort)["In a circle, and still to accept its agreement"]) == (3, 0)


@pytest.mark.clause("BM-5")
def test_partnerships_are_counted_by_how_they_stand(cohort):
    pair(cohort=cohort)
    fine = pair(cohort=cohort)
    MeetingFactory(partnership=fine, held_on=date(2026, 1, 9))
    pair(cohort=cohort, introduced_at=NOW)
    paused = pair(cohort=cohort, state=State.PAUSED, paused_at=NOW)
    MeetingFactory(partnership=paused)
    pair(cohort=cohort, state=State.ENDED, ended_at=NOW, end_reason="office")
    AbsenceFactory(application=fine.memberships.get(part="mentor").application, from_on=NOW.date())

    shown = counted(cohort)

    labels = ["Running", "Meeting as expected", "With a meeting overdue", "Never met so far", "Paused"]
    assert [shown[label] for label in labels] == [4, 1, 1, 2, 1]
    assert (shown["Resting while somebody is away"], shown["People away today"]) == (1, 1)


def test_open_flags_are_counted_and_not_told_apart(cohort):
    partnership = pair(cohort=cohort)
    for membership in partnership.memberships.all():
        FlagFactory(partnership=partnership, kind=Flag.Kind.HELP, membership=membership)
    FlagFactory(partnership=partnership)
    FlagFactory(partnership=partnership, kind=Flag.Kind.SQUEEZED, settled_at=NOW)

    (_, group) = figures(cohort, at=NOW).groups[2]

    assert [(figure.label, figure.count) for figure in group] == [("Open flags", 3)]


@pytest.mark.clause("BM-12")
def test_trainings_of_the_next_two_weeks_with_room_are_named(cohort):
    soon = {"cohort": cohort, "starts_at": NOW + timedelta(days=13)}
    session = SessionFactory(**soon, places=3)
    BookingFactory(session=session)
    full = SessionFactory(**soon, places=1)
    BookingFactory(session=full)
    SessionFactory(cohort=cohort, starts_at=NOW + timedelta(days=14))
    SessionFactory(**soon, cancelled_at=NOW)

    (training,) = figures(cohort, at=NOW).trainings

    assert (training.title, training.places_left) == (session.title, 2)


@pytest.mark.clause("ALL-1")
def test_nothing_of_another_programme_or_cohort_is_counted(cohort):
    for other in (CohortFactory(), CohortFactory(programme=cohort.programme, slug="2024-25", name="2024–25")):
        ApplicationFactory(cohort=other, waiting=True)
        FlagFactory(partnership=pair(cohort=other))
        SessionFactory(cohort=other, starts_at=NOW + timedelta(days=1))

    shown = figures(cohort, at=NOW)

    assert [figure for _, group in shown.groups for figure in group if figure.count] == []
    assert shown.trainings == []


# What it says


def lively(cohort):
    """A cohort in which every figure counts something, and the canary is wherever words are."""
    partnership = pair(
        mentor=MentorFactory(cohort=cohort, user=UserFactory(name="canary one", email="canary1@lse.example")),
        mentee=ApplicationFactory(cohort=cohort, bio="canary", user=UserFactory(name="canary two")),
    )
    mentee = partnership.memberships.get(part="mentee")
    FlagFactory(
        partnership=partnership,
        kind=Flag.Kind.LEAVING,
        membership=mentee,
        reason="other",
        line="canary",
        wants_new_partner=True,
    )
    ApplicationFactory(cohort=cohort, waiting=True, user=UserFactory(name="canary three"))
    SessionFactory(cohort=cohort, title="Listening", place="canary", starts_at=NOW + timedelta(days=2))
    return partnership


@pytest.mark.clause("ALL-1")
def test_it_names_nobody_and_says_nothing_of_concerns_or_declarations(cohort):
    lively(cohort)

    send_due(at=NOW)

    message = Message.objects.get()
    for said in (message.text, message.html):
        assert "Open flags" in said
        assert "can’t go on" not in said
        assert "Listening, Friday 16 January, 09:30: 2 left" in said.replace("</a>", "")
        assert [word for word in ("canary", "oncern", "eclar", "dentif") if word in said] == []


def test_each_figure_leads_to_the_list_behind_it(client, cohort):
    lively(cohort)
    client.force_login(DutyFactory(programme=cohort.programme).user)
    shown = figures(cohort, at=NOW)

    links = [figure for _, group in shown.groups for figure in group if figure.url]
    pages = {figure.url: client.get(_path(figure.url)) for figure in links}

    assert len(links) == 11
    assert {url for url, page in pages.items() if page.status_code != 200} == set()
    exact = {
        "Mentors accepted, and not introduced yet",
        "Accepted, and still to accept the policy or its guidance",
        "Running",
        "With a meeting overdue",
        "Never met so far",
        "Paused",
        "Open flags",
    }
    for figure in links:
        if figure.label in exact:
            assert (figure.label, pages[figure.url].context["cl"].result_count) == (
                figure.label,
                figure.count,
            )


def test_a_training_leads_to_its_page(client, cohort):
    lively(cohort)
    client.force_login(DutyFactory(programme=cohort.programme).user)

    (training,) = figures(cohort, at=NOW).trainings

    assert _path(training.url) == reverse("admin:training_session_change", args=[Session.objects.get().pk])
    assert client.get(_path(training.url)).status_code == 200


def test_its_figures_take_as_many_questions_for_one_pair_as_for_three(
    cohort, django_assert_num_queries, django_assert_max_num_queries
):
    lively(cohort)
    with django_assert_max_num_queries(30) as for_one:
        figures(cohort, at=NOW)
    for _ in range(2):
        FlagFactory(partnership=pair(cohort=cohort))
        circle(cohort=cohort)
        SessionFactory(cohort=cohort, starts_at=NOW + timedelta(days=3))

    with django_assert_num_queries(len(for_one)):
        figures(cohort, at=NOW)


def _path(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.mark.clause("EI-1f")
def test_the_letter_names_the_links_that_want_a_look(cohort):
    SchoolPage.objects.create(
        programme=cohort.programme,
        which="privacy",
        url=cohort.programme.privacy_url,
        asked_on=NOW.date(),
        failure="It answers “404 Not Found”.",
    )

    send_due(at=NOW)

    letter = Message.objects.get()
    assert "- Privacy: It answers “404 Not Found”. Asked on 14 January 2026." in letter.text
    assert "Asked on 14 January 2026." in letter.html
