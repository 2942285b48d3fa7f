from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection

from accounts.tests.factories import UserFactory
from applications.models import Absence
from applications.models import State as ApplicationState
from applications.tests.factories import ApplicationFactory, MentorFactory
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from partnerships.models import Disclosure, EndReason, Membership, State
from partnerships.services import end
from partnerships.services.absences import announce, change, return_early
from partnerships.tests.absences.acts import (
    A_MONTH,
    LONGER,
    NOW,
    TODAY,
    addresses,
    cohort_with_names,
    facilitator_of,
    go,
    sent,
    to_whom,
)
from partnerships.tests.factories import MembershipFactory, circle, pair
from programmes.tests.factories import DutyFactory
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1d")]


# Who is told


def test_an_absence_of_more_than_a_month_is_told_to_the_partner_at_once(mentor, mentee):
    absence = go(mentor)

    assert to_whom() == addresses(mentee)
    assert (absence.tells_partners, sent().get().not_before) == (True, NOW)


def test_a_mentee_tells_the_mentor_in_the_same_way(mentor, mentee):
    go(mentee)

    assert to_whom() == addresses(mentor)


def test_an_absence_of_a_month_is_told_to_nobody(mentor):
    absence = go(mentor, A_MONTH)

    assert (absence.tells_partners, Message.objects.count(), Disclosure.objects.count()) == (False, 0, 0)


def test_a_short_absence_is_told_if_the_person_wishes(mentor, mentee):
    absence = go(mentor, TODAY, tells_partners=True)

    assert (to_whom(), absence.tells_partners) == (addresses(mentee), True)


@pytest.mark.parametrize(
    ("first", "last", "is_told"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), False),
        (date(2026, 1, 31), date(2026, 3, 1), True),
        (date(2026, 2, 1), date(2026, 2, 28), False),
        (date(2026, 2, 1), date(2026, 3, 1), True),
        (date(2026, 4, 10), date(2026, 5, 9), False),
        (date(2026, 4, 10), date(2026, 5, 10), True),
        (date(2026, 12, 15), date(2027, 1, 14), False),
        (date(2026, 12, 14), date(2027, 1, 14), True),
    ],
)
def test_a_month_is_a_calendar_month(mentor, first, last, is_told):
    go(mentor, last, from_on=first)

    assert sent().count() == int(is_told)


def test_everybody_else_in_a_circle_is_told(group):
    mentees = [row.application for row in group.memberships.filter(part="mentee")]

    go(mentees[0])

    assert to_whom() == addresses(facilitator_of(group), *mentees[1:])


def test_a_mentor_of_several_tells_each_in_their_own_message(mentor, mentee, partnership):
    second = pair(
        partnership.cohort, mentor=MentorFactory(cohort=partnership.cohort)
    )  # a stranger to both of them
    other = ApplicationFactory(cohort=partnership.cohort)
    both = circle(partnership.cohort, members=0)
    MembershipFactory(partnership=both, application=other)
    both.memberships.filter(part="facilitator").update(application=mentor)

    go(mentor)

    assert to_whom() == addresses(mentee, other)
    assert second.memberships.count() == 2


def test_who_left_a_circle_is_told_nothing(group):
    gone, *_ = group.memberships.filter(part="mentee")
    Membership.objects.filter(pk=gone.pk).update(left_on=date(2026, 1, 10))

    go(facilitator_of(group))

    assert gone.application.user.email not in to_whom()
    assert sent().count() == 2


def test_whose_account_is_closed_is_told_nothing(mentor, mentee):
    mentee.user.is_active = False
    mentee.user.save()

    go(mentor)

    assert to_whom() == []


def test_in_a_pause_nobody_is_told(mentor, partnership):
    partnership.move_to(State.PAUSED, at=NOW)

    absence = go(mentor)

    assert (Message.objects.count(), Disclosure.objects.count()) == (0, 0)
    assert absence.tells_partners is True


def test_after_the_end_nobody_is_told(mentor, partnership):
    end(partnership, by=None, at=NOW, reason=EndReason.OFFICE)

    go(mentor)

    assert to_whom() == []


def test_without_a_partnership_the_absence_is_noted_for_the_introduction():
    absence = go(ApplicationFactory())

    assert (absence.tells_partners, Message.objects.count()) == (True, 0)


# What they are told


def test_the_message_says_who_and_when_and_nothing_else(mentor, partnership):
    go(mentor)

    message = sent().get()
    lines = message.text.splitlines()
    assert message.subject == "Your mentoring programme"
    assert lines[:7] == [
        "Dear Ben,",
        "",
        "Ada is away:",
        "- from 14 January 2026 to 14 February 2026",
        "",
        "Our reminders to meet rest meanwhile. There is nothing you need to do.",
        "",
    ]
    assert "from 14 January 2026 to 14 February 2026" in message.html
    for secret in (mentor.user.email, "canary-bio"):
        assert secret not in message.text + message.html


@pytest.mark.clause("EI-1d", "ALL-2")
def test_the_name_shown_is_recorded(mentor, mentee):
    go(mentor)

    assert list(Disclosure.objects.values_list("of", "to", "facts", "channel")) == [
        (mentor.pk, mentee.user_id, "name", "email")
    ]


@pytest.mark.parametrize(("make", "who"), [(pair, "Your partner"), (circle, "Somebody in your circle")])
def test_a_name_that_the_policy_keeps_is_not_said(make, who):
    made = make(cohort_with_names(facts=["bio"]))
    person = made.memberships.get(part__in=["mentor", "facilitator"]).application

    go(person)

    first = sent()[0]
    assert f"{who} is away:" in first.text
    assert person.user.name not in first.text + first.html


