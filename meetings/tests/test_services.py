import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from accounts.tests.factories import UserFactory
from meetings import services
from meetings.models import ContactFrequency, Meeting
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import EndReason
from partnerships.services import end
from partnerships.tests.factories import MembershipFactory, circle, pair
from programmes.tests.factories import CohortFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = date(2026, 1, 14)


def members(partnership, part=None):
    rows = partnership.memberships.select_related("application__user").order_by("pk")
    return [row for row in rows if part is None or row.part == part]


def person(partnership, part="mentee"):
    return members(partnership, part)[0].application.user


def log(partnership, **facts):
    usual = {
        "by": person(partnership),
        "held_on": TODAY,
        "minutes": 60,
        "format": "video",
        "is_official": False,
        "frequency": "weekly",
        "at": NOW,
    }
    return services.log_meeting(partnership, **(usual | facts))


def refusal(call, *args, **kwargs):
    with pytest.raises(NotPossible) as caught:
        call(*args, **kwargs)
    return str(caught.value)


@pytest.fixture
def official():
    """A cohort of a programme with three official meetings."""
    return CohortFactory(programme__official_meetings=3)


# Log a meeting


@pytest.mark.clause("EI-1b")
@pytest.mark.parametrize("how", ["video", "in_person"])
@pytest.mark.parametrize("part", ["mentor", "mentee"])
def test_either_side_of_a_pair_logs_an_official_meeting_in_either_way(official, how, part):
    partnership = pair(cohort=official)

    meeting = log(partnership, by=person(partnership, part), format=how, is_official=True)

    assert Meeting.objects.values_list("held_on", "minutes", "format", "is_official", "logged_by").get() == (
        TODAY,
        60,
        how,
        True,
        person(partnership, part).pk,
    )
    assert {row.membership for row in meeting.attendances.all()} == set(members(partnership))


@pytest.mark.clause("EI-6")
def test_nobody_outside_the_partnership_logs_for_it():
    partnership = pair()

    assert refusal(log, partnership, by=UserFactory()) == "Only the people in this partnership can do this."
    assert Meeting.objects.count() == 0


def test_who_has_left_logs_nothing_more():
    partnership = circle()
    left = members(partnership, "mentee")[0]
    left.left_on = date(2026, 1, 5)
    left.save()

    said = refusal(log, partnership, by=left.application.user, attendees=members(partnership)[1:])

    assert said == "Only the people in this partnership can do this."


@pytest.mark.clause("EI-2")
def test_nothing_is_logged_for_a_partnership_that_has_ended():
    partnership = pair()
    someone = person(partnership)
    end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    said = refusal(log, partnership, by=someone)

    assert said == "This partnership has ended, so nothing about it changes any more."


OVER = datetime(2026, 5, 1, 3, tzinfo=UTC)  # the night after the cohort's last day
LAST_DAY = date(2026, 4, 30)


def over(partnership):
    """The partnership after its programme has ended it."""
    return end(partnership, by=None, at=OVER, reason=EndReason.PROGRAMME)


@pytest.mark.clause("EI-1b", "EI-2")
def test_a_meeting_of_the_last_days_is_still_logged_while_cards_are_open_and_then_no_more(official):
    partnership = over(pair(cohort=official))
    closed = OVER + timedelta(days=official.programme.card_closes_after_days, seconds=1)
    facts = {"held_on": LAST_DAY, "is_official": True, "frequency": None}

    said = refusal(log, partnership, at=closed, **facts)
    meeting = log(partnership, at=closed - timedelta(seconds=1), **facts)

    assert said == "This partnership has ended, so nothing about it changes any more."
    assert Meeting.objects.get() == meeting
    assert {row.membership for row in meeting.attendances.all()} == set(members(partnership))
    assert ContactFrequency.objects.count() == 0


@pytest.mark.clause("BM-7")
def test_a_meeting_of_the_last_days_of_a_circle_is_logged_with_who_stayed_to_its_end():
    partnership = over(circle())
    there = members(partnership)[:2]

    meeting = log(partnership, attendees=there, held_on=LAST_DAY, frequency=None, at=OVER)

    assert {row.membership for row in meeting.attendances.all()} == set(there)


@pytest.mark.clause("EI-2")
def test_a_day_after_the_programme_stays_uncounted_when_the_partnership_has_ended():
    said = refusal(log, over(pair()), held_on=date(2026, 5, 1), at=OVER)

    assert said.startswith("The programme ended on 30 April 2026.")


