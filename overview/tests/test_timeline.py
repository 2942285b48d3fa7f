from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from accounts.tests.factories import UserFactory
from applications.tests.factories import AbsenceFactory, ApplicationFactory
from meetings.models import Nudge, NudgeLine
from meetings.tests.factories import ContactFrequencyFactory, MeetingFactory
from overview.queries.timeline import timeline
from partnerships.models import Flag, State
from partnerships.tests.factories import FlagFactory, MembershipFactory, circle, pair
from programmes.tests.factories import DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-6")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def partnership():
    return pair()


@pytest.fixture
def viewer(partnership):
    """An administrator of the partnership's programme."""
    return DutyFactory(programme=partnership.cohort.programme).user


def facts(partnership, viewer):
    """The timeline without the introduction, which is always its first line."""
    return [
        (timezone.localdate(moment.at), moment.what, moment.who)
        for moment in timeline(partnership, viewer=viewer, on=TODAY)[:-1]
    ]


def member(partnership, part):
    return partnership.memberships.select_related("application__user").get(part=part)


def name(membership):
    return membership.application.user.name


def planned(partnership, **fields):
    plan = {
        "state": "planned",
        "held_on": None,
        "logged_at": None,
        "starts_at": datetime(2026, 7, 1, 13, tzinfo=UTC),
        "planned_at": NOW,
        "planned_by": member(partnership, "mentee").application.user,
    }
    return MeetingFactory(partnership=partnership, **plan | fields)


def test_it_begins_with_the_introduction_and_who_was_introduced(partnership, viewer):
    (moment,) = timeline(partnership, viewer=viewer, on=TODAY)

    names = [name(member(partnership, part)) for part in ("mentor", "mentee")]
    assert (moment.at, moment.what, moment.who) == (
        partnership.introduced_at,
        "Introduced",
        ", ".join(names),
    )


def test_the_newest_comes_first(partnership, viewer):
    MeetingFactory(partnership=partnership, logged_at=datetime(2026, 1, 5, 9, tzinfo=UTC))
    FlagFactory(partnership=partnership)

    moments = [moment.at for moment in timeline(partnership, viewer=viewer, on=TODAY)]

    assert moments == sorted(moments, reverse=True)


def test_who_joins_a_circle_and_who_leaves_it_is_there(viewer):
    joined = circle()
    leaver = joined.memberships.filter(part="mentee").first()
    leaver.left_on = date(2026, 1, 5)
    leaver.save()
    newcomer = MembershipFactory(
        partnership=joined,
        application=ApplicationFactory(cohort=joined.cohort),
        joined_on=date(2026, 1, 9),
    )

    assert facts(joined, viewer) == [
        (date(2026, 1, 9), "Joined as mentee", name(newcomer)),
        (date(2026, 1, 5), "Left", name(leaver)),
    ]


def test_a_pause_and_its_end_name_nobody_and_no_reason(viewer):
    resumed = pair(resumed_at=datetime(2026, 1, 9, 9, tzinfo=UTC))
    paused = pair(state=State.PAUSED, paused_at=NOW)

    assert facts(resumed, viewer) == [(date(2026, 1, 9), "Went on after a pause", "")]
    assert facts(paused, viewer) == [(date(2026, 1, 14), "Paused", "")]


def test_the_end_has_its_reason(viewer):
    ended = pair(state=State.ENDED, ended_at=NOW, end_reason="programme")
    ended.memberships.update(left_on=NOW.date(), stayed_to_the_end=True)

    assert facts(ended, viewer) == [(date(2026, 1, 14), "Ended: The programme has ended", "")]


def test_a_meeting_is_its_facts_who_noted_it_and_who_confirmed_it(partnership, viewer):
    mentor, mentee = member(partnership, "mentor"), member(partnership, "mentee")
    meeting = MeetingFactory(
        partnership=partnership, is_official=True, logged_at=NOW, logged_by=mentor.application.user
    )
    meeting.attendances.create(membership=mentor, confirmed_at=None)
    meeting.attendances.create(membership=mentee, confirmed_at=datetime(2026, 1, 13, 9, tzinfo=UTC))

    assert facts(partnership, viewer) == [
        (
            date(2026, 1, 14),
            "Official meeting held on 10 December 2025: 60 minutes, video call",
            f"noted by {name(mentor)}",
        ),
        (date(2026, 1, 13), "Confirmed: the meeting on 10 December 2025", name(mentee)),
    ]


