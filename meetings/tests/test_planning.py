import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import vobject
from django.db import connection

from accounts.tests.factories import UserFactory
from meetings import services
from meetings.models import Meeting
from meetings.tests.factories import PlannedFactory
from meetings.tests.people import living, members, person, refusal
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from partnerships.models import EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.tests.factories import CohortFactory, DutyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
THEN = datetime(2026, 1, 20, 17, tzinfo=UTC)
FACTS = {"starts_at": THEN, "minutes": 60, "format": "video", "place": "https://meet.example/42"}
OUTSIDE = "Only the people in this partnership can do this."
PAUSED = "The programme’s team has paused this partnership: nothing is due, and nothing is planned or logged."
ENDED = "This partnership has ended, so nothing about it changes any more."


def plan(partnership, **facts):
    return services.plan(partnership, **{"by": person(partnership), "at": NOW, **FACTS, **facts})


def change(meeting, **facts):
    by = person(meeting.partnership)
    return services.change_plan(meeting, **{"by": by, "at": LATER, **FACTS, **facts})


def cancel(meeting, **facts):
    return services.cancel_plan(meeting, **{"by": person(meeting.partnership), "at": LATER, **facts})


def miss(meeting, **facts):
    by = person(meeting.partnership)
    return services.mark_missed(meeting, **{"by": by, "at": THEN + timedelta(hours=1), **facts})


def letters(kind="planned"):
    return Message.objects.filter(kind=f"meetings/email/{kind}").order_by("pk")


def entry(message):
    """The event of a kept calendar entry, and its method, as another library reads them."""
    calendar = vobject.readOne(message.calendar)
    return calendar.vevent, calendar.method.value


# Plan


@pytest.mark.clause("EI-1b", "BM-6")
@pytest.mark.parametrize("how", ["video", "in_person"])
@pytest.mark.parametrize("part", ["mentor", "mentee"])
def test_either_side_plans_a_meeting_in_either_way(part, how):
    partnership = pair()

    plan(partnership, by=person(partnership, part), format=how)

    facts = ("state", "starts_at", "minutes", "format", "place", "planned_by", "planned_at", "sequence")
    assert Meeting.objects.values_list(*facts).get() == (
        "planned",
        THEN,
        60,
        how,
        "https://meet.example/42",
        person(partnership, part).pk,
        NOW,
        0,
    )


@pytest.mark.parametrize("make", [pair, circle])
def test_everybody_gets_one_message_with_the_calendar_entry(make):
    partnership = make()

    meeting = plan(partnership)

    assert {(row.key, row.to, row.subject, row.programme) for row in letters()} == {
        (
            f"plan/{meeting.pk}/0/{member.pk}",
            member.application.user.email,
            "Your mentoring programme",
            partnership.cohort.programme.slug,
        )
        for member in members(partnership)
    }


def test_everybody_reads_the_time_in_their_own_zone_and_in_nobody_elses():
    partnership = pair()
    tokyo, angeles = (
        living(partnership, "mentor", "Asia/Tokyo"),
        living(partnership, "mentee", "America/Los_Angeles"),
    )

    plan(partnership)

    for reader, own, other in [
        (tokyo, "Wednesday 21 January 2026, 02:00 (Asia/Tokyo)", "Angeles"),
        (angeles, "Tuesday 20 January 2026, 09:00 (America/Los Angeles)", "Tokyo"),
    ]:
        letter = letters().get(to=reader.email)
        for body in (letter.text, letter.html):
            assert (body.count(own), body.count(other), body.count("London")) == (1, 0, 0)


@pytest.mark.clause("EI-4b", "EI-5b")
def test_the_letter_names_nobody_but_its_reader():
    partnership = pair()
    mentor, mentee = person(partnership, "mentor"), person(partnership, "mentee")

    plan(partnership, by=mentor)

    letter = letters().get(to=mentee.email)
    assert letter.text.startswith(f"Dear {mentee.name},\n\nYour partner has planned a meeting:")
    assert (
        letters().get(to=mentor.email).text.startswith(f"Dear {mentor.name},\n\nYou have planned a meeting:")
    )
    for body in (letter.text, letter.html, letter.calendar):
        assert (body.count(mentor.name), body.count(mentor.email)) == (0, 0)


