"""Who is reminded of what, when, and how rarely (EI-1b, BM-5, BM-6)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from accounts.tests.factories import UserFactory
from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from meetings.models import Nudge, NudgeLine
from meetings.queries import progress_of
from meetings.services import answering
from meetings.services.nudging import remind_due
from meetings.tests.factories import MeetingFactory
from meetings.tests.slipping import DAY, NOW, late_pair, nudges, people, receivers, rhythm, two_programmes
from outbox import services as outbox
from outbox.models import Message
from partnerships.models import Disclosure, EndReason, Flag, Partnership
from partnerships.services import end
from partnerships.tests.factories import FlagFactory, circle, pair
from programmes.models import Wording
from tests.breaking import breaks

pytestmark = pytest.mark.django_db


@pytest.mark.clause("BM-5", "BM-6")
def test_both_sides_are_reminded_of_a_meeting_that_has_slipped():
    made = late_pair()
    mentor, mentee = people(made)

    assert remind_due(at=NOW) == 2

    said = {row.to: row for row in nudges()}
    assert sorted(said) == sorted([mentor.email, mentee.email])
    row = said[mentee.email]
    assert (row.subject, row.programme) == ("Your mentoring programme", made.cohort.programme.slug)
    assert f"Your meeting with {mentor.name} was due by 12 January." in row.text
    assert row.html.count(mentor.name) == 1


@pytest.mark.clause("ALL-2")
def test_the_name_in_a_reminder_is_on_record_and_nothing_else_of_the_partner_is_in_it():
    made = late_pair()
    mentor, mentee = people(made)

    remind_due(at=NOW)

    shown = Disclosure.objects.get(to=mentee, channel=Disclosure.Channel.EMAIL)
    assert (shown.of.user, shown.facts) == (mentor, "name")
    text = nudges().get(to=mentee.email)
    assert mentor.email not in text.text + text.html


@pytest.mark.clause("BM-5")
def test_who_never_meets_has_two_reminders_and_no_third():
    late_pair()

    sent = [remind_due(at=NOW + number * DAY) for number in range(60)]

    assert [(number, count) for number, count in enumerate(sent) if count] == [(0, 2), (7, 2)]
    assert (
        list(NudgeLine.objects.order_by("pk").values_list("occasion", "step")) == [(1, 1)] * 2 + [(1, 2)] * 2
    )


def test_reminders_leave_in_the_morning_of_the_school():
    late_pair()

    assert remind_due(at=NOW.replace(hour=8, minute=59)) == 0
    assert remind_due(at=NOW.replace(hour=9, minute=0)) == 2


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_nine_in_the_morning_is_the_schools_on_the_days_of_both_clock_changes(day):
    late_pair(cohort=rhythm(ends_on=date(2026, 12, 31)))
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=timezone.get_current_timezone())

    assert remind_due(at=nine - timedelta(minutes=1)) == 0
    assert remind_due(at=nine) == 2


def test_a_clock_that_stood_for_weeks_loses_nothing_and_two_at_once_write_once():
    late_pair()
    late = NOW + 21 * DAY

    assert (remind_due(at=late), remind_due(at=late)) == (2, 0)
    assert (remind_due(at=late + 6 * DAY), remind_due(at=late + 7 * DAY)) == (0, 2)


def test_a_mail_that_cannot_be_written_holds_back_nobody_elses_and_is_tried_again(caplog):
    made = late_pair()
    broken, whole = people(made)

    with breaks(Nudge, user_id=broken.pk):
        assert remind_due(at=NOW) == 1

    assert receivers() == [whole.email]
    assert [record.message for record in caplog.records] == [
        f"No message could be written to person {broken.pk}."
    ]
    assert remind_due(at=NOW) == 1


# One mail a week, over everything


def test_one_mail_lists_all_that_is_due_to_a_person_and_names_no_programme():
    user, made = two_programmes()

    remind_due(at=NOW)

    row = nudges().get(to=user.email)
    assert row.programme == ""
    for partnership in made:
        mentee = people(partnership)[1]
        assert row.text.count(mentee.name) == 1
        assert partnership.cohort.programme.name not in row.subject + row.text + row.html
        assert partnership.cohort.programme.team_name not in row.text + row.html


def pauses(days):
    return [later - earlier for earlier, later in pairwise(days)]


def test_what_slips_within_the_week_waits_for_the_next_mail():
    user = UserFactory()
    first, second = rhythm(), rhythm(starts_on=date(2025, 12, 4))
    for cohort in (first, second):
        pair(
            cohort=cohort,
            mentor=MentorFactory(cohort=cohort, user=user),
            introduced_at=datetime(2025, 11, 20, tzinfo=UTC),
        )

    days = [number for number in range(30) if remind_due(at=NOW + number * DAY) and user.email in receivers()]
    mine = [timezone.localdate(row.created_at) for row in nudges(to=user.email)]

    assert days
    assert [pause for pause in pauses(mine) if pause < 7 * DAY] == []
    assert NudgeLine.objects.filter(nudge__user=user).count() == 4


# When nothing is sent


@pytest.mark.clause("EI-2")
@pytest.mark.parametrize(("ends_on", "sent"), [(date(2026, 1, 13), 0), (date(2026, 1, 14), 2)])
def test_nobody_is_chased_after_the_last_day(ends_on, sent):
    late_pair(cohort=rhythm(ends_on=ends_on))

    assert remind_due(at=NOW) == sent


@pytest.mark.clause("EI-2")
def test_nobody_is_reminded_in_a_partnership_that_has_ended_or_rests():
    end(late_pair(), by=None, at=NOW, reason=EndReason.OFFICE)
    paused = late_pair()
    Partnership.objects.filter(pk=paused.pk).update(state="paused", paused_at=NOW)

    assert remind_due(at=NOW) == 0


@pytest.mark.clause("EI-1d")
def test_nobody_is_reminded_in_an_absence_of_either():
    made = late_pair()
    mentor = made.memberships.get(part="mentor").application
    AbsenceFactory(application=mentor, from_on=date(2026, 1, 14), until_on=date(2026, 1, 20))

    sent = [remind_due(at=NOW + number * DAY) for number in range(10)]

    assert sent == [0] * 7 + [2] + [0] * 2


@pytest.mark.clause("EI-1d")
def test_a_circle_goes_on_without_a_member_who_is_away_and_only_they_are_left_alone():
    made = circle(cohort=rhythm(), members=3)
    away = made.memberships.filter(part="mentee").first().application
    AbsenceFactory(application=away, from_on=date(2026, 1, 14), until_on=date(2026, 1, 20))

    remind_due(at=NOW)

    assert receivers() == sorted(user.email for user in people(made) if user != away.user)


def test_a_planned_meeting_is_reminder_enough():
    MeetingFactory(
        partnership=late_pair(), state="planned", held_on=None, logged_at=None,
        starts_at=NOW + 3 * DAY, planned_at=NOW,
    )  # fmt: skip

    assert [remind_due(at=NOW + number * DAY) for number in range(5)] == [0, 0, 0, 0, 2]


def test_a_meeting_that_was_called_off_is_none():
    MeetingFactory(
        partnership=late_pair(), state="cancelled", held_on=None, logged_at=None,
        starts_at=NOW + 3 * DAY, planned_at=NOW,
    )  # fmt: skip

    assert remind_due(at=NOW) == 2


def test_while_the_office_looks_at_a_request_to_leave_nobody_is_chased():
    made = late_pair()
    member = made.memberships.first()
    FlagFactory(
        partnership=made, membership=member, kind=Flag.Kind.LEAVING, reason="time", wants_new_partner=False
    )

    assert remind_due(at=NOW) == 0


def test_who_says_that_a_date_is_being_found_hears_nothing_for_a_week_nor_does_the_other_side():
    made = late_pair()
    answering.say_arranging(made.memberships.first(), at=NOW)

    assert [remind_due(at=NOW + number * DAY) for number in range(8)] == [0] * 7 + [2]


def test_a_reminder_that_was_withdrawn_before_it_left_is_written_again_when_it_is_due():
    user, made = two_programmes()
    remind_due(at=NOW)
    outbox.withdraw(f"nudge/{user.pk}", at=NOW)
    end(made[0], by=None, at=NOW, reason=EndReason.OFFICE)

    remind_due(at=NOW + DAY)

    (row,) = nudges(to=user.email, state=Message.State.WAITING)
    assert row.programme == made[1].cohort.programme.slug
    assert people(made[0])[1].name not in row.text


# Words


def test_a_programme_words_its_own_reminders():
    made = late_pair()
    Wording.objects.create(
        programme=made.cohort.programme,
        kind=Wording.Kind.REMINDER,
        text="{name}, meet {partner} by {ends}. {progress}. {team}",
    )
    mentor, mentee = people(made)

    remind_due(at=NOW)

    assert (
        f"{mentee.name}, meet {mentor.name} by 30 April. No meeting yet. {made.cohort.programme.team_name}"
        in nudges().get(to=mentee.email).text
    )


def test_a_name_that_looks_like_a_placeholder_or_a_tag_stays_a_name():
    cohort = rhythm()
    mentor = MentorFactory(cohort=cohort, user__name="{team} <b>Ada</b>")
    mentee = ApplicationFactory(cohort=cohort)
    pair(cohort=cohort, mentor=mentor, mentee=mentee)

    remind_due(at=NOW)

    row = nudges().get(to=mentee.user.email)
    assert "Your meeting with {team} <b>Ada</b> was due" in row.text
    assert "{team} &lt;b&gt;Ada&lt;/b&gt;" in row.html


def test_the_second_reminder_has_words_of_its_own():
    made = late_pair()
    remind_due(at=NOW)

    remind_due(at=NOW + 7 * DAY)

    assert "still isn’t noted" in nudges(to=people(made)[0].email).last().text


# What it costs, and what a page tells


def test_the_number_of_queries_of_a_quiet_sweep_does_not_grow(
    django_assert_num_queries, django_assert_max_num_queries
):
    late_pair()
    remind_due(at=NOW)
    with django_assert_max_num_queries(13) as quiet:
        remind_due(at=NOW + DAY)
    late_pair()
    late_pair()
    remind_due(at=NOW)

    with django_assert_num_queries(len(quiet)):
        assert remind_due(at=NOW + DAY) == 0


@pytest.mark.clause("EI-1d")
def test_a_page_does_not_tell_of_an_absence_by_the_day_that_moves():
    made = late_pair()
    mentor, mentee = people(made)
    AbsenceFactory(
        application=made.memberships.get(part="mentor").application,
        from_on=date(2026, 1, 10),
        until_on=date(2026, 2, 5),
    )

    shown = {user: progress_of(made, on=NOW.date(), viewer=user).due_by for user in (mentor, mentee)}

    assert shown == {mentor: date(2026, 2, 8), mentee: date(2026, 1, 12)}
