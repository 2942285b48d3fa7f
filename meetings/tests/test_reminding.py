from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from applications.tests.factories import AbsenceFactory
from meetings import services
from meetings.services import reminding
from meetings.tests.factories import PlannedFactory
from meetings.tests.people import living, members, person
from outbox.models import Message
from outbox.services import message_id
from outbox.tests.factories import MessageFactory
from partnerships.models import Disclosure, EndReason, State
from partnerships.services import end
from partnerships.tests.factories import circle, pair
from programmes.models import Wording
from programmes.tests.factories import CohortFactory, DisclosedFactFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BM-6")]

THEN = datetime(2026, 1, 15, 17, tzinfo=UTC)
NINE = datetime(2026, 1, 14, 9, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def letters():
    return Message.objects.filter(kind="meetings/email/day_before").order_by("pk")


def readers():
    return set(letters().values_list("to", flat=True))


def remind(at=NINE):
    return services.remind_of_plans(at=at)


def named_pair(**cohort):
    """A pair whose policy shows each other's name."""
    made = CohortFactory(**cohort)
    for direction in ("of_mentor", "of_mentee"):
        DisclosedFactFactory(policy_version=made.policy, direction=direction, fact="name")
    return pair(cohort=made)


# What it says


def test_each_side_is_asked_to_prepare_and_nobody_is_asked_what():
    partnership = named_pair()
    meeting = PlannedFactory(partnership=partnership)

    assert remind() == 2

    mentor, mentee = person(partnership, "mentor"), person(partnership, "mentee")
    letter = letters().get(to=mentee.email)
    member = members(partnership, "mentee")[0]
    assert letter.key == f"day-before/{partnership.pk}/{meeting.pk}/0/{member.pk}"
    assert letter.subject == "Your mentoring programme"
    text = (
        f"You meet {mentor.name} on Thursday 15 January 2026, 17:00 (London). A few minutes to think about what"
        " you would like to bring make a good hour; nobody asks what it is."
    )
    assert [body.count(text) for body in (letter.text, letter.html)] == [1, 1]
    assert letter.text.count(f"https://mentoring.example/meetings/{meeting.pk}/change/") == 1


@pytest.mark.clause("ALL-2")
def test_the_name_in_it_is_a_recorded_disclosure_and_nothing_else_is_disclosed():
    partnership = named_pair()
    PlannedFactory(partnership=partnership)

    remind()

    rows = {(row.of.user, row.to, row.facts, row.channel) for row in Disclosure.objects.all()}
    mentor, mentee = person(partnership, "mentor"), person(partnership, "mentee")
    assert rows == {(mentor, mentee, "name", "email"), (mentee, mentor, "name", "email")}
    assert mentor.email not in letters().get(to=mentee.email).text


def test_a_name_that_the_policy_keeps_is_not_in_it():
    partnership = pair()
    PlannedFactory(partnership=partnership)

    remind()

    letter = letters().get(to=person(partnership).email)
    assert letter.text.count("You meet your partner on Thursday") == 1
    assert person(partnership, "mentor").name not in letter.text


def test_a_circle_is_called_by_its_name_and_everybody_in_it_is_reminded():
    partnership = circle(members=3)
    PlannedFactory(partnership=partnership)

    remind()

    assert readers() == {row.application.user.email for row in members(partnership)}
    assert letters().first().text.count(f"You meet {partnership.name} on Thursday") == 1


def test_the_programmes_own_words_take_the_place_of_the_usual_ones_and_are_no_markup():
    partnership = named_pair()
    text = "<b>Hello</b> {name}!\n\nBring a question to {partner} of {team}, {programme}: {when}. {secret}"
    Wording.objects.create(programme=partnership.cohort.programme, kind="day_before", text=text)
    PlannedFactory(partnership=partnership)

    remind()

    reader, programme = person(partnership), partnership.cohort.programme
    letter = letters().get(to=reader.email)
    assert (
        letter.text.count(
            f"<b>Hello</b> {reader.name}!\n\nBring a question to {person(partnership, 'mentor').name} of"
            f" {programme.team_name}, {programme.name}: Thursday 15 January 2026, 17:00 (London). {{secret}}"
        )
        == 1
    )
    assert letter.html.count("<p>&lt;b&gt;Hello&lt;/b&gt; ") == 1


def test_the_words_of_another_programme_or_another_message_stay_where_they_are():
    partnership = named_pair()
    Wording.objects.create(programme=named_pair().cohort.programme, kind="day_before", text="Canary")
    Wording.objects.create(programme=partnership.cohort.programme, kind="reminder", text="Canary")
    PlannedFactory(partnership=partnership)

    remind()

    assert [letter for letter in letters() if "Canary" in letter.text] == []


# When it leaves


@pytest.mark.parametrize(
    ("at", "expected"),
    [(NINE - MOMENT, 0), (NINE, 2), (THEN - MOMENT, 2), (THEN, 0)],
    ids=["before nine", "at nine", "up to its beginning", "no more then"],
)
def test_it_leaves_from_nine_the_morning_before_until_the_meeting_begins(at, expected):
    PlannedFactory(partnership=pair())

    assert remind(at) == expected


@pytest.mark.parametrize(
    ("zone", "nine"),
    [
        ("Asia/Tokyo", datetime(2026, 1, 15, 0, tzinfo=UTC)),  # it is the 16th there when they meet
        ("America/Los_Angeles", datetime(2026, 1, 14, 17, tzinfo=UTC)),
    ],
)
def test_nine_is_by_the_readers_own_clock_and_so_is_the_day(zone, nine):
    partnership = pair()
    reader = living(partnership, "mentee", zone)
    PlannedFactory(partnership=partnership)
    remind()
    remind(nine - MOMENT)
    assert readers() == {person(partnership, "mentor").email}

    remind(nine)

    assert readers() == {person(partnership, "mentor").email, reader.email}


NIGHTS = [
    pytest.param((2027, 3, 28, 8), (2027, 3, 27, 9), id="the night forward"),
    pytest.param((2027, 3, 29, 8), (2027, 3, 28, 8), id="the day after it"),
    pytest.param((2027, 10, 31, 23, 30), (2027, 10, 30, 8), id="the night back"),
    pytest.param((2027, 11, 1, 9), (2027, 10, 31, 9), id="the day after that"),
    pytest.param((2027, 1, 1, 10), (2026, 12, 31, 9), id="the year's end"),
]


@pytest.mark.parametrize(("starts_at", "nine"), NIGHTS)
def test_nights_in_which_clocks_change_and_years_end_make_no_difference(starts_at, nine):
    cohort = CohortFactory(starts_on=date(2026, 12, 1), ends_on=date(2027, 12, 1))
    PlannedFactory(partnership=pair(cohort=cohort), starts_at=datetime(*starts_at, tzinfo=UTC))
    nine = datetime(*nine, tzinfo=UTC)

    assert (remind(nine - MOMENT), remind(nine)) == (0, 2)


@pytest.mark.parametrize(
    ("planned_at", "expected"),
    [(NINE, 2), (NINE + MOMENT, 0)],
    ids=["planned by nine", "planned after nine"],
)
def test_who_has_just_been_told_of_the_plan_is_not_reminded_of_it(planned_at, expected):
    PlannedFactory(partnership=pair(), planned_at=planned_at)

    assert remind(NINE + timedelta(hours=3)) == expected


def test_a_sweep_that_was_missed_loses_nothing_and_two_of_them_write_once():
    PlannedFactory(partnership=pair())

    assert (remind(THEN - timedelta(hours=1)), remind(THEN - timedelta(minutes=50))) == (2, 0)


# Whom it leaves alone


@pytest.mark.clause("EI-1d")
@pytest.mark.parametrize(
    ("first", "last", "is_reminded"),
    [
        (date(2026, 1, 14), date(2026, 1, 14), False),
        (date(2026, 1, 15), date(2026, 1, 15), False),
        (date(2026, 1, 16), date(2026, 1, 20), True),
        (date(2026, 1, 1), date(2026, 1, 13), True),
    ],
    ids=["away today", "away on the day", "away afterwards", "back again"],
)
def test_who_is_away_today_or_on_the_day_is_left_in_peace_and_the_other_is_not(first, last, is_reminded):
    partnership = pair()
    mentor, mentee = person(partnership, "mentor"), person(partnership, "mentee")
    AbsenceFactory(application=members(partnership, "mentee")[0].application, from_on=first, until_on=last)
    PlannedFactory(partnership=partnership)

    remind()

    assert readers() == ({mentor.email, mentee.email} if is_reminded else {mentor.email})


@pytest.mark.clause("EI-6a", "EI-2")
@pytest.mark.parametrize("state", ["paused", "ended"])
def test_nobody_is_reminded_in_a_pause_or_after_the_end(state):
    partnership = pair()
    PlannedFactory(partnership=partnership)
    if state == "paused":
        partnership.move_to(State.PAUSED, at=NINE)
    else:
        end(partnership, by=None, at=NINE, reason=EndReason.OFFICE)

    assert remind() == 0


@pytest.mark.parametrize("state", ["cancelled", "missed"])
def test_what_is_planned_no_more_is_not_reminded_of(state):
    PlannedFactory(partnership=pair(), state=state)

    assert remind() == 0


def test_who_has_left_a_circle_is_not_reminded():
    partnership = circle(members=3)
    left = members(partnership, "mentee")[0]
    left.left_on = date(2026, 1, 5)
    left.save()
    PlannedFactory(partnership=partnership)

    remind()

    assert readers() == {row.application.user.email for row in members(partnership) if row != left}


# When the plan changes


def test_a_change_keeps_the_old_word_back_and_a_new_one_leaves_in_its_own_time():
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership)
    remind()
    day_later = THEN + timedelta(days=1)

    services.change_plan(
        meeting,
        by=person(partnership),
        starts_at=day_later,
        minutes=60,
        format="video",
        place="",
        at=NINE + timedelta(hours=2),
    )

    assert set(letters().values_list("state", flat=True)) == {"withdrawn"}
    assert (remind(NINE + timedelta(hours=3)), remind(NINE + timedelta(days=1))) == (0, 2)


