"""Pages on which people sign up for training (BM-12)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory, MentorFactory
from outbox.models import Message
from programmes.tests.factories import CohortFactory
from training.models import Booking
from training.tests.factories import BookingFactory, SessionFactory
from training.tests.pages import LIST, NOW, ON_A_SESSION, START, VERBS, row_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]


# Who gets in


@pytest.mark.parametrize("name", ["trainings", *ON_A_SESSION, *VERBS])
def test_a_stranger_signs_in_first(client, session, name):
    address = reverse(name) if name == "trainings" else url(name, session)
    answer = client.post(address) if name in VERBS else client.get(address)

    assert (answer.status_code, answer.url) == (302, f"/account/login/?next={address}")


def nobody(session):
    return UserFactory()


def mentee(session):
    return ApplicationFactory(cohort=session.cohort).user


def mentor_elsewhere(session):
    return MentorFactory(cohort=CohortFactory(programme=session.cohort.programme, slug="other")).user


def declined_mentor(session):
    return MentorFactory(cohort=session.cohort, state="declined").user


@pytest.mark.clause("ALL-1")
@pytest.mark.parametrize("who", [nobody, mentee, mentor_elsewhere, declined_mentor])
@pytest.mark.parametrize("name", [*ON_A_SESSION, *VERBS])
def test_what_isnt_meant_for_me_is_not_there(client, session, who, name):
    BookingFactory(session=session, has_attended=True)
    client.force_login(who(session))
    address = url(name, session)

    assert (client.post if name in VERBS else client.get)(address).status_code == 404
    assert client.get(LIST).context["others"] == []


@pytest.mark.parametrize("name", [*ON_A_SESSION, *VERBS])
def test_what_isnt_there_is_not_there(client, me, name):
    address = reverse(name, args=[9999])

    assert (client.post if name in VERBS else client.get)(address).status_code == 404


def test_reading_changes_nothing(client, session, me):
    BookingFactory(session=session, application=me)
    before = list(Booking.objects.values())

    answers = [client.get(url(name, session)).status_code for name in [*ON_A_SESSION, *VERBS]]

    assert answers == [200, 200, 404, 405, 405]
    assert (list(Booking.objects.values()), Message.objects.count()) == (before, 0)


@pytest.mark.parametrize("name", ["trainings", *ON_A_SESSION])
def test_pages_to_read_take_no_post(client, session, me, name):
    address = reverse(name) if name == "trainings" else url(name, session)

    assert client.post(address).status_code == 405


# The list


def test_the_list_shows_mine_first_then_other_dates_then_what_is_over(client, session, me):
    mine = SessionFactory(cohort=session.cohort, starts_at=START + timedelta(days=9))
    BookingFactory(session=mine, application=me)
    over = SessionFactory(cohort=session.cohort, starts_at=NOW - timedelta(days=9))
    BookingFactory(session=over, application=me, has_attended=True)
    SessionFactory(cohort=session.cohort, starts_at=NOW - timedelta(days=9))  # over, and I wasn't in it
    SessionFactory(cohort=session.cohort, cancelled_at=NOW)
    SessionFactory(cohort=session.cohort, role="mentee")

    shown = client.get(LIST).context

    assert [[row.pk for row in shown[part]] for part in ("mine", "others", "over")] == [
        [mine.pk],
        [session.pk],
        [over.pk],
    ]


def test_an_empty_list_says_so(client):
    client.force_login(UserFactory())

    assert "No dates at the moment" in client.get(LIST).content.decode()


def test_every_row_has_one_button_of_its_own(client, session, me):
    booked, waiting, full, over = (
        SessionFactory(cohort=session.cohort, starts_at=START + timedelta(days=days), places=1)
        for days in (1, 2, 3, -60)
    )
    BookingFactory(session=booked, application=me)
    BookingFactory(session=waiting, application=me, state="waiting", number=None)
    BookingFactory(session=full)
    BookingFactory(session=over, application=me, has_attended=True)

    page = client.get(LIST).content.decode()

    words = [
        "Book a place",
        "Wait for a place",
        "Give up my place",
        "Leave the waiting list",
        "Your certificate",
    ]
    assert [page.count(f">{word}<span") for word in words] == [1, 1, 1, 1, 1]


def test_the_list_costs_the_same_for_one_and_for_three(client, session, me):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        for _ in range(2):
            made = SessionFactory(cohort=session.cohort)
            BookingFactory(session=made)
            BookingFactory(session=made, application=me)

    assert counts[0] == counts[1]


# One session


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("Europe/London", "Tuesday 10 February 2026, 14:00 (London)"),
        ("Asia/Tokyo", "Tuesday 10 February 2026, 23:00 (Tokyo)"),
        ("America/New_York", "Tuesday 10 February 2026, 09:00 (New York)"),
        ("Pacific/Auckland", "Wednesday 11 February 2026, 03:00 (Auckland)"),
        ("UTC", "Tuesday 10 February 2026, 14:00 (UTC)"),
    ],
)
def test_times_are_the_readers_own_and_name_the_zone(client, session, me, zone, when):
    me.user.time_zone = zone
    me.user.save()

    assert f"<dd>{when}</dd>" in client.get(url("training_session", session)).content.decode()
    assert when in client.get(LIST).content.decode()


def test_room_and_queue_are_said_in_words(client, session, me):
    heard = [row_of(client, session).says]
    others = [BookingFactory(session=session) for _ in range(2)]
    heard.append(row_of(client, session).says)
    BookingFactory(session=session, state="waiting", number=None)
    mine = BookingFactory(session=session, application=me, state="waiting", number=None)
    heard.append(row_of(client, session).says)
    others[0].delete()
    mine.state, mine.number = "booked", 1
    mine.save()
    heard.append(row_of(client, session).says)

    assert heard == [
        "2 of 2 places free",
        "Full: you can wait for a place",
        "You are on the waiting list, number 2",
        "You have a place",
    ]


def test_nobody_reads_who_else_has_a_place(client, session, me):
    BookingFactory(session=session, application__user__name="Grace Hopper")

    pages = [client.get(address).content.decode() for address in (LIST, url("training_session", session))]

    assert ["Hopper" in page for page in pages] == [False, False]


@pytest.mark.parametrize("place", ["https://meet.example/1 Passcode: 99", "Video: https://meet.example/1"])
def test_a_link_with_words_around_it_is_kept_for_who_has_a_place(client, session, me, place):
    session.place = place
    session.save()

    before = client.get(url("training_session", session)).content.decode()
    BookingFactory(session=session, application=me)
    after = client.get(url("training_session", session)).content.decode()

    assert ("meet.example" in before, place in after) == (False, True)


def test_a_link_is_shown_to_who_has_a_place_and_a_room_to_everybody(client, session, me):
    rooms = client.get(url("training_session", session)).content.decode()
    session.place = "https://meet.example/1"
    session.save()
    before = client.get(url("training_session", session)).content.decode()
    BookingFactory(session=session, application=me)
    after = client.get(url("training_session", session)).content.decode()

    assert "<dd>Room 1.04</dd>" in rooms
    assert "meet.example" not in before
    assert '<a href="https://meet.example/1" rel="noreferrer">' in after


@pytest.mark.parametrize(
    ("moment", "says", "is_over"),
    [
        (START - timedelta(seconds=1), "You have a place", False),
        (START, "You have a place", False),
        (START + timedelta(minutes=90), "Over", True),
    ],
    ids=str,
)
def test_a_place_is_shown_to_the_end_and_given_up_before_the_start_only(
    client, session, me, clock, moment, says, is_over
):
    BookingFactory(session=session, application=me)
    clock.move_to(moment)
    client.force_login(me.user)

    row = row_of(client, session)

    assert (row.says, row.is_over, row.can_give_up) == (says, is_over, moment < START)


def test_what_has_begun_or_was_called_off_offers_no_button(client, session, me, clock):
    session.cancelled_at = NOW
    session.save()
    off = row_of(client, session)
    session.cancelled_at = None
    session.save()
    clock.move_to(START)
    client.force_login(me.user)
    begun = row_of(client, session)

    assert (off.says, off.can_book, off.can_wait) == ("Called off", False, False)
    assert (begun.says, begun.can_book, begun.can_wait) == ("It has begun", False, False)