@pytest.mark.parametrize(
    ("fields", "what", "is_named"),
    [
        ({}, "Meeting planned for 1 July 2026, 14:00", True),
        ({"sequence": 1}, "Meeting moved to 1 July 2026, 14:00", True),
        (
            {"state": "cancelled", "sequence": 1},
            "Cancelled: the meeting planned for 1 July 2026, 14:00",
            False,
        ),
        (
            {"state": "missed", "sequence": 1},
            "Didn’t take place: the meeting planned for 1 July 2026, 14:00",
            False,
        ),
    ],
)
def test_a_plan_shows_its_time_at_the_school_and_what_became_of_it(
    partnership, viewer, fields, what, is_named
):
    planned(partnership, **fields)

    who = name(member(partnership, "mentee")) if is_named else ""
    assert facts(partnership, viewer) == [(date(2026, 1, 14), what, who)]


def test_a_planned_meeting_that_was_held_is_there_as_both(partnership, viewer):
    planned(
        partnership,
        state="held",
        sequence=1,
        starts_at=datetime(2026, 1, 13, 13, tzinfo=UTC),
        planned_at=datetime(2026, 1, 9, 9, tzinfo=UTC),
        held_on=date(2026, 1, 13),
        logged_at=NOW,
    )

    assert [what for _, what, _ in facts(partnership, viewer)] == [
        "Meeting held on 13 January 2026: 60 minutes, video call",
        "Meeting planned for 13 January 2026, 13:00",
    ]


def test_where_a_meeting_is_to_be_is_nowhere_in_it(partnership, viewer, django_assert_max_num_queries):
    planned(partnership, place="canary")

    with django_assert_max_num_queries(15) as asked:
        shown = timeline(partnership, viewer=viewer, on=TODAY)

    assert "canary" not in str(shown)
    assert [query for query in asked.captured_queries if '"place"' in query["sql"]] == []


def test_what_the_two_agreed_is_there_with_who_noted_it(partnership, viewer):
    mentee = member(partnership, "mentee")
    ContactFrequencyFactory(partnership=partnership, agreed_at=NOW, agreed_by=mentee.application.user)

    assert facts(partnership, viewer) == [
        (date(2026, 1, 14), "Contact between meetings agreed: Every week", name(mentee))
    ]


@pytest.mark.clause("EI-1d")
def test_an_absence_is_its_days_and_only_those_that_touch_their_time_here(partnership, viewer):
    mentor, mentee = member(partnership, "mentor"), member(partnership, "mentee")
    AbsenceFactory(application=mentor.application, announced_at=NOW)
    AbsenceFactory(application=mentor.application, from_on=date(2025, 11, 1), until_on=date(2025, 11, 9))
    AbsenceFactory(
        application=mentee.application,
        from_on=date(2026, 1, 5),
        until_on=date(2026, 1, 9),
        returned_on=date(2026, 1, 7),
    )
    AbsenceFactory(
        application=mentee.application,
        from_on=date(2026, 2, 5),
        until_on=date(2026, 2, 9),
        returned_on=date(2026, 2, 5),
    )

    assert facts(partnership, viewer) == [
        (date(2026, 1, 14), "Announced an absence: 15 January 2026 to 28 January 2026", name(mentor)),
        (date(2026, 1, 10), "Announced an absence: 5 January 2026 to 6 January 2026", name(mentee)),
    ]


@pytest.mark.parametrize(
    ("step", "what"), [(0, "Reminded by the office"), (1, "First reminder"), (2, "Second reminder")]
)
def test_each_reminder_is_there_with_whom_it_went_to(partnership, viewer, step, what):
    mentee = member(partnership, "mentee")
    nudge = Nudge.objects.create(user=mentee.application.user, on=date(2026, 1, 13))
    NudgeLine.objects.create(nudge=nudge, membership=mentee, occasion=1, step=step)

    assert facts(partnership, viewer) == [(date(2026, 1, 13), what, name(mentee))]


def test_a_flag_is_its_kind_without_its_reason(partnership, viewer):
    mentee = member(partnership, "mentee")
    FlagFactory(
        partnership=partnership,
        kind=Flag.Kind.LEAVING,
        membership=mentee,
        reason="fit",
        line="canary",
        wants_new_partner=False,
        settled_at=NOW,
        settled_by=viewer,
    )

    assert facts(partnership, viewer) == [
        (date(2026, 1, 14), "Settled: Somebody can’t go on", viewer.name),
        (date(2026, 1, 10), "Flag: Somebody can’t go on", name(mentee)),
    ]


@pytest.mark.clause("ALL-1")
def test_who_takes_part_has_no_timeline_of_their_own_partnership(partnership):
    mentor = member(partnership, "mentor").application.user
    DutyFactory(user=mentor, programme=partnership.cohort.programme)

    assert timeline(partnership, viewer=mentor, on=TODAY) == []


@pytest.mark.clause("ALL-1")
def test_flags_are_for_who_administers_the_programme(partnership):
    FlagFactory(partnership=partnership)

    assert facts(partnership, UserFactory()) == []