@pytest.mark.parametrize("verb", ["cancel", "log"])
def test_a_cancelled_or_logged_meeting_keeps_the_word_back(verb):
    partnership = pair()
    meeting = PlannedFactory(partnership=partnership)
    remind()

    if verb == "cancel":
        services.cancel_plan(meeting, by=person(partnership), at=NINE)
    else:
        services.log_meeting(
            partnership,
            by=person(partnership),
            held_on=date(2026, 1, 15),
            minutes=60,
            format="video",
            is_official=False,
            frequency="weekly",
            at=THEN - timedelta(hours=6),
        )

    assert set(letters().values_list("state", flat=True)) == {"withdrawn"}


# How much it asks the database, and what holds back what


def test_a_quiet_sweep_asks_as_much_for_one_plan_as_for_three(django_assert_num_queries):
    PlannedFactory(partnership=pair())
    remind()
    with django_assert_num_queries(3):
        remind()
    for _ in range(2):
        PlannedFactory(partnership=pair())
    remind()

    with django_assert_num_queries(3):
        assert remind() == 0


def test_one_plan_that_cannot_be_reminded_of_holds_back_no_other(caplog):
    broken, whole = pair(), pair()
    plans = [PlannedFactory(partnership=partnership) for partnership in (broken, whole)]
    key = reminding.key_of(plans[0], members(broken)[0])
    MessageFactory(key="somebody else's", message_id=message_id(key))  # so that this one can't be kept

    assert remind() == 2

    assert readers() == {row.application.user.email for row in members(whole)}
    assert [record.message for record in caplog.records] == [
        f"Meeting {plans[0].pk} could not be reminded of."
    ]


def test_the_window_in_which_plans_are_looked_for_holds_every_morning_before():
    """Even where clocks go back by two hours in the night before, as they do at Troll station."""
    zone = ZoneInfo("Antarctica/Troll")
    starts_at = datetime(2027, 10, 31, 23, 59, tzinfo=zone).astimezone(UTC)

    assert starts_at - reminding.morning_before(starts_at, zone) <= reminding.LONGEST_AHEAD