@pytest.mark.clause("EI-2")
def test_who_left_before_the_end_logs_nothing_for_it():
    partnership = circle()
    left = members(partnership, "mentee")[0]
    left.left_on = date(2026, 1, 5)
    left.save()
    over(partnership)

    said = refusal(log, partnership, by=left.application.user, held_on=LAST_DAY, at=OVER)

    assert said == "Only the people in this partnership can do this."


@pytest.mark.clause("EI-2")
def test_the_end_leaves_what_was_agreed_as_it_was():
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")
    over(partnership)

    said = refusal(
        services.change_frequency, partnership, by=person(partnership), frequency="monthly", at=OVER
    )

    assert said == "This partnership has ended, so nothing about it changes any more."


@pytest.mark.parametrize(
    ("held_on", "sentence"),
    [
        (date(2026, 1, 15), "That day is still to come. Log the meeting once you have met."),
        (date(2025, 11, 30), "You were introduced on 1 December 2025: choose that day or a later one."),
    ],
)
def test_a_meeting_lies_between_the_introduction_and_today(held_on, sentence):
    assert refusal(log, pair(), held_on=held_on) == sentence


@pytest.mark.parametrize("held_on", [date(2025, 12, 1), TODAY])
def test_the_day_of_the_introduction_and_today_are_both_possible(held_on):
    assert log(pair(), held_on=held_on).held_on == held_on


def test_today_is_the_day_at_the_school():
    """At half past midnight of a summer's night in London it is still the day before in UTC."""
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 9, 30)))
    at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)

    assert log(partnership, held_on=date(2026, 6, 2), at=at).held_on == date(2026, 6, 2)


@pytest.mark.clause("EI-2")
def test_a_meeting_after_the_last_day_of_the_cohort_is_not_counted():
    partnership = pair(cohort=CohortFactory(ends_on=date(2026, 1, 10)))

    said = refusal(log, partnership, held_on=date(2026, 1, 11))

    assert said == (
        "The programme ended on 10 January 2026. You are free to go on meeting, and nobody counts it any"
        " more."
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"minutes": 4}, "Give a length between 5 and 480 minutes."),
        ({"minutes": 481}, "Give a length between 5 and 480 minutes."),
        ({"format": "letter"}, "Say whether you met by video call or in person."),
        ({"is_official": True}, "This programme doesn't count official meetings."),
        ({"frequency": "sometimes"}, "Choose one of the ways of keeping in touch."),
    ],
)
def test_facts_that_cannot_be_are_refused(facts, sentence):
    assert refusal(log, pair(), **facts) == sentence
    assert Meeting.objects.count() == 0


def test_the_same_facts_for_the_same_day_make_one_meeting_whoever_sends_them():
    partnership = pair()

    first = log(partnership, by=person(partnership, "mentee"))
    again = log(partnership, by=person(partnership, "mentor"), frequency=None)

    assert (again, Meeting.objects.count()) == (first, 1)
    assert first.attendances.count() == 2


@pytest.mark.parametrize("other", [{"minutes": 45}, {"format": "in_person"}])
def test_other_facts_for_the_same_day_are_refused_kindly_and_change_nothing(other):
    partnership = pair()
    log(partnership)

    said = refusal(log, partnership, **other)

    assert said == (
        "A meeting on 14 January 2026 is logged already. One a day is enough: please choose another day, or"
        " leave it as it is."
    )
    assert Meeting.objects.values_list("minutes", "format").get() == (60, "video")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_both_sides_logging_at_the_same_moment_make_one_meeting():
    partnership = pair()
    people = [person(partnership, "mentor"), person(partnership, "mentee")] * 4
    start = threading.Barrier(len(people))

    def send(by):
        start.wait()
        log(partnership, by=by)
        connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(send, people))

    assert (Meeting.objects.count(), ContactFrequency.objects.count()) == (1, 1)
    assert Meeting.objects.get().attendances.count() == 2


# Circles


@pytest.mark.clause("BM-7")
def test_in_a_circle_those_who_were_ticked_were_there():
    partnership = circle(members=3)
    facilitator, first, second, _ = members(partnership)

    meeting = log(
        partnership, by=facilitator.application.user, attendees=[facilitator, first, second], frequency=None
    )

    assert {row.membership for row in meeting.attendances.all()} == {facilitator, first, second}


def test_a_circle_of_one_is_no_meeting():
    partnership = circle()

    said = refusal(log, partnership, attendees=members(partnership)[:1], frequency=None)

    assert said == "Tick everybody who was there: it takes two at least to meet."


def test_nobody_from_elsewhere_was_at_a_circle():
    partnership = circle()
    stranger = members(pair())[0]

    said = refusal(log, partnership, attendees=[*members(partnership), stranger], frequency=None)

    assert said == "Tick only people who are in the circle."


