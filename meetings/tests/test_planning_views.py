from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.urls import reverse

from meetings.models import Meeting
from meetings.tests.acts import NOW
from meetings.tests.factories import PlannedFactory
from meetings.tests.pages import FACTS, VERBS, log_url, page_of, plan_url, said, url
from meetings.tests.people import living, members, person
from outbox.models import Message
from partnerships.models import EndReason, State
from partnerships.services import end
from partnerships.tests.factories import pair
from programmes.tests.factories import CohortFactory

pytestmark = pytest.mark.django_db


# Plan


@pytest.mark.clause("EI-1b", "BM-6")
@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Europe/London", datetime(2026, 1, 20, 17, 30, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 1, 20, 8, 30, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 1, 21, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_meeting_is_planned_at_the_time_that_the_readers_clock_shows(client, zone, starts_at):
    partnership = pair()
    client.force_login(living(partnership, "mentee", zone))

    answer = client.post(plan_url(partnership), FACTS)

    meeting = Meeting.objects.get()
    assert answer.url == page_of(partnership)
    assert (meeting.starts_at, meeting.minutes, meeting.format, meeting.place) == (
        starts_at,
        60,
        "video",
        "Room 3",
    )
    assert Message.objects.count() == 2


def test_the_page_says_in_which_zone_it_reads_the_time(client):
    partnership = pair()
    client.force_login(living(partnership, "mentee", "America/Los_Angeles"))

    form = client.get(plan_url(partnership)).context["form"]

    assert form.fields["clock"].help_text == "Your time: Los Angeles."


def test_the_length_is_the_programmes_and_a_day_from_the_log_is_there_already(client):
    partnership = pair(cohort=CohortFactory(programme__meeting_minutes=45))
    client.force_login(person(partnership))

    form = client.get(plan_url(partnership) + "?on=2026-02-03").context["form"]

    assert (form["minutes"].value(), form["on"].value(), form["place"].value()) == (
        45,
        date(2026, 2, 3),
        None,
    )


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01", "<b>"])
def test_an_address_without_a_day_leaves_the_day_open(client, typed):
    partnership = pair()
    client.force_login(person(partnership))

    assert client.get(plan_url(partnership), {"on": typed}).context["form"]["on"].value() is None


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"on": "", "clock": "", "minutes": "", "format": ""},
            {
                "on": ["Give the day."],
                "clock": ["Give the time."],
                "minutes": ["Give a length between 5 and 480 minutes."],
                "format": ["Choose video call or in person."],
            },
        ),
        ({"clock": "half past five"}, {"clock": ["Give a time such as 17:30."]}),
        ({"on": "soon"}, {"on": ["Give a day such as 31/01/2026."]}),
        ({"place": "http://meet.example"}, {"place": ["A link must begin with https://."]}),
        ({"place": "x" * 201}, {"place": ["Keep it to 200 characters."]}),
        ({"on": "9999-12-31", "clock": "23:59"}, None),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, typed, errors):
    partnership = pair()
    client.force_login(living(partnership, "mentee", "America/Los_Angeles"))

    form = client.post(plan_url(partnership), FACTS | typed).context["form"]

    assert form.errors == (errors or {"clock": ["Choose a day of this programme."]})
    assert Meeting.objects.count() == 0


def test_a_time_that_the_clocks_skip_is_refused_beside_its_field(client):
    partnership = pair()
    client.force_login(person(partnership))

    form = client.post(plan_url(partnership), FACTS | {"on": "2026-03-29", "clock": "01:30"}).context["form"]

    assert form.errors == {
        "clock": [
            "The clocks go forward that night, and it is never 01:30: choose an earlier or a later time."
        ]
    }


def test_a_day_that_has_passed_leads_to_the_log_with_that_day(client):
    partnership = pair()
    client.force_login(person(partnership))

    answer = client.post(plan_url(partnership), FACTS | {"on": "2026-01-10"})

    assert answer.context["form"].errors == {
        "on": ["That moment has passed already. Plan what is to come; log what was held."]
    }
    assert answer.content.decode().count(f'href="{log_url(partnership)}?on=2026-01-10"') == 1
    assert client.get(log_url(partnership) + "?on=2026-01-10").context["form"]["held_on"].value() == date(
        2026, 1, 10
    )


