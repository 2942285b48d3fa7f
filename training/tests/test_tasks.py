"""The reminder on the day before, and places of people who have left (BM-12)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from applications.tests.factories import AbsenceFactory, MentorFactory
from mentorship.lib.moments import morning_before
from outbox.models import Message
from programmes.tests.factories import DutyFactory
from tests.breaking import breaks
from training import services, tasks
from training.models import Booking, Session
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
START = datetime(2026, 2, 10, 14, tzinfo=UTC)
DUE = datetime(2026, 2, 9, 9, tzinfo=UTC)


@pytest.fixture
def session():
    return SessionFactory(places=5)


def reminded():
    return sorted(Message.objects.filter(kind="training/email/tomorrow").values_list("to", flat=True))


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (DUE - timedelta(seconds=1), 0),
        (DUE, 1),
        (DUE + timedelta(hours=20), 1),  # a missed day loses nothing
        (START - timedelta(seconds=1), 1),
        (START, 0),
        (START + timedelta(days=1), 0),
    ],
    ids=str,
)
def test_the_reminder_leaves_from_nine_on_the_day_before_until_the_start(session, clock, moment, written):
    BookingFactory(session=session)
    clock.move_to(moment)

    assert tasks.remind_of_training() == written
    assert len(reminded()) == written


def test_a_reminder_is_written_once(session, clock):
    booking = BookingFactory(session=session)
    clock.move_to(DUE)

    assert (tasks.remind_of_training(), tasks.remind_of_training()) == (1, 0)

    key = Message.objects.get().key
    assert key == f"training-tomorrow/{session.pk}/0/{booking.pk}"


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Europe/London", datetime(2026, 2, 9, 9, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 2, 9, 17, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 2, 9, 0, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 2, 9, 19, tzinfo=UTC)),  # their 11 February already
    ],
)
def test_the_day_before_is_the_readers_own(session, clock, zone, due):
    BookingFactory(session=session, application__user__time_zone=zone)

    clock.move_to(due - timedelta(seconds=1))
    before = tasks.remind_of_training()
    clock.move_to(due)

    assert (before, tasks.remind_of_training()) == (0, 1)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Clocks go forward in the night to Sunday 29 March 2026, and back in the night to Sunday 25 October
        (datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 28, 9, tzinfo=UTC)),
        (datetime(2026, 3, 30, 9, tzinfo=UTC), datetime(2026, 3, 29, 8, tzinfo=UTC)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 24, 8, tzinfo=UTC)),
        (datetime(2026, 10, 26, 9, tzinfo=UTC), datetime(2026, 10, 25, 9, tzinfo=UTC)),
    ],
    ids=str,
)
def test_nine_in_the_morning_is_nine_on_both_sides_of_a_night_in_which_clocks_change(clock, start, due):
    BookingFactory(session__starts_at=start)

    clock.move_to(due - timedelta(seconds=1))
    before = tasks.remind_of_training()
    clock.move_to(due)

    assert (before, tasks.remind_of_training()) == (0, 1)


def test_the_moment_is_compared_as_a_moment():
    assert morning_before(START, MentorFactory.build(user__time_zone="Asia/Tokyo").user.zone).tzinfo is UTC


def test_who_booked_after_the_reminder_was_due_gets_none(session, clock):
    clock.move_to(DUE)
    BookingFactory(session=session, asked_at=DUE)

    assert tasks.remind_of_training() == 0


def test_who_moved_up_after_the_reminder_was_due_gets_none(session, clock):
    session.places = 1
    session.save()
    first = BookingFactory(session=session)
    BookingFactory(session=session, state="waiting", number=None)
    clock.move_to(DUE + timedelta(hours=1))
    services.cancel(first, by=first.application.user, at=timezone.now())

    assert (tasks.remind_of_training(), reminded()) == (0, [])


def test_who_moved_up_before_the_reminder_was_due_gets_it(session, clock):
    session.places = 1
    session.save()
    first = BookingFactory(session=session)
    second = BookingFactory(session=session, state="waiting", number=None)
    services.cancel(first, by=first.application.user, at=timezone.now())
    clock.move_to(DUE)

    assert (tasks.remind_of_training(), reminded()) == (1, [second.application.user.email])


@pytest.mark.parametrize(
    "other",
    [
        {"state": "waiting", "number": None},
        {"state": "cancelled", "number": None, "cancelled_at": DUE},
        {"application__state": "withdrawn"},
        {"application__state": "declined"},
        {"session__cancelled_at": DUE},
    ],
    ids=str,
)
def test_nobody_without_a_place_is_reminded(clock, other):
    BookingFactory(**other)
    clock.move_to(DUE)

    assert tasks.remind_of_training() == 0


@pytest.mark.clause("EI-1d")
def test_nobody_is_reminded_in_an_absence_but_on_their_return(session, clock):
    booking = BookingFactory(session=session)
    AbsenceFactory(application=booking.application, from_on=date(2026, 2, 1), until_on=date(2026, 2, 9))
    clock.move_to(DUE)
    away = tasks.remind_of_training()
    clock.move_to(datetime(2026, 2, 10, 0, 1, tzinfo=UTC))

    assert (away, tasks.remind_of_training()) == (0, 1)


@pytest.mark.clause("EI-1d")
def test_who_is_back_early_is_reminded_and_so_is_everybody_else(session, clock):
    back = BookingFactory(session=session)
    AbsenceFactory(
        application=back.application,
        from_on=date(2026, 2, 1),
        until_on=date(2026, 2, 20),
        returned_on=date(2026, 2, 9),
    )
    AbsenceFactory(application=MentorFactory(cohort=session.cohort), until_on=date(2026, 2, 20))
    BookingFactory(session=session)
    clock.move_to(DUE)

    assert tasks.remind_of_training() == 2


# Changes


def move(session, **facts):
    wished = Session.objects.get(pk=session.pk)
    for fact, value in facts.items():
        setattr(wished, fact, value)
    office = DutyFactory(programme=session.cohort.programme).user
    services.change_session(wished, by=office, at=timezone.now())


def test_a_training_that_moves_to_a_later_day_is_reminded_of_anew(session, clock):
    BookingFactory(session=session)
    clock.move_to(DUE)
    tasks.remind_of_training()
    move(session, starts_at=START + timedelta(days=7))
    clock.shift(timedelta(days=7))

    assert tasks.remind_of_training() == 1
    states = Message.objects.filter(kind="training/email/tomorrow").order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["withdrawn", "waiting"]


def test_who_was_told_of_a_change_after_the_reminder_was_due_gets_none(session, clock):
    BookingFactory(session=session)
    clock.move_to(DUE + timedelta(hours=1))
    move(session, place="Another room")

    assert tasks.remind_of_training() == 0


def test_a_reminder_of_a_place_that_was_given_up_is_kept_back(session, clock):
    mine, other = BookingFactory(session=session), BookingFactory(session=session)
    clock.move_to(DUE)
    tasks.remind_of_training()

    services.cancel(mine, by=mine.application.user, at=timezone.now())

    states = dict(Message.objects.filter(kind="training/email/tomorrow").values_list("to", "state"))
    assert states == {
        mine.application.user.email: "withdrawn",
        other.application.user.email: "waiting",
    }


def test_reminders_of_what_is_called_off_are_kept_back(session, clock):
    BookingFactory(session=session)
    clock.move_to(DUE)
    tasks.remind_of_training()

    services.call_off(session, by=DutyFactory(programme=session.cohort.programme).user, at=timezone.now())

    assert Message.objects.get(kind="training/email/tomorrow").state == "withdrawn"


def test_one_that_cant_be_reminded_holds_back_no_other(session, clock, caplog):
    broken, good = BookingFactory(session=session), BookingFactory(session=session)
    # A message id of the reminder-to-be is taken: the database refuses it
    key = f"training-tomorrow/{session.pk}/0/{broken.pk}"
    taken = services.reminding.letters.outbox.message_id(key)
    Message.objects.create(
        key="other", message_id=taken, to="a@lse.example", not_before=DUE, created_at=DUE, subject="x"
    )
    clock.move_to(DUE)

    assert tasks.remind_of_training() == 1
    assert reminded() == [good.application.user.email]
    assert [record.getMessage() for record in caplog.records] == [
        f"Booking {broken.pk} could not be reminded."
    ]


# People who have left


def test_the_sweep_frees_places_of_people_who_have_left(session):
    BookingFactory(session=session, application__state="withdrawn")
    BookingFactory(session=session)

    assert (tasks.free_places(), tasks.free_places()) == (1, 0)
    assert sorted(session.bookings.values_list("state", flat=True)) == ["booked", "cancelled"]


def test_one_whose_place_cant_be_freed_holds_back_no_other(session, caplog):
    broken, good = (BookingFactory(session=session, application__state="withdrawn") for _ in range(2))

    with breaks(Booking, pk=broken.pk):
        assert tasks.free_places() == 1

    good.refresh_from_db()
    assert good.state == "cancelled"
    assert [record.getMessage() for record in caplog.records] == [
        f"The place of booking {broken.pk} could not be freed."
    ]
