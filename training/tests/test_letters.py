"""Every message about training, as text, as HTML, and for calendars (BM-12)."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject

from applications.tests.factories import MentorFactory
from mentorship.lib.ical import uid
from outbox.models import Message
from programmes.tests.factories import DutyFactory
from training import services
from training.models import Session
from training.tests.factories import BookingFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
START = datetime(2026, 2, 10, 14, tzinfo=UTC)
TITLE = "Mentoring <one> & one"
PAGE = "https://mentoring.example/training/{}/"


@pytest.fixture
def session():
    return SessionFactory(title=TITLE, place="https://meet.example/a?b=1&c=2", places=1, role="mentor")


@pytest.fixture
def person(session):
    return MentorFactory(cohort=session.cohort, user__name="Ada <Lovelace>", user__time_zone="Asia/Tokyo")


@pytest.fixture
def office(session):
    return DutyFactory(programme=session.cohort.programme).user


def letter(name):
    return Message.objects.get(kind=f"training/email/{name}")


def booked(session, person):
    return services.book(session, by=person.user, at=NOW)


def moved(session, office, **facts):
    wished = Session.objects.get(pk=session.pk)
    for fact, value in facts.items():
        setattr(wished, fact, value)
    services.change_session(wished, by=office, at=NOW + timedelta(hours=1))


def written_booked(session, person, office):
    booked(session, person)


def written_waiting(session, person, office):
    BookingFactory(session=session)
    booked(session, person)


def written_moved_up(session, person, office):
    BookingFactory(session=session)
    booked(session, person)
    moved(session, office, places=2)


def written_changed(session, person, office):
    booked(session, person)
    moved(session, office, minutes=60)


def written_called_off(session, person, office):
    booked(session, person)
    services.call_off(session, by=office, at=NOW)


def written_given_up(session, person, office):
    services.cancel(booked(session, person), by=person.user, at=NOW)


def written_tomorrow(session, person, office):
    booked(session, person)
    services.remind_of_training(at=START - timedelta(hours=1))


WAYS = {
    "booked": written_booked,
    "waiting": written_waiting,
    "moved_up": written_moved_up,
    "changed": written_changed,
    "called_off": written_called_off,
    "given_up": written_given_up,
    "tomorrow": written_tomorrow,
}
METHODS = {
    "booked": "REQUEST",
    "waiting": None,
    "moved_up": "REQUEST",
    "changed": "REQUEST",
    "called_off": "CANCEL",
    "given_up": "CANCEL",
    "tomorrow": None,
}


@pytest.mark.parametrize("name", WAYS)
def test_every_message_is_neutral_outside_and_says_inside_which_training_and_when(
    session, person, office, name
):
    WAYS[name](session, person, office)

    written = letter(name)
    assert (written.subject, written.to) == ("Your mentoring programme", person.user.email)
    assert written.programme == session.cohort.programme.slug
    assert "Dear Ada <Lovelace>,\n" in written.text
    assert "<p>Dear Ada &lt;Lovelace&gt;,</p>" in written.html
    assert TITLE in written.text
    assert "Mentoring &lt;one&gt; &amp; one" in written.html
    assert "Tuesday 10 February 2026, 23:00 (Tokyo)" in written.text
    assert "Tuesday 10 February 2026, 23:00 (Tokyo)" in written.html
    assert "{%" not in written.text + written.html
    assert written.text.endswith(
        "With kind regards\nThe programme team\n\n--\nThis message was written for you alone. If it reached you by"
        " mistake, please delete it.\nWorried about something? Get help: https://mentoring.example/help/\n"
    )


@pytest.mark.parametrize("name", ["booked", "moved_up", "changed", "tomorrow"])
def test_who_has_a_place_reads_where_it_is(session, person, office, name):
    WAYS[name](session, person, office)

    written = letter(name)
    assert "Where: https://meet.example/a?b=1&c=2\n" in written.text
    assert '<a href="https://meet.example/a?b=1&amp;c=2">' in written.html


@pytest.mark.parametrize("name", ["waiting", "called_off", "given_up"])
def test_nobody_else_gets_the_link(session, person, office, name):
    WAYS[name](session, person, office)

    assert "meet.example" not in letter(name).text + letter(name).html


@pytest.mark.parametrize("name", ["booked", "waiting", "moved_up", "changed", "tomorrow"])
def test_the_message_leads_to_the_page_of_the_training(session, person, office, name):
    WAYS[name](session, person, office)

    page = PAGE.format(session.pk)
    assert page in letter(name).text.splitlines()
    assert f'<a class="button" href="{page}">' in letter(name).html


def test_a_room_is_no_link(person, session, office):
    session.place = "Room 1.04"
    session.save()
    booked(session, person)

    assert "<td>Room 1.04</td>" in letter("booked").html


def test_who_waited_for_what_is_called_off_has_no_entry_to_let_go(session, person, office):
    waiting = BookingFactory(session=session, state="waiting", number=None)

    services.call_off(session, by=office, at=NOW)

    written = Message.objects.get(to=waiting.application.user.email)
    assert "You were on its waiting list; there is nothing to do." in written.text
    assert written.calendar == ""


def test_who_left_the_programme_is_told_why_and_whom_to_ask(session, person):
    booked(session, person)
    person.state = "withdrawn"
    person.save()

    services.free_places(at=NOW)

    written = letter("given_up")
    assert "You take no part in the programme any more" in written.text
    assert session.cohort.programme.contact_address in written.text
    assert "You take no part in the programme any more" in written.html


# For calendars


@pytest.mark.parametrize("name", WAYS)
def test_an_entry_comes_with_a_place_and_goes_with_it(session, person, office, name):
    WAYS[name](session, person, office)

    calendar = letter(name).calendar
    method = str(icalendar.Calendar.from_ical(calendar)["METHOD"]) if calendar else None
    assert method == METHODS[name]


@pytest.mark.parametrize("name", [name for name, method in METHODS.items() if method])
def test_the_entry_reads_the_same_by_two_readers(session, person, office, name):
    WAYS[name](session, person, office)
    minutes = 60 if name == "changed" else 90
    expected = (
        uid(f"training/{session.pk}"),
        START,
        START + timedelta(minutes=minutes),
        "Your mentoring programme",
        "https://meet.example/a?b=1&c=2",
        "CANCELLED" if METHODS[name] == "CANCEL" else "CONFIRMED",
        f"mailto:{person.user.email}",
    )

    (one,) = icalendar.Calendar.from_ical(letter(name).calendar).walk("VEVENT")
    other = vobject.readOne(letter(name).calendar).vevent

    assert (
        str(one["UID"]),
        one.decoded("DTSTART"),
        one.decoded("DTEND"),
        str(one["SUMMARY"]),
        str(one["LOCATION"]),
        str(one["STATUS"]),
        str(one["ATTENDEE"]).lower(),
    ) == expected
    assert (
        other.uid.value,
        other.dtstart.value,
        other.dtend.value,
        other.summary.value,
        other.location.value,
        other.status.value,
        other.attendee.value.lower(),
    ) == expected


def test_later_versions_of_an_entry_count_more(session, person, office):
    """By sequence, and where that is the same by the stamp: who gives up and asks again has an entry again."""
    services.cancel(booked(session, person), by=person.user, at=NOW + timedelta(minutes=1))
    services.book(session, by=person.user, at=NOW + timedelta(minutes=2))
    moved(session, office, minutes=60)
    services.call_off(session, by=office, at=NOW + timedelta(hours=2))

    versions = []
    for calendar in Message.objects.exclude(calendar="").order_by("pk").values_list("calendar", flat=True):
        (event,) = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
        versions.append((event["SEQUENCE"], event.decoded("DTSTAMP")))

    assert [sequence for sequence, _ in versions] == [0, 0, 0, 1, 2]
    assert versions == sorted(set(versions))


def test_the_entry_doesnt_name_the_training_or_the_person(session, person, office):
    booked(session, person)

    calendar = letter("booked").calendar.replace("\r\n ", "")
    assert [word for word in ("Mentoring <", "Lovelace") if word in calendar] == []