def test_a_day_that_is_to_come_leads_from_the_log_to_a_plan_for_it(client):
    partnership = pair()
    client.force_login(person(partnership))

    answer = client.post(log_url(partnership), {"held_on": "2026-01-20", "minutes": "60", "format": "video"})

    assert answer.content.decode().count(f'href="{plan_url(partnership)}?on=2026-01-20"') == 1


def test_who_comes_to_the_log_from_a_plan_finds_what_was_planned(client):
    partnership = pair()
    PlannedFactory(
        partnership=partnership, starts_at=NOW - timedelta(hours=1), minutes=45, format="in_person"
    )
    client.force_login(person(partnership))

    form = client.get(log_url(partnership) + "?on=2026-01-14").context["form"]

    assert [form[name].value() for name in ("held_on", "minutes", "format")] == [
        date(2026, 1, 14),
        45,
        "in_person",
    ]


def test_sending_twice_plans_once(client):
    partnership = pair()
    client.force_login(person(partnership))

    for _ in range(2):
        client.post(plan_url(partnership), FACTS)

    assert (Meeting.objects.count(), Message.objects.count()) == (1, 2)


def test_another_plan_for_the_same_moment_is_refused_on_the_page(client):
    partnership = pair()
    client.force_login(person(partnership))
    client.post(plan_url(partnership), FACTS)

    form = client.post(plan_url(partnership), FACTS | {"minutes": "30"}).context["form"]

    assert form.non_field_errors() == ["A meeting at that moment is planned already: change that one."]


@pytest.mark.clause("EI-6")
def test_the_only_line_of_a_plan_is_where_to_meet(client):
    partnership = pair()
    client.force_login(person(partnership))

    page = client.get(plan_url(partnership)).content.decode()

    assert (page.count("<textarea"), page.count('type="text"'), page.count('name="place"')) == (0, 1, 1)


# Change


def test_the_plan_stands_in_the_form_by_the_readers_clock_and_is_changed_there(client):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, place="Room 3")
    client.force_login(living(partnership, "mentee", "Asia/Tokyo"))

    form = client.get(url("change_plan", meeting)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    client.post(url("change_plan", meeting), FACTS | {"on": "2026-01-17", "clock": "09:00"})

    assert (shown["on"], f"{shown['clock']:%H:%M}", shown["place"]) == (date(2026, 1, 16), "02:00", "Room 3")
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (datetime(2026, 1, 17, tzinfo=UTC), 1)


def test_the_second_of_two_same_times_stays_the_second_while_nobody_changes_it(client, clock):
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 12, 31)))
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # half past one in London for the second time
    meeting = PlannedFactory(partnership=partnership, starts_at=second)
    client.force_login(person(partnership))
    typed = FACTS | {"on": "2026-10-25", "clock": "01:30"}

    client.post(url("change_plan", meeting), typed | {"minutes": "30"})
    kept = Meeting.objects.get()
    client.post(url("change_plan", meeting), typed | {"clock": "03:00"})
    client.post(url("change_plan", meeting), typed)

    assert (kept.starts_at, kept.minutes) == (second, 30)
    assert Meeting.objects.get().starts_at == second - timedelta(hours=1)


def test_a_change_to_the_moment_of_another_plan_is_refused_on_the_page(client):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership)
    PlannedFactory(partnership=partnership, starts_at=datetime(2026, 1, 20, 17, 30, tzinfo=UTC))
    client.force_login(person(partnership))

    form = client.post(url("change_plan", meeting), FACTS).context["form"]

    assert form.non_field_errors() == ["Another meeting is planned for that moment already."]


# Cancel, and say that it didn't take place


