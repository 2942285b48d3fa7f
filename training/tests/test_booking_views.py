"""Pages on which people book and give up a place, and what a place brings them: a file and a certificate (BM-12)."""

import icalendar
import pytest
import vobject

from mentorship.lib.ical import uid
from training.models import Booking
from training.tests.factories import BookingFactory
from training.tests.pages import LIST, NOW, START, said, url

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-12")]


# Book and give up


def test_a_place_is_booked(client, session, me):
    answer = client.post(url("book_training", session), follow=True)

    assert answer.redirect_chain == [(url("training_session", session), 302)]
    assert said(answer) == ["Booked: an e-mail with an entry for your calendar is on its way."]
    assert list(Booking.objects.values_list("application", "state", "number", "asked_at")) == [
        (me.pk, "booked", 1, NOW)
    ]


def test_who_finds_no_place_reads_that_they_wait(client, session, me):
    for _ in range(2):
        BookingFactory(session=session)

    answer = client.post(url("book_training", session), follow=True)

    assert said(answer) == ["Noted: we write to you as soon as it is your turn."]


def test_a_refusal_is_said_on_the_page(client, session, me, clock):
    clock.move_to(START)
    client.force_login(me.user)

    answer = client.post(url("book_training", session), follow=True)

    assert (said(answer), Booking.objects.count()) == (["This training has begun already."], 0)


def test_a_place_is_given_up(client, session, me):
    BookingFactory(session=session, application=me)

    answer = client.post(url("cancel_training", session), follow=True)

    assert answer.redirect_chain == [(LIST, 302)]
    assert said(answer) == ["Done. Thank you for making room for somebody else."]
    assert Booking.objects.get().state == "cancelled"


def test_giving_up_twice_says_that_there_is_nothing_to_give_up(client, session, me):
    theirs = BookingFactory(session=session)

    answer = client.post(url("cancel_training", session), follow=True)

    theirs.refresh_from_db()
    assert (said(answer), theirs.state) == (["You have no place in this training."], "booked")


def test_a_place_in_what_has_begun_stays(client, session, me, clock):
    BookingFactory(session=session, application=me)
    clock.move_to(START)
    client.force_login(me.user)

    answer = client.post(url("cancel_training", session), follow=True)

    assert (said(answer), Booking.objects.get().state) == (["This training has begun already."], "booked")


# The file for calendars


def test_the_file_for_calendars_reads_the_same_by_two_readers(client, session, me):
    BookingFactory(session=session, application=me)

    answer = client.get(url("training_calendar", session))

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    text = answer.content.decode()
    calendar = icalendar.Calendar.from_ical(text)
    (one,) = calendar.walk("VEVENT")
    other = vobject.readOne(text).vevent
    expected = (uid(f"training/{session.pk}"), START, "Your mentoring programme", "Room 1.04")
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert (str(one["UID"]), one.decoded("DTSTART"), str(one["SUMMARY"]), str(one["LOCATION"])) == expected
    assert (other.uid.value, other.dtstart.value, other.summary.value, other.location.value) == expected
    assert "ATTENDEE" not in text


@pytest.mark.parametrize(
    "state", [{"state": "waiting"}, {"state": "cancelled", "cancelled_at": NOW}], ids=lambda row: row["state"]
)
def test_without_a_place_there_is_no_file(client, session, me, state):
    BookingFactory(session=session, application=me, number=None, **state)

    assert client.get(url("training_calendar", session)).status_code == 404


# The certificate


def test_who_attended_prints_a_certificate(client, session, me):
    me.user.name = "Ada Lovelace"
    me.user.save()
    BookingFactory(session=session, application=me, has_attended=True)

    answer = client.get(url("training_certificate", session))

    shown = {key: answer.context[key] for key in ("name", "title", "programme")}
    assert shown == {
        "name": "Ada Lovelace",
        "title": "Listening",
        "programme": session.cohort.programme.name,
    }
    page = answer.content.decode()
    assert [words in page for words in ("Ada Lovelace", "Listening", "10 February 2026")] == [True] * 3
    assert "<title>Certificate – Mentorship</title>" in page


@pytest.mark.parametrize("was_there", [None, False])
def test_who_wasnt_there_has_no_certificate(client, session, me, was_there):
    BookingFactory(session=session, application=me, has_attended=was_there)

    assert client.get(url("training_certificate", session)).status_code == 404


def test_a_certificate_stays_when_one_has_left_the_programme(client, session, me):
    BookingFactory(session=session, application=me, has_attended=True)
    me.state = "withdrawn"
    me.save()

    assert client.get(url("training_certificate", session)).status_code == 200


def test_nobody_prints_somebody_elses_certificate(client, session, me):
    BookingFactory(session=session, has_attended=True)

    assert client.get(url("training_certificate", session)).status_code == 404