def test_in_a_circle_it_is_somebody_of_the_circle():
    partnership = circle()
    reader = person(partnership, "facilitator")

    plan(partnership)

    assert (
        "Somebody in your circle has planned a meeting of the circle:" in letters().get(to=reader.email).text
    )


def test_a_plan_keeps_back_the_reminders_of_these_people():
    partnership = pair()
    waiting = MessageFactory(key=f"nudge/{person(partnership).pk}/1", to=person(partnership).email)

    plan(partnership)

    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_the_same_plan_again_from_either_side_is_the_one_that_is_there():
    partnership = pair()

    first = plan(partnership, by=person(partnership, "mentor"))
    again = plan(partnership, by=person(partnership, "mentee"))

    assert (again, Meeting.objects.count(), Message.objects.count()) == (first, 1, 2)


@pytest.mark.parametrize("other", [{"minutes": 30}, {"format": "in_person"}, {"place": ""}])
def test_another_plan_for_the_same_moment_is_refused(other):
    partnership = pair()
    plan(partnership)

    said = refusal(plan, partnership, **other)

    assert said == "A meeting at that moment is planned already: change that one."
    assert Meeting.objects.count() == 1


def test_after_a_cancelled_one_the_same_moment_is_free_again():
    partnership = pair()
    first = cancel(plan(partnership))

    assert plan(partnership, at=LATER) != first


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"starts_at": NOW}, "That moment has passed already. Plan what is to come; log what was held."),
        (
            {"starts_at": datetime(2026, 4, 30, 23, tzinfo=UTC)},
            "The programme ends on 30 April 2026. You are free to meet afterwards, and nobody plans it here.",
        ),
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"minutes": 481}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Choose video call or in person."),
        ({"place": "http://meet.example/42"}, "A link must begin with https://."),
        ({"place": "Here: javascript://x or https://meet.example"}, "A link must begin with https://."),
        ({"place": "x" * 201}, "Keep the place to 200 characters."),
    ],
)
def test_a_plan_that_cannot_be_is_refused(facts, sentence):
    assert refusal(plan, pair(), **facts) == sentence
    assert (Meeting.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.clause("EI-2")
def test_the_last_moment_of_the_last_day_at_the_school_is_possible():
    last = datetime(2026, 4, 30, 22, 59, tzinfo=UTC)  # one minute to midnight in London

    assert plan(pair(), starts_at=last).starts_at == last


def test_a_place_is_one_line():
    assert plan(pair(), place="  Room 3,\n\tfirst   floor ").place == "Room 3, first floor"


@pytest.mark.parametrize("who", ["somebody else", "the office", "who has left"])
def test_only_the_people_in_it_plan(who):
    partnership = circle()
    by = UserFactory()
    if who == "the office":
        DutyFactory(user=by, programme=partnership.cohort.programme)
    if who == "who has left":
        left = members(partnership, "mentee")[0]
        left.left_on = date(2026, 1, 5)
        left.save()
        by = left.application.user

    assert refusal(plan, partnership, by=by) == OUTSIDE


@pytest.mark.clause("EI-6a")
def test_nothing_is_planned_changed_cancelled_or_missed_in_a_pause():
    partnership = pair()
    meeting = plan(partnership)
    partnership.move_to(State.PAUSED, at=LATER)

    assert [
        refusal(plan, partnership, starts_at=THEN + timedelta(days=1)),
        refusal(change, meeting, minutes=30),
        refusal(cancel, meeting),
        refusal(miss, meeting),
    ] == [PAUSED] * 4


@pytest.mark.clause("EI-2")
def test_nothing_is_planned_after_the_end():
    partnership = pair()
    end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    assert refusal(plan, partnership) == ENDED


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_both_sides_planning_the_same_at_the_same_moment_make_one_plan():
    partnership = pair()
    people = [person(partnership, "mentor"), person(partnership, "mentee")] * 4
    start = threading.Barrier(len(people))

    def send(by):
        start.wait()
        plan(partnership, by=by)
        connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(send, people))

    assert (Meeting.objects.count(), Message.objects.count()) == (1, 2)


