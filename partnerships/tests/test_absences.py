from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from applications.models import Absence
from applications.models import State as ApplicationState
from applications.tests.factories import AbsenceFactory, ApplicationFactory, MentorFactory
from matching.tests.test_at_once import at_once
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from outbox.tests.factories import MessageFactory
from partnerships.models import Disclosure, EndReason, Membership, Partnership, State
from partnerships.queries.absences import away_on, days_away, own_absences, told_absences
from partnerships.services import end
from partnerships.services.absences import announce, change, return_early, tell_newcomers
from partnerships.tests.factories import MembershipFactory, circle, pair
from programmes.tests.factories import CohortFactory, DisclosedFactFactory, DutyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1d")]
NOW = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
# From today on, 14 February is the first day beyond a calendar month.
A_MONTH, LONGER = date(2026, 2, 13), date(2026, 2, 14)


def cohort_with_names(facts=("name", "email", "bio")):
    cohort = CohortFactory()
    for direction in ("of_mentor", "of_mentee", "in_circle"):
        for fact in facts:
            DisclosedFactFactory(policy_version=cohort.policy, direction=direction, fact=fact)
    return cohort


@pytest.fixture
def partnership():
    cohort = cohort_with_names()
    return pair(
        cohort,
        mentor=MentorFactory(cohort=cohort, user__name="Ada", user__email="ada@lse.ac.uk", bio="canary-bio"),
        mentee=ApplicationFactory(cohort=cohort, user__name="Ben", user__email="ben@lse.ac.uk"),
    )


@pytest.fixture
def mentor(partnership):
    return partnership.memberships.get(part="mentor").application


@pytest.fixture
def mentee(partnership):
    return partnership.memberships.get(part="mentee").application


@pytest.fixture
def group():
    return circle(cohort_with_names(), members=3)


def facilitator_of(partnership):
    return partnership.memberships.get(part="facilitator").application


def go(application, until_on=LONGER, from_on=TODAY, at=NOW, **details):
    return announce(application, by=application.user, from_on=from_on, until_on=until_on, at=at, **details)


def sent(kind="away"):
    return Message.objects.filter(kind=f"partnerships/email/{kind}").order_by("pk")


def to_whom(kind="away"):
    return sorted(sent(kind).values_list("to", flat=True))


def addresses(*applications):
    return sorted(application.user.email for application in applications)


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


# Another last day


def test_an_absence_that_becomes_longer_than_a_month_is_told(mentor, mentee):
    absence = go(mentor, A_MONTH)

    changed = change(absence, by=mentor.user, until_on=LONGER, at=NOW)

    assert (to_whom(), changed.tells_partners) == (addresses(mentee), True)
    assert "- from 14 January 2026 to 14 February 2026\n" in sent().get().text


def test_a_silent_absence_that_stays_short_stays_silent(mentor):
    absence = go(mentor, date(2026, 1, 20))

    change(absence, by=mentor.user, until_on=A_MONTH, at=NOW)

    assert (Message.objects.count(), Absence.objects.get().until_on) == (0, A_MONTH)


@pytest.mark.parametrize("last", [date(2026, 1, 20), date(2026, 4, 1)])
def test_who_was_told_is_told_of_the_new_day(mentor, mentee, last):
    absence = go(mentor)

    change(absence, by=mentor.user, until_on=last, at=NOW)

    assert to_whom() == addresses(mentee, mentee)
    assert f"to {last.day} {last:%B} 2026\n" in sent().last().text


def test_a_last_day_that_comes_back_is_told_again(mentor):
    absence = go(mentor)
    for last in (A_MONTH, LONGER, A_MONTH):
        change(absence, by=mentor.user, until_on=last, at=NOW)

    said = [message.text.splitlines()[3] for message in sent()]
    assert said == [f"- from 14 January 2026 to {day} February 2026" for day in (14, 13, 14, 13)]


def test_the_same_last_day_changes_nothing(mentor):
    absence = go(mentor)

    change(absence, by=mentor.user, until_on=LONGER, at=NOW)

    assert sent().count() == 1