def test_nobody_was_there_before_they_joined():
    partnership = circle()
    newcomer = MembershipFactory(
        partnership=partnership, application__cohort=partnership.cohort, joined_on=date(2026, 1, 13)
    )

    said = refusal(
        log,
        partnership,
        held_on=date(2026, 1, 12),
        attendees=[members(partnership)[0], newcomer],
        frequency=None,
    )

    assert said == "Somebody you ticked joined the circle after that day."


def test_other_people_at_the_same_meeting_of_a_circle_are_other_facts():
    partnership = circle()
    everybody = members(partnership)
    log(partnership, attendees=everybody, frequency=None)

    assert log(partnership, attendees=everybody, frequency=None).attendances.count() == 4
    assert refusal(log, partnership, attendees=everybody[:2], frequency=None).startswith(
        "A meeting on 14 January"
    )


def test_a_circle_is_not_asked_how_often_it_writes():
    partnership = circle()

    log(partnership, attendees=members(partnership))

    assert ContactFrequency.objects.count() == 0


# How often to be in touch


@pytest.mark.clause("EI-1c")
def test_the_first_meeting_of_a_pair_needs_the_frequency_it_agreed():
    partnership = pair()

    said = refusal(log, partnership, frequency=None)

    assert said == "Say how often you have agreed to be in touch between meetings."
    assert Meeting.objects.count() == 0


@pytest.mark.clause("EI-1c")
def test_the_first_meeting_keeps_the_agreed_frequency_and_the_second_asks_no_more():
    partnership = pair()

    log(partnership, held_on=date(2026, 1, 7), frequency="fortnightly")
    log(partnership, held_on=TODAY, frequency=None)

    kept = ContactFrequency.objects.get()
    assert (kept.partnership, kept.frequency, kept.agreed_by, kept.agreed_at) == (
        partnership,
        "fortnightly",
        person(partnership),
        NOW,
    )


def test_a_later_meeting_leaves_what_was_agreed():
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    log(partnership, frequency="monthly")

    assert ContactFrequency.objects.get().frequency == "weekly"


@pytest.mark.clause("EI-1c")
@pytest.mark.parametrize(("part", "other"), [("mentor", "mentee"), ("mentee", "mentor")])
def test_either_side_changes_the_frequency_and_the_other_is_told(part, other):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    changed = services.change_frequency(
        partnership, by=person(partnership, part), frequency="monthly", at=NOW
    )

    message = Message.objects.get()
    assert (changed.frequency, changed.agreed_by, changed.agreed_at) == (
        "monthly",
        person(partnership, part),
        NOW,
    )
    assert (message.to, message.subject, message.kind) == (
        person(partnership, other).email,
        "Your mentoring programme",
        "meetings/email/frequency_changed",
    )
    assert "It now says: every month." in message.text
    assert "It now says: <strong>every month</strong>." in message.html


def test_no_change_of_frequency_is_no_message():
    partnership = pair()
    agreed = ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    services.change_frequency(partnership, by=person(partnership), frequency="weekly", at=NOW)

    assert Message.objects.count() == 0
    assert ContactFrequency.objects.get().agreed_at == agreed.agreed_at


def test_there_and_back_are_two_changes():
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="weekly")

    for minute, frequency in enumerate(["monthly", "weekly", "monthly"]):
        at = NOW + timedelta(minutes=minute)
        services.change_frequency(partnership, by=person(partnership), frequency=frequency, at=at)

    assert Message.objects.filter(to=person(partnership, "mentor").email).count() == 3


@pytest.mark.parametrize("frequency", ["weekly", "never"])
def test_nobody_changes_a_frequency_that_is_not_theirs_or_unknown(frequency):
    partnership = pair()
    ContactFrequencyFactory(partnership=partnership, frequency="monthly")
    by = UserFactory() if frequency == "weekly" else person(partnership)

    said = refusal(services.change_frequency, partnership, by=by, frequency=frequency, at=NOW)

    assert (
        said
        == {
            "weekly": "Only the people in this partnership can do this.",
            "never": "Choose one of the ways of keeping in touch.",
        }[frequency]
    )
    assert ContactFrequency.objects.get().frequency == "monthly"


def test_what_was_never_agreed_cannot_be_changed():
    partnership = pair()

    said = refusal(services.change_frequency, partnership, by=person(partnership), frequency="weekly", at=NOW)

    assert said == "You agree on this in your first meeting: log that one, and you can change it afterwards."


# Remind who hasn't met