# Change


def test_a_change_reaches_everybody_once_and_takes_the_place_of_what_has_not_left():
    partnership = pair()
    meeting = plan(partnership)

    change(meeting, starts_at=THEN + timedelta(hours=1))

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence, meeting.planned_at) == (THEN + timedelta(hours=1), 1, LATER)
    assert {row.key for row in letters("plan_changed")} == {
        f"plan/{meeting.pk}/1/{member.pk}" for member in members(partnership)
    }
    assert {row.state for row in letters()} == {"withdrawn"}


def test_a_change_keeps_back_the_word_of_the_day_before():
    meeting = plan(pair())
    waiting = MessageFactory(key=f"day-before/{meeting.partnership_id}/{meeting.pk}/0/1")

    change(meeting, minutes=30)

    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_nothing_changed_is_nothing_sent():
    meeting = plan(pair())

    change(meeting)

    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.planned_at, letters("plan_changed").count()) == (0, NOW, 0)
    assert {row.state for row in letters()} == {"waiting"}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"starts_at": NOW}, "That moment has passed already. Plan what is to come; log what was held."),
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Choose video call or in person."),
        ({"place": "ftp://meet.example"}, "A link must begin with https://."),
        ({"by": "outsider"}, OUTSIDE),
        ({"starts_at": THEN + timedelta(days=1)}, "Another meeting is planned for that moment already."),
    ],
)
def test_a_change_that_cannot_be_is_refused(facts, sentence):
    meeting = plan(pair())
    PlannedFactory(partnership=meeting.partnership, starts_at=THEN + timedelta(days=1))
    facts = facts | ({"by": UserFactory()} if "by" in facts else {})

    assert refusal(change, meeting, **facts) == sentence
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (THEN, 0)


def test_a_plan_that_has_passed_can_be_moved_to_another_day():
    meeting = plan(pair())
    after = THEN + timedelta(hours=2)

    moved = change(meeting, starts_at=THEN + timedelta(days=1), at=after)

    assert (moved.state, moved.starts_at) == ("planned", THEN + timedelta(days=1))


def test_what_is_planned_no_more_is_not_changed():
    meeting = cancel(plan(pair()))

    assert refusal(change, meeting, minutes=30) == "This meeting is “cancelled” already."


# Cancel, and say that it didn't take place


@pytest.mark.clause("EI-6")
def test_a_cancelled_plan_forgets_its_place_and_everybody_hears_of_it():
    meeting = plan(pair())

    cancel(meeting)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.place, meeting.sequence) == ("cancelled", "", 1)
    assert letters("plan_cancelled").count() == 2


def test_cancelling_twice_is_once():
    meeting = cancel(plan(pair()))

    cancel(meeting, at=LATER + timedelta(minutes=1))

    assert (letters("plan_cancelled").count(), Meeting.objects.get().sequence) == (2, 1)


def test_what_has_passed_is_not_cancelled():
    meeting = plan(pair())

    assert refusal(cancel, meeting, at=THEN) == "Its time has passed: say whether it took place."


def test_who_is_outside_cancels_nothing_and_marks_nothing():
    meeting = plan(pair())

    assert [refusal(verb, meeting, by=UserFactory()) for verb in (cancel, miss)] == [OUTSIDE] * 2


@pytest.mark.clause("EI-6")
def test_a_missed_meeting_forgets_its_place_and_the_others_hear_of_it():
    partnership = pair()
    meeting = plan(partnership)

    miss(meeting, by=person(partnership, "mentor"))

    meeting.refresh_from_db()
    assert (meeting.state, meeting.place, meeting.held_on) == ("missed", "", None)
    assert {row.to for row in letters("plan_missed")} == {
        member.application.user.email for member in members(partnership)
    }


