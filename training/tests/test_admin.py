"""Training as the office keeps it (BM-12)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.tests.factories import MentorFactory
from outbox.models import Message
from programmes.tests.factories import CohortFactory, DutyFactory
from programmes.tests.pages import filled_in
from training.models import Booking, Session
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
LIST = "/admin/training/session/"
ADD = f"{LIST}add/"
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
START = datetime(2026, 2, 10, 14, tzinfo=UTC)
FACTS = {
    "kind": "circle",
    "title": "Circles",
    "role": "mentor",
    "starts_at_0": "2026-03-30",
    "starts_at_1": "14:00",
    "minutes": "60",
    "place": "Room 2",
    "places": "5",
}


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def admin(client, cohort):
    admin = DutyFactory(programme=cohort.programme).user
    client.force_login(admin)
    return admin


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort)


def page_of(session):
    return f"{LIST}{session.pk}/change/"


def save(client, session, **answers):
    filled = filled_in(client.get(page_of(session)), "session_form")
    return client.post(page_of(session), filled | answers, follow=True)


def act(client, action, *sessions, **more):
    chosen = {"action": action, "_selected_action": [session.pk for session in sessions]}
    return client.post(LIST, chosen | more, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def later(client, clock, admin, moment=START):
    clock.move_to(moment)
    client.force_login(admin)


# Scope


@pytest.mark.clause("ALL-1")
def test_the_list_shows_ones_own_programmes_sessions(client, admin, session):
    SessionFactory(title="Foreign")

    response = client.get(LIST)

    assert response.context["cl"].result_list == [session] or list(response.context["cl"].result_list) == [
        session
    ]
    assert "Foreign" not in response.content.decode()


@pytest.mark.clause("ALL-1")
def test_another_programmes_session_is_as_good_as_none(client, admin, session):
    other = SessionFactory(title="Foreign")
    BookingFactory(session=other)

    page = client.get(page_of(other))
    client.post(page_of(other), FACTS)
    act(client, "call_off", other, confirmed="yes")
    act(client, "record_everybody", other)

    other.refresh_from_db()
    assert (page.status_code, page.url) == (302, "/admin/")
    assert (other.title, other.cancelled_at, Booking.objects.get().has_attended) == ("Foreign", None, None)


@pytest.mark.clause("ALL-1")
def test_a_session_cant_be_set_for_another_programmes_cohort(client, admin, cohort):
    other = CohortFactory(name="Foreign")

    shown = client.get(ADD).content.decode()
    answer = client.post(ADD, FACTS | {"cohort": other.pk})

    assert "Foreign" not in shown
    assert "Select a valid choice" in answer.content.decode()
    assert Session.objects.count() == 0


@pytest.mark.clause("ALL-1")
def test_who_decides_eligibility_alone_sees_no_training(client, cohort):
    client.force_login(DutyFactory(programme=cohort.programme, kind="eligibility").user)

    assert client.get(LIST).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_three(client, admin, cohort):
    counts = []
    for _ in range(2):
        SessionFactory(cohort=cohort)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        BookingFactory(session=SessionFactory(cohort=cohort))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("moment", [NOW, START], ids=str)
def test_a_sessions_page_costs_the_same_for_one_and_for_three(client, admin, session, clock, moment):
    session.places = 5
    session.save()
    later(client, clock, admin, moment)
    counts = []
    for _ in range(2):
        BookingFactory(session=session)
        client.get(page_of(session))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(session))
        counts.append(len(queries))
        BookingFactory(session=session)

    assert counts[0] == counts[1]


def test_the_list_says_how_many_have_a_place_and_wait(client, admin, session):
    BookingFactory(session=session)
    BookingFactory(session=session, state="waiting", number=None)
    BookingFactory(session=session, state="cancelled", number=None, cancelled_at=NOW)

    page = client.get(LIST).content.decode()

    assert '<td class="field-taken">1 of 2</td>' in page
    assert '<td class="field-waiting">1</td>' in page


# Set and change


def test_a_session_is_set_by_the_clock_of_london(client, admin, cohort):
    answer = client.post(ADD, FACTS | {"cohort": cohort.pk})

    made = Session.objects.get()
    assert (answer.status_code, made.title, made.places, made.changed_at) == (302, "Circles", 5, NOW)
    assert made.starts_at == datetime(2026, 3, 30, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at_0": "2026-01-13"}, "starts_at"),
        ({"starts_at_0": "2026-03-29", "starts_at_1": "01:30"}, "starts_at"),  # no clock shows this
        ({"places": "0"}, "places"),
        ({"minutes": "2000"}, "minutes"),
        ({"title": ""}, "title"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_beside_the_field(client, admin, cohort, wrong, field):
    answer = client.post(ADD, FACTS | {"cohort": cohort.pk} | wrong)

    assert list(answer.context["adminform"].form.errors) == [field]
    assert Session.objects.count() == 0


def test_a_change_of_place_is_told(client, admin, session):
    BookingFactory(session=session)

    save(client, session, place="The Old Theatre")

    session.refresh_from_db()
    assert (session.place, session.sequence, session.changed_at) == ("The Old Theatre", 1, NOW)
    assert Message.objects.get().kind == "training/email/changed"


def test_saving_without_a_change_tells_nobody(client, admin, session):
    BookingFactory(session=session)

    save(client, session)

    session.refresh_from_db()
    assert (session.sequence, Message.objects.count()) == (0, 0)


def test_more_places_let_who_waits_move_up(client, admin, session):
    BookingFactory(session=session, number=1)
    BookingFactory(session=session, number=2)
    waiting = BookingFactory(session=session, state="waiting", number=None)

    save(client, session, places="3")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.number) == ("booked", 3)


def test_fewer_places_than_are_taken_are_refused_beside_the_field(client, admin, session):
    for _ in range(2):
        BookingFactory(session=session)

    answer = save(client, session, places="1")

    assert answer.context["adminform"].form.errors == {"places": ["2 people have a place already."]}


def test_a_second_training_of_the_same_title_and_time_is_refused_beside_the_field(client, admin, session):
    SessionFactory(cohort=session.cohort, title="Twin")

    answer = save(client, session, title="Twin")
    added = client.post(
        ADD,
        FACTS
        | {"cohort": session.cohort.pk, "title": "Twin"}
        | {"starts_at_0": "2026-02-10", "starts_at_1": "14:00"},
    )

    sentence = {"title": ["There is a training with this title at this time already."]}
    assert answer.context["adminform"].form.errors == sentence
    assert added.context["adminform"].form.errors == sentence


def test_of_a_page_that_a_service_refuses_after_all_nothing_is_kept(client, admin, session):
    """A page that says who was there before it began, which no browser was offered."""
    booking = BookingFactory(session=session)

    crafted = {"bookings-0-id": booking.pk, "bookings-0-has_attended": "true"}
    answer = save(client, session, title="Anew", **crafted)

    session.refresh_from_db()
    assert said(answer) == ["This training hasn't begun yet."]
    assert session.title != "Anew"


def test_what_was_called_off_is_read_only(client, admin, session):
    filled = filled_in(client.get(page_of(session)), "session_form")
    Session.objects.update(cancelled_at=NOW)

    page = client.get(page_of(session)).content.decode()
    answer = client.post(page_of(session), filled | {"title": "Anew"})

    session.refresh_from_db()
    assert (answer.status_code, session.title != "Anew", 'name="title"' in page) == (403, True, False)
    assert "14 Jan 2026, 09:30" in page


def test_a_session_is_never_deleted(client, admin, session):
    assert client.post(f"{LIST}{session.pk}/delete/", {"post": "yes"}).status_code == 403


# Attendance


def test_who_was_there_is_recorded_on_the_sessions_page(client, admin, session, clock):
    session.places = 3
    session.save()
    there, away, unknown = (BookingFactory(session=session, number=number) for number in (1, 2, 3))
    later(client, clock, admin)

    save(client, session, **{"bookings-0-has_attended": "true", "bookings-1-has_attended": "false"})

    recorded = dict(Booking.objects.values_list("pk", "has_attended"))
    assert recorded == {there.pk: True, away.pk: False, unknown.pk: None}


def test_a_record_is_taken_back(client, admin, session, clock):
    booking = BookingFactory(session=session, has_attended=True)
    later(client, clock, admin)

    save(client, session, **{"bookings-0-has_attended": ""})

    booking.refresh_from_db()
    assert booking.has_attended is None


def test_before_it_begins_there_is_nothing_to_record(client, admin, session):
    booking = BookingFactory(session=session)

    page = client.get(page_of(session)).content.decode()
    save(client, session, **{"bookings-0-has_attended": "true"})

    booking.refresh_from_db()
    assert ('name="bookings-0-has_attended"' in page, booking.has_attended) == (False, None)


def test_an_administrator_never_records_their_own_attendance(client, admin, session, clock):
    mine = BookingFactory(session=session, application=MentorFactory(cohort=session.cohort, user=admin))
    later(client, clock, admin)

    save(client, session, **{"bookings-0-has_attended": "true"})
    answer = act(client, "record_everybody", session)

    mine.refresh_from_db()
    assert mine.has_attended is None
    assert f"{admin.name}: You can't record your own attendance: ask a colleague." in said(answer)


def test_who_waited_has_no_attendance_to_record(client, admin, session, clock):
    BookingFactory(session=session, state="waiting", number=None)
    later(client, clock, admin)

    save(client, session, **{"bookings-0-has_attended": "true"})

    assert Booking.objects.get().has_attended is None


def test_a_booking_of_another_session_cant_be_named(client, admin, session, clock):
    BookingFactory(session=session)
    theirs = BookingFactory()
    later(client, clock, admin)

    save(client, session, **{"bookings-0-id": theirs.pk, "bookings-0-has_attended": "true"})

    theirs.refresh_from_db()
    assert theirs.has_attended is None


def test_everybody_with_a_place_is_recorded_at_once_where_nothing_is_yet(client, admin, session, clock):
    BookingFactory(session=session, number=1)
    absent = BookingFactory(session=session, number=2, has_attended=False)
    later(client, clock, admin)

    answer = act(client, "record_everybody", session)

    absent.refresh_from_db()
    assert (said(answer), absent.has_attended) == (["Recorded for 1."], False)
    assert Booking.objects.filter(has_attended=True).count() == 1


# Call off


def test_its_page_leads_to_calling_it_off_as_long_as_it_stands(client, admin, session):
    standing = client.get(page_of(session)).content.decode()
    Session.objects.update(cancelled_at=NOW)

    assert ["Call off…" in page for page in (standing, client.get(page_of(session)).content.decode())] == [
        True,
        False,
    ]


def test_day_and_hour_have_a_name_each(client, admin):
    page = client.get(ADD).content.decode()

    assert [f'aria-label="Starts: {part}"' in page for part in ("date", "time")] == [True, True]


def test_calling_off_asks_once_more(client, admin, session):
    BookingFactory(session=session)

    asked = act(client, "call_off", session)
    session.refresh_from_db()

    assert (session.cancelled_at, Message.objects.count()) == (None, 0)
    assert f'name="_selected_action" value="{session.pk}"' in asked.content.decode()


def test_calling_off_tells_everybody(client, admin, session):
    BookingFactory(session=session)

    answer = act(client, "call_off", session, confirmed="yes")

    session.refresh_from_db()
    assert (session.cancelled_at, said(answer)) == (NOW, ["Called off: 1. Everybody is told."])
    assert Message.objects.get().kind == "training/email/called_off"


def test_one_that_cant_be_called_off_holds_back_no_other(client, admin, session, cohort):
    begun = SessionFactory(cohort=cohort, title="Begun", starts_at=NOW - timedelta(hours=1))

    answer = act(client, "call_off", session, begun, confirmed="yes")

    session.refresh_from_db()
    assert session.cancelled_at == NOW
    assert sorted(said(answer)) == [
        "Begun: This training has begun already.",
        "Called off: 1. Everybody is told.",
    ]