def test_a_part_cut_off_from_a_told_whole_is_told_with_the_rest(mentor):
    first = go(mentor, date(2026, 2, 1))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    change(first, by=mentor.user, until_on=date(2026, 1, 20), at=NOW)

    assert sent().last().text.splitlines()[3:5] == [
        "- from 14 January 2026 to 20 January 2026",
        "- from 2 February 2026 to 20 February 2026",
    ]


def test_a_new_last_day_may_not_run_into_the_next_absence(mentor):
    absence = go(mentor, date(2026, 1, 20))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    with pytest.raises(NotPossible, match="from 2 February 2026"):
        change(absence, by=mentor.user, until_on=date(2026, 2, 2), at=NOW)


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (date(2026, 1, 13), "That day has passed"),
        (date(2026, 1, 9), "can’t lie before the first"),
        (date(2027, 1, 15), "within a year"),
    ],
)
def test_a_new_last_day_makes_sense(mentor, last, sentence):
    absence = go(mentor, A_MONTH, from_on=date(2026, 1, 10))

    with pytest.raises(NotPossible, match=sentence):
        change(absence, by=mentor.user, until_on=last, at=NOW)


def test_what_is_over_is_neither_changed_nor_ended_again(mentor):
    past = AbsenceFactory(application=mentor, from_on=date(2026, 1, 1), until_on=date(2026, 1, 13))
    ended = go(mentor, LONGER)
    return_early(ended, by=mentor.user, at=NOW)

    for absence in (past, ended):
        with pytest.raises(NotPossible, match="over already"):
            change(absence, by=mentor.user, until_on=LONGER, at=NOW)
        with pytest.raises(NotPossible, match="over already"):
            return_early(absence, by=mentor.user, at=NOW)


# Back before the last day


def test_who_is_back_early_says_so_to_whom_they_told(mentor, mentee, clock):
    absence = go(mentor, from_on=date(2026, 1, 10))

    returned = return_early(absence, by=mentor.user, at=NOW)

    assert (returned.returned_on, returned.last_on) == (TODAY, TODAY - timedelta(days=1))
    assert to_whom("back") == addresses(mentee)
    message = sent("back").get()
    assert message.subject == "Your mentoring programme"
    assert message.text.splitlines()[2] == "Ada is back earlier than announced."
    assert "Ada is back earlier than announced." in message.html


def test_an_absence_called_off_has_no_day_left(mentor):
    absence = go(mentor, date(2026, 3, 20), from_on=date(2026, 2, 1))

    returned = return_early(absence, by=mentor.user, at=NOW)

    assert (returned.returned_on, own_absences(mentor, TODAY)) == (date(2026, 2, 1), [])
    assert (
        sent("back").get().text.splitlines()[2]
        == "Ada isn't away from 1 February 2026 to 20 March 2026 after all."
    )


def test_the_return_from_a_silent_absence_is_silent(mentor):
    return_early(go(mentor, A_MONTH), by=mentor.user, at=NOW)

    assert (Message.objects.count(), Disclosure.objects.count()) == (0, 0)


def test_what_is_still_to_come_is_said_on_the_return(mentor):
    absence = go(mentor, date(2026, 2, 1), from_on=date(2026, 1, 10))
    go(mentor, date(2026, 2, 20), from_on=date(2026, 2, 2))

    return_early(absence, by=mentor.user, at=NOW)

    message = sent("back").get()
    assert "What is still announced:\n- from 2 February 2026 to 20 February 2026\n" in message.text
    assert "from 2 February 2026 to 20 February 2026" in message.html


def test_what_was_called_off_can_be_announced_and_told_anew(mentor):
    for _ in range(2):
        return_early(
            go(mentor, from_on=date(2026, 1, 20), until_on=LONGER, tells_partners=True),
            by=mentor.user,
            at=NOW,
        )

    assert (sent().count(), sent("back").count(), Absence.objects.count()) == (2, 2, 1)