def due_pair(**cohort):
    """A pair introduced on 1 December in a programme that waits 21 days."""
    return pair(cohort=CohortFactory(**cohort))


def reminders():
    return Message.objects.filter(kind="meetings/email/no_meeting_yet").order_by("pk")


@pytest.mark.clause("EI-1b")
def test_each_side_of_a_pair_without_a_meeting_gets_one_reminder():
    partnership = due_pair()

    assert services.remind_unmet(at=NOW) == 2
    assert services.remind_unmet(at=NOW + timedelta(days=7)) == 0

    assert {(row.key, row.to, row.programme, row.subject) for row in reminders()} == {
        (
            f"no-meeting/{partnership.pk}/{member.pk}",
            member.application.user.email,
            partnership.cohort.programme.slug,
            "Your mentoring programme",
        )
        for member in members(partnership)
    }


def test_a_reminder_leads_to_the_page_and_names_no_partner():
    partnership = due_pair()
    mentor, mentee = members(partnership)

    services.remind_unmet(at=NOW)

    message = reminders().get(to=mentee.application.user.email)
    address = f"https://mentoring.example/partnerships/{partnership.pk}/meetings/log/"
    assert message.text.startswith(
        f"Dear {mentee.application.user.name},\n\nYou were introduced on 1 December,"
    )
    assert message.text.count(address) == 1
    assert message.html.count(f'href="{address}"') == 2
    for body in (message.text, message.html):
        assert mentor.application.user.name not in body
        assert mentor.application.user.email not in body


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_write_each_reminder_once():
    for _ in range(3):
        due_pair()
    start = threading.Barrier(4)

    def sweep(_):
        start.wait()
        services.remind_unmet(at=NOW)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(4)))

    assert reminders().count() == 6


@pytest.mark.parametrize(("days", "expected"), [(21, 0), (22, 2), (40, 2)])
def test_due_is_more_than_the_days_of_the_programme_ago_and_never_too_late(days, expected):
    due_pair()
    introduced_on = datetime(2025, 12, 1, 9, tzinfo=UTC)

    assert services.remind_unmet(at=introduced_on + timedelta(days=days)) == expected


def test_each_programme_waits_as_long_as_it_says():
    patient = ProgrammeFactory(first_meeting_within_days=60)
    due_pair(programme=patient)
    quick = due_pair(programme__first_meeting_within_days=14)

    services.remind_unmet(at=NOW)

    assert {row.programme for row in reminders()} == {quick.cohort.programme.slug}


@pytest.mark.clause("EI-2")
def test_reminders_rest_after_the_last_day_of_the_cohort():
    due_pair(ends_on=date(2026, 1, 13))

    assert services.remind_unmet(at=NOW) == 0


@pytest.mark.clause("EI-2")
def test_on_the_last_day_itself_a_reminder_still_goes():
    due_pair(ends_on=TODAY)

    assert services.remind_unmet(at=NOW) == 2


@pytest.mark.clause("EI-2")
def test_nobody_in_an_ended_partnership_is_reminded():
    end(due_pair(), by=None, at=NOW, reason=EndReason.OFFICE)

    assert services.remind_unmet(at=NOW) == 0


def test_who_has_met_is_not_reminded_be_it_official_or_not():
    MeetingFactory(partnership=due_pair())

    assert services.remind_unmet(at=NOW) == 0


def test_who_has_left_a_circle_is_not_reminded():
    partnership = circle(members=3)
    left = members(partnership, "mentee")[0]
    left.left_on = date(2026, 1, 5)
    left.save()

    services.remind_unmet(at=NOW)

    assert {row.to for row in reminders()} == {
        m.application.user.email for m in members(partnership) if m != left
    }


def test_a_logged_meeting_withdraws_the_waiting_reminders_of_this_partnership_alone():
    partnership, other = due_pair(), due_pair()
    services.remind_unmet(at=NOW)

    log(partnership)

    states = {(row.to, row.state) for row in reminders()}
    assert states == {
        *((m.application.user.email, Message.State.WITHDRAWN) for m in members(partnership)),
        *((m.application.user.email, Message.State.WAITING) for m in members(other)),
    }


def test_reminders_are_found_in_the_same_number_of_queries_for_one_pair_and_for_three(
    django_assert_num_queries, django_assert_max_num_queries
):
    due_pair()
    services.remind_unmet(at=NOW)
    with django_assert_max_num_queries(2) as quiet:
        services.remind_unmet(at=NOW)
    for _ in range(2):
        due_pair()
    services.remind_unmet(at=NOW)

    with django_assert_num_queries(len(quiet)):
        assert services.remind_unmet(at=NOW) == 0