@pytest.mark.parametrize(
    ("name", "starts_at", "state"),
    [
        ("cancel_plan", NOW + timedelta(days=1), "cancelled"),
        ("miss_meeting", NOW - timedelta(hours=1), "missed"),
    ],
)
def test_a_page_asks_first_and_only_its_button_does_it(client, name, starts_at, state):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, starts_at=starts_at)
    client.force_login(person(partnership))

    asked = client.get(url(name, meeting))
    before = Meeting.objects.get().state
    done = client.post(url(name, meeting))

    assert asked.context["when"].endswith("(London)")
    assert (before, Meeting.objects.get().state, done.url) == ("planned", state, page_of(partnership))


@pytest.mark.parametrize(
    ("name", "starts_at", "sentence"),
    [
        ("cancel_plan", NOW, "Its time has passed: say whether it took place."),
        ("miss_meeting", NOW + timedelta(hours=1), "Its time is still to come: change or cancel it."),
    ],
)
def test_a_refusal_leads_back_with_its_sentence(client, name, starts_at, sentence):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, starts_at=starts_at)
    client.force_login(person(partnership))

    assert said(client.post(url(name, meeting), follow=True)) == [sentence]
    assert Meeting.objects.get().state == "planned"


@pytest.mark.parametrize("name", VERBS)
def test_the_pages_of_a_plan_that_is_over_lead_back_with_a_word(client, name):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, state="cancelled")
    client.force_login(person(partnership))

    assert said(client.get(url(name, meeting), follow=True)) == ["This meeting isn’t planned any more."]


# The file for a calendar


@pytest.mark.clause("EI-4b", "EI-5b")
def test_the_file_is_the_appointment_with_a_neutral_name_and_nobody_in_it(client):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, place="https://meet.example/42")
    client.force_login(person(partnership))

    answer = client.get(url("meeting_calendar", meeting))

    assert answer["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    calendar = icalendar.Calendar.from_ical(answer.content)
    event = calendar.walk("VEVENT")[0]
    assert (str(calendar["method"]), str(event["summary"])) == ("PUBLISH", "Your mentoring programme")
    assert (event.decoded("dtstart"), str(event["location"])) == (
        meeting.starts_at,
        "https://meet.example/42",
    )
    for row in members(partnership):
        assert row.application.user.name not in answer.content.decode()
        assert row.application.user.email not in answer.content.decode()


def test_the_file_and_the_invitation_are_one_appointment(client):
    partnership = pair()
    client.force_login(person(partnership))
    client.post(plan_url(partnership), FACTS)

    files = [
        client.get(url("meeting_calendar", Meeting.objects.get())).content,
        Message.objects.first().calendar,
    ]

    assert len({str(icalendar.Calendar.from_ical(file).walk("VEVENT")[0]["uid"]) for file in files}) == 1


@pytest.mark.parametrize("state", ["cancelled", "missed", "paused"])
def test_there_is_no_file_of_what_is_not_planned(client, state):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership, state="planned" if state == "paused" else state)
    if state == "paused":
        partnership.move_to(State.PAUSED, at=NOW)
    client.force_login(person(partnership))

    assert client.get(url("meeting_calendar", meeting)).status_code == 404


# Pauses and ends


@pytest.mark.clause("EI-6a")
@pytest.mark.parametrize("address", [plan_url, log_url])
def test_in_a_pause_nothing_is_planned_or_logged(client, address):
    partnership = pair()
    partnership.move_to(State.PAUSED, at=NOW)
    client.force_login(person(partnership))

    answer = client.post(address(partnership), FACTS, follow=True)

    assert [text[:55] for text in said(answer)] == ["The programme’s team has paused this partnership: nothi"]
    assert Meeting.objects.count() == 0


@pytest.mark.clause("EI-2")
def test_after_the_end_nothing_is_planned(client):
    partnership = pair()
    user = person(partnership)
    end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)
    client.force_login(user)

    assert said(client.get(plan_url(partnership), follow=True)) == [
        "This partnership has ended. You are free to go on meeting; nothing more is planned here."
    ]


def test_the_page_leads_to_where_the_time_zone_is_changed(client):
    partnership = pair()
    client.force_login(person(partnership))

    text = client.get(plan_url(partnership)).content.decode()

    assert text.partition("<aside")[2].count(f'href="{reverse("account_settings")}"') == 1