def test_days_after_an_early_return_are_free_again(mentor):
    return_early(go(mentor, from_on=date(2026, 1, 10)), by=mentor.user, at=NOW)

    assert go(mentor, date(2026, 1, 25), from_on=date(2026, 1, 20)).until_on == date(2026, 1, 25)


def test_in_a_pause_nobody_hears_of_a_return(mentor, partnership):
    absence = go(mentor)
    partnership.move_to(State.PAUSED, at=NOW)

    return_early(absence, by=mentor.user, at=NOW)

    assert sent("back").count() == 0


# Who has just met


def test_newcomers_are_told_of_a_long_absence_once(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, from_on=date(2026, 2, 1), until_on=date(2026, 3, 1))

    for _ in range(2):
        tell_newcomers(partnership, at=NOW)

    assert to_whom() == addresses(mentee)
    assert Absence.objects.get().tells_partners is True


def test_newcomers_are_told_of_a_short_absence_only_where_that_was_wished(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    AbsenceFactory(application=mentee)

    tell_newcomers(partnership, at=NOW)

    assert to_whom() == addresses(mentee)


def test_newcomers_are_told_nothing_of_what_is_over(mentor, partnership):
    AbsenceFactory(
        application=mentor, from_on=date(2025, 11, 1), until_on=date(2026, 1, 13), tells_partners=True
    )

    tell_newcomers(partnership, at=NOW)

    assert to_whom() == []


def test_who_knows_already_hears_nothing_when_another_joins(group):
    lead = facilitator_of(group)
    go(lead)
    newcomer = MembershipFactory(
        partnership=group, application=ApplicationFactory(cohort=group.cohort)
    ).application

    tell_newcomers(group, at=NOW + timedelta(days=1))

    assert sent().count() == 4
    assert sent().last().to == newcomer.user.email


def test_a_newcomer_to_a_circle_has_their_own_absence_told(group):
    newcomer = ApplicationFactory(cohort=group.cohort)
    go(newcomer)
    before = [row.application for row in group.memberships.current()]
    MembershipFactory(partnership=group, application=newcomer)

    tell_newcomers(group, at=NOW)

    assert to_whom() == addresses(*before)


def test_newcomers_to_what_rests_are_told_when_it_goes_on(mentor, mentee, partnership):
    partnership.move_to(State.PAUSED, at=NOW)
    go(mentor)
    tell_newcomers(partnership, at=NOW)
    in_the_pause = to_whom()
    partnership.move_to(State.ACTIVE, at=NOW)

    tell_newcomers(partnership, at=NOW)

    assert (in_the_pause, to_whom()) == ([], addresses(mentee))


# Reminders


def waiting(*keys):
    for key in keys:
        MessageFactory(key=key, state="waiting")


def withdrawn():
    return sorted(Message.objects.filter(state="withdrawn").values_list("key", flat=True))


def test_waiting_reminders_of_a_pair_are_withdrawn(mentor, mentee, partnership):
    keys = [f"nudge/{mentor.user_id}/x", f"nudge/{mentee.user_id}/x", f"day-before/{partnership.pk}/1/2"]
    waiting(*keys, f"nudge/{mentee.user_id}9/x", f"day-before/{partnership.pk}9/1")

    go(mentor, A_MONTH)

    assert withdrawn() == sorted(keys)


def test_an_absence_still_far_away_withdraws_nothing(mentor):
    waiting(f"nudge/{mentor.user_id}/x")

    go(mentor, date(2026, 1, 20), from_on=date(2026, 1, 16))

    assert withdrawn() == []


def test_a_circle_goes_on_without_one_member(group):
    mentees = [row.application.user_id for row in group.memberships.filter(part="mentee")]
    waiting(*(f"nudge/{pk}/x" for pk in mentees), f"day-before/{group.pk}/1")

    go(group.memberships.filter(part="mentee")[0].application, A_MONTH)

    assert withdrawn() == [f"nudge/{mentees[0]}/x"]


def test_a_circle_rests_while_all_who_lead_it_are_away(group):
    mentees = [row.application.user_id for row in group.memberships.filter(part="mentee")]
    waiting(*(f"nudge/{pk}/x" for pk in mentees), f"day-before/{group.pk}/1")

    go(facilitator_of(group), A_MONTH)

    assert withdrawn() == sorted([*(f"nudge/{pk}/x" for pk in mentees), f"day-before/{group.pk}/1"])


# What is read


def test_clocks_know_all_absences_by_the_days_that_counted(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, from_on=date(2026, 1, 1), until_on=date(2026, 1, 10))
    AbsenceFactory(
        application=mentor,
        from_on=date(2026, 1, 11),
        until_on=date(2026, 2, 10),
        returned_on=date(2026, 1, 21),
    )
    AbsenceFactory(
        application=mentee,
        from_on=date(2026, 2, 1),
        until_on=date(2026, 2, 10),
        returned_on=date(2026, 2, 1),
    )
    lead = partnership.memberships.get(part="mentor")

    assert days_away([partnership]) == {partnership.pk: {lead.pk: [(date(2026, 1, 1), date(2026, 1, 20))]}}


def test_the_clocks_ask_as_often_for_three_as_for_one(partnership):
    more = [partnership, *(pair() for _ in range(2))]
    for made in more:
        for row in made.memberships.all():
            AbsenceFactory(application=row.application)
    counts = []

    for some in (more[:1], more):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = days_away(some)
        counts.append((len(queries), sum(len(members) for members in found.values())))

    assert counts == [(2, 2), (2, 6)]


def test_who_is_away_on_a_day(mentor, mentee):
    AbsenceFactory(application=mentor, from_on=TODAY, until_on=TODAY)
    AbsenceFactory(application=mentee, from_on=TODAY, until_on=LONGER, returned_on=TODAY)

    assert away_on([mentor, mentee], TODAY) == {mentor.pk}
    assert away_on([mentor.pk, mentee.pk], TODAY + timedelta(days=1)) == set()


def shown(partnership, viewer):
    rows = told_absences(partnership, viewer=viewer, at=NOW)
    return [(row.name, row.from_on, row.until_on) for row in rows]


@pytest.mark.clause("EI-1d", "ALL-2")
def test_a_page_shows_the_absences_of_others_that_were_told_with_a_record(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    AbsenceFactory(application=mentor, from_on=date(2026, 2, 10), until_on=date(2026, 2, 12))
    AbsenceFactory(application=mentee, tells_partners=True)

    assert shown(partnership, mentee.user) == [("Ada", date(2026, 1, 15), date(2026, 1, 28))]
    assert list(Disclosure.objects.values_list("of", "to", "facts", "channel")) == [
        (mentor.pk, mentee.user_id, "name", "page")
    ]


def test_a_page_shows_nothing_of_what_is_over_and_records_nothing(mentor, mentee, partnership):
    AbsenceFactory(
        application=mentor, from_on=date(2025, 12, 1), until_on=date(2026, 1, 13), tells_partners=True
    )

    assert (shown(partnership, mentee.user), Disclosure.objects.count()) == ([], 0)


def test_strangers_and_offices_see_no_absence(mentor, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    admin = DutyFactory(programme=partnership.cohort.programme).user

    assert [shown(partnership, person) for person in (admin, UserFactory())] == [[], []]


def test_in_a_pause_no_absence_is_seen(mentor, mentee, partnership):
    AbsenceFactory(application=mentor, tells_partners=True)
    partnership.move_to(State.PAUSED, at=NOW)

    assert shown(partnership, mentee.user) == []


def test_a_page_asks_as_often_for_three_absences_as_for_one(group):
    viewer = facilitator_of(group).user
    counts = []
    for row in group.memberships.filter(part="mentee"):
        AbsenceFactory(application=row.application, tells_partners=True)
        with CaptureQueriesContext(connection) as queries:
            seen = shown(Partnership.objects.get(pk=group.pk), viewer)
        counts.append((len(seen), len(queries)))

    assert [people for people, _ in counts] == [1, 2, 3]
    assert counts[0][1] == counts[2][1]