def test_a_circle_is_told_that_it_may_meet_meanwhile(group):
    go(facilitator_of(group))

    assert {"The circle may well meet meanwhile." in message.text for message in sent()} == {True}


def test_one_day_is_said_as_one_day(mentor):
    go(mentor, TODAY, tells_partners=True)

    assert "- on 14 January 2026\n" in sent().get().text


def test_no_column_of_an_absence_takes_a_reason():
    assert sorted(field.name for field in Absence._meta.fields) == [
        "announced_at",
        "application",
        "from_on",
        "id",
        "returned_on",
        "tells_partners",
        "until_on",
    ]


# Together longer than a month


def test_two_silent_absences_without_a_gap_are_told_as_one(mentor):
    first = go(mentor, date(2026, 2, 1))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    first.refresh_from_db()
    assert "- from 14 January 2026 to 20 February 2026\n" in sent().get().text
    assert first.tells_partners is True


def test_the_earlier_one_may_be_announced_later(mentor):
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))
    go(mentor, date(2026, 2, 1))

    assert "- from 14 January 2026 to 20 February 2026\n" in sent().get().text


def test_a_day_between_keeps_them_apart(mentor):
    go(mentor, date(2026, 2, 1))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 3))

    assert sent().count() == 0


def test_a_silent_short_absence_beside_a_told_short_one_stays_silent(mentor):
    go(mentor, date(2026, 1, 20), tells_partners=True)
    go(mentor, date(2026, 1, 25), from_on=date(2026, 1, 21))

    assert "- from 14 January 2026 to 20 January 2026\n" in sent().get().text


# Once


def test_the_same_absence_twice_is_noted_and_told_once(mentor):
    assert go(mentor) == go(mentor)
    assert (Absence.objects.count(), sent().count()) == (1, 1)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 14), date(2026, 1, 22)),
        (date(2026, 1, 1), date(2026, 1, 20)),
        (date(2026, 1, 30), date(2026, 2, 5)),
        (date(2026, 1, 1), date(2026, 3, 1)),
        (date(2026, 1, 22), date(2026, 1, 22)),
    ],
)
def test_two_absences_of_one_person_never_overlap(mentor, first, last):
    go(mentor, date(2026, 1, 30), from_on=date(2026, 1, 20))

    with pytest.raises(
        NotPossible, match="already that you are away from 20 January 2026 to 30 January 2026"
    ):
        go(mentor, last, from_on=first)
    assert Absence.objects.count() == 1


def test_two_people_may_be_away_at_once(mentor, mentee):
    go(mentor)
    go(mentee)

    assert to_whom() == addresses(mentee, mentor)


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_of_announcements_at_the_same_moment_one_is_noted_and_told(mentor, attempt):
    at_once(*[partial(go, mentor)] * 2, *[partial(go, mentor, date(2026, 3, 1), date(2026, 1, 20))] * 2)

    assert (Absence.objects.count(), sent().count()) == (1, 1)


# Refusals


def test_nobody_announces_for_somebody_else_whatever_their_rank(mentor, mentee, partnership):
    admin = DutyFactory(programme=partnership.cohort.programme).user

    for other in (mentee.user, admin, UserFactory(is_superuser=True)):
        with pytest.raises(NotPossible, match="Only the person themselves"):
            announce(mentor, by=other, from_on=TODAY, until_on=LONGER, at=NOW)
    assert Absence.objects.count() == 0


def test_nobody_changes_or_ends_the_absence_of_somebody_else(mentor, mentee, partnership):
    absence = go(mentor, A_MONTH)
    admin = DutyFactory(programme=partnership.cohort.programme).user

    for other in (mentee.user, admin):
        with pytest.raises(NotPossible, match="Only the person themselves"):
            change(absence, by=other, until_on=LONGER, at=NOW)
        with pytest.raises(NotPossible, match="Only the person themselves"):
            return_early(absence, by=other, at=NOW)
    absence.refresh_from_db()
    assert (absence.until_on, absence.returned_on) == (A_MONTH, None)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2026, 1, 10), date(2026, 1, 13), "That day has passed"),
        (date(2026, 2, 2), date(2026, 2, 1), "can’t lie before the first"),
        (date(2025, 12, 13), date(2026, 1, 20), "more than 31 days back"),
        (date(2026, 2, 1), date(2027, 1, 15), "within a year from today"),
    ],
)
def test_days_that_make_no_sense_are_refused(mentor, first, last, sentence):
    with pytest.raises(NotPossible, match=sentence):
        go(mentor, last, from_on=first)
    assert Absence.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2025, 12, 14), TODAY), (TODAY, TODAY), (date(2026, 2, 1), date(2027, 1, 14))],
)
def test_the_first_and_the_last_days_that_are_taken(mentor, first, last):
    absence = go(mentor, last, from_on=first)

    assert (absence.from_on, absence.until_on) == (first, last)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (ApplicationState.DRAFT, False),
        (ApplicationState.SUBMITTED, True),
        (ApplicationState.QUERIED, True),
        (ApplicationState.WAITLISTED, True),
        (ApplicationState.ACCEPTED, True),
        (ApplicationState.DECLINED, False),
        (ApplicationState.WITHDRAWN, False),
    ],
)
def test_only_an_application_that_runs_has_absences(state, is_open):
    moments = {"submitted_at": None} if state == ApplicationState.DRAFT else {}
    application = ApplicationFactory(state=state, **moments)

    if is_open:
        assert go(application).application == application
    else:
        with pytest.raises(NotPossible, match="isn’t running"):
            go(application)


def test_after_the_programme_nobody_announces_absences(mentor):
    with pytest.raises(NotPossible, match="The programme has ended"):
        go(mentor, date(2026, 6, 1), from_on=date(2026, 5, 2), at=datetime(2026, 5, 1, 9, tzinfo=UTC))