def test_missed_twice_is_once():
    meeting = miss(plan(pair()))

    miss(meeting)

    assert letters("plan_missed").count() == 2


def test_what_lies_ahead_is_not_missed():
    meeting = plan(pair())

    said = refusal(miss, meeting, at=THEN - timedelta(minutes=1))

    assert said == "Its time is still to come: change or cancel it."


@pytest.mark.parametrize("verb", [cancel, miss])
def test_what_was_held_is_neither_cancelled_nor_missed(verb):
    partnership = pair()
    planned = plan(partnership, starts_at=NOW + timedelta(hours=1))
    services.log_meeting(
        partnership,
        by=person(partnership),
        held_on=NOW.date(),
        minutes=60,
        format="video",
        is_official=False,
        frequency="weekly",
        at=LATER,
    )

    assert refusal(verb, planned) == "This meeting is “held” already."


@pytest.mark.clause("EI-2")
def test_after_the_end_of_the_programme_a_missed_meeting_is_noted_without_a_word():
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 1, 20)))
    meeting = plan(partnership)
    over = datetime(2026, 1, 21, 3, tzinfo=UTC)
    end(partnership, by=None, at=over, reason=EndReason.PROGRAMME)

    miss(meeting, at=over)

    assert (Meeting.objects.get().state, letters("plan_missed").count()) == ("missed", 0)


def test_a_meeting_that_was_struck_meanwhile_is_said_to_be_gone():
    meeting = plan(pair())
    Meeting.objects.all().delete()

    assert refusal(cancel, meeting) == "This meeting isn’t noted any more."


# The entries, read back by two other libraries


def history(partnership, reader):
    """A plan, its change and its end, as the reader's messages carry them."""
    meeting = plan(partnership)
    change(meeting, starts_at=THEN + timedelta(hours=1))
    cancel(meeting)
    rows = Message.objects.filter(to=reader.email).exclude(calendar="").order_by("pk")
    return list(rows)


def test_one_entry_is_invited_changed_and_taken_back_under_one_uid_with_growing_numbers():
    partnership = pair()

    entries = [entry(message) for message in history(partnership, person(partnership))]

    assert len({event.uid.value for event, _ in entries}) == 1
    assert [(method, event.sequence.value, event.status.value) for event, method in entries] == [
        ("REQUEST", "0", "CONFIRMED"),
        ("REQUEST", "1", "CONFIRMED"),
        ("CANCEL", "2", "CANCELLED"),
    ]


@pytest.mark.clause("EI-4b", "EI-5b", "EI-6")
def test_an_entry_has_a_neutral_title_its_reader_alone_and_nothing_of_anybody_else():
    partnership = pair()
    reader, other = person(partnership, "mentee"), person(partnership, "mentor")

    for message in history(partnership, reader):
        event, _ = entry(message)
        assert event.summary.value == "Your mentoring programme"
        assert [row.value for row in event.attendee_list] == [f"MAILTO:{reader.email}"]
        assert event.url.value == f"https://mentoring.example/partnerships/{partnership.pk}/"
        for word in (
            reader.name,
            other.name,
            other.email,
            partnership.cohort.programme.name,
            "Zone",
            "London",
        ):
            assert word not in message.calendar


def test_two_people_have_the_same_entry_but_for_the_address():
    partnership = pair()
    plan(partnership)

    mentor, mentee = (
        letters()
        .get(to=person(partnership, part).email)
        .calendar.replace(person(partnership, part).email, "…")
        for part in ("mentor", "mentee")
    )

    assert mentor == mentee


def test_another_reader_of_calendars_finds_the_same_moment_and_place():
    plan(pair(), minutes=45)

    event = icalendar.Calendar.from_ical(letters().first().calendar).walk("VEVENT")[0]

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (THEN, THEN + timedelta(minutes=45))
    assert str(event["location"]) == "https://meet.example/42"


def test_the_entry_of_a_plan_that_ended_has_no_place_any_more():
    partnership = pair()

    ended = history(partnership, person(partnership))[-1]

    assert "meet.example" not in ended.calendar + ended.text + ended.html
