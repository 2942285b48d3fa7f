"""What the office does with a session (BM-12)."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.tests.factories import ApplicationFactory, MentorFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from programmes.tests.factories import CohortFactory, DutyFactory
from training import services
from training.models import Session
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
START = datetime(2026, 2, 10, 14, tzinfo=UTC)
REFUSED = "^You don't administer this programme.$"


@pytest.fixture
def session():
    return SessionFactory(places=2)


@pytest.fixture
def office(session):
    return DutyFactory(programme=session.cohort.programme).user


def new(cohort, **facts):
    given = {"kind": "circle", "title": "Circles", "starts_at": START, "place": "Room 2", **facts}
    return Session(cohort=cohort, **given)


def change(session, office, at=NOW, **facts):
    wished = Session.objects.get(pk=session.pk)
    for fact, value in facts.items():
        setattr(wished, fact, value)
    return services.change_session(wished, by=office, at=at)


def letters(kind):
    return sorted(Message.objects.filter(kind=f"training/email/{kind}").values_list("to", flat=True))


def numbers(session):
    return list(session.bookings.booked().order_by("pk").values_list("number", flat=True))


# Set


def test_a_session_is_set_with_its_facts(session, office):
    made = services.set_session(new(session.cohort, places=5), by=office, at=NOW)

    kept = Session.objects.get(pk=made.pk)
    assert (kept.kind, kept.title, kept.starts_at, kept.minutes, kept.places) == (
        "circle",
        "Circles",
        START,
        90,
        5,
    )
    assert (kept.sequence, kept.changed_at, kept.cancelled_at) == (0, NOW, None)


@pytest.mark.clause("ALL-1")
def test_nobody_sets_a_session_in_another_programme(session):
    with pytest.raises(NotPossible, match=REFUSED):
        services.set_session(new(session.cohort), by=DutyFactory().user, at=NOW)


def test_a_session_lies_ahead(session, office):
    with pytest.raises(NotPossible, match="^Choose a moment that lies ahead.$"):
        services.set_session(new(session.cohort, starts_at=NOW), by=office, at=NOW)


@pytest.mark.parametrize(
    "wrong", [{"places": 0}, {"minutes": 4}, {"kind": "talk"}, {"title": ""}, {"place": ""}]
)
def test_a_session_without_its_facts_is_refused(session, office, wrong):
    with pytest.raises(NotPossible):
        services.set_session(new(session.cohort, **wrong), by=office, at=NOW)


# Change


@pytest.mark.parametrize(
    "facts", [{"starts_at": START + timedelta(days=1)}, {"minutes": 60}, {"place": "https://meet.example/1"}]
)
def test_a_change_of_time_length_or_place_is_a_new_version_told_to_everybody_with_a_place(
    session, office, facts
):
    booked = [BookingFactory(session=session) for _ in range(2)]
    BookingFactory(session=session, state="waiting", number=None)

    changed = change(session, office, **facts)

    assert (changed.sequence, changed.changed_at) == (1, NOW)
    assert letters("changed") == sorted(each.application.user.email for each in booked)


def test_a_change_of_anything_else_is_no_new_version_and_told_to_nobody(session, office):
    BookingFactory(session=session)

    changed = change(session, office, title="Another title", kind="other", places=3)

    assert (changed.title, changed.kind, changed.places) == ("Another title", "other", 3)
    assert (changed.sequence, changed.changed_at) == (0, session.changed_at)
    assert Message.objects.count() == 0


def test_every_change_is_told_anew(session, office):
    BookingFactory(session=session)

    change(session, office, minutes=60)
    change(session, office, minutes=90)

    assert len(letters("changed")) == 2


def test_the_cohort_stays(session, office):
    other = CohortFactory(programme=session.cohort.programme, slug="other")

    assert change(session, office, cohort=other).cohort == session.cohort


def test_more_places_are_given_to_who_waits_in_turn(session, office):
    for _ in range(2):
        BookingFactory(session=session)
    first, second = (
        BookingFactory(session=session, state="waiting", number=None, asked_at=NOW - timedelta(hours=ago))
        for ago in (2, 1)
    )

    change(session, office, places=3)

    states = dict(session.bookings.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("booked", "waiting")
    assert letters("moved_up") == [first.application.user.email]


def test_who_moves_up_with_a_change_of_time_hears_of_it_once(session, office):
    for _ in range(2):
        BookingFactory(session=session)
    waiting = BookingFactory(session=session, state="waiting", number=None)

    change(session, office, places=3, minutes=60)

    told = Message.objects.filter(to=waiting.application.user.email)
    assert list(told.values_list("kind", flat=True)) == ["training/email/moved_up"]


def test_fewer_places_than_are_taken_are_refused(session, office):
    for _ in range(2):
        BookingFactory(session=session)

    with pytest.raises(NotPossible, match="^2 people have a place already.$"):
        change(session, office, places=1)


def test_places_beyond_a_smaller_number_are_brought_back_among_those_that_there_are(session, office):
    session.places = 5
    session.save()
    for number in (2, 4, 5):
        BookingFactory(session=session, number=number)

    change(session, office, places=3)

    assert numbers(session) == [2, 1, 3]


def test_a_training_that_people_have_booked_cant_be_closed_to_them(session, office):
    BookingFactory(session=session, application=ApplicationFactory(cohort=session.cohort))

    with pytest.raises(NotPossible, match="^People in another role have asked for a place already.$"):
        change(session, office, role="mentor")


def test_a_training_can_be_narrowed_to_the_role_of_all_who_booked(session, office):
    BookingFactory(session=session)

    assert change(session, office, role="mentor").role == "mentor"


def test_a_training_doesnt_move_into_the_past(session, office):
    with pytest.raises(NotPossible, match="^Choose a moment that lies ahead.$"):
        change(session, office, starts_at=NOW)


@pytest.mark.parametrize(
    "facts", [{"starts_at": START + timedelta(days=9)}, {"minutes": 5}, {"place": "Hall"}]
)
def test_time_and_place_of_what_has_begun_stay(session, office, facts):
    with pytest.raises(NotPossible, match="^The training has begun: this stays as it was.$"):
        change(session, office, at=START, **facts)


def test_the_title_of_what_has_begun_can_be_put_right(session, office):
    assert change(session, office, at=START, title="Right").title == "Right"


def test_what_was_called_off_doesnt_change(session, office):
    services.call_off(session, by=office, at=NOW)

    with pytest.raises(NotPossible, match="called off"):
        change(session, office, title="Anew")


@pytest.mark.clause("ALL-1")
def test_nobody_changes_another_programmes_session(session):
    with pytest.raises(NotPossible, match=REFUSED):
        change(session, DutyFactory().user, title="Taken")


# Call off


def test_what_is_called_off_has_no_bookings_and_everybody_is_told(session, office):
    booked = [BookingFactory(session=session) for _ in range(2)]
    waiting = BookingFactory(session=session, state="waiting", number=None)

    called_off = services.call_off(session, by=office, at=NOW)

    assert (called_off.cancelled_at, called_off.sequence, called_off.changed_at) == (NOW, 1, NOW)
    assert set(session.bookings.values_list("state", "number", "cancelled_at")) == {("cancelled", None, NOW)}
    assert letters("called_off") == sorted(each.application.user.email for each in [*booked, waiting])
    assert Message.objects.exclude(kind="training/email/called_off").count() == 0


def test_nobody_calls_off_twice(session, office):
    services.call_off(session, by=office, at=NOW)

    with pytest.raises(NotPossible, match="^This training has been called off.$"):
        services.call_off(session, by=office, at=NOW)


def test_nobody_calls_off_what_has_begun(session, office):
    with pytest.raises(NotPossible, match="^This training has begun already.$"):
        services.call_off(session, by=office, at=START)


@pytest.mark.clause("ALL-1")
def test_nobody_calls_off_another_programmes_session(session):
    person = MentorFactory(cohort=session.cohort).user

    for by in (person, DutyFactory().user):
        with pytest.raises(NotPossible, match=REFUSED):
            services.call_off(session, by=by, at=NOW)
